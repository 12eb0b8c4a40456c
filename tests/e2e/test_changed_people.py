"""People change while cases are open: SIGHUP, with no mail lost and nobody left without word."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.requests import FULL
from tests.rig.dovecot import Account
from tests.rig.office import APPROVER, AREA, REVIEWER, REVIEWER_2, STAFF, Office, open_office
from tests.rig.smtp_sink import SmtpSink
from tests.rig.system import wait_until
from tests.rig.warm import WarmBot

NEW = "ines.tapia@upaep.mx"


@pytest.fixture
def office(account: Account, sink: SmtpSink, tmp_path: Path, warm: WarmBot) -> Iterator[Office]:
    with open_office(account, sink, tmp_path) as opened:
        opened.warm = warm
        opened.start()
        yield opened


def reload(office: Office, event: str) -> None:
    assert office.process is not None
    before = office.log().count(event)
    office.process.send_signal(signal.SIGHUP)
    wait_until(lambda: office.alive() and office.log().count(event) > before, event, 30)


def test_a_reviewer_leaves_and_another_one_comes(office: Office) -> None:
    office.write(AREA, "Formato", FULL)
    old = office.mail("review", REVIEWER)
    office.settings["staff"] = [
        {"name": "Inés Tapia", "email": NEW, "roles": ["reviewer"]},
        *(person for person in STAFF if person["email"] != REVIEWER),
    ]
    office.config.write_text("staff: [", "utf-8")
    reload(office, "config.refused")  # and it goes on as it was
    office.write_config()
    reload(office, "config.reloaded")

    fresh = office.mail("review", NEW)
    assert "Cambió quién atiende esta solicitud" in fresh.text
    assert office.count("review", REVIEWER_2) == 1
    office.reply(old, "APROBAR", REVIEWER)
    assert "Usted ya no figura" in office.mail("command_result", REVIEWER).text
    office.reply(fresh, "ESTADO", NEW)
    shown = office.mail("command_result", NEW).text
    assert "Nombre de la lista: novedades-biblioteca" in shown
    office.reply(fresh, "APROBAR", NEW)
    office.mail("approval", APPROVER)
    reload(office, "config.reloaded")
    assert office.stop() == 0
    assert office.count("approval") == 1


def test_a_notice_is_sent_again_to_whoever_asks(office: Office) -> None:
    office.write(AREA, "Formato", FULL)
    first = office.mail("review", REVIEWER)
    folio = str(first.message["X-Bot-Case"])
    office.write(REVIEWER, "Se me perdió", f"AVISO {folio}")
    again = office.mail("review", REVIEWER, after=1)
    assert office.count("review", REVIEWER_2) == 1
    office.reply(again, "APROBAR")
    office.mail("approval", APPROVER)
