"""An office with the bot running, for every test of this folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rig.dovecot import Account
from tests.rig.office import Office, open_office
from tests.rig.smtp_sink import SmtpSink


@pytest.fixture
def office(account: Account, sink: SmtpSink, tmp_path: Path) -> Iterator[Office]:
    """Decisions go out at once; `run` is on."""
    with open_office(account, sink, tmp_path) as opened:
        opened.start()
        yield opened
