"""What programs, servers and devices add to a text: told apart from what was typed, here alone.

Banners of gateways, lines of antivirus programs and of telephones, legal notices, invitations to
video meetings, footers of mailing lists. They are known by what they speak of, not by their
words: a line is a banner because it tells where this mail came from and warns of its links.
What nobody but a program would write counts wherever it stands; what a person might write as well
only at the edge of the text.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import pairwise

from bot.mail.parsing import banners, footers
from bot.mail.parsing.typed_text import RULE, Span, TypedText
from nlp.kinds import added as kinds
from nlp.types import BlockKind

_FRAMED = re.compile(r"[\s>]*([*#|\u2502\u2503\u2551])(?!\1).{0,2000}(?<!\1)\1\s*$")
_CITED = ("«", "“", '"')
_A_TEXT = re.compile(r"\b(?:el|este|un) (?:texto|comunicado|anuncio)\b[^.]{0,60}:$")
_OPENS = re.compile(
    r"[:,]$|(?:hola|buen(?:os|as?)? (?:dias?|tardes?|noches?)|estimad[oa]s?|apreciad[oa]s?|dear|hi"
    r"|hello)\b\D{0,30}$"
)
_CLOSES = re.compile(
    r"(?:(?:best|kind|warm|un|con|reciba)\b.{0,12})?"
    r"(?:saludos?|regards|wishes|atte|atentamente|cordialmente)\b.{0,40}$"
)
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


@dataclass(frozen=True, slots=True)
class Addition:
    """One kind: `find` gives the numbers of the lines that are it.

    `anywhere`: no person writes so. Else it counts only where nothing but additions stands
    between it and an end of the text.
    """

    name: str
    example: str
    find: Find
    anywhere: bool = True


def _lines(says: Callable[[str], object], most: int = 120) -> Find:
    """Lines of at most so many characters that say such a thing."""

    def find(passage: TypedText) -> Iterator[int]:
        for number, text in enumerate(passage.folded):
            if text and len(text) <= most and says(text):
                yield number

    return find


def _sentences(
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
            near = {_filled(passage, number, 1), _filled(passage, number, -1)}
            if not found.isdisjoint(near) and more(text) and (not apart or len(text.split()) < 7):
                found.add(number)
        yield from found

    return find


def _to_the_end(starts: Callable[[str], bool]) -> Find:
    """From a line that begins such a notice to the end of its paragraph."""

    def find(passage: TypedText) -> Iterator[int]:
        for start, end in passage.paragraphs:
            for at in range(start, end):
                if starts(passage.joined(at, min(end, at + 200))[:2_000]):
                    yield from range(at, end)
                    break

    return find


def _is_notice(text: str) -> bool:
    """Whether a folded paragraph is a lawyer's, and does not only begin like one."""
    if not footers.is_legal(text) or footers.LEGAL_TITLE.match(text):
        return False
    return not (len(text.split()) > 2 and (kinds.typed(text) or footers.TOLD.match(text)))


def _titles(passage: TypedText) -> Iterator[int]:
    """What a notice, or its link, is called, where its text does not stand right below."""
    for _, end in passage.paragraphs:
        if footers.LEGAL_TITLE.match(passage.folded[end - 1]):
            yield end - 1


def _block(says: Callable[[str], object], least: int) -> Find:
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


def _by_list(passage: TypedText) -> Iterator[int]:
    """An address alone is one only below such a line: staff tell that of a list they made."""
    for number in _block(_is_of_list, 1)(passage):
        yield number
        if footers.LIST_ADDRESS.match("".join(passage.folded[number + 1 : number + 2])):
            yield number + 1


def _sent_by_device(passage: TypedText) -> Iterator[int]:
    for number, text in enumerate(passage.folded):
        said = footers.SENT.match(text) if len(text) < 160 else None
        named = said and not (footers.OWN_WORDS.search(text[said.end() :]) or _goes_on(text))
        if named or (footers.MINE.match(passage.texts[number]) and passage.is_alone(number)):
            yield number


def _sent_anyhow(passage: TypedText) -> Iterator[int]:
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


def _is_virus_note(text: str) -> bool:
    return footers.is_virus_note(text) and not _goes_on(text, footers.VIRUS_HINT.search)


def _is_about_printing(text: str) -> bool:
    return footers.is_about_printing(text) and not _goes_on(text, footers.NATURE.search)


def _is_offer(text: str) -> bool:
    """Whether a line offers a program, and does not tell of one."""
    own = footers.TELLS.search(text) or footers.OWN_WORDS.search(text) or kinds.typed(text)
    return bool(footers.GET.match(text)) and not own


def _is_of_list(text: str) -> bool:
    told = text.startswith(("para ", "to ")) and "@" not in text and kinds.typed(text)
    return bool(footers.LIST.match(text)) and not told


_DESCRIBED = re.compile(
    r"generad[ao] automaticamente|automatically generated|generado por ia|ai-generated"
)


def _described(passage: TypedText) -> Iterator[int]:
    """The description of a picture in brackets, over several lines (Outlook)."""
    for at, text in enumerate(passage.texts):
        if not text.lstrip().startswith("["):
            continue
        end = next((n for n in range(at, min(at + 5, len(passage.texts)))
                    if passage.texts[n].rstrip().endswith("]")), None)  # fmt: skip
        if end is not None and _DESCRIBED.search(passage.joined(at, end + 1)):
            yield from range(at, end + 1)


def _learned(passage: TypedText) -> Iterator[int]:
    """What reads like an addition, whatever its words.

    It takes time: `added` asks it of the edges alone, a paragraph at a time (`_at_the_edges`).
    """
    for start, end in _outermost(passage.paragraphs):
        yield from _learned_within(passage, start, end)


def _learned_within(passage: TypedText, start: int, end: int) -> frozenset[int]:
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


def _outermost(paragraphs: Sequence[Span]) -> Sequence[Span]:
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


ADDITIONS = (
    Addition(
        "banner",
        "CAUTION: This email originated from outside of the organization. Do not click links.",
        _sentences(banners.is_banner, banners.is_hinted, banners.goes_on),
    ),
    Addition(
        "reply line", "##- Reply above this line -##", _lines(footers.REPLY_LINE.match, most=120)
    ),
    Addition("tag", "[EXTERNAL]", _lines(banners.TAG.match, most=60), anywhere=False),
    Addition("device", "Enviado desde mi iPhone", _sent_by_device),
    Addition("program", "Enviado con Canary", _sent_anyhow, anywhere=False),
    Addition(
        "offer",
        "Obtener Outlook para iOS<https://aka.ms/o0ukef>",
        _lines(_is_offer),
        anywhere=False,
    ),
    Addition(
        "slogan",
        "Yahoo Mail: Busca, organiza, conquista",
        _lines(footers.SLOGAN.match),
        anywhere=False,
    ),
    Addition(
        "antivirus",
        "Libre de virus. www.avast.com",
        _sentences(_is_virus_note, footers.VIRUS_HINT.search),
    ),
    Addition(
        "secured",
        "This message was secured by Zix(R).",
        _sentences(footers.is_secured, footers.SECURED_HINT.search, footers.MORE_ABOUT_IT.match),
        anywhere=False,
    ),
    Addition("title", "AVISO LEGAL", _titles, anywhere=False),
    Addition("legal", "Aviso de confidencialidad: este mensaje es …", _to_the_end(_is_notice)),
    Addition(
        "printing",
        "Antes de imprimir, piense en el medio ambiente.",
        _sentences(_is_about_printing, footers.PRINT_HINT.search),
    ),
    Addition(
        "meeting", "Join Zoom Meeting\nMeeting ID: 812 3456 7890", _block(footers.JOIN.match, 2)
    ),
    Addition("booking", "Book time to meet with me", _lines(footers.BOOK.match), anywhere=False),
    Addition(
        "list",
        "Enlaces mailing list\nEnlaces@listas.upaep.mx",
        _by_list,
        anywhere=False,
    ),
    Addition(
        "social", "Facebook | Instagram | LinkedIn", _lines(footers.SOCIAL.match), anywhere=False
    ),
    Addition("picture", "[cid:image001.png@01D7]", _lines(footers.PICTURE.match, most=300)),
    Addition(
        "learned",
        "Si no esperaba este mensaje de un remitente externo, no descargue sus archivos.",
        _learned,
        anywhere=False,
    ),
    Addition("described", "[Texto\nDescripción generada automáticamente]", _described),
)


_OF_PROGRAMS = [kind for kind in ADDITIONS if kind.name in ("device", "offer")]


def is_of_program(text: str) -> bool:
    """Whether a line only tells what wrote it, or where to get that."""
    passage = TypedText((text,))
    return any(0 in kind.find(passage) for kind in _OF_PROGRAMS)


def added(texts: Sequence[str]) -> dict[int, BlockKind]:
    """The numbers of the lines that no person typed: inserted, or supposed to be."""
    passage = TypedText(texts)
    found: set[int] = set()
    at_edge: set[int] = set()
    for kind in ADDITIONS:
        if kind.find is not _learned:  # `_at_the_edges` asks it
            lines = _unlike_typed(passage, set(kind.find(passage)))
            (found if kind.anywhere else at_edge).update(lines)
    announced = _announced(passage)
    found -= announced
    kept, supposed = _at_the_edges(passage, found, at_edge - announced, announced)
    sure = _with_frames(passage, found | kept)
    every = _with_frames(passage, sure | supposed)
    return {n: BlockKind.INSERTED if n in sure else BlockKind.SUPPOSED for n in every}


def _unlike_typed(passage: TypedText, lines: set[int]) -> set[int]:
    """These lines without the runs that are worded as people type, whatever they speak of: "No
    procede, es un remitente externo"."""
    kept = set(lines)
    for start, end in passage.paragraphs if lines else ():
        run = [n for n in range(start, end) if n in lines]
        said = " ".join(passage.folded[n] for n in run)
        if len(said.split()) > 2 and kinds.typed(said, kinds.HARDLY):
            kept.difference_update(run)
    return kept


def _with_frames(passage: TypedText, found: set[int]) -> set[int]:
    """These lines with what is drawn around them, and the rules and links that belong to them."""
    found = found | _framed(passage, found)
    return found | _beside(passage, found)


def _announced(passage: TypedText) -> set[int]:
    """A line that ends with a colon, and below it a text to be sent on: cited, or called so."""
    found: set[int] = set()
    for start, end in passage.paragraphs:
        above = _filled(passage, start, -1)
        told = passage.folded[above] if above >= 0 else ""
        cited = passage.texts[start].lstrip().startswith(_CITED)
        if told.endswith(":") and (cited or _A_TEXT.search(told)):
            found.update((above, *range(start, end)))
    return found


def _at_the_edges(
    passage: TypedText, sure: set[int], maybe: set[int], announced: set[int]
) -> tuple[set[int], set[int]]:
    """Those lines and, apart from them, what the classifier takes for added, between which and an
    end of the text there is nothing typed. Of a mail without a line that is surely typed it takes
    none.
    """
    paragraph = {n: span for span in _outermost(passage.paragraphs) for n in range(*span)}
    learned = cache(partial(_learned_within, passage))
    kept: set[int] = set()
    supposed: set[int] = set()
    for numbers in (range(len(passage.texts)), reversed(range(len(passage.texts)))):
        for number in numbers:
            span = paragraph.get(number)
            if number in announced:
                break
            if number in maybe:
                kept.add(number)
            elif span and number in learned(*span):
                supposed.add(number)
            elif number not in sure and not passage.is_bare(number):
                break
    left = set(range(len(passage.texts))) - kept - sure - supposed
    if supposed and not any(_is_typed(passage, number) for number in left):
        supposed = set()
    return kept, supposed


def _is_typed(passage: TypedText, number: int) -> bool:
    """Whether a line is surely somebody's, and no greeting or farewell."""
    text = passage.folded[number]
    told = not passage.is_bare(number) and not _OPENS.search(text) and not _CLOSES.match(text)
    return told and kinds.typed(text)


def _framed(passage: TypedText, found: set[int]) -> set[int]:
    """The lines of frames that are drawn at both sides, where one line of them is an addition."""
    return {
        number
        for span in passage.paragraphs
        if not found.isdisjoint(range(*span))
        and all(map(RULE.match, _around(passage, span)))
        and all(map(_FRAMED.match, passage.texts[slice(*span)]))
        for number in range(*span)
    }


def _around(passage: TypedText, span: Span) -> tuple[str, str]:
    """The lines above and below a paragraph."""
    texts = ("", *passage.texts, "")
    return texts[span[0]], texts[span[1] + 1]


def _beside(passage: TypedText, found: set[int]) -> set[int]:
    """The rules, links and anchors that belong to additions."""
    more: set[int] = set()
    numbers = range(len(passage.texts)) if found else range(0)
    for number in (*numbers, *reversed(numbers)):  # a frame is closed on both sides
        text = passage.texts[number]
        if number in found or not text.strip():
            continue
        near = _filled(passage, number, -1), _filled(passage, number, 1)
        sign = not any(map(str.isalnum, text)) and near[1] in found  # "⚠", in a cell of its own
        above = near[0] if near[1] < 0 else number - 1  # in HTML each line is a paragraph
        adjoining = sign or above in found | more
        rule = RULE.match(text) and not (found | more).isdisjoint(near)
        if rule or (passage.is_bare(number) and (adjoining or "<#" in text)):
            more.add(number)
    return more


def _filled(passage: TypedText, number: int, step: int) -> int:
    """The next line above or below that is not blank; -1 where there is none."""
    number += step
    while 0 <= number < len(passage.texts) and not passage.texts[number].strip():
        number += step
    return number if 0 <= number < len(passage.texts) else -1
