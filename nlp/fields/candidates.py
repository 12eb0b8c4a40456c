"""Values that a passage may give to the fields of a form, each with what speaks for and against it.

Candidates come from the grammars, from the tagger and from the labels of a form. None is believed
here: `nlp.fields.scorer` weighs them.
"""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as made
from functools import lru_cache
from math import log

from nlp.fields.answers import values_of
from nlp.fields.form_reader import Answer
from nlp.fields.labels import labels_of
from nlp.fields.mentions import Mention
from nlp.fields.passages import Passage
from nlp.fields.tagger import Names, Tags
from nlp.fields.values import is_absent, read_name
from nlp.text.fold import fold, trim, words
from nlp.text.tokens import Token, shape, stem
from nlp.types import FieldKind, FieldValue, Form, FormField

KINDS: Mapping[FieldKind, tuple[str, ...]] = {
    FieldKind.INTEGER: ("number",),
    FieldKind.DIGITS: ("digits",),
    FieldKind.EMAIL: ("email",),
    FieldKind.DATE: ("date",),
    FieldKind.CHOICE: ("choice",),
    FieldKind.CHOICES: ("choice",),
    FieldKind.TEXT: ("slug", "quoted", "email"),
}


_MOST = 150  # mentions that are looked at; a request has some twenty


@dataclass(slots=True)
class Candidate:
    """A value that a span may give to a field; `facts` are what the scorer weighs."""

    field: str
    value: FieldValue
    start: int
    end: int
    facts: list[str] = made(default_factory=list)
    sure: float = 0.0  # that its value is right
    share: float = 0.0  # of that, what this span adds


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
    found = _Found(passage, form, read)
    for start, end, answer in found.answered:
        if answer.text.rstrip().endswith("?"):
            continue  # what is asked is not said
        for name, said in values_of(answer.label, answer.text, answer.alone, form, today).items():
            found.add(form[name], said, start, end, *_form_facts(passage, answer))
            found.filled.add(name)
    labels = labels_of(form)
    by_start = [
        m
        for m in mentions
        if m.end <= read and not (m.kind == "quoted" and labels.exactly(str(m.value)))
    ][:_MOST]
    for span in tags.spans:
        if span.field in form:
            item = form[span.field]
            for value, start, end in _read(
                item, passage.text, span.start, span.end, by_start, names
            ):
                found.add(item, value, start, end, "span" if span.best else "second")
    for item in form.fields:
        for mention in by_start:
            if mention.kind in KINDS.get(item.kind, ()) and mention.field in ("", item.name):
                key = str(mention.value)
                value = (key,) if item.kind is FieldKind.CHOICES else mention.value
                found.add(item, value, mention.start, mention.end, "m=" + mention.kind)
    items = sorted(found.items, key=lambda c: (c.start, c.end))
    _weigh(items, passage, tags, form)
    for one in items:
        if form[one.field].kind is FieldKind.NAME:
            pattern = _pattern(str(one.value), names)
            one.facts += [f"name={pattern}", f"name<{pattern[:1]}", f"name>{pattern[-1:]}"]
    return items


_FIGURES = (FieldKind.DATE, FieldKind.INTEGER, FieldKind.DIGITS)


class _Found:
    """The candidates of a passage, while they are gathered."""

    def __init__(self, passage: Passage, form: Form, read: int) -> None:
        self.items: list[Candidate] = []
        self.answered = [place for place in passage.answered if place[1] <= read]
        self.filled: set[str] = set()  # what the form answers
        self._passage, self._form, self._labels = passage, form, labels_of(form)
        self._whole = sum(a.label.sure for _, _, a in self.answered) >= 3

    def add(self, item: FormField, value: FieldValue, start: int, end: int, *facts: str) -> None:
        """Note a value; the same on the same place is one candidate with the facts of both."""
        for other in self.items:
            same = other.field == item.name and other.value == value
            if same and other.start < end and start < other.end:
                other.facts += facts
                return
        if "form" not in facts:
            within = next((a for s, e, a in self.answered if s < end and start < e), None)
            if within is not None:
                if not self._may_stand(item, within):
                    return
                facts = (*facts, "in=" + "+".join(within.label.names), f"in {within.alone:d}")
            elif self._is_question(item, start):
                return
        self.items.append(Candidate(item.name, value, start, end, list(facts)))

    def _is_question(self, item: FormField, start: int) -> bool:
        """Whether a span is part of a label, or a figure that answers another form's question."""
        if any(low <= start < high for low, high in self._passage.labels):
            return True
        line = self._passage.text[self._passage.starts[self._passage.line_of(start)] : start]
        label, colon, _ = line.partition(":")
        asked = colon and len(label) < 60 and item.kind in _FIGURES
        return bool(asked) and self._labels.asks_otherwise(label)

    def _may_stand(self, item: FormField, within: Answer) -> bool:
        """Whether the answer to another question may give a field its value: "Ana Ruiz, jefa"."""
        if item.name in within.label.names and (
            within.text.endswith("?") or is_absent(within.text)
        ):
            return False
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
        if len(value) > 1 and not is_absent(value):
            yield value, start, end
    else:
        for mention in inside:
            yield mention.value, mention.start, mention.end


def _weigh(items: Sequence[Candidate], passage: Passage, tags: Tags, form: Form) -> None:
    """Add to each candidate what its place and its rivals say."""
    tokens = tags.tokens
    starts = [t.start for t in tokens]
    strong: dict[str, list[Candidate]] = {}
    odds: dict[int, float] = {}
    first_last: dict[int, tuple[int, int]] = {}
    for item in items:
        first, last = _tokens(starts, tokens, item.start, item.end)
        first_last[id(item)] = (first, last)
        odds[id(item)] = tags.likely(item.field, first, last)
        if odds[id(item)] > 0.35 or "form" in item.facts:
            strong.setdefault(item.field, []).append(item)
    top = {
        name: max(odds[id(c)] for c in items if c.field == name)
        for name in {c.field for c in items}
    }
    for item in items:
        first, last = first_last[id(item)]
        mine = odds[id(item)]
        facts = item.facts
        facts.append(f"p={_bucket(mine)}")
        facts.append(f"p={_bucket(mine)} {facts[0]}")
        facts.append(f"named={_named(_label_stems(form[item.field].label), tokens, first)}")
        if form[item.field].kind in _TEXTS:
            facts += _edges(item.field, tags, first, last)
        if mine >= top[item.field] - 1e-9:
            facts.append("top")
        rival = max(
            (tags.likely(name, first, last) for name in form_names(form) if name != item.field),
            default=0.0,
        )
        facts.append(f"rival={_bucket(rival)}")
        facts += _rivals(item, strong.get(item.field, ()))
        facts += _context(item, tokens, first, last, passage)
        facts += _shape_of(item)


_ARTICLES = re.compile(r"(?:(?:de|del|el|la|los|las|en|al|the|of) )*", re.IGNORECASE)
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


def _pattern(name: str, names: Names) -> str:
    """What each word of a name is known as: given name, surname, both, a small word, or neither."""
    kinds = {"g": "g", "f": "f", "gf": "b"}
    return "".join(
        "j" if (folded := fold(word)) in _SMALL
        else kinds.get(names.kind(folded)) or ("X" if word[0].isupper() else "x")
        for word in name.split()[:6]
    )  # fmt: skip


_SMALL = frozenset({"de", "del", "la", "las", "los", "y"})


@lru_cache(maxsize=256)
def _label_stems(label: str) -> frozenset[str]:
    """The telling words of a label."""
    return frozenset(stem(word) for word in words(label) if len(word) > 3)


def _named(label: frozenset[str], tokens: Sequence[Token], first: int) -> int:
    """How near before a token a word of the label stands: 2 next to it, 1 in its line, 0 not."""
    for back in range(1, 8):
        if first - back < 0 or tokens[first - back].text == "\n":
            return 0
        if tokens[first - back].stem in label:
            return 2 if back < 4 else 1
    return 0


_TEXTS = (FieldKind.TEXT, FieldKind.LONG_TEXT, FieldKind.NAME)


def _edges(field: str, tags: Tags, first: int, last: int) -> Iterator[str]:
    """How well the ends of a span fit what the tagger thinks of their tokens."""
    begin = tags.odds.get(f"B-{field}", ())
    inside = tags.odds.get(f"I-{field}") or [0.0] * len(tags.tokens)
    if not begin:
        return
    after = inside[last + 1] if last + 1 < len(inside) else 0.0
    least = min((inside[at] + begin[at] for at in range(first, last + 1)), default=0.0)
    yield f"begin={_bucket(begin[first])}"
    yield f"before={_bucket(begin[first - 1] + inside[first - 1] if first else 0.0)}"
    yield f"after={_bucket(after)}"
    yield f"least={_bucket(least)}"
    yield f"least-after={_bucket(least)}|{_bucket(after)}"


def form_names(form: Form) -> tuple[str, ...]:
    return tuple(f.name for f in form.fields)


def _tokens(
    starts: Sequence[int], tokens: Sequence[Token], start: int, end: int
) -> tuple[int, int]:
    first = bisect_left(starts, start)
    if first and tokens[first - 1].end > start:
        first -= 1
    last = bisect_left(starts, end) - 1
    return min(first, max(len(tokens) - 1, 0)), max(min(last, len(tokens) - 1), first)


def _bucket(odds: float) -> int:
    """Odds on a coarse logarithmic scale."""
    odds = min(max(odds, 0.002), 0.998)
    return round(log(odds / (1 - odds)))


def _rivals(item: Candidate, strong: Sequence[Candidate]) -> Iterator[str]:
    """Whether other values of the same field stand before or behind."""
    before = any(o.value != item.value and o.end <= item.start for o in strong)
    after = any(o.value != item.value and o.start >= item.end for o in strong)
    again = any(o is not item and o.value == item.value for o in strong)
    yield f"rivals={before:d}{after:d}"
    if again:
        yield "again"


def _context(
    item: Candidate, tokens: Sequence[Token], first: int, last: int, passage: Passage
) -> Iterator[str]:
    line = passage.line_of(item.start)
    zone = passage.zones[line] if line < len(passage.zones) else "b"
    yield "z=" + zone
    left = [t.stem for t in tokens[max(0, first - 6) : first]]
    right = [t.stem for t in tokens[last + 1 : last + 6]]
    near = ["^"] * 3 + left
    yield "l1=" + near[-1]
    yield f"l2={near[-2]}|{near[-1]}"
    yield f"l3={near[-3]}|{near[-2]}|{near[-1]}"
    yield "r1=" + (right[0] if right else "$")
    yield "r2=" + "|".join(right[:2])
    for word in {*left}:
        yield "L=" + word
    for word in {*right[:4]}:
        yield "R=" + word
    led = _led(tokens, first)
    if led is not None:
        yield "led"
        yield "led " + led
    alone = (first == 0 or tokens[first - 1].text == "\n") + 2 * (
        last + 1 >= len(tokens) or tokens[last + 1].text == "\n"
    )
    yield f"alone={alone}"
    yield f"a{alone}z{zone}"


def _led(tokens: Sequence[Token], first: int) -> str | None:
    """The words that stand before the last colon of a span's line, as of a label."""
    line = first
    while line and tokens[line - 1].text != "\n" and first - line < 20:
        line -= 1
    colon = next((at for at in range(first - 1, line, -1) if tokens[at].text == ":"), None)
    if colon is None:
        return None
    return "|".join(t.stem for t in tokens[max(line, colon - 4) : colon])


def _shape_of(item: Candidate) -> Iterator[str]:
    value = item.value
    if isinstance(value, int):
        yield f"size={len(str(value))}"
        yield f"small={value < 5}"
        yield f"year={2015 <= value <= 2035}"
    elif isinstance(value, str):
        parts = value.split() or [""]
        yield f"words={min(len(parts), 12)}"
        yield "first=" + fold(parts[0])[:12]
        yield "last=" + fold(parts[-1])[:12]
        yield "shape=" + "".join(shape(w)[:1] for w in parts[:4] if w)
        yield f"at={'@' in value:d}"
    elif isinstance(value, tuple):
        yield "key=" + "+".join(value)
