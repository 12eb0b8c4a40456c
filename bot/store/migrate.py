"""Bringing the tables up to date; the steps are in `migrations/versions`."""

from __future__ import annotations

import logging
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection, Engine, text

from bot.store.errors import StoreError, translated

LOCK = 0x6D69_6772  # of PostgreSQL: any number that nobody else uses

logging.getLogger("alembic").setLevel(logging.WARNING)


def upgrade(engine: Engine) -> None:
    """Makes or updates the tables, wholly or not at all; several processes may try at once.

    Raises StoreError where a newer version of the bot wrote the database.
    """
    config = _config()
    newest = ScriptDirectory.from_config(config).get_current_head()
    with translated(), engine.begin() as connection:
        if connection.dialect.name == "postgresql":  # SQLite's BEGIN IMMEDIATE is a lock
            connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": LOCK})
        if current(connection) == newest:
            return
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            why = "the database was written by a newer version of the bot"
            raise StoreError(f"{why} ({current(connection)})") from error


def current(connection: Connection) -> str | None:
    """The step that the tables are at; None where there are none."""
    return MigrationContext.configure(connection).get_current_revision()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config
