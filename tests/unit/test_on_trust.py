"""Commands in the words of an office: read from the mail as a whole where no rule is sure."""

from __future__ import annotations

import pytest

from nlp.kinds.commands import heard, is_unlikely
from nlp.training.turns import every_turn
from nlp.types import Command
from tests.unit.test_layout_own_mail import our_mails
from tests.unit.test_nlp_commands import commands, reading

DECIDES = {"approve", "reject", "undo"}

COMMANDED: tuple[tuple[str, str, str | None], ...] = (
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

# Few words, none of which grammar knows for a form of the command.
SHORT: tuple[tuple[str, str, str | None], ...] = (
    ("Por esta oficina pueden abrirles la lista, todo en regla", "approve", None),
    ("De mi parte denle luz verde a la lista", "approve", None),
    ("Dictamen favorable. Procédase.", "approve", None),
    ("Luz roja a esta lista: demasiados destinatarios", "reject", "demasiados destinatarios"),
    ("Averigüen con ellos cuántas veces al mes mandarían", "ask",
     "cuántas veces al mes mandarían"),
    ("Asienten en el expediente: el decano ya firmó el oficio", "note",
     "el decano ya firmó el oficio"),
    ("Reviertan mi respuesta, piqué mal", "undo", None),
)  # fmt: skip
UNORDERED = (
    "Abran la ventana, que hace calor",
    "Todavía no les abran la lista",
    "Gaby dice que les abran la lista",
    "¿Les abrimos la lista?",
    "Yo les abriría la lista",
    "Denle luz verde cuando traigan el oficio",
    "Ya le pregunté cuántos son",
    "Va, sin problema",
    "Copio a dora.quiroz@upaep.mx",
    "Ya tienen una: egresados@upaep.mx",
    "Si ya firmó el director, se aprueba.",
    "Generalmente estas se rechazan por duplicidad.",
    "Me preguntan por qué tardamos tanto.",
    "Rechazar no es mi estilo.",
    "Justificación: los adeudos no pueden ir en un cartel ni en el Correo del Día",
    "Que la vea dora.quiroz@upaep.mx o yo, da igual.",
    "Ya quedó la de Derecho: avisos-derecho@upaep.mx.",
    "rechazar\npreguntar quién va a moderar",
    "No me convence",
)

# Each is stopped by one guard alone, which stands beside it.
UNCOMMANDED = {
    "what others said": "Revisé el formato y está completo. El maestro Ledezma me dijo que por él"
    " queda aprobada. Saludos.",
    "an aim": "Hola, Falta que Tecnología la vea para rechazar.\n\nSaludos",
    "a draft": "Les comparto el borrador de lo que pienso contestar: «Se autoriza la lista"
    " solicitada por la Biblioteca.» ¿Cómo lo ven?",
    "what waits": "Hola, la leí con calma y me parece bien. La apruebo en cuanto me confirmen la"
    " vigencia con el área. Saludos",
    "a sample": "Preparé esta muestra del correo para la capacitación de los nuevos.\n\nAPROBAR",
    "a part": "Aprobada la parte de los alumnos. Lo de los egresados lo vemos con Jurídico la"
    " semana que entra.",
    "second thoughts": "RECHAZAR: falta el oficio del decano.\n\nNo se crean, la reviso en la"
    " noche con calma.",
    "a question answered": "PREGUNTAR ¿quién da el visto bueno?\n\nYa lo encontré, perdón, viene"
    " en la segunda hoja.",
    "an errand": "Favor de pasar a dora.quiroz@upaep.mx el recado de que la busca su hermana.",
    "a list that is not there": "La lista avisos-nutricion@upaep.mx casi queda, nos falta que"
    " responda el servidor. Mañana les confirmo.",
    "an undo refused": "DESHACER, mejor no",
    "an undo of others": "Cancelen la aprobación, dice Rodrigo. Yo le contesté que estaba loco.",
    "an undo denied": "No deshagan lo que contesté hace rato, por favor; ya vi que estaba bien"
    " desde el principio.",
    "the writer's own errand": "Consulto lo del nombre con la jefa y les confirmo en la tarde.",
    "a colleague's": "Lupita, ¿le puedes preguntar tú al área si siguen con los carteles? Me urge"
    " para otro asunto.",
}  # fmt: skip


@pytest.mark.parametrize(("text", "name", "argument"), COMMANDED)
def test_a_command_in_the_words_of_an_office_is_read(
    text: str, name: str, argument: str | None
) -> None:
    assert commands(text) == (Command(name, argument),)


@pytest.mark.parametrize(("text", "name", "argument"), SHORT)
def test_few_words_that_surely_give_a_command_are_read(
    text: str, name: str, argument: str | None
) -> None:
    assert commands(text) == (Command(name, argument),)


@pytest.mark.parametrize("text", UNORDERED)
def test_few_words_that_give_none_are_asked_back(text: str) -> None:
    assert commands(text) == ()


@pytest.mark.parametrize("text", UNCOMMANDED.values(), ids=UNCOMMANDED.keys())
def test_what_only_speaks_of_a_command_is_none(text: str) -> None:
    assert commands(text) == ()


def test_a_mail_as_a_whole_speaks_for_a_command_or_against_it() -> None:
    assert [heard(text)[0] for text, _, _ in COMMANDED] == [name for _, name, _ in COMMANDED]
    assert not is_unlikely("approve", COMMANDED[0][0])
    assert is_unlikely("reject", COMMANDED[0][0])
    assert not is_unlikely("correct", "Frecuencia: quincenal")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Público: toda la universidad\nAPROBAR", ("correct", "approve")),
        ("Vigencia: bien\nAPROBAR", ("approve",)),
        ("Pídanles la autorización del director.", ("ask",)),
        ("PREGUNTAR: ¿por qué dicen que no hace falta el oficio?", ("ask",)),
        ("RECHAZAR por duplicada.\nPor ejemplo, ya existe avisos-medicina.", ("reject",)),
        ("Deshacer, le di a la que no era", ("undo",)),
    ],
)
def test_what_looks_like_a_doubt_and_is_none(text: str, expected: tuple[str, ...]) -> None:
    assert tuple(command.name for command in commands(text)) == expected


def test_a_question_for_who_asks_by_name_is_one_for_the_area() -> None:
    notice = our_mails()["review"][0]
    assert "Elvira Santoyo" in notice
    for asked in ("pregúntale a elvira", "Pregúntenle a la Mtra. Santoyo"):
        told = reading(f"{asked} cuántos talleres son", quote=notice)
        assert told.commands == (Command("ask", "cuántos talleres son"),)
    assert reading("Pregúntenle a Nancy cuántos talleres son", quote=notice).commands == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Favor de pedir al área el oficio firmado", ("ask", "el oficio firmado")),
        ("Requerir al área solicitante el oficio", ("ask", "el oficio")),
        ("Que manden el padrón de correos", ("ask", "Que manden el padrón de correos")),
        ("RESPONDER al área de compras: que sí", ("answer", "al área de compras: que sí")),
        ("NOTA al área de compras le urge", ("note", "al área de compras le urge")),
        ("Favor de pedir al área de compras el número exacto", None),
        ("Pedir a la Facultad de Derecho el oficio", None),
        ("Preguntar al área de mantenimiento si hay focos", None),
        ("Pedir el visto bueno al rector", None),
        ("Elvira pregunta si ya quedó su lista.", None),
    ],
)
def test_nobody_but_the_area_that_asks_is_asked(
    text: str, expected: tuple[str, str] | None
) -> None:
    told = reading(text, quote=our_mails()["review"][0]).commands
    assert told == (() if expected is None else (Command(*expected),))


def test_no_answer_of_an_area_decides_anything() -> None:
    answers = [turn.message.new_text for turn in every_turn()]
    told = dict.fromkeys(line for text in answers for line in (text, *text.split("\n")) if line)
    assert len(told) > 1_000
    decides = [text for text in told if {c.name for c in commands(text)} & DECIDES]
    assert decides == []
