"""Orders in the words of an office: read from the mail as a whole where no rule is sure of one."""

from __future__ import annotations

import pytest

from nlp.kinds.orders import ORDERS, heard, is_unlikely
from nlp.types import Command
from tests.unit.test_nlp_commands import commands

ORDERED: tuple[tuple[str, str, str | None], ...] = (
    ("Buenas tardes, ya la revisé con la gente de Becas y los números coinciden. La apruebo.\n\n"
     "Feliz fin de semana, Mónica", "approve", None),
    ("Estuve dos días en el congreso de Monterrey y apenas abro el correo. Leí la justificación y"
     " me convence. Queda autorizada la lista.\n\nSaludos, Ing. Cobos", "approve", None),
    ("Con todo gusto otorgo mi aprobación a la solicitud de Odontología. Se nota el trabajo que le"
     " metieron.\n\nDra. Lira", "approve", None),
    ("Buen día, hablé con la responsable y me explicó todo con detalle. Por favor aprueben la"
     " solicitud.\n\nRaquel", "approve", None),
    ("Buenos días. Con pena la rechazo porque el área ya tiene una lista para el mismo"
     " público.\n\nSaludos", "reject",
     "porque el área ya tiene una lista para el mismo público."),
    ("Hola equipo, la leí con calma. Pregúntenle por favor al área cuántos de esos 600 son de"
     " posgrado.\n\nGracias, Hugo", "ask", "cuántos de esos 600 son de posgrado."),
    ("Buenas, yo salgo a una comisión el lunes. Les pido que asignen esta solicitud a"
     " dora.quiroz@upaep.mx, que conoce bien a esa área.", "assign", "dora.quiroz@upaep.mx"),
    ("Hola, la lista de la facultad quedó dada de alta hoy en la mañana con la dirección"
     " avisos-nutricion@upaep.mx. Saludos, Plataforma", "done", "avisos-nutricion@upaep.mx"),
    ("Qué pena, contesté en el hilo equivocado. Les pido deshacer mi respuesta de hace un rato en"
     " esta solicitud.", "undo", None),
    ("Hola, ¿me podrían decir cómo va esta solicitud? La maestra me pregunta todos los días.",
     "status", None),
)  # fmt: skip

UNORDERED = (
    "Hola, la leí con calma y me parece bien. La apruebo en cuanto me confirmen la vigencia con el"
    " área. Saludos",
    "Buen día, mi jefa me dijo en el pasillo que ella la aprueba, pero todavía no lo ha escrito."
    " Espérenla, por favor.",
    "Les comparto el borrador de lo que pienso contestar: «Se autoriza la lista solicitada por la"
    " Biblioteca.» ¿Cómo lo ven?",
    "Aprobada la parte de los alumnos. Lo de los egresados lo vemos con Jurídico la semana que"
    " entra.",
    "Estuve a punto de rechazarla por duplicada y luego vi que la otra ya venció. Déjenme revisarla"
    " bien.",
    "Lupita, ¿le puedes preguntar tú al área si siguen con los carteles? Me urge para otro asunto.",
    "Todavía no la asignen a dora.quiroz@upaep.mx, primero hablo con ella para saber si puede.",
    "La lista avisos-nutricion@upaep.mx casi queda, nos falta que responda el servidor. Mañana les"
    " confirmo.",
    "No deshagan lo que contesté hace rato, por favor; ya vi que estaba bien desde el principio.",
    "Rechazada no está, aprobada tampoco. Así tal cual díganle a quien les pregunte hoy en la"
    " oficina.",
)


@pytest.mark.parametrize(("text", "name", "argument"), ORDERED)
def test_an_order_in_the_words_of_an_office_is_read(
    text: str, name: str, argument: str | None
) -> None:
    assert commands(text) == (Command(name, argument),)


@pytest.mark.parametrize("text", UNORDERED)
def test_what_only_speaks_of_an_order_is_none(text: str) -> None:
    assert commands(text) == ()


def test_a_mail_as_a_whole_speaks_for_an_order_or_against_it() -> None:
    assert {heard(text)[0] for text, _, _ in ORDERED} <= set(ORDERS)
    assert not is_unlikely("approve", ORDERED[0][0])
    assert is_unlikely("reject", ORDERED[0][0])
    assert not is_unlikely("correct", "Frecuencia: quincenal")
