"""The justification form as a Word document, filled in with what was understood.

Its table has a header row that repeats on every page and a description for screen readers; what is
missing is told by words, not by colour alone (WCAG 1.4.1, contrast 4.5 and more).
"""

import datetime as dt
import io
import zipfile
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from lxml import etree

from bot.mail.documents.tables import HINT_MARK
from nlp.text.fold import one_line
from replies.phrases import say

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DC_TITLE = "{http://purl.org/dc/elements/1.1/}title"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_DOCUMENT, _CORE = "word/document.xml", "docProps/core.xml"
_LONG_AGO = (2021, 6, 18, 0, 0, 0)  # any fixed time will do: the same form, the same bytes


@dataclass(frozen=True, slots=True)
class FormRow:
    """One line of the form. `missing` asks for an answer, with `hint` saying what is meant."""

    label: str
    value: str
    hint: str = ""
    missing: bool = False


def form_docx(title: str, intro: str, rows: Sequence[FormRow]) -> bytes:
    """The form as .docx: `title`, the lines of `intro`, a table of labels and answers.

    `read_document` reads it back: one line for the title, one for each line of the intro, a
    header row, then label, tab and value for each row (white space made single).
    """
    template = _template()
    root = deepcopy(template.document)
    body = root.find(_W + "body")
    heading, paragraph, table = body[0], body[1], body[2]
    _, filled, missing = table.iter(_W + "tr")
    _write(heading.find(_W + "r"), one_line(title))
    for line in intro.splitlines():
        if text := one_line(line):
            copy = deepcopy(paragraph)
            _write(copy.find(_W + "r"), text)
            table.addprevious(copy)
    for item in rows:
        table.append(deepcopy(_question(item)) if item.missing else _row(filled, item))
    for prototype in (paragraph, filled, missing):
        prototype.getparent().remove(prototype)
    core = deepcopy(template.core)
    core.find(_DC_TITLE).text = one_line(title)
    return _zipped({_DOCUMENT: _xml(root), _CORE: _xml(core)}, template.archive)


@dataclass(frozen=True, slots=True)
class _Template:
    """The empty form: the two parts that change from mail to mail parsed, the others zipped."""

    document: etree._Element
    core: etree._Element
    archive: bytes


@cache
def _template() -> _Template:
    """The empty form, built once: python-docx takes 50 ms for what is the same in every mail."""
    with zipfile.ZipFile(io.BytesIO(empty_form())) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    document, core = etree.fromstring(parts.pop(_DOCUMENT)), etree.fromstring(parts.pop(_CORE))
    return _Template(document, core, _zipped(parts))


@lru_cache(maxsize=256)  # every form asks the same
def _question(item: FormRow) -> etree._Element:
    """The row of a field whose value is missing; not to be put into a table itself."""
    _, _, missing = _template().document.iter(_W + "tr")
    return _row(missing, item)


def _row(prototype: etree._Element, item: FormRow) -> etree._Element:
    """A table row for one field; the lines of a long answer become paragraphs."""
    line = deepcopy(prototype)
    label, answer = line.findall(_W + "tc")
    runs = list(label.iter(_W + "r"))
    _write(runs[0], one_line(item.label.replace(HINT_MARK, "")))
    if item.missing:
        hint = one_line(item.hint)
        missing = say("form_file.missing" if hint else "form_file.missing_value", hint=hint)
        _write(runs[1], f"{HINT_MARK} {missing}")
    paragraph = answer.find(_W + "p")
    for text in list(filter(None, map(one_line, item.value.splitlines()))) or [""]:
        copy = deepcopy(paragraph)
        _write(copy.find(_W + "r"), text)
        paragraph.addprevious(copy)
    answer.remove(paragraph)
    return line


def _write(run: etree._Element, text: str) -> None:
    node = run.find(_W + "t")
    node.text = text
    node.set(_SPACE, "preserve")


def _xml(root: etree._Element) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _zipped(parts: dict[str, bytes], archive: bytes = b"") -> bytes:
    """`archive` with more parts: it depends on their contents only, not on clock or machine."""
    buffer = io.BytesIO(archive)
    with zipfile.ZipFile(buffer, "a") as target:
        for name in sorted(parts, key=lambda n: (n != "[Content_Types].xml", n)):
            entry = zipfile.ZipInfo(name, _LONG_AGO)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0
            entry.external_attr = 0
            target.writestr(entry, parts[name], compresslevel=1)
    return buffer.getvalue()


_LABEL_WIDTH, _ANSWER_WIDTH = 5.6, 11.4  # centimetres; together what a letter page has
_GREY, _YELLOW, _LINE, _RED = "F2F2F2", "FFF6D6", "7F7F7F", "8A1C00"
_FONT = "Calibri"
_HINT_STYLE, _HINT_NAME = "Hint", "Hint"
_KEPT_STYLES = frozenset(("Normal", "Title", "DefaultParagraphFont", "TableNormal", "NoList"))
_UNUSED_PARTS = ("stylesWithEffects", "customXml", "thumbnail", "printerSettings", "numbering")


def empty_form() -> bytes:
    """The template: title, intro, and a table with header, filled row and missing row."""
    import docx  # 0.1 s that most commands can do without
    from docx.shared import Cm

    document = docx.Document()
    _page(document.sections[0])
    _styles(document)
    _properties(document.core_properties)
    document.add_paragraph("", style="Title").add_run(" ")
    document.add_paragraph().add_run(" ")
    table = document.add_table(rows=3, cols=2)
    table.autofit = False
    for line in table.rows:
        for part, width in zip(line.cells, (_LABEL_WIDTH, _ANSWER_WIDTH), strict=True):
            part.width = Cm(width)
    for column, width in zip(table.columns, (_LABEL_WIDTH, _ANSWER_WIDTH), strict=True):
        column.width = Cm(width)
    _table_properties(table)
    _header(table.rows[0])
    _field(table.rows[1], is_missing=False)
    _field(table.rows[2], is_missing=True)
    _drop_unused(document)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _page(section: Any) -> None:
    """US letter, as everywhere in Mexico."""
    from docx.shared import Cm

    section.page_width, section.page_height = Cm(21.59), Cm(27.94)
    section.left_margin = section.right_margin = Cm(2.3)
    section.top_margin = section.bottom_margin = Cm(2)


def _styles(document: Any) -> None:
    """Three styles in one font, in Mexican Spanish (for the spelling checker and the voice)."""
    from docx.enum.style import WD_STYLE_TYPE
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    root = document.styles.element
    for style in list(root.findall(qn("w:style"))):
        if style.get(qn("w:styleId")) not in _KEPT_STYLES:
            root.remove(style)
    language = root.find(f".//{qn('w:lang')}")
    if language is not None:
        language.set(qn("w:val"), "es-MX")
    normal, title = document.styles["Normal"], document.styles["Title"]
    for style in (normal, title):
        style.font.name = _FONT
        fonts = style.element.rPr.rFonts
        for name in list(fonts.attrib):
            if name.endswith("Theme"):
                del fonts.attrib[name]
    normal.font.size = Pt(11)
    normal.paragraph_format.space_after = Pt(4)
    title.font.size = Pt(18)
    title.font.bold = True
    title.font.color.rgb = RGBColor(0x26, 0x26, 0x26)
    hint = document.styles.add_style(_HINT_NAME, WD_STYLE_TYPE.PARAGRAPH)
    hint.element.set(qn("w:styleId"), _HINT_STYLE)
    hint.base_style = normal
    hint.font.size = Pt(9)
    hint.font.color.rgb = RGBColor.from_string(_RED)


def _properties(core: Any) -> None:
    """Document properties, with fixed times."""
    moment = dt.datetime(2021, 6, 18, tzinfo=dt.UTC).replace(tzinfo=None)
    core.created = core.modified = moment
    core.author = core.last_modified_by = ""
    core.title, core.language, core.comments, core.keywords = "-", "es-MX", "", ""
    core.revision = 1


def _table_properties(table: Any) -> None:
    """Borders, the mark of a header row and column, and a description for screen readers."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    properties = table._tbl.tblPr
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        edge = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", _LINE)):
            edge.set(qn(f"w:{name}"), value)
        borders.append(edge)
    look = properties.find(qn("w:tblLook"))
    if look is None:
        look = OxmlElement("w:tblLook")
        properties.append(look)
    for name, value in (("val", "00A0"), ("firstRow", "1"), ("firstColumn", "1")):
        look.set(qn(f"w:{name}"), value)
    layout = properties.find(qn("w:tblLayout"))
    margins = OxmlElement("w:tblCellMar")
    for side, width in (("top", 50), ("left", 100), ("bottom", 30), ("right", 100)):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(width))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    (layout if layout is not None else look).addprevious(borders)
    look.addprevious(margins)
    for name, text in (
        ("tblCaption", say("form_file.caption")),
        ("tblDescription", say("form_file.description")),
    ):
        node = OxmlElement(f"w:{name}")
        node.set(qn("w:val"), text)
        properties.append(node)


def _header(line: Any) -> None:
    from docx.oxml import OxmlElement

    line._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for part, text in zip(
        line.cells, (say("form_file.field"), say("form_file.answer")), strict=True
    ):
        part.paragraphs[0].add_run(text).bold = True
        _shade(part, "D9D9D9")


def _field(line: Any, *, is_missing: bool) -> None:
    """A row to copy: bold label, answer; where it is missing a hint and another ground."""
    from docx.oxml import OxmlElement

    line._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    label, answer = line.cells
    label.paragraphs[0].add_run(" ").bold = True
    _shade(label, _GREY)
    if is_missing:
        label.add_paragraph(style=_HINT_NAME).add_run(" ")
        _shade(answer, _YELLOW)
    answer.paragraphs[0].add_run(" ")


def _shade(part: Any, colour: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", colour)):
        shade.set(qn(f"w:{name}"), value)
    part._tc.get_or_add_tcPr().append(shade)


def _drop_unused(document: Any) -> None:
    """Leaves out what python-docx's template brings along: 25 of 37 KB, in every mail."""
    for holder in (document.part.rels, document.part.package.rels):
        for key in [k for k, rel in holder.items() if rel.reltype.endswith(_UNUSED_PARTS)]:
            del holder[key]
