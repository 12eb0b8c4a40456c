"""Cases within a transaction: found, numbered, saved under an optimistic lock."""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from bot.core.case import Case
from bot.core.folio import folio as folio_of
from bot.store.base import insert_missing
from bot.store.codec import case_from_json, case_to_json
from bot.store.errors import Conflict, StoreError
from bot.store.events import START, EventWork, Head
from bot.store.identity import id_hash
from bot.store.rows import CASE, FOLIO, PARTICIPANT, THREAD
from bot.store.threads import ThreadWork

OWN_CASES = 50  # of one person, as shown to them
MAX_IDS = 200  # of a References header that are looked up
RUSH_SECONDS = 2.0


class FolioRush:
    """Remembers that workers ran into each other over the next folio.

    Whoever opens a case without having locked the counter may lose it to another worker and start
    over. While that happens (PostgreSQL only) the counter is locked when it is looked at.
    """

    def __init__(self) -> None:
        self._until = 0.0

    def happened(self) -> None:
        self._until = time.monotonic() + RUSH_SECONDS

    def is_on(self) -> bool:
        return time.monotonic() < self._until


@dataclass(frozen=True, slots=True)
class _Seen:
    revision: int
    case: Case


class CaseWork(EventWork, ThreadWork):
    """Cases, and who and what belongs to them."""

    def __init__(self, connection: Connection, rush: FolioRush) -> None:
        super().__init__(connection)
        self._rush = rush
        self._seen: dict[str, _Seen] = {}
        self._taken: dict[tuple[str, int], int] = {}  # the last number of each prefix and year

    def case(self, folio: str) -> Case | None:
        """The case with this folio."""
        found = self._connection.execute(_CASE, {"number": folio}).one_or_none()
        if found is None:
            return None
        case = case_from_json(found.body)
        self._seen[folio] = _Seen(found.revision, case)
        return case

    def case_by_thread(self, message_ids: Iterable[str], sender: str = "") -> Case | None:
        """The case that one of these Message-IDs belongs to; the first id that has one wins.

        With `sender`, ids that mail of a case only referred to count too where the sender takes
        part in that case.
        """
        self.flush()  # of a message before, in the same transaction
        hashes = list(dict.fromkeys(id_hash(i) for i in message_ids))[:MAX_IDS]
        if not hashes:
            return None
        rows = self._connection.execute(_THREAD, {"hashes": hashes}).all()
        owned = {r.message_id_hash: r.folio for r in reversed(rows) if r.own}
        folio = next((owned[h] for h in hashes if h in owned), None)
        if folio is None and sender and rows:
            rows = self._connection.execute(_OF_SENDER, {"hashes": hashes, "who": sender}).all()
            shared = {r.message_id_hash: r.folio for r in reversed(rows)}
            folio = next((shared[h] for h in hashes if h in shared), None)
        return self.case(folio) if folio else None

    def cases_of(self, email: str) -> list[Case]:
        """The cases that an address takes part in, newest first."""
        rows = self._connection.execute(_CASES_OF, {"who": email})
        return [case_from_json(row.body) for row in rows]

    def next_folio(self, prefix: str, year: int) -> str:
        """The folio that the next case of the year takes. Saving it with `opens` uses it up."""
        if (prefix, year) in self._taken:  # by ourselves: nobody else can take one meanwhile
            return folio_of(prefix, year, self._taken[prefix, year] + 1)
        wanted = {"prefix_": prefix, "year_": year}
        look = _LAST_LOCKED if self._rush.is_on() else _LAST
        last = self._connection.scalar(look, wanted)
        if last is None:
            row = {"prefix": prefix, "year": year, "last": 0}
            self._connection.execute(insert_missing(self._connection, FOLIO), row)
            last = self._connection.scalar(_LAST, wanted) or 0
        return folio_of(prefix, year, last + 1)

    def save_case(self, case: Case, opens: bool = False) -> None:
        """Writes a case that is new (`opens`) or was read in this transaction.

        Raises Conflict where somebody else took the folio or changed the case meanwhile.
        """
        if opens:
            self._open(case)
        else:
            self._change(case)

    def _open(self, case: Case) -> None:
        prefix, year, number = case.folio.rsplit("-", 2)
        counter = {"prefix_": prefix, "year_": int(year), "number": int(number)}
        if self._connection.execute(_TAKE, counter).rowcount != 1:
            self._rush.happened()
            raise Conflict(f"{case.folio} is taken")
        self._taken[prefix, int(year)] = int(number)
        row = _row(case) | {"revision": 1, "events": 0, "head": START}
        self._connection.execute(_INSERT, row | {"opened_at": case.opened_at})
        self._seen[case.folio] = _Seen(1, case)
        self._heads[case.folio] = Head()
        self._add_people(case.folio, _emails(case))
        self.refer(case.folio, case.thread)

    def _change(self, case: Case) -> None:
        seen = self._seen.get(case.folio)
        if seen is None:
            raise StoreError(f"{case.folio} was not read in this transaction")
        values = {f"{name}_": value for name, value in _row(case).items()}
        result = self._connection.execute(_UPDATE, values | {"seen": seen.revision}).one_or_none()
        if result is None:
            raise Conflict(f"{case.folio} was changed by somebody else")
        self._seen[case.folio] = _Seen(seen.revision + 1, case)
        # Lines of our own that still wait to be written are not known to the row.
        self._heads.setdefault(case.folio, Head(result.events, result.head))
        before, now = _emails(seen.case), _emails(case)
        self._add_people(case.folio, now - before)
        if gone := before - now:
            self._connection.execute(_LEAVE, {"number": case.folio, "emails": list(gone)})
        self.refer(case.folio, (i for i in case.thread if i not in seen.case.thread))

    def _add_people(self, folio: str, emails: Iterable[str]) -> None:
        rows = [{"folio": folio, "email": email} for email in sorted(emails)]
        if rows:
            self._connection.execute(insert_missing(self._connection, PARTICIPANT), rows)


def fold(text: str) -> str:
    """Lower case without accents, as names are searched."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in bare if not unicodedata.combining(c))


def _emails(case: Case) -> set[str]:
    return {case.requester.email, *(p.email for p in case.people)}


def _row(case: Case) -> dict[str, Any]:
    area = case.form.get("area")
    return {
        "folio": case.folio,
        "state": str(case.state),
        "requester": case.requester.email,
        "intent": str(case.intent),
        "area": fold(str(area.value)) if area else "",
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
    .order_by(CASE.c.opened_at.desc(), CASE.c.folio.desc())
    .limit(OWN_CASES)
)
_LEAVE = delete(PARTICIPANT).where(
    PARTICIPANT.c.folio == bindparam("number"),
    PARTICIPANT.c.email.in_(bindparam("emails", expanding=True)),
)
_COUNTER = (FOLIO.c.prefix == bindparam("prefix_"), FOLIO.c.year == bindparam("year_"))
_LAST = select(FOLIO.c.last).where(*_COUNTER)
_LAST_LOCKED = _LAST.with_for_update()
_TAKE = (
    update(FOLIO)
    .where(*_COUNTER, FOLIO.c.last == bindparam("number") - 1)
    .values(last=bindparam("number"))
)
