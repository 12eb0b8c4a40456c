"""The key of a notice: where it travels, how it comes back, what is kept of it.

It stands in the plus-part of Reply-To (RFC 5233) and in the notice's Message-ID: some relays
rewrite one, some clients lose the other, and either serves. Also folios, as `CI-2021-0042`.
"""

import hashlib
import re
from collections.abc import Iterator
from operator import itemgetter

from bot.workflow.message import Address, ParsedMessage
from bot.workflow.organization import Organization
from nlp.text.fold import INVISIBLE
from nlp.text.folios import LIKE_FOLIO

TOKEN_LENGTH = 20  # of base32: 100 bits
_KEY = r"([a-z2-7]{20})"
NO_FOLIO = "aviso"  # stands for the folio of a notice that belongs to no case
_ABOUT = rf"(?:{LIKE_FOLIO}|{NO_FOLIO})"
_ID = re.compile(rf"^<?{_ABOUT}\.{_KEY}@")

# A letter of a key as it may stand in a text: bare, or percent-encoded or quoted-printable, which
# looks no different from a bare one behind such a sign. Between two of them a line may have been
# broken, with quote marks on the next.
_BREAK = r"=?\r?\n[>|\t ]*|[" + INVISIBLE + "]"
_READINGS = (
    re.compile(rf"([a-z2-7])|()(?:{_BREAK})", re.IGNORECASE),
    re.compile(rf"([a-z2-7])|[%=]([0-9a-f]{{2}})|{_BREAK}", re.IGNORECASE),
)
_LONG = re.compile(  # looked for where a word begins: within one it would only be shorter
    rf"(?<![a-z0-9])(?:[%=]?[a-z0-9]|{_BREAK}){{{TOKEN_LENGTH},}}", re.IGNORECASE
)
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz234567")
MOST_WORDS = 2_000  # looked up for one mail; a text with more loses all that may be keys
HIDDEN = "•••"


def digest(key: str) -> str:
    """What is kept of a key."""
    return hashlib.sha256(key.encode()).hexdigest()


def reply_address(organization: Organization, folio: str, key: str) -> str:
    """The address a notice is answered to: `comunicacion.interna+ci-2021-0042.k7q…@upaep.mx`."""
    local, _, domain = organization.mailbox.email.partition("@")
    return f"{local}+{folio.lower() or NO_FOLIO}.{key}@{domain}"


def message_id(organization: Organization, folio: str, key: str) -> str:
    """The Message-ID of a notice, which carries the key too."""
    return f"<{folio.lower() or NO_FOLIO}.{key}@{organization.mailbox.domain}>"


def tokens_in(incoming: ParsedMessage, organization: Organization) -> tuple[str, ...]:
    """Keys that a message presents, those of its addresses first; at most one of each kind.

    Only what it directly answers counts: older notices further up in References do not.
    """
    answered = incoming.in_reply_to or incoming.references[-1:]
    found = [_key_of_address(a, organization) for a in (*incoming.to, *incoming.cc)]
    found += [_key_of_id(i) for i in answered]
    return tuple(dict.fromkeys(key for key in found if key))


def words_in(text: str) -> frozenset[str]:
    """All that may be a key in a text, however it is written there: 20 letters of one in a row."""
    return frozenset(word for word, _, _ in _windows(text))


def redacted(text: str, keys: frozenset[str]) -> str:
    """A text with these keys hidden: what people quote may hold one."""
    kept, end = [], 0
    for word, first, last in sorted(_windows(text), key=itemgetter(1)):
        if word not in keys:
            continue
        if first >= end:
            kept += [text[end:first], HIDDEN]
        end = max(end, last)
    return "".join((*kept, text[end:]))


def _windows(text: str) -> Iterator[tuple[str, int, int]]:
    """Each word of 20 letters, with where it begins and ends in the text."""
    for stretch in _LONG.finditer(text):  # of prose there is hardly one
        yield from _windows_between(text, *stretch.span())


def _windows_between(text: str, first: int, last: int) -> Iterator[tuple[str, int, int]]:
    for reading in _READINGS:
        run: list[tuple[str, int]] = []
        end = first
        for match in reading.finditer(text, first, last):
            if match.start() != end:
                run = []
            end = match.end()
            letter = match[1] or (chr(int(match[2], 16)) if match[2] else "")
            if letter and letter.lower() not in _LETTERS:
                run = []
            elif letter:
                run = [*run[1 - TOKEN_LENGTH :], (letter.lower(), match.start())]
                if len(run) == TOKEN_LENGTH:
                    yield "".join(one for one, _ in run), run[0][1], end


def _key_of_address(address: Address, organization: Organization) -> str:
    local, _, domain = organization.mailbox.email.partition("@")
    pattern = rf"{re.escape(local)}\+{_ABOUT}\.{_KEY}@{re.escape(domain)}"
    match = re.fullmatch(pattern, address.email.lower())
    return match[1] if match else ""


def _key_of_id(message_id: str) -> str:
    match = _ID.match(message_id.lower())
    return match[1] if match else ""


def folio(prefix: str, year: int, number: int) -> str:
    """The folio of the `number`th case of a year."""
    return f"{prefix}-{year}-{number:04d}"
