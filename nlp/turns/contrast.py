"""A value against another: "son 450 y no 410", "en lugar de X ponga a Y"."""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from nlp.text.dates import end_before, resolve
from nlp.text.fold import fold, trim
from nlp.turns.ground import Ground
from nlp.turns.hints import sizes
from nlp.turns.mentions import CASUAL, mentions_in
from nlp.turns.people import PLAYED
from nlp.turns.sentences import Sentence
from nlp.turns.types import GivenValue
from nlp.turns.values import Value, values_in
from nlp.turns.voice import of_others, speaks_against
from nlp.types import FieldKind, FieldValue

# What stands before, or behind, a value that is taken back.
CONTRAST = re.compile(
    r"[,;] (?:y )?no (?:(?:es|son|el|la|los|las|hasta|desde|en|de|del|a"
    r"|con) ){1,3}[\w./]{1,20}(?: \w{1,12}){0,3}\W*$"
)
TAKEN_BEFORE = re.compile(
    r"(?:\bno|\bni|\binstead of|\brather than|\bnot|\ben (?:lugar|vez) d?e?l?"
    r"|\bsustitucion d?e?l?|\bdonde dice|\bdice|\bdecia"
    r"|\bdije|\bpuse|\bpusimos|\bpusieron|\banotaron|\banote|\baparece"
    r"|\bviene|\bhabia(?:mos)? (?:puesto|dicho|mandado)|\bya no|\bantes(?: era[n]?)?|\bera"
    r"|\beran|\beramos|\bquit(?:en|ar|e)|\bfuera(?:n)?|\bsaquen)"
    r"(?:[ ,:\"“'(]+(?:es|son|sea|sean|sera|seran|hasta|desde|el|la|los|las|a|al|de|del|con|por"
    r"|que|unos|como|fuera|fueran|dije|puse|era|eran|en|l[oa]s|termina|inicia|empieza|va|van|para"
    r"|el dia|l[oa] (?:da|dara|autoriza|respalda|firma|avala|aprueba)|autoriza|respalda"
    r"|responsable|encargad[oa]))*[ ,:\"“'(]*$"
)
_TAKEN_AFTER = re.compile(
    r"^[ \"”')]*(?:, ?)?(?:no ?(?:[,.;:!]|$|sino\b|es\b|son\b|(?:nos |me )?(?:sirv|conv|alcan)\w+)"
    r"|(?:ya )?no (?:se )?l[aeo]s? (?:vamos a )?(?:mand|escrib|envi|inclu|lleg)\w+"
    r"|ya no ?(?:[,.;:!]|$|es\b"
    r"|esta\b|sera\b|trabaja|l[oa]s?\b)|est(?:a"
    r"|aba) mal|es un error|fue un error|es incorrect|era (?:antes|el dato)|esta equivocad"
    r"|que (?:puse|pusimos|dije|aparece|viene|tienen|pusieron|mande|mandamos)\b)"
)
_SWAPS = re.compile(
    r"\b(?:cambi\w+|sustitu\w+|reempla[cz]\w+|modifi\w+|pas(?:a|ar|en|e|amos|aria|ara)\b|baj\w+"
    r"|sub\w+|aument\w+|crec\w+|qued\w+)\b"
)
_TO = re.compile(
    r"^[ \"”')]*(?:por|a|a la|al|->|→|=>|hasta)[ \"“'(]*(?:el |la |los |las |unos |un |una )?$"
)
_AND_NOT = re.compile(
    r"^[^.;]{0,20}?(?:,| y|, y|:) ?no (?:(?:es|son|era|eran|el|la|los|las|de|hasta|desde) ?){0,3}$"
)
_STAYS = re.compile(r"\b(?:quedan?(?: en)?|son|somos|seran|serian|en total|total de) $")
_ARROW = re.compile(r"^ ?(?:->|→|=>|-->|») ?$")


def by_values(
    sentence: Sentence, ground: Ground, cue: bool, named_before: frozenset[str]
) -> Iterator[GivenValue]:
    folded = sentence.folded
    values = values_in(sentence.text, ground.form, ground.today)
    if not values:
        return
    taken = taken_back(folded, values)
    named = ground.named_in(folded) | named_before
    cue = cue or any(taken.values())
    if not cue:
        return
    if of_others(sentence) and not any(taken[v] and _is_known(v, ground) for v in values):
        return
    groups: dict[tuple[str, ...], list[Value]] = {}
    for value in values:
        key = next((k for k in groups if set(k) & set(value.fields)), value.fields)
        groups.setdefault(key, []).append(value)
    for group in groups.values():
        old = [v for v in group if taken[v]]
        new = [v for v in group if not taken[v]]
        yield from _paired(sentence, ground, old, new, named, cue)


_OURS = re.compile(r"[;,.:]? (?:y |pero )?(?:la nuestra|la mia|lo nuestro|la de nosotros)\b")
_ONLY = re.compile(r"\b(?:solo|solamente|nada mas|nomas|unicamente|apenas)\b")
_IT_WAS = re.compile(
    r"^\W*(?:(?:ay|uy|ups|oh|perdon|disculpen?|digo|no|corrijo)\W+)+(?:era|eran)\b"
    r"(?!.*\b(?:ahora|ya) (?:es|son)\b)"
)


def taken_back(folded: str, values: Sequence[Value]) -> dict[Value, bool]:
    """Which values the writer says are not the right ones."""
    taken = {}
    it_was = _IT_WAS.match(folded)  # "ay no, era hasta el 30": it is the right one
    free = 0  # where words begin that do not belong to the value before
    for index, value in enumerate(values):
        before = folded[max(free, value.start - 50) : value.start]
        behind = _TAKEN_AFTER.match(folded[value.end : value.end + 40])
        gone = bool(TAKEN_BEFORE.search(before)) or behind is not None
        if index == 0 and it_was and behind is None:
            gone = False
        free = value.end + behind.end() if behind else value.end
        following = values[index + 1] if index + 1 < len(values) else None
        if following is not None and set(following.fields) & set(value.fields):
            between = folded[value.end : following.start]
            if _AND_NOT.match(between):
                gone = False  # "eran 98 y no 88"
            # "La de Posgrado es …; la nuestra …", "de los 9 mil solo 2,340 tienen correo"
            only = _ONLY.search(between) and (
                "pero" in between or before.endswith(("de los ", "de las "))
            )
            if only or _OURS.search(between):
                gone = True
            if _ARROW.match(between) or (
                _TO.match(between) and _SWAPS.search(folded[: value.start])
            ):
                gone = True
        taken[value] = gone
    return taken


def _paired(
    sentence: Sentence,
    ground: Ground,
    old: list[Value],
    new: list[Value],
    named: set[str],
    cue: bool,
) -> Iterator[GivenValue]:
    if not new:
        return
    kinds = {ground.form[n].kind for n in new[0].fields}
    if kinds == {FieldKind.DATE}:
        yield from _dates(sentence, ground, old, new, named)
        return
    distinct = {str(v.value) for v in new}
    if len(distinct) > 1 and FieldKind.NAME not in kinds:
        new = [v for v in new if not _is_known(v, ground)] or new
        left = [v for v in new if _STAYS.search(sentence.folded[: v.start])]
        new = left if len(left) == 1 else new  # "ya no son 350, hubo 30 bajas, quedan 320"
        if len({str(v.value) for v in new}) > 1:
            return
    for value in new[:1] if FieldKind.NAME not in kinds else new:
        field = _field_of(sentence, ground, value, old, named)
        if field is None or (field not in ground.known and not old):
            continue
        if not old and not (cue and _new_alone(sentence, ground, value, field, named)):
            continue
        final = _typed(ground, field, value.value)
        if field not in ground.known or not same_value(final, ground.known[field]):
            text = sentence.text[old[0].start : old[0].end] if old else ""
            yield GivenValue(field, final, sentence.text, old=text, sure=0.95 if old else 0.85)


def _new_alone(
    sentence: Sentence, ground: Ground, value: Value, field: str, named: set[str]
) -> bool:
    """Whether a value may be new where nothing says what it replaces."""
    kind = ground.form[field].kind
    if speaks_against(kind, replace(sentence, asks=False), field in named):
        return False
    if kind is not FieldKind.INTEGER or field in named or len(sentence.text.split()) < 5:
        return True
    return any(start <= value.start < end for start, end in sizes(sentence.text, sentence.folded))


def _typed(ground: Ground, field: str, value: FieldValue) -> FieldValue:
    return str(value) if ground.form[field].kind is FieldKind.DIGITS else value


def _field_of(
    sentence: Sentence, ground: Ground, value: Value, old: Sequence[Value], named: set[str]
) -> str | None:
    """The one field that a new value is for; None where two could be meant."""
    fields = [f for f in value.fields if f in ground.known or old]
    if not old and set(value.fields) & set(ground.missing) and not set(fields) & named:
        return None  # what was asked for is answered by it: nothing is corrected
    if len(fields) > 1:
        by_old = [f for f in fields for o in old if _matches(o, f, ground)]
        if by_old:
            return by_old[0]
        by_name = [f for f in fields if f in named]
        if len(by_name) == 1:
            return by_name[0]
        sized = [
            f
            for f in fields
            if ground.form[f].kind is FieldKind.DIGITS
            and len(str(ground.known.get(f, "0000"))) != len(str(value.value))
        ]
        fields = [f for f in fields if f not in sized]
        return fields[0] if len(fields) == 1 else None
    if fields and ground.form[fields[0]].kind is FieldKind.NAME:
        return _part(sentence, fields, named)
    return fields[0] if fields else None


def _part(sentence: Sentence, fields: Sequence[str], named: set[str]) -> str | None:
    """Which part a person is to play, by the words of the sentence."""
    parts = {part for part, says in PLAYED if says.search(sentence.folded)} | named
    played = [name for name in fields if name in parts]
    return played[0] if len(played) == 1 else None


def _matches(value: Value, field: str, ground: Ground) -> bool:
    known = ground.known.get(field)
    if known is None:
        return False
    if ground.form[field].kind is FieldKind.NAME:
        mine, theirs = set(fold(str(value.value)).split()), set(fold(str(known)).split())
        return bool(mine) and mine <= theirs
    return same_value(_typed(ground, field, value.value), known)


def _is_known(value: Value, ground: Ground) -> bool:
    return any(_matches(value, f, ground) for f in value.fields)


def same_value(one: FieldValue, other: FieldValue) -> bool:
    """Whether two values say the same, however they are written."""
    if isinstance(one, str) and isinstance(other, str):
        return trim(fold(one)) == trim(fold(other))
    return one == other


_CLOSES = re.compile(r"\b(?:cierre|final)\b")


def _dates(
    sentence: Sentence, ground: Ground, old: list[Value], new: list[Value], named: set[str]
) -> Iterator[GivenValue]:
    ends = ground.ends()
    if set(ends) != {"start", "end"}:
        return
    mentions = mentions_in(sentence.folded, ground.labels)
    told = set(ends.values()) & {
        name for m in mentions if m.text not in CASUAL for name in m.label.names
    }
    if not old and speaks_against(FieldKind.DATE, replace(sentence, asks=False), bool(told)):
        return
    values: dict[str, Value] = {}
    if len(new) == 2:
        values = {"start": new[0], "end": new[1]}
    elif len(new) == 1:
        before = sentence.folded[max(0, new[0].start - 45) : new[0].start]
        which = end_before(before) or ("end" if _CLOSES.search(before) else "")
        which = which or next(
            (w for w, f in ends.items() for o in old if _matches(o, f, ground)), ""
        )
        only = [w for w, f in ends.items() if f in named]
        which = which or (only[0] if len(only) == 1 else "")
        if not which:
            return
        values = {which: new[0]}
    for which, value in values.items():
        field = ends[which]
        beside = next((v.value for w, v in values.items() if w != which and v.dated), None)
        date = settled(value, which, ground, ends, beside)
        if date is None or (field not in ground.known and not old):
            continue
        if date != ground.known.get(field):
            text = sentence.text[old[0].start : old[0].end] if old else ""
            yield GivenValue(field, date, sentence.text, old=text, sure=0.9)


def settled(
    value: Value, which: str, ground: Ground, ends: dict[str, str], beside: FieldValue | None = None
) -> dt.date | None:
    """A date whose year, where it was not written, agrees with the other end of the period: the
    one that is told with its year (`beside`), else the one that we know."""
    date = value.value
    if not isinstance(date, dt.date) or value.dated:
        return date if isinstance(date, dt.date) else None
    other = beside or ground.known.get(ends["end" if which == "start" else "start"])
    if not isinstance(other, dt.date):
        return date
    if which == "end":
        return resolve(date.day, date.month, None, other) or date
    for year in (other.year, other.year - 1):
        found = resolve(date.day, date.month, year, other)
        if found is not None and found <= other:
            return found
    return date
