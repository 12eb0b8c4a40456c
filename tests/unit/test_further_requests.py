"""A mail that asks for several lists, or for another in the thread of one: a message for each."""

from __future__ import annotations

import datetime as dt
from functools import partial

import pytest

from bot.workflow.requester.conversation import turn_context
from nlp.text.folios import folios_in
from nlp.turns.further import (
    each_of_several,
    further_asked_for,
    of_this_request,
    without_names,
)
from nlp.types import Block, BlockKind, Message
from tests.builders import KIND, NOW, case, found, full_form, mail

from .test_mails_of_programs import analyzer

LIST = ("lista",)
ITEMS = """Buenas tardes, necesitamos dos listas para la Facultad de Agronomía:

1. agro-practicas, para los alumnos de prácticas de campo, 140 destinatarios.

2. agro-egresados, para nuestros egresados, 760 destinatarios.

La responsable soy yo. Muchas gracias"""
SENTENCES = """Quisiéramos pedirles dos listas de Agronomía. La primera es para los tutores,
unos 60. La segunda sería para los padres de familia, unos 900.

La responsable soy yo."""
HEADS = """Necesitamos dos listas de la Facultad de Agronomía. La responsable soy yo.

Lista 1:
Nombre de la lista: agro-practicas
Destinatarios: 140

Lista 2:
Nombre de la lista: agro-egresados
Destinatarios: 760"""
INLINE = """Necesitamos dos listas de Agronomía: una para los alumnos (520, semanal) y otra para los
docentes (48, mensual). ¿Hago dos solicitudes? La responsable soy yo."""
TERSE = """Son DOS listas de Agronomía. La responsable soy yo.

Una agro-alumnos, 520, semanal; otra agro-docentes, 48, mensual."""

NAMED = """Necesitamos dos listas de Agronomía.

1) agro-alumnos: para 520 alumnos, avisos de becas, semanal.
2) agro-docentes: para 48 docentes, avisos de juntas, mensual.
En ambos casos: la responsable soy yo, La responsable soy yo."""
SLUGS = """No es correcto, son dos listas distintas de Agronomía:
agro-alumnos: avisos de becas, 520, semanal.
agro-docentes: avisos de juntas, 48, mensual.

La responsable soy yo."""
RUN_ON = """Son dos listas distintas: agro-alumnos: avisos de becas, 520, semanal. agro-docentes:
avisos de juntas, 48, mensual. Lo demás es igual en las dos: Agronomía. La responsable soy yo."""
LABELLED = """Necesitamos que nos creen dos listas. La responsable soy yo, de Agronomía.

1) Nombre de la lista: agro-alumnos. Destinatarios: 520. Frecuencia de envío: semanal.
2) Nombre de la lista: agro-docentes. Destinatarios: 48. Frecuencia de envío: mensual."""
BULLETS = """Pedimos dos listas:
• Docentes: 48 personas, mensual, para juntas
• Alumnos: 520 personas, semanal, para becas
Las dos son de Agronomía. La responsable soy yo."""


def message(text: str, things: tuple[str, ...] = LIST) -> Message:
    blocks = (Block(BlockKind.NEW, text),)
    return Message("Listas", blocks, dt.date(2026, 8, 17), things=things)


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        (ITEMS, "140", "760"),
        (HEADS, "140", "760"),
        (SENTENCES, "60", "900"),
        (INLINE, "520, semanal", "48, mensual"),
        (TERSE, "520, semanal", "48, mensual"),
        (NAMED, "520 alumnos", "48 docentes"),
        (SLUGS, "520, semanal", "48, mensual"),
        (RUN_ON, "520, semanal", "48, mensual"),
        (LABELLED, "agro-alumnos", "agro-docentes"),
        (BULLETS, "48 personas", "520 personas"),
    ],
)
def test_each_has_its_own_data_and_what_is_said_of_all(text: str, first: str, second: str) -> None:
    one, other = each_of_several(message(text))
    assert first in one.new_text
    assert second not in one.new_text
    assert second in other.new_text
    assert first not in other.new_text
    for each in (one, other):
        assert "Agronomía" in each.new_text
        assert "La responsable soy yo" in each.new_text


@pytest.mark.parametrize(
    "text",
    [
        "Necesitamos una lista:\n1. para los alumnos\n2. para los docentes",
        "Ya tenemos dos listas y queremos otra para los alumnos, unos 60.",
        "Pedimos dos listas, luego les digo cuáles.",
        "Dos listas:\n- Nombre: avisos-a\n- Destinatarios: 60\n- Frecuencia: mensual",
        "Ya tenemos dos listas:\n1. alumnos\n2. docentes\nQueremos cambiar la primera.",
    ],
)
def test_what_is_one_list_stays_whole(text: str) -> None:
    assert each_of_several(message(text)) == ()


def test_the_one_that_a_thread_goes_on_with_is_the_first() -> None:
    first, _ = each_of_several(message(SLUGS), ["agro-docentes"])
    assert "48, mensual" in first.new_text


def test_a_list_like_another_is_another_but_in_its_own_thread() -> None:
    text = "De nuevo: agro-tutores, 30, mensual; lo demás igual que en agro-docentes."
    found = further_asked_for(message(text), ["agro-docentes"])
    assert found is not None
    assert found[1].new_text.startswith("agro-tutores, 30")
    assert further_asked_for(message(text), ["agro-tutores"]) is None


def test_another_list_has_not_the_name_of_the_one_it_comes_beside() -> None:
    text = "Además de agro-docentes queremos pedir otra, que se llame agro-tutores."
    alone = without_names(message(text), ["agro-docentes", 350])
    assert "agro-docentes" not in alone.new_text
    assert "que se llame agro-tutores" in alone.new_text


@pytest.mark.parametrize(
    ("of_this", "of_other"),
    [
        ("", "Además de la CI-2026-0013 necesitamos otra lista: ingles, 400. Lo demás igual."),
        ("Gracias.", "Aprovechando el viaje, también necesitamos otra lista, idiomas-frances."),
        ("La extensión es 7230.", "De paso, solicitamos la creación de una segunda lista."),
        ("", "¿Nos podrían abrir otra lista para los de posgrado?"),
        ("", "También queremos una lista para los tutores, serían 40."),
        ("", "Además de la lista que ya está en trámite, queremos pedir otra distinta para cine."),
    ],
)
def test_another_list_in_a_thread_is_told_from_what_is_said_of_this(
    of_this: str, of_other: str
) -> None:
    found = further_asked_for(message(f"{of_this} {of_other}".strip()))
    assert found is not None
    assert [one.new_text.strip() for one in found] == [of_this, of_other]


@pytest.mark.parametrize(
    "text",
    [
        "En Enfermería ya tienen otra lista. ¿Podemos pedir otra lista después?",
        "No necesitamos otra lista, con esa basta.",
        "Si necesitamos otra lista, les avisamos.",
        "No queremos que se confunda con otra lista.",
        "Necesitamos que sea igual que la otra lista.",
        "Más adelante queremos pedir otra lista.",
        "Necesitamos la lista para los alumnos, también para los docentes.",
        "Les pido que le pongan otra fecha a la lista.",
        "Solicito otra vez la lista, no me contestaron.",
    ],
)
def test_another_list_in_passing_is_none(text: str) -> None:
    assert further_asked_for(message(text)) is None


@pytest.mark.parametrize(
    ("text", "of_this", "of_other"),
    [
        ("Sí. Y para la otra (CI-2026-0014) solo cambia el nombre: egresados-negocios.",
         "Sí.", "Y para la otra (CI-2026-0014) solo cambia el nombre: egresados-negocios."),
        ("CI-2026-0013 es a-b con 1,200 y CI-2026-0014 es c-d con 900. El área es Letras.",
         "CI-2026-0013 es a-b con 1,200 El área es Letras.", "CI-2026-0014 es c-d con 900."),
        ("Son 430.\nPara la CI-2026-0014 son 500. Y es mensual.\nGracias",
         "Son 430.\n\nGracias", "Para la CI-2026-0014 son 500. Y es mensual."),
        ("Es igual que en la CI-2026-0014, pero con 300.",
         "Es igual que en la CI-2026-0014, pero con 300.", ""),
        ("La CI-2026-0013 es mensual.", "La CI-2026-0013 es mensual.", ""),
    ],
)  # fmt: skip
def test_what_is_said_of_another_request_is_not_of_this(
    text: str, of_this: str, of_other: str
) -> None:
    cited = partial(folios_in, prefix="CI")
    mine, elsewhere = of_this_request(message(text), "CI-2026-0013", cited)
    assert (mine.new_text, elsewhere) == (of_this, of_other)


@pytest.mark.parametrize("more", ["otras dos listas", "dos listas más", "2 listas adicionales"])
@pytest.mark.parametrize("text", [ITEMS, INLINE, HEADS])
def test_two_more_lists_in_the_thread_of_one_leave_that_one_alone(more: str, text: str) -> None:
    asked = message(text.replace("dos listas", more))
    own, *others = each_of_several(asked, ("Gaceta", "agro-gaceta"))
    assert own.new_text == ""
    assert [one.new_text for one in others] == [one.new_text for one in each_of_several(asked)]
    assert len(others) == 2


ROOM = ("salon",)


@pytest.mark.parametrize(
    "text",
    [
        "Apartamos dos salones de Agronomía.\n\n1. para 140 alumnos\n\n2. para 760 alumnos",
        "Apartamos dos salones de Agronomía.\n\nSalón 1:\nCupo: 140\n\nSalón 2:\nCupo: 760",
        "Dos salones de Agronomía: uno para los alumnos, 140, y otro para los padres, 760.",
        "Apartamos dos salones de Agronomía. El primero es para 140. El segundo sería para 760.",
    ],
)
def test_several_things_of_another_kind_are_told_apart_and_no_lists(text: str) -> None:
    one, other = each_of_several(message(text, ROOM))
    assert ("140" in one.new_text, "760" in one.new_text) == (True, False)
    assert ("140" in other.new_text, "760" in other.new_text) == (False, True)
    assert each_of_several(message(text)) == ()


@pytest.mark.parametrize(
    "text",
    [
        "Además necesitamos otro salón para el lunes.",
        "También queremos un salón para los tutores.",
        "Quisiéramos un salón más, para 40.",
        "Solicitamos un segundo salón.",
    ],
)
def test_another_thing_of_another_kind_is_heard_in_a_thread(text: str) -> None:
    found = further_asked_for(message(f"Sí. {text}", ROOM))
    assert found is not None
    assert [one.new_text.strip() for one in found] == ["Sí.", text]
    assert further_asked_for(message(f"Sí. {text}")) is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Nada más que en cursos-avisos son 180, no 150.", {}),
        ("cursos-avisos: son 180 destinatarios, no 150.", {}),
        ("El nombre mejor cursos-avisos.", {}),
        ("Son 90 y no 1850. En cursos-avisos son 180, no 150.", {"recipients": 90}),
        ("Que sea semanal, igual que en cursos-avisos.", {"frequency": "weekly"}),
        ("El nombre mejor diplomados-avisos-2.", {"list_name": "diplomados-avisos-2"}),
        ("Sí a todo, en las dos.", {}),
    ],
)
def test_what_is_said_of_another_list_of_the_same_person_is_not_of_this(
    text: str, told: dict[str, object]
) -> None:
    form = {**full_form(), "list_name": found("diplomados-avisos")}
    going_on = turn_context(KIND, case(form=form))
    turn = analyzer().turn(mail(text), NOW, (), going_on, ("cursos-avisos",))
    assert turn is not None
    assert {one.field: one.value for one in (*turn.answers, *turn.corrections)} == told
    elsewhere = any(word in text for word in ("cursos", "las dos")) and "igual" not in text
    assert bool(turn.questions) is elsewhere  # a person reads it
