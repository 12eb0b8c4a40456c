"""OpenDocument text and spreadsheets (.odt, .ott, .ods), as LibreOffice writes them.

Read straight from content.xml (OpenDocument 1.3 part 3: text 5 and 6, tables 9, forms 13).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from bot.mail.documents import symbols
from bot.mail.documents.limits import (
    BROKEN,
    MAX_COLUMNS,
    MAX_DEPTH,
    PROTECTED,
    Output,
    Package,
    Unreadable,
)
from bot.mail.documents.tables import Paragraph, cell, grid, split_cell

_OASIS = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
_TEXT, _TABLE, _DRAW, _FORM, _OFFICE, _STYLE = (
    _OASIS % name for name in ("text", "table", "drawing", "form", "office", "style")
)
_LOEXT = "{urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0}"

_PARAGRAPHS = frozenset((_TEXT + "p", _TEXT + "h"))
_ROW = _TABLE + "table-row"
_CELLS = frozenset((_TABLE + "table-cell", _TABLE + "covered-table-cell"))
_UNSEEN_TEXT = ("tracked-changes", "note", "placeholder", "label", "sequence-decls", "ruby-text")
_UNSEEN_TABLE = ("calculation-settings", "content-validations", "shapes")
_UNSEEN = frozenset(
    (
        *(_TEXT + name for name in _UNSEEN_TEXT),
        *(_TABLE + name for name in _UNSEEN_TABLE),
        _OFFICE + "annotation",
        _OFFICE + "forms",
    )
)
_MAX_SPACES = 200
_WHITE_SPACE = re.compile(r"[ \t\r\n]+")


def read(data: bytes, out: Output) -> None:
    """Adds the document's paragraphs and table rows to `out`, in order."""
    package = Package(data)
    if "META-INF/manifest.xml" in package.names:
        manifest = package.part("META-INF/manifest.xml")
        if b"encryption-data" in manifest:
            raise Unreadable(PROTECTED)
    root = package.xml("content.xml")
    body = root.find(_OFFICE + "body")
    if body is None:
        raise Unreadable(BROKEN)
    for sheet in _hidden_sheets(root, body):
        sheet.getparent().remove(sheet)
    reader = _OdtReader(out, _controls(body))
    for item in reader.blocks(body, 0):
        for line in [item] if isinstance(item, str) else item:
            out.add(line)


def _controls(body: etree._Element) -> dict[str, str]:
    """What the form controls show, by their identifier."""
    values: dict[str, str] = {}
    for control in body.iter(f"{_FORM}*"):
        name = control.get(_FORM + "id")
        if name is None:
            continue
        kind = etree.QName(control).localname
        if kind in ("checkbox", "radio"):
            state = control.get(_FORM + "current-state", control.get(_FORM + "state", ""))
            is_on = state == "checked" or control.get(_FORM + "current-selected") == "true"
            values[name] = symbols.CHECKED if is_on else symbols.UNCHECKED
        elif kind not in ("button", "image", "frame", "hidden"):
            shown = control.get(_FORM + "current-value", control.get(_FORM + "value", ""))
            values[name] = "" if symbols.is_prompt(shown) else shown
    return values


def _hidden_sheets(root: etree._Element, body: etree._Element) -> list[etree._Element]:
    """The sheets of a spreadsheet that are not shown: lists to choose from, mostly."""
    hidden = {
        style.get(_STYLE + "name")
        for style in root.iter(_STYLE + "style")
        if style.find(f"{_STYLE}table-properties[@{_TABLE}display='false']") is not None
    }
    return [t for t in body.iter(_TABLE + "table") if t.get(_TABLE + "style-name") in hidden]


@dataclass(slots=True)
class _OdtReader:
    """Walks one document; `controls` are the values of its form controls."""

    out: Output
    controls: dict[str, str]

    def blocks(self, node: etree._Element, depth: int) -> Iterator[str | list[str]]:
        """The lines of a body, cell, list or box; a table comes as a list of its rows."""
        for child in node:
            if child.tag in _PARAGRAPHS:
                self.out.check()
                yield from self.paragraph(child, depth)
            elif child.tag == _TABLE + "table":
                if depth < MAX_DEPTH:
                    yield list(self.table(child, depth + 1))
            elif child.tag not in _UNSEEN:
                yield from self.blocks(child, depth)

    def table(self, table: etree._Element, depth: int) -> Iterator[str]:
        """The rows of a table as lines; one of a single column is a frame around text."""
        rows = [[c for c in line if c.tag in _CELLS] for line in _rows(table)]
        if all(len(cells) <= 1 for cells in rows):
            for cells in rows:
                for node in cells:
                    own, nested = self.cell(node, depth)
                    yield from (*own, *nested)
            return
        texts: list[list[str]] = []
        inner: list[list[str]] = []
        for cells in rows:
            self.out.check()
            texts.append([])
            inner.append([])
            for node in cells:
                own, nested = self.cell(node, depth)
                texts[-1].extend([cell(" ".join(own))] * _repeated(node, len(texts[-1])))
                inner[-1].extend(nested)
        for line, nested in zip(grid(texts), inner, strict=True):
            if line:
                yield line
            yield from nested

    def cell(self, node: etree._Element, depth: int) -> tuple[list[str], list[str]]:
        """The lines of a cell's own text, and the rows of tables within it."""
        return split_cell(self.blocks(node, depth))

    def paragraph(self, node: etree._Element, depth: int) -> Iterator[str | list[str]]:
        """The lines of a paragraph that are not blank, then those of its text boxes."""
        inline = Paragraph()
        self.inline(node, inline)
        yield from inline.lines()
        if depth < MAX_DEPTH:
            for box in inline.boxes:
                yield from self.blocks(box, depth + 1)

    def inline(self, node: etree._Element, into: Paragraph) -> None:
        """Collects what stands within a paragraph. White space collapses (part 3, 6.1.2)."""
        into.pieces.append(_collapsed(node.text))
        for child in node:
            tag = child.tag
            if tag == _TEXT + "s":
                count = child.get(_TEXT + "c", "1")
                into.pieces.append(" " * min(int(count), _MAX_SPACES) if count.isdecimal() else " ")
            elif tag == _TEXT + "tab":
                into.pieces.append("\t")
            elif tag == _TEXT + "line-break":
                into.pieces.append("\n")
            elif tag in _UNSEEN or child.get(_LOEXT + "showing-place-holder") == "true":
                pass
            elif any(inner.tag in _PARAGRAPHS for inner in child):  # text box, shape with text
                into.boxes.append(child)
            elif tag == _DRAW + "control":
                into.pieces.append(self.controls.get(child.get(_DRAW + "control", ""), ""))
            elif tag == _LOEXT + "content-control" and child.get(_LOEXT + "checkbox") == "true":
                is_on = child.get(_LOEXT + "checked") == "true"
                into.pieces.append(symbols.CHECKED if is_on else symbols.UNCHECKED)
            else:
                self.inline(child, into)
            into.pieces.append(_collapsed(child.tail))


def _rows(node: etree._Element) -> Iterator[etree._Element]:
    """The rows of a table, also those in header and grouped rows; a repeated row stands once."""
    for child in node:
        if child.tag == _ROW:
            yield child
        elif child.tag != _TABLE + "table" and child.tag not in _UNSEEN:
            yield from _rows(child)


def _repeated(node: etree._Element, before: int) -> int:
    """How many columns a cell stands for: spreadsheets fill their rows with 16,384 blank ones."""
    count = node.get(_TABLE + "number-columns-repeated", "1")
    wanted = int(count) if count.isdecimal() and len(count) < 6 else 1
    return min(wanted, max(MAX_COLUMNS - before, 0))


def _collapsed(text: str | None) -> str:
    return _WHITE_SPACE.sub(" ", text) if text else ""
