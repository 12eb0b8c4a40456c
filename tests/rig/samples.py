"""Samples to put into a store."""

from __future__ import annotations

import datetime as dt
from types import MappingProxyType

from sqlalchemy import select

from bot.store import Store
from bot.store.columns import unpacked
from bot.store.tables import MESSAGE, METADATA, OUTBOX
from bot.workflow.case import Case, State
from bot.workflow.lifecycle import FetchedMessage, ImapFolder, InboundMessage, OutboxMessage
from bot.workflow.message import Address
from nlp.types import Extraction, Intent
from tests.rig.zone import ZONE

NOW = dt.datetime(2021, 8, 10, 9, 30, tzinfo=ZONE)
LEASE = dt.timedelta(minutes=2)
MINUTE = dt.timedelta(minutes=1)
INBOX = ImapFolder("bot@upaep.mx", "INBOX", 7)
ANA = Address("ana@upaep.mx", "Ana Ríos")


def mail(number: int = 1, text: str = "Solicito una lista.", headers: str = "") -> bytes:
    """A raw mail of its own for each number."""
    return (
        f"{headers}From: Ana <ana@upaep.mx>\r\nTo: bot@upaep.mx\r\nSubject: Lista {number}\r\n"
        f"Message-ID: <m{number}@upaep.mx>\r\n\r\n{text}\r\n"
    ).encode()


def fetched(uid: int, raw: bytes | None = None) -> FetchedMessage:
    """A mail as fetched from the inbox."""
    raw = mail(uid) if raw is None else raw
    return FetchedMessage(uid, raw, len(raw), NOW)


def receive(store: Store, *batch: FetchedMessage) -> tuple[InboundMessage, ...]:
    """Takes fetched mails in, as the service does; those that are new."""
    return store.messages.take_in(INBOX, batch, NOW)


def a_case(folio: str, area: str = "Biblioteca Central", thread: tuple[str, ...] = ()) -> Case:
    """A case that has just been opened."""
    return Case(
        folio=folio,
        state=State.INCOMPLETE,
        intent=Intent.CREATE_LIST,
        requester=ANA,
        people=(ANA, Address("luis@upaep.mx")),
        subject="Lista",
        opened_at=NOW,
        updated_at=NOW,
        form=MappingProxyType({"area": Extraction(area, "text", f"Área: {area}")}),
        thread=thread,
    )


def a_notification(
    number: int = 1,
    folio: str = "",
    *,
    to: str = "ana@upaep.mx",
    template: str = "form",
    key: str = "",
    not_before: dt.datetime = NOW,
) -> OutboxMessage:
    """A rendered mail of its own for each number."""
    own_id = f"<{folio.lower()}.{key}@upaep.mx>" if key else f"<o{number}.bot@upaep.mx>"
    return OutboxMessage(
        folio=folio,
        template=template,
        sender="bot@upaep.mx",
        recipients=(to, "copia@upaep.mx"),
        message_id=own_id,
        raw=f"Message-ID: {own_id}\r\n\r\nHola {key}".encode(),
        not_before=not_before,
        keys=(key,) if key else (),
    )


def open_case(store: Store, year: int = 2021, area: str = "Biblioteca Central") -> str:
    """Opens a case and gives its folio."""
    with store.work() as work:
        folio = work.cases.take_folio("CI", year)
        work.cases.save(a_case(folio, area), opens=True)
    return folio


def texts_of(store: Store) -> str:
    """Every value of every row, mail unpacked, JSON read."""
    found: list[str] = []
    with store._reading() as connection:
        for table in METADATA.sorted_tables:
            for row in connection.execute(select(table)):
                found += [v.encode().decode("unicode_escape") for v in row if isinstance(v, str)]
                found += [v for v in row if isinstance(v, str)]
        found += [unpacked(r).decode() for r in connection.scalars(select(MESSAGE.c.raw))]
        found += [r.decode() for r in connection.scalars(select(OUTBOX.c.raw))]
    return "\n".join(found)
