"""The register of lists: what is authorised, and what was withdrawn."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from bot.workflow.case import Case
from nlp.text.fold import plain
from nlp.types import Intent


class ListState(StrEnum):
    """Where a list stands."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    HISTORICAL = "historical"  # withdrawn with all others, when rules for lists began


ALIVE = frozenset({ListState.ACTIVE, ListState.SUSPENDED})
"""States of a list that somebody answers for."""


@dataclass(frozen=True, slots=True)
class ListEntry:
    """A list of the register. `audience` and `frequency` are keys of the form's choices."""

    name: str
    address: str = ""
    state: ListState = ListState.ACTIVE
    area: str = ""
    responsible: str = ""
    responsible_email: str = ""
    audience: tuple[str, ...] = ()
    recipients: int | None = None
    frequency: str = ""
    start_date: dt.date | None = None
    end_date: dt.date | None = None
    folio: str = ""  # of the case that authorised it
    purpose: str = ""
    note: str = ""

    @property
    def key(self) -> str:
        """What tells it from all others: its address, or its name where none is known."""
        return self.address.strip().lower() or plain(self.name)

    @property
    def names(self) -> frozenset[str]:
        """What it may be called, folded: its name, and what stands before the @."""
        return frozenset({plain(self.name), plain(self.address.partition("@")[0])} - {""})


def entry_of(case: Case, address: str) -> ListEntry:
    """The list that a case led to, as it goes into the register."""
    return ListEntry(
        name=case.text("list_name") or address.partition("@")[0],
        address=address.strip().lower(),
        area=case.text("area"),
        responsible=case.text("responsible"),
        responsible_email=case.text("email") or case.requester.email,
        audience=tuple(dict.fromkeys(case.value("audience", tuple) or ())),
        recipients=case.value("recipients", int),
        frequency=case.text("frequency"),
        start_date=case.value("start_date", dt.date),
        end_date=case.value("end_date", dt.date),
        folio=case.folio,
        purpose=case.text("purpose"),
    )


@dataclass(frozen=True, slots=True)
class Import:
    """What taking lists in comes to. `lived_on` have a state of their own since: they stay."""

    new: tuple[ListEntry, ...] = ()
    changed: tuple[ListEntry, ...] = ()
    same: tuple[ListEntry, ...] = ()
    lived_on: tuple[ListEntry, ...] = ()

    @property
    def to_save(self) -> tuple[ListEntry, ...]:
        return self.new + self.changed


def take_in(known: Iterable[ListEntry], imported: Iterable[ListEntry]) -> Import:
    """What importing lists changes in the register; again, it changes nothing.

    What a case authorised, or what has another state, lived on; a historical one may live again.
    """
    by_key = {entry.key: entry for entry in known}
    kinds: dict[str, list[ListEntry]] = {"new": [], "changed": [], "same": [], "lived_on": []}
    for entry in imported:
        old = by_key.get(entry.key)
        if old is None:
            kinds["new"].append(entry)
        elif old.folio or old.state not in (entry.state, ListState.HISTORICAL):
            kinds["lived_on"].append(entry)
        else:
            kinds["same" if old == entry else "changed"].append(entry)
    return Import(**{kind: tuple(entries) for kind, entries in kinds.items()})


def is_list_of(case: Case, entry: ListEntry) -> bool:
    """Whether the case is about this very list: what it asks for then takes its place."""
    if entry.folio and entry.folio == case.folio:
        return True
    wanted = plain(case.text("list_name").partition("@")[0])
    return case.intent == Intent.CHANGE_LIST and wanted in entry.names
