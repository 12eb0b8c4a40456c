"""The database of an office whose bot was of an earlier version, and mails that bot sent.

tests/data/office-of-0005.tar.xz was made by running commit 0f06092 (tables at 0005): a case in
every state, a list in the register, live tokens with the mails that carry them, a command that
waits for its CONFIRMAR, a rejection that is held back, and mails that a server had deferred. Rows
of mails that were sent and that nothing here asks for were deleted, to keep it small.
"""

from __future__ import annotations

import datetime as dt
import tarfile
from email import message_from_bytes, policy
from pathlib import Path

import sqlalchemy as sa

from bot.store.engine import open_engine
from bot.store.migrate import take_steps
from tests.rig.received import Received
from tests.rig.zone import ZONE

FILE = Path(__file__).parents[1] / "data" / "office-of-0005.tar.xz"
REVISION = "0005"
AT = dt.datetime(2026, 8, 17, 11, 12, tzinfo=ZONE)
"""A moment after the old bot was stopped."""


def unpacked(folder: Path) -> Path:
    """Unpacks everything; the database is `bot.db`, the mails are `NAME.eml`."""
    with tarfile.open(FILE) as archive:
        archive.extractall(folder, filter="data")
    return folder / "bot.db"


def mail(folder: Path, name: str) -> Received:
    """A mail that the old bot sent: review, confirm, approval, provisioning, form …"""
    return received((folder / f"{name}.eml").read_bytes())


def received(raw: bytes) -> Received:
    """A mail of the bot's, as its recipient has it."""
    to = str(message_from_bytes(raw, policy=policy.default)["To"].addresses[0].addr_spec)
    return Received("", (to,), raw, (), 0, "", 0.0)


def copied(database: Path, url: str) -> None:
    """Makes the old tables in an empty PostgreSQL database, and fills them."""
    old, new = open_engine(f"sqlite:///{database}"), open_engine(url)
    with old.connect() as source, new.begin() as target:
        take_steps(target, REVISION)
        tables = sa.MetaData()
        tables.reflect(source)
        for table in tables.sorted_tables:
            if table.name == "alembic_version":
                continue
            rows = [dict(row) for row in source.execute(sa.select(table)).mappings()]
            if rows:
                target.execute(table.insert(), rows)
    old.dispose()
    new.dispose()
