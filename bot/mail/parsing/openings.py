"""Where an earlier message begins: one table of the ways in which mail programs introduce it."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bot.mail.parsing import attributions as said
from bot.mail.parsing import header_blocks
from bot.mail.parsing.layout import NOTHING_KNOWN, Layout
from bot.mail.parsing.lines import TextLine
from bot.mail.parsing.opening import MAX_LINE, Opening, OpeningSentence, Place

_GLUED = re.compile(
    r"(?<=[^\s>])(?<!^El) ?-{0,3} ?((?:On|El|En) (?:[^\W\d]{3,10}[.,]?|\d{1,4})[ ,/-].{6,250}"
    r"(?:@|\d:\d\d).{3,200}(?:wrote|escribió) ?:)$"
)
# Where the next row of a header block begins that a program wrote on one line with the separator
# above it (Samsung).
_ROW = re.compile(
    r"(?<=\S)\s*(?=\b(?:De|From|Fecha|Date|Enviado(?: el)?|Sent|Para|To|A|Cc|Asunto|Subject): )"
    r"|(?<=[^\s-])\s*(?=-{4,20} ?(?:Mensaje|Original|Forwarded) )"
)
Find = Callable[[Place], Opening | None]


@dataclass(frozen=True, slots=True)
class Strategy:
    """One way: `find` tells whether an earlier message is introduced so at a line.

    `example` is what it finds, sent to comunicacion.interna@upaep.mx.
    """

    name: str
    example: str
    find: Find


def _sentence(holds: Callable[[OpeningSentence], bool]) -> Find:
    """The shortest sentence from a line on of which this holds."""

    def find(place: Place) -> Opening | None:
        found = next((s for s in place.telling if holds(s)), None)
        return None if found is None else Opening(found.end, "wrote", author=found.text)

    return find


_OURS = "Comunicación Interna <comunicacion.interna@upaep.mx>"
STRATEGIES = (
    Strategy(
        "separator",
        f"-----Mensaje original-----\nDe: {_OURS}\nEnviado el: 17/08/2026\nPara: Ana\nAsunto: Hola",
        header_blocks.separated,
    ),
    Strategy(
        "header block",
        f"De: {_OURS}\nEnviado: lunes, 17 de agosto de 2026 10:00\nPara: Ana\nAsunto: Hola",
        header_blocks.header_block,
    ),
    Strategy(
        "stacked headers",
        f"{_OURS}\n17/08/2026 10:00 a.m.\n\nPara\nana@upaep.mx\ncc\n\nAsunto\nHola",
        header_blocks.stacked,
    ),
    Strategy(
        "moment, author, wrote",
        f"El lun, 17 ago 2026 a las 10:00, {_OURS} escribió:",
        _sentence(said.moment_author_wrote),
    ),
    Strategy(
        "author, wrote, moment",
        f"{_OURS} escribió el 17/08/2026 10:00:00:",
        _sentence(said.author_wrote_moment),
    ),
    Strategy(
        "moment, wrote, author",
        f"El 17 ago 2026 10:00 escribió {_OURS}:",
        _sentence(said.moment_wrote_author),
    ),
    Strategy("author, wrote", f'-----"{_OURS}" escribió: -----', _sentence(said.author_wrote)),
    Strategy(
        "moment, author",
        f"2026-08-17 10:00 GMT-06:00 {_OURS}:",
        _sentence(said.moment_author),
    ),
    Strategy(
        "author, moment",
        f"{_OURS.replace('<', '').rstrip('>')} – 17 de agosto de 2026 10:00",
        _sentence(said.author_moment),
    ),
    Strategy("quoting", f"Mensaje citado por {_OURS}:", _sentence(said.quoting)),
    Strategy("arrows", f">>> {_OURS} 17/08/2026 10:00 >>>", _sentence(said.arrows)),
    Strategy(
        "author between dashes",
        "Comunicación Interna ---17/08/2026 10:00:00---Hola, Ana:",
        _sentence(said.between_dashes),
    ),
)
"""The first that finds something counts."""


def opening(lines: Sequence[TextLine], at: int, layout: Layout = NOTHING_KNOWN) -> Opening | None:
    """The opening that starts at line `at`, or None."""
    line = lines[at].text
    if not line or len(line) >= MAX_LINE or line.isspace():
        return None
    place = Place(lines, at, layout)
    return next((o for way in STRATEGIES if (o := way.find(place))), None)


def detached(lines: Sequence[TextLine], layout: Layout) -> Sequence[TextLine]:
    """The lines, with what a program glued together apart: an attribution behind what was typed,
    the rows of a header block."""
    found: list[TextLine] = []
    for line in lines:
        apart = [replace(line, text=text) for text in _parted(line.text)]
        introduced = any(opening(apart, at, layout) for at in range(min(2, len(apart))))
        found += apart if introduced else [line]
    return found


def _parted(text: str) -> Sequence[str]:
    """The lines that a program may have made one of: what was typed, what introduces a message."""
    if not 20 < len(text) < 4 * MAX_LINE or ":" not in text:
        return ()
    if text.rstrip().endswith(":"):
        glued = _GLUED.search(text)
        return (text[: glued.start()].rstrip(" -").removesuffix(" El"), glued[1]) if glued else ()
    rows = _ROW.split(text) if "----" in text else ()
    return rows if len(rows) > 1 else ()


def is_forward(found: Opening, layout: Layout) -> bool:
    """Whether the message that `found` introduces is handed on, not answered.

    The subject says so; where it does not, an answer quotes what one of its recipients wrote.
    """
    if found.forward is not None:
        return found.forward
    if layout.answered and any(r in found.author for r in layout.recipients if "@" in r):
        return False  # "RV:" above our own mail that it answers
    if layout.prefix or found.style == "wrote":
        return layout.hands_on
    return "@" in found.author and not any(r in found.author for r in layout.recipients)
