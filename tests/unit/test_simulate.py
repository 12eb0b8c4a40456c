"""`simulate`: what would have come of old mail, with nothing sent and nothing left but the page."""

from __future__ import annotations

import csv
import email.utils
import json
import mailbox
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
import yaml
from click.testing import Result
from typer.testing import CliRunner

from bot.cli.app import app
from bot.mail.archives import ArchiveError
from tests.rig.dovecot import Account

pytest_plugins = ["tests.rig.fixtures"]

BOT = "comunicacion.interna@upaep.mx"
ASKS = (
    "Buenas tardes, solicitamos la creación de una lista de correo para {}, dirigida a alumnos, "
    "con envío semanal. La responsable es Ana Ríos, ext. 7230."
)
STAFF = [
    {"name": "R", "email": "r@upaep.mx", "roles": ["reviewer", "approver", "provisioner", "admin"]}
]


def message(number: int, text: str, day: str, **headers: str) -> EmailMessage:
    made = EmailMessage()
    usual = {
        "From": f"area{number}@upaep.mx",
        "To": BOT,
        "Subject": "Lista de correo",
        "Message-ID": f"<m{number}@upaep.mx>",
        "Date": f"{day} 10:00:00 -0600",
    }
    for name, value in {**usual, **headers}.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return made


def nested(depth: int) -> bytes:
    """A message of parts within parts: more than anybody reads."""
    head = b"From: x@upaep.mx\r\nDate: Tue, 10 Aug 2021 10:00:00 -0600\r\n"
    parts = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n)
        for n in range(depth)
    )
    return head + parts + b"Content-Type: text/plain\r\n\r\nHola\r\n"


MAILS = (
    message(1, ASKS.format("la Biblioteca Central"), "Mon, 9 Aug 2021"),
    message(2, ASKS.format("Servicio Social"), "Mon, 9 Aug 2021"),
    message(3, "Estoy fuera.", "Tue, 10 Aug 2021", Auto_Submitted="auto-replied"),
    message(1, ASKS.format("la Biblioteca Central"), "Mon, 9 Aug 2021"),  # twice
)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    file = tmp_path / "config.yaml"
    file.write_text(yaml.safe_dump({"staff": STAFF}), "utf-8")
    return file


def run(config: Path, *arguments: str) -> tuple[Result, dict[str, object]]:
    out = config.parent / "out"
    done = CliRunner().invoke(
        app, ["--config", str(config), "simulate", *arguments, "--out", str(out), "--json"]
    )
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done, json.loads(done.stdout) if done.exit_code in (0, 1) else {}


def test_a_folder_with_one_that_nobody_can_read(config: Path, tmp_path: Path) -> None:
    folder = tmp_path / "mails"
    folder.mkdir()
    for name, one in zip("dcba", MAILS, strict=True):
        (folder / f"{name}.eml").write_bytes(one.as_bytes())
    (folder / "deep.eml").write_bytes(nested(400))
    done, told = run(config, str(folder))
    assert done.exit_code == 1  # something would have gone to quarantine
    assert (told["mails"], told["doubles"], told["quarantine"]) == (5, 1, 1)
    assert told["cases"] == {"incomplete": 2}
    assert told["topics"] == {"create_list": 2}
    assert told["by_day"]["2021-08-09"] == {"form": 2}
    assert sum(told["machines"].values()) == 1
    lines = (tmp_path / "out" / "correos.csv").read_text("utf-8").splitlines()
    rows = {row["place"]: row for row in csv.DictReader(lines)}
    assert len(rows) == 4
    assert rows[str(folder / "b.eml")]["automatic"] == "auto_reply"
    assert rows[str(folder / "deep.eml")]["problem"]
    assert {row["label"] for row in rows.values()} == {""}
    page = (tmp_path / "out" / "simulacion.html").read_text("utf-8")
    assert "creación de una lista" in page
    assert "create_list" not in page
    assert "No se envió nada" in page
    assert not list(tmp_path.glob("**/*.db"))


@pytest.mark.parametrize("kind", [mailbox.mbox, mailbox.Maildir])
def test_an_mbox_and_a_maildir_say_the_same(
    config: Path, tmp_path: Path, kind: type[mailbox.Mailbox]
) -> None:
    archive = kind(str(tmp_path / "archive"))
    for one in reversed(MAILS):
        archive.add(mailbox.Message(one.as_bytes()))
    archive.close()
    done, told = run(config, str(tmp_path / "archive"))
    assert done.exit_code == 0, done.output
    assert (told["mails"], told["doubles"], told["cases"]) == (4, 1, {"incomplete": 2})


@pytest.fixture
def examined(account: Account, config: Path) -> Iterator[Account]:
    password = config.with_name("password")
    password.write_text(account.password)
    imap = {
        "host": account.server.host, "port": account.server.port, "security": "none",
        "username": account.username, "auth": "password", "password_file": str(password),
    }  # fmt: skip
    smtp = {"host": "127.0.0.1", "port": 9, "security": "none"}
    config.write_text(yaml.safe_dump({"staff": STAFF, "imap": imap, "smtp": smtp}), "utf-8")
    with account.client() as client:
        for one in MAILS:
            when = email.utils.parsedate_to_datetime(one["Date"])
            client.append("INBOX", one.as_bytes(), msg_time=when)
    return account


def test_a_mailbox_is_looked_into_and_left_as_it_was(examined: Account, config: Path) -> None:
    before = examined.flags()
    done, told = run(config, "--imap", "--since", "2021-08-10")
    assert done.exit_code == 0, done.output
    assert (told["mails"], told["cases"]) == (1, {})
    done, told = run(config, "--imap")
    assert (told["mails"], told["doubles"], told["cases"]) == (4, 1, {"incomplete": 2})
    assert examined.flags() == before


def test_a_place_that_is_not_there_is_told_as_wrong_use(config: Path) -> None:
    with pytest.raises(ArchiveError, match="nowhere: there is no such file or folder") as told:
        run(config, "nowhere")
    assert told.value.status == 2


@pytest.mark.parametrize("arguments", [[], ["--imap", "somewhere"]])
def test_what_is_no_archive_is_wrong_use(config: Path, arguments: list[str]) -> None:
    done, _ = run(config, *arguments)
    assert done.exit_code == 2
    assert "Traceback" not in done.output
