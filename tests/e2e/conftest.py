"""An office with the bot running, or one whose bot is started later and goes by a clock."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rig.books import Books, correspondence, whole_books
from tests.rig.dovecot import Account, Dovecot
from tests.rig.office import HandClock, Office, open_office
from tests.rig.smtp_sink import SmtpSink
from tests.rig.warm import WarmBot
from tests.rig.zone import ZONE


@pytest.fixture
def office(account: Account, sink: SmtpSink, tmp_path: Path, warm: WarmBot) -> Iterator[Office]:
    """Decisions go out at once; `run` is on."""
    with open_office(account, sink, tmp_path) as opened:
        opened.warm = warm
        opened.start()
        yield opened


@pytest.fixture
def closed(account: Account, sink: SmtpSink, tmp_path: Path, warm: WarmBot) -> Iterator[Office]:
    """An office whose bot does not run yet, and starts at once when it is to."""
    with open_office(account, sink, tmp_path) as opened:
        opened.warm = warm
        opened.settings["imap"]["poll_seconds"] = 0.5
        opened.write_config()
        yield opened


@pytest.fixture(scope="session")
def kinds(
    dovecot: Dovecot, tmp_path_factory: pytest.TempPathFactory, warm: WarmBot
) -> dict[str, Books]:
    """What a mail of each kind leads to where nothing happens."""
    account, folder = dovecot.account("whole@upaep.mx"), tmp_path_factory.mktemp("whole")
    with SmtpSink() as sink, open_office(account, sink, folder) as opened:
        opened.warm = warm
        return whole_books(opened, correspondence(4, "whole"))


@pytest.fixture
def clock() -> HandClock:
    """Monday morning, until a test moves it."""
    return HandClock(dt.datetime(2026, 8, 17, 10, 0, tzinfo=ZONE))
