"""Reading back: cases and their history, messages, the quarantine, how much there is."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Column, Engine, Row, Select, Update, bindparam, exists, func, select, update

from bot.store import events, seals
from bot.store.codec import case_from_json
from bot.store.columns import unpacked
from bot.store.staff import all_corrections
from bot.store.tables import CASE, CASE_COUNT, EVENT, MESSAGE, OUTBOX, PLACE
from bot.store.transactions import Transactional
from bot.store.values import Counters, StoredEvent
from bot.store.verifier import HistoryLine, Seal
from bot.workflow.case import Case
from bot.workflow.lifecycle import InboundMessage, InboundStatus, OutboxStatus
from bot.workflow.outcome import Correction
from nlp.text.fold import fold
from replies.phrases import say

AT_ONCE = 1000  # rows


class Records(Transactional):
    """What the commands show."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self._sealer = seals.Sealer()

    def case(self, folio: str) -> Case | None:
        """One case."""
        body = self._value(_CASE, {"number": folio})
        return case_from_json(body) if body else None

    def cases(
        self, state: str = "", since: dt.datetime | None = None, area: str = ""
    ) -> tuple[Case, ...]:
        """Cases, newest first: in a state, opened since then, of an area by a part of its name."""
        find = select(CASE.c.body).order_by(CASE.c.opened_at.desc(), CASE.c.folio.desc())
        if state:
            find = find.where(CASE.c.state == state)
        if since:
            find = find.where(CASE.c.opened_at >= since)
        if area:
            find = find.where(CASE.c.area.contains(fold(area), autoescape=True))
        return tuple(case_from_json(row.body) for row in self._rows(find))

    def corrections(self) -> tuple[Correction, ...]:
        """What people said that messages really ask for, oldest first."""
        with self._reading() as connection:
            return all_corrections(connection)

    def events(self, folio: str) -> tuple[StoredEvent, ...]:
        """The history of a case, oldest first."""
        with self._reading() as connection:
            return events.history(connection, folio)

    def lines(self, folio: str) -> list[dict[str, Any]]:
        """The history of a case as it is hashed, oldest first."""
        with self._reading() as connection:
            return list(events.lines(connection, folio))

    def hashes(self) -> list[HistoryLine]:
        """The hashes of all histories, case by case."""
        with self._reading() as connection:
            return list(seals.hashes(connection))

    def seal(self, until: dt.datetime) -> Seal:
        """How all histories ended at a moment."""
        with self._reading() as connection:
            return self._sealer.seal(connection, until)

    def moments(
        self, kinds: Iterable[str], since: dt.datetime | None
    ) -> Mapping[str, list[tuple[str, dt.datetime]]]:
        """When events of these kinds came, by case: each kind and moment, oldest first; of cases
        opened since then, or of all."""
        find = _MOMENTS
        if since is not None:
            opened = select(CASE.c.folio).where(CASE.c.opened_at >= since)
            find = find.where(EVENT.c.folio.in_(opened))
        found: dict[str, list[tuple[str, dt.datetime]]] = {}
        for row in self._rows(find, {"kinds": list(kinds)}):
            found.setdefault(row.folio, []).append((row.what, row.at))
        return found

    def mails(self, status: OutboxStatus) -> Mapping[str, int]:
        """How many mails of each template came to this."""
        return self._counted(_by(OUTBOX.c.template).where(OUTBOX.c.status == status))

    def verify(self, folio: str) -> tuple[str, ...]:
        """What was tampered with in a case's history; nothing where it is whole."""
        with self._reading() as connection:
            return events.problems(connection, folio)

    def messages(self, folio: str) -> tuple[InboundMessage, ...]:
        """The incoming mail of a case, oldest first."""
        return self._list(_MESSAGES.where(MESSAGE.c.folio == folio))

    def message(self, message: int) -> InboundMessage | None:
        """One incoming message."""
        found = self._list(_MESSAGES.where(MESSAGE.c.id == message))
        return found[0] if found else None

    def raw(self, message: int) -> bytes | None:
        """A message as it came."""
        packed = self._value(_RAW, {"number": message})
        return None if packed is None else unpacked(packed)

    def quarantine(self) -> tuple[InboundMessage, ...]:
        """Messages that could not be processed, oldest first."""
        return self._list(_MESSAGES.where(MESSAGE.c.status == InboundStatus.FAILED))

    def retry(self, message: int | None = None) -> int:
        """Takes a message (all where none is named) out of the quarantine, to be read again.

        One that never came whole is fetched again, if its place on the server is known. How many:
        0 where it is not there, or nowhere to be had from.
        """
        read = _TAKE.where(MESSAGE.c.whole.is_(True))
        read = read.values(status=InboundStatus.RECEIVED, reason="", attempts=0)
        fetch = _TAKE.where(MESSAGE.c.whole.is_(False), _HAS_PLACE)
        fetch = fetch.values(status=InboundStatus.WANTED)
        return self._take(read, message) + self._take(fetch, message)

    def discard(self, message: int) -> int:
        """Settles a message of the quarantine for good; 1, or 0 where it is not there."""
        discarded = {"status": InboundStatus.IGNORED, "reason": say("quarantine.discarded")}
        return self._take(_TAKE.values(discarded), message)

    def counters(self) -> Counters:
        """How much there is of everything."""
        return self._counters(_by(MESSAGE.c.status), _by(OUTBOX.c.status))

    def unsettled(self) -> Counters:
        """The same of what is still to be done, and of all cases; the rest is not counted."""
        messages = _by(MESSAGE.c.status).where(MESSAGE.c.status.in_(("received", "failed")))
        outbox = _by(OUTBOX.c.status).where(OUTBOX.c.status.in_(("waiting", "failed")))
        return self._counters(messages, outbox)

    def _counters(self, messages: Select[Any], outbox: Select[Any]) -> Counters:
        finds = (messages, _COUNTED_CASES, outbox)
        return Counters(*(MappingProxyType(self._counted(find)) for find in finds))

    # --- figures over a whole database ---

    def mails_by_day(self, zone: ZoneInfo) -> Mapping[dt.date, Counter[str]]:
        """Mails to send, by the day they were written, and template; read in bounded memory."""
        days: dict[dt.date, Counter[str]] = {}
        find = select(OUTBOX.c.created_at, OUTBOX.c.template).order_by(OUTBOX.c.id)
        with self._reading() as connection:
            for row in connection.execution_options(yield_per=AT_ONCE).execute(find):
                day = row.created_at.astimezone(zone).date()
                days.setdefault(day, Counter())[row.template] += 1
        return dict(sorted(days.items()))

    def machines(self) -> Counter[str]:
        """Messages passed over, by the rule."""
        return self._counted(_by(MESSAGE.c.reason).where(MESSAGE.c.status == InboundStatus.IGNORED))

    def topics(self) -> Counter[str]:
        """Cases, by what they ask for."""
        return self._counted(_by(CASE.c.intent))

    def held_back(self) -> int:
        """Mails about cases that a cap held back."""
        return self._counted(_by(EVENT.c.what).where(EVENT.c.what == "not_sent")).total()

    def sample(self, template: str) -> bytes:
        """One of the mails of a template, without its keys."""
        find = select(OUTBOX.c.raw).where(OUTBOX.c.template == template).limit(1)
        return bytes(self._value(find) or b"")

    def _counted(self, find: Select[Any]) -> Counter[str]:
        return Counter(dict(tuple(row) for row in self._rows(find)))

    def _list(self, find: Select[Any]) -> tuple[InboundMessage, ...]:
        return tuple(map(_stored, self._rows(find)))

    def _take(self, take: Update, message: int | None) -> int:
        return self._change(take if message is None else take.where(MESSAGE.c.id == message))


def _stored(row: Row[Any]) -> InboundMessage:
    return InboundMessage(
        id=row.id,
        raw=b"",
        message_id=row.message_id,
        folio=row.folio or "",
        status=InboundStatus(row.status),
        reason=row.reason,
        attempts=row.attempts,
        size=row.size,
        received_at=row.received_at,
    )


_TAKE = update(MESSAGE).where(MESSAGE.c.status == InboundStatus.FAILED)
_HAS_PLACE = exists().where(PLACE.c.message == MESSAGE.c.id)
_CASE = select(CASE.c.body).where(CASE.c.folio == bindparam("number"))
_COUNTED_CASES = select(CASE_COUNT).where(CASE_COUNT.c.count > 0).order_by(CASE_COUNT.c.state)
_RAW = select(MESSAGE.c.raw).where(MESSAGE.c.id == bindparam("number"))
_MESSAGES = select(
    MESSAGE.c.id, MESSAGE.c.message_id, MESSAGE.c.folio, MESSAGE.c.status, MESSAGE.c.reason,
    MESSAGE.c.attempts, MESSAGE.c.size, MESSAGE.c.received_at,
).order_by(MESSAGE.c.id)  # fmt: skip


def _by(column: Column[Any]) -> Select[Any]:
    return select(column, func.count()).group_by(column)


_MOMENTS = (
    select(EVENT.c.folio, EVENT.c.what, EVENT.c.at)
    .where(EVENT.c.what.in_(bindparam("kinds", expanding=True)))
    .order_by(EVENT.c.folio, EVENT.c.number)
)
