"""The service: watch the inbox, process, send, keep the timetable, until told to stop."""

import datetime as dt
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, closing

import schedule
import structlog

from bot.config.load import Settings
from bot.mail.errors import MailboxError, was_refused
from bot.mail.imap import Inbox
from bot.observability.heartbeat import Heartbeat
from bot.runtime.batches import prefetched
from bot.runtime.intake import Intake
from bot.runtime.nudged import Nudged
from bot.runtime.outbox_sender import OutboxLoop, OutboxSender
from bot.runtime.processor import Processor
from bot.runtime.scheduler import Scheduler
from bot.runtime.slow_lane import SlowLane
from bot.store import Store, StoreError
from bot.store.claims import LEASE, is_alive
from bot.workflow.lifecycle import InboundMessage

ONCE_SECONDS = 60.0  # that `once` waits for what the server refuses
RETRY_SECONDS = 5.0  # after the database was in trouble
LOOK_AGAIN = 2.0  # seconds of slow work after which the mailbox is looked at again, work or no
PACE = 20  # messages a second: work that is faster than this is not interrupted
STAND_BY = 1.0  # seconds between two attempts of a process to become the one that watches
TICK_SECONDS = 60.0  # between two looks at the timetable

log = structlog.get_logger()


class Service:
    """One worker over one mailbox and one database. `clock` gives the time in Mexico."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        inbox: Inbox,
        processor: Processor,
        outbox_sender: OutboxSender,
        scheduler: Scheduler,
        worker: str,
        clock: Callable[[], dt.datetime],
        heartbeat: Heartbeat,
        patient: Callable[[], AbstractContextManager[Processor]],
        turn_of: Callable[[bytes], str],
        tick_seconds: float = TICK_SECONDS,
    ) -> None:
        self._settings, self._store, self._inbox = settings, store, inbox
        mailbox = settings.imap.username or settings.mailbox.address
        self._processor, self._outbox_sender, self._scheduler = processor, outbox_sender, scheduler
        self._worker, self._clock, self._heartbeat = worker, clock, heartbeat
        self._watch = store.watch(f"{mailbox}/{settings.imap.folder}")
        self._watching = False
        self._intake = Intake(settings, store, inbox, clock, processor.quarantined, turn_of)
        # In threads of their own, so that a slow mail server, or message, keeps nothing waiting.
        self._delivery = Nudged("delivery", OutboxLoop(outbox_sender, store.outbox, clock).look)
        self._slow_lane = SlowLane(store, patient, worker, clock, self._slow_one_settled)
        self._slow_ones = Nudged("slow lane", self._slow_lane.look)
        self._interrupted = False  # whether claims may be left from before the database failed
        self._stopping = self._hung_up = False
        self._up_to_date = False  # whether all mail that came is known
        # Whether the last round stopped for another look though messages wait; and the one before.
        self._behind = self._was_behind = False
        # The schedule only wakes us; what is due is told by `clock` and the database.
        self._timetable = schedule.Scheduler()
        tick = self._timetable.every().seconds.do(self._keep_time)
        tick.interval = tick_seconds
        tick.next_run = dt.datetime.now()  # noqa: DTZ005  (the schedule's own, naive clock)
        self._timetable.every(5).minutes.do(
            lambda: log.info("service.status", **self._store.records.counters().flat())
        )
        self._timetable.every(1).minutes.do(self._release_dead)

    def stop(self) -> None:
        """Finish the message in hand and leave; for signal handlers and other threads."""
        self._stopping = True
        self._heartbeat.stopping()
        self._inbox.wake()

    def look_again(self) -> None:
        """Ask between two steps whether there is reason to end; for signal handlers."""
        self._hung_up = True
        self._inbox.wake()

    def once(self) -> int:
        """One pass: fetch all that is new, process, send what is due; how many were not sent.

        Raises MailboxError where the mailbox cannot be read, StoreError where the database fails.
        """
        self._store.release_dead(is_alive)
        self._scheduler.begin()
        with self._delivery:
            self._take_in_patiently()
            self._work()
            self._slow_lane.settle_all()
            self._scheduler.run_due()
        self._outbox_sender.deliver()
        return self._outbox_sender.given_up + self._store.outbox.late(self._clock())

    def run(self, hung_up: Callable[[], bool] = lambda: False) -> None:
        """Runs until `stop`, or until `hung_up` says so, asked after each `look_again`.

        Trouble with a server is waited out, and logged.
        """
        log.info("service.started", worker=self._worker)
        self._store.release_dead(is_alive)
        self._scheduler.begin()
        self._heartbeat.begin()
        with self._watch, self._delivery, self._slow_ones:
            while not self._told_to_stop():
                if self._hung_up:
                    self._hung_up = False
                    if hung_up():
                        break
                try:
                    self._round()
                    self._wait()
                except MailboxError as error:
                    self._heartbeat.trouble(error.problem)
                    log.warning("imap.trouble", problem=error.problem, advice=error.advice)
                except StoreError as error:
                    log.warning("database.trouble", problem=str(error))
                    self._interrupted = True
                    self._inbox.rest(RETRY_SECONDS, self._told_to_stop)
        log.info("service.stopped", worker=self._worker)

    def _told_to_stop(self) -> bool:
        """Asked between any two steps, and while waiting: that it is asked is the heartbeat."""
        self._heartbeat.beat()
        return self._stopping

    def _wait(self) -> None:
        """Until there may be mail; who does not watch is told by the database, or has a look."""
        if self._hung_up or self._behind:
            return
        seconds = self._idle_seconds()
        if self._watching:
            self._inbox.wait(seconds, self._told_to_stop)
        else:
            self._inbox.rest(min(seconds, STAND_BY), self._told_to_stop, self._watch)

    def _round(self) -> None:
        self._was_behind, self._behind = self._behind, False
        self._up_to_date = False
        if self._interrupted:
            self._store.messages.claims.release(self._worker, unblamed=True)
            self._interrupted = False
        try:
            if self._watches() and self._inbox.ensure_connected():
                self._take_in()
                self._up_to_date = not self._behind
        finally:
            # What is already here is worked on even while the mailbox is out of reach.
            if not self._behind:
                self._work()
            self._timetable.run_pending()
            self._delivery.nudge()

    def _watches(self) -> bool:
        """Whether this process is the one that looks into the mailbox."""
        before, self._watching = self._watching, False
        self._watching = self._watch.held()
        if self._watching and not before:
            self._release_dead()  # whoever watched until now may be no more
        elif not self._watching:
            self._inbox.disconnect()
        self._heartbeat.standing_by = not self._watching
        return self._watching

    def _take_in_patiently(self) -> None:
        """For a while, what the server refuses at first is waited for."""
        deadline = time.monotonic() + ONCE_SECONDS
        while True:
            try:
                if self._inbox.ensure_connected():
                    self._take_in()
            except MailboxError as error:
                if not was_refused(error) or time.monotonic() > deadline:
                    raise
            if not self._inbox.is_to_be_asked_again or time.monotonic() > deadline:
                return
            self._inbox.wait(ONCE_SECONDS, self._told_to_stop)

    def _take_in(self) -> None:
        """Keeps every new message before anything is thought about it."""
        coming, keep = self._intake.coming(), self._intake.keep
        if self._store.is_shared:  # other processes need not wait until this one asks for more
            with closing(prefetched(map(keep, coming))) as kept:
                self._work(kept)
        else:  # there is one writer at a time, and it is at work
            with closing(prefetched(coming)) as batches:
                self._work(map(keep, batches))
        if not self._told_to_stop():
            self._intake.flag_done()

    def _work(self, batches: Iterable[int] = ()) -> None:
        """Settles everything received; `batches` receives one more each time it is asked.

        What a stop or trouble leaves over is given back.
        """
        held: set[int] = set()
        try:
            with closing(self._processor.process(self._claimed(batches, held))) as progress:
                for some in progress:
                    if some.put_off:
                        self._store.messages.put_off(some.put_off, self._worker)
                        self._slow_ones.nudge()
                    held.difference_update(some.settled, some.put_off)
                    self._delivery.nudge()
                    if self._told_to_stop():
                        break
        finally:
            if held:
                self._store.messages.claims.hand_back(list(held), self._worker)

    def _claimed(self, batches: Iterable[int], held: set[int]) -> Iterator[InboundMessage]:
        """Messages for this worker alone, each noted in `held`, until there are no more.

        Or until slow ones have taken LOOK_AGAIN seconds: others, quickly read, may have come.
        """
        more, began, count = iter(batches), self._clock(), 0
        limit = self._processor.batch_policy.claimed
        if self._was_behind:  # what is quickly read is found among what came only once it is here
            while self._seconds_since(began) < LOOK_AGAIN and next(more, 0):
                pass
            began = self._clock()
        while not self._told_to_stop() and not self._behind:
            claimed = self._store.messages.claim(self._worker, self._clock(), limit, LEASE)
            if claimed:
                held.update(message.id for message in claimed)
                yield from claimed
                count += len(claimed)
                elapsed = self._seconds_since(began)
                self._behind = self._watching and elapsed > LOOK_AGAIN and count < elapsed * PACE
                continue
            asked = self._clock()
            if next(more, 0) == 0:
                self._slow_ones.nudge()  # large ones may have come
                return
            began += self._clock() - asked  # fetching takes what it takes

    def _seconds_since(self, moment: dt.datetime) -> float:
        return (self._clock() - moment).total_seconds()

    def _slow_one_settled(self) -> None:
        """What it led to can be sent; what else its sender wrote waits no more."""
        self._delivery.nudge()
        self._inbox.wake()

    def _idle_seconds(self) -> float:
        """Until when nothing is due."""
        idle = self._timetable.idle_seconds or 60.0
        return max(0.0, min(float(self._settings.imap.poll_seconds), idle))

    def _keep_time(self) -> None:
        """Nobody is reminded of what may lie unread in the mailbox."""
        if self._up_to_date and not self._told_to_stop():
            self._scheduler.run_due()

    def _release_dead(self) -> None:
        """What processes held that were killed meanwhile need not wait for their leases."""
        self._store.release_dead(lambda worker: worker == self._worker or is_alive(worker))
