"""A dry run over old mail: a throw-away database, each mail's own date as the clock, no server.

What the timetable would have sent (reminders, digests) and what staff would have decided is no part
of it. Of each template only the first mails are rendered. Senders are believed: what an archive
kept of who vouched for them tells little.
"""

import datetime as dt
import heapq
import itertools
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

from bot.mail.archives import ArchivedMail, own_date
from bot.mail.compose import write
from bot.mail.parsing import Limits
from bot.runtime.analysis import MessageAnalysis
from bot.runtime.parser_process import ParserProcess, ReadMessage
from bot.runtime.processor import ALONE, Processor
from bot.store import Store
from bot.store.records import Records
from bot.workflow.authority import UNPINNED
from bot.workflow.lifecycle import FetchedMessage, ImapFolder, InboundMessage, OutboxMessage
from bot.workflow.message import ParsedMessage
from bot.workflow.notification import Notification
from bot.workflow.organization import Organization

FOLDER = ImapFolder("simulation", "archive", 1)
READERS = 2  # reading takes more than what it leads to: together they keep two cores busy
TAKEN_AT_ONCE = 100
RENDERED = 100  # mails of each template; the others are only counted
LEAST_SURE = 50


@dataclass(frozen=True, slots=True)
class ReadMail:
    """What was understood of a mail; `problem` says why nothing was."""

    place: str
    date: dt.datetime
    sender: str = ""
    subject: str = ""
    automatic: str = ""
    intent: str = ""
    confidence: float = 0.0
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Simulated:
    """What would have happened."""

    mails: int
    doubles: int
    seconds: float
    messages: Mapping[str, int]
    cases: Mapping[str, int]
    topics: Mapping[str, int]
    machines: Mapping[str, int]
    by_day: Mapping[dt.date, Counter[str]]
    held_back: int
    least_sure: tuple[ReadMail, ...]
    quarantined: tuple[ReadMail, ...]
    samples: Mapping[str, bytes]

    @property
    def sent(self) -> Counter[str]:
        """Mails, by template."""
        return sum(self.by_day.values(), Counter())

    @property
    def busiest(self) -> tuple[dt.date | None, int]:
        """The day with the most mails, and how many."""
        totals = {day: counts.total() for day, counts in self.by_day.items()}
        day = max(totals, key=lambda d: totals[d], default=None)
        return day, totals[day] if day else 0

    @property
    def failed(self) -> int:
        """Messages that would have gone into the quarantine."""
        return self.messages.get("failed", 0)


@dataclass(slots=True)
class _Progress:
    mails: int = 0
    doubles: int = 0
    places: dict[int, tuple[str, dt.datetime]] = field(default_factory=dict)
    least_sure: list[tuple[float, int, ReadMail]] = field(default_factory=list)
    quarantined: list[ReadMail] = field(default_factory=list)


def simulate(
    mails: Iterable[ArchivedMail],
    organization: Organization,
    now: dt.datetime,
    seconds: float,
    each: Callable[[ReadMail], None],
) -> Simulated:
    """Runs over the mails, in bounded memory; `each` hears what was understood of one.

    `seconds` is how long the reading of one may take.
    """
    began, progress = time.monotonic(), _Progress()
    kinds = tuple(
        replace(kind, around=_Sparing(kind.around), shows=_Sparing(kind.shows))
        for kind in organization.kinds
    )
    organization = replace(organization, sender_policy=UNPINNED)
    with (
        tempfile.TemporaryDirectory() as folder,
        Store.open(f"sqlite:///{Path(folder, 'simulation.db')}") as store,
        ExitStack() as readers,
    ):
        reading = [
            readers.enter_context(ParserProcess(organization, Limits(), seconds))
            for _ in range(READERS)
        ]
        listening = _Listening(reading, progress, each)
        processor = Processor(
            store, cast("ParserProcess", listening), replace(organization, kinds=kinds),
            lambda: now, ALONE,
            time_of=lambda message: organization.local(message.received_at), writer=_Writer(),
        )  # fmt: skip
        with closing(processor.process(_taken_in(mails, store, progress, now))) as settling:
            for _ in settling:
                pass
        return _simulated(store.records, progress, organization.zone, time.monotonic() - began)


def _simulated(records: Records, progress: _Progress, zone: ZoneInfo, seconds: float) -> Simulated:
    counters, by_day = records.counters(), records.mails_by_day(zone)
    templates = {template for counts in by_day.values() for template in counts}
    return Simulated(
        mails=progress.mails,
        doubles=progress.doubles,
        seconds=seconds,
        messages=counters.messages,
        cases=counters.cases,
        topics=records.topics(),
        machines=records.machines(),
        by_day=by_day,
        held_back=records.held_back(),
        least_sure=tuple(mail for _, _, mail in sorted(progress.least_sure, reverse=True)),
        quarantined=tuple(progress.quarantined),
        samples={name: records.sample(name) for name in sorted(templates)},
    )


def _taken_in(
    mails: Iterable[ArchivedMail], store: Store, progress: _Progress, now: dt.datetime
) -> Iterator[InboundMessage]:
    """The mails as messages kept, each with its own date as the time it came."""
    last, uids = dt.datetime(1990, 1, 1, tzinfo=dt.UTC), itertools.count(1)
    waiting = iter(mails)
    while some := list(itertools.islice(waiting, TAKEN_AT_ONCE)):
        known = {}
        for mail in some:
            last = min(own_date(mail.raw) or last, now)
            known[id(mail.raw)] = (mail.place, last)
        fetched = [FetchedMessage(next(uids), mail.raw, len(mail.raw)) for mail in some]
        new = store.messages.take_in(FOLDER, fetched, now)
        progress.mails += len(some)
        progress.doubles += len(some) - len(new)
        for message in new:
            progress.places[message.id] = known[id(message.raw)]
            _, date = progress.places[message.id]
            yield InboundMessage(
                message.id, message.raw, date, message.message_id, size=message.size
            )


class _Writer:
    """Renders the first mails of each template, so that what fails in it is known."""

    def __init__(self) -> None:
        self._written: Counter[str] = Counter()

    def __call__(self, notification: Notification, *more: Any) -> OutboxMessage:
        self._written[notification.template] += 1
        whole = self._written[notification.template] <= RENDERED
        return write(notification, *more, whole=whole)


class _Sparing:
    """What notices show beside the form, loaded as often as mails are rendered; then it is
    the last one's, which nobody sees."""

    def __init__(self, load: Callable[..., Any]) -> None:
        self._load, self._loaded = load, 0

    def __call__(self, *arguments: Any) -> Any:
        if self._loaded < RENDERED:
            self._loaded += 1
            self._last = self._load(*arguments)
        return self._last


class _Listening:
    """Readers that take messages by turns, and tell what was understood of each."""

    def __init__(
        self,
        readers: Sequence[ParserProcess],
        progress: _Progress,
        each: Callable[[ReadMail], None],
    ) -> None:
        self._readers, self._progress, self._each = readers, progress, each

    def read_all(
        self, messages: Iterable[InboundMessage], ahead: int
    ) -> Generator[ReadMessage | None]:
        """In the order of the messages."""
        count = len(self._readers)
        shares = itertools.tee(messages, count)
        with ExitStack() as stack:
            turns = [
                stack.enter_context(
                    closing(reader.read_all(itertools.islice(share, n, None, count), ahead))
                )
                for n, (reader, share) in enumerate(zip(self._readers, shares, strict=True))
            ]
            for readings in itertools.cycle(turns):
                for reading in readings:
                    if reading is not None and reading.analysis is not None:
                        self._hear(reading.message, reading.analysis)
                    yield reading
                    if reading is not None:
                        break
                else:
                    return

    def analyse(self, message: InboundMessage) -> MessageAnalysis:
        return self._readers[0].analyse(message)

    def _hear(self, message: InboundMessage, analysis: MessageAnalysis) -> None:
        progress = self._progress
        read = _read(*progress.places.pop(message.id), analysis)
        self._each(read)
        if read.problem:
            if len(progress.quarantined) < LEAST_SURE:
                progress.quarantined.append(read)
        elif not read.automatic:
            entry = (-read.confidence, message.id, read)
            if len(progress.least_sure) < LEAST_SURE:
                heapq.heappush(progress.least_sure, entry)
            else:
                heapq.heappushpop(progress.least_sure, entry)


def _read(place: str, date: dt.datetime, analysis: MessageAnalysis) -> ReadMail:
    mail = analysis.mail
    if not isinstance(mail, ParsedMessage):
        return ReadMail(place, date, mail.sender, mail.subject, problem=mail.reason)
    return ReadMail(
        place=place,
        date=date,
        sender=mail.sender.email if mail.sender else "",
        subject=mail.subject,
        automatic=(analysis.screened.kind or "") if analysis.screened else "",
        intent=str(analysis.prediction.intent),
        confidence=round(analysis.prediction.confidence, 4),
    )
