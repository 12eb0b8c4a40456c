"""Whom a list is for, corrected: in other words, with somebody more or somebody less."""

import re
from collections.abc import Iterator

from nlp.fields.mentions import choices_in
from nlp.turns.contrast import taken_back
from nlp.turns.ground import Ground
from nlp.turns.sentences import Sentence
from nlp.turns.types import GivenValue
from nlp.turns.values import Value, audience_in
from nlp.turns.voice import of_others, supposes
from nlp.types import FieldKind, Form


def told_apart(sentence: Sentence, form: Form) -> tuple[set[str], set[str]]:
    """For whom a sentence says that a list is, and for whom it says that it is not."""
    fields = form.of_kind(FieldKind.CHOICES)
    spans = [m for field in fields for m in choices_in(sentence.text, field)]
    values = [Value(m.start, m.end, m.value, ("",)) for m in spans]
    taken = taken_back(sentence.folded, values)
    gone = {str(v.value) for v in values if taken[v]}
    return {str(v.value) for v in values} - gone, gone


MORE = re.compile(
    r"\b(?:(?:me|nos|les|y) faltar?on (?=l[oa]s )|agreg\w+|anad\w+|inclu\w+|sum(?:en|ar|enle)"
    r"|met(?:er|an|anle)|tambien (?:a|van?|para|deb\w+ \w+)|ademas)\b"
)
LESS = re.compile(
    r"\b(?:quit\w+|elimin\w+|sin (?:los|las)|saquen|sacar|exclu\w+|ya no (?:van|para|incluye))\b"
)


_ONLY = re.compile(r"\b(?:solo|solamente|unicamente|nada mas|nomas|queda\w*|dej\w+)\b")


_ONLY_FOR = re.compile(
    r"\b(?:solo|solamente|unicamente|exclusivamente|nada mas|nomas)(?: (?:es|sera|seria|va))?"
    r" (?:para|a) (?:l[oa]s )?$"
)


_BOTH = re.compile(r"\b(?:l[oa]s dos|amb[oa]s|faltar?on)\b")


def by_sets(sentence: Sentence, ground: Ground, cue: bool) -> Iterator[GivenValue]:
    """Whom a list is for, with somebody more or somebody less."""
    asked = ground.form.of_kind(FieldKind.CHOICES)
    field = next((f for f in asked if f.name in ground.known), None)
    if field is None or of_others(sentence) or supposes(sentence):
        return
    known = ground.known[field.name]
    kept, gone = told_apart(sentence, ground.form)
    spoken = kept if gone else set()
    if spoken and (cue or field.name in ground.named_in(sentence.folded)):
        value = tuple(sorted(key for key in spoken if key in field.choices))
        if value and value != known:
            yield GivenValue(field.name, value, sentence.text, sure=0.8)
        return
    more, less = MORE.search(sentence.folded), LESS.search(sentence.folded)
    if alone := _only_for(sentence, ground.form):
        if isinstance(known, tuple) and alone < {*known}:
            yield GivenValue(field.name, tuple(sorted(alone)), sentence.text, sure=0.8)
        return
    if (cue or more or _BOTH.search(sentence.folded)) and isinstance(known, tuple):
        named = tuple(sorted({str(m.value) for m in choices_in(sentence.text, field)}))
        if {*known} < {*named} and not (kept and gone):
            yield GivenValue(field.name, named, sentence.text, sure=0.8)
            return
    if bool(more) == bool(less):
        return
    only = _ONLY.search(sentence.folded)
    told = sentence.text[(more or less).end() : only.start() if only else None]  # type: ignore[union-attr]
    said = audience_in(told, ground.form)
    if not said or not isinstance(known, tuple):
        return
    value = tuple(sorted({*known, *said} if more else {*known} - {*said}))
    if value and value != known:
        yield GivenValue(field.name, value, sentence.text, sure=0.8)


def _only_for(sentence: Sentence, form: Form) -> set[str]:
    """Whom a clause says a list is for alone: "nada más para aspirantes, a los papás …"."""
    fields = form.of_kind(FieldKind.CHOICES)
    spans = [m for field in fields for m in choices_in(sentence.text, field)]
    first = next((m for m in spans if _ONLY_FOR.search(sentence.folded[: m.start])), None)
    if first is None:
        return set()
    end = next((n for n in range(first.end, len(sentence.text)) if sentence.text[n] in ",;("), None)
    return {str(m.value) for m in spans if first.start <= m.start and (end is None or m.end <= end)}
