"""The service: watch the inbox, process, send, keep the timetable, until told to stop."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator

import schedule
import structlog

from bot.app.courier import Courier
from bot.app.processor import Processor
from bot.app.timetable import Timekeeper
from bot.app.worker import is_alive
from bot.config.load import Settings
from bot.mailbox.errors import MailboxError
from bot.mailbox.fetching import Fetched
from bot.mailbox.imap import Inbox
from bot.store import Received, Store, StoreError

LEASE = dt.timedelta(minutes=5)
CLAIM = 50  # messages worked on between two looks at the outbox
RETRY_SECONDS = 5.0  # after the database was in trouble
STAND_BY = 1.0  # seconds between two attempts of a process to become the one that watches
TICK_SECONDS = 60.0  # between two looks at the timetable
BATCH_BYTES = 8 * 2**20  # held at a time, unless a single message is larger

log = structlog.get_logger()


class Service:
    """One worker over one mailbox and one database. `clock` gives the time in Mexico."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        inbox: Inbox,
        processor: Processor,
        courier: Courier,
        timekeeper: Timekeeper,
        worker: str,
        clock: Callable[[], dt.datetime],
        tick_seconds: float = TICK_SECONDS,
    ) -> None:
        self._settings, self._store, self._inbox = settings, store, inbox
        self._mailbox = settings.imap.username or settings.mailbox.address
        self._processor, self._courier, self._timekeeper = processor, courier, timekeeper
        self._worker, self._clock = worker, clock
        self._watch = store.watch(f"{self._mailbox}/{settings.imap.folder}")
        self._watching = False
        self._interrupted = False  # whether claims may be left from before the database failed
        self._stopping = False
        self._up_to_date = False  # whether all mail that came is known
        # The schedule only wakes us; what is due is told by `clock` and the database.
        self._timetable = schedule.Scheduler()
        tick = self._timetable.every().seconds.do(self._keep_time)
        tick.interval = tick_seconds
        tick.next_run = dt.datetime.now()  # noqa: DTZ005  (the schedule's own, naive clock)
        self._timetable.every(5).minutes.do(self._tell_how_it_goes)
        self._timetable.every(1).minutes.do(self._release_dead)

    def stop(self) -> None:
        """Finish the message in hand and leave; for signal handlers and other threads."""
        self._stopping = True
        self._inbox.wake()

    def once(self) -> None:
        """One pass: fetch all that is new, process, send what is due.

        Raises MailboxError where the mailbox cannot be read, StoreError where the database fails.
        """
        self._store.release_dead(is_alive)
        self._timekeeper.begin()
        self._inbox.connect()
        self._take_in()
        self._work()
        self._timekeeper.run_due()
        self._deliver()

    def run(self) -> None:
        """Runs until `stop`; trouble with a server is waited out, and logged."""
        log.info("service started", worker=self._worker)
        self._store.release_dead(is_alive)
        self._timekeeper.begin()
        with self._watch:
            while not self._stopping:
                try:
                    self._round()
                    self._wait()
                except MailboxError as error:
                    log.warning("mailbox trouble", problem=error.problem, advice=error.advice)
                except StoreError as error:
                    log.warning("database trouble", problem=str(error))
                    self._interrupted = True
                    self._inbox.rest(RETRY_SECONDS, lambda: self._stopping)
        log.info("service stopped", worker=self._worker)

    def _wait(self) -> None:
        """Until there may be mail; who does not watch is told by the database, or has a look."""
        seconds = self._idle_seconds()
        if self._watching:
            self._inbox.wait(seconds, lambda: self._stopping)
        else:
            self._inbox.rest(min(seconds, STAND_BY), lambda: self._stopping, self._watch)

    def _round(self) -> None:
        self._up_to_date = False
        if self._interrupted:
            self._store.let_go(self._worker)
            self._interrupted = False
        try:
            if self._watches() and self._inbox.ensure_connected():
                self._take_in()
                self._up_to_date = True
        finally:
            # What is already here is worked on even while the mailbox is out of reach.
            self._work()
            self._timetable.run_pending()
            self._deliver()

    def _watches(self) -> bool:
        """Whether this process is the one that looks into the mailbox."""
        before, self._watching = self._watching, False
        self._watching = self._watch.held()
        if self._watching and not before:
            self._release_dead()  # whoever watched until now may be no more
        elif not self._watching:
            self._inbox.disconnect()
        return self._watching

    def _take_in(self) -> None:
        """Keeps every new message before anything is thought about it."""
        position = self._inbox.position()
        mailbox = self._mailbox
        last = self._store.messages.last_uid(mailbox, position.folder, position.uid_validity)
        limit = int(self._settings.limits.message_mb * 1_000_000)
        fetched = self._inbox.fetch(self._inbox.new_uids(last), limit)
        for batch in _batches(fetched, self._settings.imap.batch):
            self._keep([self._received(f, mailbox, position.uid_validity) for f in batch])
            self._work()
            self._deliver()
            if self._stopping:
                return
        self._flag(mailbox, position.uid_validity)

    def _keep(self, batch: list[Received]) -> None:
        """Makes a batch durable; admins hear of what went straight to the quarantine."""
        receipts = self._store.messages.receive(batch)
        for received, receipt in zip(batch, receipts, strict=True):
            if received.problem and receipt.new:
                self._processor.quarantined(receipt.id, received.raw, received.problem)

    def _received(self, fetched: Fetched, mailbox: str, uid_validity: int) -> Received:
        return Received(
            mailbox=mailbox,
            folder=self._settings.imap.folder,
            uid_validity=uid_validity,
            uid=fetched.uid,
            raw=fetched.raw if fetched.raw is not None else fetched.headers,
            received_at=fetched.internal_date or self._clock(),
            problem=fetched.problem,
            size=fetched.size,
        )

    def _work(self) -> None:
        """Settles everything received."""
        while not self._stopping:
            claimed = self._store.messages.claim(self._worker, self._clock(), CLAIM, LEASE)
            if not claimed:
                return
            for done, message in enumerate(claimed):
                if self._stopping:
                    left = [m.id for m in claimed[done:]]
                    self._store.messages.hand_back(left, self._worker)
                    return
                self._processor.process(message)

    def _deliver(self) -> None:
        self._courier.deliver(lambda: self._stopping)

    def _flag(self, mailbox: str, uid_validity: int) -> None:
        """The courtesy of a flag on what is done; the database knows anyway."""
        folder = self._settings.imap.folder
        uids = self._store.messages.unflagged(mailbox, folder, uid_validity)
        if uids:
            self._inbox.mark_done(uids, uid_validity)
            self._store.messages.flagged(mailbox, folder, uid_validity, uids)

    def _idle_seconds(self) -> float:
        """Until when nothing is due: the next mail to send, the next entry of the timetable."""
        waits = [float(self._settings.imap.poll_seconds), self._timetable.idle_seconds or 60.0]
        due = self._store.outbox.next_due(self._clock())
        if due is not None:
            waits.append((due - self._clock()).total_seconds())
        return max(0.0, min(waits))

    def _keep_time(self) -> None:
        """Nobody is reminded of what may lie unread in the mailbox."""
        if self._up_to_date and not self._stopping:
            self._timekeeper.run_due()

    def _release_dead(self) -> None:
        """What processes held that were killed meanwhile need not wait for their leases."""
        self._store.release_dead(lambda worker: worker == self._worker or is_alive(worker))

    def _tell_how_it_goes(self) -> None:
        log.info("status", **self._store.counters())


def _batches(fetched: Iterable[Fetched], count: int) -> Iterator[list[Fetched]]:
    """Messages in groups that are bounded in number and in bytes."""
    batch: list[Fetched] = []
    size = 0
    for message in fetched:
        batch.append(message)
        size += len(message.raw or message.headers)
        if len(batch) >= count or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
