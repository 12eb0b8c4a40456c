"""When the jobs of the timetable last ran."""

import datetime as dt
from collections.abc import Iterable, Mapping

from sqlalchemy import bindparam, func, insert, select, update

from bot.store.tables import JOB
from bot.store.transactions import Transaction, insert_missing


class TimetableRepository:
    """Jobs within a transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._connection = transaction.connection

    def jobs(self, names: Iterable[str]) -> Mapping[str, dt.datetime]:
        """When these jobs last ran, or were first known, as far as they are."""
        rows = self._connection.execute(_JOBS, {"names": list(names)})
        return {row.name: row.last_run for row in rows}

    def latest(self) -> dt.datetime | None:
        """When any job last ran."""
        when: dt.datetime | None = self._connection.scalar(_LATEST)
        return when

    def know(self, names: Iterable[str], now: dt.datetime) -> None:
        """Notes jobs as known from now on: what fell due before that is not theirs to run."""
        rows = [{"name": name, "last_run": now} for name in sorted(names)]
        if rows:
            self._connection.execute(insert_missing(self._transaction.dialect, JOB), rows)

    def turn_back(self, now: dt.datetime) -> int:
        """Jobs that ran later than `now`, by a clock since set back, ran just now; how many."""
        return self._connection.execute(_TURN_BACK, {"now": now}).rowcount

    def take(self, name: str, due_at: dt.datetime, now: dt.datetime) -> bool:
        """Whether a job that fell due at `due_at` is ours to run: true once, for one worker."""
        updated = self._connection.execute(_RUN_JOB, {"job": name, "due": due_at, "now": now})
        if updated.rowcount:
            return True
        if self._connection.scalar(_JOB, {"job": name}) is not None:
            return False
        # Two workers here at once: the second one's insert is a Conflict, and it tries again.
        self._connection.execute(insert(JOB), {"name": name, "last_run": now})
        return True


_JOBS = select(JOB).where(JOB.c.name.in_(bindparam("names", expanding=True)))
_LATEST = select(func.max(JOB.c.last_run))
_JOB = select(JOB.c.last_run).where(JOB.c.name == bindparam("job"))
_TURN_BACK = update(JOB).where(JOB.c.last_run > bindparam("now")).values(last_run=bindparam("now"))
_RUN_JOB = (
    update(JOB)
    .where(JOB.c.name == bindparam("job"), JOB.c.last_run < bindparam("due"))
    .values(last_run=bindparam("now"))
)
