"""Bringing the tables up to date; the steps are in `migrations/versions`."""

import logging
import sqlite3
from contextlib import closing
from pathlib import Path

import structlog
from sqlalchemy import Connection, Engine, inspect, text

from bot.store.engine import READS
from bot.store.errors import StoreDown, StoreError, StoreMissing, StoreOutdated, translated

OLDEST_SERVER = 13  # of PostgreSQL: what its makers no longer mend is not tried
LOCK = 0x6D69_6772  # of PostgreSQL: any number that nobody else uses

_MIGRATIONS = Path(__file__).parent / "migrations"
_STEPS = tuple(sorted(file.name[1:5] for file in _MIGRATIONS.glob("versions/v[0-9]*.py")))

log = structlog.get_logger()
logging.getLogger("alembic").setLevel(logging.WARNING)


def upgrade(engine: Engine) -> None:
    """Makes or updates the tables, wholly or not at all; several processes may try at once.

    A SQLite file is copied before. Raises StoreError where a newer version of the bot wrote the
    database.
    """
    with translated(), engine.begin() as connection:
        if connection.dialect.name == "postgresql":  # SQLite's BEGIN IMMEDIATE is a lock
            _require_fit(connection)
            connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": LOCK})
        found = current(connection)
        if found == _STEPS[-1]:
            return
        if found is not None and found not in _STEPS:
            raise StoreError(_newer(found))
        if found is not None and engine.dialect.name == "sqlite":
            _copy(Path(str(engine.url.database)), found)
        take_steps(connection)


def take_steps(connection: Connection, to: str = "head") -> None:
    """Runs the steps from where the tables are."""
    # Imported here: it takes as long as all the rest, and a database is seldom changed.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, to)


def require_current(engine: Engine) -> None:
    """Raises StoreMissing, StoreOutdated, or StoreError where a newer version wrote it."""
    with translated(), engine.execution_options(**READS).begin() as connection:
        if connection.dialect.name == "postgresql":
            _require_fit(connection)
        found = current(connection)
    if found is None:
        raise StoreMissing("there are no tables of the bot yet; `run` or `db create` makes them")
    if found == _STEPS[-1]:
        return
    if found not in _STEPS:
        raise StoreError(_newer(found))
    why = f"its tables are at {found}, this version wants {_STEPS[-1]}"
    raise StoreOutdated(f"needs upgrade: {why}; `db upgrade` or the next `run` does it")


def _require_fit(connection: Connection) -> None:
    """Raises StoreError for a server that is too old, or a database that cannot hold any text."""
    encoding = connection.scalar(text("SHOW server_encoding"))
    if encoding != "UTF8":
        raise StoreError(
            f"its encoding is {encoding}, and it should be UTF8: make it anew with "
            "CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0"
        )
    version = int(connection.scalar(text("SHOW server_version_num")) or 0) // 10_000
    if version < OLDEST_SERVER:
        raise StoreError(f"PostgreSQL {version} is too old; {OLDEST_SERVER} or later is needed")


def _newer(found: str | None) -> str:
    return f"the database was written by a newer version of the bot ({found})"


def _copy(path: Path, step: str) -> None:
    """What the tables were before, whole, as far as it is committed, with what is in the WAL."""
    copy = path.with_name(f"{path.name}-at-{step}")
    try:
        copy.touch(mode=0o600)
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
    except (OSError, sqlite3.Error) as error:
        raise StoreDown(f"{copy}: cannot be written before an upgrade: {error}") from error
    log.info("database.copied", before=step, to=str(copy))


def current(connection: Connection) -> str | None:
    """The step that the tables are at; None where there are none."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found
