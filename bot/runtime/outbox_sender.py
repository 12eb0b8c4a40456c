"""Takes the outbox to the mail server: at least once, later where it must, told where it cannot."""

import datetime as dt
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import structlog

from bot.mail.smtp import Deferred, Obstacle, Refusal, Sent, SmtpSender
from bot.observability.logs import concerning
from bot.observability.metrics import MAILS_DEFERRED, MAILS_FAILED, MAILS_SENT, step
from bot.runtime.enqueue import post, write_down
from bot.store import Conflict, Outbox, Store, StoreError, UnitOfWork
from bot.store.claims import LEASE
from bot.workflow.lifecycle import OutboxMessage
from bot.workflow.machines import Gone, owners_gone
from bot.workflow.notifications.mails import alarm
from bot.workflow.organization import Organization
from bot.workflow.screening.outbox import Cause

MAX_CONFLICTS = 5

BATCH = 50
RETRY_SECONDS = 5.0  # after trouble with the database
LONGEST_WAIT = 60.0  # between two looks at the outbox; `nudge` makes it shorter
SHORTEST_WAIT = 0.1  # where a mail is due that another worker has in hand
FIRST_PAUSE, LONGEST_PAUSE = dt.timedelta(seconds=30), dt.timedelta(hours=4)
LONGEST_ASKED = 86_400.0  # seconds that a server may ask to be left alone
AFTER_OTHERS = dt.timedelta(milliseconds=100)
LIMIT_TOLD = "sending limit told"

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
        aside: SmtpSender | None = None,
    ) -> None:
        """`aside` takes alarms while `sender` takes nothing."""
        self._aside = aside
        self._store, self._sender, self._organization = store, sender, organization
        self._worker, self._max_attempts = worker, max_attempts
        self._clock, self._chance = clock, chance
        self._troubles = 0  # in a row
        self._paused_until: dt.datetime | None = None
        self.given_up = 0  # mails, since this was made
        self.problem = ""  # why the server does not let us in, while it does not

    @property
    def paused_until(self) -> dt.datetime | None:
        """Until when nothing is tried; None where nothing stands in the way."""
        return self._paused_until

    @property
    def in_trouble(self) -> bool:
        """Whether the server was in the way when the last mail was tried."""
        return self._troubles > 0

    def deliver(self) -> None:
        """Sends everything that is due now, until the server is in trouble."""
        while self.deliver_batch():
            pass

    def deliver_batch(self, stopping: Callable[[], bool] = lambda: False) -> int:
        """Sends at most BATCH mails that are due; how many; 0 where the server is in trouble."""
        if self._paused_until is not None and self._clock() < self._paused_until:
            return self._deliver_aside()
        due = self._store.outbox.due(self._worker, self._clock(), BATCH, LEASE)
        for done, mail in enumerate(due):
            if stopping():
                self._hand_back(due[done:])
                return 0
            ids = {"mail": mail.id, "template": mail.template, "case": mail.folio}
            with concerning(**ids), step("deliver"):
                self._paused_until = self._deliver(mail)
            if self._paused_until is not None:
                self._hand_back(due[done + 1 :])
                return self._deliver_aside()
        return len(due)

    def _deliver_aside(self) -> int:
        """The alarms that are due, by the other server; whatever it does not take waits."""
        if self._aside is None:
            return 0
        now = self._clock()
        for mail in self._store.outbox.due(self._worker, now, BATCH, LEASE, alarms=True):
            outcome = self._aside.send(mail.sender, mail.recipients, mail.raw)
            if isinstance(outcome, Sent):
                self._store.outbox.sent(mail.id, now)
                MAILS_SENT.labels(template=mail.template).inc()
                log.info("alarm.sent_aside", mail=mail.id)
            else:
                self._hand_back([mail], next_try_at=now + FIRST_PAUSE)
                log.warning("alarm.not_sent_aside", problem=outcome.reason)
        return 0

    def let_go(self) -> None:
        """Gives back what was claimed when the database failed: nobody else would touch it."""
        self._store.outbox.claims.release(self._worker, unblamed=True)

    def _hand_back(self, mails: Sequence[OutboxMessage], **changes: object) -> None:
        if mails:
            ids = [mail.id for mail in mails]
            self._store.outbox.claims.hand_back(ids, self._worker, **changes)

    def _deliver(self, mail: OutboxMessage) -> dt.datetime | None:
        """One mail to its next state; until when all wait, where the server is in trouble."""
        outcome = self._sender.send(mail.sender, mail.recipients, mail.raw)
        now, outbox = self._clock(), self._store.outbox
        in_trouble = isinstance(outcome, Deferred) and outcome.for_all
        self._troubles = self._troubles + 1 if in_trouble else 0
        self.problem = ""
        pause = pause_after(mail.attempts, self._chance())
        match outcome:
            case Sent():
                outbox.sent(mail.id, now)
                MAILS_SENT.labels(template=mail.template).inc()
                self._tell_lost(mail, outcome.refused)
            case Deferred(obstacle=Obstacle()):
                return self._put_off(mail, outcome, now)
            case Deferred() if mail.attempts < self._max_attempts:
                outbox.deferred(mail.id, now, outcome.reason, now + pause)
                MAILS_DEFERRED.inc()
            case Deferred():
                reason = self._organization.say(
                    "outbox.tried", times=mail.attempts, reason=outcome.reason
                )
                self._give_up(mail, now, reason)
                self._tell_admins(mail, tuple(Refusal(r, reason) for r in mail.recipients))
            case _:
                self._give_up(mail, now, outcome.reason)
                self._tell_lost(mail, outcome.recipients)
        # The others sooner than the mail that met the trouble: it may be its own.
        return now + pause / 2 if in_trouble else None

    def _put_off(self, mail: OutboxMessage, outcome: Deferred, now: dt.datetime) -> dt.datetime:
        """A mail that has no part in what stands in its way is as if never claimed."""
        seconds = min(outcome.retry_after, LONGEST_ASKED)
        until = now + (dt.timedelta(seconds=seconds) or pause_after(self._troubles, self._chance()))
        # Another one is tried first: should this be the mail's own fault, it holds up nobody.
        why = f"{now:%Y-%m-%d %H:%M} {outcome.reason}"
        self._hand_back([mail], last_error=why, next_try_at=until + AFTER_OTHERS)
        MAILS_DEFERRED.inc()
        log.warning("outbox.paused", problem=outcome.reason, until=until.isoformat())
        if outcome.obstacle is Obstacle.LOGIN:
            self.problem = outcome.reason
        if outcome.obstacle is Obstacle.LIMIT or (self.problem and self._aside is not None):
            self._tell_limit(outcome.reason, now, until)
        return until

    def _tell_limit(self, reason: str, now: dt.datetime, until: dt.datetime) -> None:
        """Once a day, whatever waits; the alarm goes out with the rest, or aside."""
        organization = self._organization
        lines = (
            organization.say("outbox.limit_says", reason=reason),
            organization.say("outbox.limit_ends", until=f"{until:%H:%M}"),
        )
        with self._store.work() as work:
            if work.timetable.take(LIMIT_TOLD, now - dt.timedelta(days=1), now):
                told = alarm(organization, organization.say("outbox.limit"), lines)
                post(work, told, organization, now)

    def _give_up(self, mail: OutboxMessage, now: dt.datetime, reason: str) -> None:
        self._store.outbox.failed(mail.id, now, reason)
        self.given_up += 1
        MAILS_FAILED.labels(template=mail.template).inc()
        log.warning("mail.given_up", attempts=mail.attempts)

    def _tell_lost(self, mail: OutboxMessage, lost: tuple[Refusal, ...]) -> None:
        """Whom the server refused for good: the administrators hear, and who knows of an owner."""
        self._tell_admins(mail, lost)
        owners_refused(self._store, self._organization, mail, lost, self._clock())

    def _tell_admins(self, mail: OutboxMessage, lost: tuple[Refusal, ...]) -> None:
        """Whom a mail did not reach is told to the administrators, but not of their own alarms."""
        if not lost or mail.alarm:
            return
        organization, now = self._organization, self._clock()
        folio = mail.folio or organization.say("outbox.no_folio")
        what = organization.say(f"mail.{mail.template}")
        title = organization.say("outbox.lost", mail=what, folio=folio)
        lines = tuple(f"{refusal.recipient}: {refusal.reason}" for refusal in lost[:10])
        with self._store.work() as work:
            post(work, alarm(organization, title, lines), organization, now, cause=Cause("outbox"))


class OutboxLoop:
    """Delivers what is due, again and again; what goes wrong meanwhile is logged."""

    def __init__(
        self, outbox_sender: OutboxSender, outbox: Outbox, clock: Callable[[], dt.datetime]
    ) -> None:
        self._outbox_sender, self._outbox, self._clock = outbox_sender, outbox, clock
        self._interrupted = False  # whether claims may be left from before the database failed

    def look(self, stopping: Callable[[], bool]) -> float:
        """Delivers a batch; the seconds until there is more to do."""
        try:
            if self._interrupted:
                self._outbox_sender.let_go()
                self._interrupted = False
            if self._outbox_sender.deliver_batch(stopping) == BATCH:
                return 0.0
            return self._until_due()
        except StoreError as error:
            log.warning("database.trouble", problem=str(error))
            self._interrupted = True
        except Exception:  # whatever it is, the next mail must go out
            log.exception("delivery.failed")
        return RETRY_SECONDS

    def _until_due(self) -> float:
        now = self._clock()
        due = self._outbox.next_due(now)
        if due is None:
            return LONGEST_WAIT
        due = max(due, self._outbox_sender.paused_until or due)
        return min(max((due - now).total_seconds(), SHORTEST_WAIT), LONGEST_WAIT)


def pause_after(attempts: int, chance: float) -> dt.timedelta:
    """How long to wait after the `attempts`th failure: doubling, with jitter, bounded."""
    pause = min(FIRST_PAUSE * 2 ** min(attempts, 20), LONGEST_PAUSE)
    jittered: dt.timedelta = pause * (0.5 + chance / 2)
    return jittered


def owners_refused(
    store: Store,
    organization: Organization,
    mail: OutboxMessage,
    refused: Iterable[Refusal],
    now: dt.datetime,
) -> None:
    """Does what a delivery report of the same would (`bot.workflow.machines`)."""
    gone = frozenset(one.recipient.lower() for one in refused if one.gone)
    for _ in range(MAX_CONFLICTS if gone else 0):
        try:
            with store.work() as work:
                _settle(work, organization, mail, gone, now)
            return
        except Conflict as conflict:
            log.info("refusal.tried_again", conflict=str(conflict))


def _settle(
    work: UnitOfWork,
    organization: Organization,
    mail: OutboxMessage,
    addresses: frozenset[str],
    now: dt.datetime,
) -> None:
    organization = organization.on(now.date(), work.staff.leaves(now.date()))
    left = {kind.name: kind.left_behind(work, addresses) for kind in organization.kinds}
    case = work.cases.get(mail.folio) if mail.folio else None
    gone = Gone(addresses, organization, now, "", case, left)
    outcome = owners_gone(gone)
    if outcome.opens:
        folio = work.cases.take_folio(organization.folio_prefix, now.year)
        outcome = owners_gone(replace(gone, next_folio=folio))
    write_down(work, outcome, organization, now)
