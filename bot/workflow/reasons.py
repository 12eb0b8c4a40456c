"""Reasons that teach: a catalogue of rejections, each with what would make the request acceptable.

A reason is given by its number or its short name; words of the person's own may follow it. Any
other words are a reason of their own and reach the area to the letter.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nlp.text.fold import plain

PARTED = ".,:;()\n–—"  # what may stand between a reason and words of one's own
_LEAD_OUT = PARTED.replace("(", "") + " -"
_ENDS = re.compile(rf"[{PARTED}]|\s-\s|(?<=\d)\s(?=[A-ZÁÉÍÓÚÑ¿¡«\"])")
_LEADS = ("por motivo ", "por razon ", "por ", "motivo ", "razon ")


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason of the catalogue: `text` is what the area reads, `link` tells more."""

    key: str
    name: str
    text: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class GivenReason:
    """A rejection's reason as it goes out, and how it is told in a line; `key` of the catalogue."""

    text: str
    short: str
    key: str = ""


NO_REASON = GivenReason("", "")


def given_reason(catalogue: Sequence[Reason], said: str) -> GivenReason:
    """What a person said, as the area gets it. Raises LookupError for a number that is none."""
    head, rest = _parted(said)
    reason, number = _named(catalogue, head), _number(head)
    if catalogue and number and not reason and not rest:
        raise LookupError(number)
    if reason is None or (number and rest[:1].isdigit()):  # "2.5 envíos", "2, 3 y 4"
        return GivenReason(said, said)
    again, after = _parted(rest)
    if number and _named((reason,), again):  # "2) Saturación: …"
        rest = after
    parts = [part for part in (reason.text.strip(), rest) if part]
    short = f"{reason.name}. {rest}" if rest else reason.name
    return GivenReason("\n\n".join(parts), short, reason.key)


def reason_counts(catalogue: Sequence[Reason], keys: Sequence[str]) -> Iterator[tuple[str, int]]:
    """How often each reason of the catalogue was given, in its order; then those no longer in it.

    A free reason has no key, and is not counted here.
    """
    names = {reason.key: reason.name for reason in catalogue}
    for key in (*names, *sorted({key for key in keys if key and key not in names})):
        if count := keys.count(key):
            yield names.get(key, key), count


def _parted(said: str) -> tuple[str, str]:
    """What may name a reason, and the words after it."""
    text = said.strip().lstrip("#(").lstrip()
    end = _ENDS.search(text)
    if end is None:
        return text, ""
    return text[: end.start()].rstrip(), text[end.start() :].lstrip(_LEAD_OUT)


def _named(catalogue: Sequence[Reason], head: str) -> Reason | None:
    number = _number(head)
    if number:
        return catalogue[number - 1] if number <= len(catalogue) else None
    name = _bare(head)
    called = (one for one in catalogue if name in (plain(one.name), plain(one.key)))
    return next(called, None) if name else None


def _number(head: str) -> int:
    name = _bare(head)
    return int(name) if name.isascii() and name.isdigit() and len(name) <= 3 else 0


def _bare(head: str) -> str:
    """What is told by "por saturación", "motivo 2", alone."""
    name = plain(head)
    return next((name.removeprefix(lead) for lead in _LEADS if name.startswith(lead)), name)
