"""Cases within a transaction: found, numbered, saved under an optimistic lock."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, or_, select, union_all, update

from bot.store.codec import case_from_json, case_to_json
from bot.store.errors import Conflict, StoreError
from bot.store.events import ChainHead, EventRepository
from bot.store.identity import id_hash
from bot.store.tables import CASE, CASE_COUNT, FOLIO, PARTICIPANT, THREAD
from bot.store.threads import Threads
from bot.store.tokens import OPEN, TokenRepository
from bot.store.transactions import Series, Transaction, Version, add_to, insert_missing, single
from bot.store.verifier import START
from bot.workflow.case import Case
from bot.workflow.tokens import folio as folio_of
from nlp.text.fold import fold

OWN_CASES = 50  # of one person, as shown to them
MAX_IDS = 200  # of a References header that are looked up
MOST_OPEN = 200  # open cases compared with a new one, newest first
MOST_OF_AREA = 15


@dataclass(frozen=True, slots=True)
class _Seen:
    revision: int
    case: Case


class CaseRepository:
    """Cases, and who and what belongs to them."""

    def __init__(
        self,
        transaction: Transaction,
        events: EventRepository,
        threads: Threads,
        tokens: TokenRepository,
    ) -> None:
        self._transaction, self._events, self._threads = transaction, events, threads
        self._tokens = tokens
        self._connection, self._cache = transaction.connection, transaction.cache
        self._taken: list[tuple[Series, int]] = []
        self._seen: dict[str, _Seen] = {}
        self.moved: Counter[str] = Counter()
        """How many cases more are in each state, for `count_states` at the end."""
        self.saved: list[tuple[Case, bool]] = []
        """What was saved in this transaction, in order, and whether it was new."""

    def get(self, folio: str) -> Case | None:
        """The case with this folio."""
        found = self._connection.execute(_CASE, {"number": folio}).one_or_none()
        if found is None:
            return None
        case = case_from_json(found.body)
        self._seen[folio] = _Seen(found.revision, case)
        return case

    def by_thread(self, message_ids: Iterable[str], sender: str = "") -> Case | None:
        """The case that one of these Message-IDs belongs to; the first id that has one wins.

        With `sender`, ids that mail of a case only referred to count too where the sender takes
        part in that case.
        """
        hashes = list(dict.fromkeys(id_hash(i) for i in message_ids))[:MAX_IDS]
        if not hashes:
            return None
        self._transaction.flush()  # of a message before, in the same transaction
        rows = self._connection.execute(_THREAD, {"hashes": hashes}).all()
        owned = {r.message_id_hash: r.folio for r in reversed(rows) if r.own}
        folio = next((owned[h] for h in hashes if h in owned), None)
        if folio is None and sender and rows:
            rows = self._connection.execute(_OF_SENDER, {"hashes": hashes, "who": sender}).all()
            shared = {r.message_id_hash: r.folio for r in reversed(rows)}
            folio = next((shared[h] for h in hashes if h in shared), None)
        return self.get(folio) if folio else None

    def of_person(self, email: str, most: int = OWN_CASES) -> list[Case]:
        """The cases that an address takes part in, newest first; those that it asked for, rather
        than those that others put it in copy of."""
        rows = self._connection.execute(_CASES_OF, {"who": email, "most": most})
        found = [case_from_json(row.body) for row in rows]
        return sorted(found, key=lambda case: (case.opened_at, case.folio), reverse=True)

    def of_area(self, area: str) -> tuple[Case, ...]:
        """The cases of an area, newest first; none where the area is not known."""
        wanted = {"area_": fold(area)}
        if not wanted["area_"]:
            return ()
        return tuple(case_from_json(body) for body in self._connection.scalars(_OF_AREA, wanted))

    def newest_open(self) -> tuple[Case, ...]:
        """Cases that somebody still waits for, newest first, a bounded number."""
        return tuple(case_from_json(body) for body in self._connection.scalars(_OPEN))

    def open_versions(self) -> list[Version]:
        """Which ones `newest_open` would give, and how they stand."""
        self._transaction.flush()  # the last events
        return [(r.folio, r.revision, r.head) for r in self._connection.execute(_OPEN_NOW)]

    def many(self, folios: Iterable[str]) -> tuple[Case, ...]:
        """The cases with these folios, in any order."""
        wanted = {"folios": list(folios)}
        rows = self._connection.scalars(_MANY, wanted) if wanted["folios"] else ()
        return tuple(case_from_json(body) for body in rows)

    def waiting(self) -> tuple[Case, ...]:
        """All cases that somebody is waited for in, oldest first."""
        rows = self._connection.scalars(_WAITING, {"states": OPEN})
        return tuple(case_from_json(body) for body in rows)

    def since(self, since: dt.datetime) -> tuple[Case, ...]:
        """The cases that wait, and those opened or changed since then, oldest first."""
        rows = self._connection.scalars(_SINCE, {"states": OPEN, "since": since})
        return tuple(case_from_json(body) for body in rows)

    def likely_folios(self, prefix: str, year: int, count: int) -> tuple[str, ...]:
        """The folios that `take_folio` is going to give, unless another process is faster."""
        series = (prefix, year)
        spare = reversed(self._cache.spare.get(series, []))
        first = self._cache.last_number.get(series, 0) + 1
        numbers = (*spare, *range(first, first + count))[:count]
        return tuple(folio_of(prefix, year, number) for number in numbers)

    def take_folio(self, prefix: str, year: int) -> str:
        """A folio for a case to open with; nobody else is given it.

        A server's counter is moved at once, apart from this transaction: other workers would have
        to wait for its end. A folio taken in vain is this process's to use (`return_folios`).
        """
        series = (prefix, year)
        if spare := self._cache.spare.get(series):
            number = spare.pop()
        else:
            values = {"prefix": prefix, "year": year, "last": 1}
            statement = add_to(self._transaction.dialect, FOLIO.c.last)
            if self._counts_apart:
                with single(self._connection.engine).connect() as apart:
                    number = apart.execute(statement, values).scalar_one()
            else:
                number = self._connection.execute(statement, values).scalar_one()
            self._cache.last_number[series] = number
        self._taken.append((series, number))
        return folio_of(prefix, year, number)

    def return_folios(self) -> None:
        """Keeps what was taken for later: the transaction was undone."""
        for series, number in self._taken:
            if self._counts_apart:
                spare = self._cache.spare.setdefault(series, [])
                spare.append(number)
                spare.sort(reverse=True)  # the lowest is the next
            else:
                self._cache.last_number[series] = min(self._cache.last_number[series], number - 1)

    @property
    def _counts_apart(self) -> bool:
        return self._transaction.dialect != "sqlite"

    def save(self, case: Case, opens: bool = False) -> None:
        """Writes a case that is new (`opens`) or was read in this transaction.

        A new one has a folio from `take_folio`. Raises Conflict where somebody else changed the
        case meanwhile.
        """
        if opens:
            self._open(case)
        else:
            self._change(case)
        self.saved.append((case, opens))

    def came(self, folio: str, message_ids: Iterable[str]) -> None:
        """Notes that mails are of a case, unless they are another's own."""
        for message_id in message_ids:
            self._threads.came(folio, message_id)

    def _open(self, case: Case) -> None:
        row = _row(case) | {"revision": 1, "events": 0, "head": START}
        self._connection.execute(_INSERT, row | {"opened_at": case.opened_at})
        self._seen[case.folio] = _Seen(1, case)
        self.moved[case.state] += 1
        self._events.end_at(case.folio, ChainHead())
        self._add_people(case.folio, _emails(case))
        self._threads.refer(case.folio, case.thread)

    def _change(self, case: Case) -> None:
        seen = self._seen.get(case.folio)
        if seen is None:
            raise StoreError(f"{case.folio} was not read in this transaction")
        values = {f"{name}_": value for name, value in _row(case).items()}
        result = self._connection.execute(_UPDATE, values | {"seen": seen.revision}).one_or_none()
        if result is None:
            raise Conflict(f"{case.folio} was changed by somebody else")
        self._seen[case.folio] = _Seen(seen.revision + 1, case)
        self._events.end_at(case.folio, ChainHead(result.events, result.head))
        before, now = _emails(seen.case), _emails(case)
        self._add_people(case.folio, now - before)
        if gone := before - now:
            self._connection.execute(_LEAVE, {"number": case.folio, "emails": list(gone)})
        self._threads.refer(case.folio, (i for i in case.thread if i not in seen.case.thread))
        if case.state is not seen.case.state:
            self.moved.update({case.state: 1, seen.case.state: -1})
            self._tokens.void_of_case(case.folio, case.updated_at)

    def _add_people(self, folio: str, emails: Iterable[str]) -> None:
        rows = [{"folio": folio, "email": email} for email in sorted(emails)]
        if rows:
            self._connection.execute(insert_missing(self._transaction.dialect, PARTICIPANT), rows)


def count_states(connection: Connection, moved: Mapping[str, int]) -> None:
    """Keeps count of the cases in each state, last in a transaction: others wait for its end."""
    rows = [{"state": str(state), "count": more} for state, more in sorted(moved.items()) if more]
    if rows:
        connection.execute(add_to(connection.dialect.name, CASE_COUNT.c.count), rows)


def _emails(case: Case) -> set[str]:
    return {case.requester.email, *(p.email for p in case.people)}


def _row(case: Case) -> dict[str, Any]:
    return {
        "folio": case.folio,
        "state": str(case.state),
        "requester": case.requester.email,
        "intent": str(case.intent),
        "area": fold(case.text("area")),
        "updated_at": case.updated_at,
        "due_on": case.due_on,
        "body": case_to_json(case),
    }


_COLUMNS: Sequence[str] = ("state", "requester", "intent", "area", "updated_at", "due_on", "body")
_CASE = select(CASE.c.body, CASE.c.revision).where(CASE.c.folio == bindparam("number"))
_INSERT = insert(CASE)
_UPDATE = (
    update(CASE)
    .where(CASE.c.folio == bindparam("folio_"), CASE.c.revision == bindparam("seen"))
    .values({name: bindparam(f"{name}_") for name in _COLUMNS} | {"revision": CASE.c.revision + 1})
    .returning(CASE.c.events, CASE.c.head)
)
_IN_HASHES = THREAD.c.message_id_hash.in_(bindparam("hashes", expanding=True))
_THREAD = select(THREAD).where(_IN_HASHES).order_by(THREAD.c.folio)
_OF_SENDER = (
    select(THREAD)
    .join(PARTICIPANT, PARTICIPANT.c.folio == THREAD.c.folio)
    .where(_IN_HASHES, PARTICIPANT.c.email == bindparam("who"))
    .order_by(THREAD.c.folio)
)
_CASES_OF = (
    select(CASE.c.body)
    .join(PARTICIPANT, PARTICIPANT.c.folio == CASE.c.folio)
    .where(PARTICIPANT.c.email == bindparam("who"))
    .order_by(CASE.c.requester != bindparam("who"), CASE.c.opened_at.desc(), CASE.c.folio.desc())
    .limit(bindparam("most"))
)
_LEAVE = delete(PARTICIPANT).where(
    PARTICIPANT.c.folio == bindparam("number"),
    PARTICIPANT.c.email.in_(bindparam("emails", expanding=True)),
)
_BY_AGE = select(CASE.c.body).order_by(CASE.c.opened_at, CASE.c.folio)
_IS_WAITING = CASE.c.state.in_(bindparam("states", expanding=True))
_WAITING = _BY_AGE.where(_IS_WAITING)
_SINCE = _BY_AGE.where(or_(_IS_WAITING, CASE.c.updated_at >= bindparam("since")))
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
_MANY = select(CASE.c.body).where(CASE.c.folio.in_(bindparam("folios", expanding=True)))
_OF_AREA = (
    select(CASE.c.body)
    .where(CASE.c.area == bindparam("area_"))
    .order_by(CASE.c.opened_at.desc(), CASE.c.folio.desc())
    .limit(MOST_OF_AREA)
)
