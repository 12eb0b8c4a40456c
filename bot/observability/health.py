"""How the running service is: for /healthz in words, for /metrics in numbers."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from bot.config.settings import MonitoringSettings
from bot.observability.heartbeat import Heartbeat
from bot.observability.metrics import REGISTRY
from bot.observability.timeout import within
from bot.store import Counters, Store, StoreError

DATABASE_SECONDS = 5.0  # then it counts as out of order


@dataclass(frozen=True, slots=True)
class Look:
    """One look at everything. Without `counters` the database did not answer: `problem` says why.

    `overdue` is how many seconds ago the oldest mail should have gone out, `untried` how many ago
    it should have been tried.
    """

    age: float
    mailbox: str
    out_of_reach: float
    counters: Counters | None
    overdue: float
    untried: float
    problem: str


class Sending(Protocol):
    """How the outbox fares: `problem` says why the mail server does not let the bot in."""

    @property
    def problem(self) -> str: ...
    @property
    def in_trouble(self) -> bool: ...


class Health(Collector):
    """Looks at the main loop and the database when asked; for any thread."""

    def __init__(
        self,
        store: Store,
        heartbeat: Heartbeat,
        limits: MonitoringSettings,
        clock: Callable[[], dt.datetime],
        sending: Sending | None = None,
    ) -> None:
        self._store, self._heartbeat, self._limits, self._clock = store, heartbeat, limits, clock
        self._sending = sending

    def report(self) -> tuple[bool, dict[str, object]]:
        """Whether all is well, and what there is to say; `problems` are in words."""
        look = self._look()
        problems = list(self._problems(look))
        messages = look.counters.messages if look.counters else {}
        return not problems, {
            "status": "failing" if problems else "ok",
            "problems": problems,
            "imap": look.mailbox,
            "database": look.problem or "ok",
            "last_round_seconds": round(look.age, 1),
            "outbox_oldest_seconds": round(look.overdue) if look.counters else None,
            "waiting": messages.get("received", 0) if look.counters else None,
            "failed": messages.get("failed", 0) if look.counters else None,
        }

    def collect(self) -> Iterator[Metric]:
        """What was counted, and what is so now. What is not known now is left out, never stale."""
        yield from REGISTRY.collect()
        look = self._look()
        connected = look.mailbox == "connected"
        yield _gauge("bot_imap_connected", "1 while the mailbox is open.", connected)
        yield _gauge("bot_round_age_seconds", "Since the main loop last showed life.", look.age)
        yield _gauge("bot_database_up", "1 if the database answered.", look.counters is not None)
        if look.counters is None:
            return
        messages, outbox = look.counters.messages, look.counters.outbox
        for name, words, value in (
            ("messages_waiting", "Messages not yet settled.", messages.get("received", 0)),
            ("messages_failed", "Messages in quarantine.", messages.get("failed", 0)),
            ("outbox_waiting", "Mails to send, held ones included.", outbox.get("waiting", 0)),
            ("outbox_failed", "Mails given up.", outbox.get("failed", 0)),
            ("outbox_oldest_seconds", "How late the mail longest due is.", look.overdue),
        ):
            yield _gauge(f"bot_{name}", words, value)
        cases = GaugeMetricFamily("bot_cases", "Cases by state.", labels=["state"])
        for state, count in look.counters.cases.items():
            cases.add_metric([state], count)
        yield cases

    def _look(self) -> Look:
        counters, overdue, untried, problem = None, 0.0, 0.0, ""
        try:
            counters, overdue, untried = within(DATABASE_SECONDS, self._ask)
        except StoreError as error:
            problem = str(error)
        except TimeoutError:
            problem = f"no answer within {DATABASE_SECONDS:g} s"
        beat = self._heartbeat
        known = (counters, overdue, untried, problem)
        return Look(beat.age, beat.mailbox, beat.out_of_reach, *known)

    def _ask(self) -> tuple[Counters, float, float]:
        now, outbox = self._clock(), self._store.outbox

        def ago(since: dt.datetime | None) -> float:
            return (now - since).total_seconds() if since else 0.0

        overdue, untried = ago(outbox.overdue_since(now)), ago(outbox.untried_since(now))
        return self._store.records.unsettled(), overdue, untried

    def _problems(self, look: Look) -> Iterator[str]:
        if look.age > self._limits.stalled_seconds:
            yield f"the main loop has not come round for {look.age:.0f} s"
        if look.out_of_reach > self._limits.imap_down_seconds:
            yield f"the mailbox has been out of reach for {look.out_of_reach:.0f} s"
        if look.problem:
            yield f"the database fails: {look.problem}"
        if self._sending is not None and self._sending.problem:
            yield f"the mail server does not let the bot in: {self._sending.problem}"
        in_trouble = self._sending is not None and self._sending.in_trouble
        late = look.overdue if in_trouble else look.untried  # one recipient's trouble is not ours
        if late > self._limits.outbox_late_seconds:
            yield f"mail has been waiting to go out for {late:.0f} s"


def _gauge(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(name, words, value=float(value))
