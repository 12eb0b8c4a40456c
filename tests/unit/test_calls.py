"""Who asks for a person, or to be called, and at which number."""

from __future__ import annotations

import pytest

from nlp.turns.questions import number_to_call, wants_person


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("No me manden formatos ni robots, que me llame una persona a la 7040 por favor.", "7040"),
        ("No es un solo aviso. ¿Me van a llamar o no?\n\nEusebio Lara\nMantenimiento, ext. 7040",
         "7040"),
        ("Quisiera que me llamara alguien, estoy en la ext. 7122, de 9 a 2", "7122"),
        ("mañana a las 10 espero la llamada. ¿Me confirman quién me llama?", ""),
        ("¿Me pueden llamar? Mi celular: 222 123 4567", "222 123 4567"),
        ("Ya pasó mucho tiempo y nadie nos resuelve. ¿Quién nos puede ayudar?", ""),
    ],
)  # fmt: skip
def test_a_person_is_asked_for(text: str, number: str) -> None:
    assert wants_person(text)
    assert number_to_call(text) == number


@pytest.mark.parametrize(
    "text",
    [
        "Ante cualquier duda me pueden llamar a la 7040.",
        "Son 430 alumnos y la extensión es 7040.",
        "La lista se llama avisos-letras, la revisa una persona del área.",
        "El Correo del Día no llega a los 1200 alumnos y nadie lo lee.",
    ],
)
def test_no_person_is_asked_for(text: str) -> None:
    assert not wants_person(text)
