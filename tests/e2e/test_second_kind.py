"""A room for an event: asked for, completed, decided and prepared by mail, beside lists."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.e2e.requests import FULL
from tests.rig import rooms
from tests.rig.office import (
    APPROVER,
    AREA,
    PROVISIONER,
    REVIEWER,
    REVIEWER_2,
    HandClock,
    Office,
    in_process,
)

ASKS = """Buenas tardes, quisiéramos apartar el auditorio:

Nombre del evento: Semana del Libro
Espacio: auditorio
Fecha del evento: 20 de octubre de 2026

Saludos,
Ana
"""
REST = """Número de asistentes: 250
Quién recibe el espacio: Elvira Santoyo Quiroz
Correo de quien recibe: elvira.santoyo@upaep.mx
"""
TOLD = (
    "Seremos unas 250 personas y lo recibe la Mtra. Elvira Santoyo Quiroz, elvira.santoyo@upaep.mx."
)


@pytest.fixture
def office(closed: Office, clock: HandClock) -> Iterator[Office]:
    rooms.BOOKINGS.clear()
    with in_process(closed, clock, (rooms.ROOMS,)):
        yield closed


def flat(text: str) -> str:
    return " ".join(text.split())


def test_a_room_goes_the_whole_way_beside_a_list(office: Office) -> None:
    office.write(AREA, "Auditorio para un evento", ASKS)
    form = office.mail("form", AREA)
    assert "apartar un espacio para un evento" in flat(form.text)
    assert "Número de asistentes: " in form.text.splitlines()
    assert "Objetivo" not in form.text
    assert "Equipo adicional" not in form.text
    office.reply(form, TOLD)
    received = office.mail("received", AREA)
    assert received.case == form.case

    review = office.mail("review", REVIEWER)
    assert "Cumple los 2 lineamientos" in flat(review.text)
    assert "PARECIDAS" not in review.text
    assert "lista" not in review.text
    office.reply(review, "Apruebo el espacio solicitado.")
    approval = office.mail("approval", APPROVER)
    office.reply(approval, "Adelante con el espacio")
    assert "apartar el espacio para Semana del Libro" in flat(office.mail("accepted", AREA).text)
    asked = office.mail("provisioning", REVIEWER)  # its own: reviewers prepare the room
    assert asked.case == form.case
    office.reply(asked, "Espacio listo")
    assert "Su espacio está listo" in office.mail("noted", AREA).text
    office.mail("noted", "elvira.santoyo@upaep.mx")
    assert [(b.room, b.folio) for b in rooms.BOOKINGS] == [("auditorium", form.case)]
    assert office.count("provisioning", PROVISIONER) == 0

    office.write(AREA, "Formato", FULL)
    assert office.mail("received", AREA, after=1).case != form.case
    assert "avisos" not in flat(office.mail("review", REVIEWER, after=1).text).split("LISTAS")[0]
    shown = json.loads(office.bot("cases", "--json").stdout)
    assert {case["intent"] for case in shown} == {"create_list", rooms.BOOK}


def test_what_a_room_keeps_is_asked_for_and_looked_at(office: Office) -> None:
    for number in range(2):
        office.write(AREA, "Auditorio", ASKS + REST)
        review = office.mail("review", REVIEWER, after=number)
        office.reply(review, "APROBAR")
        office.reply(office.mail("approval", APPROVER, after=number), "APROBAR")
        office.reply(office.mail("provisioning", REVIEWER, after=number), "LISTO")
        if number == 0:
            ready = office.mail("noted", AREA)
            office.reply(ready, "MIS ESPACIOS")
            assert ready.case in office.mail("noted", AREA, after=1).text
    assert "NO CUMPLE. Está tomado." in flat(review.text)
    office.mail("command_result", REVIEWER, after=3)
    told = [m for m in office.sink.mails if m.template == "command_result"]
    assert any("ya está tomado ese día" in flat(m.text) for m in told)
    assert len(rooms.BOOKINGS) == 1


def test_who_receives_the_room_does_not_decide_on_it(office: Office) -> None:
    own = REST.replace("elvira.santoyo@upaep.mx", REVIEWER)
    office.write(AREA, "Auditorio", ASKS + own)
    office.mail("review", REVIEWER_2)
    assert office.count("review", REVIEWER) == 0
