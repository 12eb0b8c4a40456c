"""A new operator, with the pages alone: into service, saved, lost, restored, a person forgotten.

Against Dovecot with TLS, which asks for a token of Google's kind.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.store import Store
from tests.e2e.requests import FULL
from tests.rig.dovecot import Account
from tests.rig.oauth import OAuthServer
from tests.rig.office import APPROVER, AREA, REVIEWER, Office
from tests.rig.samples import texts_of
from tests.rig.smtp_sink import SmtpSink
from tests.rig.warm import WarmBot

PEOPLE = [
    "--reviewer", f"Rodrigo Espino <{REVIEWER}>", "--approver", APPROVER,
    "--provisioner", "redes@upaep.mx", "--admin", "guardia@upaep.mx",
]  # fmt: skip

EXTENSION = "741583"  # four digits stand in some clock, port or hash of the log by chance
OF_ANA = (
    "Elvira Santoyo Quiroz", "Jefa de Servicios", "elvira.santoyo", EXTENSION,
    "novedades-biblioteca", "nuevas adquisiciones", "un solo renglón", "Octavio Larrañaga",
)  # fmt: skip
SAID = tuple(f"secreto{number:02d}" for number in range(41))  # with AREA and OF_ANA: fifty


@pytest.fixture
def office(
    account: Account, sink: SmtpSink, oauth: OAuthServer, tmp_path: Path, warm: WarmBot
) -> Iterator[Office]:
    server = account.server
    key = oauth.service_account_file(tmp_path)
    opened = Office(account, sink, tmp_path, {}, warm=warm)
    opened.environment = {
        "BOT_IMAP__HOST": "localhost",
        "BOT_IMAP__PORT": str(server.tls_port),
        "BOT_IMAP__CA_FILE": str(server.certificates.ca_file),
        "BOT_IMAP__OAUTH__TOKEN_URL": oauth.google_token_url,
        "BOT_IMAP__OAUTH__SERVICE_ACCOUNT_FILE": str(key),
        "BOT_SMTP__HOST": sink.host,
        "BOT_SMTP__PORT": str(sink.port),
        "BOT_SMTP__SECURITY": "none",
        "BOT_SMTP__USERNAME": "",
        "BOT_WORKFLOW__UNDO_MINUTES": "0",
        "BOT_SECURITY__AUTHSERV_ID": "",
    }
    try:
        yield opened
    finally:
        if opened.process is not None:
            opened.process.kill()
            opened.process.wait(10)


def done(office: Office, *arguments: str) -> str:
    ended = office.bot(*arguments)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


def test_from_the_first_day_to_the_first_disaster(office: Office) -> None:
    done(office, "init", "--address", office.account.username, "--provider", "google", *PEOPLE)
    told = done(office, "check", "--send", "guardia@upaep.mx")
    assert "0 older messages are left alone" in told
    assert office.mail("check", "guardia@upaep.mx").recipients == ("guardia@upaep.mx",)

    office.start()
    form = FULL.replace("7415", EXTENSION)
    office.write(f"Ana {SAID[-1]} <{AREA}>", f"Formato {SAID[-2]}", f"{form}\n{' '.join(SAID)}.\n")
    notice = office.mail("review", REVIEWER)
    done(office, "backup", str(office.folder / "backup.db"))
    assert office.stop() == 0

    for file in (office.folder / "data").iterdir():  # the disk is lost
        file.unlink()
    assert "1 cases" in done(office, "restore", str(office.folder / "backup.db"))
    office.start()
    office.reply(notice, "APROBAR")
    approval = office.mail("approval", APPROVER)
    office.reply(approval, f"RECHAZAR por duplicidad con {SAID[0]}")
    office.mail("rejected", AREA)
    assert office.stop() == 0
    assert office.count("received", AREA) == 1  # nothing was answered again

    assert "verified" not in done(office, "cases")
    done(office, "forget", AREA, "--yes")
    assert AREA not in done(office, "cases", "--json")
    with Store.open(f"sqlite:///{office.folder}/data/bot.db") as store:
        left = texts_of(store)
    files = [office.folder / "log.txt", *(office.folder / "data").iterdir()]
    for told in (left, *(file.read_bytes().decode("utf-8", "replace") for file in files)):
        assert [word for word in (AREA, *OF_ANA, *SAID) if word in told] == []
    done(office, "report", "--to", str(office.folder / "report.html"))
    done(office, "check")
