"""Stores for tests, on each engine.

Use with `pytest_plugins = ["tests.rig.fixtures", "tests.rig.store"]`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.store import Store
from bot.store.columns import unpacked
from bot.store.tables import MESSAGE, METADATA, OUTBOX


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database, once on each engine."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/data/bot.db"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """An empty store, once on each engine."""
    with Store.open(database_url) as opened:
        yield opened


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
