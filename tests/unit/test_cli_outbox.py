"""`outbox`, `quarantine` and `corrections`: what an operator does with single mails."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot.cli.app import app
from bot.store import Store
from bot.workflow.lifecycle import InboundStatus
from tests.rig.samples import NOW, a_notification, fetched, receive


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Three mails, of which the second failed; one message in quarantine."""
    staff = "[{name: R, email: r@upaep.mx, roles: [reviewer, approver, provisioner, admin]}]"
    file = tmp_path / "config.yaml"
    file.write_text(f"database: {{url: 'sqlite:///bot.db'}}\nstaff: {staff}\n", "utf-8")
    with Store.open(f"sqlite:///{tmp_path}/bot.db") as store:
        with store.work() as work:
            for number in (1, 2, 3):
                work.outbox.queue(a_notification(number), NOW)
        store.outbox.failed(2, NOW, "550 no existe")
        (message,) = receive(store, fetched(1))
        with store.work() as work:
            work.messages.finish(message.id, InboundStatus.FAILED, "=no se pudo leer")
    return file


def bot(config: Path, *arguments: str) -> Result:
    no_window = {"COLUMNS": None}  # runners of tests set it
    return CliRunner(env=no_window).invoke(app, ["--config", str(config), *arguments])


def states(config: Path) -> list[str]:
    return [m["status"] for m in json.loads(bot(config, "outbox", "--all", "--json").stdout)]


def test_mails_are_listed_shown_retried_and_discarded(config: Path) -> None:
    listed = json.loads(bot(config, "outbox", "--json").stdout)
    assert [(m["number"], m["status"]) for m in listed] == [
        (1, "waiting"), (2, "failed"), (3, "waiting"),
    ]  # fmt: skip
    assert listed[1]["reason"].endswith("550 no existe")
    assert "Message-ID: <o2.bot@upaep.mx>" in bot(config, "outbox", "show", "2").stdout
    assert bot(config, "outbox", "retry", "2").exit_code == 0
    assert bot(config, "outbox", "discard", "1").exit_code == 0
    assert states(config) == ["cancelled", "waiting", "waiting"]
    rows = list(csv.DictReader(io.StringIO(bot(config, "outbox", "--csv").stdout)))
    assert [row["number"] for row in rows] == ["2", "3"]


@pytest.mark.parametrize("command", [["retry", "1"], ["discard", "7"], ["show", "7"]])
def test_a_number_that_is_none_is_told(config: Path, command: list[str]) -> None:
    done = bot(config, "outbox", *command)
    assert done.exit_code == 1
    assert f"{command[1]}: there is no such mail" in done.output
    assert states(config) == ["waiting", "failed", "waiting"]


def test_a_mail_in_hand_is_not_discarded(config: Path) -> None:
    with Store.open(f"sqlite:///{config.parent}/bot.db") as store:
        store.outbox.due("another", dt.datetime.now(dt.UTC), 1)
    assert bot(config, "outbox", "discard", "1").exit_code == 1


def test_the_quarantine_for_other_programs(config: Path) -> None:
    (message,) = json.loads(bot(config, "quarantine", "--json").stdout)
    assert (message["number"], message["reason"]) == (1, "=no se pudo leer")
    (row,) = csv.DictReader(io.StringIO(bot(config, "quarantine", "--csv").stdout))
    assert row["reason"] == "'=no se pudo leer"


@pytest.mark.parametrize("to", ["missing/folder/out.txt", "."])
def test_a_path_that_cannot_be_written_is_a_sentence(config: Path, to: str) -> None:
    done = bot(config, "corrections", "export", "--to", str(config.parent / to))
    assert done.exit_code == 2
    assert "cannot be written" in done.output
    assert "Traceback" not in done.output


@pytest.mark.parametrize("command", [["outbox"], ["quarantine"], ["lists"], ["cases"]])
def test_where_there_is_nothing_the_table_is_empty(tmp_path: Path, command: list[str]) -> None:
    config = tmp_path / "config.yaml"
    staff = "[{name: R, email: r@upaep.mx, roles: [reviewer, approver, provisioner, admin]}]"
    config.write_text(f"staff: {staff}\n", "utf-8")
    Store.open(f"sqlite:///{tmp_path}/data/bot.db").close()
    done = bot(config, *command)
    assert done.exit_code == 0, done.exception


def test_a_table_tells_in_spanish_where_mails_stand_a_line_each(config: Path) -> None:
    told = bot(config, "outbox").stdout
    lines = [line for line in told.splitlines() if "@upaep.mx" in line]
    assert [next(word for word in ("en espera", "no salió") if word in line) for line in lines] == [
        "en espera",
        "no salió",
        "en espera",
    ]
