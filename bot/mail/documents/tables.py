"""Paragraphs and table rows as lines: cells parted by tabs, rows by newlines."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from lxml import etree

from bot.mail.documents.limits import MAX_COLUMNS
from nlp.text.fold import squeeze

# Begins the explanations on our own form, below a label. They are cut off again when the form
# comes back, in whatever format: they name the very words that an answer would.
HINT_MARK = "✎"


@dataclass(slots=True)
class Paragraph:
    """What a paragraph holds: pieces of text, and the text boxes anchored in it."""

    pieces: list[str] = field(default_factory=list)
    boxes: list[etree._Element] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """Its lines that are not blank."""
        return filter(None, map(str.strip, "".join(self.pieces).split("\n")))


cell = squeeze
"""The text of a table cell on one line: tabs and newlines would part cells and rows."""


def row(cells: Sequence[str]) -> str:
    """A table row as a line; an empty string where all of its cells are empty."""
    if not any(cells):
        return ""
    return "\t".join(_without_hint(cells[:MAX_COLUMNS]))


def split_cell(items: Iterable[str | list[str]]) -> tuple[list[str], list[str]]:
    """The lines of a cell's own text, and the rows of tables within it.

    `items` are its paragraphs as lines and its tables as lists of rows; a table of a single cell
    is a frame around text.
    """
    own: list[str] = []
    nested: list[str] = []
    for item in items:
        if isinstance(item, str):
            own.append(item)
        elif len(item) == 1 and "\t" not in item[0]:
            own.extend(item)
        else:
            nested.extend(item)
    return own, nested


def grid(rows: Sequence[Sequence[str]]) -> list[str]:
    """The rows of a spreadsheet as lines, without the columns that are empty from top to bottom.

    Forms leave a margin or merge cells, which come as blank columns between label and value. A
    cell left blank in a column that is used stays: the next one must not be taken for it.
    """
    kept = [_without_hint(cells[:MAX_COLUMNS]) for cells in rows]
    used = sorted({i for cells in kept for i, value in enumerate(cells) if value})
    return [row([cells[i] for i in used if i < len(cells)]).rstrip("\t") for cells in kept]


def _without_hint(cells: Sequence[str]) -> Sequence[str]:
    """A row's cells, the first one without our explanation; a line that is no row has one cell."""
    if len(cells) < 2 or HINT_MARK not in cells[0]:
        return cells
    return (cells[0].partition(f" {HINT_MARK} ")[0], *cells[1:])
