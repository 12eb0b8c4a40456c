"""A message that would hang the bot is put aside after its time; the others do not wait for it."""

from pathlib import Path

from tests.e2e.requests import PROSE
from tests.rig.dovecot import Account
from tests.rig.office import ADMIN, compose, open_office
from tests.rig.smtp_sink import SmtpSink
from tests.rig.warm import WarmBot

SLOW = b"<p>hola <b>a todos</b></p>\n" * 50_000  # some times what is allowed here


def test_a_message_that_takes_too_long(
    account: Account, sink: SmtpSink, tmp_path: Path, warm: WarmBot
) -> None:
    with open_office(account, sink, tmp_path) as office:
        office.warm = warm
        office.settings["limits"] = {"parse_seconds": 0.3}
        office.write_config()
        head = b"From: lento@upaep.mx\r\nSubject: Muy pesado\r\nContent-Type: text/html\r\n\r\n"
        account.deliver(
            compose("ana@upaep.mx", "Lista", PROSE).as_bytes(),
            head + SLOW,
            compose("luis@upaep.mx", "Lista", PROSE).as_bytes(),
        )
        office.start()
        for area in ("ana@upaep.mx", "luis@upaep.mx"):
            office.mail("form", area)
        alarm = " ".join(office.mail("alarm", ADMIN).text.split())
        assert "tardó más de 0.3 segundos en leerse" in alarm
        assert "lento@upaep.mx" in alarm
        assert "Muy pesado" in alarm
        assert office.stop() == 0
        listed = office.bot("quarantine").stdout
        assert "tardó más de 0.3 segundos" in " ".join(listed.split())
        assert office.count("form", "lento@upaep.mx") == 0
