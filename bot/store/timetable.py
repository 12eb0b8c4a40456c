"""What the timetable looks at, and when its jobs last ran."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from sqlalchemy import bindparam, func, or_, select

from bot.store import events
from bot.store.base import Unit, insert_missing
from bot.store.codec import case_from_json
from bot.store.tables import CASE, EVENT, JOB, MESSAGE, OUTBOX
from bot.workflow.case import FINAL, Case, Event, State

WAITING = tuple(str(state) for state in State if state not in FINAL)


class TimetableWork(Unit):
    """Cases that wait, histories, counts and jobs within a transaction."""

    def jobs(self) -> Mapping[str, dt.datetime]:
        """When every known job last ran, or was first known."""
        return {row.name: row.last_run for row in self._connection.execute(_JOBS)}

    def know_jobs(self, names: Iterable[str], now: dt.datetime) -> None:
        """Notes jobs as known from now on: what fell due before that is not theirs to run."""
        rows = [{"name": name, "last_run": now} for name in sorted(names)]
        if rows:
            self._connection.execute(insert_missing(self._connection, JOB), rows)

    def waiting_cases(self) -> tuple[Case, ...]:
        """All cases that somebody is waited for in, oldest first."""
        rows = self._connection.scalars(_WAITING, {"states": WAITING})
        return tuple(case_from_json(body) for body in rows)

    def cases_since(self, since: dt.datetime) -> tuple[Case, ...]:
        """The cases that wait, and those opened or changed since then, oldest first."""
        rows = self._connection.scalars(_SINCE, {"states": WAITING, "since": since})
        return tuple(case_from_json(body) for body in rows)

    def history(self, folio: str) -> tuple[Event, ...]:
        """What happened in a case, oldest first."""
        self.flush()
        return tuple(line.event for line in events.history(self._connection, folio))

    def last_days(self, what: str, folios: Iterable[str]) -> Mapping[str, dt.date]:
        """The day of the last event of a kind in each of these cases."""
        self.flush()
        rows = self._connection.execute(_LAST, {"event": what, "folios": list(folios)})
        return {row.folio: row.last.date() for row in rows}

    def troubles(self) -> tuple[int, int]:
        """How many messages are in quarantine, and how many mails could not be delivered."""
        count = self._connection.scalar
        return count(_QUARANTINED) or 0, count(_FAILED) or 0


_JOBS = select(JOB)
_BODIES = select(CASE.c.body).order_by(CASE.c.opened_at, CASE.c.folio)
_IS_WAITING = CASE.c.state.in_(bindparam("states", expanding=True))
_WAITING = _BODIES.where(_IS_WAITING)
_SINCE = _BODIES.where(or_(_IS_WAITING, CASE.c.updated_at >= bindparam("since")))
_LAST = (
    select(EVENT.c.folio, func.max(EVENT.c.at).label("last"))
    .where(
        EVENT.c.folio.in_(bindparam("folios", expanding=True)), EVENT.c.what == bindparam("event")
    )
    .group_by(EVENT.c.folio)
)
_QUARANTINED = select(func.count()).select_from(MESSAGE).where(MESSAGE.c.status == "failed")
_FAILED = select(func.count()).select_from(OUTBOX).where(OUTBOX.c.status == "failed")
