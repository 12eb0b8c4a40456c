"""What is counted and timed while the service works; docs/operating.md explains each.

All of it is of this process and in memory. What the database knows is read from it when somebody
asks: bot/observability/health.py.
"""

import time
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from typing import TypeVar

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector

T = TypeVar("T")

STEPS = ("fetch", "receive", "read", "settle", "deliver", "flag")
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)

REGISTRY = CollectorRegistry()
ProcessCollector(registry=REGISTRY)

MESSAGES_RECEIVED = Counter(
    "bot_messages_received", "New messages taken into the database.", registry=REGISTRY
)
MESSAGES_SETTLED = Counter(
    "bot_messages_settled", "Messages brought to their end.", ["status"], registry=REGISTRY
)
MESSAGES_HELD_BACK = Counter(
    "bot_messages_held_back", "Messages not answered, of which people were told.", registry=REGISTRY
)
MESSAGES_PUT_OFF = Counter(
    "bot_messages_put_off", "Messages that take long, put into a line of their own.",
    registry=REGISTRY,
)  # fmt: skip
MAILS_SENT = Counter(
    "bot_mails_sent", "Mails that the server took.", ["template"], registry=REGISTRY
)
MAILS_DEFERRED = Counter(
    "bot_mails_deferred", "Attempts to send that are made again later.", registry=REGISTRY
)
MAILS_HELD_BACK = Counter(
    "bot_mails_held_back", "Mails that a cap holds back until later.", ["cap"], registry=REGISTRY
)
MAILS_FAILED = Counter(
    "bot_mails_failed", "Mails given up, that wait for a person.", ["template"], registry=REGISTRY
)
STEP_SECONDS = Histogram(
    "bot_step_seconds", "How long a step took.", ["step"], buckets=_BUCKETS, registry=REGISTRY
)

for _status in ("done", "ignored", "failed"):  # shown from the start, as 0
    MESSAGES_SETTLED.labels(status=_status)
for _cap in ("same_today", "hour", "day", "staff"):
    MAILS_HELD_BACK.labels(cap=_cap)
_CLOCKS = {name: STEP_SECONDS.labels(step=name) for name in STEPS}


def step(name: str) -> AbstractContextManager[object]:
    """Times the block as one of STEPS."""
    return _CLOCKS[name].time()


def timed(name: str, items: Iterable[T]) -> Iterator[T]:
    """The items; how long each took to come is timed as one of STEPS."""
    source = iter(items)
    while True:
        began = time.perf_counter()
        try:
            item = next(source)
        except StopIteration:
            return
        _CLOCKS[name].observe(time.perf_counter() - began)
        yield item
