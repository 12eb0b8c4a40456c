"""What a process remembers between transactions: it saves questions, nothing depends on it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from bot.lists.register import ListEntry

Series = tuple[str, int]
"""What folios are counted by: their prefix and their year."""
Version = tuple[str, int, str]
"""A case as it stood at a time: its folio, its revision, the hash of its last event."""


@dataclass(slots=True)
class Cache:
    """Of one store.

    Of each series the `last_number` known and the numbers that were taken in vain (`spare`); what
    open cases asked for (`wishes`); the hour before which tallies are gone (`tallies_from`).
    """

    last_number: dict[Series, int] = field(default_factory=dict)
    spare: dict[Series, list[int]] = field(default_factory=dict)
    wishes: dict[Version, ListEntry] = field(default_factory=dict)
    tallies_from: dt.datetime | None = None
