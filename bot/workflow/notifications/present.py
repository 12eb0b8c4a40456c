"""Values as people read them: what notifications say of a form, in Spanish."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.workflow.calendar import plain_date
from bot.workflow.case import Case, Inquiry
from bot.workflow.kinds import RequestKind
from nlp.types import Extraction, FieldKind, FieldValue, Form, FormField
from replies.phrases import say

if TYPE_CHECKING:
    from bot.workflow.organization import Organization


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the form as shown: empty `value` where it is missing.

    `source` says where the value stood ("en su mensaje", "en formato.docx"), `evidence` quotes it;
    `before` is the value that this one replaced since the last notice, if any.
    """

    name: str
    label: str
    value: str
    hint: str = ""
    source: str = ""
    evidence: str = ""
    before: str = ""
    required: bool = True


def show(field: FormField, value: FieldValue) -> str:
    """A value as text: dates in words, thousands parted by commas, choices in Spanish."""
    match value:
        case dt.date():
            return plain_date(value)
        case int():
            return f"{value:,}"
        case tuple():
            return ", ".join(_wording(field, key) for key in value)
        case _ if field.kind is FieldKind.CHOICE:
            return _wording(field, value)
        case _:
            return value


def is_correction(found: Extraction) -> bool:
    """Whether a value was given by staff, in words of theirs (CORREGIR)."""
    return found.source == "staff" and bool(found.evidence)


def rows(form: Form, case: Case, before: Case | None = None) -> tuple[Row, ...]:
    """The whole form of a case; with `before`, what changed since then is marked."""
    return tuple(_row(field, case, before) for field in form.fields)


def missing_rows(kind: RequestKind, case: Case) -> tuple[Row, ...]:
    """The lines that still must be filled in."""
    return tuple(_row(kind.form[name], case, None) for name in kind.missing(case))


@dataclass(frozen=True, slots=True)
class InquiryLine:
    """Who was asked about a case, what they answer for, and what they said."""

    who: str
    role: str
    said: str
    words: str


def inquiry_lines(organization: Organization, case: Case) -> tuple[InquiryLine, ...]:
    """What those outside said who were asked about a case."""
    return tuple(_inquiry(organization, case, one) for one in case.inquiries)


def _inquiry(organization: Organization, case: Case, one: Inquiry) -> InquiryLine:
    day = plain_date(organization.day(one.asked_at))
    said = organization.say(f"inquiry.said.{one.reply or 'none'}", day=day)
    if one.reply and one.version != case.version:
        said = f"{said} ({organization.say('inquiry.said.earlier')})"
    role = organization.say(f"inquiry.as.{one.topic}", about=one.about)
    return InquiryLine(one.who, role, said, one.words)


def labels(form: Form, names: Iterable[str]) -> str:
    """Labels of fields as an enumeration: "Área solicitante, Cargo y Extensión"."""
    return enumeration([form[name].label for name in names])


def enumeration(items: list[str], word: str = "") -> str:
    """Items as Spanish joins them: "a, b y c" ("e" before an i sound), or by another `word`."""
    if len(items) < 2:
        return "".join(items)
    last = items[-1]
    if word:
        return f"{', '.join(items[:-1])} {word} {last}"
    vowel = last.lower().startswith(("i", "í", "hi")) and not last.lower().startswith(("hie", "ie"))
    return f"{', '.join(items[:-1])} {'e' if vowel else 'y'} {last}"


def _row(field: FormField, case: Case, before: Case | None) -> Row:
    found = case.form.get(field.name)
    old = before.form.get(field.name) if before else None
    changed = before is not None and old is not None and (found is None or old.value != found.value)
    return Row(
        name=field.name,
        label=field.label,
        value=show(field, found.value) if found else "",
        hint=field.hint,
        source=_source(found.source) if found else "",
        evidence=found.evidence if found else "",
        before=show(field, old.value) if changed and old else "",
        required=field.required,
    )


def _wording(field: FormField, key: str) -> str:
    wordings = field.choices.get(key)
    return wordings[0] if wordings else key


def _source(source: str) -> str:
    if source in ("text", "intent", "staff"):
        return say(f"source.of.{source}")
    return say("source.at", place=source)
