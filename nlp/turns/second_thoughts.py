"""What a writer takes back in the same breath: "son 300… perdón, acabo de checar y son 318"."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from nlp.text.fold import fold, trim
from nlp.text.slugs import A_SLUG
from nlp.turns.contrast import same_value, taken_back
from nlp.turns.ground import Ground
from nlp.turns.sentences import Sentence
from nlp.turns.types import GivenValue
from nlp.turns.values import Value, values_in
from nlp.types import Part

_LONGEST = 4_000  # characters of a turn
_FAR = 90  # characters between a value and what is said instead
_CUE = (
    r"(?:no+(?=[.,;!…]+ |\s+(?:perdon|espera|mejor))|perdon(?!\W+(?:por|l[ao]s?|el|mi|que|si|x)\b)"
    r"|espera|digo(?! que)\b|miento|corrijo|pensandolo|releyendo|recapacitando)"
)
_ANYWHERE = re.compile(_CUE)
_INSTEAD = re.compile(rf"[\s.,;:…!)(]*(?:(?:coma|pues|bueno|ay|uy|ups) )*{_CUE}")
_DENIED = re.compile(r"\b(?:no|era|eran|puse|dije|decia|antes)\b[^.;]{0,20}$")


def denied(told: Sequence[Sentence], ground: Ground) -> frozenset[str]:
    """The values that sentences deny in favour of another: the 410 of "son 450 y no 410"."""
    gone: set[str] = set()
    meant: set[str] = set()
    for one in told:
        found = values_in(one.text, ground.form, ground.today)
        values = [v for v in found if not isinstance(v.value, dt.date)]  # "2027-02-10 -> …"
        taken = taken_back(one.folded, values)
        gone |= {str(value.value) for value in values if taken[value]}
        meant |= {str(value.value) for value in values if not taken[value]}
    return frozenset(gone - meant)


def on_second_thought(
    said: Mapping[str, GivenValue], text: str, ground: Ground
) -> dict[str, GivenValue]:
    """What was said, each value in place of which the text goes on to say another as that one."""
    text = text[:_LONGEST]
    changed = dict(said)
    if not said or not _ANYWHERE.search(fold(text)):
        return changed
    found = values_in(text, ground.form, ground.today)
    if Part.NAME in ground.form:
        found += [Value(*s.span(), s[0], (Part.NAME,)) for s in A_SLUG.finditer(text)]
    held = {str(one.value) for one in said.values()}
    for name in said:
        mine = sorted((v for v in found if name in v.fields), key=lambda v: v.start)
        for before, after in pairwise(mine):
            between = fold(text[before.end : after.start])
            cue = _INSTEAD.match(between) if len(between) <= _FAR else None
            if cue is None or _DENIED.search(between, cue.end()) or str(after.value) in held:
                continue  # "perdón, no era 400"; "…, perdón, al 30 de junio" is the other end
            told = changed[name].value
            if told is not None and same_value(told, before.value):
                evidence = trim(text[before.start : after.end])
                changed[name] = replace(
                    changed[name], value=after.value, evidence=evidence, sure=0.9
                )
    return changed
