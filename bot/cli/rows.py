"""Rows for other programs: one JSON array, or CSV that a spreadsheet may open."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Mapping, Sequence


def print_json(rows: Iterable[Mapping[str, object]]) -> None:
    """One JSON array on one line."""
    sys.stdout.write(json.dumps(list(rows), ensure_ascii=False) + "\n")


def print_csv(columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> None:
    """CSV with a header line; of several values in a cell, one after the other."""
    writer = csv.DictWriter(sys.stdout, columns)
    writer.writeheader()
    writer.writerows({name: _cell(value) for name, value in row.items()} for row in rows)


def _cell(value: object) -> str:
    if value is None:
        return ""
    text = " ".join(value) if isinstance(value, tuple) else str(value)
    # A spreadsheet would run a cell that begins like a formula (CWE-1236).
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
