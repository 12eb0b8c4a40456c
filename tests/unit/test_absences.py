"""The days when somebody is away are no validity of a list, however they are told."""

from __future__ import annotations

import datetime as dt

import pytest

from nlp.text.absence import dates_stated
from nlp.text.dates import dates_in
from tests.builders import NOW

from .test_mails_of_programs import analyzer

TODAY = dt.date(2026, 11, 28)
AWAY = (
    "Estaré de vacaciones del 21 al 31 de diciembre.",
    "Salgo de vacaciones del 21 al 31 de diciembre",
    "No estaré del 21 al 31 de diciembre, me cubre Rodrigo Paz.",
    "Estaremos de receso del 21 de diciembre al 6 de enero.",
    "Estoy de incapacidad hasta el 31 de enero de 2027.",
    "Me voy de licencia a partir del 15 de enero, regreso el 20 de abril de 2027.",
    "Me voy de permiso del 21 al 31 de diciembre, cualquier cosa con Rodrigo.",
    "Por el receso del 21 de diciembre al 6 de enero no reviso correo.",
    "Del 21 al 31 de diciembre estaré de vacaciones.",
    "El 21 de diciembre salgo de vacaciones y regreso el 7 de enero.",
    "Regreso el 7 de enero.",
    "Nos reincorporamos el 7 de enero de 2027.",
    "Durante mi ausencia (del 21 al 31 de diciembre) atiende Rodrigo.",
    "La Mtra. Vidal estará de incapacidad por maternidad del 4 de enero al 28 de marzo de 2027.",
    "Les aviso que del 21 de diciembre al 6 de enero no laboramos.",
    "No habrá nadie en la oficina entre el 21 de diciembre y el 6 de enero.",
    "La universidad cierra del 19 de diciembre al 5 de enero.",
    "Mis vacaciones son del 21 al 31 de diciembre.",
    "En periodo vacacional (21 de diciembre - 6 de enero) me suple Rodrigo.",
    "I'll be out from December 21 to January 6.",
    "We will be on leave until January 15, 2027.",
    "Thanks; I am back on January 7.",
    "No estaré, me suple la Mtra. Vidal del 21 al 31 de diciembre.",
)
OF_THE_LIST = (
    "La lista estaría vigente del 1 de febrero al 30 de junio de 2027.",
    "La lista estará activa mientras estoy de licencia, del 1 de marzo al 30 de mayo.",
    "Que la lista vuelva a funcionar del 1 de febrero al 30 de junio de 2027.",
    "Volvemos a necesitar la lista del 1 de febrero al 30 de junio.",
    "La usaremos durante las vacaciones, del 21 al 31 de diciembre.",
    "Para el campamento de vacaciones, vigente del 5 al 30 de julio.",
    "Estamos organizando un congreso; la lista sería del 1 de febrero al 30 de junio.",
    "La lista está fuera de servicio y la pedimos del 1 de febrero al 30 de junio.",
    "Porque no hay otro medio, del 1 de febrero al 30 de junio.",
    "Empezamos el 30 de enero y cerramos el 31 de mayo de 2027.",
    "Los libros no regresan\ndel 1 de febrero al 30 de junio",
)
LASTS = (dt.date(2027, 2, 1), dt.date(2027, 6, 30))
BESIDE = (
    "La lista estaría vigente del 1 de febrero al 30 de junio de 2027, porque estaré fuera "
    "del 21 al 31 de diciembre.",
    "Estaré fuera hasta el 6 de enero, la lista la necesitamos del 1 de febrero al 30 de junio.",
    "Del 1 de febrero al 30 de junio, y del 21 al 31 de diciembre no estaré.",
    "Regreso el 7 de enero. Sería del 1 de febrero al 30 de junio de 2027.",
    "No estaré el viernes 15. Del 1 de febrero al 30 de junio de 2027, por favor.",
    "El 31 de agosto de 2022 cae en receso, cámbienlo del 1 de febrero al 30 de junio.",
)


@pytest.mark.parametrize("text", AWAY)
def test_days_of_an_absence_are_not_stated(text: str) -> None:
    assert dates_in(text, TODAY)
    assert dates_stated(text, TODAY) == []


@pytest.mark.parametrize("text", OF_THE_LIST)
def test_days_of_a_list_are_stated(text: str) -> None:
    assert dates_in(text, TODAY)
    assert dates_stated(text, TODAY) == dates_in(text, TODAY)


@pytest.mark.parametrize("text", BESIDE)
def test_days_of_a_list_are_told_from_those_of_an_absence_beside_them(text: str) -> None:
    stated = [span.date for span in dates_stated(text, TODAY)]
    assert tuple(day for day in stated if day.year > 2022) == LASTS


@pytest.mark.parametrize("away", AWAY)
def test_an_absence_gives_a_request_no_period(away: str) -> None:
    body = f"Necesitamos una lista de correo para los 85 entrenadores de Deportes.\n\n{away}\n"
    raw = f"From: hugo.renteria@upaep.mx\nSubject: Lista de Deportes\n\n{body}"
    fields = analyzer().analyse(raw.encode(), NOW).prediction.fields
    assert fields.keys() & {"start_date", "end_date"} == set()
    assert fields["recipients"].value == 85
