"""The justification form as a Word document, filled in with what was understood."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import cache, lru_cache

from lxml import etree

from bot.mail.documents import form_template
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
    with zipfile.ZipFile(io.BytesIO(form_template.build())) as archive:
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
