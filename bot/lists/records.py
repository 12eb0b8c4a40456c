"""The register as the engine hands it over: loaded from the store, found in a context, kept."""

from typing import Protocol

from bot.lists.register import ListEntry
from bot.workflow.case import Case
from bot.workflow.context import Context

KIND = "list"
"""The name of this kind of request."""


class ListsOfWork(Protocol):
    """The repository of lists in the unit of work."""

    def known(self) -> tuple[ListEntry, ...]: ...
    def open_requests(self) -> tuple[ListEntry, ...]: ...
    def has_address(self, address: str) -> bool: ...
    def save(self, *entries: ListEntry) -> None: ...


class CasesOfWork(Protocol):
    """The repository of cases in the unit of work."""

    def get(self, folio: str) -> Case | None: ...
    def of_area(self, area: str) -> tuple[Case, ...]: ...
    def of_person(self, email: str, most: int) -> list[Case]: ...
    def newest_open(self) -> tuple[Case, ...]: ...


class Source(Protocol):
    """The unit of work, as far as a request for a list needs it."""

    @property
    def lists(self) -> ListsOfWork: ...
    @property
    def cases(self) -> CasesOfWork: ...


def load(work: Source) -> tuple[ListEntry, ...]:
    """The register, but for lists that are long out of use."""
    return work.lists.known()


def keeps_address(work: Source, address: str) -> bool:
    """Whether an address is that of a list, in use or not: a mail to it may reach thousands."""
    return work.lists.has_address(address)


def save(work: Source, entry: ListEntry) -> None:
    """Enters a list, or replaces what stands there of the same one."""
    work.lists.save(entry)


def lists_in(context: Context) -> tuple[ListEntry, ...]:
    """The register, where it was loaded; nothing elsewhere."""
    entries: tuple[ListEntry, ...] = context.records.get(KIND, ())
    return entries
