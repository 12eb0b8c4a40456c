"""The line of messages that take long: a reader of its own, at the lowest priority.

Only what was put off stands here, so that no ordinary mail waits for it.
"""

import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager

import structlog

from bot.runtime.parser_process import ParserProcessError
from bot.runtime.processor import Processor
from bot.store import Store, StoreError
from bot.store.claims import LEASE

LOOK_SECONDS = 60.0  # between two looks at the line; a nudge makes it shorter
RETRY_SECONDS = 5.0  # after trouble with the database

log = structlog.get_logger()


class SlowLane:
    """Settles what was put off.

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

    def look(self, stopping: Callable[[], bool]) -> float:
        """Settles what stands in line; the seconds until the next look."""
        try:
            self.settle_all(stopping)
        except (StoreError, ParserProcessError) as error:
            log.warning("slow_lane.trouble", problem=str(error))
            return RETRY_SECONDS
        return LOOK_SECONDS

    def settle_all(self, stopping: Callable[[], bool] = lambda: False) -> None:
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
                if stopping():
                    return
                first = messages.claim(self._worker, self._clock(), 1, LEASE, slow=True)
