"""The office's bot is replaced by a newer one: all goes on where the earlier one stopped."""

from pathlib import Path

from bot.store import Store
from bot.workflow.case import State
from tests.e2e.requests import REST
from tests.rig import old_office
from tests.rig.office import (
    APPROVER,
    PROVISIONER,
    REVIEWER,
    REVIEWER_2,
    HandClock,
    Office,
    in_process,
)


def test_a_newer_bot_goes_on(closed: Office, clock: HandClock, tmp_path: Path) -> None:
    folder = tmp_path / "old"
    url = f"sqlite:///{old_office.unpacked(folder)}"
    closed.settings["database"] = {"url": url}
    closed.settings["workflow"]["undo_minutes"] = 10
    closed.write_config()
    clock.now = old_office.AT
    with in_process(closed, clock):
        clock.set("2026-08-17 11:30")
        # What waited goes out: a rejection that was held back, and what a server had deferred.
        rejected = closed.mail("rejected", "prensa@upaep.mx")
        assert "la audiencia ya recibe el Correo del Día" in rejected.text
        closed.mail("received", "laboratorio@upaep.mx")
        closed.mail("review", REVIEWER_2)
        # Mails of the earlier bot are answered.
        closed.reply(old_office.mail(folder, "form"), REST)
        closed.mail("received", "becas@upaep.mx")
        closed.reply(old_office.mail(folder, "confirm"), "CONFIRMAR")
        closed.mail("command_result", REVIEWER_2)
        closed.reply(old_office.mail(folder, "approval"), "APROBAR")
        closed.mail("command_result", APPROVER)
        closed.reply(old_office.mail(folder, "provisioning"), "HECHO avisos-posgrado@upaep.mx")
        closed.mail("list_ready", "posgrado@upaep.mx")
        closed.reply(closed.mail("review", REVIEWER), "APROBAR")  # rendered by the earlier one
        closed.mail("command_result", REVIEWER)
        clock.set("2026-08-17 11:50")
        closed.mail("rejected", "deportes@upaep.mx")
        closed.mail("accepted", "salud@upaep.mx")
        closed.mail("provisioning", PROVISIONER)
    with Store.open(url) as store:
        cases = {int(case.folio[-4:]): case for case in store.records.cases()}
        assert {number: case.state for number, case in cases.items()} == {
            1: State.EXPIRED, 2: State.CLOSED, 3: State.REVIEW, 4: State.WITHDRAWN,
            5: State.REJECTED, 6: State.PROVISIONING, 7: State.CLOSED, 8: State.REJECTED,
            9: State.APPROVAL,
        }  # fmt: skip
        assert [store.records.verify(case.folio) for case in cases.values()] == [()] * len(cases)
        assert {entry.address for entry in store.register.all()} == {
            "avisos-biblioteca@upaep.mx", "avisos-posgrado@upaep.mx",
        }  # fmt: skip
