"""A table of lists as offices keep it (CSV of any dialect) → entries of the register.

Nothing is guessed silently: a row that cannot be an entry is told with its line and left out; a
single value that cannot be read is told too, and only it is left out.
"""

import csv
import datetime as dt
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeVar

from rapidfuzz import fuzz, process

from bot.lists.register import ListEntry, ListState
from nlp.fields.values import read_value
from nlp.text.fold import plain
from nlp.types import FieldKind, Form, FormField
from replies.phrases import say

Kind = TypeVar("Kind")
SEPARATORS = ",;\t|"
MAX_CELL = 2000  # characters; more is an unclosed quotation mark, not a cell
TITLE_ROWS = 10  # lines that may stand above the header
ALIKE = 84.0  # how alike a header and a known label are at least

_ADDRESS = re.compile(r"[^\s@<>\"',;:()\[\]]{1,64}@[a-z0-9-]+(?:\.[a-z0-9-]+)+", re.IGNORECASE)

LABELS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "name": ("lista", "nombre", "nombre de la lista", "lista de distribucion", "alias",
                 "nombre lista", "grupo"),
        "address": ("correo", "direccion", "correo de la lista", "direccion de la lista", "cuenta",
                    "direccion de correo", "correo electronico", "email", "e mail", "correo lista",
                    "cuenta de correo", "email de la lista"),
        "area": ("area", "area solicitante", "dependencia", "departamento", "facultad",
                 "area responsable", "unidad", "direccion o area"),
        "responsible": ("responsable", "encargado", "propietario", "dueno", "titular",
                        "administrador", "nombre del responsable", "responsable del envio"),
        "responsible_email": ("correo del responsable", "correo responsable", "email responsable",
                              "correo del encargado", "correo del propietario",
                              "email del responsable", "correo institucional"),
        "audience": ("destinatarios", "publico", "audiencia", "dirigido a", "dirigida a",
                     "tipo de destinatarios", "poblacion"),
        "recipients": ("numero de destinatarios", "miembros", "suscriptores", "integrantes",
                       "cantidad", "total", "no de destinatarios", "numero de miembros",
                       "num destinatarios", "contactos"),
        "frequency": ("frecuencia", "periodicidad", "frecuencia de envio"),
        "start_date": ("fecha de alta", "alta", "fecha de creacion", "creacion", "inicio",
                       "vigencia inicio", "desde"),
        "end_date": ("fecha de baja", "baja", "fin", "vigencia fin", "termino", "hasta",
                     "fecha de termino"),
        "purpose": ("objetivo", "proposito", "para que", "finalidad", "uso", "descripcion",
                    "objetivo de la lista"),
        "note": ("nota", "notas", "observaciones", "comentarios", "comentario", "observacion"),
    }
)  # fmt: skip
"""What a column may be called, by the attribute of ListEntry it fills; folded."""

_COLUMN_OF = {label: column for column, labels in LABELS.items() for label in labels}
_KINDS = {
    "recipients": FieldKind.INTEGER,
    "start_date": FieldKind.DATE,
    "end_date": FieldKind.DATE,
    "audience": FieldKind.CHOICES,
    "frequency": FieldKind.CHOICE,
}


class NoHeaderError(ValueError):
    """No line names a column for the list's name or address."""


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What is odd about a line of the file, in Spanish; `kept` tells that its list is taken in."""

    line: int
    text: str
    kept: bool


@dataclass(frozen=True, slots=True)
class ListSheet:
    """What a file holds. `unknown` are columns that nothing was taken from."""

    entries: tuple[ListEntry, ...]
    problems: tuple[RowProblem, ...] = ()
    unknown: tuple[str, ...] = ()


def read_list_csv(
    raw: bytes,
    form: Form,
    today: dt.date,
    state: ListState = ListState.HISTORICAL,
    ended: dt.date | None = None,
) -> ListSheet:
    """The lists of a file, all of them in one state; on `ended` those that name no day.

    Raises NoHeaderError where the file is no table of lists.
    """
    text = _decoded(raw)
    rows = _rows(text, _separator(text))
    header = _header(rows)
    reader = _RowReader(header, form, today, state, ended)
    for line, cells in rows:
        reader.read(line, cells)
    unknown = tuple(c for c, column in zip(header.titles, header.columns, strict=True)
                    if c and column is None)  # fmt: skip
    return ListSheet(tuple(reader.entries), tuple(reader.problems), unknown)


@dataclass(frozen=True, slots=True)
class _Header:
    titles: tuple[str, ...]
    columns: tuple[str | None, ...]


class _RowReader:
    """Collects entries and problems, row by row."""

    def __init__(
        self, header: _Header, form: Form, today: dt.date, state: ListState, ended: dt.date | None
    ) -> None:
        self._header, self._form, self._today = header, form, today
        self._state, self._ended = state, ended
        self._lines: dict[str, int] = {}  # where a list stood first, by its key
        self.entries: list[ListEntry] = []
        self.problems: list[RowProblem] = []

    def read(self, line: int, cells: list[str]) -> None:
        if not any(cell.strip() for cell in cells):
            return
        why = self._unfit(cells)
        if why:
            self.problems.append(RowProblem(line, why, kept=False))
            return
        entry = self._entry(line, self._by_column(cells))
        if entry is None:
            return
        first = self._lines.setdefault(entry.key, line)
        if first != line:
            self.problems.append(RowProblem(line, say("lists_file.again", first=first), kept=False))
            return
        self.entries.append(entry)

    def _unfit(self, cells: list[str]) -> str:
        if any(cell.strip() for cell in cells[len(self._header.columns) :]):
            return say("lists_file.more_cells")
        if any(len(cell) > MAX_CELL for cell in cells):
            return say("lists_file.long_cell", most=MAX_CELL)
        return ""

    def _by_column(self, cells: list[str]) -> dict[str, str]:
        pairs = zip(self._header.columns, cells, strict=False)
        return {column: " ".join(cell.split()) for column, cell in pairs if column}

    def _entry(self, line: int, row: dict[str, str]) -> ListEntry | None:
        name, address = row.get("name", ""), row.get("address", "").lower()
        if not address and _ADDRESS.fullmatch(name):
            name, address = name.partition("@")[0], name.lower()
        if address and not _ADDRESS.fullmatch(address):
            why = say("lists_file.no_address", text=address[:60])
            self.problems.append(RowProblem(line, why, kept=False))
            return None
        if not plain(name) and not address:
            self.problems.append(RowProblem(line, say("lists_file.unnamed"), kept=False))
            return None
        return self._made(line, row, name or address.partition("@")[0], address)

    def _made(self, line: int, row: dict[str, str], name: str, address: str) -> ListEntry:
        email = row.get("responsible_email", "").lower()
        if email and not _ADDRESS.fullmatch(email):
            self._leave_out(line, "responsible_email", email)
            email = ""
        return ListEntry(
            name=name,
            address=address,
            state=self._state,
            area=row.get("area", ""),
            responsible=row.get("responsible", ""),
            responsible_email=email,
            recipients=self._value(line, row, "recipients", int),
            start_date=self._value(line, row, "start_date", dt.date),
            end_date=self._value(line, row, "end_date", dt.date) or self._ended,
            audience=self._value(line, row, "audience", tuple) or (),
            frequency=self._value(line, row, "frequency", str) or "",
            purpose=row.get("purpose", ""),
            note=row.get("note", ""),
        )

    def _value(self, line: int, row: dict[str, str], column: str, kind: type[Kind]) -> Kind | None:
        text, of_form = row.get(column, ""), _KINDS[column]
        if not text:
            return None
        known = column in self._form and self._form[column].kind is of_form
        field = self._form[column] if known else FormField(column, column, of_form)
        value = read_value(field, text, self._today)
        if value is None:
            self._leave_out(line, column, text)
        return value if isinstance(value, kind) else None

    def _leave_out(self, line: int, column: str, text: str) -> None:
        why = say(f"lists_file.unread.{column}", text=text[:60])
        self.problems.append(RowProblem(line, why, kept=True))


# --- the file ---------------------------------------------------------------------------------


def _decoded(raw: bytes) -> str:
    """The text: UTF-16 by its mark, UTF-8, or what Excel writes in Mexico."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", "replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def _separator(text: str) -> str:
    """What parts the cells: the one that stands most in the first lines; Excel may say it."""
    lines = [line for line in text.splitlines()[:TITLE_ROWS] if line.strip()]
    if lines and re.fullmatch(r"sep=.", lines[0].strip().lower()):
        return lines[0].strip()[-1]
    outside = re.sub(r'"[^"]*"', "", "\n".join(lines))
    return max(SEPARATORS, key=outside.count)


def _rows(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Every row with the line it begins at."""
    lines = io.StringIO(text, newline="")
    reader = csv.reader(lines, delimiter=separator, skipinitialspace=True)
    begins = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:  # a cell beyond the module's own limit: told as one too long
            cells = ["x" * (MAX_CELL + 1)]
        yield begins, cells
        begins = reader.line_num + 1


def _header(rows: Iterator[tuple[int, list[str]]]) -> _Header:
    """The first row that names a list's name or address; titles may stand above it."""
    for _, (_, cells) in zip(range(TITLE_ROWS), rows, strict=False):
        columns = _columns(cells)
        told = [column for column in columns if column]
        if {"name", "address"} & set(told) and (len(told) > 1 or len(cells) == 1):
            return _Header(tuple(" ".join(c.split()) for c in cells), columns)
    raise NoHeaderError


def _columns(cells: list[str]) -> tuple[str | None, ...]:
    """Which attribute each column fills, the first of a kind alone."""
    found: list[str | None] = []
    for cell in cells:
        column = _column(plain(cell[:MAX_CELL]))
        found.append(None if column in found else column)
    return tuple(found)


def _column(title: str) -> str | None:
    if not title:
        return None
    if title in _COLUMN_OF:
        return _COLUMN_OF[title]
    best = process.extractOne(title, _COLUMN_OF.keys(), scorer=fuzz.ratio, score_cutoff=ALIKE)
    return _COLUMN_OF[best[0]] if best else None
