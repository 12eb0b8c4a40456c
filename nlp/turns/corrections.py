"""Corrections: what a turn changes in what we know, and what it says that was wrong."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from nlp.fields.hints import sizes
from nlp.fields.mentions import choices_in
from nlp.fields.values import read_name
from nlp.text.dates import resolve, role_before
from nlp.text.fold import fold, squeeze, trim
from nlp.text.tokens import EMAIL
from nlp.turns.bare import LIKELY, fit
from nlp.turns.claims import Claim, claims_in, mentions_in
from nlp.turns.ground import Ground
from nlp.turns.people import BACKS, SENDS, people_in
from nlp.turns.sentences import Sentence, word_at
from nlp.turns.types import Said
from nlp.turns.values import Value, audience_in, values_in
from nlp.turns.vocabulary import vocabulary
from nlp.turns.voice import of_others, speaks_against, supposes
from nlp.types import FieldKind, FieldValue, Form

# Words by which somebody takes back, or has changed, what stands.
CORRECTS = re.compile(
    r"\b(?:corrij\w*|corregi\w*|correccion\w*|rectific\w*|me equivoque|nos equivocamos"
    r"|equivocad\w+|equivocacion"
    r"|(?:un|hay un|tiene un|por|fue|mi) error|errata|erratas|dedazo|perdon(?:en|e)?|disculp\w+"
    r"|(?:debe|deberia|debia|tiene que|tendria que)n? (?:ser|decir|quedar|ir)"
    r"|cambi(?:o|e|en|ar|enl[oae]|arl[oae]|arles?|emos|aron|ando|ad[oa])\b|modifi\w+"
    r"|actuali[cz]\w+|ajust\w+|sustitu\w+|reempla[cz]\w+"
    r"|correct[oa]s?\b|(?:el|la|lo) buen[oa]\b|en realidad|en vez|en lugar|sino\b|ya no\b"
    r"|ahora (?:es|son|sera|seran|somos)"
    r"|ya (?:son|somos|seran)|(?<!a lo )mejor\b|bajen\w*|suban\w*|siempre (?:si|no|sera|seran"
    r"|seria|va\b|van\b)"
    r"|prefi?er\w+"
    r"|pong\w+|poner(?:le|la|lo)?\b|dejen\w*|dejar(?:la|lo)?\b|dejemos"
    r"|en total son|son en total|me informan|revise\b|(?:ahora|hoy) si\b|termine mejor"
    r"|que (?:sea|sean|quede|diga|digan|vaya)\b|queda(?:ria|ra)? (?:en|como|mejor)|se decidio"
    r"|decidimos|decidio|me avisan|nos avisan|nos avisaron"
    r"|quise (?:decir|poner)|quisimos (?:decir|poner)|me (?:falto|comi)|mal escrit\w+|est(?:a"
    r"|aba) mal|salio mal|viene mal|anot\w+ mal|tiene mal|pusieron|puse\b|aparece)\b"
)
_ASKED_FOR = re.compile(
    r"\b(?P<polite>pueden|podrian|puede|podria usted|podria|me ayudan|nos ayudan|me apoyan"
    r"|nos apoyan|me hacen favor|serian tan amables|me podrian|nos podrian)\b"
    r"[^?]{0,30}\b(?:cambi|correg|modific|actualiz|pon|ajust|sustitu|dej)\w*"
)
# What stands before, or behind, a value that is taken back.
_CONTRAST = re.compile(
    r"[,;] (?:y )?no (?:(?:es|son|el|la|los|las|hasta|desde|en|de|del|a"
    r"|con) ){1,3}[\w./]{1,20}(?: \w{1,12}){0,3}\W*$"
)
_TAKEN_BEFORE = re.compile(
    r"(?:\bno|\bni|\ben (?:lugar|vez) d?e?l?|\bsustitucion d?e?l?|\bdonde dice|\bdice|\bdecia"
    r"|\bdije|\bpuse|\bpusimos|\bpusieron|\banotaron|\banote|\baparece"
    r"|\bviene|\bhabia(?:mos)? (?:puesto|dicho|mandado)|\bya no|\bantes(?: era[n]?)?|\bera"
    r"|\beran|\beramos|\bquit(?:en|ar|e)|\bfuera(?:n)?|\bsaquen)"
    r"(?:[ ,:\"“'(]+(?:es|son|sea|sean|sera|seran|hasta|desde|el|la|los|las|a|al|de|del|con|por"
    r"|que|unos|como|fuera|fueran|dije|puse|era|eran|en|l[oa]s|termina|inicia|empieza"
    r"|el dia|l[oa] (?:da|dara|autoriza|respalda|firma|avala|aprueba)|autoriza|respalda"
    r"|responsable|encargad[oa]))*[ ,:\"“'(]*$"
)
_TAKEN_AFTER = re.compile(
    r"^[ \"”')]*(?:, ?)?(?:no ?(?:[,.;:!]|$|sino\b|es\b|son\b)|ya no ?(?:[,.;:!]|$|es\b"
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
_ARROW = re.compile(r"^ ?(?:->|→|=>|-->|») ?$")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a sentence corrects, and whether it speaks of a correction at all."""

    said: tuple[Said, ...]
    corrects: bool


def corrections_in(said: Sequence[Sentence], ground: Ground) -> dict[int, Reading]:
    """What each sentence changes of the fields that have a value, by its place among `said`.

    "Me equivoqué en la frecuencia. Es quincenal." is one correction: a sentence that only says
    that something is wrong speaks for the next. So does one that is all there is.
    """
    found: dict[int, Reading] = {}
    led, named_before = False, frozenset[str]()
    for number, sentence in enumerate(said):
        cue = bool(CORRECTS.search(sentence.folded))
        reading = _read(sentence, ground, cue or led, len(said) == 1, named_before)
        if reading:
            found[number] = Reading(tuple(reading), cue)
        elif cue and _faulty(sentence):
            found[number] = Reading((), True)
        led = cue or bool(reading)
        names = frozenset(
            n for m in mentions_in(sentence.folded, ground.labels) for n in m.label.names
        )
        named_before = names if cue and not reading else named_before if led else frozenset()
    return found


def _faulty(sentence: Sentence) -> bool:
    return (
        len(sentence.text.split()) <= 16
        and re.search(
            r"\b(?:corrij|correg|correccion|rectific|equivo|error|errat|mal\b|dedazo)",
            sentence.folded,
        )
        is not None
    )


def _read(
    sentence: Sentence,
    ground: Ground,
    cue: bool,
    lone: bool,
    named_before: frozenset[str],
) -> list[Said]:
    asked_for = _ASKED_FOR.search(sentence.folded)
    if sentence.asks and not asked_for:
        return []
    if asked_for:  # "¿podrían cambiar …?" supposes nothing
        polite = " " * len(asked_for["polite"])
        at = asked_for.start()
        folded = sentence.folded[:at] + polite + sentence.folded[at + len(polite) :]
        sentence = replace(sentence, asks=False, folded=folded)
    cue = cue or bool(_CONTRAST.search(sentence.folded))
    found: dict[str, Said] = {}
    for one in _by_values(sentence, ground, cue, named_before):
        found.setdefault(one.field, one)
    for one in _by_old_words(sentence, ground):
        found.setdefault(one.field, one)
    for one in _by_claims(sentence, ground, cue, lone, named_before):
        found.setdefault(one.field, one)
    for one in _by_sets(sentence, ground, cue):
        found.setdefault(one.field, one)
    for one in _address_of(sentence, ground, found):
        found.setdefault(one.field, one)
    return list(found.values())


# --- a value against another ------------------------------------------------------------------


def _by_values(
    sentence: Sentence,
    ground: Ground,
    cue: bool,
    named_before: frozenset[str],
) -> Iterator[Said]:
    folded = sentence.folded
    values = values_in(sentence.text, ground.form, ground.today)
    if not values:
        return
    taken = _taken_back(folded, values)
    named = {n for m in mentions_in(folded, ground.labels) for n in m.label.names} | named_before
    if not any(taken.values()) and not cue:
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
        if old and not new and len(old) == 2 and _SWAPS.search(folded):
            old, new = old[:1], old[1:]
        yield from _paired(sentence, ground, old, new, named, cue)


def _taken_back(folded: str, values: Sequence[Value]) -> dict[Value, bool]:
    """Which values the writer says are not the right ones."""
    taken = {}
    free = 0  # where words begin that do not belong to the value before
    for index, value in enumerate(values):
        before = folded[max(free, value.start - 50) : value.start]
        behind = _TAKEN_AFTER.match(folded[value.end : value.end + 40])
        gone = bool(_TAKEN_BEFORE.search(before)) or behind is not None
        free = value.end + behind.end() if behind else value.end
        following = values[index + 1] if index + 1 < len(values) else None
        if following is not None and set(following.fields) & set(value.fields):
            between = folded[value.end : following.start]
            if _AND_NOT.match(between):
                gone = False  # "eran 98 y no 88"
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
) -> Iterator[Said]:
    if not new:
        return
    kinds = {ground.form[n].kind for n in new[0].fields}
    if kinds == {FieldKind.DATE}:
        yield from _dates(sentence, ground, old, new, named)
        return
    distinct = {str(v.value) for v in new}
    if len(distinct) > 1 and FieldKind.NAME not in kinds:
        new = [v for v in new if not _is_known(v, ground)] or new
        if len({str(v.value) for v in new}) > 1:
            return
    for value in new[:1] if FieldKind.NAME not in kinds else new:
        field = _field_of(sentence, ground, value, old, named)
        if field is None or (field not in ground.known and not old):
            continue
        if not old and not (cue and _new_alone(sentence, ground, value, field, named)):
            continue
        final = _typed(ground, field, value.value)
        if _says_again(ground, field, final):
            continue
        if field not in ground.known or not _same(final, ground.known[field]):
            text = sentence.text[old[0].start : old[0].end] if old else ""
            yield Said(field, final, sentence.text, old=text, sure=0.95 if old else 0.85)


def _says_again(ground: Ground, field: str, value: FieldValue) -> bool:
    """Whether a name is but a part of the one that is known."""
    known = ground.known.get(field)
    is_name = ground.form[field].kind is FieldKind.NAME
    return is_name and known is not None and _part_of(str(value), str(known))


def _new_alone(
    sentence: Sentence, ground: Ground, value: Value, field: str, named: set[str]
) -> bool:
    """Whether a value may be new where nothing says what it replaces."""
    kind = ground.form[field].kind
    if speaks_against(kind, replace(sentence, asks=False), field in named):
        return False
    if kind is not FieldKind.INTEGER or field in named or len(sentence.text.split()) < 5:
        return True
    return any(
        hint.start <= value.start < hint.end for hint in sizes(sentence.text, sentence.folded)
    )


def _typed(ground: Ground, field: str, value: FieldValue) -> FieldValue:
    return str(value) if ground.form[field].kind is FieldKind.DIGITS else value


def _field_of(
    sentence: Sentence,
    ground: Ground,
    value: Value,
    old: Sequence[Value],
    named: set[str],
) -> str | None:
    """The one field that a new value is for; None where two could be meant."""
    fields = [f for f in value.fields if f in ground.known or old]
    if len(fields) > 1:
        by_old = [f for f in fields for o in old if _matches(o, f, ground)]
        if by_old:
            return by_old[0]
        if any(ground.form[f].kind is FieldKind.NAME for f in fields):
            return _part(sentence, value, fields, named)
        by_name = [f for f in fields if f in named]
        if len(by_name) == 1:
            return by_name[0]
        folded = sentence.folded
        if re.search(r"\bext\w*\W{0,3}(?:es |la |el )*$", folded[: value.start]):
            return next((f for f in fields if ground.form[f].kind is FieldKind.DIGITS), None)
        if re.match(
            r" ?(?:personas|alumn|estudiant|docent|profes|egresad|destinatari|correos"
            r"|colaborador|emplead|aspirant|papas|padres|familias|integrantes|contactos)",
            folded[value.end :],
        ):
            return next((f for f in fields if ground.form[f].kind is FieldKind.INTEGER), None)
        sized = [
            f
            for f in fields
            if ground.form[f].kind is FieldKind.DIGITS
            and len(str(ground.known.get(f, "0000"))) != len(str(value.value))
        ]
        fields = [f for f in fields if f not in sized]
        return fields[0] if len(fields) == 1 else None
    if fields and ground.form[fields[0]].kind is FieldKind.NAME:
        return _part(sentence, value, fields, named)
    return fields[0] if fields else None


def _part(sentence: Sentence, value: Value, fields: Sequence[str], named: set[str]) -> str | None:
    """Which part a person is to play, by the words of the sentence."""
    parts = [f for f in fields if f in named]
    if "sponsor" in fields and BACKS.search(sentence.folded) and "sponsor" not in parts:
        parts.append("sponsor")
    if "responsible" in fields and SENDS.search(sentence.folded) and "responsible" not in parts:
        parts.append("responsible")
    return parts[0] if len(parts) == 1 else None


def _matches(value: Value, field: str, ground: Ground) -> bool:
    known = ground.known.get(field)
    if known is None:
        return False
    if ground.form[field].kind is FieldKind.NAME:
        mine, theirs = set(fold(str(value.value)).split()), set(fold(str(known)).split())
        return bool(mine) and mine <= theirs
    return _same(_typed(ground, field, value.value), known)


def _is_known(value: Value, ground: Ground) -> bool:
    return any(_matches(value, f, ground) for f in value.fields)


def _same(one: FieldValue, other: FieldValue) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        return fold(squeeze(one)).strip(" .") == fold(squeeze(other)).strip(" .")
    return one == other


def _dates(
    sentence: Sentence, ground: Ground, old: list[Value], new: list[Value], named: set[str]
) -> Iterator[Said]:
    ends = {ground.form[f].period: f for f in new[0].fields if ground.form[f].period}
    if set(ends) != {"start", "end"}:
        return
    told = named & set(ends.values())
    if not old and speaks_against(FieldKind.DATE, replace(sentence, asks=False), bool(told)):
        return
    values: dict[str, Value] = {}
    if len(new) == 2:
        values = {"start": new[0], "end": new[1]}
    elif len(new) == 1:
        role = role_before(sentence.folded[max(0, new[0].start - 45) : new[0].start])
        which = {"start_date": "start", "end_date": "end"}.get(role or "", "")
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
        date = settled(value, which, ground, ends)
        if date is None or (field not in ground.known and not old):
            continue
        if date != ground.known.get(field):
            text = sentence.text[old[0].start : old[0].end] if old else ""
            yield Said(field, date, sentence.text, old=text, sure=0.9)


def settled(value: Value, which: str, ground: Ground, ends: dict[str, str]) -> dt.date | None:
    """A date whose year, where it was not written, agrees with the other end of the period."""
    date = value.value
    if not isinstance(date, dt.date) or value.dated:
        return date if isinstance(date, dt.date) else None
    other = ground.known.get(ends["end" if which == "start" else "start"])
    if not isinstance(other, dt.date):
        return date
    if which == "end":
        return resolve(date.day, date.month, None, other) or date
    for year in (other.year, other.year - 1):
        found = resolve(date.day, date.month, year, other)
        if found is not None and found <= other:
            return found
    return date


# --- words that we know, against others -------------------------------------------------------

_INSTEAD = re.compile(
    r"\ben (?:lugar|vez|sustitucion) d?e?l? ?(?:el |la |los )?[\"“']?$|\bsustituy\w+ (?:a |al )?$"
)
_SAYS = re.compile(
    r"\b(?:donde dice|dice|decia|puse|pusieron|aparece|viene"
    r"|anotaron)(?: que)?(?: es)?:? ?(?:el |la )?[\"“']?$"
)
_NOT = re.compile(r"\b(?:no|ya no|ni)(?: (?:es|era|sera|seria|son|como|la|el|de))*:? ?[\"“']?$")
_CHANGES = re.compile(
    r"\b(?:cambi\w+|sustitu\w+|reempla[cz]\w+|modifi\w+)(?: \w+){0,3} ?(?:de |a |el |la )?[\"“']?$"
)
_THEN = re.compile(
    r"^[\"”']?[ ,;:.]*(?:por favor[ ,]*)?(?:(?:y|pero) )?(?:(?:favor de "
    r"|hay que )?(?:pong\w+|poner|sea|es|seria|sera|va|iria|queda\w*|(?:debe|deberia"
    r"|tiene que) (?:decir|ser|ir)"
    r"|que diga|que sea|usen|dejen|escriban|anoten|ahora es|sino|por|a)\b ?(?:que sea "
    r"|como |a nombre del? |a |que )?(?:el |la )?|-> ?|→ ?)?[:\"“']? ?"
)


def _by_old_words(sentence: Sentence, ground: Ground) -> Iterator[Said]:
    """A free text or a name that stands against the words we hold: "donde dice X debe decir Y"."""
    folded = sentence.folded
    for name, known in ground.known.items():
        if name not in ground.form or ground.form[name].kind not in (
            FieldKind.TEXT,
            FieldKind.NAME,
            FieldKind.LONG_TEXT,
        ):
            continue
        place = _place_of(fold(squeeze(str(known))), folded, ground.form[name].kind)
        if place is None:
            continue
        start, end = place
        left, right = folded[:start], folded[end:]
        if ground.form[name].kind is FieldKind.NAME:
            left = left.rstrip() + " "
            near = max(0, len(left) - _NEAR)
            left = left[:near] + _TITLE_BEFORE.sub("", left[near:])
        new = ""
        if (
            _INSTEAD.search(left)
            or _SAYS.search(left)
            or _CHANGES.search(left)
            or _NOT.search(left)
        ):
            then = _THEN.match(right)
            new = sentence.text[end + (then.end() if then else 0) :]
            if not re.search(r"\w", new):
                new = _before(sentence.text[: len(left)], left)
        elif re.match(r"^[\"”']? ?(?:->|→|=>)", right):
            new = sentence.text[end:].lstrip("\"”' ->→=")
        new = _as_value(new, ground.form[name].kind)
        if new and fold(new) not in fold(str(known)):
            value = _put_in(str(known), sentence.text[start:end], new, ground.form[name].kind)
            yield Said(name, value, sentence.text, old=sentence.text[start:end], sure=0.95)


_INSTEAD_OR_NOT = re.compile(r"\b(?:y )?(?:en (?:lugar|vez|sustitucion)|no|ya no|ni)\b[^,;]{0,25}$")
_TITLE_BEFORE = re.compile(r"(?:\b(?:el|la|al|a la) )?(?:\w{2,5}\. ?){0,3}$")
_NEAR = 40  # characters before a name in which its title, or what denies it, stands


def _before(text: str, left: str) -> str:
    """The new words where they come first: "ponga Y en vez de X", "es Y, no X"."""
    near = max(0, len(left) - _NEAR)
    cut = _INSTEAD_OR_NOT.search(left[near:])
    head = text[: near + cut.start()].rstrip(" ,;(") if cut else ""
    verbs = list(
        re.finditer(
            r"\b(?:pong\w+|es|sea|seria|sera|debe (?:decir|ser)|queda\w*|que diga|como|a"
            r"|:) [\"“']?",
            fold(head),
        )
    )
    return head[verbs[-1].end() :] if verbs else head


def _place_of(known: str, folded: str, kind: FieldKind) -> tuple[int, int] | None:
    """Where the sentence cites what we hold: whole, or a telling part of it."""
    at = folded.find(known)
    if at >= 0 and len(known) > 2:
        return at, at + len(known)
    words = known.split()
    if kind is FieldKind.NAME:
        for size in range(len(words) - 1, 0, -1):
            for first in range(len(words) - size + 1):
                part = " ".join(words[first : first + size])
                at = word_at(folded, part) if len(part) > 3 else -1
                if at >= 0:
                    return at, at + len(part)
        return None
    for quoted in re.finditer(r"[\"“«']([^\"”»'\n]{3,80})[\"”»']", folded):
        if quoted[1] in known:
            return quoted.start(1), quoted.end(1)
    return None


def _as_value(text: str, kind: FieldKind) -> str:
    text = squeeze(text)
    if kind is FieldKind.NAME:
        people = people_in(text)
        return people[0].name if people else read_name(text) or ""
    cut = re.search(r"[;]|, (?:por favor|gracias|que es|que fue|ya que|porque)|\. ", text)
    return trim(
        re.sub(
            r" ?(?:,? ?por favor|,? ?gracias)\W*$",
            "",
            text[: cut.start()] if cut else text,
            flags=re.IGNORECASE,
        )
    )


def _put_in(known: str, old: str, new: str, kind: FieldKind) -> str:
    """The value with the corrected words in it; of a name a lone word replaces a lone word."""
    if fold(squeeze(old)) == fold(squeeze(known)):
        return new
    if kind is FieldKind.NAME and len(new.split()) > 1:
        return new
    at = fold(known).find(fold(old))
    return known[:at] + new + known[at + len(old) :] if at >= 0 else new


# --- what it says of a field that it names ----------------------------------------------------

# Labels that are words of any sentence: they correct only beside words that say so.
_CASUAL = vocabulary(
    "son total totales numero num no aprox aproximado aproximadamente cantidad desde hasta "
    "inicio inicia empieza comienza fin final termina termino vence correo mail email al "
    "plazo fechas periodo telefono tel contacto arranque padron tamano volumen quienes para "
    "publico va a autoriza apoya aprueba respalda avala encargado encargada director jefe"
)


def _by_claims(
    sentence: Sentence,
    ground: Ground,
    cue: bool,
    lone: bool,
    named_before: frozenset[str],
) -> Iterator[Said]:
    mentions = mentions_in(sentence.folded, ground.labels)
    for claim in claims_in(sentence, ground):
        known = ground.known.get(claim.field)
        if known is None or _same(claim.value, known):
            continue
        kind = ground.form[claim.field].kind
        texts = {m.text for m in mentions if claim.field in m.label.names}
        official = bool(texts - _CASUAL) or claim.field in named_before
        if speaks_against(kind, replace(sentence, asks=False), official):
            continue
        negated = _negated(sentence.folded, claim)
        alone = lone and _states(claim, ground, sentence)
        if not alone and (
            negated or not _corrects(claim, kind, sentence, cue, official, ground.form)
        ):
            continue
        if _says_again(ground, claim.field, claim.value):
            continue
        value = claim.value
        if kind is FieldKind.DIGITS and _LONG_NUMBER.search(sentence.text) and not cue:
            continue  # a telephone of a signature
        if kind is FieldKind.DATE and isinstance(value, dt.date):
            value = _year_of(claim, sentence, ground)
            if value == known:
                continue
        yield Said(claim.field, value, sentence.text, sure=0.9 if cue else 0.8)


_LONG_NUMBER = re.compile(r"(?:\d[ ().-]{0,2}){7,}")


def _corrects(
    claim: Claim, kind: FieldKind, sentence: Sentence, cue: bool, official: bool, form: Form
) -> bool:
    """Whether a claim is the correction of what we know: by its label, or words that say so."""
    match kind:
        case FieldKind.TEXT | FieldKind.LONG_TEXT:
            return cue and claim.labelled
        case FieldKind.CHOICES:
            return claim.labelled and not _audience_against(sentence, form)
        case FieldKind.EMAIL | FieldKind.NAME:
            return official or (cue and kind is FieldKind.NAME)
    return cue or (claim.labelled and official)


def _states(claim: Claim, ground: Ground, sentence: Sentence) -> bool:
    """Whether a sentence that is all there is states a value and nothing else: "son 530"."""
    if not re.match(
        r"\W*(?:ya |serian |seran |son|somos|es|seria|sera|quedan?)\b", sentence.folded
    ):
        return False
    field = ground.form[claim.field]
    return fit(field, sentence.text, ground).strength >= LIKELY


def _part_of(name: str, known: str) -> bool:
    return set(fold(name).split()) <= set(fold(known).split())


def _year_of(claim: Claim, sentence: Sentence, ground: Ground) -> FieldValue:
    field = ground.form[claim.field]
    ends = {f.period: f.name for f in ground.form.fields if f.kind is FieldKind.DATE and f.period}
    for value in values_in(sentence.text, ground.form, ground.today):
        if value.value == claim.value and len(ends) == 2 and field.period:
            return settled(value, field.period, ground, ends) or claim.value
    return claim.value


def _negated(folded: str, claim: Claim) -> bool:
    return bool(_TAKEN_BEFORE.search(folded[max(0, claim.start - 50) : claim.start]))


def _address_of(sentence: Sentence, ground: Ground, found: Mapping[str, Said]) -> Iterator[Said]:
    """The address beside a new responsible's name, where it is made of that name."""
    name = next(
        (
            s
            for s in found.values()
            if ground.form[s.field].kind is FieldKind.NAME and s.field == "responsible"
        ),
        None,
    )
    address = EMAIL.search(sentence.text)
    if name is None or address is None or "email" not in ground.form:
        return
    parts = [p for p in re.split(r"[._-]", fold(address[0].partition("@")[0])) if len(p) > 2]
    if parts and all(part in fold(str(name.value)) for part in parts):
        yield Said("email", address[0].lower(), sentence.text, sure=0.85)


def _audience_against(sentence: Sentence, form: Form) -> set[str]:
    """Whom a list is for where the sentence says for whom it is not: "docentes, no alumnos"."""
    spans = [
        m
        for field in form.fields
        if field.kind is FieldKind.CHOICES
        for m in choices_in(sentence.text, field)
    ]
    values = [Value(m.start, m.end, m.value, ("",)) for m in spans]
    taken = _taken_back(sentence.folded, values)
    if not any(taken.values()):
        return set()
    gone = {str(v.value) for v in values if taken[v]}
    return {str(v.value) for v in values} - gone


# --- a set, more or less ----------------------------------------------------------------------

_MORE = re.compile(
    r"\b(?:agreg\w+|anad\w+|inclu\w+|sum(?:en|ar|enle)|tambien (?:a|van|para)|ademas)\b"
)
_LESS = re.compile(
    r"\b(?:quit\w+|elimin\w+|sin (?:los|las)|saquen|sacar|exclu\w+|ya no (?:van|para|incluye))\b"
)


def _by_sets(sentence: Sentence, ground: Ground, cue: bool) -> Iterator[Said]:
    """Whom a list is for, with somebody more or somebody less."""
    field = next(
        (f for f in ground.form.fields if f.kind is FieldKind.CHOICES and f.name in ground.known),
        None,
    )
    if field is None or of_others(sentence) or supposes(sentence):
        return
    known = ground.known[field.name]
    spoken = _audience_against(sentence, ground.form)
    if spoken and (
        cue
        or field.name
        in {n for m in mentions_in(sentence.folded, ground.labels) for n in m.label.names}
    ):
        value = tuple(sorted(key for key in spoken if key in field.choices))
        if value and value != known:
            yield Said(field.name, value, sentence.text, sure=0.8)
        return
    more, less = _MORE.search(sentence.folded), _LESS.search(sentence.folded)
    if bool(more) == bool(less):
        return
    said = audience_in(sentence.text[(more or less).end() :], ground.form)  # type: ignore[union-attr]
    if not said or not isinstance(known, tuple):
        return
    value = tuple(sorted({*known, *said} if more else {*known} - {*said}))
    if value and value != known:
        yield Said(field.name, value, sentence.text, sure=0.8)
