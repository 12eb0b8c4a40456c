"""What the bot does for people before they ask, through IMAP and SMTP, by a clock that is moved."""

from __future__ import annotations

import json
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP

from tests.e2e.requests import FULL
from tests.rig.office import (
    APPROVER,
    AREA,
    REPOSITORY,
    REVIEWER,
    REVIEWER_2,
    HandClock,
    Office,
    in_process,
)


def test_an_area_mends_its_request_before_staff_look_at_it(
    closed: Office, clock: HandClock
) -> None:
    with in_process(closed, clock):
        faulty = FULL.replace("15 de agosto de 2028", "15 de agosto de 2030")
        closed.write(AREA, "Formato", faulty)
        received = closed.mail("received", AREA)
        assert "✗ Vigencia. La vigencia es de 1,095 días" in " ".join(received.text.split())
        closed.reply(received, "Que termine antes:\n\nVigencia (fin): 15 de agosto de 2028")
        mended = closed.mail("received", AREA, after=1)
        assert "✓ Vigencia. La vigencia es de 365 días" in " ".join(mended.text.split())
        assert "✗" not in mended.text
        notice = closed.mail("review", REVIEWER, after=1)
        assert "✓ Vigencia" in notice.text


def test_a_reason_of_the_catalogue_reaches_the_area_whole(closed: Office, clock: HandClock) -> None:
    closed.settings["rejection_reasons"] = [
        {"key": "full", "name": "Saturación", "text": "Se aceptaría con un envío al mes."},
        {"key": "same", "name": "Ya existe", "text": "Pida a Deportes que la comparta."},
    ]
    closed.write_config()
    with in_process(closed, clock):
        closed.write(AREA, "Formato", FULL)
        notice = closed.mail("review", REVIEWER)
        assert "- RECHAZAR 2: Ya existe" in notice.text
        closed.reply(notice, "RECHAZAR 2: La llevan ellos desde mayo.")
        rejected = closed.mail("rejected", AREA)
    told = " ".join(rejected.text.split())
    assert "Pida a Deportes que la comparta. La llevan ellos desde mayo." in told
    report = closed.bot("report", "--csv").stdout
    assert "Ya existe" in report


def test_a_promise_that_slips_is_owned_up_to_and_every_stage_is_told(
    closed: Office, clock: HandClock
) -> None:
    with in_process(closed, clock):
        closed.write(AREA, "Formato", FULL)
        received = closed.mail("received", AREA)
        assert "● Recibida 17 ago · ● Revisión 17 ago · ○ Aprobación · ○ Lista" in received.text
        notice = closed.mail("review", REVIEWER)
        clock.set("2026-08-24 16:00")  # due that day
        slipped = closed.mail("progress", AREA)
        assert "tardará más" in slipped.text
        assert "jueves 27 de agosto de 2026" in " ".join(slipped.text.split())
        clock.set("2026-08-25 17:00")
        closed.reply(notice, "APROBAR")
        moved = closed.mail("progress", AREA, after=1)
        assert "ahora la tiene Dirección General" in " ".join(moved.text.split())
        assert "● Aprobación 25 ago" in moved.text
        assert closed.count("progress", AREA) == 2


def test_who_answers_for_those_it_reaches_is_asked_reminded_and_heard(
    closed: Office, clock: HandClock
) -> None:
    ines, oscar = "ines.robles@upaep.mx", "oscar.tellez@upaep.mx"
    closed.settings["workflow"]["consents"] = {
        "quorum": "all",
        "people": {
            "students": {"name": "Inés Robles", "email": ines},
            "faculty": {"name": "Óscar Téllez", "email": oscar},
        },
    }
    closed.write_config()
    with in_process(closed, clock):
        closed.write(AREA, "Formato", FULL)
        review = closed.mail("review", REVIEWER)
        asks = closed.mail("inquiry", ines)
        assert "Usted responde por alumnos." in asks.text
        assert closed.count("inquiry", AREA) == 0
        closed.reply(asks, "SÍ", sender=oscar)  # somebody else, with her key
        closed.reply(asks, "NO: Ya reciben cuatro boletines.")
        assert "Anotamos su NO" in closed.mail("inquiry", ines, after=1).text
        told = closed.mail("review", REVIEWER, after=1)
        assert "Inés Robles respondió NO a lo que le consultamos: Ya reciben" in told.text
        closed.reply(review, "APROBAR")  # it recommends: that waits for nobody
        notice = closed.mail("approval", APPROVER)
        asked = " ".join(notice.text.split())
        assert "Inés Robles, responde por alumnos: NO. «Ya reciben cuatro boletines.»" in asked
        assert "Óscar Téllez, responde por docentes: sin respuesta" in asked
        closed.reply(notice, "APROBAR")
        waits = closed.mail("command_result", APPROVER)
        assert "todavía no se puede aprobar: falta la respuesta de Óscar Téllez" in waits.text
        clock.set("2026-08-20 10:00")
        again = closed.mail("inquiry", oscar, after=1)
        assert "Todavía no tenemos su respuesta." in again.text
        closed.reply(again, "Sí, de acuerdo. Saludos")
        ready = closed.mail("approval", APPROVER, after=1)
        assert "Óscar Téllez respondió SÍ, y con eso ya se puede decidir" in ready.text
        closed.reply(ready, "APROBAR")
        closed.mail("accepted", AREA)
    assert closed.count("inquiry", ines) == 2  # asked and thanked: never again
    checked = " ".join(closed.bot("check").stdout.split())
    assert "students of ines.robles@upaep.mx; approval waits for all of their answers" in checked


def test_who_never_answers_holds_up_no_approval_for_ever(closed: Office, clock: HandClock) -> None:
    ines = {"name": "Inés Robles", "email": "ines.robles@upaep.mx"}
    consents = {"quorum": "all", "people": {"students": ines}}
    closed.settings["workflow"]["consents"] = consents
    closed.write_config()
    with in_process(closed, clock):
        closed.write(AREA, "Formato", FULL)
        closed.reply(closed.mail("review", REVIEWER), "APROBAR")
        notice = closed.mail("approval", APPROVER)
        clock.set("2026-08-27 10:00")
        closed.reply(notice, "APROBAR")
        waits = closed.mail("command_result", APPROVER)
        assert "falta la respuesta de Inés Robles" in " ".join(waits.text.split())
        clock.set("2026-08-28 10:00")  # two business days after the last reminder
        told = closed.mail("approval", APPROVER, after=1)
        assert "Sin respuesta de Inés Robles" in " ".join(told.text.split())
        closed.reply(told, "APROBAR")
        closed.mail("accepted", AREA)


def test_a_mass_mail_is_taken_apart_and_its_sender_invited_by_a_person(
    closed: Office, clock: HandClock
) -> None:
    sample = REPOSITORY / "tests" / "mails" / "misuse" / "outlook-attached.eml"
    with in_process(closed, clock):
        complaint = message_from_bytes(sample.read_bytes(), policy=SMTP)
        assert isinstance(complaint, EmailMessage)
        closed.receive(complaint)
        told = closed.mail("misuse", REVIEWER)
        assert "Direcciones a la vista: 50" in told.text
        sender = told.text.partition("Quién lo envió: ")[2].partition("(")[2].partition(")")[0]
        assert closed.count("invitation") == 0
        closed.reply(told, "INVITAR")
        mail = closed.mail("invitation", sender)
        assert "Gran bazar de verano" in mail.text
        assert closed.mail("remark", REVIEWER_2).text.count("ya invitó a")
        closed.reply(told, "INVITAR")
        closed.mail("confirm", REVIEWER)
        assert closed.count("invitation") == 1


def test_several_are_decided_by_their_numbers_in_the_digest(
    closed: Office, clock: HandClock
) -> None:
    with in_process(closed, clock):
        for name in ("novedades", "talleres", "horarios", "avisos"):
            closed.write(AREA, "Formato", FULL.replace("novedades-", f"{name}-"))
            closed.mail("received", AREA, after=closed.count("received", AREA))
        clock.set("2026-08-18 09:00")
        digest = closed.mail("digest", REVIEWER)
        assert "4. CI-2026-0004: por revisar" in digest.text
        closed.reply(closed.mail("digest", REVIEWER_2), "APROBAR 2")
        closed.mail("rows_done", REVIEWER_2)
        closed.reply(digest, "La 1 va. La 3 no, porque ya existe una lista con ese fin.")
        near = closed.mail("command_result", REVIEWER)
        offered = "APROBAR 1 RECHAZAR 3: porque ya existe una lista con ese fin"
        assert offered in " ".join(near.text.split())
        said = "APROBAR 1, 2; RECHAZAR 3 duplicada; PREGUNTAR 4 ¿Quién la envía?"
        closed.reply(near, said)  # it bears keys for all rows
        table = " ".join(closed.mail("rows_done", REVIEWER).text.split())
        assert table.startswith("Se hicieron 3 de 4 órdenes 1. CI-2026-0001 ✓")
        assert "2. CI-2026-0002 ✗ Ya decidió Valeria Quiroz sobre CI-2026-0002" in table
        assert "¿Quién la envía?" in closed.mail("question", AREA).text
        assert "duplicada" in closed.mail("rejected", AREA).text
        assert closed.count("approval", APPROVER) == 2
        closed.reply(digest, "APROBAR 3")  # its key is spent, and the case is closed
        again = " ".join(closed.mail("rows_done", REVIEWER, after=1).text.split())
        assert "Su orden no se realizó" in again
        clock.set("2026-08-19 09:00")
        alone = closed.mail("digest", REVIEWER_2, after=1)
        closed.reply(alone, "APROBAR")  # of one row no number need be said
        assert "CI-2026-0004" in closed.mail("command_result", REVIEWER_2).text
    states = {
        one["folio"]: one["state"] for one in json.loads(closed.bot("cases", "--json").stdout)
    }
    assert list(states.values()).count("rejected") == 1
    assert states["CI-2026-0003"] == "rejected"
    assert states["CI-2026-0004"] == "approval"
