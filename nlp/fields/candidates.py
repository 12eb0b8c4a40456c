"""Values that a passage may give to the fields of a form, each with what speaks for and against it.

Candidates come from the grammars, from the tagger and from the labels of a form. None is believed
here: `nlp.fields.scorer` weighs them.
"""

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence

from nlp.fields.answers import values_of
from nlp.fields.chunks import KINDS as CHUNKS
from nlp.fields.chunks import chunks_in, clauses_in
from nlp.fields.facts import Candidate, add_facts
from nlp.fields.form_reader import Answer
from nlp.fields.labels import labels_of
from nlp.fields.mentions import Mention
from nlp.fields.passages import Passage
from nlp.fields.tagger import Names, Tags
from nlp.fields.values import is_absent, read_name
from nlp.text.fold import fold, trim, word_set
from nlp.types import FieldKind, FieldValue, Form, FormField

KINDS: Mapping[FieldKind, tuple[str, ...]] = {
    FieldKind.INTEGER: ("number",),
    FieldKind.DIGITS: ("digits",),
    FieldKind.EMAIL: ("email",),
    FieldKind.DATE: ("date",),
    FieldKind.CHOICE: ("choice", "concept"),
    FieldKind.CHOICES: ("choice",),
    FieldKind.TEXT: ("slug", "quoted", "email"),
}


_MOST = 150  # mentions that are looked at; a request has some twenty


def candidates_in(
    passage: Passage,
    tags: Tags,
    mentions: Sequence[Mention],
    form: Form,
    today: dt.date,
    names: Names,
) -> list[Candidate]:
    """Every candidate of a passage, those of one span and value as one."""
    read = tags.tokens[-1].end if tags.tokens else 0
    labels = labels_of(form)
    found = _Found(passage, form, read)
    for start, end, answer in found.answered:
        if answer.text.rstrip().endswith("?"):
            continue  # what is asked is not said
        for name, said in values_of(answer.label, answer.text, answer.alone, form, today).items():
            found.add(form[name], said, start, end, *_form_facts(passage, answer))
            found.filled.add(name)
    by_start = [
        m
        for m in mentions
        if m.end <= read and not (m.kind == "quoted" and labels.exactly(str(m.value)))
    ][:_MOST]
    for span in tags.spans:
        if span.field in form and (span.best or not _signs(passage, span.start)):
            item = form[span.field]
            for value, start, end in _read(
                item, passage.text, span.start, span.end, by_start, names
            ):
                found.add(item, value, start, end, "span" if span.best else "second")
    for item, kind, first, last in _chunks(tags, form, names):
        start, end = tags.tokens[first].start, tags.tokens[last].end
        if _signs(passage, start):
            continue
        for value, low, high in _read(item, passage.text, start, end, by_start, names):
            found.add(item, value, low, high, "m=" + kind)
    for item in form.fields:
        for mention in by_start:
            if mention.kind in KINDS.get(item.kind, ()) and mention.field in ("", item.name):
                key = str(mention.value)
                value = (key,) if item.kind is FieldKind.CHOICES else mention.value
                found.add(item, value, mention.start, mention.end, "m=" + mention.kind)
    items = sorted(found.items, key=lambda c: (c.start, c.end))
    add_facts(items, passage, tags, by_start, form, names)
    return items


def _signs(passage: Passage, start: int) -> bool:
    """Whether a place is in the signature: whom it names `nlp.fields.writer` tells."""
    return passage.zones[passage.line_of(start)] in "gc"


def _chunks(tags: Tags, form: Form, names: Names) -> Iterator[tuple[FormField, str, int, int]]:
    """The phrases that may fill a field and where the tagger does not quite exclude it."""
    chunks = list(chunks_in(tags.tokens, names))
    for item in form.fields:
        for kind, first, last in chunks:
            if item.kind in CHUNKS[kind] and tags.likely(item.name, first, last) >= _LEAST:
                yield item, kind, first, last
        if item.kind is FieldKind.LONG_TEXT:
            for kind, first, last in clauses_in(tags.tokens, tags.along.get(item.name, ())):
                yield item, kind, first, last


_LEAST = 0.01  # odds below which a phrase is no candidate
_COUNTS = (FieldKind.INTEGER, FieldKind.DIGITS)


class _Found:
    """The candidates of a passage, while they are gathered."""

    def __init__(self, passage: Passage, form: Form, read: int) -> None:
        self.items: list[Candidate] = []
        self._by_value: dict[tuple[str, FieldValue], list[Candidate]] = {}
        self.answered = [place for place in passage.answered if place[1] <= read]
        self.filled: set[str] = set()  # what the form answers
        self._passage, self._form = passage, form
        self._whole = sum(a.label.sure for _, _, a in self.answered) >= 3

    def add(self, item: FormField, value: FieldValue, start: int, end: int, *facts: str) -> None:
        """Note a value; the same on the same place is one candidate with the facts of both."""
        alike = self._by_value.setdefault((item.name, value), [])
        for other in alike:
            if other.start < end and start < other.end:
                other.facts += facts
                return
        if "form" not in facts:
            within = next((a for s, e, a in self.answered if s < end and start < e), None)
            if within is not None:
                if not self._may_stand(item, within):
                    return
                facts = (*facts, "in=" + "+".join(within.label.names), f"in {within.alone:d}")
            elif any(low <= start < high for low, high in self._passage.labels):
                return  # part of a label
        alike.append(Candidate(item.name, value, start, end, list(facts)))
        self.items.append(alike[-1])

    def _may_stand(self, item: FormField, within: Answer) -> bool:
        """Whether the answer to another question may give a field its value: "Ana Ruiz, jefa"."""
        if item.name in within.label.names and (
            within.text.endswith("?") or is_absent(within.text)
        ):
            return False
        short = len(within.text) < 60
        if short and item.name in within.label.names and item.kind in _COUNTS:
            return False  # a range, an alternative is no value
        if item.name in within.label.names or not (within.alone or self._whole):
            return item.name not in self.filled or item.name not in within.label.names
        own = self._form[within.label.names[0]].kind
        if item.name in self.filled or (own is FieldKind.LONG_TEXT and self._whole):
            return False
        return own is FieldKind.LONG_TEXT or item.kind in _BESIDE.get(own, ())


_BESIDE: Mapping[FieldKind, frozenset[FieldKind]] = {
    FieldKind.INTEGER: frozenset({FieldKind.CHOICES}),
    FieldKind.CHOICES: frozenset({FieldKind.INTEGER}),
    FieldKind.CHOICE: frozenset({FieldKind.INTEGER}),
    **dict.fromkeys(
        (FieldKind.NAME, FieldKind.TEXT),
        frozenset({FieldKind.NAME, FieldKind.TEXT, FieldKind.EMAIL, FieldKind.DIGITS}),
    ),
}


def _form_facts(passage: Passage, answer: Answer) -> Iterator[str]:
    count = len(passage.reading.answers)
    size = "many" if count >= 6 else "some" if count >= 3 else "few"
    yield "form"
    yield f"form {size} sure={answer.label.sure:d} alone={answer.alone:d}"
    label = answer.label
    yield f"form sure={label.sure:d} marked={answer.marked:d} official={label.official:d}"
    yield "form quoted" if answer.quoted else "form typed"
    yield f"form blank={answer.blank:d}"
    yield "form names=" + "+".join((*answer.label.names, *answer.label.others))


def _read(
    item: FormField, text: str, start: int, end: int, mentions: Sequence[Mention], names: Names
) -> Iterator[tuple[FieldValue, int, int]]:
    """The typed values of a tagged span."""
    kinds = KINDS.get(item.kind, ())
    inside = [
        m
        for m in mentions
        if m.kind in kinds and m.field in ("", item.name) and m.start < end and start < m.end
    ]
    if item.kind is FieldKind.NAME:
        for first, last in _persons(text, start, end, names):
            name = read_name(text[first:last])
            if name:
                yield name, first, last
    elif item.kind is FieldKind.CHOICES:
        for mention in inside:
            yield (str(mention.value),), mention.start, mention.end
        if not inside:
            yield ("external",), start, end
    elif item.kind in (FieldKind.TEXT, FieldKind.LONG_TEXT):
        for mention in inside:
            within = start - 1 <= mention.start and mention.end <= end + 1
            if within and mention.end - mention.start >= 0.6 * (end - start):
                yield str(mention.value), mention.start, mention.end
                return
        if item.kind is FieldKind.TEXT:
            start = _ARTICLES.match(text, start, end).end()  # type: ignore[union-attr]
        value = trim(text[start:end])
        dangling = item.kind is FieldKind.TEXT and fold(value.split(" ")[-1]) in _JOINS
        if len(value) > 1 and not dangling and not is_absent(value):
            yield value, start, end
    else:
        for mention in inside:
            yield mention.value, mention.start, mention.end


_ARTICLES = re.compile(r"(?:(?:de|del|el|la|los|las|en|al|the|of) )*", re.IGNORECASE)
_JOINS = word_set("de del la las los el y e en para of the and a al con que")
_NAME_PART = re.compile(r"[^\W\d_][\w.'’-]*")


def _persons(text: str, start: int, end: int, names: Names) -> Iterator[tuple[int, int]]:
    """A tagged name, and what is left of it without words at its ends that are no known names."""
    parts = list(_NAME_PART.finditer(text, start, end))[:9]
    known = [bool(names.kind(fold(part[0]))) for part in parts]
    yield start, end
    if len(parts) < 3 or not any(known):
        return
    first, last = known.index(True), len(known) - known[::-1].index(True)
    if last - first < 2:
        return
    for low, high in ((first, len(parts)), (0, last), (first, last)):
        if (low, high) != (0, len(parts)):
            yield parts[low].start(), parts[high - 1].end()
