"""The working life of a case, by mail only."""

from __future__ import annotations

import json

import pytest

from tests.e2e.requests import FULL, PROSE
from tests.rig.office import (
    ADMIN,
    APPROVER,
    AREA,
    PROVISIONER,
    REVIEWER,
    REVIEWER_2,
    Office,
)
from tests.rig.smtp_sink import Received

COLLEAGUE, DEPUTY = "luis.mora@upaep.mx", "sofia.luna@upaep.mx"
RESPONSIBLE = "elvira.santoyo@upaep.mx"


@pytest.fixture
def notice(office: Office) -> Received:
    """The review notice of a complete request, with a colleague of the area in copy."""
    office.write(AREA, "Formato", FULL, Cc=COLLEAGUE)
    return office.mail("review", REVIEWER)


def result(office: Office, to: str = REVIEWER, after: int = 0) -> str:
    return " ".join(office.mail("command_result", to, after=after).text.split())


def test_who_is_in_copy_follows_once_they_wrote_or_it_is_accepted(
    office: Office, notice: Received
) -> None:
    assert COLLEAGUE in notice.text  # staff see who is in copy
    received = office.mail("received", AREA)
    office.reply(received, "Perdón, la extensión es 7999.\n\nExtensión: 7999", COLLEAGUE)
    assert office.mail("received", COLLEAGUE).case == notice.case
    assert office.count("received", AREA) == 2
    office.reply(office.mail("review", REVIEWER, after=1), "RECHAZAR ya existe una lista igual")
    assert "ya existe una lista igual" in office.mail("rejected", COLLEAGUE).text
    assert office.count("rejected", AREA) == 1

    office.write(AREA, "Formato", FULL.replace("7415", "7416"), Cc=RESPONSIBLE)
    other = office.mail("review", REVIEWER, after=2)
    office.reply(other, "APROBAR")
    office.reply(office.mail("approval", APPROVER), "APROBAR")
    assert office.mail("accepted", RESPONSIBLE).case == other.case
    assert office.count("received", RESPONSIBLE) == 0


def test_corrected_assigned_noted_and_answered(office: Office, notice: Received) -> None:
    office.reply(notice, "NOTA es la de marzo\n\nCORREGIR extensión: 7999")
    assert "7999" in office.mail("updated", AREA).text
    fresh = office.mail("review", REVIEWER, after=1)
    assert "antes: 7415" in fresh.text
    office.reply(fresh, f"ASIGNAR {REVIEWER_2}")
    assert "le asignó" in office.mail("review", REVIEWER_2, after=2).text
    question = office.reply(office.mail("received", AREA), "¿Puede usarla también la hemeroteca?")
    remark = office.mail("remark", REVIEWER)
    assert "hemeroteca" in remark.text
    office.reply(remark, "RESPONDER Sí, con la misma lista.")
    answer = office.mail("answer", AREA)
    assert "con la misma lista" in answer.text
    assert answer.message["In-Reply-To"] == question["Message-ID"]


def test_staff_who_ask_in_their_own_words_hear_how_a_request_stands(
    office: Office, notice: Received
) -> None:
    office.write(REVIEWER, "Una duda", f"¿Cómo va la {notice.case}? Gracias")
    office.write(REVIEWER, "Otra duda", "Oigan, ¿cómo va lo de la Biblioteca? ¿ya salió?")
    assert notice.case in result(office)
    assert notice.case in result(office, after=1)
    assert not any(office.count(name, REVIEWER) for name in ("guidance", "remark", "noted"))


def test_a_doubtful_message_is_classified_and_learnt_from(office: Office) -> None:
    thread = {"In_Reply_To": "<lo.de.siempre@upaep.mx>"}  # its writer is not asked: people are
    doubt = "Hola, ¿me pueden ayudar con lo de siempre? Gracias.\n\nAna"
    office.write(AREA, "Una duda", doubt, **thread)
    remark = office.mail("remark", REVIEWER)
    assert not remark.case
    office.reply(remark, "CLASIFICAR creación")
    form = office.mail("form", AREA)
    assert form.case in result(office)
    office.reply(office.mail("remark", REVIEWER_2), "CLASIFICAR pregunta")
    assert "ya lo clasificó" in result(office, REVIEWER_2)
    doubt = "Hola, ¿me apoyan con lo del aviso de ayer? Gracias.\n\nAna"
    office.write(AREA, "Otra duda", doubt, **thread)
    again = office.mail("remark", REVIEWER, after=1)
    guided = office.count("guidance", AREA)
    office.reply(again, "CLASIFICAR envío único")
    assert "un solo aviso" in office.mail("guidance", AREA, after=guided).text
    exported = office.bot("corrections", "export").stdout
    assert "=== create_list" in exported
    assert "lo de siempre" in exported


def test_duplicates_are_joined_and_both_areas_follow(office: Office, notice: Received) -> None:
    office.write("otra.area@upaep.mx", "Formato", FULL.replace("7415", "7416"))
    second = office.mail("review", REVIEWER, after=1)
    office.reply(second, f"UNIR {notice.case}")
    office.reply(office.mail("confirm", REVIEWER), "CONFIRMAR")  # the other case opens to an area
    assert notice.case in office.mail("noted", "otra.area@upaep.mx").text
    office.reply(notice, "RECHAZAR ya existe")
    assert office.mail("rejected", "otra.area@upaep.mx").case == notice.case
    shown = office.bot("cases", "show", second.case).stdout
    assert "unió la solicitud a" in shown


def test_cancelled_by_the_area_and_taken_up_again(office: Office, notice: Received) -> None:
    received = office.mail("received", AREA)
    office.reply(received, "Ya no la necesitamos, gracias.")
    gone = office.mail("withdrawn", AREA)
    office.reply(notice, "APROBAR")
    result(office)
    assert office.count("approval") == 0
    office.reply(gone, "REANUDAR")
    assert "está completa" in office.mail("received", AREA, after=1).text
    again = office.mail("review", REVIEWER, after=1)
    office.reply(again, "APROBAR")
    office.mail("approval", APPROVER)


def test_reopened_by_staff(office: Office, notice: Received) -> None:
    office.reply(notice, "RECHAZAR falta la justificación")
    office.mail("rejected", AREA)
    office.reply(office.mail("command_result", REVIEWER), "REABRIR ya la presentaron")
    assert "ya la presentaron" in office.mail("noted", AREA).text
    office.reply(office.mail("review", REVIEWER, after=1), "APROBAR")
    office.mail("approval", APPROVER)


def test_a_deputy_decides_while_the_delegation_lasts(office: Office, notice: Received) -> None:
    office.reply(notice, "APROBAR")
    approval = office.mail("approval", APPROVER)
    office.reply(approval, f"DELEGAR {DEPUTY} hasta el 31 de diciembre")
    office.reply(office.mail("confirm", APPROVER), "CONFIRMO")
    assert "Nancy Olvera" in office.mail("delegated", DEPUTY).text
    assert DEPUTY in office.mail("alarm", ADMIN).text
    lent = office.mail("approval", DEPUTY)
    office.reply(lent, "APROBAR")
    office.mail("accepted", AREA)
    assert "Aprobó" in result(office, DEPUTY)
    assert office.count("decided") == 0  # it is in the digest, the next morning


def test_an_absence_is_told_to_colleagues(office: Office, notice: Received) -> None:
    office.reply(
        notice, "Estaré fuera de la oficina.", Auto_Submitted="auto-replied",
        Subject="Respuesta automática: fuera de la oficina",
    )  # fmt: skip
    assert "fuera hasta" in " ".join(office.mail("remark", REVIEWER_2).text.split())
    office.reply(office.mail("review", REVIEWER_2), "LISTA todas")
    listed = office.mail("case_list", REVIEWER_2)
    assert notice.case in listed.text
    assert "Rodrigo Espino está fuera" in listed.text


def test_status_lists_and_help_are_looked_up(office: Office, notice: Received) -> None:
    office.write(REVIEWER, "pendientes", "LISTA")
    assert notice.case in office.mail("case_list", REVIEWER).text
    office.write(REVIEWER, "estado", f"ESTADO {notice.case}")
    assert "en revisión" in result(office)
    office.write("otra.area@upaep.mx", "Formato", FULL.replace("7415", "7416"))
    other = office.mail("review", REVIEWER, after=1)
    office.reply(notice, f"ESTADO {other.case}")
    assert result(office, after=1).startswith(f"{other.case} Solicitud de otra.area@")
    office.reply(notice, "ESTADO CI-2025-0999")
    assert "No hay ninguna solicitud CI-2025-0999." in result(office, after=2)
    office.reply(other, f"ASIGNAR {REVIEWER_2}")
    office.write(REVIEWER, "pendientes", "LISTA mías")
    mine = office.mail("case_list", REVIEWER, after=1)
    assert notice.case in mine.text
    assert other.case not in mine.text
    office.write(APPROVER, "", "AYUDA")
    help_ = result(office, APPROVER)
    for command in ("APROBAR", "RECHAZAR …", "HECHO …", "DELEGAR …", "CLASIFICAR …", "UNIR …"):
        assert f"- {command} " in help_


def test_from_acceptance_to_renewal_and_withdrawal(office: Office, notice: Received) -> None:
    def through(number: int, address: str) -> None:
        if number:
            office.reply(office.mail("review", REVIEWER, after=number), "APROBAR")
        office.reply(office.mail("approval", APPROVER, after=number), "APROBAR")
        command = office.mail("provisioning", PROVISIONER, after=number)
        office.reply(command, f"HECHO {address}")

    office.reply(notice, "APROBAR")
    through(0, "novedades@upaep.mx")
    asked = office.mail("noted", RESPONSIBLE)
    assert "ACEPTO" in asked.text
    office.reply(asked, "ACEPTO")
    assert "Registramos su aceptación" in office.mail("noted", RESPONSIBLE, after=1).text
    ready = office.mail("list_ready", AREA)
    office.reply(ready, "RENOVAR", RESPONSIBLE)
    renewal = office.mail("review", REVIEWER, after=1)
    assert "Renovar la lista" in renewal.text
    assert "antes:" in renewal.text
    through(1, "novedades@upaep.mx")
    assert "cambio" in office.mail("noted", RESPONSIBLE, after=2).text
    assert "2029" in office.bot("lists", "--json").stdout
    office.reply(ready, "BAJA", RESPONSIBLE)
    assert "Dar de baja" in office.mail("review", REVIEWER, after=2).text
    through(2, "novedades@upaep.mx")
    office.mail("noted", RESPONSIBLE, after=3)
    assert "withdrawn" in office.bot("lists", "--json").stdout


def test_the_work_order_tells_what_to_create_and_its_address_is_checked(
    office: Office, notice: Received
) -> None:
    office.reply(notice, "APROBAR")
    office.reply(office.mail("approval", APPROVER), "APROBAR")
    accepted = office.mail("accepted", AREA)
    for condition in ("Frecuencia de envío: mensual", "Está prohibido", "ACEPTO"):
        assert condition in accepted.text
    command = office.mail("provisioning", PROVISIONER)
    for line in (
        "Dirección: novedades-biblioteca@upaep.mx",
        f"Responsable: Elvira Santoyo Quiroz, {RESPONSIBLE}",
        f"Quién puede enviar: solo {RESPONSIBLE}",
        "A quiénes llega: docentes, alumnos (unas 1,850 personas)",
        "Hasta cuándo: 15 de agosto de 2028",
    ):
        assert line in command.text
    wrong = ("", "novedades", "novedades@gmail.com", "una@upaep.mx otra@upaep.mx")
    for number, address in enumerate(wrong):
        office.reply(command, f"HECHO {address}")
        assert "No se hizo ningún cambio" in result(office, PROVISIONER, after=number)
    assert office.count("list_ready") == 0
    office.reply(command, "La dirección novedades@upaep.mx todavía no recibe correo")
    assert "No se hizo ningún cambio" in result(office, PROVISIONER, after=len(wrong))
    office.reply(command, "HECHO novedades@upaep.mx")
    for person in (AREA, COLLEAGUE, RESPONSIBLE):
        assert "novedades@upaep.mx" in office.mail("list_ready", person).text
    office.reply(office.mail("noted", RESPONSIBLE), "Acepto los lineamientos. Gracias.")
    office.mail("noted", RESPONSIBLE, after=1)
    shown = office.bot("cases", "show", notice.case).stdout
    assert f"{RESPONSIBLE}: aceptó los lineamientos (ACEPTO)" in shown


def test_changes_of_a_list_go_through_review_to_the_register(
    office: Office, notice: Received
) -> None:
    def through(number: int) -> Received:
        office.reply(office.mail("review", REVIEWER, after=number), "APROBAR")
        office.reply(office.mail("approval", APPROVER, after=number), "APROBAR")
        return office.mail("provisioning", PROVISIONER, after=number)

    office.reply(through(0), "HECHO novedades@upaep.mx")
    office.mail("list_ready", AREA)
    office.write(
        RESPONSIBLE, "Cambio de responsable de la lista novedades@upaep.mx",
        "Buen día:\n\nSolicito cambiar al responsable de la lista novedades@upaep.mx.\n\n"
        "Nuevo responsable: Ramiro Ledesma Ortiz\nCorreo: ramiro.ledesma@upaep.mx\n\nGracias\n",
    )  # fmt: skip
    change = office.mail("review", REVIEWER, after=1)
    assert "antes: Elvira Santoyo Quiroz" in change.text
    assert "Lo que pide:" in change.text
    assert "NO CUMPLE" not in change.text
    command = through(1)
    assert "Dirección: novedades@upaep.mx" in command.text
    asked = office.mail("noted", "ramiro.ledesma@upaep.mx")
    assert "responda ACEPTO" in " ".join(asked.text.split())
    office.reply(command, "HECHO novedades@upaep.mx")
    assert "Su cambio está hecho" in office.mail("noted", RESPONSIBLE, after=1).text
    (entry,) = json.loads(office.bot("lists", "--json").stdout)
    assert (entry["responsible"], entry["responsible_email"]) == (
        "Ramiro Ledesma Ortiz", "ramiro.ledesma@upaep.mx",
    )  # fmt: skip

    office.write(
        "ramiro.ledesma@upaep.mx", "Integrantes de novedades@upaep.mx",
        "Les pido agregar a la lista novedades@upaep.mx a ana.prado@upaep.mx, y quitar a "
        "sofia.luna@upaep.mx.\n\nGracias\n",
    )  # fmt: skip
    assert "quitar a sofia.luna@upaep.mx" in office.mail("review", REVIEWER, after=2).text
    office.reply(through(2), "HECHO novedades@upaep.mx")

    office.write(AREA, "Baja", "Solicitamos dar de baja la lista novedades@upaep.mx. Gracias")
    assert "pide dar de baja la lista" in office.mail("review", REVIEWER, after=3).text
    command = through(3)
    assert "LISTA POR DAR DE BAJA" in command.text
    assert "ACEPTO" not in office.mail("accepted", AREA, after=1).text
    office.reply(command, "HECHO otra@upaep.mx")
    assert "La lista que se da de baja es novedades@upaep.mx" in result(office, PROVISIONER, 3)
    office.reply(command, "HECHO novedades@upaep.mx")
    told = office.mail("noted", AREA)
    assert "Su lista quedó dada de baja" in told.text
    (entry,) = json.loads(office.bot("lists", "--json").stdout)
    assert entry["state"] == "withdrawn"


def test_neither_a_slip_nor_a_stranger_changes_anything(office: Office, notice: Received) -> None:
    office.reply(notice, "APORBAR")
    assert "¿Quiso decir APROBAR?" in result(office)
    office.reply(office.mail("received", AREA), "CANCELAR", "extrano@upaep.mx")
    office.mail("remark", REVIEWER)
    assert office.count("withdrawn") == office.count("approval") == 0
    office.write(AREA, "Otra cosa", PROSE.replace("Biblioteca", "Hemeroteca"))
    office.mail("form", AREA)
