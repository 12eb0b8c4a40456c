"""What all parts share: transactions on an engine, and a connection within one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from sqlalchemy import Column, Connection, Engine, Insert, Table
from sqlalchemy.dialects import postgresql, sqlite

from bot.store.cache import Cache
from bot.store.engine import READS, turn
from bot.store.errors import translated

LEASE = dt.timedelta(minutes=5)
"""How long a worker may hold what it claimed; longer than any message takes."""


class Part:
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


class Unit:
    """A part of a transaction in progress. New rows wait, to be written many with one statement."""

    def __init__(self, connection: Connection, memory: Cache) -> None:
        self._connection, self._memory = connection, memory
        self._waiting: dict[Insert, list[dict[str, Any]]] = {}

    def put_off(self, statement: Insert, *rows: dict[str, Any]) -> None:
        """New rows for the end of the transaction, or for whoever reads their table before."""
        self._waiting.setdefault(statement, []).extend(rows)

    def write_waiting(self, statement: Insert) -> None:
        """Writes what was put off for one statement: its table is about to be read."""
        if rows := self._waiting.pop(statement, None):
            self._connection.execute(statement, rows)

    def flush(self) -> None:
        """Writes all that was put off."""
        for statement in tuple(self._waiting):
            self.write_waiting(statement)


def single(engine: Engine) -> Engine:
    """For one statement: a server need not be told where a transaction begins and ends."""
    if engine.dialect.name == "sqlite":
        return engine
    return engine.execution_options(isolation_level="AUTOCOMMIT")


def insert_new(connection: Connection, table: Table) -> Any:
    """An INSERT for either engine, on which ON CONFLICT can be said."""
    return insert_for(connection.dialect.name, table)


def insert_missing(connection: Connection, table: Table) -> Any:
    """An INSERT that leaves rows alone that are there already."""
    return _insert_missing(connection.dialect.name, table)


@cache  # building a statement costs as much as running it
def insert_for(dialect: str, table: Table) -> Any:
    """The same as `insert_new`, for an engine by its name."""
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


@cache
def _insert_missing(dialect: str, table: Table) -> Any:
    return insert_for(dialect, table).on_conflict_do_nothing()


@cache
def add_one(dialect: str, column: Column[int]) -> Any:
    """Adds one to the counter of a row that may not be there yet; its new value."""
    return (
        insert_for(dialect, column.table)
        .on_conflict_do_update(
            index_elements=list(column.table.primary_key), set_={column.name: column + 1}
        )
        .returning(column)
    )
