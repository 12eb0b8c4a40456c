"""What an area does by mail: correct, add, ask how it goes, follow, cancel; by nobody else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.e2e.requests import FULL, PROSE, REST
from tests.rig.office import (
    APPROVER,
    AREA,
    PROVISIONER,
    REVIEWER,
    HandClock,
    Office,
    answer,
    in_process,
)

COLLEAGUE, STRANGER = "luis.mora@upaep.mx", "extrano@upaep.mx"
OTHER = FULL.replace("Biblioteca", "Hemeroteca").replace("novedades-b", "avisos-h")


@pytest.fixture
def office(closed: Office, clock: HandClock) -> Iterator[Office]:
    with in_process(closed, clock):
        yield closed


def test_co_requesters_complete_correct_and_add(office: Office) -> None:
    office.write(AREA, "Lista para la biblioteca", PROSE, Cc=COLLEAGUE)
    form = office.mail("form", AREA)
    office.reply(form, REST, COLLEAGUE)
    received = office.mail("received", COLLEAGUE)
    assert received.case == form.case == office.mail("received", AREA).case
    office.mail("review", REVIEWER)

    office.reply(received, "Perdón, la extensión es 7999.\n\nExtensión: 7999", COLLEAGUE)
    corrected = office.mail("received", AREA, after=1)
    assert "Anotamos su corrección" in corrected.text
    fresh = office.mail("review", REVIEWER, after=1)
    assert f"{COLLEAGUE} corrigió su solicitud" in fresh.text
    assert "antes: 7415" in fresh.text

    with_file = answer(corrected, "Agrego el oficio firmado.", AREA)
    with_file.add_attachment("Visto bueno.", filename="oficio firmado.txt")
    office.receive(with_file)
    remark = office.mail("remark", REVIEWER)
    assert "oficio firmado.txt" in remark.text
    shown = office.bot("cases", "show", form.case).stdout
    assert f"{AREA}: adjuntó oficio firmado.txt" in shown


def test_how_it_goes_is_told_to_its_people_only(office: Office) -> None:
    office.write(AREA, "Formato", FULL)
    received = office.mail("received", AREA)
    office.write("otra.area@upaep.mx", "Formato", OTHER)
    other = office.mail("received", "otra.area@upaep.mx")
    office.reply(received, "¿Cómo va?")
    told = office.mail("status", AREA)
    assert "en revisión por Comunicación Interna" in told.text
    office.write(AREA, "Seguimiento", "Buenos días, ¿cómo va mi trámite?\n\nAna")
    again = office.mail("status", AREA, after=1)
    assert received.case in again.text
    assert other.case not in again.text
    office.write(STRANGER, f"[{received.case}]", f"¿Cómo va la solicitud {received.case}?")
    assert STRANGER in office.mail("remark", REVIEWER).text.lower()
    office.reply(other, f"¿Cómo va {received.case}?", Subject="¿Cómo va?")
    office.write("otra.area@upaep.mx", "Seguimiento", "¿Cómo van mis solicitudes?")
    its = office.mail("status", "otra.area@upaep.mx")
    assert other.case in its.text
    assert received.case not in its.text
    (heard,) = [m for m in office.sink.mails if STRANGER in m.recipients]
    assert heard.template == "noted"
    assert "en revisión" not in heard.text


def test_cancelled_before_and_after_it_is_complete(office: Office) -> None:
    office.write(AREA, "Lista para la biblioteca", PROSE)
    form = office.mail("form", AREA)
    office.reply(form, "CANCELAR")
    gone = office.mail("withdrawn", AREA)
    assert gone.case == form.case
    office.reply(gone, "REANUDAR")
    again = office.mail("form", AREA, after=1)
    locked = answer(again, "Va el formato.", AREA)
    locked.add_attachment(b"%PDF-1.4 nada", "application", "pdf", filename="formato.pdf")
    office.receive(locked)
    assert "formato.pdf" in office.mail("form", AREA, after=2).text
    office.reply(again, "CANCELAR")
    gone = office.mail("withdrawn", AREA, after=1)
    office.reply(gone, REST)  # what was missing takes it up again
    notice = office.mail("review", REVIEWER)
    assert notice.case == form.case
    office.reply(office.mail("received", AREA), "CANCELAR porque cambió el proyecto")
    office.mail("withdrawn", AREA, after=2)
    office.reply(notice, "NOTA ya no la necesitan")
    asked = office.mail("confirm", REVIEWER)  # the notice's key went with its stage
    office.reply(asked, "CONFIRMAR")
    assert "Anotado" in office.mail("command_result", REVIEWER).text
    office.reply(notice, "APROBAR")
    told = office.mail("command_result", REVIEWER, after=1)
    assert "APROBAR no se puede en este momento" in told.text
    assert office.count("approval") == 0


def test_commands_of_staff_tell_an_area_nothing(office: Office) -> None:
    office.write("otra.area@upaep.mx", "Formato", OTHER)
    other = office.mail("received", "otra.area@upaep.mx")
    for text in ("AYUDA", "LISTA todas", "ESTADO", f"ESTADO {other.case}"):
        office.write(AREA, text, text)
    office.write(COLLEAGUE, "Formato", FULL)
    office.mail("received", COLLEAGUE)
    mine = [m for m in office.sink.mails if AREA in m.recipients]
    assert not [m for m in mine if other.case in m.text or m.template == "case_list"]
    assert PROVISIONER not in " ".join(m.text for m in mine)


def test_what_was_missing_may_come_in_a_mail_of_its_own(office: Office) -> None:
    office.write(AREA, "Lista para la biblioteca", PROSE)
    form = office.mail("form", AREA)
    office.write(AREA, "Complemento", f"Complemento los datos que faltaban de la solicitud. {REST}")
    received = office.mail("received", AREA)
    assert received.case == form.case
    office.write("otra.area@upaep.mx", "Formato", OTHER)
    office.mail("received", "otra.area@upaep.mx")  # nothing stands in the way of the next


@pytest.fixture
def doubting(closed: Office, clock: HandClock) -> Iterator[Office]:
    """An office that is never sure: of what is asked for, nor of a value."""
    closed.settings["workflow"] |= {"confidence_threshold": 1.0, "value_threshold": 1.0}
    closed.write_config()
    with in_process(closed, clock):
        yield closed


def test_what_is_not_sure_is_asked_of_its_writer_and_a_word_decides(doubting: Office) -> None:
    office = doubting
    office.write(AREA, "Biblioteca", PROSE.replace("lista", "cuenta"))  # of a list it is certain
    asked = office.mail("wanted", AREA)
    assert "- UNA LISTA NUEVA" in asked.text
    assert office.count("remark") == 0
    office.reply(asked, "UNA LISTA NUEVA")
    form = office.mail("form", AREA)
    assert form.case == asked.case
    assert "¿Es correcto?" in form.text
    office.reply(form, "Sí")
    again = office.mail("form", AREA, after=1)
    assert "Número aproximado de destinatarios: 1,850" in again.text
    assert "¿Es correcto?" not in again.text


def test_silence_on_what_is_wanted_is_for_people(doubting: Office, clock: HandClock) -> None:
    office = doubting
    office.write(AREA, "Biblioteca", "Buenas tardes, es por los avisos de la biblioteca.")
    asked = office.mail("wanted", AREA)
    clock.set("2026-08-20 10:00")
    assert "Seguimos sin saber" in office.mail("wanted", AREA, after=1).text
    clock.set("2026-09-08 10:00")
    heard = office.mail("remark", REVIEWER)
    assert "es por los avisos de la biblioteca" in heard.text
    assert "expired" in office.bot("cases", "show", asked.case, "--json").stdout


def test_an_old_letter_of_ours_in_a_new_mail_answers_by_what_changed_in_it(office: Office) -> None:
    office.write(AREA, "Lista para la biblioteca", PROSE)
    form = office.mail("form", AREA)
    office.reply(form, f"La frecuencia es semanal.\n\n{REST}")
    received = office.mail("received", AREA)

    filled = form.text.replace("Cargo:", "Cargo: Directora de Biblioteca")
    office.write(AREA, "Formato", f"Hola, va el formato.\n\n{filled}")
    assert office.mail("received", AREA, after=1).case == form.case
    asked = office.mail("review", REVIEWER, after=1)
    assert "Cargo: Directora de Biblioteca" in asked.text
    assert "Frecuencia de envío: semanal" in asked.text

    to_key = {"To": str(asked.message["Reply-To"])}
    office.write(AREA, "Gracias", f"Muchas gracias.\n\n{received.text}")
    office.write(REVIEWER, "Gracias", f"Gracias.\n\n{asked.text}", **to_key)
    office.write(AREA, "Avance", f"¿Cómo va la {form.case}?")
    office.mail("status", AREA)
    story = office.bot("cases", "show", form.case).stdout
    assert f"{form.case}: en revisión" in story
    assert story.count("llenó") == 2
    office.write(REVIEWER, "Visto", f"Aprobar.\n\n{asked.text}", **to_key)
    office.mail("approval", APPROVER)
