"""The values that stand in a sentence, whatever they are for: numbers, dates, people, addresses."""

import datetime as dt
import re
from dataclasses import dataclass

from nlp.fields.mentions import choices_in
from nlp.text.absence import dates_stated
from nlp.text.dates import dates_in
from nlp.text.fold import fold
from nlp.text.numbers import numbers_in
from nlp.text.rhythm import rhythms_in
from nlp.text.tokens import EMAIL
from nlp.turns.hints import list_names
from nlp.turns.people import people_in
from nlp.types import FieldKind, FieldValue, Form, Part


@dataclass(frozen=True, slots=True)
class Value:
    """A value in a text, where it stands, and the fields of the form that it could be for."""

    start: int
    end: int
    value: FieldValue
    fields: tuple[str, ...]
    dated: bool = True  # of a date: that its year was written


def values_in(text: str, form: Form, today: dt.date) -> list[Value]:
    """The values of a text, in order, none within another."""
    found: list[Value] = []
    kinds: dict[FieldKind, tuple[str, ...]] = {}
    for field in form.fields:
        kinds[field.kind] = (*kinds.get(field.kind, ()), field.name)

    def add(
        start: int, end: int, value: FieldValue, fields: tuple[str, ...], dated: bool = True
    ) -> None:
        if fields and not any(v.start < end and start < v.end for v in found):
            found.append(Value(start, end, value, fields, dated))

    for match in EMAIL.finditer(text):
        fields = kinds.get(FieldKind.EMAIL, ()) + ((Part.NAME,) if Part.NAME in form else ())
        add(match.start(), match.end(), match[0].lower(), fields)
    dates = dates_in(text, today)
    for span in dates:
        add(span.start, span.end, span.date, kinds.get(FieldKind.DATE, ()), span.dated)
    for rhythm in rhythms_in(text):
        if Part.HOW_OFTEN in form and rhythm.name:
            add(rhythm.start, rhythm.end, rhythm.name, (Part.HOW_OFTEN,))
    for start, end in list_names(text) if Part.NAME in form else ():
        add(start, end, text[start:end], (Part.NAME,))
    for person in people_in(text):
        add(person.start, person.end, person.name, kinds.get(FieldKind.NAME, ()))
    for number in numbers_in(text):
        if number.article or _NO_COUNT.match(fold(text[number.end : number.end + 14])):
            continue
        if number.value < 5:
            continue
        digits = text[number.start : number.end].strip()
        fields = kinds.get(FieldKind.INTEGER, ())
        if digits.isdigit() and 2 < len(digits) < 6:
            fields += kinds.get(FieldKind.DIGITS, ())
        add(number.start, number.end, number.value, fields)
    stated = dates_stated(text, today)
    away = {(span.start, span.end) for span in dates if span not in stated}
    return sorted((v for v in found if (v.start, v.end) not in away), key=lambda v: v.start)


_NO_COUNT = re.compile(
    r"\s?(?:%|hrs?\b|h\b|horas?|dias?|semanas?|meses|anos?|minutos|veces|vez|pesos|am\b|pm\b"
    r"|listas?\b|cosas|datos|renglones|puntos)"
)


def audience_in(text: str, form: Form) -> tuple[str, ...]:
    """The audiences that a text names, where the form asks for them."""
    fields = form.of_kind(FieldKind.CHOICES)[:1]
    return tuple(sorted({str(m.value) for field in fields for m in choices_in(text, field)}))


_FOR_WHOM = re.compile(
    r"\b(?:es|son|va|van|sea|seria|dirigid[oa])(?: (?:solo|solamente|unicamente|nada mas"
    r"|nomas))? (?:para|a)\b(?: (?:tod[oa]s|l[oa]s|nuestr[oa]s|mis|puros|[\d.,]{1,9}))* ?"
)


def told_for(text: str, form: Form) -> tuple[str, ...]:
    """The audiences of "es para los papás …", which stand right behind these words."""
    lead = _FOR_WHOM.search(fold(text))
    told = text[lead.end() :] if lead else ""
    found = [m for f in form.of_kind(FieldKind.CHOICES)[:1] for m in choices_in(told, f)]
    led = bool(found) and found[0].start == 0
    return tuple(sorted({str(m.value) for m in found})) if led else ()
