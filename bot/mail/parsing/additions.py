"""What programs, servers and devices add to a text: told apart from what was typed, here alone.

Banners of gateways, lines of antivirus programs and of telephones, legal notices, invitations to
video meetings, footers of mailing lists. They are known by what they speak of, not by their
words: a line is a banner because it tells where this mail came from and warns of its links.
What nobody but a program would write counts wherever it stands; what a person might write as well
only at the edge of the text.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, partial

from bot.mail.parsing import banners, footers
from bot.mail.parsing.finders import (
    Find,
    block,
    by_list,
    described,
    is_about_printing,
    is_notice,
    is_offer,
    is_virus_note,
    learned,
    learned_within,
    lines_that,
    outermost,
    sent_anyhow,
    sent_by_device,
    sentences,
    titles,
    to_the_end,
)
from bot.mail.parsing.typed_text import RULE, Span, TypedText
from nlp.kinds import added as kinds
from nlp.text.fold import fold
from nlp.types import BlockKind

_FRAMED = re.compile(r"[\s>]*([*#|\u2502\u2503\u2551])(?!\1).{0,2000}(?<!\1)\1\s*$")
_CITED = ("«", "“", '"')
_QUOTED = re.compile(r"«[^»]{1,300}»|“[^”]{1,300}”|\"[^\"]{1,300}\"")
_A_TEXT = re.compile(r"\b(?:el|este|un) (?:texto|comunicado|anuncio)\b[^.]{0,60}:$")
_OPENS = re.compile(
    r"[:,]$|(?:hola|buen(?:os|as?)? (?:dias?|tardes?|noches?)|estimad[oa]s?|apreciad[oa]s?|dear|hi"
    r"|hello)\b\D{0,30}$"
)
_CLOSES = re.compile(
    r"(?:(?:best|kind|warm|un|con|reciba)\b.{0,12})?"
    r"(?:saludos?|regards|wishes|atte|atentamente|cordialmente)\b.{0,40}$"
)


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


ADDITIONS = (
    Addition(
        "banner",
        "CAUTION: This email originated from outside of the organization. Do not click links.",
        sentences(banners.is_banner, banners.is_hinted, banners.goes_on),
    ),
    Addition(
        "reply line",
        "##- Reply above this line -##",
        lines_that(footers.REPLY_LINE.match, most=120),
    ),
    Addition("token", "ref:!00D300hK2.!5003m01Yx7P:ref", lines_that(footers.TOKEN.match)),
    Addition("tag", "[EXTERNAL]", lines_that(banners.TAG.match, most=60), anywhere=False),
    Addition("device", "Enviado desde mi iPhone", sent_by_device),
    Addition("program", "Enviado con Canary", sent_anyhow, anywhere=False),
    Addition(
        "offer",
        "Obtener Outlook para iOS<https://aka.ms/o0ukef>",
        lines_that(is_offer),
        anywhere=False,
    ),
    Addition(
        "slogan",
        "Yahoo Mail: Busca, organiza, conquista",
        lines_that(footers.SLOGAN.match),
        anywhere=False,
    ),
    Addition(
        "antivirus",
        "Libre de virus. www.avast.com",
        sentences(is_virus_note, footers.VIRUS_HINT.search),
    ),
    Addition(
        "secured",
        "This message was secured by Zix(R).",
        sentences(footers.is_secured, footers.SECURED_HINT.search, footers.MORE_ABOUT_IT.match),
        anywhere=False,
    ),
    Addition("title", "AVISO LEGAL", titles, anywhere=False),
    Addition("legal", "Aviso de confidencialidad: este mensaje es …", to_the_end(is_notice)),
    Addition(
        "printing",
        "Antes de imprimir, piense en el medio ambiente.",
        sentences(is_about_printing, footers.PRINT_HINT.search),
    ),
    Addition(
        "meeting", "Join Zoom Meeting\nMeeting ID: 812 3456 7890", block(footers.JOIN.match, 2)
    ),
    Addition(
        "booking", "Book time to meet with me", lines_that(footers.BOOK.match), anywhere=False
    ),
    Addition(
        "list",
        "Enlaces mailing list\nEnlaces@listas.upaep.mx",
        by_list,
        anywhere=False,
    ),
    Addition(
        "social",
        "Facebook | Instagram | LinkedIn",
        lines_that(footers.SOCIAL.match),
        anywhere=False,
    ),
    Addition("picture", "[cid:image001.png@01D7]", lines_that(footers.PICTURE.match, most=300)),
    Addition(
        "learned",
        "Si no esperaba este mensaje de un remitente externo, no descargue sus archivos.",
        learned,
        anywhere=False,
    ),
    Addition("described", "[Texto\nDescripción generada automáticamente]", described),
)


_OF_PROGRAMS = [kind for kind in ADDITIONS if kind.name in ("device", "offer")]


def is_of_program(text: str) -> bool:
    """Whether a line only tells what wrote it, or where to get that."""
    passage = TypedText((text,))
    return any(0 in kind.find(passage) for kind in _OF_PROGRAMS)


def added(texts: Sequence[str], *, told: bool = False) -> dict[int, BlockKind]:
    """The numbers of the lines that no person typed: inserted, or supposed to be; `told`: what was
    typed stands above them, apart."""
    passage = TypedText(texts)
    found: set[int] = set()
    at_edge: set[int] = set()
    for kind in ADDITIONS:
        if kind.find is not learned:  # `_at_the_edges` asks it
            lines = _unlike_typed(passage, set(kind.find(passage)))
            (found if kind.anywhere else at_edge).update(lines)
    announced = _announced(passage)
    found -= announced
    kept, supposed = _at_the_edges(passage, found, at_edge - announced, announced)
    left = set(range(len(texts))) - kept - found - supposed
    # Of a mail without a line that is surely typed the classifier takes none.
    if supposed and not (told or any(_is_typed(passage, number) for number in left)):
        supposed = set()
    sure = _with_frames(passage, found | kept)
    every = _with_frames(passage, sure | supposed)
    return {n: BlockKind.INSERTED if n in sure else BlockKind.SUPPOSED for n in every}


def _unlike_typed(passage: TypedText, lines: set[int]) -> set[int]:
    """These lines without the runs that are worded as people type, whatever they speak of or
    quote: "No procede, es un remitente externo"."""
    kept = set(lines)
    for start, end in passage.paragraphs if lines else ():
        run = [n for n in range(start, end) if n in lines]
        said = _QUOTED.sub(" ", " ".join(passage.texts[n] for n in run))
        if len(said.split()) > 2 and kinds.typed(fold(said), kinds.HARDLY):
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
        above = passage.filled(start, -1)
        told = passage.folded[above] if above >= 0 else ""
        cited = passage.texts[start].lstrip().startswith(_CITED)
        if told.endswith(":") and (cited or _A_TEXT.search(told)):
            found.update((above, *range(start, end)))
    return found


def _at_the_edges(
    passage: TypedText, sure: set[int], maybe: set[int], announced: set[int]
) -> tuple[set[int], set[int]]:
    """Those lines and, apart from them, what the classifier takes for added, between which and an
    end of the text there is nothing typed.
    """
    paragraph = {n: span for span in outermost(passage.paragraphs) for n in range(*span)}
    within = cache(partial(learned_within, passage))
    kept: set[int] = set()
    supposed: set[int] = set()
    numbers = range(len(passage.texts))
    # Above, people announce things, and programs speak of the mail.
    for above, towards in ((True, numbers), (False, reversed(numbers))):
        for number in towards:
            span = paragraph.get(number)
            if number in announced:
                break
            if number in maybe:
                kept.add(number)
            elif (
                span
                and (not above or banners.is_of_mail(passage.joined(*span)))
                and number in within(*span)  # it takes longest
            ):
                supposed.add(number)
            elif number not in sure and not passage.is_bare(number):
                break
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
        near = passage.filled(number, -1), passage.filled(number, 1)
        sign = not any(map(str.isalnum, text)) and near[1] in found  # "⚠", in a cell of its own
        above = near[0] if near[1] < 0 else number - 1  # in HTML each line is a paragraph
        adjoining = sign or above in found | more
        rule = RULE.match(text) and not (found | more).isdisjoint(near)
        if rule or (passage.is_bare(number) and (adjoining or "<#" in text)):
            more.add(number)
    return more
