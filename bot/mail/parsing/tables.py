"""HTML tables as lines: a form's rows become "label TAB value", all other tables just blocks."""

from typing import Any

from lxml import etree

# lxml ships no types: an element is Any.
Element = Any

CELL = "\ue0a7"  # stands for the tab between two cells until the text is laid out
_CELLS = frozenset({"td", "th"})
BLOCKS = frozenset({
    "p", "div", "br", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "hr", "address",
    "table", "tr", "td", "th", "dd", "dt", "blockquote", "center",
})  # fmt: skip
_TABLE_TAGS = ("table", "thead", "tbody", "tfoot", "tr", "td", "th", "caption", "colgroup", "col")
_LONGEST_CELL = 4_000
_DONE = "x-table"  # a table that was replaced: one round it is no table of data


def flatten_tables(root: Element) -> None:
    """Replace every table in `root`, inner ones first."""
    for table in reversed(list(root.iter("table"))):
        rows = _rows(table)
        if rows is None:
            for element in list(table.iter(*_TABLE_TAGS)):
                element.tag = _DONE if element is table else "div"
        else:
            _to_lines(table, rows)


def _rows(table: Element) -> list[list[Element]] | None:
    """The cells of a table of data, or None for one that only arranges the page.

    Data: two rows or more of two cells or more, no quote and no other table inside.
    """
    rows: list[list[Element]] = []
    for group in [table, *(child for child in table if child.tag in ("thead", "tbody", "tfoot"))]:
        rows += [[cell for cell in row if cell.tag in _CELLS] for row in group if row.tag == "tr"]
    if sum(1 for row in rows if len(row) > 1) < 2:
        return None
    if any(True for _ in table.iter("blockquote", _DONE)):
        return None
    return rows


def _to_lines(table: Element, rows: list[list[Element]]) -> None:
    """One line a row: a cell's own lines joined by blanks, cells parted by CELL."""
    lines = [CELL.join(_cell_text(cell) for cell in row).rstrip(CELL + " ") for row in rows]
    tail = table.tail
    table.clear()
    table.tail = tail
    table.tag = _DONE
    for line in lines:
        if line:
            etree.SubElement(table, "div").text = line


def _cell_text(cell: Element) -> str:
    pieces: list[str] = []
    for event, element in etree.iterwalk(cell, events=("start", "end")):
        if not isinstance(element.tag, str):
            continue
        if element.tag in BLOCKS and element is not cell:
            pieces.append(" ")
        if event == "start":
            pieces.append(_box(element) if element.tag == "input" else element.text or "")
        elif element is not cell:
            pieces.append(element.tail or "")
    return " ".join("".join(pieces)[:_LONGEST_CELL].split())


def _box(element: Element) -> str:
    """A check box of an HTML form, as people type it."""
    if element.get("type", "").lower() not in ("checkbox", "radio"):
        return str(element.get("value") or "")[:_LONGEST_CELL]
    return "[X] " if element.get("checked") is not None else "[ ] "
