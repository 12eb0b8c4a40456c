"""What the trained tagger finds in the prose of a turn, for fields that nothing else fills."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from nlp.fields.reader import FieldReader
from nlp.text.fold import fold, squeeze, trim
from nlp.text.lines import Line
from nlp.turns.courtesy import is_courtesy
from nlp.turns.form_lines import sound
from nlp.turns.ground import Ground
from nlp.turns.people import BACKS, SENDS
from nlp.turns.reasons import gives_reason
from nlp.turns.sentences import Sentence, sentences
from nlp.turns.types import Said
from nlp.turns.undecided import undecided
from nlp.turns.voice import speaks_against
from nlp.types import Extraction, FieldKind, FieldValue


def tagged(
    lines: Sequence[Line],
    told: Sequence[Sentence],
    away: Collection[int],
    said: Mapping[str, Said],
    ground: Ground,
    reader: FieldReader,
) -> dict[str, Said]:
    """The values for open fields in the typed lines, but for the sentences `away` of those told."""
    wanted = [name for name in ground.open if name not in said]
    if not wanted or not told:
        return {}
    out = [s for n, s in enumerate(told) if n in away or s.asks]
    out += [s for s in sentences([line.text for line in lines]) if is_courtesy(s.text)]
    kept = tuple(
        line if _is_labelled(line.text, ground) else replace(line, text=_without(line.text, out))
        for line in lines
    )
    form_lines = [line.text for line in kept if _is_labelled(line.text, ground)]
    found: dict[str, Said] = {}
    for name, item in _extracted(kept, wanted, ground, reader).items():
        sentence = next((s for s in told if _shares(s.text, item.evidence)), None)
        stands = sentence is not None or any(_shares(t, item.evidence) for t in form_lines)
        if name not in wanted or not stands:
            continue
        if sentence is not None and not _trusted(name, sentence, item.value, ground):
            continue
        if name == "justification" and not gives_reason(item.evidence):
            continue
        if not _plays_another_part(name, item.value, said, ground):
            found[name] = Said(name, item.value, item.evidence, sure=0.7)
    return found


def _extracted(
    lines: tuple[Line, ...], wanted: Sequence[str], ground: Ground, reader: FieldReader
) -> dict[str, Extraction]:
    found = reader.read_lines(lines, ground.form, ground.today)
    return {name: item for name, item in found.items() if name in wanted}


def _is_labelled(text: str, ground: Ground) -> bool:
    head, colon, _ = text.partition(":")
    return bool(colon) and ground.labels.find(head) is not None


def _trusted(name: str, sentence: Sentence, value: FieldValue, ground: Ground) -> bool:
    kind = ground.form[name].kind
    if speaks_against(kind, sentence, named=False):
        return False
    if kind in (FieldKind.INTEGER, FieldKind.CHOICE) and undecided(sentence.text):
        return False
    if kind is FieldKind.NAME:
        part = {"sponsor": BACKS, "responsible": SENDS}.get(name)
        return sound(name, value, ground) and bool(part and part.search(sentence.folded))
    return kind is not FieldKind.LONG_TEXT or len(str(value).split()) > 2


def _plays_another_part(
    name: str, value: FieldValue, said: Mapping[str, Said], ground: Ground
) -> bool:
    others = (str(one.value) for field, one in said.items() if field != name)
    is_name = ground.form[name].kind is FieldKind.NAME
    return is_name and any(fold(other) == fold(str(value)) for other in others)


def _shares(one: str, other: str) -> bool:
    """Whether one of two texts is a piece of the other, but for the points at their ends."""
    one, other = trim(one), trim(other)
    return bool(one and other) and (one in other or other in one)


def _without(text: str, out: Sequence[Sentence]) -> str:
    text = squeeze(text) if "\t" not in text else text
    for sentence in out:
        text = text.replace(sentence.text, "")
    return text
