"""Rows for other programs: one JSON array, or CSV that a spreadsheet may open."""

import csv
import datetime as dt
import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from bot.cli.app import give_up
from bot.observability.terminal import say, shown
from nlp.text.fold import DIRECTIONS
from replies import phrases

# A spreadsheet runs a cell that begins like a formula (CWE-1236): behind blanks and quotation
# marks too, and behind each sign that some of them take for the end of a cell.
_SEPARATOR = re.compile(r"([;,|\t])")
_FORMULA = re.compile(r"^([\s\"'\ufeff]*+)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])")
_STEERS = re.compile(f"[\x7f-\x9f\u2028\u2029\ud800-\udfff{DIRECTIONS}]")


def print_json(rows: Iterable[Mapping[str, object]]) -> None:
    """One JSON array on one line."""
    print_json_line(list(rows))


def print_json_line(value: object) -> None:
    """A JSON value on a line; what would steer a terminal is written as JSON escapes it."""
    text = json.dumps(value, ensure_ascii=False)
    sys.stdout.write(_STEERS.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text) + "\n")


def print_csv(columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> None:
    """CSV with a header line; of several values in a cell, one after the other."""
    writer = csv.DictWriter(sys.stdout, columns)
    writer.writeheader()
    writer.writerows({name: cell(value) for name, value in row.items()} for row in rows)


AsJson = Annotated[bool, typer.Option("--json", help="One JSON array.")]
AsCsv = Annotated[bool, typer.Option("--csv", help="CSV with a header line.")]
Since = Annotated[
    dt.datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Opened on this day or later.")
]
AsItIs = Annotated[
    bool, typer.Option("--raw", help="Byte by byte, for a file; never for a terminal.")
]


def printed(
    columns: Sequence[str], rows: Iterable[Mapping[str, object]], as_json: bool, as_csv: bool
) -> bool:
    """Prints rows for another program where it is asked for, and tells whether it was."""
    if as_json:
        print_json(rows)
    elif as_csv:
        print_csv(columns, rows)
    return as_json or as_csv


def plain(one: object, columns: Iterable[str], zone: ZoneInfo, **told: object) -> dict[str, object]:
    """A row for another program: of each column what is `told`, else what `one` has of that name;
    days and moments as text, empty where there is none."""
    row: dict[str, object] = {}
    for name in columns:
        value = told[name] if name in told else getattr(one, name)
        if isinstance(value, dt.datetime):
            value = value.astimezone(zone)
        row[name] = value.isoformat() if isinstance(value, dt.date) else value
    return {name: "" if value is None else value for name, value in row.items()}


def print_source(raw: bytes | None, as_it_is: bool, unknown: str) -> None:
    """A mail's source, with signs for what would steer the terminal; tells why there is none."""
    if raw is None:
        give_up(unknown)
    if as_it_is:
        sys.stdout.buffer.write(raw)
    else:
        sys.stdout.write(shown(raw.decode("utf-8", "backslashreplace")))


def tell_done(count: int, done: str, otherwise: str) -> None:
    """Says what was done; where it was done to nothing, why, and ends."""
    if not count:
        give_up(otherwise)
    say(done)


def headers(table: str, **values: object) -> list[str]:
    """What stands above the columns of a table, or before its rows."""
    return phrases.say(f"columns.{table}", **values).split(" | ")


def write_private(file: Path, text: str) -> None:
    """Writes a file that nobody else may read, whoever could before."""
    file.touch(mode=0o600)
    file.chmod(0o600)
    file.write_text(text, encoding="utf-8")


def cell(value: object) -> str:
    """A value as a cell on one line that no spreadsheet takes for a formula."""
    if value is None:
        return ""
    text = " ".join(value) if isinstance(value, tuple) else str(value)
    pieces = _SEPARATOR.split(shown(" ".join(text.splitlines())))
    return "".join(_FORMULA.sub(r"\1'", piece) for piece in pieces)
