"""What a requester's second mail says, given what was asked and what is known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from types import MappingProxyType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.config.form import shipped_form, to_form
from nlp.pipeline import Predictor, load
from nlp.training.turns import every_turn
from nlp.turns.courtesy import agreement
from nlp.turns.ours import context_of
from nlp.turns.types import (
    Asked,
    QuestionTopic,
    RequesterCommand,
    Turn,
    TurnContext,
    Unclear,
    Writer,
)
from nlp.types import Block, BlockKind, Document, FieldValue, Message
from tests.unit.test_absences import AWAY
from tests.unit.turn_cases import (
    ANSWERS,
    CORRECTIONS,
    KNOWN,
    MOST,
    NO_DATA,
    OTHERS_EXTENSIONS,
    TODAY,
)

FORM = to_form(shipped_form())
WRITER = Writer("Lucía Barrera", "lucia.barrera@upaep.mx")


@pytest.fixture(scope="module")
def predictor() -> Predictor:
    return load()


def context(lacking: Sequence[str] = ()) -> TurnContext:
    missing = tuple(f.name for f in FORM.fields if f.name in lacking)
    known = {name: value for name, value in KNOWN.items() if name not in missing}
    asked = Asked.FORM if missing else Asked.NOTHING
    return TurnContext(FORM, missing, MappingProxyType(known), asked)


def read(
    predictor: Predictor, text: str, lacking: Sequence[str] = (), *more: Block, **parts: object
) -> Turn:
    message = Message("Re: Su solicitud", (Block(BlockKind.NEW, text), *more), TODAY, **parts)  # type: ignore[arg-type]
    return predictor.turn(message, context(lacking), WRITER)


def changes(turn: Turn) -> dict[str, FieldValue | None]:
    return {one.field: one.value for one in (*turn.answers, *turn.corrections)}


# --- answers ----------------------------------------------------------------------------------


PENDING = Unclear("31 de julio de 2027", ("start_date", "end_date"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Esa es la de fin. El inicio es el 3 de febrero de 2027",
         {"start_date": dt.date(2027, 2, 3), "end_date": dt.date(2027, 7, 31)}),
        ("El inicio es el 3 de febrero de 2027",
         {"start_date": dt.date(2027, 2, 3), "end_date": dt.date(2027, 7, 31)}),
        ("Gracias", {}),
    ],
)  # fmt: skip
def test_what_was_unclear_is_remembered(
    predictor: Predictor, text: str, expected: dict[str, FieldValue]
) -> None:
    message = Message("Re: Su solicitud", (Block(BlockKind.NEW, text),), TODAY)
    asked = replace(context(("start_date", "end_date")), pending=(PENDING,))
    turn = predictor.turn(message, asked, WRITER)
    assert {one.field: one.value for one in turn.answers} == expected


def test_what_was_unclear_is_told_by_its_label_alone(predictor: Predictor) -> None:
    text = "Es la extensión. De destinatarios tenemos 310"
    message = Message("Re: Su solicitud", (Block(BlockKind.NEW, text),), TODAY)
    unclear = Unclear("7240", ("phone_ext", "recipients"))
    asked = replace(context(("phone_ext", "recipients")), pending=(unclear,))
    turn = predictor.turn(message, asked, WRITER)
    assert changes(turn) == {"phone_ext": "7240", "recipients": 310}


def test_a_telephone_below_changes_no_extension(predictor: Predictor) -> None:
    turn = read(predictor, "Gracias.\n\nCasilda Montes\nUPAEP, C.P. 72410. Tel. 222 229 9400")
    assert changes(turn) == {}
    signed = "Mtra. Lucía Barrera\nDirectora de Letras\nTel. 222 229 9400, ext. 7555"
    turn = read(predictor, f"Muy amables, quedo en espera.\n\n{signed}")
    assert (changes(turn), turn.rest) == ({}, "")


@pytest.mark.parametrize(
    "signed",
    [
        "Casilda Montes Rueda\nTel. 222 229 9400",
        "C.P. Norma Zepeda\nConmutador (222) 229 9400 | www.upaep.mx",
        "Casilda Montes Rueda\n2222299400",
    ],
)
def test_a_signature_glued_below_the_form_is_no_answer(predictor: Predictor, signed: str) -> None:
    lacking = ("position", "sponsor", "responsible", "purpose", "list_name")
    turn = read(
        predictor, f"Cargo: Directora\nVisto bueno: Joaquín Verduzco Leal\n{signed}", lacking
    )
    said = {one.field: one.value for one in turn.answers}
    assert said == {"position": "Directora", "sponsor": "Joaquín Verduzco Leal"}


def test_a_name_in_its_turn_is_an_answer_with_its_telephone_below(predictor: Predictor) -> None:
    text = "Directora\nJoaquín Verduzco Leal\nTel. 222 229 9400"
    turn = read(predictor, text, ("position", "sponsor", "purpose"))
    said = {one.field: one.value for one in turn.answers}
    assert said == {"position": "Directora", "sponsor": "Joaquín Verduzco Leal"}


def test_what_leads_to_a_question_says_nothing_else(predictor: Predictor) -> None:
    turn = read(predictor, "Buenas, una pregunta: ¿ya les llegó mi solicitud de la lista?")
    assert [one.topic for one in turn.questions] == [QuestionTopic.STAGE]
    assert turn.rest == ""


@pytest.mark.parametrize(("lacking", "text", "expected"), ANSWERS)
def test_what_is_missing_is_answered(
    predictor: Predictor,
    lacking: tuple[str, ...],
    text: str,
    expected: dict[str, FieldValue | None],
) -> None:
    turn = read(predictor, text, lacking)
    assert {one.field: one.value for one in turn.answers} == expected
    assert turn.corrections == ()
    assert turn.missing == tuple(name for name in context(lacking).missing if name not in expected)


def test_the_writers_signature_answers_where_the_text_points_to_it(predictor: Predictor) -> None:
    signature = Block(BlockKind.SIGNATURE, "Lucía Barrera Ponce\nSecretaria Académica\nExt. 7230")
    lacking = ("responsible", "position", "phone_ext", "recipients")
    turn = read(predictor, "yo seré la responsable, mis datos van en la firma", lacking, signature)
    assert changes(turn) == {
        "responsible": "Lucía Barrera Ponce",
        "position": "Secretaria Académica",
        "phone_ext": "7230",
    }
    assert changes(read(predictor, "Con gusto, en un rato lo lleno", lacking, signature)) == {}


@pytest.mark.parametrize(
    "text",
    [
        "El puesto y la extensión son los que aparecen en mi firma.",
        "Cargo y extensión: los de mi firma",
        "mi puesto y extensión vienen en mi firma",
        "Tomen de mi firma el cargo y la extensión, por favor",
        "Mi cargo es el de mi firma y la extensión también",
    ],
)
def test_each_field_that_points_to_the_signature_is_as_signed(
    predictor: Predictor, text: str
) -> None:
    signature = Block(BlockKind.SIGNATURE, "Lucía Barrera Ponce\nSecretaria Académica\nExt. 7230")
    turn = read(predictor, text, ("position", "phone_ext"), signature)
    assert changes(turn) == {"position": "Secretaria Académica", "phone_ext": "7230"}
    assert turn.rest == ""


@pytest.mark.parametrize(
    ("lacking", "text"),
    [
        (("phone_ext", "recipients"), "7230"),
        (("responsible", "sponsor"), "Hugo Sánchez Leal"),
        (("start_date", "end_date"), "30 de julio de 2027"),
    ],
)
def test_what_could_answer_two_fields_is_asked_back(
    predictor: Predictor, lacking: tuple[str, ...], text: str
) -> None:
    turn = read(predictor, text, lacking)
    assert changes(turn) == {}
    assert [(one.text, one.fields) for one in turn.unclear] == [(text, lacking)]


@pytest.mark.parametrize(
    "text",
    [
        "no sé cuántos son, aprox 300 o 400",
        "Número aproximado de destinatarios: entre 300 y 400",
        "Frecuencia de envío: mensual o quincenal, no hemos decidido",
        "Cargo: el de siempre",
        "Justificación: véase mi correo anterior",
        "Visto bueno: del Director",
        "Frecuencia: ¿puede ser semanal?",
        "Vigencia: todo el semestre otoño 2026",
        "permanente",
        "Justificación: se omite en este acto, por encontrarse en revisión del área jurídica.",
        "Visto bueno: VEASE MI CORREO ANTERIOR",
        "Visto bueno: either Paola or Rodrigo, te confirmo",
        "Visto bueno: Aurelio Campech Sandoval o Fidel Arroyave, el que firme primero",
        "Responsable: todavía no se define, entre Julieta y Paco",
        "Lo autoriza el Dr. Arturo Paz o la Mtra. Inés Cruz, según quien esté",
        "el responsable no sabemos, o soy yo o es Karen",
        "Número aproximado: between 400 and 500",
        "Pueden ser entre 2 mil y 3 mil.",
        "Destinatarios: entre dos mil y tres mil",
        "Vigencia (inicio): 30 de agosto o 6 de septiembre; sin decidir",
        "Visto bueno: véase mi correo anterior, ahí viene.",
        "Visto bueno: still pending",
        "Visto bueno: pendiente (anda de viaje)",
        "7. Visto bueno: pendiente.",
        "La justificación se la debo. Ojo, cambié dos cosas, porque me mueven de puesto.",
        "Lo llené abajo, y le cambié el nombre porque así nadie se confunde.",
        "Nuestro congreso es el 4 de septiembre y esperamos 100 invitados.",
    ],
)
def test_what_is_open_gives_no_value(predictor: Predictor, text: str) -> None:
    assert changes(read(predictor, text, MOST)) == {}


def test_an_end_never_comes_before_its_start(predictor: Predictor) -> None:
    turn = read(predictor, "Vigencia (fin): 3 de marzo de 2025", ("end_date",))
    assert changes(turn) == {}
    turn = read(predictor, "del 1 de octubre al 30 de junio", ("start_date", "end_date"))
    start, end = changes(turn)["start_date"], changes(turn)["end_date"]
    assert str(start) == "2026-10-01"
    assert str(end) == "2027-06-30"


# --- corrections ------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "expected"), CORRECTIONS)
def test_a_correction_changes_exactly_that(
    predictor: Predictor, text: str, expected: dict[str, FieldValue]
) -> None:
    turn = read(predictor, text)
    assert {one.field: one.value for one in turn.corrections} == expected
    assert turn.answers == ()


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        ("¿Cuántas personas recibirían los correos?", "Quedan 284", {"recipients": 284}),
        ("¿Cuántos grupos abren este semestre?", "18", {}),
        ("¿Son 350 o es un aproximado?", "Exactamente son 362", {"recipients": 362}),
        ("¿Cada cuánto van a escribir?", "Cada semana", {"frequency": "weekly"}),
        ("El Dr. Méndez ya no está, ¿quién da ahora el visto bueno?", "La Mtra. Eva Lima Ruiz",
         {"sponsor": "Eva Lima Ruiz"}),
        ("La extensión 7230 no contesta, ¿cuál es la correcta?", "7355", {"phone_ext": "7355"}),
        ("si pueden cada tres meses", "sii claro, cada tres meses está bien. y son de octavo",
         {"frequency": "quarterly"}),
        ("¿Por qué no basta el Correo del Día?", "Porque nadie lo lee y no llega a tiempo", {}),
        ("¿Puede ser mensual?", "Mensual no nos sirve, tiene que ser quincenal", {}),
        ("¿Por qué la necesitan quincenal?", "Porque hay avances. Mensual no sirve.", {}),
        ("¿Ya tienen una página?", "no", {}),
        ("", "284", {}),
    ],
)  # fmt: skip
def test_a_bare_answer_is_for_what_staff_asked(
    predictor: Predictor, question: str, text: str, expected: dict[str, FieldValue]
) -> None:
    message = Message("Re: Su solicitud", (Block(BlockKind.NEW, text),), TODAY)
    asked = replace(context(), question=question, asked=Asked.QUESTION)
    turn = predictor.turn(message, asked, WRITER)
    assert {one.field: one.value for one in turn.corrections} == expected


def test_what_is_asked_politely_leaves_nothing_open(predictor: Predictor) -> None:
    said = (
        "Si no tienen inconveniente, la lista estaría vigente desde el 10 de enero de 2027 y hasta"
    )
    turn = read(predictor, f"{said} el 15 de julio de 2027.", ("start_date", "end_date"))
    days = {"start_date": dt.date(2027, 1, 10), "end_date": dt.date(2027, 7, 15)}
    assert changes(turn) == days


def test_a_persons_name_is_no_lists(predictor: Predictor) -> None:
    text = "En el visto bueno pongan el nombre completo: Claudia Iturbide Vargas."
    assert "list_name" not in changes(read(predictor, text))


def test_a_list_may_bear_a_persons_name(predictor: Predictor) -> None:
    turn = read(predictor, "Nombre de la lista: Juan Pablo Segundo", ("list_name",))
    assert changes(turn) == {"list_name": "Juan Pablo Segundo"}


def test_what_is_open_takes_nothing_along(predictor: Predictor) -> None:
    text = "Vigencia: 10 de enero de 2027 al 15 de julio de 2027; frecuencia sin definir"
    found = changes(read(predictor, text, ("start_date", "end_date", "frequency")))
    assert found == {"start_date": dt.date(2027, 1, 10), "end_date": dt.date(2027, 7, 15)}


@pytest.mark.parametrize(
    "text",
    [
        "La extensión de mi jefe es la 7340, yo no tengo.",
        "La extensión de la oficina de al lado es 7340.",
        "Le pedí a la Lic. Ceballos su visto bueno y me dijo que no, que primero Jurídico.",
        "Amparo Ceballos no va a dar el visto bueno.",
        "El Vo.Bo. está en trámite con el Dr. Emilio Barragán.",
        "El Open House es el 13 de noviembre y la entrega de resultados el 18 de diciembre.",
    ],
)
def test_what_is_told_of_others_answers_nothing(predictor: Predictor, text: str) -> None:
    found = changes(read(predictor, text, MOST))
    assert {name: one for name, one in found.items() if one is not None} == {}


@pytest.mark.parametrize(
    ("text", "recipients"),
    [
        ("Tenemos 9 mil en la base, pero con correo válido nada más 2,340.", 2340),
        ("De los 9 mil egresados solo 2,340 tienen correo.", 2340),
        ("La de Fundación son 5,000 y la nuestra 2,200.", 2200),
    ],
)
def test_of_two_figures_the_one_that_is_ours_counts(
    predictor: Predictor, text: str, recipients: int
) -> None:
    assert changes(read(predictor, text, ("recipients",))) == {"recipients": recipients}


def test_an_extension_of_another_is_still_asked_for(predictor: Predictor) -> None:
    turn = read(predictor, "La extensión de mi jefe es la 7340, gracias.", ("phone_ext",))
    assert (turn.answers, turn.missing) == ((), ("phone_ext",))


def test_a_position_may_begin_as_the_responsible_does(predictor: Predictor) -> None:
    turn = read(predictor, "Cargo: Responsable operativo", ("position",))
    assert changes(turn) == {"position": "Responsable operativo"}


def test_whoever_says_i_tells_no_position(predictor: Predictor) -> None:
    text = "La responsable voy a ser yo, Casilda Montes Rueda, ext. 7330."
    found = changes(read(predictor, text, ("responsible", "position", "phone_ext")))
    assert found == {"responsible": "Casilda Montes Rueda", "phone_ext": "7330"}


@pytest.mark.parametrize("text", NO_DATA)
@pytest.mark.parametrize("lacking", [(), MOST], ids=["complete", "incomplete"])
def test_what_is_only_mentioned_is_no_data(
    predictor: Predictor, text: str, lacking: tuple[str, ...]
) -> None:
    turn = read(predictor, text, lacking)
    assert changes(turn) == {}
    assert turn.unclear == ()


@pytest.mark.parametrize("lacking", [(), MOST], ids=["complete", "incomplete"])
def test_nothing_in_a_link_is_said(predictor: Predictor, lacking: tuple[str, ...]) -> None:
    link = (
        "https://urldefense.com/v3/__https://upaep.mx/lista-450?ext=7190&frecuencia=semanal__;!!x$"
    )
    assert changes(read(predictor, f"Muchas gracias. {link}", lacking)) == {}


@pytest.mark.parametrize("text", AWAY)
@pytest.mark.parametrize("lacking", [(), ("start_date", "end_date", "phone_ext")])
def test_days_of_an_absence_answer_nothing(
    predictor: Predictor, text: str, lacking: tuple[str, ...]
) -> None:
    assert changes(read(predictor, text, lacking)) == {}


@pytest.mark.parametrize("text", OTHERS_EXTENSIONS)
def test_an_extension_beside_somebody_else_changes_none(predictor: Predictor, text: str) -> None:
    assert changes(read(predictor, text)) == {}


# --- the quote and files ----------------------------------------------------------------------

SENT = """Hola, Lucía Barrera:

Nos faltan 2 datos. Para continuar basta con responder a este correo y
escribir cada dato en su renglón.

Cargo: 

Justificación: 

ESTO FUE LO QUE ENTENDIMOS
Si algo no es correcto, corríjalo en su respuesta.

Área solicitante: Facultad de Medicina
Responsable del envío: Lucía Barrera Ponce
Objetivo de la lista: avisarles a nuestros alumnos de las rotaciones clínicas y de las campañas de vacunación de cada semestre
Destinatarios: alumnos, docentes
Número aproximado de destinatarios: 350
Frecuencia de envío: quincenal
"""  # noqa: E501, W291


def answering(
    predictor: Predictor, *blocks: Block, sent: str = SENT, documents: tuple[Document, ...] = ()
) -> Turn:
    message = Message("Re: x", blocks, TODAY, documents, is_reply=True, answered=sent)
    return predictor.turn(message, context_of(sent, FORM, TODAY), WRITER)


def test_our_own_mail_tells_what_was_asked_and_shown() -> None:
    sent = context_of(SENT, FORM, TODAY)
    assert sent.missing == ("position", "justification")
    assert sent.known["recipients"] == 350
    assert sent.known["frequency"] == "biweekly"


def test_what_only_comes_back_in_the_quote_is_no_news(predictor: Predictor) -> None:
    wrapped = SENT.replace("de cada semestre", "\nde cada semestre")
    turn = answering(predictor, Block(BlockKind.NEW, "Gracias"), Block(BlockKind.QUOTE, wrapped))
    assert changes(turn) == {}
    assert turn.repeated == ()


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("Cargo: ", "Cargo: Jefa de Acervo", {"position": "Jefa de Acervo"}),
        ("Cargo: ", "Cargo:\nJefa de Acervo", {"position": "Jefa de Acervo"}),
        ("destinatarios: 350", "destinatarios: 350 → 530", {"recipients": 530}),
        ("destinatarios: 350", "destinatarios: 350 530", {"recipients": 530}),
        ("destinatarios: 2,300", "destinatarios: 2300 2540", {"recipients": 2540}),
        ("destinatarios: 350", "destinatarios: 530", {"recipients": 530}),
        ("envío: quincenal", "envío: quincenal mensual", {"frequency": "monthly"}),
        (
            "alumnos, docentes",
            "alumnos, docentes, egresados",
            {"audience": ("alumni", "faculty", "students")},
        ),
        (
            "alumnos, docentes",
            "alumnos, docentes y administrativos",
            {"audience": ("faculty", "staff", "students")},
        ),
    ],
)
def test_what_is_typed_into_the_quote_counts(
    predictor: Predictor, old: str, new: str, expected: dict[str, FieldValue]
) -> None:
    sent = SENT.replace("destinatarios: 350", old) if "2,300" in old else SENT
    quote = Block(BlockKind.QUOTE, sent.replace(old, new))
    assert changes(answering(predictor, quote, sent=sent)) == expected


def test_what_our_mail_left_open_and_a_quote_fills_in_is_ours_though_nothing_comes_back(
    predictor: Predictor,
) -> None:
    filled = "Cargo: JEFA DE ACERVO\n\nJustificación: POR RADIO SOLO NOS OIMOS ENTRE NOSOTROS"
    turn = answering(predictor, Block(BlockKind.NEW, "VA"), Block(BlockKind.QUOTE, filled))
    assert changes(turn) == {
        "position": "JEFA DE ACERVO",
        "justification": "POR RADIO SOLO NOS OIMOS ENTRE NOSOTROS",
    }


def test_the_mail_beats_its_file_and_a_file_counts_whole(predictor: Predictor) -> None:
    file = Document(
        "formato.docx",
        "Cargo\tJefa de Acervo\nNúmero aproximado de destinatarios\t410\n"
        "Frecuencia de envío\tquincenal",
    )
    turn = answering(predictor, Block(BlockKind.NEW, "Son 450 y no 350."), documents=(file,))
    assert changes(turn) == {"position": "Jefa de Acervo", "recipients": 450}
    assert [one.field for one in turn.repeated] == ["frequency"]


# --- the rest ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "topic", "field"),
    [
        ("¿qué pongo en justificación?", QuestionTopic.FIELD, "justification"),
        (
            "No me queda claro qué debo escribir en el renglón de Visto bueno",
            QuestionTopic.FIELD,
            "sponsor",
        ),
        ("¿el visto bueno es una firma o nomás el nombre?", QuestionTopic.FIELD, "sponsor"),
        ("¿podemos poner el teléfono de un proveedor en los avisos?", QuestionTopic.OTHER, ""),
        ("¿La responsable puede tener un suplente?", QuestionTopic.OTHER, ""),
        ("¿En qué quedó lo nuestro?", QuestionTopic.STAGE, ""),
        ("¿cuánto tarda el trámite?", QuestionTopic.DATE, ""),
        ("¿Para cuándo estaría?", QuestionTopic.DATE, ""),
        ("¿Cómo va mi solicitud?", QuestionTopic.STAGE, ""),
        ("¿me pueden confirmar si lo recibieron?", QuestionTopic.STAGE, ""),
        ("¿Quién decide?", QuestionTopic.WHO, ""),
        ("¿con quién puedo hablar?", QuestionTopic.WHO, ""),
    ],
)
def test_questions_are_told_apart(
    predictor: Predictor, text: str, topic: QuestionTopic, field: str
) -> None:
    turn = read(predictor, text, ("justification", "sponsor"))
    assert [(q.topic, q.field) for q in turn.questions] == [(topic, field)]


@pytest.mark.parametrize(
    ("text", "command", "clear"),
    [
        ("Por favor cancelen mi solicitud", RequesterCommand.CANCEL, True),
        ("cancelen porfa", RequesterCommand.CANCEL, True),
        ("Deténganla por favor, ya no se hará", RequesterCommand.CANCEL, True),
        ("Mejor siempre no", RequesterCommand.CANCEL, False),
        ("sigamos con la solicitud", RequesterCommand.RESUME, True),
        ("Volvemos a necesitarla", RequesterCommand.RESUME, False),
        ("Prorróguenla hasta julio de 2028", RequesterCommand.RENEW, True),
        ("¿La pueden extender un año?", RequesterCommand.RENEW, False),
        ("No la vamos a renovar", RequesterCommand.DROP, False),
        ("bórrenla por favor", RequesterCommand.DROP, True),
        ("Acepto. Y gracias, por fin.", RequesterCommand.ACCEPT, True),
        ("Ya tenemos otra solución, pueden cerrar el folio", RequesterCommand.CANCEL, True),
        (
            "Fíjense que siempre ya no hace falta, gracias de todos modos",
            RequesterCommand.CANCEL,
            True,
        ),
        ("Fíjense que siempre no la vamos a necesitar, gracias", RequesterCommand.CANCEL, False),
        (
            "Ya no va a hacer falta, lo resolvimos con un equipo de Teams. Gracias",
            RequesterCommand.CANCEL,
            True,
        ),
        ("Please cancel our request, we don't need it anymore", RequesterCommand.CANCEL, True),
        (
            "Le solicito dejar sin efecto la solicitud, el foro se pospuso",
            RequesterCommand.CANCEL,
            True,
        ),
        ("siempre no, olvídenlo. ya no queremos la lista", RequesterCommand.CANCEL, True),
        ("a lo mejor ya no vamos a ocupar la lista", RequesterCommand.CANCEL, False),
        ("¿Cómo cancelo la solicitud?", RequesterCommand.CANCEL, False),
        ("Si esto tarda un mes mejor la cancelamos", RequesterCommand.CANCEL, False),
        ("Ya leí los lineamientos y los vamos a cumplir", RequesterCommand.ACCEPT, True),
        ("¿Qué hago para que la lista siga activa otro año?", RequesterCommand.RENEW, False),
        ("Enterada y de acuerdo", RequesterCommand.ACCEPT, True),
        ("sí acepto los lineamientos, saludos", RequesterCommand.ACCEPT, True),
        ("Sí, por favor renuévenla un año más", RequesterCommand.RENEW, True),
        ("Ya no la usamos, la pueden dar de baja", RequesterCommand.DROP, True),
        ("Sí, sigue en pie la solicitud", RequesterCommand.RESUME, True),
    ],
)
def test_commands_are_heard_in_natural_words(
    predictor: Predictor, text: str, command: RequesterCommand, clear: bool
) -> None:
    first = read(predictor, text).commands[0]
    assert (first.command, first.clear) == (command, clear)


@pytest.mark.parametrize(
    "text",
    [
        "La usaríamos para avisar de la cancelación de clases",
        "No cancelen la solicitud, solo pregunté",
        "El cierre de la lista anterior fue en junio",
        "Nos retiramos de la lista de espera del foro",
    ],
)
def test_a_mail_about_something_cancelled_cancels_nothing(predictor: Predictor, text: str) -> None:
    assert read(predictor, text).commands == ()


@pytest.mark.parametrize(
    "text",
    [
        "Gracias",
        "🙏👍",
        "Súper, muchísimas gracias. ¡Bonito día!",
        "De recibido. Agradezco la atención.",
        "Perfecto, todo correcto, así déjenlo. Saludos cordiales.",
        "Thanks a lot, have a nice weekend!",
        "Mil gracias!!! son lo máximo 🙌",
        "Perfecto, acuso de recibo.",
        "Excelente servicio, muchas gracias",
    ],
)
def test_thanks_leave_nothing(predictor: Predictor, text: str) -> None:
    turn = read(predictor, text)
    assert turn.thanks
    assert turn.rest == ""


def test_what_no_rule_knows_is_kept(predictor: Predictor) -> None:
    text = "No estoy de acuerdo con los tiempos, nos urge mucho."
    assert read(predictor, text).rest == text


# --- properties -------------------------------------------------------------------------------

_NAMES = st.sampled_from(["Rosa Lima Vega", "Hugo Sánchez Leal", "Saúl Nieto Paz", "Eva Nealtican"])
_AREAS = st.sampled_from(["Enfermería", "la Facultad de Derecho", "Arquitectura", "Posgrados"])
_COUNTS = st.integers(12, 9000)
_DAYS = st.integers(1, 28)
_MONTHS = st.sampled_from(["septiembre", "octubre", "marzo", "mayo"])
_RHYTHMS = st.sampled_from(["diario", "cada semana", "mensual", "cada mes"])
_GREETINGS = st.sampled_from(["", "Hola, buenas tardes:", "Estimados:", "Buen día, equipo."])
_FAREWELLS = st.sampled_from(
    ["", "Gracias.", "Saludos\nLucía Barrera", "Quedo atenta.\n\nLucía Barrera Ponce | ext. 7230",
     "Enviado desde mi iPhone", "Cualquier duda, con gusto."]
)  # fmt: skip


@st.composite
def mentions(draw: st.DrawFn) -> str:
    """A turn that tells things and answers nothing."""
    area, name, count = draw(_AREAS), draw(_NAMES), draw(_COUNTS)
    day, month, rhythm = draw(_DAYS), draw(_MONTHS), draw(_RHYTHMS)
    told = [
        f"en {area} ya tienen una lista de {count} alumnos",
        f"los de {area.removeprefix('la ').title()} mandan {rhythm} a sus {count} estudiantes",
        f"Nuestro congreso es el {day} de {month} y esperamos {count} invitados.",
        f"Ayer hablé con {name} y me dijo que el trámite es rápido.",
        f"Le marco copia a {name} para que esté enterado.",
        f"Les llamé a la extensión {7000 + count % 999} y nadie contestó.",
        f"El año pasado éramos {count} y mandábamos {rhythm}.",
        "¿En qué va nuestra solicitud?",
        f"Estaré de vacaciones del {day} al 30 de {month}.",
        f"¿Con {count} alumnos está bien?",
        "La verdad es que tardan mucho en contestar.",
        f"Mi compañera {name} pidió otra lista la semana pasada.",
        f"Ojalá quede antes del {day} de {month}.",
        f"Hoy no estoy en mi lugar, márquenme a la {7000 + count % 999}, que es de una compañera.",
        f"Limpieza tiene {count} y escribe {rhythm}, pero eso es asunto suyo.",
        f"Y disculpen, pero llevamos {count % 30 + 2} semanas esperando.",
        f"A mi compañero {name} lo hicieron Director de Finanzas.",
        f"Pongan en pausa la solicitud hasta que regrese el director, el {day} de {month}.",
        f"El reencuentro será el {day} de {month} y esperamos {count} personas.",
        f"Si algún día llegáramos a {count} o hiciera falta mandarla {rhythm}, les avisamos.",
    ]
    said = draw(st.lists(st.sampled_from(told), min_size=1, max_size=3, unique=True))
    return "\n\n".join(
        part for part in (draw(_GREETINGS), "\n".join(said), draw(_FAREWELLS)) if part
    )


@settings(
    max_examples=500, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=mentions(), lacking=st.sampled_from([(), MOST]))
def test_nothing_changes_by_what_is_mentioned(
    predictor: Predictor, text: str, lacking: tuple[str, ...]
) -> None:
    assert changes(read(predictor, text, lacking)) == {}


@st.composite
def corrections(draw: st.DrawFn) -> tuple[str, str]:
    """A turn that corrects one field, and which."""
    count = draw(_COUNTS.filter(lambda n: n != 350))
    name, rhythm = draw(_NAMES), draw(st.sampled_from(["mensual", "semanal", "bimestral"]))
    ext = draw(st.integers(7300, 7999))
    day = draw(_DAYS)
    field, text = draw(
        st.sampled_from(
            [
                ("recipients", f"son {count} y no 350"),
                ("recipients", f"{count} en lugar de 350, por favor"),
                ("recipients", f"Corrijo: son {count} destinatarios."),
                ("recipients", f"Número aproximado de destinatarios: {count}"),
                ("recipients", f"me equivoqué, no son 350 sino {count}"),
                ("frequency", f"mejor que sea {rhythm}"),
                ("frequency", f"la frecuencia sería {rhythm}, ya no quincenal"),
                ("frequency", f"Frecuencia de envío: {rhythm}"),
                ("frequency", f"donde dice quincenal debe decir {rhythm}"),
                ("sponsor", f"El visto bueno ya no lo da el Dr. Arturo Méndez sino {name}"),
                ("sponsor", f"Visto bueno: {name}"),
                ("sponsor", f"En vez del Dr. Arturo Méndez pongan a {name}"),
                ("phone_ext", f"la extensión está mal, es la {ext}"),
                ("phone_ext", f"cambien mi extensión por la {ext}"),
                ("end_date", f"me equivoqué en la vigencia: termina el {day} de junio"),
                ("end_date", f"la vigencia termina el {day} de junio, no en julio"),
                ("list_name", "la lista mejor que se llame med-rotaciones"),
                ("responsible", f"la responsable será {name}, ya no yo"),
                ("recipients", f"ups, me equivoqué de tecla, son {count} los destinatarios"),
                ("recipients", f"it's {count} recipients instead of 350"),
                ("recipients", f"Revisando bien, no son 350 ni 340, son {count}."),
                ("frequency", f"cámbienle la frecuencia a {rhythm} porfa"),
                ("frequency", f"La frecuencia que anotaron no va, lo correcto es {rhythm}"),
                ("sponsor", f"El Dr. Méndez se jubiló, ahora el visto bueno lo da {name}"),
                ("phone_ext", f"Nos cambiaron el teléfono, la extensión ya es {ext} y no 7230"),
                ("end_date", f"¿Se puede extender hasta el {day} de diciembre de 2027?"),
                ("list_name", "se me fue el dedo, la lista es med-rotaciones"),
                ("position", "mi puesto ya no es Secretaria Académica, soy Jefa de Nómina"),
            ]
        )
    )
    return "\n\n".join(part for part in (draw(_GREETINGS), text, draw(_FAREWELLS)) if part), field


@settings(
    max_examples=500, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(case=corrections())
def test_a_correction_changes_one_field(predictor: Predictor, case: tuple[str, str]) -> None:
    text, field = case
    assert list(changes(read(predictor, text))) == [field]


# --- what is weighed --------------------------------------------------------------------------


def test_what_is_dictated_in_one_breath_is_read(predictor: Predictor) -> None:
    text = (
        "serían como doscientos setenta destinatarios la vigencia va del primero de marzo del 2027"
        " al quince de junio del 2027 muchas gracias"
    )
    turn = read(predictor, text, ("recipients", "start_date", "end_date"))
    assert changes(turn) == {
        "recipients": 270,
        "start_date": dt.date(2027, 3, 1),
        "end_date": dt.date(2027, 6, 15),
    }


def test_a_value_bears_how_sure_it_is(predictor: Predictor) -> None:
    typed = read(predictor, "Extensión: 7188\nFrecuencia de envío: mensual", MOST)
    assert len(typed.answers) == 2
    assert min(one.sure for one in typed.answers) > 0.85


def test_turns_of_the_corpus_answer_a_mail_of_ours() -> None:
    turns = every_turn()
    assert len({turn.author for turn in turns}) > 8
    assert all(turn.message.answered.startswith("Hola") for turn in turns)


@pytest.mark.parametrize(
    ("said", "agrees"),
    [
        ("Sí, soy yo", True),
        ("Sí a lo que preguntan", True),
        ("SÍ, both are correct", True),
        ("Sí, that's right.", True),
        ("Sí, claro, adelante", True),
        ("Sí, soy yo, pero mi jefe firma", None),
        ("Sí son 300", None),
        ("No", False),
    ],
)
def test_a_plain_yes_may_be_said_in_several_words(said: str, agrees: bool | None) -> None:
    assert agreement([said]) is agrees
