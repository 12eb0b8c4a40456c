"""Excel workbooks (.xlsx, .xlsm), by openpyxl in its streaming mode."""

import datetime as dt
import io
import re
import warnings
from typing import Any

from bot.mail.documents import symbols
from bot.mail.documents.limits import (
    BROKEN,
    ENTITIES,
    MAX_COLUMNS,
    TOO_BIG,
    Enough,
    Output,
    Package,
    Unreadable,
)
from bot.mail.documents.tables import cell, grid

_MAX_SHEETS = 10
_MAX_ROWS = 2_000  # of a sheet: a form has 20; what is longer is a roster
_MAX_BLANK_ROWS = 500
_MAX_XML = 12 * 2**20  # of all parts together: openpyxl takes some 0.2 s for a megabyte
_LEADING_ZEROS = re.compile(r"0{2,9}")
_PERCENT = re.compile(r"0(?:\.(0{1,6}))?%")


def read(data: bytes, out: Output) -> None:
    """Adds the rows of the visible sheets to `out`, with values as Excel shows them."""
    _screen(Package(data))
    from openpyxl import load_workbook  # 0.1 s that most mail can do without

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of extensions that it does not write back
        try:
            source = _Watched(data, out)
            book = load_workbook(source, read_only=True, data_only=True, keep_links=False)
            visible = [s for s in book.worksheets if s.sheet_state == "visible"]
            for sheet in visible[:_MAX_SHEETS]:
                _read_sheet(sheet, out)
        except (Enough, Unreadable):
            raise
        except Exception as error:  # openpyxl raises whatever its parsers raise
            raise Unreadable(BROKEN) from error
        if len(visible) > _MAX_SHEETS:
            raise Enough


def _screen(package: Package) -> None:
    """Refuses what openpyxl would swallow whole: it parses every part by itself."""
    total = 0
    for name in sorted(package.names):
        if name.endswith((".xml", ".rels")):
            part = package.part(name)
            total += len(part)
            if b"<!DOCTYPE" in part[:4096] or b"<!ENTITY" in part[:4096]:
                raise Unreadable(ENTITIES)
            if total > _MAX_XML:
                raise Unreadable(TOO_BIG)


class _Watched(io.BytesIO):
    """The workbook's bytes, with a look at the clock each time openpyxl asks for more.

    A sheet of a single endless row gives no other occasion.
    """

    def __init__(self, data: bytes, out: Output) -> None:
        super().__init__(data)
        self._out = out

    def read(self, size: int | None = -1, /) -> bytes:
        self._out.check()
        return super().read(size)


def _read_sheet(sheet: Any, out: Output) -> None:
    """Adds one sheet's rows, those read in time at least."""
    rows: list[list[str]] = []
    try:
        _collect(sheet, rows, out)
    finally:
        for line in grid(rows):
            if line:
                out.add(line)


def _collect(sheet: Any, rows: list[list[str]], out: Output) -> None:
    """Reads rows one by one. The declared size is not believed: some declare a million rows."""
    sheet.reset_dimensions()
    blank = 0
    for cells in sheet.iter_rows(max_col=MAX_COLUMNS):
        out.check()
        values = [_shown(c.value, c.number_format) if c.value is not None else "" for c in cells]
        blank = 0 if any(values) else blank + 1
        if blank >= _MAX_BLANK_ROWS:  # a stray mark far below, not an answer
            return
        if len(rows) >= _MAX_ROWS:
            raise Enough
        rows.append(values)


def _shown(value: object, number_format: str) -> str:
    """A value as the person sees it, but for figures, which are given without separators."""
    if isinstance(value, bool):  # a checkbox, in forms
        return symbols.CHECKED if value else symbols.UNCHECKED
    if isinstance(value, dt.datetime):
        return value.strftime("%d/%m/%Y %H:%M" if value.time() != dt.time() else "%d/%m/%Y")
    if isinstance(value, dt.date):
        return value.strftime("%d/%m/%Y")
    if isinstance(value, dt.time):
        return value.strftime("%H:%M")
    if isinstance(value, int | float):
        return _number(value, number_format)
    return cell(str(value))


def _number(value: float, number_format: str) -> str:
    """1250.0 as 1250, 0.5 as 50% where it is shown so, extension 42 as 0042 where it is."""
    if percent := _PERCENT.fullmatch(number_format):
        return f"{value * 100:.{len(percent[1] or '')}f}%"
    if not float(value).is_integer():
        return f"{value:.10g}"
    width = len(number_format) if _LEADING_ZEROS.fullmatch(number_format) else 0
    return f"{int(value):0{width}d}"
