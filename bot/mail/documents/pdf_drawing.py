"""What is drawn on a PDF page: pieces of text and straight lines, in upright coordinates."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeAlias

Matrix: TypeAlias = tuple[float, float, float, float, float, float]

IDENTITY: Matrix = (1, 0, 0, 1, 0, 0)
_MAX_RULES = 5_000
_THIN = 2.5  # points: a filled rectangle this thin is a line


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text on its baseline; `is_field` marks what was typed into a form field."""

    x0: float
    x1: float
    y: float
    size: float
    text: str
    is_field: bool = False


@dataclass(frozen=True, slots=True)
class RuledLine:
    """A horizontal or vertical line: `at` is its y or x, `start` and `end` its reach."""

    at: float
    start: float
    end: float


@dataclass(slots=True)
class Drawing:
    """All that stands on a page."""

    pieces: list[Piece] = field(default_factory=list)
    horizontal: list[RuledLine] = field(default_factory=list)
    vertical: list[RuledLine] = field(default_factory=list)


def multiply(m: Matrix, n: Matrix) -> Matrix:
    """The transformation that applies m, then n."""
    return (
        m[0] * n[0] + m[1] * n[2],
        m[0] * n[1] + m[1] * n[3],
        m[2] * n[0] + m[3] * n[2],
        m[2] * n[1] + m[3] * n[3],
        m[4] * n[0] + m[5] * n[2] + n[4],
        m[4] * n[1] + m[5] * n[3] + n[5],
    )


def numbers(operands: list[Any], count: int) -> list[float]:
    """The last `count` operands as numbers; zeros for whatever is none."""
    values = [float(v) if isinstance(v, int | float) else 0.0 for v in operands[-count:]]
    return [0.0] * (count - len(values)) + values


@dataclass(slots=True)
class Path:
    """The path under construction; what is painted of it and is a straight line becomes a rule."""

    drawing: Drawing
    boxes: list[tuple[float, float, float, float]] = field(default_factory=list)
    lines: list[tuple[float, float, float, float]] = field(default_factory=list)
    at: tuple[float, float] = (0.0, 0.0)

    def take(self, operator: bytes, operands: list[Any], ctm: Matrix) -> None:
        """Follows the path operators (ISO 32000-1, 8.5); others are none of its business."""
        if operator == b"re":
            x, y, width, height = numbers(operands, 4)
            corner, other = _point(x, y, ctm), _point(x + width, y + height, ctm)
            self.boxes.append((*corner, *other))
        elif operator == b"m":
            x, y = numbers(operands, 2)
            self.at = _point(x, y, ctm)
        elif operator == b"l":
            x, y = numbers(operands, 2)
            end = _point(x, y, ctm)
            self.lines.append((*self.at, *end))
            self.at = end
        elif operator in (b"S", b"s", b"B", b"b", b"B*", b"b*"):
            self._paint(is_stroke=True)
        elif operator in (b"f", b"F", b"f*"):
            self._paint(is_stroke=False)
        elif operator == b"n":
            self.boxes.clear()
            self.lines.clear()

    def _paint(self, *, is_stroke: bool) -> None:
        for x0, y0, x1, y1 in self.boxes:
            is_thin = abs(x1 - x0) < _THIN or abs(y1 - y0) < _THIN
            if is_thin:
                self._rule(x0, y0, x1, y1)
            elif is_stroke:
                self._rule(x0, y0, x1, y0)
                self._rule(x0, y1, x1, y1)
                self._rule(x0, y0, x0, y1)
                self._rule(x1, y0, x1, y1)
        for line in self.lines:
            self._rule(*line)
        self.boxes.clear()
        self.lines.clear()

    def _rule(self, x0: float, y0: float, x1: float, y1: float) -> None:
        width, height = abs(x1 - x0), abs(y1 - y0)
        if len(self.drawing.horizontal) + len(self.drawing.vertical) >= _MAX_RULES:
            return
        if height < _THIN < width:
            self.drawing.horizontal.append(RuledLine((y0 + y1) / 2, min(x0, x1), max(x0, x1)))
        elif width < _THIN < height:
            self.drawing.vertical.append(RuledLine((x0 + x1) / 2, min(y0, y1), max(y0, y1)))


def _point(x: float, y: float, ctm: Matrix) -> tuple[float, float]:
    return (x * ctm[0] + y * ctm[2] + ctm[4], x * ctm[1] + y * ctm[3] + ctm[5])
