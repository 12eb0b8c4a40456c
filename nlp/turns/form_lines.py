"""Answers on lines with a label: typed above, on the quote's lines or between them."""

import re
from collections.abc import Sequence
from dataclasses import replace

from nlp.fields.form_reader import Answer, read_form, values_of
from nlp.fields.lexicon import AREA_HEADS
from nlp.kinds.put_off import put_off
from nlp.text.fold import fold, squeeze
from nlp.text.lines import Line
from nlp.text.slugs import SLUG
from nlp.turns.bare import LIKELY, fit, says_none
from nlp.turns.contrast import taken_back
from nlp.turns.glued import glued_claim
from nlp.turns.ground import Ground
from nlp.turns.looks import is_count
from nlp.turns.me import of_writer, says_me
from nlp.turns.people import namelike, people_in
from nlp.turns.reasons import told_later
from nlp.turns.sentences import sentence, sentences
from nlp.turns.types import GivenValue
from nlp.turns.undecided import one_of_several, undecided
from nlp.turns.values import values_in
from nlp.turns.voice import pending
from nlp.types import FieldKind, FieldValue, Part

_YES = re.compile(
    r"^\W{0,4}(?P<label>[^:\n]{3,40}): *(?:s[ií]|correcto|así es|exacto)(?:[,.;:] *(?=\w)|\W*$)",
    re.IGNORECASE,
)
LONGEST = 4_000  # characters of an answer


def labelled(lines: Sequence[Line], ground: Ground) -> tuple[dict[str, GivenValue], list[str]]:
    """The answers with a label, and the typed lines, blank where an answer took them whole."""
    found: dict[str, GivenValue] = {}
    taken: set[int] = set()
    more: dict[int, str] = {}  # what stands behind a responsible's name: post, address, extension
    for answer in sorted(read_form(lines, ground.labels).answers, key=lambda a: not a.quoted):
        if all(lines[n].copied for n in answer.lines):
            continue
        if not answer.quoted and not answer.text.strip() and "?" in answer.evidence:
            continue  # "¿un ejemplo de justificación?" is a question, not a label
        text = _news_of(answer, ground)
        whole = set(answer.lines) if answer.alone else set()
        if not text.strip():
            taken |= whole
            continue
        asks_back = "?" in text and ("¿" in text or text.rstrip().endswith("?"))
        if asks_back or not _is_answer(answer, ground):
            continue
        kinds = ground.kinds_of(answer.label)
        if FieldKind.CHOICES in kinds and not answer.quoted:
            text = next((one.text for one in sentences([text])), text)
        values = _values(replace(answer, text=text), ground)
        dateless = answer.label.sure and kinds == {FieldKind.DATE}  # "fin: fin del semestre"
        taken |= whole if values or answer.quoted or dateless or put_off(text) else set()
        for name, value in values.items():
            if value is None or sound(name, value, ground):
                found[name] = GivenValue(name, value, answer.evidence, sure=0.95)
        if whole and not answer.quoted and values:
            more.update(_behind(answer, whole, lines, ground))
    left = []
    for number, line in enumerate(lines):
        text = more.get(number, "" if line.quoted or number in taken else line.text)
        glued = glued_claim(text, ground) if text else {}
        for name, value in glued.items():
            found.setdefault(name, GivenValue(name, value, squeeze(text), sure=0.9))
        several = bool(re.search(r"[,;] | y |\d\D+\d", text)) and not any(
            ground.form[name].kind in (FieldKind.TEXT, FieldKind.LONG_TEXT) for name in glued
        )
        left.append("" if glued and not several else text)
    return found, left


def without_confirming(line: str, ground: Ground) -> str:
    """A line without the yes before its value, "Área: sí, Vida Universitaria", or that is its
    value; what is chosen may be a yes."""
    yes = _YES.match(line)
    label = ground.labels.exact.get(fold(squeeze(yes["label"]))) if yes else None
    kinds = ground.kinds_of(label) if label else set()
    if yes is None or not kinds or {FieldKind.CHOICE, FieldKind.CHOICES} & kinds:
        return line
    rest = line[yes.end() :]
    return f"{yes['label']}: {rest}" if rest.strip() else ""


_NAMED = re.compile(rf"[^:]{{3,40}}:\s*{SLUG}[,;] (?=\S+ \S+)", re.IGNORECASE)
_BESIDE = re.compile(r", | \((?=[^()]{2,60}\))")


def _behind(
    answer: Answer, whole: set[int], lines: Sequence[Line], ground: Ground
) -> dict[int, str]:
    """What stands behind an answer on its lines: a responsible's post, address and extension;
    sentences of their own behind a value that is none."""
    first, kinds = min(whole), ground.kinds_of(answer.label)
    if answer.label.names == (Part.RESPONSIBLE,) and ground.open:
        rest = {n: lines[n].text for n in whole}
        at = (
            first
            if lines[first].text.partition(":")[2].strip()
            else min(whole - {first}, default=first)
        )
        return rest | {first: "", at: "".join(_BESIDE.split(lines[at].text, 1)[1:]).strip()}
    if answer.label.names == (Part.NAME,) and (named := _NAMED.match(lines[first].text)):
        return {n: lines[n].text for n in whole} | {first: lines[first].text[named.end() :]}
    if len(whole) > 1 or FieldKind.LONG_TEXT in kinds:
        return {}
    told = sentences([lines[first].text])
    return {first: " ".join(one.text for one in told[1:])} if len(told) > 1 else {}


_CORRECTS = re.compile(
    r"^(?:\s*(?:->|→|=>|[-–—,;:/()]|no\b|perd[oó]n|corrijo|es\b|ahora|son\b|mejor|sino))+\s*",
    re.IGNORECASE,
)


_LISTS = re.compile(r" ?(?:[,;/+]|y\b|e\b)(?! ?no\b)", re.IGNORECASE)
_SAID = re.compile(
    r"^\W*(?:(?:donde )?(?:dice|dec[ií]a)\b.{1,90}?)?\bdebe(?:r[ií]a)? (?:decir|ser)\b:? *", re.I
)


def _news_of(answer: Answer, ground: Ground) -> str:
    """What the writer put there: behind what we had sent, or in its place."""
    if not answer.quoted:
        said = _SAID.match(answer.text)
        return answer.text[said.end() :] if said else answer.text
    text = squeeze(answer.text[:LONGEST])
    sent = [ground.context.sent.get(name, "") for name in answer.label.names]
    for shown in {one: None for told in sent if told for one in (told, told.replace(",", ""))}:
        if fold(text).startswith(fold(shown)):
            kinds = ground.kinds_of(answer.label)
            if FieldKind.CHOICES in kinds and _LISTS.match(text, len(shown)):
                return text  # "alumnos, docentes" with ", egresados" typed behind
            return _CORRECTS.sub("", text[len(shown) :])
    return text


def _is_answer(answer: Answer, ground: Ground) -> bool:
    """Whether a line whose label is in other words is an answer: what is open is asked for.

    A question in whose words a label is recognised is none: "¿es forzoso poner el visto bueno?".
    """
    if answer.label.sure:
        return True
    asks = "?" in answer.evidence and not answer.quoted
    return not asks and any(name in ground.open for name in answer.label.names)


def _values(answer: Answer, ground: Ground) -> dict[str, FieldValue | None]:
    form, text = ground.form, answer.text
    names = [n for n in answer.label.names if n in form]
    if says_none(fold(text)) and not any(form[n].essential for n in names):
        return dict.fromkeys(names)
    if says_me(text) and not people_in(text):
        given = {n: of_writer(form[n].kind, ground.writer) for n in names}
        return {n: v for n, v in given.items() if v is not None}
    kinds = ground.kinds_of(answer.label)
    if undecided(text) or (FieldKind.NAME in kinds and _names_nobody(text)):
        return {}
    if kinds == {FieldKind.LONG_TEXT} and _FIN.match(fold(answer.evidence)):
        return {}  # no aim: "Fin: permanente"
    if kinds == {FieldKind.DIGITS} and is_count(fold(text)):
        return {}  # "lo que dije por teléfono: son 450"
    if FieldKind.LONG_TEXT in kinds and told_later(text):
        return {}
    values: dict[str, FieldValue | None] = dict(values_of(answer, form, ground.today))
    for name in names:
        named = people_in(text) if form[name].kind is FieldKind.NAME else []
        if named and not people_in(str(values.get(name, ""))):  # "mi director, Arq. Tomás Rivas"
            values[name] = named[0].name
    told = values_in(text, form, ground.today)
    taken = taken_back(fold(text), told)
    if any(taken.values()):  # "Frecuencia: no semanal, mensual"
        left = ((name, v.value) for v in told if not taken[v] for name in v.fields if name in names)
        values.update(left)
    if not values and any(form[n].kind is FieldKind.CHOICES for n in names):
        values = _counted(text, ground)
    return values


def _names_nobody(text: str) -> bool:
    """Whether an answer puts off who it is, or leaves open which of several."""
    named = any(one.titled or namelike(one.name) for one in people_in(text))
    return one_of_several(text) or pending(sentence(text)) or (put_off(text) and not named)


_FIN = re.compile(r"\W*fin(?:al)?\W+\w+\W*$")


def _counted(text: str, ground: Ground) -> dict[str, FieldValue | None]:
    """How many, behind the label that asks for whom: "Destinatarios: 512"."""
    for name in ground.of_kind(FieldKind.INTEGER):
        found = fit(ground.form[name], text, ground)
        if found.strength >= LIKELY - 0.1:
            return dict(found.values)
    return {}


def sound(name: str, value: FieldValue, ground: Ground) -> bool:
    """Whether a value can be one: "del Director" is no name."""
    if ground.form[name].kind is not FieldKind.NAME:
        return True
    first = fold(str(value)).split()[0]
    return first not in ("de", "del", "el", "la", "los", "las") and first not in AREA_HEADS
