"""A person's data leaves the database; what was counted stays.

Of a case that a person asked for or answers for, all words go, with all its mail. In what is left
their address and names are replaced, and mail that bears them goes. Histories are sealed anew over
what was cut, and say so.
"""

import datetime as dt
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header
from types import MappingProxyType
from typing import Any, cast

from sqlalchemy import Connection, Table, Text, delete, func, or_, select, update
from sqlalchemy import case as where_case

from bot.store import events
from bot.store.cases import count_states
from bot.store.codec import case_from_json, case_to_json
from bot.store.columns import CleanText, packed, unpacked
from bot.store.register import forget_responsible
from bot.store.tables import (
    CASE,
    CORRECTION,
    EVENT,
    JOB,
    LEAVE,
    MESSAGE,
    METADATA,
    NOTICE,
    OUTBOX,
    PARTICIPANT,
)  # fmt: skip
from bot.store.tokens import OPEN
from bot.store.transactions import Transaction
from bot.store.values import StoredEvent
from bot.store.verifier import START
from bot.workflow.case import FINAL, Case, Event, State
from bot.workflow.kinds import RequestKind
from bot.workflow.lifecycle import OutboxStatus
from bot.workflow.message import Address
from nlp.text.charset import decode
from nlp.text.fold import fold
from nlp.types import Extraction
from replies.phrases import say

NOBODY = Address("borrado@borrado.invalid", "Persona borrada")
"""Who stands where a person stood (RFC 2606: nobody can have this address)."""

KindOf = Callable[[Case], RequestKind]
"""What a case asks for: who answers for it, and what of its form tells of nobody."""

CUT = "(borrado)"
AT_ONCE = 200  # mails in memory
_PLAIN = re.compile(r"[A-Za-z0-9@.-]+")
GONE = packed(b"Subject: (borrado)\r\n\r\n")
_NO_MAIL = {"raw": unpacked(GONE), "recipients": "[]", "recipient": "", "secret": None}
_NO_MESSAGE = {  # what took it for a machine's is counted; else people's words may stand there
    "raw": GONE,
    "reason": where_case((MESSAGE.c.status == "ignored", MESSAGE.c.reason), else_=CUT),
}


@dataclass(frozen=True, slots=True)
class Held:
    """What the database holds of a person: their cases, and how much else bears their name."""

    cases: tuple[Case, ...]
    messages: tuple[int, ...]
    mails: tuple[int, ...]
    names: tuple[str, ...]
    mentions: int

    @property
    def open_folios(self) -> tuple[str, ...]:
        return tuple(case.folio for case in self.cases if case.state not in FINAL)


class _Mark:
    """How a person is known in a text: by an address or a full name, and their cases' numbers."""

    def __init__(self, words: Iterable[str], folios: Iterable[str]) -> None:
        self._parts = {max(_PLAIN.findall(word) or [""], key=len) for word in words}
        self._words = re.compile(_any_of(words), re.IGNORECASE)
        self._folded = [fold(word) for word in (*words, *folios)]
        self._all = re.compile(_any_of(self._folded))

    def may_stand_in(self, *columns: Any) -> Any:
        """Finds the texts to look into, also where JSON escapes letters: by plain ones alone."""
        return or_(*(c.icontains(part, autoescape=True) for c in columns for part in self._parts))

    def stands_in(self, text: str) -> bool:
        return bool(self._words.search(text))

    def taken_out(self, text: str) -> str:
        return self._words.sub(CUT, text)

    def stands_in_mail(self, raw: bytes) -> bool:
        """Whether a message names them in a header or a text part."""
        texts = map(fold, _texts(raw))  # words first: a pattern of many is five times slower
        return any(self._all.search(t) for t in texts if any(w in t for w in self._folded))


def _any_of(words: Iterable[str]) -> str:
    return "|".join(rf"(?<!\w){re.escape(word)}(?!\w)" for word in words)


def _texts(raw: bytes) -> Iterator[str]:
    yield raw.decode("utf-8", "replace")
    for part in message_from_bytes(raw).walk():  # headers as they stand: ten times faster
        yield from (_words(value) for value in map(str, part.values()) if "=?" in value)
        yield part.get_filename("")
        if part.get_content_maintype() == "text":
            yield decode(
                cast("bytes", part.get_payload(decode=True) or b""), part.get_content_charset("")
            )


def _words(value: str) -> str:
    """A header with its encoded words read; nothing where nobody can."""
    try:
        pieces = decode_header(value)
    except (MessageError, ValueError):
        return ""
    return "".join(one if isinstance(one, str) else decode(one, set_ or "") for one, set_ in pieces)


def held(connection: Connection, email: str, kind_of: KindOf) -> Held:
    """What is held of the person with this address."""
    naming = select(CASE.c.body).where(_Mark((email,), ()).may_stand_in(CASE.c.body))
    every = [case_from_json(body) for body in connection.scalars(naming)]
    people = {case.folio: _people(case, kind_of(case).owner_of(case)) for case in every}
    own = tuple(c for c in every if email in {p.email for p in people[c.folio][:2]})
    names = _names(p for some in people.values() for p in some if p.email == email)
    mark = _Mark((email, *names), (case.folio for case in own))
    folios = [case.folio for case in own]
    return Held(
        cases=own,
        messages=tuple(_bearing(connection, MESSAGE, folios, mark)),
        mails=tuple(_bearing(connection, OUTBOX, folios, mark)),
        names=names,
        mentions=sum(1 for _ in _mentions(connection, mark)),
    )


def _people(case: Case, owner: Address | None) -> tuple[Address, ...]:
    """Those whose case it is, the first two, and whoever else takes part or was asked."""
    asked = (one.to for one in case.inquiries)
    return (case.requester, owner or case.requester, *case.people, *asked)


def _names(people: Iterable[Address]) -> tuple[str, ...]:
    """Full names under which somebody appears; one word alone may be anybody's."""
    return tuple(sorted({p.name for p in people if len(p.name.split()) > 1}))


def _bearing(connection: Connection, table: Table, folios: list[str], mark: _Mark) -> Iterator[int]:
    """Mail of their cases, and other mail that names them or these."""
    find = select(table.c.id, table.c.folio, table.c.raw).order_by(table.c.id).limit(AT_ONCE)
    last = 0
    while rows := connection.execute(find.where(table.c.id > last)).all():
        for row in rows:
            data = unpacked(row.raw) if table is MESSAGE else row.raw
            if row.folio in folios or mark.stands_in_mail(data):
                yield row.id
        last = rows[-1].id


def _mentions(connection: Connection, mark: _Mark) -> Iterator[tuple[Table, dict[str, Any]]]:
    """Rows in whose texts they are named, with the values without it."""
    for table in METADATA.sorted_tables:
        texts = [c for c in table.c if isinstance(c.type, Text | CleanText)]
        if not texts or table is EVENT:
            continue
        find = select(*table.primary_key.columns, *texts).where(mark.may_stand_in(*texts))
        for row in connection.execute(find).mappings():
            changed = {c.name: _without(row[c.name], mark) for c in texts if row[c.name]}
            changed = {name: new for name, new in changed.items() if new != row[name]}
            if changed:
                yield table, {**row, "changed": changed}


def _without(text: str, mark: _Mark) -> str:
    """A text without the person, also inside JSON."""
    if text[:1] not in "{[":
        return mark.taken_out(text)
    try:
        value = json.loads(text)
    except ValueError:
        return mark.taken_out(text)
    cleaned = _cleaned(value, mark)
    return text if cleaned == value else json.dumps(cleaned, separators=(",", ":"), sort_keys=True)


def _cleaned(value: Any, mark: _Mark) -> Any:
    match value:
        case str():
            bare = mark.taken_out(value)
            return NOBODY.email if "@" in value and bare == CUT else bare
        case list():
            return [_cleaned(one, mark) for one in value]
        case dict():
            return {name: _cleaned(one, mark) for name, one in value.items()}
    return value


def forget(
    connection: Connection,
    email: str,
    found: Held,
    kind_of: KindOf,
    staff: frozenset[str],
    now: dt.datetime,
) -> None:
    """Takes out what `held` found, in the transaction that it was found in."""
    mark = _Mark((email, *found.names), (case.folio for case in found.cases))
    for case in found.cases:
        _empty(connection, case, kind_of(case), staff, now)
    for number in found.messages:
        connection.execute(update(MESSAGE).where(MESSAGE.c.id == number).values(_NO_MESSAGE))
    for number in found.mails:
        connection.execute(update(OUTBOX).where(OUTBOX.c.id == number).values(**_NO_MAIL))
    left = OUTBOX.c.id.in_(found.mails), OUTBOX.c.status == OutboxStatus.WAITING
    connection.execute(update(OUTBOX).where(*left).values(status=OutboxStatus.CANCELLED))
    connection.execute(
        delete(CORRECTION).where(
            or_(CORRECTION.c.sender == email, CORRECTION.c.message.in_(found.messages))
        )
    )
    connection.execute(delete(PARTICIPANT).where(PARTICIPANT.c.email == email))
    connection.execute(delete(NOTICE).where(NOTICE.c.person == email))
    connection.execute(delete(LEAVE).where(or_(LEAVE.c.person == email, LEAVE.c.delegate == email)))
    connection.execute(delete(JOB).where(JOB.c.name.contains(email, autoescape=True)))
    forget_responsible(connection, email)
    _take_out(connection, mark, now)
    moved: Counter[str] = Counter({State.WITHDRAWN: len(found.open_folios)})
    moved.subtract(case.state for case in found.cases if case.state not in FINAL)
    count_states(connection, moved)


def _take_out(connection: Connection, mark: _Mark, now: dt.datetime) -> None:
    """Replaces them where they are only mentioned."""
    for table, row in list(_mentions(connection, mark)):
        keys = [column == row[column.name] for column in table.primary_key.columns]
        connection.execute(update(table).where(*keys).values(**row["changed"]))
    texts = EVENT.c.actor, EVENT.c.text, EVENT.c.data
    named = select(EVENT.c.folio, *texts).where(mark.may_stand_in(*texts))
    folios = {r.folio for r in connection.execute(named) if mark.stands_in(" ".join(r[1:]))}
    for folio in sorted(folios):

        def cleaned(event: Event) -> Event:
            data = {name: mark.taken_out(value) for name, value in event.data.items()}
            actor = NOBODY.email if mark.stands_in(event.actor) else event.actor
            words = mark.taken_out(event.text)
            return replace(event, actor=actor, text=words, data=MappingProxyType(data))

        _seal(connection, folio, cleaned, now)


def _empty(
    connection: Connection, case: Case, kind: RequestKind, staff: frozenset[str], now: dt.datetime
) -> None:
    """Of a case only what is counted stays: what it was, when, and how it ended.

    One that is open is withdrawn: there is nobody to answer, and nothing left to decide on.
    """
    state = case.state if case.state in FINAL else State.WITHDRAWN
    decision = case.decision and replace(case.decision, reason="", token="")
    counted = kind.counted
    kept = {n: Extraction(e.value, e.source, "") for n, e in case.form.items() if n in counted}
    bare = Case(
        case.folio, state, case.intent, NOBODY, (), "", case.opened_at, case.updated_at,
        form=MappingProxyType(kept), version=case.version, due_on=case.due_on, decision=decision,
        merged_into=case.merged_into,
    )  # fmt: skip
    row = {"body": case_to_json(bare), "requester": NOBODY.email, "state": str(state)}
    connection.execute(
        update(CASE).where(CASE.c.folio == case.folio).values(revision=CASE.c.revision + 1, **row)
    )
    connection.execute(delete(PARTICIPANT).where(PARTICIPANT.c.folio == case.folio))
    connection.execute(delete(NOTICE).where(NOTICE.c.folio == case.folio))

    def emptied(event: Event) -> Event:
        actor = event.actor if event.actor in staff else NOBODY.email
        return Event(event.what, actor, CUT, event.version)

    _seal(connection, case.folio, emptied, now)


def _seal(
    connection: Connection, folio: str, edit: Callable[[Event], Event], now: dt.datetime
) -> None:
    """Writes a history anew, edited, with a last line that bears the seal of the one before."""
    lines: tuple[StoredEvent, ...] = events.history(connection, folio)
    old = lines[-1].hash if lines else START
    sealed = Event(
        "forgotten", "bot", say("history.forgotten", seal=old), 1,
        data=MappingProxyType({"events": str(len(lines)), "head": old}),
    )  # fmt: skip
    connection.execute(delete(EVENT).where(EVENT.c.folio == folio))
    rewritten = [(edit(line.event), line.at) for line in lines]
    events.write(connection, folio, (*rewritten, (sealed, now)))


class RetentionRepository:
    """What is kept no longer than the configuration says, within a transaction, some at a time."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._connection = transaction.connection

    def drop_mail(self, before: dt.datetime, most: int) -> int:
        """Takes the text out of settled mail that came or was made before; how many."""
        self._transaction.flush()
        emptied, count = self._transaction.cache.emptied, 0
        for table, since, unsettled in (
            (MESSAGE, MESSAGE.c.received_at, ("received", "failed", "wanted")),
            (OUTBOX, OUTBOX.c.created_at, ("waiting", "failed", "observed")),
        ):
            # What is unsettled is left out, not what is settled chosen: SQLite walks by id then.
            old = since < before, table.c.status.not_in(unsettled)
            find = select(table.c.id).where(*old, func.length(table.c.raw) > len(GONE))
            find = find.where(table.c.id > emptied.get(table, 0))
            numbers = self._connection.scalars(find.order_by(table.c.id).limit(most)).all()
            if numbers:
                emptied[table] = numbers[-1]
                gone = GONE if table is MESSAGE else unpacked(GONE)
                change = update(table).where(table.c.id.in_(numbers)).values(raw=gone)
                count += self._connection.execute(change).rowcount
        if count < most:  # the next time from the beginning: what waited then may be settled
            for table in (MESSAGE, OUTBOX):
                emptied.pop(table, None)
        return count

    def empty_cases(
        self,
        before: dt.datetime,
        most: int,
        kind_of: KindOf,
        staff: frozenset[str],
        now: dt.datetime,
    ) -> int:
        """Leaves of cases that ended before then only what is counted; how many."""
        self._transaction.flush()
        emptied = self._transaction.cache.emptied
        ended = CASE.c.state.not_in(OPEN), CASE.c.updated_at < before
        find = select(CASE.c.body).where(*ended, CASE.c.requester != NOBODY.email)
        find = find.where(CASE.c.folio > emptied.get(CASE, "")).order_by(CASE.c.folio).limit(most)
        bodies = self._connection.scalars(find).all()
        for body in bodies:
            case = case_from_json(body)
            emptied[CASE] = case.folio
            _empty(self._connection, case, kind_of(case), staff, now)
            for table, nothing in ((MESSAGE, _NO_MESSAGE), (OUTBOX, _NO_MAIL)):
                of_case = update(table).where(table.c.folio == case.folio)
                self._connection.execute(of_case.values(nothing))
        if len(bodies) < most:
            emptied.pop(CASE, None)
        return len(bodies)


@dataclass(frozen=True, slots=True)
class Export:
    """All that is held of a person: their cases with their histories, and mail by file name."""

    cases: tuple[Mapping[str, Any], ...]
    mail: Mapping[str, bytes]


def export(connection: Connection, found: Held) -> Export:
    """What `held` found, in full."""
    incoming = select(MESSAGE.c.id, MESSAGE.c.raw).where(MESSAGE.c.id.in_(found.messages))
    sent = select(OUTBOX.c.id, OUTBOX.c.raw).where(OUTBOX.c.id.in_(found.mails))
    mail = {f"recibido-{r.id}.eml": unpacked(r.raw) for r in connection.execute(incoming)}
    mail |= {f"enviado-{r.id}.eml": r.raw for r in connection.execute(sent)}
    return Export(tuple(_whole(connection, case) for case in found.cases), mail)


def _whole(connection: Connection, case: Case) -> Mapping[str, Any]:
    lines = events.history(connection, case.folio)
    told = [
        {"at": line.at.isoformat(), "what": line.event.what, "actor": line.event.actor,
         "text": line.event.text}
        for line in lines
    ]  # fmt: skip
    return {"case": json.loads(case_to_json(case)), "events": told}
