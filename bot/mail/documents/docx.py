"""Word documents (.docx, .docm, .dotx): the text that the eye sees, in the order it sees it.

Read straight from WordprocessingML (ECMA-376 part 1, chapter 17; content controls 17.5.2, text
boxes 14.9.1, checkboxes [MS-DOCX] 2.6.1.2). python-docx writes well, but it does not see
content controls, text boxes and form fields, which is what filled-in forms are made of.
"""

import posixpath
from collections.abc import Iterator

from lxml import etree

from bot.mail.documents import symbols
from bot.mail.documents.limits import (
    BROKEN,
    MAX_DEPTH,
    Output,
    Package,
    Unreadable,
    parse_xml,
)
from bot.mail.documents.tables import Paragraph, cell, row, split_cell

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRUCK_OUT = f"{_W}trPr/{_W}del"  # a table row, by change tracking
_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
# ISO "strict" documents say the same in another namespace.
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"

_P, _R, _T, _TBL, _TR, _TC = (_W + n for n in ("p", "r", "t", "tbl", "tr", "tc"))
_SDT, _SDT_PR, _SDT_CONTENT = (_W + n for n in ("sdt", "sdtPr", "sdtContent"))
_VAL = _W + "val"
_ALTERNATIVES, _CHOICE = _MC + "AlternateContent", _MC + "Choice"
_TEXT_BOX, _SYMBOL, _FIELD_CHAR = _W + "txbxContent", _W + "sym", _W + "fldChar"

_MARKS = {
    _W + "tab": "\t",
    _W + "ptab": "\t",
    _W + "br": "\n",
    _W + "cr": "\n",
    _W + "noBreakHyphen": "-",
}
_UNSEEN_NAMES = (
    "pPr rPr tblPr trPr tcPr sdtPr sdtEndPr sectPr tblGrid del moveFrom delText instrText "
    "rubyBase footnoteReference"
)
_UNSEEN = frozenset((_MC + "Fallback", *(_W + name for name in _UNSEEN_NAMES.split())))
_OFF = frozenset(("0", "false", "off", "none"))


def read(data: bytes, out: Output) -> None:
    """Adds the document's paragraphs and table rows to `out`, in order."""
    package = Package(data)
    xml = package.part(_main_part(package))
    if _STRICT in xml[:10_000]:
        xml = xml.replace(_STRICT, _W[1:-1].encode())
    body = parse_xml(xml).find(_W + "body")
    if body is None:
        raise Unreadable(BROKEN)
    for item in _blocks(body, out, 0):
        for line in [item] if isinstance(item, str) else item:
            out.add(line)


def _main_part(package: Package) -> str:
    """The document's part, by the package's relationships: Office 365 calls it document2.xml."""
    if "_rels/.rels" in package.names:
        for relation in package.xml("_rels/.rels").iter(_RELATION):
            if relation.get("Type", "").endswith("/officeDocument"):
                target = posixpath.normpath(str(relation.get("Target", "")).lstrip("/"))
                if target in package.names:
                    return target
    return "word/document.xml"


def _blocks(node: etree._Element, out: Output, depth: int) -> Iterator[str | list[str]]:
    """The lines of a body, cell or text box: a string for a line, a list for a table's rows."""
    for child in node:
        tag = child.tag
        if tag == _P:
            out.check()
            yield from _paragraph(child, out, depth)
        elif tag == _TBL:
            if depth < MAX_DEPTH:
                yield list(_table(child, out, depth + 1))
        elif tag == _SDT:
            content = child.find(_SDT_CONTENT)
            if content is not None and not _is_placeholder(child):
                yield from _blocks(content, out, depth)
        elif tag not in _UNSEEN:  # customXml, ins and other wrappers
            yield from _blocks(child, out, depth)


def _table(table: etree._Element, out: Output, depth: int) -> Iterator[str]:
    """The rows of a table as lines.

    A table of one column is a frame around text: its lines stay lines. Rows of a table within a
    cell follow the row that holds it.
    """
    lines = (line for line in _unwrap(table, _TR) if line.find(_STRUCK_OUT) is None)
    rows = [list(_unwrap(line, _TC)) for line in lines]
    one_column = all(len(cells) <= 1 for cells in rows)
    for cells in rows:
        out.check()
        texts: list[str] = []
        nested: list[str] = []
        for tc in cells:
            own, inner = split_cell(_blocks(tc, out, depth))
            nested.extend(inner)
            if one_column:
                yield from own
            texts.append(cell(" ".join(own)))
        if not one_column and (line := row(texts)):
            yield line
        yield from nested


def _unwrap(node: etree._Element, tag: str) -> Iterator[etree._Element]:
    """The rows of a table or cells of a row, also those within content controls."""
    for child in node:
        if child.tag == tag:
            yield child
        elif child.tag == _SDT:
            content = child.find(_SDT_CONTENT)
            if content is not None:
                # A control around a whole cell: emptied, not dropped, to keep the columns.
                if tag == _TC and _is_placeholder(child):
                    for paragraph in content.iter(_P):
                        paragraph[:] = []
                yield from _unwrap(content, tag)
        elif child.tag not in _UNSEEN:
            yield from _unwrap(child, tag)


def _is_placeholder(control: etree._Element) -> bool:
    """Whether a content control shows its prompt ("Haga clic aquí…") instead of an answer."""
    return control.find(f"{_SDT_PR}/{_W}showingPlcHdr") is not None


def _paragraph(node: etree._Element, out: Output, depth: int) -> Iterator[str | list[str]]:
    """The lines of a paragraph that are not blank, then those of its text boxes."""
    inline = Paragraph()
    _inline(node, inline)
    yield from inline.lines()
    if depth < MAX_DEPTH:
        for box in inline.boxes:
            yield from _blocks(box, out, depth + 1)


def _inline(node: etree._Element, into: Paragraph) -> None:
    """Collects what stands within a paragraph, run by run."""
    for child in node:
        tag = child.tag
        if tag == _R:
            if not _is_hidden(child):
                _inline(child, into)
        elif tag == _T:
            into.pieces.append(_glyphs(node, child.text or ""))
        elif tag in _MARKS:
            into.pieces.append(_MARKS[tag])
        elif tag == _SDT:
            _control(child, into)
        elif tag == _FIELD_CHAR:
            into.pieces.append(_form_field(child))
        elif tag == _SYMBOL:
            into.pieces.append(symbols.glyph(child.get(_W + "font"), child.get(_W + "char")))
        elif tag == _TEXT_BOX:
            into.boxes.append(child)
        elif tag == _ALTERNATIVES:
            _alternatives(child, into)
        elif tag not in _UNSEEN:
            _inline(child, into)


def _alternatives(node: etree._Element, into: Paragraph) -> None:
    """One of several versions: Word writes a text box twice, for new and for old readers."""
    versions = [child for child in node if len(child)]
    preferred = [child for child in versions if child.tag == _CHOICE]
    for child in (preferred or versions)[:1]:
        _inline(child, into)


def _control(control: etree._Element, into: Paragraph) -> None:
    """A content control within a paragraph: a checkbox, or the text that was typed into it."""
    box = control.find(f"{_SDT_PR}/{_W14}checkbox")
    content = control.find(_SDT_CONTENT)
    if box is not None:
        checked = box.find(_W14 + "checked")
        is_on = checked is not None and checked.get(_W14 + "val", "1") not in _OFF
        into.pieces.append(symbols.CHECKED if is_on else symbols.UNCHECKED)
    elif content is not None and not _is_placeholder(control):
        _inline(content, into)


def _form_field(char: etree._Element) -> str:
    """A legacy form field that keeps its state outside the text: checkbox or drop-down."""
    box = char.find(f"{_W}ffData/{_W}checkBox")
    if box is not None:
        state = box.find(_W + "checked")
        if state is None:
            state = box.find(_W + "default")
        is_on = state is not None and state.get(_VAL, "1") not in _OFF
        return symbols.CHECKED if is_on else symbols.UNCHECKED
    choice = char.find(f"{_W}ffData/{_W}ddList")
    if choice is None:
        return ""
    entries = [entry.get(_VAL, "") for entry in choice.findall(_W + "listEntry")]
    number = choice.find(_W + "result")
    index = number.get(_VAL, "0") if number is not None else "0"
    shown = entries[int(index)] if index.isdecimal() and int(index) < len(entries) else ""
    return "" if symbols.is_prompt(shown) else shown


def _is_hidden(run: etree._Element) -> bool:
    """Whether a run is hidden or struck through: the reader does not see it, or it is undone.

    On paper forms people strike out what does not apply: «Creación / ~~Restablecimiento~~».
    """
    properties = run.find(_W + "rPr")
    if properties is None:
        return False
    return any(
        mark.tag in (_W + "vanish", _W + "strike", _W + "dstrike")
        and mark.get(_VAL, "1") not in _OFF
        for mark in properties
    )


def _glyphs(run: etree._Element, text: str) -> str:
    """The text of a run; in a symbol font letters stand for boxes and ticks."""
    fonts = run.find(f"{_W}rPr/{_W}rFonts")
    if fonts is None:
        return text
    return symbols.translate(fonts.get(_W + "ascii"), text)
