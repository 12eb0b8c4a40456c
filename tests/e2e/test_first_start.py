"""The first start beside a mailbox in use, and databases that are not what they should be."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from email.message import EmailMessage
from pathlib import Path

import pytest
from alembic.command import upgrade
from alembic.config import Config
from sqlalchemy import create_engine

from tests.e2e.requests import FULL
from tests.rig.dovecot import Account
from tests.rig.office import AREA, Office, compose, open_office
from tests.rig.smtp_sink import SmtpSink
from tests.rig.warm import WarmBot

TODAY = dt.datetime.now(dt.UTC)


@pytest.fixture
def office(account: Account, sink: SmtpSink, tmp_path: Path, warm: WarmBot) -> Iterator[Office]:
    """As `init` would leave it: nothing is said of old mail, the database beside the file."""
    with open_office(account, sink, tmp_path) as opened:
        opened.warm = warm
        del opened.settings["imap"]["since"]
        opened.settings["imap"]["poll_seconds"] = 0.5
        opened.settings["database"]["url"] = "sqlite:///bot.db"
        opened.write_config()
        yield opened


def request(number: int) -> EmailMessage:
    return compose(f"area{number}@upaep.mx", "Formato", FULL)


def lay(account: Account, *days: int) -> None:
    """Mail that came so many days ago, one of an area each."""
    with account.client() as client:
        for days_ago in days:
            raw, came = request(days_ago).as_bytes(), TODAY - dt.timedelta(days=days_ago)
            client.append("INBOX", raw, msg_time=came)


def answered(office: Office) -> set[str]:
    return {m.recipients[0] for m in office.sink.mails if m.template == "received"}


def areas(*numbers: int) -> set[str]:
    return {f"area{number}@upaep.mx" for number in numbers}


def database(office: Office) -> Path:
    return office.folder / "bot.db"


def test_old_mail_is_left_alone_and_new_mail_answered(office: Office) -> None:
    office.account.deliver(*[request(n).as_bytes() for n in range(5000)])
    told = office.bot("check").stdout
    assert "at a first start 5,000 older messages are left alone" in told
    assert not database(office).exists()
    office.start()
    office.receive(request(7))
    office.mail("received", "area7@upaep.mx")
    assert office.stop() == 0
    assert "5,000 older messages are left alone" in office.log()
    office.receive(request(8))  # while nobody watches
    office.start()
    office.mail("received", "area8@upaep.mx")
    assert office.stop() == 0
    assert "left alone" not in office.bot("check").stdout
    assert answered(office) == areas(7, 8)
    assert {m.template for m in office.sink.mails} == {"received", "review"}


def test_old_mail_since_a_day_is_read(office: Office) -> None:
    lay(office.account, 9, 3, 2, 400)
    day = (TODAY - dt.timedelta(days=5)).date()
    office.settings["imap"]["since"] = day.isoformat()
    office.write_config()
    assert "2 older messages are left alone, 2 are read" in office.bot("check").stdout
    assert office.bot("once").returncode == 0
    assert office.bot("once").returncode == 0
    assert answered(office) == areas(3, 2)
    lay(office.account, 30)  # a person moves an old mail in: it is new here
    assert office.bot("once").returncode == 0
    assert answered(office) == areas(3, 2, 30)


def test_all_of_it_is_read_where_that_is_said(office: Office) -> None:
    lay(office.account, 900, 1)
    office.settings["imap"]["since"] = "all"
    office.write_config()
    assert "0 older messages are left alone, 2 are read" in office.bot("check").stdout
    assert office.bot("once").returncode == 0
    assert answered(office) == areas(900, 1)


def test_other_uids_make_old_mail_no_newer(office: Office) -> None:
    lay(office.account, 9, 8)
    assert office.bot("once").returncode == 0
    office.receive(request(1))
    assert office.bot("once").returncode == 0
    office.account.set_uid_validity(2**31)
    office.receive(request(2))
    assert office.bot("once").returncode == 0
    assert answered(office) == areas(1, 2)


def test_a_typo_in_the_path_answers_nobody_again(office: Office) -> None:
    assert office.bot("once").returncode == 0
    office.receive(request(1))
    assert office.bot("once").returncode == 0
    assert all("$BotDone" in flags for flags in office.account.flags().values())
    office.settings["database"]["url"] = "sqlite:///bto.db"
    office.settings["imap"]["since"] = "all"
    office.write_config()
    checked = office.bot("check")
    assert checked.returncode == 1
    assert "another database" in checked.stdout
    for command in ("run", "once"):
        refused = office.bot(command)
        assert refused.returncode == 2, refused.stderr
        assert "bto.db is new, but 1 messages in INBOX bear the bot's flag" in refused.stderr
        assert "Traceback" not in refused.stderr
    assert not list(office.folder.glob("bto.db*"))

    assert office.bot("db", "create").returncode == 0
    lay(office.account, 3)
    assert office.bot("once").returncode == 0
    assert answered(office) == areas(1, 3)
    assert office.count("received", "area1@upaep.mx") == 1


def test_what_only_reads_makes_nothing(office: Office) -> None:
    for command in (["cases"], ["lists"], ["outbox"], ["quarantine"], ["db", "upgrade"]):
        done = office.bot(*command)
        assert done.returncode == 1
        assert f"{database(office)} does not exist" in done.stderr
    checked = office.bot("check")
    assert checked.returncode == 0, checked.stdout
    assert f"{database(office)} does not exist" in checked.stdout
    assert not database(office).exists()
    assert office.bot("db", "create").returncode == 0
    assert json_of(office) == "[]"
    again = office.bot("db", "create")
    assert again.returncode == 1
    assert "exists already; for a new one name another in database.url" in again.stderr


def json_of(office: Office) -> str:
    return office.bot("cases", "--json").stdout.strip()


def test_a_path_that_cannot_be_is_told_by_check(office: Office) -> None:
    office.settings["database"]["url"] = "sqlite:///config.yaml/bot.db"
    office.write_config()
    checked = office.bot("check")
    assert checked.returncode == 1
    assert "FAILS database" in checked.stdout


def at_step(path: Path, step: str) -> None:
    """A database as an earlier version of the bot made it."""
    engine, config = create_engine(f"sqlite:///{path}"), Config()
    config.set_main_option("script_location", "bot/store/migrations")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        upgrade(config, step)
    engine.dispose()


def test_older_tables_are_migrated_by_those_who_may_with_a_copy(office: Office) -> None:
    at_step(database(office), "0006")
    office.account.append(request(1).as_bytes(), flags=["$BotDone"])  # no other database's work
    reads = office.bot("cases")
    assert reads.returncode == 1
    assert "needs upgrade" in reads.stderr
    checked = office.bot("check")
    assert checked.returncode == 0
    assert "needs upgrade" in checked.stdout
    assert office.bot("db", "upgrade").returncode == 0
    assert json_of(office) == "[]"
    copy = office.folder / "bot.db-at-0006"
    assert copy.stat().st_mode & 0o077 == 0
    with closing(sqlite3.connect(copy)) as kept:
        (version,) = kept.execute("SELECT version_num FROM alembic_version").fetchone()
    assert version == "0006"


def test_a_second_run_on_one_file_is_refused(office: Office) -> None:
    office.start()
    for command in ("run", "once"):
        second = office.bot(command)
        assert second.returncode == 1
        assert "another `run` works on" in second.stderr
    office.write(AREA, "Formato", FULL)
    office.mail("received", AREA)
    assert office.process is not None
    office.process.kill()
    office.process.wait(10)
    office.start()  # a lock dies with its process
    assert office.stop() == 0


def test_once_says_that_mail_could_not_be_sent(office: Office) -> None:
    assert office.bot("once").returncode == 0
    office.receive(request(1))
    office.settings["smtp"]["port"] = 9  # nobody listens there
    office.write_config()
    failed = office.bot("once")
    assert failed.returncode == 1
    assert "outbox: 3 mail(s) could not be sent" in failed.stderr
    office.settings["smtp"]["port"] = office.sink.port
    office.write_config()
    assert office.bot("outbox", "--json").stdout.count('"status": "waiting"') == 3
