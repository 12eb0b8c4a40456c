"""The steps of taking messages in; `Messages.take_in` makes one transaction of them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from bot.store.base import insert_missing, insert_new
from bot.store.identity import content_hash, message_id_of
from bot.store.packing import packed
from bot.store.tables import MESSAGE, PLACE, POSITION
from bot.store.values import InboundMessage

Row = dict[str, Any]
Key = tuple[str, str]
"""A mail's identity: Message-ID and content hash."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """Messages with the rows that will be theirs: hashed and compressed."""

    batch: tuple[InboundMessage, ...]
    rows: tuple[Row, ...]


def key(row: Row) -> Key:
    """The identity of a row."""
    return row["message_id"], row["content_hash"]


def new_row(received: InboundMessage) -> Row:
    """The row of a message; hashing and compressing it needs no transaction."""
    raw, digest = received.raw, content_hash(received.raw)
    if received.problem:  # there is little to tell two such mails apart by: the place does
        place = f"{digest} {received.folder} {received.uid_validity} {received.uid}"
        digest = hashlib.sha256(place.encode("utf-8", "replace")).hexdigest()
    return {
        "message_id": message_id_of(raw).replace("\0", "\ufffd"),
        "content_hash": digest,
        "raw": packed(raw),
        "whole": not received.problem,
        "size": received.size or len(raw),
        "received_at": received.received_at,
        "status": "failed" if received.problem else "received",
        "reason": received.problem,
        "attempts": 0,
    }


def insert(connection: Connection, rows: Sequence[Row]) -> dict[Key, int]:
    """The ids of those that were new, by identity."""
    new = insert_new(connection.dialect.name, MESSAGE)
    new = new.on_conflict_do_nothing(index_elements=["message_id", "content_hash"])
    new = new.returning(MESSAGE.c.id, MESSAGE.c.message_id, MESSAGE.c.content_hash)
    return {(r.message_id, r.content_hash): r.id for r in connection.execute(new, rows)}


def known(connection: Connection, keys: Sequence[Key]) -> dict[Key, int]:
    """The ids of those that were there before."""
    if not keys:
        return {}
    find = select(MESSAGE.c.id, MESSAGE.c.message_id, MESSAGE.c.content_hash)
    find = find.where(MESSAGE.c.content_hash.in_([content for _, content in keys]))
    return {(r.message_id, r.content_hash): r.id for r in connection.execute(find)}


def insert_places(
    connection: Connection, batch: Sequence[InboundMessage], ids: Sequence[int]
) -> None:  # fmt: skip
    """Notes where the messages lie; what is noted of a place stays."""
    rows = [
        {
            "mailbox": r.mailbox,
            "folder": r.folder,
            "uidvalidity": r.uid_validity,
            "uid": r.uid,
            "message": message,
            "flagged": False,
        }
        for r, message in zip(batch, ids, strict=True)
        if r.uid
    ]
    if rows:
        connection.execute(insert_missing(connection.dialect.name, PLACE), rows)


def advance(connection: Connection, batch: Sequence[InboundMessage], last_uid: int) -> None:
    """Moves the position of each folder of the batch, never back."""
    highest: dict[tuple[str, str, int], int] = {}
    for r in batch:
        if r.uid:
            folder = (r.mailbox, r.folder, r.uid_validity)
            highest[folder] = max(r.uid, last_uid, highest.get(folder, 0))
    for (mailbox, folder_name, uid_validity), uid in highest.items():
        insert = insert_new(connection.dialect.name, POSITION).values(
            mailbox=mailbox, folder=folder_name, uidvalidity=uid_validity, last_uid=uid
        )
        new = insert.excluded.last_uid
        connection.execute(
            insert.on_conflict_do_update(
                index_elements=["mailbox", "folder", "uidvalidity"],
                set_={"last_uid": new},
                where=POSITION.c.last_uid < new,  # two fetches may end in another order
            )
        )
