"""Takes the outbox to the mail server: at least once, later where it must, told where it cannot."""

from __future__ import annotations

import datetime as dt
import random
import threading
from collections.abc import Callable, Sequence
from typing import Self

import structlog

from bot.mail.smtp import Deferred, Refusal, Sent, SmtpSender
from bot.observability.logs import concerning
from bot.observability.metrics import MAILS_DEFERRED, MAILS_FAILED, MAILS_SENT, step
from bot.runtime.enqueue import post
from bot.store import Outbox, Store, StoreError
from bot.store.claims import LEASE
from bot.workflow.lifecycle import OutboxMessage
from bot.workflow.notifications.mails import alarm
from bot.workflow.organization import Organization

BATCH = 50
RETRY_SECONDS = 5.0  # after trouble with the database
LONGEST_WAIT = 60.0  # between two looks at the outbox; `nudge` makes it shorter
SHORTEST_WAIT = 0.1  # where a mail is due that another worker has in hand
GATHER_SECONDS = 0.05
FIRST_PAUSE, LONGEST_PAUSE = dt.timedelta(seconds=30), dt.timedelta(hours=4)

log = structlog.get_logger()


class OutboxSender:
    """Delivers what is due, over one kept connection."""

    def __init__(
        self,
        store: Store,
        sender: SmtpSender,
        organization: Organization,
        worker: str,
        max_attempts: int,
        clock: Callable[[], dt.datetime],
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._store, self._sender, self._organization = store, sender, organization
        self._worker, self._max_attempts = worker, max_attempts
        self._clock, self._chance = clock, chance

    def deliver(self) -> None:
        """Sends everything that is due now, until the server is in trouble."""
        while self.deliver_batch():
            pass

    def deliver_batch(self, stopping: Callable[[], bool] = lambda: False) -> int:
        """Sends at most BATCH mails that are due; how many; 0 where the server is in trouble."""
        due = self._store.outbox.due(self._worker, self._clock(), BATCH, LEASE)
        for done, mail in enumerate(due):
            if stopping():
                self._hand_back(due[done:], self._clock())
                return 0
            ids = {"mail": mail.id, "template": mail.template, "case": mail.folio}
            with concerning(**ids), step("deliver"):
                pause = self._deliver(mail)
            if pause is not None:
                # Sooner than the mail that met the trouble: it may be its own.
                self._hand_back(due[done + 1 :], self._clock() + pause / 2)
                return 0
        return len(due)

    def let_go(self) -> None:
        """Gives back what was claimed when the database failed: nobody else would touch it."""
        self._store.outbox.claims.release(self._worker, unblamed=True)

    def _hand_back(self, mails: Sequence[OutboxMessage], next_try: dt.datetime) -> None:
        if mails:
            ids = [mail.id for mail in mails]
            self._store.outbox.claims.hand_back(ids, self._worker, next_try_at=next_try)

    def _deliver(self, mail: OutboxMessage) -> dt.timedelta | None:
        """One mail to its next state; a pause where the server is in trouble and all else waits."""
        outcome = self._sender.send(mail.sender, mail.recipients, mail.raw)
        now, outbox = self._clock(), self._store.outbox
        pause = pause_after(mail.attempts, self._chance())
        match outcome:
            case Sent():
                outbox.sent(mail.id, now)
                MAILS_SENT.labels(template=mail.template).inc()
                self._tell_admins(mail, outcome.refused)
            case Deferred() if mail.attempts < self._max_attempts:
                outbox.deferred(mail.id, now, outcome.reason, now + pause)
                MAILS_DEFERRED.inc()
                return pause if outcome.for_all else None
            case Deferred():
                reason = f"se intentó {mail.attempts} veces: {outcome.reason}"
                self._give_up(mail, now, reason)
                self._tell_admins(mail, tuple(Refusal(r, reason) for r in mail.recipients))
                return pause if outcome.for_all else None
            case _:
                self._give_up(mail, now, outcome.reason)
                self._tell_admins(mail, outcome.recipients)
        return None

    def _give_up(self, mail: OutboxMessage, now: dt.datetime, reason: str) -> None:
        self._store.outbox.failed(mail.id, now, reason)
        MAILS_FAILED.labels(template=mail.template).inc()
        log.warning("mail.given_up", attempts=mail.attempts)

    def _tell_admins(self, mail: OutboxMessage, lost: tuple[Refusal, ...]) -> None:
        """Whom a mail did not reach is told to the administrators, but not of their own alarms."""
        if not lost or mail.template == "alarm":
            return
        title = f"Un correo no se pudo entregar ({mail.template}, {mail.folio or 'sin folio'})."
        lines = tuple(f"{refusal.recipient}: {refusal.reason}" for refusal in lost[:10])
        now = self._clock()
        with self._store.work() as work:
            post(
                work,
                alarm(self._organization, title, lines),
                self._organization,
                now,
                about="outbox",
            )


class OutboxLoop:
    """Delivers while the block lasts: what is due, when it falls due, or at a nudge.

    In a thread of its own, so that a slow mail server keeps nothing else waiting.
    """

    def __init__(
        self, outbox_sender: OutboxSender, outbox: Outbox, clock: Callable[[], dt.datetime]
    ) -> None:
        self._outbox_sender, self._outbox, self._clock = outbox_sender, outbox, clock
        self._nudged = threading.Event()
        self._stopping = threading.Event()

    def __enter__(self) -> Self:
        self._stopping.clear()
        self._thread = threading.Thread(target=self._run, name="delivery", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self.nudge()
        self._thread.join()

    def nudge(self) -> None:
        """There may be something to send."""
        self._nudged.set()

    def _run(self) -> None:
        interrupted = False
        while not self._stopping.is_set():
            self._nudged.clear()
            try:
                if interrupted:
                    self._outbox_sender.let_go()
                    interrupted = False
                if self._outbox_sender.deliver_batch(self._stopping.is_set) == BATCH:
                    continue
                if self._nudged.is_set():  # mails come one after the other: together they cost less
                    self._stopping.wait(GATHER_SECONDS)
                    continue
                seconds = self._until_due()
            except StoreError as error:
                log.warning("database.trouble", problem=str(error))
                interrupted, seconds = True, RETRY_SECONDS
            except Exception:  # whatever it is, the next mail must go out
                log.exception("delivery.failed")
                seconds = RETRY_SECONDS
            self._nudged.wait(seconds)

    def _until_due(self) -> float:
        now = self._clock()
        due = self._outbox.next_due(now)
        if due is None:
            return LONGEST_WAIT
        return min(max((due - now).total_seconds(), SHORTEST_WAIT), LONGEST_WAIT)


def pause_after(attempts: int, chance: float) -> dt.timedelta:
    """How long to wait after the `attempts`th failure: doubling, with jitter, bounded."""
    pause = min(FIRST_PAUSE * 2 ** min(attempts, 20), LONGEST_PAUSE)
    jittered: dt.timedelta = pause * (0.5 + chance / 2)
    return jittered
