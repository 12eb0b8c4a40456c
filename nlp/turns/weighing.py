"""What a turn says, weighed: what the readers of turns and the reader of first mails found.

Both are heard and neither is believed: the scorer shares one certainty among what the turn may
mean for a field, and that it says nothing of it.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from nlp.fields.facts import bucket
from nlp.fields.reader import FieldReader
from nlp.fields.scorer import Scorer
from nlp.fields.values import is_absent
from nlp.kinds.put_off import put_off
from nlp.text.fold import fold, squeeze, trim, words
from nlp.text.lines import Line
from nlp.turns.contrast import same_value
from nlp.turns.courtesy import is_courtesy
from nlp.turns.form_lines import sound
from nlp.turns.ground import Ground
from nlp.turns.hints import NOT_SIZE_BEFORE
from nlp.turns.me import says_me
from nlp.turns.people import BACKS, SENDS, made_of, people_in
from nlp.turns.reasons import gives_reason, of_the_process, told_later
from nlp.turns.second_thoughts import denied
from nlp.turns.sentences import Sentence, word_at
from nlp.turns.types import GivenValue
from nlp.turns.undecided import one_of_several, undecided
from nlp.turns.voice import speaks_against
from nlp.types import Extraction, FieldKind, FieldValue, Part

TURN = "(turn)"  # the name under which the scorer knows what is weighed here
_HEARD = 0.35  # what the reader of first mails finds less likely than this is not weighed
_LEAST = 0.7  # what only that reader finds counts from here on; else it is asked for again
_EVEN = 0.45  # … or from here on, where that reader is as certain as this of it
_CERTAIN = 0.95
_CLEAR = 0.9  # … of what would change what is known, or is told of others, asked, left open
_DOUBTED = 0.25  # what a reader of turns found counts from here on
_TOLD = 0.05  # … of a text or a set
_IN_WORDS = (FieldKind.LONG_TEXT, FieldKind.CHOICES)  # told in words of their own
_APART = frozenset({"away", "against", "left open"})
_LONG = 30  # words of a sentence
Option = tuple[GivenValue, list[str]]


def weighed(
    said: Mapping[str, GivenValue],
    options: Mapping[str, Sequence[Option]],
    ground: Ground,
    scorer: Scorer,
) -> dict[str, GivenValue]:
    """The likeliest option of each field that is likely enough, with its share as certainty.

    A field that has a value keeps what a correction said of it, however unlikely.
    """
    kept = dict(said)
    for name, mine in options.items():
        facts = [none_of(name, mine, ground), *(facts for _, facts in mine)]
        shared = [*zip(mine, scorer.shares(TURN, facts)[1:], strict=True)]
        rule = said.get(name)
        ranked = [option for option, _ in sorted(shared, key=lambda one: -one[1])]
        for option in ranked:  # the likeliest, or what a reader of turns found, on its own terms
            one, ruled = _told_by(option, rule, ground)
            told = (option[0].value, one.value)
            sure = sum(s for (o, _), s in shared if any(_same(o.value, value) for value in told))
            if sure >= _least(option, ground, ruled=ruled) or (ruled and name in ground.known):
                # Its own certainty counts where it is the likeliest, too.
                own = rule.sure if rule and ruled and option is ranked[0] else 0.0
                kept[name] = replace(one, sure=max(sure, own))
                break
        else:
            if name not in ground.known:
                kept.pop(name, None)
    post = kept.get(Part.POSITION)
    if post is not None and Part.POSITION not in said and Part.RESPONSIBLE not in kept:
        known = ground.known.get(Part.RESPONSIBLE)
        if any(not _same(one.name, known) for one in people_in(post.evidence)):
            kept.pop(Part.POSITION)  # it is told of somebody: "el Dr. Sánchez, nuestro rector"
    return kept


def _least(best: Option, ground: Ground, *, ruled: bool) -> float:
    """From which certainty on an option counts; `ruled`: a reader of turns found it."""
    one, facts = best
    if ruled:
        return _TOLD if ground.form[one.field].kind in _IN_WORDS else _DOUBTED
    if one.field in ground.known or not _APART.isdisjoint(facts):
        return _CLEAR
    certain = one.sure >= _CERTAIN and "nobody" not in facts
    return _EVEN if certain else _LEAST


def _told_by(option: Option, rule: GivenValue | None, ground: Ground) -> tuple[GivenValue, bool]:
    """What an option gives, and whether a reader of turns found it: the whole of a line that is the
    answer, where the option is but its end, "Dirección de Planta Física"."""
    one, _ = option
    if rule is None:
        return one, False
    value, line = str(one.value), str(rule.value)
    is_line = line == squeeze(rule.evidence) and ground.form[one.field].kind is FieldKind.TEXT
    if is_line and line != value and line.endswith(f" {value}"):
        return rule, True
    return one, _same(one.value, rule.value)


def none_of(name: str, options: Sequence[Option], ground: Ground) -> list[str]:
    """What speaks for no value of a field."""
    return ["none", "none " + name, f"none {_open(name, ground)}", f"none n={len(options)}"]


def options_of(
    said: Mapping[str, GivenValue],
    lines: Sequence[Line],
    told: Sequence[Sentence],
    away: Collection[int],
    unclear: Collection[str],
    ground: Ground,
    reader: FieldReader,
) -> dict[str, list[Option]]:
    """What the turn may mean, by field, each with what speaks for and against it; `away` are the
    sentences that ask or command, `unclear` the fields about which we have to ask."""
    read, gone = reader.read_lines(lines, ground.form, ground.today, _HEARD), denied(told, ground)
    found = {name: one for name, one in read.items() if str(one.value) not in gone}
    values = {name: one.value for name, one in said.items() if one.value is not None}
    told_of = {**{name: one.value for name, one in found.items()}, **values}
    texts = {n: v for n, v in told_of.items() if ground.form[n].kind is FieldKind.LONG_TEXT}
    options: dict[str, list[Option]] = {}
    # Not heard: a farewell, and what is no sentence, but where labels open lines.
    nowhere = {"courtesy"} | (set() if said else {"elsewhere"})
    for name in {**said, **found}:
        kind, mine = ground.form[name].kind, said.get(name)
        if mine is not None and (mine.value is None or says_me(_answer_of(mine))):
            continue  # there is no such thing, or it is the writer's
        item = found.get(name)
        if item is not None and _same(item.value, ground.known.get(name)):
            item = None
        if mine and item and kind is FieldKind.LONG_TEXT and _takes_in(mine, texts):
            mine = None
        if mine is not None:
            facts = [*_of_value(mine, kind, ground), "rule", f"rule {mine.sure:.2f}"]
            facts += _around(mine, told, away, values, ground)
            beside = _beside(mine, found.get(name))
            facts += [beside, f"{beside} {mine.sure:.2f}"]
            options.setdefault(name, []).append((mine, facts))
        if item is not None:
            one = GivenValue(name, item.value, item.evidence, sure=item.sure)
            around = [*_around(one, told, away, values, ground)]
            silent = name in unclear or not nowhere.isdisjoint(around)
            if (mine is None and silent) or not _is_heard(one, mine, kind, values, told_of):
                continue
            facts = [*_of_value(one, kind, ground), "read", f"read {bucket(item.sure)}", *around]
            beside = "alone" if mine is None else f"against {mine.sure:.2f}"
            facts += [beside, f"{beside} {bucket(item.sure)}"]
            options.setdefault(name, []).append((one, facts))
    return {name: [_of_field(name, *one) for one in mine] for name, mine in options.items()}


_PICKED = (FieldKind.INTEGER, FieldKind.CHOICE)


def _is_heard(
    one: GivenValue,
    mine: GivenValue | None,
    kind: FieldKind,
    values: Mapping[str, FieldValue],
    told_of: Mapping[str, FieldValue],
) -> bool:
    """Whether a value that is only read may be meant beside `mine`, what is said of its field."""
    apart_from = kind in (*_PICKED, FieldKind.DIGITS) or (kind is FieldKind.NAME and mine is None)
    others = {str(v) for n, v in values.items() if n != one.field} if apart_from else ()
    if says_me(str(one.value)) or str(one.value) in others or _is_part(one, mine):
        return False
    if kind is FieldKind.INTEGER and NOT_SIZE_BEFORE.search(_parts(one)[0]):
        return False
    if kind is FieldKind.LONG_TEXT:
        return not (of_the_process(fold(str(one.value))) or _takes_in(one, told_of))
    return mine is None or kind is not FieldKind.NAME or bool(people_in(str(one.value)))


def _parts(one: GivenValue) -> tuple[str, bool, str]:
    """The evidence of a value, folded: what stands before it, whether it stands there word by word,
    and what stands behind."""
    text, value = fold(one.evidence), fold(str(one.value))
    at = word_at(text, value) if value else -1
    return (text, False, "") if at < 0 else (text[:at], True, text[at + len(value) :])


def _left_open(one: GivenValue, kind: FieldKind, told: Sequence[Sentence]) -> bool:
    """Whether a value is put off or one of two, or a name is told as one of several."""
    if kind in (*_PICKED, FieldKind.DATE) and undecided(one.evidence):
        return True
    told_in = (s.text for s in told if _shares(s.text, one.evidence))
    if kind is FieldKind.NAME and any(map(one_of_several, told_in)):
        return True
    return (told_later if kind is FieldKind.LONG_TEXT else put_off)(str(one.value))


def _of_field(name: str, one: GivenValue, facts: list[str]) -> Option:
    """Each fact by itself, and as one of this field."""
    return one, [*facts, *(f"{name} {fact}" for fact in facts)]


def _beside(said: GivenValue, read: Extraction | None) -> str:
    """Whether the reader of first mails found the same."""
    if read is None:
        return "alone"
    return f"{'so' if _same(said.value, read.value) else 'not'} {bucket(read.sure)}"


def _answer_of(one: GivenValue) -> str:
    return one.evidence.partition(":")[2] or one.evidence


def _of_value(one: GivenValue, kind: FieldKind, ground: Ground) -> Iterator[str]:
    yield _open(one.field, ground)
    yield f"kind {kind}"
    parts = words(str(one.value)) if isinstance(one.value, str) else ()
    if parts:
        yield f"words={min(len(parts), 12) if len(parts) < 4 else len(parts) // 2 * 2}"
        if kind is not FieldKind.LONG_TEXT:
            yield "first=" + parts[0]
            yield "last=" + parts[-1]
    yield f"evidence={len(one.evidence.split()) // 4}"
    if len(words(one.evidence)) - len(parts or (1,)) < 2:
        yield "whole"
    if put_off(str(one.value)) or is_absent(str(one.value)):
        yield "no value"
    if undecided(one.evidence):
        yield "undecided"
        yield f"undecided {kind}"
    if not sound(one.field, one.value or "", ground):
        yield "unsound"


def _open(name: str, ground: Ground) -> str:
    return "known" if name in ground.known else "asked" if name in ground.missing else "open"


def _around(
    one: GivenValue,
    told: Sequence[Sentence],
    away: Collection[int],
    values: Mapping[str, FieldValue],
    ground: Ground,
) -> Iterator[str]:
    """What the sentence is like in which a value was read."""
    kind = ground.form[one.field].kind
    at = next((n for n, s in enumerate(told) if _shares(s.text, one.evidence)), None)
    yield "courtesy" if is_courtesy(one.evidence) else "told" if at is not None else "elsewhere"
    if at is not None:
        sentence = told[at]
        apart = {
            "away": at in away or sentence.asks,
            "against": speaks_against(kind, sentence, named=False),
            "left open": _left_open(one, kind, told),
        }
        long = min(len(sentence.folded.split()) // 8, 4)
        for fact, holds in apart.items():
            if holds:
                yield from (fact, f"{fact} {kind}", f"{fact} {long}")
        if kind is FieldKind.NAME:
            parts = (("backs", BACKS), ("sends", SENDS))
            roles = [which for which, pattern in parts if pattern.search(sentence.folded)]
            yield from roles or ("nobody",)
        responsible = _responsible(values, ground) if kind is FieldKind.EMAIL else ""
        if responsible and not made_of(str(one.value), responsible):
            yield "nobody"
    if kind is FieldKind.LONG_TEXT:
        yield f"reason {gives_reason(one.evidence):d}"
    if any(name != one.field and _same(value, one.value) for name, value in values.items()):
        yield "another"
    yield from _worded(one)


def _responsible(values: Mapping[str, FieldValue], ground: Ground) -> str:
    """The name of who is or shall be responsible; empty where there is none."""
    return str(values.get(Part.RESPONSIBLE) or ground.known.get(Part.RESPONSIBLE, ""))


def _worded(one: GivenValue) -> Iterator[str]:
    """The words before and behind a value, or of its sentence where it is not told word by word."""
    before, found, behind = _parts(one)
    said = [word[:7] for word in words(before)]
    if not found:
        told = said if len(said) < _LONG else []
        yield from dict.fromkeys(f"says={word}" for word in told if not word.isdigit())
        return
    after = [word[:7] for word in words(behind)][:2]
    yield from (f"before={word}" for word in said[-3:])
    yield from (f"behind={word}" for word in after)
    yield f"just before={' '.join(said[-2:])}"
    yield f"just behind={' '.join(after[:1])}"


def _is_part(one: GivenValue, mine: GivenValue | None) -> bool:
    """Whether what is read is cut out of a text that was said, is a figure of a sum, or lacks
    members of a set."""
    if mine is None:
        return False
    if isinstance(one.value, tuple) and isinstance(mine.value, tuple):
        return {*one.value} < {*mine.value}
    if isinstance(one.value, int) and isinstance(mine.value, int):
        return one.value < mine.value and f"{mine.value}" not in mine.evidence
    text = fold(str(one.value))
    return text.count(" ") > 2 and text in fold(str(mine.value))


def _takes_in(one: GivenValue, values: Mapping[str, FieldValue]) -> bool:
    """Whether a read text holds what was said for another field."""
    text = fold(str(one.value))
    others = (fold(str(value)) for name, value in values.items() if name != one.field)
    return any(len(other) > 4 and other in text for other in others)


def _same(one: FieldValue | None, other: FieldValue | None) -> bool:
    if not isinstance(one, str) or not isinstance(other, str):
        return one == other
    mine, theirs = {*words(one)}, {*words(other)}
    long = min(len(mine), len(theirs)) > 3
    return same_value(one, other) or (long and len(mine & theirs) >= 0.7 * len(mine | theirs))


def _shares(one: str, other: str) -> bool:
    """Whether one of two texts is a piece of the other, but for the points at their ends."""
    one, other = trim(squeeze(one)), trim(squeeze(other))
    return bool(one and other) and (one in other or other in one)
