"""A first mail that asks for several lists gives the values of the first alone."""

from __future__ import annotations

import datetime as dt

import pytest

from nlp.turns.several import first_of_several
from nlp.types import Block, BlockKind, Message

ITEMS = """Buenas tardes, necesitamos dos listas para la Facultad de Agronomía:

1. agro-practicas, para los alumnos de prácticas de campo, 140 destinatarios.

2. agro-egresados, para nuestros egresados, 760 destinatarios.

Muchas gracias"""
SENTENCES = """Quisiéramos pedirles dos listas. La primera es para los tutores, unos 60.
La segunda sería para los padres de familia, unos 900."""

HEADS = """Necesitamos dos listas de la Facultad de Agronomía.

Lista 1:
Nombre de la lista: agro-practicas
Destinatarios: 140

Lista 2:
Nombre de la lista: agro-egresados
Destinatarios: 760"""


def message(text: str) -> Message:
    return Message("Listas", (Block(BlockKind.NEW, text),), dt.date(2026, 8, 17))


@pytest.mark.parametrize(
    ("text", "kept", "left"),
    [
        (ITEMS, "agro-practicas", "agro-egresados"),
        (HEADS, "agro-practicas", "agro-egresados"),
        (SENTENCES, "tutores", "padres de familia"),
    ],
)
def test_the_first_is_kept_and_the_others_are_told(text: str, kept: str, left: str) -> None:
    first, others = first_of_several(message(text))
    assert kept in first.new_text
    assert left not in first.new_text
    assert len(others) == 1
    assert left in others[0]


@pytest.mark.parametrize(
    "text",
    [
        "Necesitamos una lista:\n1. para los alumnos\n2. para los docentes",
        "Ya tenemos dos listas y queremos otra para los alumnos, unos 60.",
        "Pedimos dos listas, luego les digo cuáles.",
        "Dos listas:\n- Nombre: avisos-a\n- Destinatarios: 60\n- Frecuencia: mensual",
    ],
)
def test_what_is_one_list_stays_whole(text: str) -> None:
    whole = message(text)
    assert first_of_several(whole) == (whole, ())
