"""The outbox sender in a thread of its own: a slow mail server keeps nothing else waiting."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from typing import Self

import structlog

from bot.runtime.outbox_sender import BATCH, OutboxSender
from bot.store import Outbox, StoreError

RETRY_SECONDS = 5.0  # after trouble with the database
LONGEST_PAUSE = 60.0  # between two looks at the outbox; `nudge` makes it shorter
GATHER_SECONDS = 0.05
SHORTEST_PAUSE = 0.1  # where a mail is due that another worker has in hand

log = structlog.get_logger()


class OutboxLoop:
    """Delivers while the block lasts: what is due, when it falls due, or at a nudge."""

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
            return LONGEST_PAUSE
        return min(max((due - now).total_seconds(), SHORTEST_PAUSE), LONGEST_PAUSE)
