"""What must hold whatever happens: looked at each time the bot has nothing more to do."""

from __future__ import annotations

import datetime as dt
import quopri
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.store import Store
from bot.store.identity import id_hash
from bot.workflow.calendar import business_days_since, is_business_day, long_date
from bot.workflow.case import Case, State
from bot.workflow.organization import Organization
from bot.workflow.schedule.waiting import holders, waits
from bot.workflow.staff import Role
from tests.rig.office import MAILBOX

if TYPE_CHECKING:
    from tests.year.world import World

COMMANDS = {
    "to_approval": "APROBAR", "approved": "APROBAR", "rejected": "RECHAZAR", "undone": "DESHACER",
    "provisioned": "HECHO",
}  # fmt: skip
"""What the history calls a decision, and the word that somebody must have given for it."""
EVENING = dt.time(17, 55)
STAFF_HEARS, AREA_HEARS = 4, 16  # business days that nobody waits for in silence
ASKED_WHO_ANSWERS = 22  # of them are at most in the days (`renewal.orphan_days`) that staff have
FAIR = 10  # mails of a flood that are read before that of somebody else


@dataclass
class Books:
    world: World
    message: int = 0  # looked at so far
    event: int = 0
    known: set[str] = field(default_factory=set)
    read: set[int] = field(default_factory=set)
    told_on: dict[tuple[str, str], dt.date] = field(default_factory=dict)  # to whom, of which case
    dates: dict[tuple[str, str], str] = field(default_factory=dict)  # what they were told, in words
    evening: dt.date = dt.date.min
    opened: sqlite3.Connection | None = None

    @contextmanager
    def database(self) -> Iterator[sqlite3.Connection]:
        if self.opened is None:  # once for all: a new one would learn the tables anew
            self.opened = sqlite3.connect(self.world.place / "bot.db")
        yield self.opened

    def is_at_rest(self) -> bool:
        """Whether all mail that was taken in is settled."""
        with self.database() as database:
            waits = database.execute("SELECT 1 FROM message WHERE status = 'received' LIMIT 1")
            return waits.fetchone() is None

    def last_taken_in(self) -> int:
        """The number of the newest mail that was taken in."""
        with self.database() as database:
            (number,) = database.execute("SELECT MAX(id) FROM message").fetchone()
        return int(number)

    def told(self, to: str, raw: bytes) -> None:
        """A mail of the bot's was taken for somebody."""
        today = self.world.now.date()
        folios = {found.decode() for found in re.findall(rb"CI-\d{4}-\d{4}", raw)}
        for folio in folios:
            self.told_on[to, folio] = today
        if to not in self.world.staff and folios:
            text = quopri.decodestring(raw.partition(b"\r\n\r\n")[2]).decode("utf-8", "replace")
            dates = " ".join(re.findall(r"\d+\s+de\s+\w+\s+de\s+\d{4}", text))
            for folio in folios:
                before = self.dates.get((to, folio), "")
                self.dates[to, folio] = f"{before} {' '.join(dates.split())}"

    def check(self, store: Store, organization: Organization) -> None:
        """Fails the world where something does not hold."""
        with self.database() as database:
            self._messages(database, patient=self.world.inbox.is_to_be_asked_again)
            self._decisions(database, store)
        self._fair()
        now = self.world.now
        closed = organization.closed_on
        if (
            now.time() >= EVENING
            and now.date() > self.evening
            and is_business_day(now.date(), closed)
        ):
            self.evening = now.date()
            self._promises(store, organization)

    def close(self, store: Store) -> None:
        """At the end of all: what the outbox says was sent came, and nothing else."""
        with self.database() as database:
            sent = {h for (h,) in database.execute(
                "SELECT message_id_hash FROM outbox WHERE status = 'sent'")}  # fmt: skip
        came = {id_hash(number): number for number in self.world.sent}
        self._hold(sent <= set(came), "the outbox says sent of what never came")
        lost = {came[h] for h in set(came) - sent}
        unacknowledged = set(self.world.unacknowledged)
        self._hold(lost <= unacknowledged, f"it came and is not called sent: {lost}")
        for case in store.records.cases():
            self._verify(store, case.folio)

    def _hold(self, holds: bool, why: str) -> None:
        if not holds:
            self.world.fail(why)

    def _messages(self, database: sqlite3.Connection, *, patient: bool) -> None:
        """Every mail is kept, settled, and answered where somebody waits."""
        expected = self.world.expected
        rows = database.execute(
            "SELECT id, message_id, status, reason, (SELECT COUNT(*) FROM outbox o"
            " WHERE o.message = m.id) FROM message m WHERE id > ? ORDER BY id", (self.message,)
        )  # fmt: skip
        for number, message_id, status, reason, answers in rows.fetchall():
            written = expected.get(message_id)
            self.message = number
            self.known.add(message_id)
            who = f"{message_id} of {written}: {status} {reason}"
            self._hold(status != "received", f"nobody has settled {who}")
            if written is None or written.kind == "broken":
                self._hold(status == "failed", f"what cannot be read is not put aside: {who}")
                continue
            self._hold(status != "failed", f"put aside without a reason: {who}")
            machine = written.kind == "machine"
            self._hold(machine or status == "done", f"taken for a machine: {who}")
            self._hold(not machine or status == "ignored", f"a machine is answered: {who}")
            quiet = written.kind in ("machine", "thanks", "flood")
            self._hold(bool(answers) or quiet, f"met with silence: {who}")
        missing = [m for m, w in expected.items() if m not in self.known and w.kind != "broken"]
        self._hold(patient or not missing, f"lost: {missing}")

    def _decisions(self, database: sqlite3.Connection, store: Store) -> None:
        """No decision without the word of a person of the staff; no history that was changed."""
        new = database.execute(
            "SELECT id, folio, what, actor FROM event WHERE id > ? ORDER BY id", (self.event,)
        ).fetchall()
        for self.event, folio, what, actor in new:
            if word := COMMANDS.get(what):
                said = self.world.people.commands.get((actor, folio), set())
                self._hold(word in said, f"{folio} {what} by {actor}, who has said {sorted(said)}")
        for folio in sorted({folio for _, folio, _, _ in new}):
            self._verify(store, folio)

    def _verify(self, store: Store, folio: str) -> None:
        problems = store.records.verify(folio)
        self._hold(not problems, f"{folio}: {problems}")

    def _fair(self) -> None:
        """Whoever writes once is not read after a flood, once their mail is in.

        What took long at its first reading waits for a reader of its own.
        """
        flood: list[int] = []  # up to which number all mail was in when each of it was read
        for number, message, last in self.world.reads:
            if number in self.read:
                continue
            self.read.add(number)
            written = self.world.expected.get(message)
            if written and written.kind == "flood":
                flood.append(last)
            else:
                ahead = sum(1 for known in flood if known >= number)
                self._hold(ahead <= FAIR, f"{written} is read after {ahead} mails of a flood")
        self.world.reads.clear()

    def _promises(self, store: Store, organization: Organization) -> None:
        """Each evening: no promise is broken untold, nobody of an open case waits in silence."""
        today = self.world.now.date()
        with store.work() as work:
            staffed = organization.on(today, work.staff.leaves(today))
            cases = work.cases.waiting()
        counted = store.records.counters().cases.items()
        waiting = Counter(str(case.state) for case in cases)
        self._hold(waiting.items() <= counted, f"cases are counted wrong: {counted}, {waiting}")
        for case in cases:
            if waits(staffed, case, self.world.now):
                self._promise(case, today)
                people = [person.address.email for person in holders(staffed, case)]
                self._heard(case, people, STAFF_HEARS, organization)
            elif case.state is State.INCOMPLETE and case.requester.email == MAILBOX:
                reviewers = [who.address.email for who in organization.with_role(Role.REVIEWER)]
                self._heard(case, reviewers, ASKED_WHO_ANSWERS, organization)
            elif case.state is State.INCOMPLETE:
                self._heard(case, [case.requester.email], AREA_HEARS, organization)

    def _promise(self, case: Case, today: dt.date) -> None:
        if case.state not in (State.REVIEW, State.APPROVAL) or case.answer_by is None:
            return
        self._hold(case.answer_by > today, f"{case.folio}: {case.answer_by} passes, {case.state}")
        requester, day = case.requester.email, long_date(case.answer_by).partition(" ")[2]
        said = self.dates.get((requester, case.folio), "")
        if requester == MAILBOX:  # what the bot proposes was promised to nobody
            return
        if day not in said and not self._failed(requester, case.folio):
            self.world.fail(f"{case.folio}: {day} was promised and told to nobody; told: {said}")

    def _heard(self, case: Case, people: list[str], days: int, organization: Organization) -> None:
        day = max((self.told_on.get((who, case.folio), dt.date.min) for who in people),
                  default=dt.date.min)  # fmt: skip
        day = max(day, case.updated_at.date())
        silent = business_days_since(day, self.world.now.date(), organization.closed_on)
        if silent > days and not all(self._failed(who, case.folio) for who in people):
            self.world.fail(f"{case.folio}, {case.state}: {people} heard nothing for {silent} days")

    def _failed(self, to: str, folio: str) -> bool:
        """Whether a mail to somebody about a case was refused or still waits for the server."""
        with self.database() as database:
            return bool(database.execute(
                "SELECT 1 FROM outbox WHERE recipient = ? AND folio = ?"
                " AND status IN ('failed', 'waiting')", (to, folio)
            ).fetchone())  # fmt: skip
