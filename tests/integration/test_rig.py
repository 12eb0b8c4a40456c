"""The test servers themselves: what others build upon."""

from __future__ import annotations

import psycopg
import pytest

from tests.rig.postgres import Postgres
from tests.rig.smtp_sink import SmtpSink
from tests.rig.system import RigError


def test_postgres_gives_each_test_a_database(postgres: Postgres, postgres_url: str) -> None:
    with psycopg.connect(postgres_url.replace("+psycopg", "")) as connection:
        found = connection.execute("SELECT current_user, current_database()").fetchone()
    assert found is not None
    assert found[0] == "bot"
    assert postgres_url.endswith(found[1])


def test_missing_program_is_a_clear_failure(
    postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.rig.postgres.INSTALLED", postgres.directory)
    with pytest.raises(RigError, match="install-system-packages"):
        postgres._run("no-such-program")


def test_sink_tells_what_came_instead(sink: SmtpSink) -> None:
    with pytest.raises(RigError, match="no such mail"):
        sink.wait_for(timeout=0.1)
    with pytest.raises(RigError, match="0 mails"):
        sink.wait_for_count(1, timeout=0.1)
