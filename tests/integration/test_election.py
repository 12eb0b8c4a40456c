"""Of several processes on one database one watches the mailbox, and another takes over."""

from __future__ import annotations

import select
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from bot.store import LeaderLock, Store, StoreDown
from tests.rig.postgres import Postgres
from tests.rig.samples import fetched, receive
from tests.rig.system import wait_until

NAME = "bot@upaep.mx/INBOX"


@pytest.fixture
def stores(postgres_url: str) -> Iterator[tuple[Store, Store]]:
    with Store.open(postgres_url) as one, Store.open(postgres_url) as other:
        yield one, other


@pytest.fixture
def watches(stores: tuple[Store, Store]) -> Iterator[tuple[LeaderLock, LeaderLock]]:
    one, other = stores
    with one.watch(NAME) as first, other.watch(NAME) as second:
        yield first, second


def end_sessions(postgres_url: str) -> None:
    """What an administrator does, or a restart."""
    url = make_url(postgres_url)
    with psycopg.connect(
        host=url.host, port=url.port, user=url.username, dbname=url.database
    ) as own:
        own.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def has_news(watch: LeaderLock, seconds: float) -> bool:
    poller = select.poll()
    poller.register(watch.fileno(), select.POLLIN)
    return bool(poller.poll(seconds * 1000))


def test_one_watches_and_stays(watches: tuple[LeaderLock, LeaderLock]) -> None:
    first, second = watches
    for _ in range(3):
        assert first.held()
        assert not second.held()


def test_whoever_leaves_is_followed(watches: tuple[LeaderLock, LeaderLock]) -> None:
    first, second = watches
    assert first.held()
    assert not second.held()
    first.close()
    wait_until(second.held, "its session is over for the server", 10)
    assert not first.held()


def test_other_mailboxes_have_elections_of_their_own(stores: tuple[Store, Store]) -> None:
    one, other = stores
    with one.watch(NAME) as first, other.watch("otro@upaep.mx/INBOX") as second:
        assert first.held()
        assert second.held()


def test_a_lost_session_loses_the_watch(
    watches: tuple[LeaderLock, LeaderLock], postgres_url: str
) -> None:
    first, second = watches
    assert first.held()
    assert not second.held()
    end_sessions(postgres_url)
    assert second.held()
    assert not first.held()


def test_a_lost_session_is_opened_again(
    watches: tuple[LeaderLock, LeaderLock], postgres_url: str
) -> None:
    first, _ = watches
    assert first.held()
    end_sessions(postgres_url)
    assert first.held()


def test_a_database_out_of_reach_is_told(
    watches: tuple[LeaderLock, LeaderLock], postgres: Postgres
) -> None:
    first, _ = watches
    assert first.held()
    postgres.stop()
    try:
        with pytest.raises(StoreDown):
            first.held()
        assert first.fileno() == -1
    finally:
        postgres.start()
    assert first.held()


def test_a_session_that_broke_is_closed(watches: tuple[LeaderLock, LeaderLock]) -> None:
    """SQLAlchemy lets go of a detached connection that it finds broken, and leaves it open."""
    first, _ = watches
    assert first.held()
    session = first._session
    assert session is not None
    driver = session.connection.dbapi_connection
    session.invalidate()
    first.close()
    assert isinstance(driver, psycopg.Connection)
    assert driver.closed


def test_others_hear_of_mail_taken_in(
    watches: tuple[LeaderLock, LeaderLock], stores: tuple[Store, Store]
) -> None:
    first, second = watches
    assert first.held()
    assert not second.held()
    assert not has_news(second, 0.1)
    receive(stores[0], fetched(1))
    assert has_news(second, 5)
    assert not second.held()  # heard, and over
    assert not has_news(second, 0.1)
    receive(stores[0], fetched(1))
    assert not has_news(second, 0.1)  # nothing new


def test_a_sqlite_database_has_one_process(tmp_path: Path) -> None:
    with Store.open(f"sqlite:///{tmp_path / 'bot.db'}") as store, store.watch(NAME) as watch:
        assert watch.held()
        assert watch.fileno() == -1
