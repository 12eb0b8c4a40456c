"""Decisions: from stage to stage, taken back, by whom; by mail and a clock that is moved."""

from __future__ import annotations

import pytest

from tests.e2e.requests import FULL
from tests.rig.office import (
    ADMIN,
    APPROVER,
    AREA,
    PROVISIONER,
    REVIEWER,
    REVIEWER_2,
    HandClock,
    Office,
    in_process,
)
from tests.rig.smtp_sink import Received

DEPUTY, COLLEAGUE = "sofia.luna@upaep.mx", "luis.mora@upaep.mx"
OTHER = FULL.replace("Biblioteca", "Hemeroteca").replace("novedades-b", "avisos-h")


def with_workflow(office: Office, **workflow: object) -> Office:
    office.settings["workflow"].update(workflow)
    office.write_config()
    return office


def said(mail: Received) -> str:
    """The text of a mail on one line."""
    return " ".join(mail.text.split())


def result(office: Office, to: str, after: int = 0) -> str:
    return said(office.mail("command_result", to, after=after))


def test_a_decision_waits_is_undone_and_goes_out(closed: Office, clock: HandClock) -> None:
    with in_process(with_workflow(closed, undo_minutes=10), clock):
        closed.write(AREA, "Formato", FULL)
        notice, other = closed.mail("review", REVIEWER), closed.mail("review", REVIEWER_2)
        closed.reply(notice, "RECHAZAR por duplicidad")
        assert "Puede deshacerla hasta las 10:10 h" in result(closed, REVIEWER)
        closed.reply(other, "DESHACER")
        assert "No hay una decisión suya" in result(closed, REVIEWER_2)
        clock.set("2026-08-17 10:09")
        closed.reply(notice, "DESHACER")
        assert "Deshizo su decisión" in result(closed, REVIEWER, 1)

        closed.reply(closed.mail("review", REVIEWER, after=1), "RECHAZO: no procede")
        told = closed.mail("command_result", REVIEWER, after=2)
        clock.set("2026-08-17 10:18")
        closed.reply(told, "NOTA se avisó por teléfono")
        result(closed, REVIEWER, 3)
        assert closed.count("rejected") == 0
        clock.set("2026-08-17 10:19")
        assert "no procede" in closed.mail("rejected", AREA).text
        closed.reply(told, "DESHACER")
        assert "ya no se puede deshacer" in result(closed, REVIEWER, 4)
        assert closed.count("rejected") == 1


def test_an_acceptance_that_waits_is_undone_or_overtaken(closed: Office, clock: HandClock) -> None:
    with in_process(with_workflow(closed, undo_minutes=10), clock):
        closed.write(AREA, "Formato", FULL)
        notice = closed.mail("review", REVIEWER)
        closed.reply(notice, "No estoy seguro todavía.\n\nAPROBAR")
        assert "No estamos seguros" in result(closed, REVIEWER)
        closed.reply(notice, "Aprobado, gracias.")
        approval = closed.mail("approval", APPROVER)
        assert "La recomienda Rodrigo Espino" in said(approval)
        closed.reply(approval, "Autorizo")
        result(closed, APPROVER)
        closed.reply(notice, "DESHACER")  # what he recommended has been decided on
        assert "No hay una decisión suya" in result(closed, REVIEWER, 2)
        closed.reply(approval, "DESHACER")
        again = closed.mail("approval", APPROVER, after=1)
        assert "deshizo su decisión" in again.text
        closed.reply(again, "APPROVE")
        result(closed, APPROVER, 2)
        closed.reply(closed.mail("received", AREA), "CANCELAR")
        closed.mail("withdrawn", AREA)
        clock.set("2026-08-17 12:00")
        closed.write("otra.area@upaep.mx", "Formato", OTHER)
        closed.mail("received", "otra.area@upaep.mx")
        assert closed.count("accepted") == closed.count("provisioning") == 0
        clock.set("2026-08-18 09:00")
        news = said(closed.mail("digest", APPROVER))
        assert "canceló la solicitud" in news
        assert "aprobó" not in news  # that was she, and it was taken back
        assert closed.count("decided") == 0


def test_a_condition_is_a_correction_that_the_acceptance_tells(
    closed: Office, clock: HandClock
) -> None:
    with in_process(closed, clock):
        closed.write(AREA, "Formato", FULL)
        closed.reply(closed.mail("review", REVIEWER), "APROBAR")
        approval = closed.mail("approval", APPROVER)
        closed.reply(approval, "CORREGIR frecuencia: trimestral")
        assert "trimestral" in closed.mail("updated", AREA).text
        closed.reply(approval, "APROBAR")  # on the form as it was
        assert "El formato cambió" in result(closed, APPROVER, 1)
        closed.reply(closed.mail("approval", APPROVER, after=1), "APROBAR")
        accepted = closed.mail("accepted", AREA).text
        conditions = accepted.partition("Se acepta con lo que se corrigió")[2].split("QUÉ SIGUE")[0]
        assert "Frecuencia de envío: trimestral" in conditions
        assert "Extensión" not in conditions


@pytest.mark.parametrize(
    ("stages", "notice", "person"),
    [(["review"], "review", REVIEWER), (["approval"], "approval", APPROVER)],
    ids=["review", "approval"],
)
def test_one_stage_is_enough(
    closed: Office, clock: HandClock, stages: list[str], notice: str, person: str
) -> None:
    with in_process(with_workflow(closed, stages=stages), clock):
        closed.write(AREA, "Formato", FULL)
        closed.reply(closed.mail(notice, person), "Aprobado")
        assert "Aprobó la solicitud" in result(closed, person)
        closed.mail("accepted", AREA)
        closed.reply(closed.mail("provisioning", PROVISIONER), "HECHO novedades@upaep.mx")
        closed.mail("list_ready", AREA)
        closed.write("otra.area@upaep.mx", "Formato", OTHER)
        closed.reply(closed.mail(notice, person, after=1), "RECHAZAR ya hay una igual")
        assert "ya hay una igual" in closed.mail("rejected", "otra.area@upaep.mx").text
        assert closed.count("review" if notice == "approval" else "approval") == 0


def test_what_is_no_decision_decides_nothing(closed: Office, clock: HandClock) -> None:
    with in_process(closed, clock):
        closed.write(AREA, "Formato", FULL)
        notice = closed.mail("review", REVIEWER)
        closed.reply(notice, "RECHAZAR")
        asked = closed.mail("command_result", REVIEWER)
        assert "hace falta el motivo" in said(asked)
        closed.reply(notice, "APROBAR\n\nRECHAZAR por duplicada")
        assert "más de una decisión" in result(closed, REVIEWER, 1)
        closed.reply(notice, "Aprobado, siempre y cuando envíen menos.")
        assert "corríjalo antes con CORREGIR" in result(closed, REVIEWER, 2)
        closed.reply(notice, "¿Apruebo?")
        assert "No estamos seguros" in result(closed, REVIEWER, 3)
        closed.reply(notice, f"NOTE fine\n\nASSIGN {REVIEWER_2}\n\nCORRECT extensión: 7999")
        closed.mail("updated", AREA)
        answers = result(closed, REVIEWER, 4)
        for done in ("Anotado en", "Asignó", "Corrigió «Extensión»: 7999"):
            assert done in answers
        assert closed.count("approval") == closed.count("rejected") == 0
        closed.reply(closed.mail("review", REVIEWER_2, after=1), "REJECT duplicates another list")
        assert "duplicates another list" in closed.mail("rejected", AREA).text


def test_questions_come_back_to_who_asked(closed: Office, clock: HandClock) -> None:
    with in_process(closed, clock):
        closed.write(AREA, "Formato", FULL, Cc=COLLEAGUE)
        closed.reply(closed.mail("review", REVIEWER_2), "PREGUNTAR ¿Quién redacta el boletín?")
        question = closed.mail("question", AREA)
        assert "¿Quién redacta el boletín?" in question.text
        closed.reply(question, "Lo redacta Elvira.", COLLEAGUE)
        assert (
            "El área contestó: Lo redacta Elvira."
            in closed.mail("review", REVIEWER_2, after=1).text
        )

        closed.write(PROVISIONER, f"Sobre {question.case}", "PREGUNTAR ¿Son 1,850?")
        closed.reply(closed.mail("confirm", PROVISIONER), "CONFIRMAR")
        second = closed.mail("question", AREA, after=1)
        closed.reply(second, "Son 1,900.\n\nNúmero aproximado de destinatarios: 1,900")
        back = said(closed.mail("remark", PROVISIONER))
        assert "contestó" in back
        assert "1,900" in back
        assert "antes: 1,850" in closed.mail("review", REVIEWER, after=2).text

        approval = closed.mail("review", REVIEWER, after=2)
        closed.reply(approval, "APROBAR")
        closed.reply(closed.mail("approval", APPROVER), "ASK ¿Y en verano?")
        closed.reply(closed.mail("question", AREA, after=2), "También, ¿cómo va la solicitud?")
        assert "en aprobación" in closed.mail("status", AREA).text
        assert "También" in closed.mail("remark", APPROVER).text


def test_a_delegation_and_an_absence_end(closed: Office, clock: HandClock) -> None:
    with in_process(closed, clock):
        closed.write(AREA, "Formato", FULL)
        first = closed.mail("review", REVIEWER)
        closed.reply(first, f"DELEGAR {DEPUTY}")
        assert "Falta hasta cuándo" in result(closed, REVIEWER)
        closed.reply(first, f"DELEGAR {DEPUTY} hasta el 19 de agosto")
        closed.reply(closed.mail("confirm", REVIEWER), "CONFIRMO")
        assert "hasta el 19 de agosto de 2026" in result(closed, REVIEWER, 1)
        lent = closed.mail("review", DEPUTY)
        closed.reply(
            closed.mail("review", REVIEWER_2), "Estaré fuera, regreso el 20 de agosto.",
            Subject="Respuesta automática: fuera", Auto_Submitted="auto-replied",
        )  # fmt: skip
        assert "fuera hasta el 19 de agosto" in said(closed.mail("remark", DEPUTY))
        clock.set("2026-08-18 08:30")
        closed.mail("digest", DEPUTY)
        assert closed.count("digest", REVIEWER_2) == 0

        clock.set("2026-08-20 08:30")  # both are over
        closed.mail("digest", REVIEWER_2)
        closed.reply(lent, "APROBAR")
        closed.write("otra.area@upaep.mx", "Formato", OTHER)
        closed.mail("received", "otra.area@upaep.mx")
        assert closed.count("approval") == 0
        assert closed.count("review", DEPUTY) == 1

        closed.reply(first, f"DELEGATE {DEPUTY} hasta el 31 de agosto")
        closed.reply(closed.mail("confirm", REVIEWER, after=1), "CONFIRMO")
        closed.mail("delegated", DEPUTY, after=1)
        again = closed.mail("review", DEPUTY, after=1)
        closed.reply(first, "DELEGAR nadie")
        closed.reply(closed.mail("confirm", REVIEWER, after=2), "CONFIRMO")
        assert "ya no actúa por usted" in result(closed, REVIEWER, 3)
        closed.reply(again, "APROBAR")
        closed.write("tercera.area@upaep.mx", "Formato", OTHER.replace("avisos", "cursos"))
        closed.mail("received", "tercera.area@upaep.mx")
        assert closed.count("approval") == 0


def test_nobody_decides_on_their_own_request(closed: Office, clock: HandClock) -> None:
    """The responsible is of the staff; she is left out as reviewer, and as approver by proxy.

    She was the responsible: that the form is corrected changes nothing.
    """
    with in_process(closed, clock):
        closed.write(AREA, "Formato", FULL.replace("elvira.santoyo@upaep.mx", REVIEWER))
        first = closed.mail("review", REVIEWER_2)
        closed.reply(first, "CORREGIR correo: elvira.santoyo@upaep.mx")
        notice = closed.mail("review", REVIEWER_2, after=1)
        assert closed.count("review", REVIEWER) == 0
        closed.reply(notice, "APROBAR")
        approval = closed.mail("approval", APPROVER)
        closed.reply(approval, f"DELEGAR {REVIEWER} hasta el 31 de agosto")
        closed.reply(closed.mail("confirm", APPROVER), "CONFIRMO")
        closed.mail("delegated", REVIEWER)
        closed.write(REVIEWER, f"[{notice.case}]", "APROBAR")
        assert "es una solicitud suya" in result(closed, REVIEWER)
        assert closed.count("approval", REVIEWER) == closed.count("accepted") == 0


def test_own_requests_in_disguise(closed: Office, clock: HandClock) -> None:
    """A plus-address is its owner's; naming the only approver leaves nobody, and is told."""
    disguised = REVIEWER.replace("@", "+x@")
    with in_process(closed, clock):
        closed.write(disguised, "Formato", FULL)
        received = closed.mail("received", disguised)
        closed.mail("review", REVIEWER_2)
        assert closed.count("review", REVIEWER) == 0
        closed.write(REVIEWER, f"[{received.case}]", "APROBAR")
        assert "es una solicitud suya" in result(closed, REVIEWER)

        closed.write(AREA, "Formato", OTHER.replace("elvira.santoyo@upaep.mx", APPROVER))
        closed.reply(closed.mail("review", REVIEWER), "APROBAR")
        assert "Nadie puede atender" in said(closed.mail("alarm", ADMIN))
        assert closed.count("approval") == closed.count("accepted") == 0
