"""The register of lists, and what a notice must know of the cases around its own."""

from __future__ import annotations

import json
from functools import lru_cache
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Row, Text, bindparam, select, type_coerce, union_all

from bot.lists.register import ListEntry, ListState, entry_of
from bot.store.base import insert_new
from bot.store.cache import Cache
from bot.store.cases import CaseWork, fold
from bot.store.codec import case_from_json, strings_to_json
from bot.store.columns import CleanText
from bot.store.tables import CASE, LIST
from bot.store.values import ListFilter
from bot.workflow.case import FINAL, Case, State

OPEN = tuple(str(state) for state in State if state not in FINAL)
MOST_OPEN = 200  # open cases compared with a new one, newest first
MOST_OF_AREA = 30

# Cases are compared with every notice: what did not change since need not be decoded again.
_decoded = lru_cache(maxsize=1024)(case_from_json)


class RegisterWork(CaseWork):
    """Lists within a transaction, and the cases around one."""

    def __init__(self, connection: Connection, memory: Cache) -> None:
        super().__init__(connection, memory)
        self._wishes: dict[str, ListEntry] | None = None  # by folio, once they were asked for

    def save_case(self, case: Case, opens: bool = False) -> None:
        super().save_case(case, opens)
        if self._wishes is None:
            return
        if case.state in FINAL or not (opens or case.folio in self._wishes):
            self._wishes = None  # which ones are the newest may have changed
        elif opens:
            newest_first = {case.folio: entry_of(case, ""), **self._wishes}
            self._wishes = dict(islice(newest_first.items(), MOST_OPEN))
        else:
            self._wishes[case.folio] = entry_of(case, "")

    def lists(self) -> tuple[ListEntry, ...]:
        """The whole register, by name."""
        return tuple(entry_of_row(row) for row in self._connection.execute(_LISTS))

    def list_by_address(self, address: str) -> ListEntry | None:
        """The list with this address."""
        wanted = {"address_": address.strip().lower()}
        row = self._connection.execute(_BY_ADDRESS, wanted).first() if wanted["address_"] else None
        return entry_of_row(row) if row else None

    def save_list(self, *entries: ListEntry) -> None:
        """Enters lists; what stood there of the same one (`ListEntry.key`) is replaced."""
        rows = [_row(entry) for entry in entries]
        if not rows:
            return
        insert = insert_new(self._connection, LIST)
        changes = {c.name: insert.excluded[c.name] for c in LIST.columns if not c.primary_key}
        insert = insert.on_conflict_do_update(index_elements=["key"], set_=changes)
        self._connection.execute(insert, rows)

    def open_cases(self) -> tuple[Case, ...]:
        """Cases that somebody still waits for, newest first, a bounded number."""
        return tuple(_decoded(body) for body in self._connection.scalars(_OPEN))

    def open_wishes(self) -> tuple[ListEntry, ...]:
        """What these cases ask for, as entries of the register, newest first."""
        if self._wishes is None:
            self._wishes = self._load_wishes()
        return tuple(self._wishes.values())

    def _load_wishes(self) -> dict[str, ListEntry]:
        self.flush()  # the last events
        keys = [(r.folio, r.revision, r.head) for r in self._connection.execute(_OPEN_NOW)]
        wishes = self._memory.wishes
        new = {key[0]: key for key in keys if key not in wishes}
        if new:
            for row in self._connection.execute(_BODIES, {"folios": list(new)}):
                wishes[new[row.folio]] = entry_of(case_from_json(row.body), "")
        for key in wishes.keys() - keys:
            del wishes[key]
        return {key[0]: wishes[key] for key in keys}

    def cases_of_area(self, area: str) -> tuple[Case, ...]:
        """The cases of an area, newest first; none where the area is not known."""
        wanted = {"area_": fold(area)}
        if not wanted["area_"]:
            return ()
        return tuple(_decoded(body) for body in self._connection.scalars(_OF_AREA, wanted))


def find_lists(connection: Connection, only: ListFilter) -> tuple[ListEntry, ...]:
    """Lists of the register, by name."""
    find = _LISTS.where(LIST.c.state == only.state) if only.state else _LISTS
    entries = (entry_of_row(row) for row in connection.execute(find))
    if not only.area:
        return tuple(entries)
    part = fold(only.area)  # accents are kept in the table; a register is small
    return tuple(entry for entry in entries if part in fold(entry.area))


def entry_of_row(row: Row[Any]) -> ListEntry:
    return ListEntry(
        name=row.name,
        address=row.address,
        state=ListState(row.state),
        area=row.area,
        responsible=row.responsible,
        responsible_email=row.responsible_email,
        audience=_audience(row.audience),
        recipients=row.recipients,
        frequency=row.frequency,
        start_date=row.start_date,
        end_date=row.end_date,
        folio=row.folio,
        purpose=row.purpose,
        note=row.note,
    )


@lru_cache(maxsize=256)  # there are few combinations
def _audience(text: str) -> tuple[str, ...]:
    return tuple(json.loads(text))


def _row(entry: ListEntry) -> dict[str, Any]:
    return {
        "key": entry.key,
        "name": entry.name,
        "address": entry.address.strip().lower(),
        "state": str(entry.state),
        "area": entry.area,
        "responsible": entry.responsible,
        "responsible_email": entry.responsible_email.strip().lower(),
        "audience": strings_to_json(entry.audience),
        "recipients": entry.recipients,
        "frequency": entry.frequency,
        "start_date": entry.start_date,
        "end_date": entry.end_date,
        "folio": entry.folio,
        "purpose": entry.purpose,
        "note": entry.note,
    }


# Text as it is: the whole register is read for a notice, and CleanText acts on what goes in only.
_ENTRY = select(
    *(type_coerce(c, Text).label(c.name) if isinstance(c.type, CleanText) else c for c in LIST.c)
)
_LISTS = _ENTRY.order_by(LIST.c.name, LIST.c.key)
_BY_ADDRESS = _ENTRY.where(LIST.c.address == bindparam("address_"))
# State by state: each is a short walk along an index, however many cases there are.
_NEWEST = [
    select(CASE.c.opened_at, CASE.c.folio)
    .where(CASE.c.state == state)
    .order_by(CASE.c.opened_at.desc(), CASE.c.folio.desc())
    .limit(MOST_OPEN)
    .subquery()
    for state in OPEN
]
_EVERY = union_all(*(select(one) for one in _NEWEST)).subquery()
_NEWEST_OPEN = (
    select(CASE.c.folio)
    .join(_EVERY, _EVERY.c.folio == CASE.c.folio)
    .order_by(_EVERY.c.opened_at.desc(), _EVERY.c.folio.desc())
    .limit(MOST_OPEN)
)
_OPEN = _NEWEST_OPEN.with_only_columns(CASE.c.body)
_OPEN_NOW = _NEWEST_OPEN.with_only_columns(CASE.c.folio, CASE.c.revision, CASE.c.head)
_BODIES = select(CASE.c.folio, CASE.c.body).where(
    CASE.c.folio.in_(bindparam("folios", expanding=True))
)
_OF_AREA = (
    select(CASE.c.body)
    .where(CASE.c.area == bindparam("area_"))
    .order_by(CASE.c.opened_at.desc(), CASE.c.folio.desc())
    .limit(MOST_OF_AREA)
)
