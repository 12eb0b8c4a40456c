"""The store: where everything is kept, and the only place with SQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

from sqlalchemy import Engine, text

from bot.store.base import Part
from bot.store.cases import FolioRush
from bot.store.engine import open_engine
from bot.store.messages import Messages
from bot.store.migrate import current, upgrade
from bot.store.outbox import Outbox
from bot.store.records import Records
from bot.store.work import Work


class Store(Part):
    """The database. Threads may share it; each transaction belongs to one.

    `messages` takes mail in, `outbox` delivers it, `records` reads back; `work` is for what one
    message leads to. Everything raises StoreError; Conflict, StoreBusy and StoreDown pass by
    trying again.
    """

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self.messages = Messages(engine)
        self.outbox = Outbox(engine)
        self.records = Records(engine)
        self._rush = FolioRush()

    @classmethod
    def open(cls, url: str, password: str = "") -> Self:
        """Opens `database.url` and brings its tables up to date."""
        engine = open_engine(url, password)
        try:
            upgrade(engine)
        except BaseException:
            engine.dispose()
            raise
        return cls(engine)

    def close(self) -> None:
        self._writer.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def work(self) -> Iterator[Work]:
        """A transaction: committed at the end of the block, undone if it raises."""
        with self._writing() as connection:
            yield Work(connection, self._rush)

    def ping(self) -> str:
        """What is at the other end, once it has shown that it can be written to."""
        with self._writing() as connection:
            ask = "sqlite_version()" if connection.dialect.name == "sqlite" else "version()"
            version = str(connection.scalar(text(f"SELECT {ask}")))
            name = "SQLite" if connection.dialect.name == "sqlite" else ""
            told = " ".join([name, *version.split()[:2]]).strip()
            return f"{told}, tables at {current(connection)}"
