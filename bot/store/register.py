"""The register of lists: the one module of the store that knows a kind of request."""

import json
from dataclasses import asdict, fields
from functools import lru_cache
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Row, bindparam, or_, select, update

from bot.lists.register import ListEntry, ListState, entry_of
from bot.store.cases import MOST_OPEN, CaseRepository
from bot.store.codec import strings_to_json
from bot.store.tables import LIST
from bot.store.transactions import Transaction, Transactional, insert_new
from bot.workflow.case import FINAL, Case

MOST_WITHDRAWN = 100
"""Lists out of use that are still compared with what is asked for."""


class Register(Transactional):
    """The register outside of transactions, to be shown."""

    def all(self, state: ListState | None = None) -> tuple[ListEntry, ...]:
        """The whole register, or the lists in one state, by name."""
        find = _LISTS if state is None else _LISTS.where(LIST.c.state == state)
        return tuple(map(_entry, self._rows(find)))


class ListRepository:
    """The register within a transaction, and what open cases ask for."""

    def __init__(self, transaction: Transaction, cases: CaseRepository) -> None:
        self._transaction, self._cases = transaction, cases
        self._connection = transaction.connection
        self._requested: dict[str, ListEntry] | None = None  # by folio, once they were asked for
        self._known = 0  # of what was saved in this transaction: how much `_requested` knows

    def all(self) -> tuple[ListEntry, ...]:
        """The whole register, by name."""
        return tuple(map(_entry, self._connection.execute(_LISTS)))

    def known(self) -> tuple[ListEntry, ...]:
        """Those that matter today, by name: all but of the withdrawn only some, of which the
        period ended last."""
        rows = self._connection.execute(_KNOWN)
        return tuple(sorted(map(_entry, rows), key=lambda one: (one.name, one.key)))

    def has_address(self, address: str) -> bool:
        """Whether a list of the register, in whatever state, has this address (in lower case)."""
        return self._connection.scalar(_OF_ADDRESS, {"wanted": address}) is not None

    def save(self, *entries: ListEntry) -> None:
        """Enters lists; what stood there of the same one (`ListEntry.key`) is replaced."""
        rows = [_row(entry) for entry in entries]
        if not rows:
            return
        insert = insert_new(self._transaction.dialect, LIST)
        changes = {c.name: insert.excluded[c.name] for c in LIST.columns if not c.primary_key}
        insert = insert.on_conflict_do_update(index_elements=["key"], set_=changes)
        self._connection.execute(insert, rows)

    def open_requests(self) -> tuple[ListEntry, ...]:
        """What open cases ask for, as entries of the register, newest first."""
        news, self._known = self._cases.saved[self._known :], len(self._cases.saved)
        for case, is_new in news:
            self._follow(case, is_new)
        if self._requested is None:
            self._requested = self._load_requested()
        return tuple(self._requested.values())

    def _follow(self, case: Case, is_new: bool) -> None:
        if self._requested is None:
            return
        if case.state in FINAL or not (is_new or case.folio in self._requested):
            self._requested = None  # which ones are the newest may have changed
        elif is_new:
            newest_first = {case.folio: entry_of(case, ""), **self._requested}
            self._requested = dict(islice(newest_first.items(), MOST_OPEN))
        else:
            self._requested[case.folio] = entry_of(case, "")

    def _load_requested(self) -> dict[str, ListEntry]:
        versions, requested = self._cases.open_versions(), self._transaction.cache.requested
        new = {version[0]: version for version in versions if version not in requested}
        for case in self._cases.many(new):
            requested[new[case.folio]] = entry_of(case, "")
        for version in requested.keys() - versions:
            del requested[version]
        return {version[0]: requested[version] for version in versions}


_NAMES = tuple(field.name for field in fields(ListEntry))


def _entry(row: Row[Any]) -> ListEntry:
    values = {name: getattr(row, name) for name in _NAMES}
    read = {"state": ListState(row.state), "audience": _audience(row.audience)}
    return ListEntry(**values | read)


@lru_cache(maxsize=256)  # there are few combinations
def _audience(text: str) -> tuple[str, ...]:
    return tuple(json.loads(text))


def _row(entry: ListEntry) -> dict[str, Any]:
    return asdict(entry) | {
        "key": entry.key,
        "address": entry.address.strip().lower(),
        "state": str(entry.state),
        "responsible_email": entry.responsible_email.strip().lower(),
        "audience": strings_to_json(entry.audience),
    }


def forget_responsible(connection: Connection, email: str) -> None:
    """Leaves nobody as who answers for the lists of this person."""
    answers_for = update(LIST).where(LIST.c.responsible_email == email)
    connection.execute(answers_for.values(responsible="", responsible_email="", note=""))


_OF_ADDRESS = select(LIST.c.key).where(LIST.c.address == bindparam("wanted")).limit(1)
_WITHDRAWN = (
    select(LIST.c.key)
    .where(LIST.c.state == ListState.WITHDRAWN)
    .order_by(LIST.c.end_date.desc().nulls_last(), LIST.c.key)
    .limit(MOST_WITHDRAWN)
)
_IN_USE = [state for state in ListState if state is not ListState.WITHDRAWN]
_KNOWN = select(LIST).where(or_(LIST.c.state.in_(_IN_USE), LIST.c.key.in_(_WITHDRAWN)))
_LISTS = select(LIST).order_by(LIST.c.name, LIST.c.key)
