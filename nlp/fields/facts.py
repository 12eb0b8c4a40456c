"""What speaks for and against a candidate: its place, its rivals, its shape, who stands near."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from dataclasses import field as made
from functools import lru_cache
from math import log

from nlp.fields.lexicon import AREA_HEADS, POSITION_HEADS
from nlp.fields.mentions import Mention
from nlp.fields.passages import Passage
from nlp.fields.tagger import Names, Tags
from nlp.intent.concepts import concept
from nlp.text.fold import fold, words
from nlp.text.tokens import Token, shape, stem
from nlp.types import FieldKind, FieldValue, Form


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

    @property
    def of_form(self) -> bool:
        """Whether it stands behind a label, which is the first that is said of it."""
        return self.facts[:1] == ["form"]


def add_facts(
    items: Sequence[Candidate],
    passage: Passage,
    tags: Tags,
    mentions: Sequence[Mention],
    form: Form,
    names: Names,
) -> None:
    """Add to the candidates of a passage all that the scorer weighs."""
    _weigh(items, passage, tags, form)
    _add_neighbours(items, mentions)
    _add_persons(items, tags, form)
    for one in items:
        if form[one.field].kind in (FieldKind.NAME, FieldKind.TEXT):
            pattern = _pattern(str(one.value), names)
            one.facts += [f"name={pattern}", f"name<{pattern[:1]}", f"name>{pattern[-1:]}"]
            head = fold(str(one.value)).partition(" ")[0]
            one.facts += [f"head={head in AREA_HEADS:d}{head in POSITION_HEADS:d}"]


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
        if odds[id(item)] > 0.35 or item.of_form:
            strong.setdefault(item.field, []).append(item)
    top: dict[str, float] = {}
    for item in items:
        top[item.field] = max(top.get(item.field, 0.0), odds[id(item)])
    # What is likely nowhere is nobody's rival: `bucket` tells nothing less likely apart.
    names = [f.name for f in form.fields if max(tags.along.get(f.name, ()), default=0) > _LEAST]
    of_span: dict[tuple[int, int], list[tuple[float, str]]] = {}  # the likeliest field first
    around: dict[tuple[int, int, int], list[str]] = {}  # a span may be a candidate of many fields
    for item in items:
        first, last = first_last[id(item)]
        mine = odds[id(item)]
        facts = item.facts
        facts.append(f"p={bucket(mine)}")
        facts.append(f"p={bucket(mine)} {facts[0]}")
        asked = form[item.field]
        facts.append(f"named={_named(_label_stems(asked.label, asked.aliases), tokens, first)}")
        if form[item.field].kind in _TEXTS:
            facts += _edges(item.field, tags, first, last)
        if mine >= top[item.field] - 1e-9:
            facts.append("top")
        likely = of_span.get((first, last))
        if likely is None:
            likely = sorted(
                ((tags.likely(name, first, last), name) for name in names), reverse=True
            )
            of_span[first, last] = likely
        rival = next((share for share, name in likely if name != item.field), 0.0)
        facts.append(f"rival={bucket(rival)}")
        facts += _rivals(item, strong.get(item.field, ()))
        place = (item.start, first, last)
        if place not in around:
            around[place] = list(_context(item.start, tokens, first, last, passage))
        facts += around[place]
        facts += _shape_of(item)


_NEAR = 28  # characters between neighbours


def _add_persons(items: Sequence[Candidate], tags: Tags, form: Form) -> None:
    """Add to each candidate whose the tagger takes the names next to it for; to a name, its own."""
    roles = [f.name for f in form.of_kind(FieldKind.NAME)]
    starts = [t.start for t in tags.tokens]
    found: dict[tuple[int, int], dict[str, int]] = {}
    for item in items:
        new = (item.start, item.end) not in found and len(found) < _MOST
        if new and form[item.field].kind is FieldKind.NAME:
            first, last = _tokens(starts, tags.tokens, item.start, item.end)
            found[item.start, item.end] = {r: bucket(tags.likely(r, first, last)) for r in roles}
    for item in items:
        kind = form[item.field].kind
        own = found.get((item.start, item.end))
        if kind is FieldKind.NAME and own:
            item.facts += [f"as {role}={odds}" for role, odds in own.items() if role != item.field]
        elif kind in _OF_PERSONS:
            before = [p for p in found if 0 <= item.start - p[1] <= 90]
            after = [p for p in found if 0 <= p[0] - item.end <= 40]
            place = " ".join(f for f in item.facts if f.startswith(("named=", "z=")))
            item.facts.append(place)
            for side, near in (("<", max(before, default=None)), (">", min(after, default=None))):
                if near is not None:
                    role = max(roles, key=lambda r: found[near][r])
                    whose = f"who{side}{role}"
                    item.facts += [whose, f"{whose}={found[near][role]}", f"{whose} {place}"]


_MOST = 80  # names that are looked at
_OF_PERSONS = (FieldKind.TEXT, FieldKind.EMAIL, FieldKind.DIGITS)


def _add_neighbours(items: Sequence[Candidate], mentions: Sequence[Mention]) -> None:
    """Add to each candidate what the grammars find next to it: a count stands before people."""
    for item in items:
        left = [m for m in mentions if 0 <= item.start - m.end <= _NEAR]
        right = [m for m in mentions if 0 <= m.start - item.end <= _NEAR]
        if left:
            nearest = max(left, key=lambda m: m.end)
            item.facts.append("near<" + (nearest.field or nearest.kind))
        if right:
            nearest = min(right, key=lambda m: m.start)
            item.facts.append("near>" + (nearest.field or nearest.kind))
            if nearest.start - item.end <= 2:
                item.facts.append("next>" + (nearest.field or nearest.kind))


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
def _label_stems(label: str, aliases: tuple[str, ...]) -> frozenset[str]:
    """The telling words of a label, and the single words that others type for it."""
    single = {word for alias in aliases for word in words(alias) if " " not in alias}
    return frozenset(stem(w) for w in {*words(label), *single} if len(w) > 2 + (w not in single))


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
    yield f"begin={bucket(begin[first])}"
    yield f"before={bucket(begin[first - 1] + inside[first - 1] if first else 0.0)}"
    yield f"after={bucket(after)}"
    yield f"least={bucket(least)}"
    yield f"least-after={bucket(least)}|{bucket(after)}"


def _tokens(
    starts: Sequence[int], tokens: Sequence[Token], start: int, end: int
) -> tuple[int, int]:
    first = bisect_left(starts, start)
    if first and tokens[first - 1].end > start:
        first -= 1
    last = bisect_left(starts, end) - 1
    return min(first, max(len(tokens) - 1, 0)), max(min(last, len(tokens) - 1), first)


_LEAST = 0.002  # odds below which nothing is told apart


def bucket(odds: float) -> int:
    """Odds on a coarse logarithmic scale."""
    odds = min(max(odds, _LEAST), 1 - _LEAST)
    return round(log(odds / (1 - odds)))


def _rivals(item: Candidate, strong: Sequence[Candidate]) -> Iterator[str]:
    """Whether other values of the same field stand before or behind."""
    before = any(o.value != item.value and o.end <= item.start for o in strong)
    after = any(o.value != item.value and o.start >= item.end for o in strong)
    yield f"rivals={before:d}{after:d}"


def _context(
    start: int, tokens: Sequence[Token], first: int, last: int, passage: Passage
) -> Iterator[str]:
    """The zone and the words around a span."""
    line = passage.line_of(start)
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
    yield from {
        "L:" + known for t in tokens[max(0, first - 6) : first] if (known := concept(t.folded))
    }
    yield from {"R:" + known for t in tokens[last + 1 : last + 6] if (known := concept(t.folded))}
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
