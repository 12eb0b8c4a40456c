"""`import`: threads of old mail become cases as they ended, once, and nobody is written to."""

from __future__ import annotations

import datetime as dt
import email.utils
import json
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli.app import app
from bot.mail.archives import ArchiveError
from bot.mail.errors import MailboxError
from bot.runtime.history import PastMail, threads
from bot.store import Store
from bot.workflow.case import State
from bot.workflow.message import Address
from tests.rig.dovecot import Account

pytest_plugins = ["tests.rig.fixtures"]

BOT = "comunicacion.interna@upaep.mx"
ASKS = (
    "Buenas tardes, solicitamos la creación de una lista de correo para {}, dirigida a alumnos, "
    "con envío semanal. La responsable es Ana Ríos, ext. 7230."
)


def mail(
    folder: Path, name: str, sender: str, subject: str, text: str, day: str, answers: str = "",
    copies: str = "",
) -> None:  # fmt: skip
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, BOT, subject
    message["Message-ID"], message["Cc"] = f"<{name}@upaep.mx>", copies
    at = dt.datetime.fromisoformat(f"{day}T10:00:00-06:00")
    message["Date"] = email.utils.format_datetime(at)
    if answers:
        message["In-Reply-To"] = message["References"] = f"<{answers}@upaep.mx>"
    message.set_content(text)
    (folder / f"{name}.eml").write_bytes(message.as_bytes())


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """An office with an archive: accepted, rejected, never answered, no request, a machine's."""
    staff = "[{name: R, email: rev@upaep.mx, roles: [reviewer, approver, provisioner, admin]}]"
    file = tmp_path / "config.yaml"
    file.write_text(f"database: {{url: 'sqlite:///bot.db'}}\nstaff: {staff}\n", "utf-8")
    Store.open(f"sqlite:///{tmp_path}/bot.db").close()
    old = tmp_path / "old"
    old.mkdir()
    mail(old, "a1", "ana@upaep.mx", "Lista", ASKS.format("la Biblioteca Central"), "2019-03-04")
    mail(old, "a2", BOT, "Re: Lista", "Su solicitud fue aprobada.", "2019-03-08", "a1")
    mail(old, "b1", "luis@upaep.mx", "Lista", ASKS.format("Deportes"), "2020-05-04")
    mail(old, "b2", "rev@upaep.mx", "Re: Lista", "Rechazada: ya existe.", "2020-05-06", "b1")
    mail(old, "b3", "luis@upaep.mx", "Re: Lista", "Gracias, entendido.", "2020-05-07", "b2")
    mail(old, "c1", "eva@upaep.mx", "Lista", ASKS.format("Posgrado"), "2021-02-04")
    mail(old, "d1", "eva@upaep.mx", "Comida", "¿Vamos a comer el viernes?", "2021-02-05")
    mail(old, "e1", "MAILER-DAEMON@upaep.mx", "Undelivered Mail Returned", "No.", "2021-02-06")
    return file


def bot(config: Path, *arguments: str) -> Result:
    result = CliRunner().invoke(app, ["--config", str(config), *arguments])
    assert result.exit_code == 0, result.output
    return result


def imported(config: Path, *options: str) -> list[dict[str, str]]:
    told = bot(config, "import", str(config.parent / "old"), "--json", *options).stdout
    found: list[dict[str, str]] = json.loads(told)
    return found


def test_old_mail_becomes_history_once(config: Path) -> None:
    shown = imported(config)
    assert [one["what"] for one in shown] == [
        "aceptada", "rechazada", "sin decisión", "no parece una solicitud (otro asunto)",
        "lo escribió un servidor de correo",
    ]  # fmt: skip
    assert json.loads(bot(config, "cases", "--json").stdout) == []
    written = imported(config, "--yes")
    assert [one["what"] for one in written[:2]] == [
        "CI-2019-0001 aceptada", "CI-2020-0001 rechazada",
    ]  # fmt: skip
    found = json.loads(bot(config, "cases", "--json").stdout)
    assert [(case["folio"], case["state"], case["opened_at"][:10]) for case in found] == [
        ("CI-2021-0001", "expired", "2021-02-04"),
        ("CI-2020-0001", "rejected", "2020-05-04"),
        ("CI-2019-0001", "closed", "2019-03-04"),
    ]
    again = imported(config, "--yes")
    assert [one["what"] for one in again[:3]] == [
        f"ya está aquí como CI-{year}-0001" for year in (2019, 2020, 2021)
    ]
    assert json.loads(bot(config, "cases", "--json").stdout) == found
    assert json.loads(bot(config, "outbox", "--all", "--json").stdout) == []


def test_its_history_has_its_own_dates_and_is_whole(config: Path) -> None:
    imported(config, "--yes")
    case = json.loads(bot(config, "cases", "show", "CI-2020-0001", "--json").stdout)
    assert case["verified"]
    assert [(e["what"], e["at"][:10]) for e in case["events"][:2]] == [
        ("opened", "2020-05-04"), ("rejected", "2020-05-06"),
    ]  # fmt: skip
    assert case["events"][1]["text"] == "rechazó la solicitud: ya existe."
    assert case["events"][2]["what"] == "imported"
    with Store.open(f"sqlite:///{config.parent}/bot.db") as store:
        undecided = store.records.case("CI-2021-0001")
        assert undecided is not None
        assert undecided.state is State.EXPIRED
        assert undecided.requester.email == "eva@upaep.mx"


def test_who_asked_and_whom_they_put_in_copy_are_of_the_case_and_no_stranger(config: Path) -> None:
    old, more = config.parent / "old", "Responsable del envío: {}\nFrecuencia de envío: mensual"
    asks = ASKS.format("Deportes").replace(" La responsable es Ana Ríos, ext. 7230.", "")
    mail(
        old, "f1", "luz@upaep.mx", "Lista", asks, "2022-02-04", copies="jefa@upaep.mx, x@gmail.com"
    )
    mail(old, "f2", "otro@upaep.mx", "Re: Lista", more.format("Otro Nadie"), "2022-02-05", "f1")
    mail(old, "f3", "jefa@upaep.mx", "Re: Lista", more.format("Eva Sol Ruiz"), "2022-02-06", "f1")
    imported(config, "--yes")
    with Store.open(f"sqlite:///{config.parent}/bot.db") as store:
        case = store.records.case("CI-2022-0001")
    assert case is not None
    assert [one.email for one in case.people] == ["luz@upaep.mx", "jefa@upaep.mx"]
    assert case.form["responsible"].value == "Eva Sol Ruiz"


def test_a_place_without_mail_is_told(config: Path) -> None:
    arguments = ["--config", str(config), "import", "/nowhere"]
    with pytest.raises(ArchiveError, match="/nowhere: there is no such file or folder"):
        CliRunner().invoke(app, arguments, catch_exceptions=False)


def test_a_decision_that_the_receiving_server_disowns_is_none(config: Path) -> None:
    """Anybody can write one in the office's name, or again under the id of a true one."""
    with config.open("a", encoding="utf-8") as file:
        file.write("security: {authserv_id: mx.upaep.mx}\n")
    old = config.parent / "old"
    seen = b"Authentication-Results: mx.upaep.mx; dmarc=fail header.from=upaep.mx\n"
    mail(old, "c2", "rev@upaep.mx", "Re: Lista", "Su solicitud fue aprobada.", "2021-02-05", "c1")
    (old / "c2.eml").write_bytes(seen + (old / "c2.eml").read_bytes())
    (old / "a3.eml").write_bytes(seen + (old / "a2.eml").read_bytes())
    told = {one["place"].rpartition("/")[2]: one["what"] for one in imported(config)}
    assert [told[f"{name}.eml"] for name in ("a1", "b1", "c1")] == [
        "aceptada", "rechazada", "sin decisión",
    ]  # fmt: skip


def test_threads_hold_together_in_any_order_and_count_a_mail_once() -> None:
    at = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    ana = Address("ana@upaep.mx")
    one = PastMail("1", "<1>", at=at, sender=ana)
    two = PastMail("2", "<2>", ("<1>",), at + dt.timedelta(days=1), ana)
    three = PastMail("3", "<3>", ("<2>", "<lost>"), at + dt.timedelta(days=2), ana)
    four = PastMail("4", "<4>", ("<lost>",), at + dt.timedelta(days=3), ana)
    other = PastMail("5", "<5>", (), at, ana)
    copy = replace(one, place="6")
    for mails in ((one, two, three, four, other, copy), (other, four, three, copy, two, one)):
        found = [[mail.message_id for mail in thread] for thread in threads(mails)]
        assert sorted(found) == [["<1>", "<2>", "<3>", "<4>"], ["<5>"]]


def test_folders_of_the_mailbox_are_read_and_left_as_they_were(
    config: Path, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was asked lies in one folder, what was answered in another."""
    for name, value in {
        "HOST": account.server.host, "PORT": str(account.server.port), "SECURITY": "none",
        "USERNAME": account.username, "PASSWORD": account.password, "AUTH": "password",
    }.items():  # fmt: skip
        monkeypatch.setenv(f"BOT_IMAP__{name}", value)
    with account.client() as client:
        client.create_folder("Enviados")
    old = config.parent / "old"
    for name, folder in (("a1", "INBOX"), ("b1", "INBOX"), ("a2", "Enviados"), ("b2", "Enviados")):
        account.append((old / f"{name}.eml").read_bytes(), folder=folder)
    folders = ["import", "--imap", "--folder", "INBOX", "--folder", "Enviados", "--yes", "--json"]
    taken = json.loads(bot(config, *folders).stdout)
    assert [one["what"].split()[-1] for one in taken] == ["aceptada", "rechazada"]
    assert not any("\\Seen" in flags for flags in account.flags().values())
    arguments = ["--config", str(config), "import", "--imap", "--folder", "Nada"]
    with pytest.raises(MailboxError, match=r"examining Nada.* its folders: Enviados, INBOX"):
        CliRunner().invoke(app, arguments, catch_exceptions=False)
