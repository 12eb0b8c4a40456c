"""What the fields of a head mean: addresses, identities, dates, texts.

Addresses are told by mail-parser's structural scanner (RFC 5322, section 3.4): encoded words are
opened in display names only, never in an address (CVE-2026-63435), and an address in a comment or
a name is no address (CVE-2023-27043). What is ambiguous is no sender.
"""

import datetime as dt
import re
from collections.abc import Mapping
from email.errors import MessageError
from email.utils import parsedate_to_datetime
from functools import lru_cache
from types import MappingProxyType

from mailparser.dates import parse_mail_date
from mailparser.utils import get_addresses

from bot.mail.parsing.head import Field, Head
from bot.mail.parsing.limits import Limits
from bot.mail.parsing.words import decode_words
from bot.workflow.message import Address
from nlp.text.charset import decode
from nlp.text.fold import one_line

_ID = re.compile(r"<[^<>]{1,400}>")
_LONGEST_ADDRESS = 320  # RFC 3696, erratum 1690
_NOT_IN_ADDRESS = re.compile(r'[\s<>()\[\],;:\\"\x00-\x1f\x7f]')
# Believed word by word, so read byte by byte: a server that drops such headers bearing its own
# name knows no encoded words nor characters without width.
_LITERAL = frozenset({"authentication-results", "arc-seal", "arc-authentication-results"})
# str.lower would make "k" of the Kelvin sign: another address, of another person.
_LOWER = {n: n + 32 for n in range(ord("A"), ord("Z") + 1)}


def header_values(head: Head, limits: Limits) -> Mapping[str, tuple[str, ...]]:
    """Every header by lower-case name: its values, decoded, each on one line, in order."""
    values: dict[str, list[str]] = {}
    for field in head.fields:
        if field.name in _LITERAL:
            text = field.value.decode("ascii", "replace")
            text = "" if field.cut else " ".join(text.split())  # in part it tells nothing
        else:
            text = one_line(decode_words(field.value), limits.header_chars)
        values.setdefault(field.name, []).append(text)
    return MappingProxyType({name: tuple(found) for name, found in values.items()})


def text_header(head: Head, name: str, limits: Limits) -> str:
    """The first value of a header, decoded, on one line; empty where there is none."""
    return one_line(decode_words(head.first(name)), limits.header_chars)


def addresses(head: Head, name: str, limits: Limits) -> tuple[Address, ...]:
    """The addresses of all the fields called `name`, each once, at most `limits.addresses`."""
    found: dict[str, Address] = {}
    for field in head.all(name):
        for address in _mailboxes(field)[0]:
            found.setdefault(address.email, address)
    return tuple(found.values())[: limits.addresses]


def senders(head: Head, limits: Limits) -> tuple[Address, ...]:
    """The authors: every address of every From, or none where one of them cannot be told.

    Two mail programs must not read two authors, so a From that is cut short, or that holds
    something with an @ which is no address, names nobody.
    """
    found: dict[str, Address] = {}
    for field in head.all("from"):
        boxes, doubtful = _mailboxes(field)
        if doubtful or field.cut:
            return ()
        for address in boxes:
            found.setdefault(address.email, address)
    return tuple(found.values())[: limits.addresses]


@lru_cache(maxsize=32)  # most mails are to the same mailbox
def _mailboxes(field: Field) -> tuple[list[Address], bool]:
    """The addresses in a field, and whether something in it is perhaps another one."""
    raw = field.value
    if field.cut:
        raw = raw[: raw.rfind(b",") + 1]
    evidence: list[dict[str, object]] = []
    text = decode(raw)
    try:
        pairs = get_addresses(text, defects=evidence, decode_names=True)
    except (MessageError, ValueError):  # a name in broken base64: it stays as it is written
        evidence.clear()
        pairs = get_addresses(text, defects=evidence)
    # Some put encoded words in quotes, where they mean nothing (RFC 2047, 5).
    boxes = [
        Address(email.translate(_LOWER), one_line(decode_words(name.encode(errors="replace")), 200))
        for name, email in pairs
        if _is_address(email)
    ]
    doubtful = any(not e["recovered"] and "@" in str(e["raw"]) for e in evidence)
    return boxes, doubtful or len(boxes) < sum(1 for _, email in pairs if email)


def _is_address(email: str) -> bool:
    local, _, domain = email.rpartition("@")
    fits = 0 < len(email) <= _LONGEST_ADDRESS
    return fits and bool(local) and bool(domain) and not _NOT_IN_ADDRESS.search(email)


def message_ids(head: Head, name: str, limits: Limits) -> tuple[str, ...]:
    """The Message-IDs of a header, in angle brackets, each once; the newest where too many.

    Some programs fold a long one in its middle, some leave the brackets out.
    """
    raw = b" ".join(f.value for f in head.all(name)).decode("latin-1")
    found = ["".join(i.split()) for i in _ID.findall(raw)]
    if not found:
        found = [f"<{word.strip('<>')}>" for word in raw.split() if "@" in word[:400]]
    unique = dict.fromkeys(one_line(i, 402) for i in found if len(i) <= 402)
    return tuple(unique)[-limits.references :]


def date(head: Head) -> dt.datetime | None:
    """The Date header, with its zone (UTC where it names none); None where it tells no time."""
    raw = head.first("date").decode("latin-1")
    if not raw:
        return None
    told = parse_mail_date(raw)
    try:
        if told.value is not None:
            zone = dt.timezone(dt.timedelta(hours=float(told.timezone)))
            return _plausible(told.value.astimezone(zone))
        value = parsedate_to_datetime(raw[:200])
        return _plausible(value if value.tzinfo else value.replace(tzinfo=dt.UTC))
    except (ValueError, OverflowError, TypeError, IndexError):
        return None


def _plausible(value: dt.datetime) -> dt.datetime | None:
    # Outside these years arithmetic with the date overflows sooner or later.
    return value if 1970 <= value.year <= 2200 else None
