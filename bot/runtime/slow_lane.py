"""The line of messages that take long: a reader of its own, at the lowest priority.

Only what was put off stands here, so that no ordinary mail waits for it.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Self

import structlog

from bot.runtime.parser_process import ParserProcessError
from bot.runtime.processor import Processor
from bot.store import Store, StoreError
from bot.store.claims import LEASE

LOOK_SECONDS = 60.0  # between two looks at the line; `nudge` makes it shorter
RETRY_SECONDS = 5.0  # after trouble with the database

log = structlog.get_logger()


class SlowLane:
    """Settles what was put off, while the block lasts, in a thread of its own.

    `processor` opens one with a reader, which lives only as long as somebody stands in line.
    `settled` is called after each message.
    """

    def __init__(
        self,
        store: Store,
        processor: Callable[[], AbstractContextManager[Processor]],
        worker: str,
        clock: Callable[[], dt.datetime],
        settled: Callable[[], None],
    ) -> None:
        self._store, self._processor, self._worker = store, processor, worker
        self._clock, self._settled = clock, settled
        self._nudged = threading.Event()
        self._stopping = threading.Event()

    def __enter__(self) -> Self:
        self._stopping.clear()
        self._thread = threading.Thread(target=self._run, name="slow lane", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self.nudge()
        self._thread.join()

    def nudge(self) -> None:
        """There may be somebody in line."""
        self._nudged.set()

    def settle_all(self) -> None:
        """Settles everything that stands in line, one message at a time."""
        messages = self._store.messages
        first = messages.claim(self._worker, self._clock(), 1, LEASE, slow=True)
        if not first:
            return
        with self._processor() as processor:
            while first:
                if not any(some.settled for some in processor.process(first)):
                    messages.claims.hand_back([message.id for message in first], self._worker)
                    return
                self._settled()
                if self._stopping.is_set():
                    return
                first = messages.claim(self._worker, self._clock(), 1, LEASE, slow=True)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._nudged.clear()
            seconds = LOOK_SECONDS
            try:
                self.settle_all()
            except (StoreError, ParserProcessError) as error:
                log.warning("slow_lane.trouble", problem=str(error))
                seconds = RETRY_SECONDS
            self._nudged.wait(seconds)
