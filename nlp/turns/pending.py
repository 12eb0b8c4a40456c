"""What the turn before left unclear, once this one tells which field was meant."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nlp.turns.bare import fit
from nlp.turns.ground import Ground
from nlp.turns.mentions import mentions_in
from nlp.turns.sentences import Sentence
from nlp.turns.types import GivenValue

_POINTS = re.compile(
    r"\b(?:es[aeo]s?|est[aeo]s?|ambas?|(?:la|el|lo) que (?:puse|dije|mande|escribi)|es (?:la|el)"
    r"|la fecha|el dato)\b"
)


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
        names = {n for m in mentions_in(sentence.folded, ground.labels) for n in m.label.names}
        meant = [name for name in fields if name in names]
        if len(meant) == 1:
            return {meant[0]: number}
    return {}
