"""Days on which a member of staff is away, or lets somebody else act for them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from bot.workflow.message import Address


@dataclass(frozen=True, slots=True)
class Leave:
    """From `first` to `last`, both included, `person` is away; `delegate` acts for them, if any.

    A later one for the same person and delegate replaces it; one that ends before it starts takes
    it back.
    """

    person: str
    first: dt.date
    last: dt.date
    delegate: Address | None = None

    def covers(self, day: dt.date) -> bool:
        return self.first <= day <= self.last
