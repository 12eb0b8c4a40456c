"""Transactions: of a part of the store by itself, and of a unit of work."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from typing import Any

from sqlalchemy import Column, Connection, Engine, Executable, Row, Table

from bot.store.engine import READS, turn
from bot.store.errors import translated

Series = tuple[str, int]
"""What folios are counted by: their prefix and their year."""
Version = tuple[str, int, str]
"""A case as it stood at a time: its folio, its revision, the hash of its last event."""


@dataclass(slots=True)
class Cache:
    """Of one store.

    Of each series the `last_number` known and the numbers that were taken in vain (`spare`); what
    open cases asked for (`requested`); the hour before which tallies are gone (`tallies_from`); up
    to where retention has been (`emptied`), which would look at the same old rows each time.
    """

    last_number: dict[Series, int] = field(default_factory=dict)
    spare: dict[Series, list[int]] = field(default_factory=dict)
    requested: dict[Version, Any] = field(default_factory=dict)
    tallies_from: dt.datetime | None = None
    emptied: dict[Table, Any] = field(default_factory=dict)


class Transactional:
    """A part of the store: transactions of its own."""

    def __init__(self, engine: Engine) -> None:
        self._turn = turn(engine)
        self._writer = engine
        self._single = single(engine)
        self._reader = self._single.execution_options(**READS)

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with self._turn(), translated(), self._writer.begin() as connection:
            yield connection

    @contextmanager
    def _writing_once(self) -> Iterator[Connection]:
        """For one statement: each that is executed may be a transaction by itself."""
        with self._turn(), translated(), self._single.begin() as connection:
            yield connection

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with translated(), self._reader.begin() as connection:
            yield connection

    def _value(self, ask: Executable, values: Mapping[str, Any] | None = None) -> Any | None:
        """The first value of the first row; None where there is none."""
        with self._reading() as connection:
            return connection.scalar(ask, values)

    def _rows(self, ask: Executable, values: Mapping[str, Any] | None = None) -> Sequence[Row[Any]]:
        with self._reading() as connection:
            return connection.execute(ask, values).all()

    def _change(self, change: Executable, values: Mapping[str, Any] | None = None) -> int:
        """How many rows a change by itself concerned."""
        with self._writing() as connection:
            return connection.execute(change, values).rowcount


class Transaction:
    """A transaction in progress, as the repositories of a unit of work share it.

    New rows wait, to be written many with one statement.
    """

    def __init__(self, connection: Connection, cache: Cache) -> None:
        self.connection, self.cache = connection, cache
        self._waiting: dict[Executable, list[dict[str, Any]]] = {}

    @property
    def dialect(self) -> str:
        """The kind of database: sqlite or postgresql."""
        return self.connection.dialect.name

    def put_off(self, statement: Executable, *rows: dict[str, Any]) -> None:
        """Rows for the end of the transaction, or for whoever reads their table before."""
        self._waiting.setdefault(statement, []).extend(rows)

    def write_waiting(self, statement: Executable) -> None:
        """Writes what was put off for one statement: its table is about to be read."""
        if rows := self._waiting.pop(statement, None):
            self.connection.execute(statement, rows)

    def flush(self) -> None:
        """Writes all that was put off."""
        for statement in tuple(self._waiting):
            self.write_waiting(statement)


def single(engine: Engine) -> Engine:
    """For one statement: a server need not be told where a transaction begins and ends."""
    if engine.dialect.name == "sqlite":
        return engine
    return engine.execution_options(isolation_level="AUTOCOMMIT")


@cache  # building a statement costs as much as running it
def insert_new(dialect: str, table: Table) -> Any:
    """An INSERT for a kind of database, on which ON CONFLICT can be said."""
    return import_module(f"sqlalchemy.dialects.{dialect}").insert(table)  # PostgreSQL's is large


@cache
def insert_missing(dialect: str, table: Table) -> Any:
    """An INSERT that leaves rows alone that are there already."""
    return insert_new(dialect, table).on_conflict_do_nothing()


@cache
def add_to(dialect: str, column: Column[int]) -> Any:
    """Adds what is given to the counter of a row that may not be there yet; its new value."""
    given = insert_new(dialect, column.table)
    return given.on_conflict_do_update(
        index_elements=list(column.table.primary_key),
        set_={column.name: column + given.excluded[column.name]},
    ).returning(column)
