"""From the first mail to the list in use, on servers that are not the other tests'."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.e2e.requests import FULL
from tests.rig.office import APPROVER, AREA, PROVISIONER, REVIEWER, open_office
from tests.rig.smtp_sink import SmtpSink
from tests.rig.warm import WarmBot
from tests.zoo.imap_servers import mailbox
from tests.zoo.smtp_servers import relay


@pytest.mark.skipif(os.geteuid() != 0, reason="the SMTP servers start as root only")
@pytest.mark.parametrize(
    ("imap", "smtp"),
    [
        ("cyrus", "postfix"),
        pytest.param("courier", "exim", marks=pytest.mark.soak),
        pytest.param("pymap", "opensmtpd", marks=pytest.mark.soak),
    ],
)
def test_a_request_to_its_end(imap: str, smtp: str, tmp_path: Path, warm: WarmBot) -> None:
    with (
        SmtpSink() as sink,
        relay(smtp, sink) as server,
        mailbox(imap) as account,
        open_office(account, server, tmp_path) as office,  # type: ignore[arg-type]
    ):
        office.warm = warm
        office.settings["imap"]["poll_seconds"] = 1
        office.settings["imap"]["done_folder"] = f"{getattr(account.server, 'prefix', '')}Hechos"
        office.write_config()
        office.start()
        office.write(AREA, "Formato", FULL)
        assert office.mail("received", AREA).case
        office.reply(office.mail("review", REVIEWER), "APROBAR")
        office.reply(office.mail("approval", APPROVER), "APROBAR")
        office.mail("accepted", AREA)
        office.reply(office.mail("provisioning", PROVISIONER), "HECHO novedades@upaep.mx")
        assert "novedades@upaep.mx" in office.mail("list_ready", AREA).text
        for template in ("received", "accepted", "list_ready"):
            assert office.count(template, AREA) == 1
        assert office.stop() == 0
        assert len(account.messages(office.settings["imap"]["done_folder"])) == 4
