"""Fixtures over the rig; import them with `pytest_plugins = ["tests.rig.fixtures"]`."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pydantic import SecretStr

from bot.config.settings import ImapSettings
from tests.rig.dovecot import Account, Dovecot, running_dovecot
from tests.rig.oauth import OAuthServer
from tests.rig.postgres import Postgres, running_postgres
from tests.rig.smtp_sink import SmtpSink
from tests.rig.warm import WarmBot

_names = itertools.count(1)


@pytest.fixture(scope="session")
def shared_oauth() -> Iterator[OAuthServer]:
    """The token and introspection endpoints that the shared Dovecot asks."""
    with OAuthServer() as server:
        yield server


@pytest.fixture
def oauth(shared_oauth: OAuthServer) -> OAuthServer:
    """The endpoints, with nothing left of an earlier test."""
    shared_oauth.lifetime = 3600
    shared_oauth.failures.clear()
    shared_oauth.issued.clear()
    shared_oauth.introspected = 0
    return shared_oauth


@pytest.fixture(scope="session")
def dovecot(shared_oauth: OAuthServer) -> Iterator[Dovecot]:
    """One Dovecot for the whole session: tests take a mailbox each and never stop it."""
    with running_dovecot(introspection_url=shared_oauth.introspection_url) as server:
        yield server


@pytest.fixture
def account(dovecot: Dovecot) -> Account:
    """A mailbox that no other test uses."""
    return dovecot.account(f"bot{next(_names)}@upaep.mx")


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    """An SMTP server without login or TLS; others are made with `SmtpSink(...)`."""
    with SmtpSink() as server:
        yield server


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One PostgreSQL cluster for the whole session. Missing programs are an error, not a skip."""
    with running_postgres() as cluster:
        yield cluster


@pytest.fixture
def postgres_url(postgres: Postgres) -> Iterator[str]:
    """The URL of an empty database of the test's own."""
    with postgres.database(f"bot{next(_names)}") as url:
        yield url


@pytest.fixture(scope="session")
def warm() -> Iterator[WarmBot]:
    """Starts bots that need not load anything first."""
    with WarmBot() as server:
        yield server


@pytest.fixture
def imap_settings(account: Account) -> Callable[..., ImapSettings]:
    """Makes settings that open `account` without TLS; keywords replace single ones."""

    def make(**changes: Any) -> ImapSettings:
        settings: dict[str, Any] = {
            "host": account.server.host,
            "port": account.server.port,
            "security": "none",
            "username": account.username,
            "password": SecretStr(account.password),
            "timeout_seconds": 10,
        }
        return ImapSettings(**{**settings, **changes})

    return make
