"""What goes into the store and comes out of it, besides the values of the core."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from bot.workflow.case import Event


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """A line of a case's history."""

    number: int
    at: dt.datetime
    event: Event
    hash: str


@dataclass(frozen=True, slots=True)
class Counters:
    """How much there is of everything, by status."""

    messages: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    cases: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    outbox: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))

    def flat(self) -> dict[str, int]:
        """For a line of a log: `messages_received=3 outbox_waiting=1 …`."""
        groups = {"messages": self.messages, "cases": self.cases, "outbox": self.outbox}
        return {f"{name}_{k}": n for name, counts in groups.items() for k, n in counts.items()}
