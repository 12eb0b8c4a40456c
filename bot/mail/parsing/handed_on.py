"""The heads of messages that were handed on: who wrote, to how many in sight, when.

In the text a program writes them as a block of labels (`header_blocks`). All patterns are linear.
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator

from bot.mail.parsing.header_blocks import label_of
from bot.workflow.message import Address, HandedOn
from nlp.text.dates import dates_in
from nlp.text.fold import fold, one_line
from nlp.types import Block, BlockKind

_ADDRESS = re.compile(r"[^\s<>()\[\]\"',;:@]{1,64}@[^\s<>()\[\]\"',;:@]{1,200}")
_LINK = re.compile(r"<?mailto:|[<>\[\]]")
_MORE = re.compile(
    r"(?:\by|\band|\+) ?(\d{1,6}) (?:personas )?(?:m[aá]s|more|otr[oa]s|others)\b", re.IGNORECASE
)
_HIDDEN = re.compile(r"undisclosed|ocult|no revelad|sin destinatarios|hidden recipients")
_QUOTED = re.compile(r'"[^"\n]{0,200}"')
_MOST_HEADS = 20
_VALUE = 200_000  # characters of one label's value
_SHOWN = 300  # characters of a subject, a name or a moment


def heads_in(blocks: Iterable[Block], today: dt.date) -> tuple[HandedOn, ...]:
    """The heads that stand in a text, the outermost first, at most _MOST_HEADS."""
    found: list[HandedOn] = []
    for block in blocks:
        if block.kind is BlockKind.ATTRIBUTION:
            heads = [
                _head(values, today)
                for values in _values(block.text)
                if "from" in values and {"sent", "date", "to"} & values.keys()
            ]
            found += heads or _wrote(block.text, today)
    return tuple(found)[:_MOST_HEADS]


def head_of(
    sender: Address | None,
    recipients: Iterable[Address],
    subject: str,
    date: dt.datetime | None,
    written: str,
) -> HandedOn:
    """The head of a message that is attached."""
    addresses = tuple(dict.fromkeys(one.email for one in recipients))
    return HandedOn(sender, addresses, 0, subject, written[:_SHOWN], date.date() if date else None)


def _values(text: str) -> Iterator[dict[str, str]]:
    """What stands behind each label; another From begins another head."""
    values: dict[str, list[str]] = {}
    last = ""
    for line in text.split("\n"):
        role, value = label_of(line)
        if role == "from" and role in values:
            yield _joined(values)
            values = {}
        if role:
            last = role
            values[role] = [*values[role], ";", value] if role in values else [value]
        elif last and line.strip():
            values[last].append(line.strip())
    yield _joined(values)


def _joined(values: dict[str, list[str]]) -> dict[str, str]:
    return {role: " ".join(lines)[:_VALUE] for role, lines in values.items()}


def _head(values: dict[str, str], today: dt.date) -> HandedOn:
    recipients, more = recipients_in(values.get("to", ""))
    sent = one_line(values.get("sent") or values.get("date", ""), _SHOWN)
    days = dates_in(sent, today)
    subject = one_line(values.get("subject", ""), _SHOWN)
    author, day = _author(values["from"]), days[0].date if days else None
    named = "" if author else one_line(values["from"], _SHOWN).strip(" \"'")
    return HandedOn(author, recipients, more, subject, sent, day, named=named)


def _wrote(text: str, today: dt.date) -> Iterator[HandedOn]:
    """The author and the day of "El mar, 4 ago 2026, Eventos <e@…> escribió:"; no recipients."""
    line = one_line(text, _SHOWN)
    found, days = _ADDRESS.search(line), dates_in(line, today)
    if found is not None and days:
        sender = Address(found[0].lower().rstrip("."))
        yield HandedOn(sender, sent=line, sent_on=days[0].date, shows_recipients=False)


def _author(value: str) -> Address | None:
    found = _ADDRESS.search(value)
    if found is None:
        return None
    name = _LINK.sub(" ", value[: found.start()]).strip(" \"'\t")
    return Address(found[0].lower().rstrip("."), one_line(name, _SHOWN))


def recipients_in(value: str) -> tuple[tuple[str, ...], int]:
    """Whom a line of recipients shows, by address or else by name, once each; and how many more it
    only counts ("y 45 más")."""
    more = sum(int(number) for number in _MORE.findall(value))
    value = _MORE.sub(" ", value)
    if "@" not in value and _HIDDEN.search(fold(value)):
        return (), more
    found: dict[str, None] = {}
    parted = ";" if ";" in _QUOTED.sub("", value) else ","
    # With commas only addresses tell one from the next: a name may hold one ("Prado, Ana <…>").
    by_name = parted == ";" or "@" not in value
    for one in value.split(parted) if by_name else [value]:
        addresses = [a.lower().rstrip(".") for a in _ADDRESS.findall(one)]
        name = "" if addresses else one_line(one, _SHOWN).strip(" \"'")
        found |= dict.fromkeys(addresses or ([name] if name else []))
    return tuple(found), more
