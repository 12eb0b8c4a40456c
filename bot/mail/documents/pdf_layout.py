"""From the pieces of a PDF page to lines: ruled tables cell by cell, the rest by position."""

import bisect
import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.mail.documents.pdf_drawing import Drawing, Piece, RuledLine
from bot.mail.documents.symbols import CHECKED, UNCHECKED
from bot.mail.documents.tables import cell, row

_NEAR = 3.0  # points within which two lines are one
_TAB_GAP = 0.9  # of the letter size: a wider gap parts two columns
_BOXES = (CHECKED, UNCHECKED)
_BOX = re.compile(f"[{CHECKED}{UNCHECKED}]")
_SPACE_GAP = 0.12
_SAME_LINE = 0.5
_LINE_PITCH = 1.45  # of the letter size: lines closer than this belong together
_ROW_PITCH = 4.0  # of the letter size: farther apart is another table
_MAX_COMPARISONS = 3_000_000


def lines_of(drawing: Drawing) -> list[str]:
    """The text of a page from top to bottom, table cells parted by tabs."""
    pieces = _without_doubles(drawing.pieces)
    rules = len(drawing.horizontal) + len(drawing.vertical)
    cells: dict[tuple[float, float, float, float], list[Piece]] = {}
    loose: list[Piece] = []
    if rules and rules * len(pieces) <= _MAX_COMPARISONS:
        grid = _Grid(_merged(drawing.horizontal), _merged(drawing.vertical))
        for piece in pieces:
            box = grid.box(piece)
            if box is None:
                loose.append(piece)
            else:
                cells.setdefault(box, []).append(piece)
    else:
        grid, loose = _Grid([], []), pieces
    placed = [(line.y, line.text) for line in _rows_by_position(loose)]
    placed.extend(_ruled_rows(cells, grid))
    placed.sort(key=lambda entry: -entry[0])
    return [text for _, text in placed]


def _without_doubles(pieces: Sequence[Piece]) -> list[Piece]:
    """Some programs print bold by printing twice."""
    seen: dict[tuple[str, int, int], Piece] = {}
    for piece in pieces:
        seen.setdefault((piece.text, round(piece.x0 / 2), round(piece.y / 2)), piece)
    return list(seen.values())


def _merged(rules: Sequence[RuledLine]) -> list[RuledLine]:
    """Rules in order, with the bits that each cell draws of one line put together."""
    merged: list[RuledLine] = []
    beams: list[list[RuledLine]] = []
    for rule in sorted(rules, key=lambda r: r.at):
        if beams and rule.at - beams[-1][0].at < _NEAR:
            beams[-1].append(rule)
        else:
            beams.append([rule])
    for beam in beams:
        at = beam[0].at
        end: float | None = None
        for bit in sorted(beam, key=lambda r: r.start):
            if end is not None and bit.start - end < _NEAR:
                end = max(end, bit.end)
                merged[-1] = RuledLine(at, merged[-1].start, end)
            else:
                end = bit.end
                merged.append(RuledLine(at, bit.start, end))
    return merged


@dataclass(slots=True)
class _Grid:
    """The ruling lines of a page, in order of their position."""

    horizontal: list[RuledLine]
    vertical: list[RuledLine]

    def box(self, piece: Piece) -> tuple[float, float, float, float] | None:
        """The cell (top, bottom, left, right) that holds a piece, or None outside of tables."""
        x = piece.x0 + min(1.0, (piece.x1 - piece.x0) / 2)
        y = piece.y + piece.size * 0.3
        bottom, top = _around(self.horizontal, y, x)
        left, right = _around(self.vertical, x, y)
        if bottom is None or top is None or left is None or right is None:
            return None
        return (top, bottom, left, right)

    def columns(self, top: float, bottom: float, left: float, right: float) -> list[float]:
        """The left edges of the cells of a row that lie between two edges of the table."""
        y = (top + bottom) / 2
        return [
            r.at
            for r in self.vertical
            if r.start - _NEAR <= y <= r.end + _NEAR and left <= r.at < right - _NEAR
        ]


def _around(rules: list[RuledLine], at: float, across: float) -> tuple[float | None, float | None]:
    """The nearest rules on both sides of `at` that reach over `across`."""
    middle = bisect.bisect(rules, at, key=lambda r: r.at)
    before = next((r for r in reversed(rules[:middle]) if _reaches(r, across)), None)
    after = next((r for r in rules[middle:] if _reaches(r, across)), None)
    return (before.at if before else None, after.at if after else None)


def _reaches(rule: RuledLine, across: float) -> bool:
    return rule.start - _NEAR <= across <= rule.end + _NEAR


def _ruled_rows(
    cells: dict[tuple[float, float, float, float], list[Piece]], grid: _Grid
) -> list[tuple[float, str]]:
    """The rows of ruled tables with the height of each; an empty cell keeps its place."""
    rows: dict[float, list[tuple[tuple[float, float, float, float], list[Piece]]]] = {}
    for box, pieces in cells.items():
        rows.setdefault(box[0], []).append((box, pieces))
    placed: list[tuple[float, str]] = []
    for top, members in rows.items():
        bottom = max(box[1] for box, _ in members)
        left = min([r.start for r in grid.horizontal if r.at == top], default=0.0)
        right = max([r.end for r in grid.horizontal if r.at == top], default=0.0)
        edges = grid.columns(top, bottom, left - _NEAR, right)
        texts = [""] * max(len(edges), 1)
        for box, pieces in members:
            number = max(bisect.bisect_right(edges, box[2] + _NEAR) - 1, 0)
            lines = [line.text for line in _rows_by_position(pieces)]
            if len(edges) <= 1:  # a frame around text: its lines stay lines
                placed.extend((top - 0.01 * i, line) for i, line in enumerate(lines))
            else:
                texts[number] = cell(" ".join((texts[number], *lines)))
        if len(edges) > 1:
            placed.append((top, row(texts)))
    return placed


@dataclass(slots=True)
class _Line:
    """A line of text: segments parted by wide gaps, and their left edges.

    `y` is its baseline, `last_y` that of the last printed line that went into it.
    """

    y: float
    size: float
    starts: list[float] = field(default_factory=list)
    segments: list[str] = field(default_factory=list)
    last_y: float = 0.0

    @property
    def text(self) -> str:
        return row([cell(segment) for segment in self.segments])


def _rows_by_position(pieces: Sequence[Piece]) -> list[_Line]:
    """Lines from pieces that share a baseline; wrapped cells are put back together."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda p: (-p.y, p.x0)):
        last = rows[-1][0] if rows else None
        if last is not None and last.y - piece.y < _SAME_LINE * min(last.size, piece.size):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    lines = [_line(sorted(members, key=lambda p: p.x0)) for members in rows]
    return _unwrapped(lines)


def _line(pieces: Sequence[Piece]) -> _Line:
    """One line: pieces close by joined, a tab's worth of gap between segments."""
    line = _Line(max(p.y for p in pieces), max(p.size for p in pieces))
    line.last_y = line.y
    end = 0.0
    for number, piece in enumerate(pieces):
        gap = (piece.x0 - end) / piece.size
        if number == 0 or _is_parted(pieces[number - 1], piece, gap, line.segments[-1]):
            line.starts.append(piece.x0)
            line.segments.append(piece.text)
        else:
            is_apart = gap > _SPACE_GAP or line.segments[-1].endswith(":")
            line.segments[-1] += (" " if is_apart else "") + piece.text
        end = max(end, piece.x1)
    return line


def _is_parted(before: Piece, piece: Piece, gap: float, segment: str) -> bool:
    """Whether a tab parts two neighbours. Boxes to tick in a row, however wide, are one answer."""
    if before.text.endswith(_BOXES):
        return False
    if piece.text.startswith(_BOXES) and (segment.endswith(":") or _BOX.search(segment)):
        return False
    return gap > _TAB_GAP or piece.is_field != before.is_field


def _unwrapped(lines: Sequence[_Line]) -> list[_Line]:
    """Puts the further lines of a wrapped cell where they belong, in tables without rulings.

    A line that begins exactly under the second (or later) segment of the one above continues it;
    one under the first segment does where it is closer than the rows of the table are.
    """
    pitch = _row_pitch(lines)
    joined: list[_Line] = []
    for line in lines:
        above = joined[-1] if joined else None
        if above is not None and len(line.segments) == 1 < len(above.segments):
            distance = above.last_y - line.y
            near = (abs(start - line.starts[0]) < _NEAR for start in above.starts)
            column = next((i for i, begins in enumerate(near) if begins), -1)
            closest = _LINE_PITCH * max(above.size, line.size)
            if distance < closest and (column > 0 or (column == 0 and distance < 0.9 * pitch)):
                above.segments[column] += " " + line.segments[0]
                above.last_y = line.y
                continue
        joined.append(line)
    return joined


def _row_pitch(lines: Sequence[_Line]) -> float:
    """How far below the line above a row of several columns begins, most of the time."""
    distances = sorted(
        above.y - line.y
        for above, line in itertools.pairwise(lines)
        if len(line.segments) > 1 and above.y - line.y < _ROW_PITCH * line.size
    )
    return distances[len(distances) // 2] if distances else 0.0
