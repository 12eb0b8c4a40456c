"""What a turn says, once all is heard: periods in order, who may play a part, bare reasons."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from nlp.text.fold import fold, words
from nlp.turns.bare import fit
from nlp.turns.ground import Ground
from nlp.turns.people import BACKS, namelike, people_in, writer_backs
from nlp.turns.reasons import aim_and_reason, without_lead
from nlp.turns.sentences import Sentence
from nlp.turns.types import GivenValue, Unclear
from nlp.types import Part

_YEAR = re.compile(r"\b20\d\d\b|/\d\d\b")
_HEAD = re.compile(r"(?i:responsable|encargad[oa]) ")
_POINTS = re.compile(
    r"\b(?:es[aeo]s?|est[aeo]s?|ambas?|(?:la|el|lo) que (?:puse|dije|mande|escribi)|es (?:la|el)"
    r"|la fecha|el dato)\b"
)


def settled(said: Mapping[str, GivenValue], ground: Ground) -> dict[str, GivenValue]:
    """What is said, as it may stand."""
    found = _in_order(_own_part(dict(said), ground), ground)
    name = found.get(Part.NAME)
    if name is not None and namelike(str(name.value)) and "lista" not in fold(name.evidence):
        del found[Part.NAME]  # "pongan el nombre completo: Claudia Iturbide Vargas"
    post = found.get(Part.POSITION)
    head = _HEAD.match(str(post.value)) if post is not None else None
    if post is not None and head is not None and namelike(str(post.value)[head.end() :]):
        del found[Part.POSITION]  # "Responsable Gabriela Montaño, aunque si no puede …"
    reason = found.get(Part.REASON)
    if reason is None or not isinstance(reason.value, str):
        return found
    found[Part.REASON] = replace(reason, value=without_lead(reason.value))
    both = aim_and_reason(reason.value) if Part.PURPOSE in ground.missing else None
    if both is not None and Part.PURPOSE not in found:
        found[Part.PURPOSE] = replace(reason, field=Part.PURPOSE, value=both[0])
        found[Part.REASON] = replace(reason, value=both[1])
    return found


def own_unclear(
    unclear: Sequence[Unclear], said: dict[str, GivenValue], ground: Ground
) -> list[Unclear]:
    """What stays unclear; the writer's own name, alone, is said of the responsible."""
    left = []
    for one in unclear:
        named = next(iter(people_in(one.text)), None)
        own = named is not None and _is_writer(named.name, ground)
        if named is not None and own and Part.RESPONSIBLE in one.fields:
            said.setdefault(
                Part.RESPONSIBLE, GivenValue(Part.RESPONSIBLE, named.name, one.text, sure=0.8)
            )
        else:
            left.append(one)
    return left


def _own_part(said: dict[str, GivenValue], ground: Ground) -> dict[str, GivenValue]:
    """Who writes and only gives her name backs nothing by it: she may be the responsible."""
    backer = said.get(Part.BACKER)
    if backer is None or not _is_writer(str(backer.value), ground):
        return said
    folded = fold(backer.evidence)
    if BACKS.search(folded) or writer_backs(folded):
        return said
    del said[Part.BACKER]
    told = said.get(Part.RESPONSIBLE)
    if Part.RESPONSIBLE in ground.missing and told is None:
        said[Part.RESPONSIBLE] = replace(backer, field=Part.RESPONSIBLE)
    return said


def _is_writer(name: str, ground: Ground) -> bool:
    return len({*words(name)} & {*words(ground.writer.name)}) > 1


def _in_order(said: dict[str, GivenValue], ground: Ground) -> dict[str, GivenValue]:
    """No period ends before it starts: an unwritten year is moved, else the end left out."""
    ends = ground.ends()
    if set(ends) != {"start", "end"}:
        return said
    first, last = said.get(ends["start"]), said.get(ends["end"])
    start = first.value if first is not None else ground.known.get(ends["start"])
    if last is None or not isinstance(start, dt.date) or not isinstance(last.value, dt.date):
        return said
    if last.value >= start:
        return said
    told = last.evidence.rpartition(" al ")[2] or last.evidence
    moved = None if _YEAR.search(told) else _after(last.value, start)
    if moved is None:
        del said[ends["end"]]
    else:
        said[ends["end"]] = replace(last, value=moved)
    return said


def _after(date: dt.date, start: dt.date) -> dt.date | None:
    """The first such day from `start` on."""
    for year in (start.year, start.year + 1):
        try:
            moved = date.replace(year=year)
        except ValueError:  # 29 February
            continue
        if moved >= start:
            return moved
    return None


def pending_settled(
    told: Sequence[Sentence], ground: Ground, said: dict[str, GivenValue]
) -> set[int]:
    """Adds to `said` what was unclear, for the field that a sentence names ("esa es la de fin"),
    or for the one that is left once the others are answered; the sentences that tell it."""
    used: set[int] = set()
    for one in ground.context.pending:
        named = _named(told, ground, one.fields)
        left = [f for f in one.fields if f in ground.open and f not in said]
        field = next(iter(named), "") or (left[0] if len(left) == 1 < len(one.fields) else "")
        if not field or field in said:
            continue
        values = dict(fit(ground.form[field], one.text, ground).values)
        if field in values:
            said[field] = GivenValue(field, values[field], one.text)
            used |= set(named.values())
    return used


def _named(told: Sequence[Sentence], ground: Ground, fields: Sequence[str]) -> dict[str, int]:
    """The one field of some that a sentence points to, and the place of that sentence."""
    for number, sentence in enumerate(told):
        if sentence.asks or not _POINTS.search(sentence.folded) or re.search(r"\d", sentence.text):
            continue
        names = ground.named_in(sentence.folded)
        meant = [name for name in fields if name in names]
        if len(meant) == 1:
            return {meant[0]: number}
    return {}
