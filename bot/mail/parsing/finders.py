"""Ways of finding lines in a run of new text: by what a line, a sentence or a block says.

What the kinds of additions (`additions`) look for is told by `banners` and `footers`, and learned
(`nlp.kinds.added`).
"""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from bot.mail.parsing import banners, footers
from bot.mail.parsing.typed_text import Span, TypedText
from nlp.kinds import added as kinds

_REACHED = re.compile(  # as it stands below a name
    r"\b(?:ext(?:ension)?|tels?|telefono|cel|celular|movil|whats ?app|conm(?:utador)?|phone|fax)\b"
    r"\W{0,3}\d"
)
_MAYBE = 0.3  # how likely a line is added that goes on with another
_LONGEST = 700  # characters of a passage that says one thing
_WIDEST = 6  # lines over which it is broken
_EDGE = 15  # paragraphs above and below that are looked at
_TALLEST = 30  # lines of a paragraph that somebody's program may have added
Find = Callable[[TypedText], Iterator[int]]


def lines_that(says: Callable[[str], object], most: int = 120) -> Find:
    """Lines of at most so many characters that say such a thing."""

    def find(passage: TypedText) -> Iterator[int]:
        for number, text in enumerate(passage.folded):
            if text and len(text) <= most and says(text):
                yield number

    return find


def sentences(
    holds: Callable[[str], bool],
    hinted: Callable[[str], object],
    more: Callable[[str], object] = lambda text: not text,
) -> Find:
    """The fewest lines of a paragraph that together say such a thing, and what goes on with it.

    `hinted` tells of a whole paragraph whether it is worth a look at its parts. `more` tells of a
    line beside them whether it goes on.
    """

    def find(passage: TypedText) -> Iterator[int]:
        found: set[int] = set()
        for start, end in passage.paragraphs:
            if not hinted(passage.joined(start, end)):
                continue
            for size in range(1, min(_WIDEST, end - start) + 1):
                for at in range(start, end - size + 1):
                    if start + _TALLEST < at < end - _TALLEST:
                        continue  # deep inside what somebody pasted
                    window = range(at, at + size)
                    text = passage.joined(at, at + size)
                    if found.isdisjoint(window) and len(text) <= _LONGEST and holds(text):
                        found.update(window)
            for number in range(start + 1, end):
                wrapped = passage.texts[number].lstrip()[:1].islower()
                if number - 1 in found and (wrapped or more(passage.folded[number])):
                    found.add(number)
        for number in reversed(range(len(passage.texts))) if found else ():
            text = passage.folded[number]
            apart = found.isdisjoint({number - 1, number + 1})
            near = {passage.filled(number, 1), passage.filled(number, -1)}
            if not found.isdisjoint(near) and more(text) and (not apart or len(text.split()) < 7):
                found.add(number)
        yield from found

    return find


def to_the_end(starts: Callable[[str], bool]) -> Find:
    """From a line that begins such a notice to the end of its paragraph."""

    def find(passage: TypedText) -> Iterator[int]:
        for start, end in passage.paragraphs:
            for at in range(start, end):
                if starts(passage.joined(at, min(end, at + 200))[:2_000]):
                    yield from range(at, end)
                    break

    return find


def is_notice(text: str) -> bool:
    """Whether a folded paragraph is a lawyer's, and does not only begin like one."""
    if not footers.is_legal(text) or footers.LEGAL_TITLE.match(text):
        return False
    return not (len(text.split()) > 2 and (kinds.typed(text) or footers.TOLD.match(text)))


def titles(passage: TypedText) -> Iterator[int]:
    """What a notice, or its link, is called, where its text does not stand right below."""
    for _, end in passage.paragraphs:
        if footers.LEGAL_TITLE.match(passage.folded[end - 1]):
            yield end - 1


def block(says: Callable[[str], object], least: int) -> Find:
    """From the first to the last of several such lines, with the few between them."""

    def find(passage: TypedText) -> Iterator[int]:
        hits = [n for n, text in enumerate(passage.folded) if text and says(text[:300])]
        if len(hits) < least:
            return
        run = [hits[0]]
        for before, after in pairwise(hits):
            between = [n for n in range(before + 1, after) if passage.texts[n].strip()]
            if len(between) > 3:
                break
            run += [*between, after]
        yield from run

    return find


def by_list(passage: TypedText) -> Iterator[int]:
    """An address alone is one only below such a line: staff tell that of a list they made."""
    for number in block(_is_of_list, 1)(passage):
        yield number
        if footers.LIST_ADDRESS.match("".join(passage.folded[number + 1 : number + 2])):
            yield number + 1


def sent_by_device(passage: TypedText) -> Iterator[int]:
    for number, text in enumerate(passage.folded):
        said = footers.SENT.match(text) if len(text) < 160 else None
        named = said and not (footers.OWN_WORDS.search(text[said.end() :]) or _goes_on(text))
        if named or (footers.MINE.match(passage.texts[number]) and passage.is_alone(number)):
            yield number


def sent_anyhow(passage: TypedText) -> Iterator[int]:
    for number, text in enumerate(passage.folded):
        said = len(text.split()) <= 14 and footers.SENT_ANYHOW.match(text.strip("<>()"))
        own = footers.OWN_WORDS.search(text) or footers.TELLS.search(text)
        linked = "://" in passage.texts[number]  # its maker's words stand behind it
        if said and not (own or (_goes_on(text) and not linked)):
            yield number


def _goes_on(text: str, hint: Callable[[str], object] | None = None) -> bool:
    """Whether somebody's sentence, without a word of such a note, stands behind what a program
    wrote."""
    behind = footers.BEHIND.match(text)
    said = text[behind.end() :] if behind else ""
    return bool(said) and not (hint and hint(said)) and kinds.typed(said)


def is_virus_note(text: str) -> bool:
    return footers.is_virus_note(text) and not _goes_on(text, footers.VIRUS_HINT.search)


def is_about_printing(text: str) -> bool:
    return footers.is_about_printing(text) and not _goes_on(text, footers.NATURE.search)


def is_offer(text: str) -> bool:
    """Whether a line offers a program, and does not tell of one."""
    own = footers.TELLS.search(text) or footers.OWN_WORDS.search(text) or kinds.typed(text)
    return bool(footers.GET.match(text)) and not own


def _is_of_list(text: str) -> bool:
    told = text.startswith(("para ", "to ")) and "@" not in text and kinds.typed(text)
    return bool(footers.LIST.match(text)) and not told


_DESCRIBED = re.compile(
    r"generad[ao] automaticamente|automatically generated|generado por ia|ai-generated"
)


def described(passage: TypedText) -> Iterator[int]:
    """The description of a picture in brackets, over several lines (Outlook)."""
    for at, text in enumerate(passage.texts):
        if not text.lstrip().startswith("["):
            continue
        end = next((n for n in range(at, min(at + 5, len(passage.texts)))
                    if passage.texts[n].rstrip().endswith("]")), None)  # fmt: skip
        if end is not None and _DESCRIBED.search(passage.joined(at, end + 1)):
            yield from range(at, end + 1)


def learned(passage: TypedText) -> Iterator[int]:
    """What reads like an addition, whatever its words.

    It takes time: `added` asks it of the edges alone, a paragraph at a time (`_at_the_edges`).
    """
    for start, end in outermost(passage.paragraphs):
        yield from learned_within(passage, start, end)


def learned_within(passage: TypedText, start: int, end: int) -> frozenset[int]:
    """That of one paragraph: lines, each with what it is broken over."""
    found: set[int] = set()
    if end - start > _TALLEST:
        return frozenset()
    unit = [start]
    owned = False
    for number in range(start + 1, end + 1):
        if number < end and _is_broken(passage, number):
            unit.append(number)
            continue
        text = passage.joined(unit[0], unit[-1] + 1)
        titled = unit[-1] + 1 < end and footers.LEGAL_TITLE.match(text)
        signed = unit[0] > start and unit[0] - 1 not in found and _REACHED.search(text)
        told = signed or footers.TOLD.match(text)
        least = kinds.CLEAR if banners.is_asked(text) else kinds.SURE
        if not (told or titled) and kinds.added(text) >= least:
            found.update(unit)
        owned = owned or bool(told) or (least == kinds.CLEAR and found.isdisjoint(unit))
        unit = [number]
    whole = range(start, end)
    if not (owned or found.issuperset(whole)) and kinds.lines_added(passage.folded[start:end]):
        found.update(whole)
    return frozenset(found)


def outermost(paragraphs: Sequence[Span]) -> Sequence[Span]:
    """The paragraphs near the edges: what stands deeper inside was not added there."""
    if len(paragraphs) <= 2 * _EDGE:
        return paragraphs
    return [*paragraphs[:_EDGE], *paragraphs[-_EDGE:]]


def _is_broken(passage: TypedText, number: int) -> bool:
    """Whether a line goes on with the one above, which a program broke at a margin."""
    before, text = passage.texts[number - 1].rstrip(), passage.texts[number].lstrip()
    if not 55 <= len(before) <= 80 or before.endswith((".", ":", "!", "?")):
        return False
    return text[:1].islower() or kinds.added(passage.folded[number]) > _MAYBE
