"""Folios: the number of a case, as `CI-2021-0042`."""

from __future__ import annotations

import re

_FOLIO = re.compile(r"(?<![A-Za-z0-9-])([A-Za-z]{1,8})-(20\d{2})-(\d{4,9})(?![0-9A-Za-z])")


def folio(prefix: str, year: int, number: int) -> str:
    """The folio of the `number`th case of a year."""
    return f"{prefix}-{year}-{number:04d}"


def folios_in(text: str, prefix: str) -> tuple[str, ...]:
    """The folios that a text cites, once each, in order, in upper case."""
    found = (m for m in _FOLIO.finditer(text[:100_000]) if m[1].upper() == prefix)
    return tuple(dict.fromkeys(m[0].upper() for m in found))
