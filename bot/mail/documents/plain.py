"""Plain text, tables as text (CSV), web pages and Rich Text Format."""

import csv
import io
import itertools
import re
from collections.abc import Callable

from bot.mail.documents.limits import BROKEN, MAX_LINES, TOO_BIG, Output, Unreadable
from bot.mail.documents.tables import HINT_MARK, cell, grid, row

_MAX_TEXT_BYTES = 2 * 2**20
_MAX_HTML_BYTES = 2**19  # inscriptis takes up to a second for as much
_MAX_RTF_CHARACTERS = 2**20  # once pictures are taken out
_BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_HTML_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s{0,9}=\s{0,9}["']?([\w-]{1,40})""", re.I)
_DELIMITERS = "\t;,|"


def decode(data: bytes) -> str:
    """Text of unknown encoding: a byte order mark, UTF-8, or else what Windows writes."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    for encoding in ("utf-16-le", "utf-16-be"):
        # Latin text in UTF-16 has a NUL in every second byte.
        nuls = data[1:400:2] if encoding == "utf-16-le" else data[:400:2]
        if len(nuls) > 3 and nuls.count(0) > len(nuls) * 0.7:
            return data.decode(encoding, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def read_text(data: bytes, out: Output) -> None:
    """Adds the lines of a text file."""
    for line in decode(data[:_MAX_TEXT_BYTES]).splitlines():
        if line := line.strip():
            out.add(line)


def read_csv(data: bytes, out: Output) -> None:
    """Adds the rows of a CSV file; Excel in Spanish parts cells with semicolons."""
    text = decode(data[:_MAX_TEXT_BYTES]).replace("\0", "")
    head = text[:4096]
    delimiter = max(_DELIMITERS, key=head.count)
    try:
        rows = itertools.islice(
            csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), MAX_LINES
        )
        for line in grid([[cell(value) for value in cells] for cells in rows]):
            if line:
                out.add(line)
    except csv.Error as error:
        raise Unreadable(BROKEN) from error


def read_html(data: bytes, out: Output) -> None:
    """Adds the text of a web page, its tables with tabs between the cells."""
    if len(data) > _MAX_HTML_BYTES:
        raise Unreadable(TOO_BIG)
    for line in html_text(_decode_html(data)).splitlines():
        cells = [cell(part) for part in line.split("\t")]
        if any(cells) and not (len(cells) > 1 and cells[0].startswith(f"{HINT_MARK} ")):
            out.add(row(cells))


def html_text(html: str) -> str:
    """The text of HTML as a browser lays it out; table cells are parted by tabs."""
    from inscriptis import get_text  # imports requests: 60 ms that most mail can do without
    from inscriptis.css_profiles import CSS_PROFILES
    from inscriptis.model.config import ParserConfig

    config = ParserConfig(css=CSS_PROFILES["strict"].copy(), table_cell_separator="\t")
    return str(get_text(html, config))


def _decode_html(data: bytes) -> str:
    """A page's text in the encoding that it declares, where that exists."""
    declared = _HTML_CHARSET.search(data[:4096])
    if declared and not data.startswith(tuple(mark for mark, _ in _BOMS)):
        try:
            return data.decode(declared[1].decode("ascii"), "replace")
        except (LookupError, ValueError):
            pass
    return decode(data)


# The look-behind keeps the search linear: a run is tried from its beginning only.
_PICTURE = re.compile(r"(?<![0-9a-fA-F\s])[0-9a-fA-F\s]{256,}")
_CELL = re.compile(r"(?<!\\)\\(?:nest)?cell(?![a-z]) ?")
_PARAGRAPH = re.compile(r"(?<!\\)\\(?:par|line)(?![a-z]) ?")
_ROW_START = re.compile(r"(?<!\\)\\(?:trowd|row|nestrow)(?![a-z])")
_KEYWORD_F = re.compile(r"(?<!\\)\\f")
_CELL_END = "\ue000"  # private use: no document has it, and striprtf lets it pass


def read_rtf(data: bytes, out: Output) -> None:
    """Adds the paragraphs and table rows of an RTF document."""
    for line in rtf_text(data).splitlines():
        if _CELL_END in line:
            cells = [cell(part) for part in line.split(_CELL_END)]
            line = row(cells if cells[-1] else cells[:-1])
        if line := line.strip(" \r\n\xa0"):
            out.add(line)


def rtf_text(data: bytes) -> str:
    """The text of RTF, by striprtf, with each end of a table cell marked by `_CELL_END`.

    Newlines mean nothing in RTF. Put before each keyword in «f», they keep striprtf's patterns
    for links and font tables, which take cubic time on hostile input, from ever matching; the
    price is that the font table's character sets are not heeded, only the document's.
    """
    from striprtf import striprtf

    convert: Callable[..., str] = striprtf.rtf_to_text
    text = _PICTURE.sub("", data.decode("latin-1"))
    if len(text) > _MAX_RTF_CHARACTERS:
        raise Unreadable(TOO_BIG)
    text = _KEYWORD_F.sub(r"\n\\f", _mark_cells(text))
    try:
        return convert(text, errors="replace")
    except (ValueError, LookupError, IndexError, OverflowError, TypeError) as error:
        raise Unreadable(BROKEN) from error


def _mark_cells(rtf: str) -> str:
    """RTF with `_CELL_END` for each end of a cell, and spaces for the paragraphs within it."""
    parts = _CELL.split(rtf)
    for number, part in enumerate(parts[:-1]):
        starts = [found.end() for found in _ROW_START.finditer(part)]
        begin = starts[-1] if starts else 0 if number else len(part)
        parts[number] = part[:begin] + _PARAGRAPH.sub(" ", part[begin:])
    return _CELL_END.join(parts)
