"""The commands that people script against: what they print, how they exit."""

import csv
import io
import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.requests import FULL
from tests.rig.dovecot import Account
from tests.rig.office import ADMIN, AREA, STAFF, Office, compose, open_office
from tests.rig.smtp_sink import SmtpSink
from tests.rig.warm import WarmBot


@pytest.fixture
def idle_office(
    account: Account, sink: SmtpSink, tmp_path: Path, warm: WarmBot
) -> Iterator[Office]:
    """An office whose bot runs only when told."""
    with open_office(account, sink, tmp_path) as office:
        office.warm = warm
        yield office


def test_one_pass_answers_what_is_new(idle_office: Office, warm: WarmBot) -> None:
    idle_office.write(AREA, "Formato", FULL)
    idle_office.warm = None  # a process from scratch
    done = idle_office.bot("once")
    assert done.returncode == 0, done.stderr
    idle_office.warm = warm
    folio = idle_office.mail("received", AREA).case
    assert idle_office.bot("once").returncode == 0
    assert idle_office.count("received") == 1

    (case,) = json.loads(idle_office.bot("cases", "--json").stdout)
    assert (case["folio"], case["state"], case["requester"]) == (folio, "review", AREA)
    (row,) = csv.DictReader(io.StringIO(idle_office.bot("cases", "--csv").stdout))
    assert row["folio"] == folio
    assert json.loads(idle_office.bot("cases", "--state", "closed", "--json").stdout) == []
    assert json.loads(idle_office.bot("cases", "--area", "biblio", "--json").stdout)

    shown = json.loads(idle_office.bot("cases", "show", folio.lower(), "--json").stdout)
    assert shown["verified"] is True
    assert [e["what"] for e in shown["events"]][:2] == ["opened", "complete"]
    missing = idle_office.bot("cases", "show", "CI-2021-9999")
    assert missing.returncode == 1
    assert "no such case" in missing.stderr


def test_check_says_a_line_for_everything(idle_office: Office) -> None:
    good = idle_office.bot("check")
    assert good.returncode == 0, good.stdout
    assert [line.split()[0] for line in good.stdout.splitlines()] == ["ok"] * 4
    assert "WARNING security: security.authserv_id is empty" in good.stderr
    idle_office.settings["imap"]["port"] = 1
    idle_office.settings["security"] = {"authserv_id": "mx.upaep.mx"}
    idle_office.write_config()
    bad = idle_office.bot("check")
    assert bad.returncode == 1
    assert "FAILS imap" in bad.stdout
    assert "authserv_id" not in bad.stderr
    assert "ok    smtp" in bad.stdout
    assert "Traceback" not in bad.stdout + bad.stderr


def test_a_wrong_configuration_is_exit_2_and_no_traceback(idle_office: Office) -> None:
    idle_office.settings["imap"]["hots"] = "x"
    idle_office.write_config()
    for command in (["run"], ["once"], ["check"], ["cases"], ["db", "upgrade"]):
        done = idle_office.bot(*command)
        assert done.returncode == 2
        assert "did you mean imap.host?" in done.stderr
        assert "Traceback" not in done.stderr


@pytest.mark.parametrize("arguments", [["nonsense"], ["explain"], ["cases", "--state", "x"]])
def test_a_wrong_command_line_is_exit_2(idle_office: Office, arguments: list[str]) -> None:
    done = idle_office.bot(*arguments)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_a_mail_nobody_can_read_waits_in_quarantine_and_is_told(idle_office: Office) -> None:
    idle_office.account.deliver(b"\x00\xff" * 500, compose(AREA, "Formato", FULL).as_bytes())
    assert idle_office.bot("once").returncode == 0
    idle_office.mail("received", AREA)  # one bad message never stops the next
    assert "quarantine show 1" in idle_office.mail("alarm", ADMIN).text
    assert "1" in idle_office.bot("quarantine").stdout
    assert idle_office.bot("quarantine", "retry", "1").returncode == 0
    assert idle_office.bot("once").returncode == 0
    assert idle_office.bot("quarantine", "discard", "1").returncode == 0
    again = idle_office.bot("quarantine", "discard", "1")
    assert (again.returncode, "Traceback" in again.stderr) == (1, False)


def test_what_strangers_write_does_not_steer_the_operators_terminal(idle_office: Office) -> None:
    idle_office.settings["workflow"]["value_threshold"] = 0  # such names would be asked about
    idle_office.write_config()
    name = "[/b][link=evil]Biblioteca[/link]"
    area = FULL.replace("solicitante: Biblioteca Central", f"solicitante: {name}")
    idle_office.write(AREA, "Formato", area)
    idle_office.write("b@upaep.mx", "Formato", FULL.replace("Biblioteca Central", "a;=2+2"))
    idle_office.account.deliver(b"\x1b]0;title\x07\xff\x9b31m no mail" * 50)
    assert idle_office.bot("once").returncode == 0
    folio = idle_office.mail("received", AREA).case
    for command in (["cases"], ["cases", "show", folio]):
        told = idle_office.bot(*command)
        assert told.returncode == 0
        assert "[/b][link=" in told.stdout
    number = idle_office.bot("quarantine").stdout.splitlines()[3].split()[1]
    shown = idle_office.bot("quarantine", "show", number).stdout
    assert "␛]0;title␇\\xff\\x9b31m no mail" in shown
    assert not {"\x1b", "\x07", "\x9b"} & set(shown)
    rows = csv.DictReader(io.StringIO(idle_office.bot("cases", "--csv").stdout))
    assert {row["area"] for row in rows} == {name, "a;'=2+2"}
    modes = {path.stat().st_mode & 0o077 for path in idle_office.folder.glob("bot.db*")}
    assert modes == {0}


def test_a_refused_mail_is_parked_told_and_retried(idle_office: Office) -> None:
    idle_office.sink.at_rcpt[AREA] = "550 5.1.1 no such user"
    idle_office.write(AREA, "Formato", FULL)
    assert idle_office.bot("once").returncode == 1  # one could not be sent
    assert "no such user" in idle_office.mail("alarm", ADMIN).text
    assert "550" in idle_office.bot("outbox").stdout.replace("\n", "")
    idle_office.sink.at_rcpt.clear()
    assert idle_office.bot("outbox", "retry").returncode == 0
    assert idle_office.bot("once").returncode == 0
    idle_office.mail("received", AREA)


def test_explain_gives_a_line_for_every_file_of_any_bytes(tmp_path: Path, warm: WarmBot) -> None:
    chance = random.Random(7)
    files = {
        "noise.eml": chance.randbytes(10_000_000),
        "empty.eml": b"",
        "nul.eml": b"\x00" * 5000,
        "headers.eml": b"Subject: x\r\n" * 200_000,
        "mail.eml": compose(AREA, "Formato", FULL).as_bytes(),
    }
    for name, raw in files.items():
        (tmp_path / name).write_bytes(raw)
    settings = {"staff": STAFF}
    office = Office(None, None, tmp_path, settings)  # type: ignore[arg-type]  (no server is needed)
    office.warm = warm
    office.write_config()
    paths = [str(tmp_path / name) for name in files]
    done = office.bot("explain", "--json", *paths)
    assert done.returncode == 0, done.stderr
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [a["file"] for a in answers] == paths
    assert answers[-1]["fields"]["recipients"] == 1850
    assert answers[-1]["missing"] == []
    keys = {
        "file", "from", "subject", "attachments", "automatic", "intent", "confidence", "fields",
        "missing", "command", "folio", "text", "why",
    }  # fmt: skip
    assert all(keys <= a.keys() for a in answers)

    absent = office.bot("explain", "--json", str(tmp_path / "nowhere.eml"))
    assert absent.returncode == 1
    assert json.loads(absent.stdout)["intent"] is None
    assert "Traceback" not in absent.stderr
