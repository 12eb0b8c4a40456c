"""People by the part they play: who backs the request, who answers for the list."""

import re
from collections.abc import Iterator, Sequence

from nlp.fields.lexicon import POSITION_HEADS
from nlp.fields.writer import writer_is_responsible
from nlp.text.fold import fold, trim
from nlp.turns.ground import Ground
from nlp.turns.me import of_writer
from nlp.turns.mentions import NEGATED
from nlp.turns.people import PLAYED, NamedPerson, people_in, writer_backs
from nlp.turns.sentences import Sentence
from nlp.turns.types import Claim
from nlp.turns.undecided import one_of_several
from nlp.turns.writer import writer_of
from nlp.types import FieldKind, Part


def people_claimed(sentence: Sentence, ground: Ground) -> Iterator[Claim]:
    folded = sentence.folded
    people = people_in(sentence.text)
    cues = [
        (m.start(), m.end(), part)
        for part, says in (() if one_of_several(sentence.text) else PLAYED)
        for m in (says.finditer(folded) if part in ground.form else ())
        if not NEGATED.search(folded, max(0, m.start() - 30), m.start())
    ]
    sends = Part.RESPONSIBLE in ground.form and ground.writer.name
    if sends and writer_is_responsible(sentence.text):
        signed = of_writer(FieldKind.NAME, ground.writer)
        if signed is not None:
            yield Claim(Part.RESPONSIBLE, signed, 0, len(folded), 0.9, True)
        yield from _signed(ground, len(folded))
        cues = [c for c in cues if c[2] != Part.RESPONSIBLE]
    for name in _own_name(sentence, ground, people):
        yield Claim(Part.RESPONSIBLE, name, 0, len(folded), 0.8, True)
    backs = Part.BACKER in ground.open and writer_backs(folded)  # what is known, another may back
    if backs and ground.writer.name:
        yield Claim(
            Part.BACKER, of_writer(FieldKind.NAME, ground.writer) or "", 0, len(folded), 0.9, True
        )
        cues = [c for c in cues if c[2] != Part.BACKER]
    taken: set[int] = set()
    for start, end, name in cues:
        best = min(
            (p for p in people if p.start not in taken),
            key=lambda p: _distance(folded, start, end, p),
            default=None,
        )
        if best is None or _distance(folded, start, end, best) > 70:
            continue
        taken.add(best.start)
        yield Claim(name, best.name, best.start, best.end, 0.85 if best.titled else 0.8)
        if name == Part.RESPONSIBLE and Part.POSITION in ground.form:
            position = _beside(sentence.text, best)
            if position:
                yield Claim(Part.POSITION, position, best.end, best.end, 0.75, True)


_MY_NAME = re.compile(r"\bmi nombre (?:complet[oa] |correct[oa] )?(?:es|seria)\b|\bme llamo\b")


def _own_name(sentence: Sentence, ground: Ground, people: Sequence[NamedPerson]) -> Iterator[str]:
    """The writer's name in full, where that of the responsible is asked for."""
    if Part.RESPONSIBLE not in ground.missing or not _MY_NAME.search(sentence.folded):
        return
    mine = {*fold(ground.writer.name).split()}
    yield from (p.name for p in people[:1] if mine & {*fold(p.name).split()})


def _signed(ground: Ground, end: int) -> Iterator[Claim]:
    """What the signature says of a writer who is to be the responsible."""
    signed = writer_of(ground.writer.signature)
    for name, value in (
        (Part.POSITION, signed.position),
        (Part.EMAIL, signed.email),
        (Part.EXTENSION, signed.phone_ext),
    ):
        if value and name in ground.form:
            yield Claim(name, value, 0, end, 0.85, True)


_APPOSED = re.compile(
    r" ?, ?(?:(?:la|el|nuestr[oa]|quien es|que es) (?:la "
    r"|el )?)?(?P<what>[^,;:()@\d\n]{4,60}?)(?=[,.;:()\n]| y |$| \S+@)"
)
_LED = re.compile(
    r"\b(?:el|la|nuestr[oa]) (?P<what>[^,;:()@\d\n.]{4,60}?) ?, ?(?:el "
    r"|la )?(?:\w{2,5}\. ?)?$"
)


_IS_SAID = re.compile(r"\b(?:yo|soy|ser|sere|seria)\b")  # "la responsable voy a ser yo, Ana"


def _beside(text: str, person: NamedPerson) -> str | None:
    """The position that stands beside a person's name, behind or before it."""
    folded = fold(text)
    for match in (_APPOSED.match(folded, person.end), _LED.search(folded[: person.start])):
        if match is None:
            continue
        first = match["what"].split()[0]
        if first in POSITION_HEADS and not _IS_SAID.search(match["what"]):
            start, end = match.span("what")
            return trim(text[start:end])
    return None


def _distance(folded: str, start: int, end: int, person: NamedPerson) -> int:
    """How far a name is from a word of its part; what stands between may part them."""
    if person.start >= end:
        between = folded[end : person.start]
        extra = 0
    else:
        between = folded[person.end : start]
        extra = 4
    breaks = len(re.findall(r";|\by (?:el|la|mi|su|quien)\b", between))
    return max(0, len(between)) + extra + 60 * breaks
