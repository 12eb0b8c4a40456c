"""Reads a PDF page: what its content streams draw, and where.

A small interpreter of content streams (ISO 32000-1, 8.3 to 9.4) on top of pypdf's parser and
fonts. pypdf's own layout mode leaves out form XObjects, which is where programs put answers when
they flatten a form, and it knows nothing of ruling lines, without which the cells of a table
cannot be told apart once their text wraps.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from pypdf import PageObject
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, ContentStream, DictionaryObject, StreamObject
from pypdf.generic._font import Font  # the only place that tells the width of a text

from bot.mail.documents.limits import Enough, Output
from bot.mail.documents.pdf_drawing import IDENTITY, Drawing, Matrix, Path, Piece, multiply, numbers

_TURNED: dict[int, Matrix] = {
    0: IDENTITY,
    90: (0, -1, 1, 0, 0, 0),
    180: (-1, 0, 0, -1, 0, 0),
    270: (0, 1, -1, 0, 0, 0),
}
_MAX_FORM_DEPTH = 8
_MAX_PIECES = 20_000
_STATE_OPERATORS = {b"Tc": "spacing", b"Tw": "word_spacing", b"Tz": "scale", b"TL": "leading"}


@dataclass(slots=True)
class _State:
    """The graphics state that q saves and Q brings back."""

    ctm: Matrix
    font: _Letters | None = None
    size: float = 0.0
    spacing: float = 0.0
    word_spacing: float = 0.0
    scale: float = 100.0
    leading: float = 0.0


def turn(page: PageObject) -> Matrix:
    """The transformation by which a page that lies on its side is read upright."""
    rotation = page.rotation
    return _TURNED.get(rotation % 360 if isinstance(rotation, int) else 0, IDENTITY)


def read_page(page: PageObject, out: Output) -> Drawing:
    """The text and lines of a page's content; `out` is asked for time only."""
    drawing = Drawing()
    contents = page.get("/Contents")
    if contents is not None:
        painter = _Painter(page.pdf, drawing, out)
        resources = _resolved(page.get("/Resources"))
        painter.run(contents, resources, _State(turn(page)), 0)
    return drawing


def _resolved(value: Any) -> DictionaryObject:
    value = value.get_object() if value is not None else None
    return value if isinstance(value, DictionaryObject) else DictionaryObject()


@dataclass(slots=True)
class _Painter:
    """Runs content streams and notes what they draw."""

    pdf: Any
    drawing: Drawing
    out: Output
    fonts: dict[int, _Letters] = field(default_factory=dict)

    def run(self, stream: Any, resources: DictionaryObject, state: _State, depth: int) -> None:
        """Runs one stream; form XObjects run within it."""
        stack: list[_State] = []
        path = Path(self.drawing)
        text = line = IDENTITY
        fonts = _resolved(resources.get("/Font"))
        for number, (operands, operator) in enumerate(self._operations(stream)):
            if number % 256 == 0:
                self.out.check()
            if operator == b"q":
                stack.append(replace(state))
            elif operator == b"Q":
                state = stack.pop() if stack else state
            elif operator == b"cm":
                a, b, c, d, e, f = numbers(operands, 6)
                state.ctm = multiply((a, b, c, d, e, f), state.ctm)
            elif operator == b"Do" and operands:
                self._form(operands[0], resources, state, depth)
            elif operator == b"Tf" and len(operands) > 1:
                state.font, state.size = self._font(fonts, operands[0]), numbers(operands, 1)[0]
            elif operator in _STATE_OPERATORS:
                setattr(state, _STATE_OPERATORS[operator], numbers(operands, 1)[0])
            elif operator in (b"BT", b"Td", b"TD", b"Tm", b"T*"):
                text = line = _moved(operator, operands, line, state)
            elif operator in (b"Tj", b"TJ", b"'", b'"'):
                if operator in (b"'", b'"'):
                    text = line = _moved(b"T*", operands, line, state)
                text = self._show(operands[-1] if operands else b"", text, state)
            else:
                path.take(operator, operands, state.ctm)

    def _operations(self, stream: Any) -> Iterator[tuple[list[Any], bytes]]:
        stream = stream.get_object()
        if isinstance(stream, ArrayObject | StreamObject):
            yield from ContentStream(stream, self.pdf, "bytes").operations

    def _form(self, name: Any, resources: DictionaryObject, state: _State, depth: int) -> None:
        """Runs a form XObject: a drawing within the drawing."""
        form = _resolved(_resolved(resources.get("/XObject")).get(name))
        if form.get("/Subtype") != "/Form" or depth >= _MAX_FORM_DEPTH:
            return
        matrix = form.get("/Matrix")
        ctm = state.ctm
        if isinstance(matrix, ArrayObject) and len(matrix) == 6:
            a, b, c, d, e, f = numbers(list(matrix), 6)
            ctm = multiply((a, b, c, d, e, f), ctm)
        own = _resolved(form.get("/Resources")) or resources
        self.run(form, own, replace(state, ctm=ctm), depth + 1)

    def _font(self, fonts: DictionaryObject, name: Any) -> _Letters | None:
        """The font of that name, or None where it cannot be used."""
        resource = _resolved(fonts.get(name))
        key = id(resource)
        if resource and key not in self.fonts:
            try:
                self.fonts[key] = _Letters(Font.from_font_resource(resource))
            except (PyPdfError, ValueError, KeyError, TypeError, AttributeError):
                return None
        return self.fonts.get(key)

    def _show(self, shown: Any, text: Matrix, state: _State) -> Matrix:
        """Notes a shown string, or an array of strings and shifts; returns where it ends."""
        items = shown if isinstance(shown, ArrayObject) else [shown]
        begin, words = text, ""
        for item in items:
            if isinstance(item, int | float):
                shift = -float(item) / 1000 * state.size * state.scale / 100
                # A shift wider than half a letter is a gap, which starts another piece.
                if words and abs(shift) > 0.5 * state.size:
                    self._note(words, begin, text, state)
                    words = ""
                elif words and shift > 0.15 * state.size and not words.endswith(" "):
                    words += " "
                text = multiply((1, 0, 0, 1, shift, 0), text)
            elif isinstance(item, bytes) and state.font is not None:
                if not words:
                    begin = text
                decoded, width = state.font.read(item, state)
                words += decoded
                text = multiply((1, 0, 0, 1, width, 0), text)
        self._note(words, begin, text, state)
        return text

    def _note(self, words: str, begin: Matrix, end: Matrix, state: _State) -> None:
        """Keeps a piece of text, unless it is blank or stands askew (watermarks, margins)."""
        if not words.strip():
            return
        start, stop = multiply(begin, state.ctm), multiply(end, state.ctm)
        if abs(start[1]) > abs(start[0]):
            return
        if len(self.drawing.pieces) >= _MAX_PIECES:
            raise Enough
        size = abs(state.size * (start[3] or start[0])) or 1.0
        left, right = sorted((start[4], stop[4]))
        stripped = words.strip()
        width = (right - left) / len(words)
        left += width * (len(words) - len(words.lstrip()))
        right -= width * (len(words) - len(words.rstrip()))
        self.drawing.pieces.append(Piece(left, right, start[5], size, stripped))


def _moved(operator: bytes, operands: list[Any], line: Matrix, state: _State) -> Matrix:
    """The text line matrix after a positioning operator."""
    if operator == b"BT":
        return IDENTITY
    if operator == b"Tm":
        a, b, c, d, e, f = numbers(operands, 6)
        return (a, b, c, d, e, f)
    if operator == b"T*":
        return multiply((1, 0, 0, 1, 0, -state.leading), line)
    x, y = numbers(operands, 2)
    if operator == b"TD":
        state.leading = -y
    return multiply((1, 0, 0, 1, x, y), line)


class _Letters:
    """What one font makes of the bytes of a string; programs show the same few over and over."""

    def __init__(self, font: Font) -> None:
        self._font = font
        self._known: dict[bytes, tuple[str, float, int, int]] = {}

    def read(self, shown: bytes, state: _State) -> tuple[str, float]:
        """The characters of a shown string and how far it moves the pen."""
        known = self._known.get(shown)
        if known is None:
            known = self._known[shown] = self._measured(shown)
        text, width, count, blanks = known
        moved = state.size * width / 1000 + count * state.spacing + blanks * state.word_spacing
        return text, moved * state.scale / 100

    def _measured(self, shown: bytes) -> tuple[str, float, int, int]:
        """Text, width in thousandths, number of codes, number of spaces among them."""
        font = self._font
        if isinstance(font.encoding, str):
            codes = letters = shown.decode(font.encoding, "replace")
        else:
            codes = shown.decode("latin-1")
            letters = "".join([font.encoding.get(byte, chr(byte)) for byte in shown])
        text = "".join([font.character_map.get(c, c) for c in letters])
        space = font.space_char
        widths = [font.space_width if c == space else font.get_text_width(c) for c in codes]
        return text, sum(widths), len(codes), codes.count(space)
