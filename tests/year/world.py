"""A year of the whole service in one thread: its clock, its servers and chance are the seed's.

The service runs as it is. It is the world that runs while it waits: people write, things break.
"""

from __future__ import annotations

import datetime as dt
import heapq
import itertools
import secrets
import sqlite3
import traceback
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any, cast

import pytest
import structlog
import yaml
from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError

from bot.config.load import load
from bot.config.organization import organization_of
from bot.mail import folder_connection as connection_module
from bot.mail import imap as imap_module
from bot.mail import smtp as smtp_module
from bot.mail.imap import Inbox
from bot.mail.parsing import Limits
from bot.mail.smtp import SmtpSender
from bot.mail.waiting import Ended
from bot.observability.heartbeat import Heartbeat
from bot.runtime import parser_child
from bot.runtime import service as service_module
from bot.runtime.analysis import MessageAnalysis
from bot.runtime.analyzer import Analyzer
from bot.runtime.fairness import turn_of
from bot.runtime.nudged import Look
from bot.runtime.outbox_sender import OutboxSender
from bot.runtime.parser_process import ParserProcess, ReadMessage
from bot.runtime.processor import ALONE, SHARED, Processor
from bot.runtime.scheduler import Scheduler
from bot.runtime.service import Service
from bot.store import Store, StoreError
from bot.store.claims import own_name
from bot.workflow.lifecycle import InboundMessage
from tests.rig.office import MAILBOX, STAFF
from tests.rig.zone import ZONE
from tests.year.books import Books
from tests.year.people import People, Written
from tests.year.plan import FAULTS, Event
from tests.year.servers import Folder, ImapClient, SmtpClient, refused

START = dt.datetime(2027, 1, 4, 8, 0, tzinfo=ZONE)
LOOKS = (
    dt.time(0, 5),
    dt.time(8, 35),
    dt.time(10, 5),
    dt.time(13, 5),
    dt.time(16, 5),
    dt.time(17, 55),
)
"""When the timetable is looked at, besides whenever something happens."""


LONG = 10.0 * 86_400  # a wait that ends when something happens
AT_MOST = dt.timedelta(minutes=2)
"""That mail may be on its way through the bot, such as behind one that takes long: far less than
the lease of what somebody held who died."""


class Killed(BaseException):
    """The process is no more; whatever it still tries is in vain."""


@dataclass
class Armed:
    """A fault that waits for its moment: the `after`th time that the bot does such a thing."""

    where: str
    answer: str
    after: int
    times: int
    until: dt.datetime | None


@dataclass
class Background:
    """What is a thread of the service, done when the service waits."""

    world: World
    look: Look
    due: dt.datetime | None = None
    nudged: bool = True

    def __enter__(self) -> None:
        self.world.backgrounds.append(self)

    def __exit__(self, *_: object) -> None:
        self.world.backgrounds.remove(self)

    def nudge(self) -> None:
        self.nudged = True

    def run(self) -> None:
        world, self.nudged = self.world, False
        seconds = self.look(lambda: world.dead)
        self.due = world.now + dt.timedelta(seconds=seconds)
        if seconds >= 60 and not world.dead:  # it need not look every minute of a year
            self.due = world.next_mail()


@dataclass
class World:
    """One seed's world. `plan` is what happens in it by itself."""

    seed: int
    place: Path
    plan: Sequence[Event]
    days: int
    now: dt.datetime = START
    folder: Folder = field(default_factory=Folder)
    trace: list[str] = field(default_factory=list)
    expected: dict[str, Written] = field(default_factory=dict)
    sent: Counter[str] = field(default_factory=Counter)
    unacknowledged: Counter[str] = field(default_factory=Counter)
    backgrounds: list[Background] = field(default_factory=list)
    armed: list[Armed] = field(default_factory=list)
    fired: Counter[str] = field(default_factory=Counter)
    reads: list[tuple[int, str, int]] = field(default_factory=list)
    broken: str = ""  # the first invariant that does not hold
    dead: bool = False
    apart: bool = False  # somebody looks who is no part of it
    over: bool = False

    def __post_init__(self) -> None:
        self.people, self.books = People(self), Books(self)
        self.staff: list[str] = [str(member["email"]) for member in STAFF]
        self._heap: list[tuple[dt.datetime, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self._secrets = Random(f"{self.seed} secrets")
        self.settings, self._rested, self._configured = self._settings(), self.now, ""
        for one in self.plan:
            self.at(one.at, partial(self._happen, one))
        self.at(START + dt.timedelta(days=self.days), self._end)

    # --- what the world is made of ------------------------------------------------------------

    def chance(self, *key: object) -> Random:
        return Random(f"{self.seed} {key}")

    def at(self, when: dt.datetime, do: Callable[[], None]) -> None:
        heapq.heappush(self._heap, (when, next(self._order), do))

    def note(self, line: str) -> None:
        self.trace.append(f"{self.now:%Y-%m-%d %H:%M:%S} {line}")

    def fail(self, why: str) -> None:
        if not self.broken:
            self.broken = why
            self.note(f"BROKEN {why}")
        self.dead = self.over = True
        raise Killed(why)

    @property
    def digest(self) -> str:
        return sha256("\n".join(self.trace).encode()).hexdigest()

    def deliver(self, raw: bytes, written: Written) -> None:
        head = raw.partition(b"\r\n\r\n")[0].decode("utf-8", "replace")
        number = head.partition("Message-ID: ")[2].partition("\r\n")[0]
        self.expected[number or f"broken {len(self.expected)}"] = written
        self.note(f"{written.sender or 'somebody'} writes ({written.kind}): {written.said[:70]}")
        self.folder.deliver(raw, self.now.replace(microsecond=0))

    def took(self, recipients: Sequence[str], raw: bytes) -> None:
        """The mail server took a mail of the bot's."""
        head = raw.partition(b"\r\n\r\n")[0].decode("utf-8", "replace")
        number = head.partition("Message-ID: ")[2].partition("\r\n")[0]
        self.sent[number] += 1
        self._last_sent = number
        if self.sent[number] > 1 + self.unacknowledged[number]:
            self.fail(f"sent again though it was acknowledged: {head[:400]}")
        for to in recipients if self.sent[number] == 1 else ():
            self.books.told(to, raw)
            self.people.got(to, raw)

    def _happen(self, one: Event) -> None:
        self.note(f"{one.kind} {' '.join(map(str, one.about))}".rstrip())
        if one.kind == "fault":
            name, after, times = one.about
            where, answer, hours = FAULTS[str(name)]
            until = self.now + dt.timedelta(hours=hours * int(times)) if hours else None
            self.armed.append(Armed(where, answer, int(after), int(times), until))
        elif one.kind == "renumber":
            self.folder.renumber()
        elif one.kind == "config":
            self._configure(str(one.about[0]))
        else:
            getattr(self.people, one.kind)(*one.about)

    def _end(self) -> None:
        self.over = True
        self.service.stop()

    # --- what the bot meets -------------------------------------------------------------------

    def step(self, what: str) -> str:
        """Before each thing that the bot asks the world for: what goes wrong with it."""
        if self.apart:
            return ""
        if self.dead:
            raise Killed
        for fault in self.armed:
            if not what.startswith(fault.where):
                continue
            if fault.after > 0:
                fault.after -= 1
                continue
            if fault.until is None:
                fault.times -= 1
            if fault.times <= 0 or (fault.until and self.now >= fault.until):
                self.armed.remove(fault)
                if fault.until:
                    continue
            return self._fire(fault, what)
        return ""

    def _fire(self, fault: Armed, what: str) -> str:
        self.fired[f"{fault.where.partition(' ')[0] or 'any'}: {fault.answer[:20]}"] += 1
        self.note(f"  at {what}: {fault.answer}")
        if what == "smtp acknowledgement" and fault.answer in ("kill", "cut after"):
            self.unacknowledged[self._last_sent] += 1
        if fault.answer == "kill":
            self.dead = True
            raise Killed
        if fault.answer == "stop":
            self.service.stop()
            return ""
        if fault.answer == "busy":
            raise OperationalError("BEGIN", {}, sqlite3.OperationalError("database is locked"))
        return fault.answer

    def _open_imap(self, _settings: object) -> ImapClient:
        if fault := self.step("imap connect"):
            raise refused("imap", login=fault == "login")
        return ImapClient(self.folder, self.step)

    def _open_smtp(self, _settings: object, _hello: str) -> SmtpClient:
        if fault := self.step("smtp connect"):
            raise refused("smtp", login=fault == "login")
        return SmtpClient(self.step, self.took)

    # --- time passes --------------------------------------------------------------------------

    def _idle(
        self, client: ImapClient, *, seconds: float, until: Callable[[], bool], **_: object
    ) -> Ended:
        client.idle()
        at_rest = self.books.is_at_rest()
        if at_rest or self.now > self._rested + AT_MOST:
            at_rest, seconds = True, seconds if seconds < 60 else LONG
        ended = self._pass(seconds, until, client, at_rest=at_rest)
        if at_rest:
            self._rested = self.now
        client.announce()
        return ended

    def _pause(
        self, _waker: object, seconds: float, until: Callable[[], bool], _news: object = None
    ) -> Ended:
        return self._pass(max(seconds, 0.01), until, None)

    def _pass(
        self,
        seconds: float,
        until: Callable[[], bool],
        client: ImapClient | None,
        *,
        at_rest: bool = False,
    ) -> Ended:
        """The world goes on until the time is up, or, for who listens, there is something new."""
        deadline, checked = self.now + dt.timedelta(seconds=seconds), False
        while True:
            for one in self.backgrounds:
                while one.nudged or (one.due is not None and one.due <= self.now):
                    one.run()
            if until():
                return Ended.STOPPED
            if client is not None and self._is_new(client):
                return Ended.NEWS
            if at_rest and not checked:
                self._inspect()
                checked = True
            waits = [b.due for b in self.backgrounds if b.due is not None]
            look = self._next_look() if client is not None else None
            first = min(d for d in (deadline, look, self._heap[0][0], *waits) if d is not None)
            self.now = max(self.now, first)
            if first == self._heap[0][0]:
                heapq.heappop(self._heap)[2]()
                checked = False
            elif first in (deadline, look):
                return Ended.TIME

    def _inspect(self) -> None:
        self.apart = True
        try:
            self.books.check(self.store, self.organization)
        finally:
            self.apart = False

    def _is_new(self, client: ImapClient) -> bool:
        return client._told != self.folder.uid_next or client._epoch != self.folder.epoch

    def _next_look(self) -> dt.datetime:
        days = (self.now.date() + dt.timedelta(days=n) for n in itertools.count())
        looks = (dt.datetime.combine(day, time, ZONE) for day in days for time in LOOKS)
        return next(look for look in looks if look > self.now)

    def next_mail(self) -> dt.datetime | None:
        """When the outbox has something to do again."""
        with self.books.database() as database:
            (due,) = database.execute(
                "SELECT MIN(next_try_at) FROM outbox WHERE status = 'waiting'"
            ).fetchone()
        if due is None:
            return None
        at = dt.datetime.fromisoformat(due).replace(tzinfo=dt.UTC).astimezone(ZONE)
        return max(at, self.sender.paused_until or at, self.now + dt.timedelta(seconds=10))

    # --- the bot ------------------------------------------------------------------------------

    def _settings(self) -> dict[str, Any]:
        return {
            "mailbox": {"address": MAILBOX, "name": "Comunicación Interna UPAEP"},
            "imap": {"host": "127.0.0.1", "security": "none", "since": "all"},
            "smtp": {"host": "127.0.0.1", "security": "none"},
            "security": {"authserv_id": "mx.upaep.mx"},
            "database": {"url": f"sqlite:///{self.place / 'bot.db'}"},
            "staff": [dict(member) for member in STAFF],
            "workflow": {"undo_minutes": 10, "holidays": ["2027-07-05..2027-07-16"]},
        }

    def _configure(self, change: str) -> None:
        """The configuration is changed, and the service told to start anew."""
        settings = self.settings
        if change == "stages":
            both = len(settings["workflow"].get("stages", ("", ""))) == 2
            settings["workflow"]["stages"] = ["review"] if both else ["review", "approval"]
        elif change == "days":
            settings["workflow"]["respond_within_business_days"] = 3
        else:  # somebody leaves, and another one comes in their place
            member = next(m for m in settings["staff"] if m["roles"] == [change])
            member["email"] = f"nuevo.{len(self.trace)}.{change}@upaep.mx"
        self.staff = [member["email"] for member in settings["staff"]]
        self.service.stop()

    @contextmanager
    def _bot(self) -> Iterator[Service]:
        """All that `bot.runtime.build` puts together, but for the process that reads."""
        text = yaml.safe_dump(self.settings, allow_unicode=True)
        if text != self._configured:  # what it says need not be found out at each new start
            self._configured = text
            path = self.place / "config.yaml"
            path.write_text(text, "utf-8")
            self._loaded = load(path)
            self.organization = organization_of(self._loaded)
            self._analyzer = Analyzer(self.organization, Limits())
        settings, organization, analyzer = self._loaded, self.organization, self._analyzer
        reader, slow = (
            cast("ParserProcess", Reader(self, analyzer, where)) for where in ("read", "read slow")
        )
        with (
            Store.open(settings.database.url) as store,
            Inbox(settings.imap, chance=self.chance("imap").random, clock=self._seconds) as inbox,
            SmtpSender(settings.smtp, hello="upaep.mx", clock=self._seconds) as sender,
        ):

            @contextmanager
            def patient() -> Iterator[Processor]:
                yield Processor(store, slow, organization, self._clock, SHARED, reads_apart=True)

            outbox_sender = OutboxSender(
                store, sender, organization, own_name(), settings.smtp.max_attempts, self._clock,
                self.chance("outbox").random,
            )  # fmt: skip
            service = Service(
                settings, store, inbox,
                Processor(store, reader, organization, self._clock, ALONE),
                outbox_sender, Scheduler(store, organization, self._clock), own_name(), self._clock,
                Heartbeat(lambda: inbox.connected), patient,
                lambda raw: turn_of(raw, organization),
            )  # fmt: skip
            timetable = SimpleNamespace(run_pending=service._keep_time, idle_seconds=60)
            service._timetable = cast("Any", timetable)
            self.store, self.inbox, self.sender = store, inbox, outbox_sender
            yield service

    def _clock(self) -> dt.datetime:
        return self.now

    def _seconds(self) -> float:
        return (self.now - START).total_seconds()

    def live(self) -> World:
        """The whole time, with as many lives of the bot as it takes."""
        with self._in_place():
            while not self.over:
                self.dead = False
                with suppress(Killed, StoreError), self._bot() as self.service:
                    self.service.run()
                    self.note("the service has stopped")
                self.now += dt.timedelta(seconds=5)
            self.apart, self.dead = True, False
            if not self.broken:
                with suppress(Killed), Store.open(self.settings["database"]["url"]) as store:
                    self.books.close(store)
            if self.books.opened is not None:
                self.books.opened.close()
        return self

    @contextmanager
    def _in_place(self) -> Iterator[None]:
        """The world in the place of servers, threads, sleep and dice."""

        def listen(_logger: object, method: str, event_dict: dict[str, Any]) -> Any:
            if method in ("exception", "error", "critical"):
                self.fail(f"the log says: {event_dict} {traceback.format_exc(-3)}")
            raise structlog.DropEvent

        steps = {name: lambda _, name=name: self.step(f"db {name}") for name in ("begin", "commit")}
        logging = structlog.get_config()
        structlog.configure(processors=[listen], cache_logger_on_first_use=False)
        with pytest.MonkeyPatch.context() as patch:
            for target, name, value in (
                (connection_module, "open_session", self._open_imap),
                (imap_module, "IMAPClient", ImapClient),
                (imap_module, "idle", self._idle),
                (imap_module, "pause", self._pause),
                (connection_module, "time", SimpleNamespace(sleep=self._sleep)),
                (smtp_module, "open_session", self._open_smtp),
                (service_module, "prefetched", _as_asked),
                (service_module, "Nudged", lambda _, look: Background(self, look)),
                (secrets, "token_bytes", self._secrets.randbytes),
                (secrets, "token_hex", lambda n: self._secrets.randbytes(n).hex()),
            ):
                patch.setattr(target, name, value)
            for name, hook in steps.items():
                event.listen(Engine, name, hook)
            try:
                yield
            finally:
                for name, hook in steps.items():
                    event.remove(Engine, name, hook)
                structlog.configure(**logging)

    def _sleep(self, seconds: float) -> None:
        self.now += dt.timedelta(seconds=seconds)


class Reader:
    """Reads in this process."""

    def __init__(self, world: World, analyzer: Analyzer, where: str) -> None:
        self._world, self._analyzer, self._where = world, analyzer, where

    def read_all(
        self, messages: Iterable[InboundMessage], ahead: int
    ) -> Generator[ReadMessage | None]:
        for message in messages:
            slow = self._world.step(self._where) == "slow" and self._where == "read"
            last = self._world.books.last_taken_in()
            self._world.reads.append((message.id, message.message_id, last))
            yield ReadMessage(message, None if slow else self.analyse(message))

    def analyse(self, message: InboundMessage) -> MessageAnalysis:
        return parser_child._read(self._analyzer, message)


def _as_asked(items: Iterable[Any]) -> Generator[Any]:
    yield from items
