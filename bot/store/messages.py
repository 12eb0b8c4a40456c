"""Incoming messages: taken in once, claimed by one worker at a time, settled for good."""

import datetime as dt
import hashlib
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, Executable, and_, bindparam, select, update

from bot.store.claims import LEASE, RECEIVED, Claims, pick
from bot.store.columns import packed, unpacked
from bot.store.identity import content_hash, message_id_of
from bot.store.leader_lock import tell
from bot.store.tables import MESSAGE, PLACE, POSITION
from bot.store.transactions import Transactional, insert_missing, insert_new
from bot.workflow.lifecycle import (
    FetchedMessage,
    ImapFolder,
    InboundMessage,
    InboundStatus,
    OldMail,
)
from replies.phrases import say

CLAIM_BYTES = 16 * 2**20
"""Of messages claimed together, unless a single one is larger: they are held in memory."""
LARGE_BYTES = CLAIM_BYTES // 2
"""A larger message stands in the slow line from the start, where there is one at a time: reading it
takes many times its size."""

Row = dict[str, Any]
Identity = tuple[str, str]
"""What makes two deliveries one mail: Message-ID and content hash."""


class Messages(Transactional):
    """The inbox as the database knows it."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self.claims = Claims(engine, MESSAGE, RECEIVED)

    def take_in(
        self,
        folder: ImapFolder,
        batch: Sequence[FetchedMessage],
        now: dt.datetime,
        last_uid: int | None = None,
    ) -> tuple[InboundMessage, ...]:
        """Takes messages in, with their places and the position, in one transaction.

        Gives those that are new: one that is known already is not kept again, but its new place
        is. One with a `problem` goes straight to the quarantine; one that was wanted leaves it. The
        position moves to `last_uid`, up to which nothing is still to be fetched, or else to the
        highest uid of the batch; never back.
        """
        rows = [new_row(folder, fetched, now) for fetched in batch]
        if not rows:
            return ()
        with self._writing() as connection:
            new = _insert(connection, rows)
            ids = new | _known(connection, [i for row in rows if (i := _identity(row)) not in new])
            uids = {f.uid: ids[_identity(row)] for f, row in zip(batch, rows, strict=True) if f.uid}
            if uids:
                _insert_places(connection, folder, uids)
                _settle_wanted(connection, folder, uids, {f.uid: f.problem for f in batch})
                _advance(connection, folder, max(uids) if last_uid is None else last_uid)
            if new:
                tell(connection)
        by_identity = {_identity(row): (f, row) for f, row in zip(batch, rows, strict=True)}
        return tuple(
            InboundMessage(
                id=new[identity],
                raw=fetched.raw,
                received_at=row["received_at"],
                message_id=row["message_id"],
                status=InboundStatus(row["status"]),
                reason=row["reason"],
                size=row["size"],
            )
            for identity, (fetched, row) in by_identity.items()
            if identity in new
        )

    def last_uid(self, folder: ImapFolder) -> int:
        """Up to which UID this folder was taken in; 0 where nothing was."""
        return self._value(_LAST_UID, _where(folder)) or 0

    def old_mail(self, folder: ImapFolder) -> OldMail | None:
        """What was there at the first look at a folder; None where it was not yet looked at."""
        return self._old_mail(_OLD_MAIL, folder)

    def old_mail_before(self, folder: ImapFolder) -> OldMail | None:
        """The same for the folder as it was under its last other UIDVALIDITY, if there was one."""
        return self._old_mail(_OLD_MAIL_BEFORE, folder)

    def _old_mail(self, ask: Executable, folder: ImapFolder) -> OldMail | None:
        rows = self._rows(ask, _where(folder))
        return OldMail(rows[0].old_below, rows[0].since) if rows else None

    def begin(self, folder: ImapFolder, old: OldMail, last_uid: int) -> None:
        """Notes the first look at a folder, and up to where nothing of it is to be fetched."""
        row = _key(folder) | {"last_uid": last_uid, "old_below": old.below, "since": old.since}
        with self._writing() as connection:
            connection.execute(insert_missing(connection.dialect.name, POSITION), [row])

    def intend(self, mailbox: str, folder: str) -> None:
        """Notes that this database is meant for a folder, whoever worked on it before."""
        self.begin(ImapFolder(mailbox, folder, 0), OldMail(), 0)

    def has_begun(self, mailbox: str, folder: str) -> bool:
        """Whether a folder was looked at, under whatever UIDVALIDITY."""
        return self.old_mail_before(ImapFolder(mailbox, folder, 0)) is not None

    def is_unused(self) -> bool:
        """Whether no mail ever came here, and nobody said that it shall."""
        return not any(self._rows(question) for question in _USED)

    def known_uids(self, folder: ImapFolder, after: int) -> frozenset[int]:
        """Which UIDs above `after` were taken in: some are before others that had to wait."""
        rows = self._rows(_KNOWN_UIDS, _where(folder) | {"after": after})
        return frozenset(row.uid for row in rows)

    def move_to(self, folder: ImapFolder, last_uid: int) -> None:
        """Moves the position, never back: up to there all was taken in, or is no more."""
        with self._writing() as connection:
            _advance(connection, folder, last_uid)

    def wanted(self, folder: ImapFolder) -> tuple[int, ...]:
        """UIDs of messages of the quarantine that somebody wants fetched again."""
        return tuple(row.uid for row in self._rows(_ALL_WANTED, _where(folder)))

    def not_to_be_had(self, folder: ImapFolder, uids: Collection[int], why: str) -> None:
        """Messages that were wanted are in the quarantine again."""
        values = _where(folder) | {"uids": list(uids)}
        with self._writing() as connection:
            for row in connection.execute(_WANTED, values).all():
                connection.execute(_FINISH_WANTED, _outcome(row.message, InboundStatus.FAILED, why))

    def claim(
        self,
        worker: str,
        now: dt.datetime,
        limit: int,
        lease: dt.timedelta = LEASE,
        max_bytes: int = CLAIM_BYTES,
        *,
        slow: bool = False,
    ) -> tuple[InboundMessage, ...]:
        """Messages that wait, for this worker alone until the lease ends.

        Those of one sender come oldest first, one at a time in turn with those of others; in each
        round the large ones last. The `slow` ones stand in a line of their own, with all else that
        came from their senders.

        At most `limit`, and `max_bytes` together, but one however large. A message that a worker
        died with comes alone, so that the ones claimed beside it are not blamed; `attempts` tells
        how often it was claimed, this time included.
        """
        with self._writing() as connection:
            ids = pick(connection, now, limit, max_bytes, slow=slow)
            rows = self.claims.take(connection, ids, worker, now + lease) if ids else []
        return tuple(
            InboundMessage(
                id=r.id,
                raw=unpacked(r.raw),
                received_at=r.received_at,
                message_id=r.message_id,
                attempts=r.attempts,
                size=r.size,
                turn=r.turn,
            )
            for r in rows
        )

    def put_off(self, ids: Sequence[int], worker: str) -> None:
        """Gives back messages that take long: they wait in the line of the slow ones."""
        self.claims.hand_back(ids, worker, slow=True)

    def unflagged(self, folder: ImapFolder) -> tuple[int, ...]:
        """UIDs of settled messages whose flag on the server is still to be set, 1000 at a time."""
        rows = self._rows(_UNFLAGGED, _where(folder))
        return tuple(row.uid for row in rows)

    def flagged(self, folder: ImapFolder, uids: Iterable[int]) -> None:
        """Notes that the server was told of these."""
        self._change(_FLAG, _where(folder) | {"uids": list(uids)})


# --- taking in --------------------------------------------------------------------------------


def _identity(row: Row) -> Identity:
    return row["message_id"], row["content_hash"]


def new_row(folder: ImapFolder, fetched: FetchedMessage, now: dt.datetime) -> Row:
    """The row of a message; hashing and compressing it needs no transaction."""
    raw, digest = fetched.raw, content_hash(fetched.raw)
    if fetched.problem:  # there is little to tell two such mails apart by: the place does
        place = f"{digest} {folder.folder} {folder.uid_validity} {fetched.uid}"
        digest = hashlib.sha256(place.encode("utf-8", "replace")).hexdigest()
    return {
        "message_id": message_id_of(raw).replace("\0", "\ufffd"),
        "content_hash": digest,
        "raw": packed(raw),
        "whole": not fetched.problem,
        "size": fetched.size if fetched.problem else len(raw),
        "received_at": fetched.internal_date or now,
        "status": str(InboundStatus.FAILED if fetched.problem else InboundStatus.RECEIVED),
        "reason": fetched.problem,
        "attempts": 0,
        "turn": fetched.turn,
        "slow": len(raw) > LARGE_BYTES,
    }


def _insert(connection: Connection, rows: Sequence[Row]) -> dict[Identity, int]:
    """The ids of those that were new."""
    new = insert_missing(connection.dialect.name, MESSAGE)
    new = new.returning(MESSAGE.c.id, MESSAGE.c.message_id, MESSAGE.c.content_hash)
    return {(r.message_id, r.content_hash): r.id for r in connection.execute(new, rows)}


def _known(connection: Connection, identities: Sequence[Identity]) -> dict[Identity, int]:
    """The ids of those that were there before."""
    if not identities:
        return {}
    rows = connection.execute(_KNOWN, {"hashes": [content for _, content in identities]})
    return {(r.message_id, r.content_hash): r.id for r in rows}


def _insert_places(connection: Connection, folder: ImapFolder, uids: dict[int, int]) -> None:
    """Notes where messages lie; what is noted of a place stays."""
    place = _key(folder) | {"flagged": False}
    rows = [place | {"uid": uid, "message": message} for uid, message in uids.items()]
    connection.execute(insert_missing(connection.dialect.name, PLACE), rows)


def _settle_wanted(
    connection: Connection, folder: ImapFolder, uids: dict[int, int], problems: dict[int, str]
) -> None:
    """Whatever was wanted and has come, well or ill, is wanted no more."""
    values = _where(folder) | {"uids": list(uids)}
    for uid, wanted in connection.execute(_WANTED, values).all():
        if uids[uid] == wanted:  # it did not come whole this time either
            connection.execute(
                _FINISH_WANTED, _outcome(wanted, InboundStatus.FAILED, problems[uid])
            )
            continue
        connection.execute(_MOVE_PLACE, {"message": wanted, "of_uid": uid, "by": uids[uid]})
        why = say("quarantine.fetched_again", number=uids[uid])
        connection.execute(_FINISH_WANTED, _outcome(wanted, InboundStatus.IGNORED, why))


def _outcome(message: int, status: InboundStatus, why: str) -> Row:
    return {"message": message, "to": str(status), "why": why}


def _advance(connection: Connection, folder: ImapFolder, uid: int) -> None:
    insert = insert_new(connection.dialect.name, POSITION)
    insert = insert.values(**_key(folder), last_uid=uid, old_below=0)
    new = insert.excluded.last_uid
    connection.execute(
        insert.on_conflict_do_update(
            index_elements=["mailbox", "folder", "uidvalidity"],
            set_={"last_uid": new},
            where=POSITION.c.last_uid < new,  # two fetches may end in another order
        )
    )


def _key(folder: ImapFolder) -> Row:
    return {
        "mailbox": folder.mailbox, "folder": folder.folder, "uidvalidity": folder.uid_validity
    }  # fmt: skip


def _where(folder: ImapFolder) -> Row:
    return {f"in_{name}": value for name, value in _key(folder).items()}


# --- statements -------------------------------------------------------------------------------

_SETTLED = MESSAGE.c.status.in_([InboundStatus.DONE, InboundStatus.IGNORED])
_HERE = and_(
    PLACE.c.mailbox == bindparam("in_mailbox"),
    PLACE.c.folder == bindparam("in_folder"),
    PLACE.c.uidvalidity == bindparam("in_uidvalidity"),
)
_KNOWN = select(MESSAGE.c.id, MESSAGE.c.message_id, MESSAGE.c.content_hash).where(
    MESSAGE.c.content_hash.in_(bindparam("hashes", expanding=True))
)
_KNOWN_UIDS = select(PLACE.c.uid).where(_HERE, PLACE.c.uid > bindparam("after"))
_ALL_WANTED = (
    select(PLACE.c.uid, PLACE.c.message)
    .join(MESSAGE, MESSAGE.c.id == PLACE.c.message)
    .where(_HERE, MESSAGE.c.status == InboundStatus.WANTED)
)
_WANTED = _ALL_WANTED.where(PLACE.c.uid.in_(bindparam("uids", expanding=True)))
_FINISH_WANTED = (
    update(MESSAGE)
    .where(MESSAGE.c.id == bindparam("message"), MESSAGE.c.status == InboundStatus.WANTED)
    .values(status=bindparam("to"), reason=bindparam("why"))
)
_MOVE_PLACE = (
    update(PLACE)
    .where(PLACE.c.message == bindparam("message"), PLACE.c.uid == bindparam("of_uid"))
    .values(message=bindparam("by"))
)
_FOLDER = and_(
    POSITION.c.mailbox == bindparam("in_mailbox"), POSITION.c.folder == bindparam("in_folder")
)
_THIS = POSITION.c.uidvalidity == bindparam("in_uidvalidity")
_LAST_UID = select(POSITION.c.last_uid).where(_FOLDER, _THIS)
_OLD_MAIL = select(POSITION.c.old_below, POSITION.c.since).where(_FOLDER, _THIS)
_OLD_MAIL_BEFORE = (
    select(POSITION.c.old_below, POSITION.c.since)
    .where(_FOLDER, POSITION.c.uidvalidity.not_in([0, bindparam("in_uidvalidity")]))
    .order_by(POSITION.c.uidvalidity.desc())  # it grows (RFC 3501, 2.3.1.1)
)
_USED = (select(POSITION.c.folder).limit(1), select(MESSAGE.c.id).limit(1))
_UNFLAGGED = (
    select(PLACE.c.uid)
    .join(MESSAGE, MESSAGE.c.id == PLACE.c.message)
    .where(_HERE, PLACE.c.flagged.is_(False), _SETTLED)
    .order_by(PLACE.c.uid)
    .limit(1000)
)
_FLAG = (
    update(PLACE)
    .where(_HERE, PLACE.c.uid.in_(bindparam("uids", expanding=True)))
    .values(flagged=True)
)
