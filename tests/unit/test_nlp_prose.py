"""Values in running prose, beside a form, in a signature that the text points to."""

from __future__ import annotations

import datetime as dt
import time
from functools import cache
from pathlib import Path
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.fields.labels import labels_of
from nlp.fields.mentions import mentions_in
from nlp.fields.passages import passages_of, unwrap
from nlp.fields.reader import FieldReader, carried
from nlp.fields.writer import sender_of, writer_is_responsible
from nlp.shipped import load_form
from nlp.text.tokens import tokenise
from nlp.training.align import places, tags
from nlp.training.corpus import parse, split_blocks, written
from nlp.training.field_score import Report, same
from nlp.turns.writer import writer_of
from nlp.types import (
    Block,
    BlockKind,
    Document,
    FieldKind,
    FieldValue,
    Form,
    FormField,
    Intent,
    Message,
)

FORM = load_form(Path(__file__).parents[2] / "bot" / "lists" / "form.yaml")
TODAY = dt.date(2022, 3, 1)
CREATE, REINSTATE, CHANGE = Intent.CREATE_LIST, Intent.REINSTATE_LIST, Intent.CHANGE_LIST
NEW, QUOTE, FORWARD, SIGNATURE = (
    BlockKind.NEW,
    BlockKind.QUOTE,
    BlockKind.FORWARD,
    BlockKind.SIGNATURE,
)


@cache
def reader() -> FieldReader:
    return FieldReader.load()


def read(
    *blocks: str | Block,
    intent: Intent = CREATE,
    subject: str = "Lista",
    documents: tuple[Document, ...] = (),
) -> dict[str, FieldValue]:
    parts = tuple(b if isinstance(b, Block) else Block(NEW, b) for b in blocks)
    found = reader().read(Message(subject, parts, TODAY, documents), FORM, intent)
    assert all(f.source and f.evidence and 0 < f.sure <= 1 for f in found.values())
    return {name: f.value for name, f in found.items()}


def test_a_formal_request() -> None:
    text = (
        "Estimados:\n\nLa Facultad de Enfermería solicita la creación de una lista de distribución "
        "para difundir los cursos de actualización. Se dirigiría a estudiantes y profesores, unas "
        "1,200 cuentas, y se utilizaría una vez al mes a partir del 4 de abril de 2022.\n\n"
        "La responsable de los envíos será la Mtra. Elena Robles Pinto, Coordinadora Académica, "
        "extensión 7415, elena.robles@upaep.mx.\n\nSaludos cordiales"
    )
    assert read(text) == {
        "request_type": "creation",
        "area": "Facultad de Enfermería",
        "purpose": "difundir los cursos de actualización",
        "audience": ("faculty", "students"),
        "recipients": 1200,
        "frequency": "monthly",
        "start_date": dt.date(2022, 4, 4),
        "responsible": "Elena Robles Pinto",
        "position": "Coordinadora Académica",
        "phone_ext": "7415",
        "email": "elena.robles@upaep.mx",
    }


def test_a_former_list() -> None:
    text = (
        "Solicito restablecer la lista avisos-quimica de la Facultad de Química, con 310 alumnos."
    )
    found = read(text, intent=REINSTATE)
    assert found["request_type"] == "reinstatement"
    assert found["list_name"] == "avisos-quimica"
    assert found["area"] == "Facultad de Química"
    assert found["recipients"] == 310
    assert found["audience"] == ("students",)


def test_not_a_former_but_a_new_list() -> None:
    text = "No se trata de restablecer la anterior; pedimos crear una lista nueva para los alumnos."
    assert read(text)["request_type"] == "creation"


def test_the_new_responsible_of_a_change() -> None:
    text = (
        "La nueva responsable de la lista avisos-caja será la Lic. Rubí Toxqui Arellano, "
        "rubi.toxqui@upaep.mx, ext. 7564."
    )
    assert read(text, intent=CHANGE) == {
        "list_name": "avisos-caja",
        "responsible": "Rubí Toxqui Arellano",
        "email": "rubi.toxqui@upaep.mx",
        "phone_ext": "7564",
    }


def test_a_signature_fills_nothing() -> None:
    text = "La Biblioteca Central solicita crear una lista para avisar de cursos."
    signature = Block(SIGNATURE, "Ana Ruiz Peña\nJefa de Servicios\nExt. 7911\nana@upaep.mx")
    found = read(text, signature)
    assert not found.keys() & {"responsible", "position", "phone_ext", "email", "sponsor"}


def test_a_signature_that_the_text_points_to() -> None:
    text = (
        "La Biblioteca Central solicita crear una lista. Yo misma seré la responsable de "
        "los envíos."
    )
    signature = Block(SIGNATURE, "Mtra. Ana Ruiz Peña\nJefa de Servicios\nExt. 7911")
    found = read(text, signature)
    assert found["responsible"] == "Ana Ruiz Peña"
    assert found["position"] == "Jefa de Servicios"
    assert found["phone_ext"] == "7911"


@pytest.mark.parametrize(
    "text",
    [
        "Yo seré la responsable.",
        "yo sería el responsable de los envíos",
        "La responsable soy yo.",
        "El responsable de los envíos seré yo.",
        "Yo me hago responsable de lo que se mande",
        "Yo respondo por los envíos.",
        "se cree una lista bajo mi responsabilidad",
        "Sigo yo como responsable del envío.",
        "cuando yo no esté. Yo sigo siendo la responsable de los envíos.",
        "El suscrito fungirá como responsable de los envíos.",
        "Me encargo yo.",
        "mis datos van en la firma",
    ],
)
def test_the_writer_is_responsible(text: str) -> None:
    assert writer_is_responsible(text)


@pytest.mark.parametrize(
    "text",
    [
        "La responsable ya no soy yo sino la profesora Elba.",
        "La responsable no soy yo, aunque firme.",
        "pido que ya no aparezca a mi nombre",
        "La responsable será Ana Ruiz.",
        "Yo no sé quién es el responsable.",
        "yo quiero una lista",
    ],
)
def test_the_writer_is_not(text: str) -> None:
    assert not writer_is_responsible(text)


def test_the_writer_signs() -> None:
    writer = writer_of("Camila Sandoval Rico\nPresidenta\nExt. 7415")
    assert (writer.name, writer.position) == ("Camila Sandoval Rico", "Presidenta")
    assert writer.phone_ext == "7415"


def test_a_quoted_earlier_mail_does_not_count() -> None:
    quoted = Block(QUOTE, "La Facultad de Derecho pide la lista viejos-avisos para 800 alumnos.")
    assert read("Gracias, quedo al pendiente.", quoted) == {}


def test_a_forward_handed_over_counts() -> None:
    forward = Block(FORWARD, "La lista tiene 940 alumnos y mandábamos algo cada quincena.")
    found = read("Les reenvío la solicitud de mi equipo.", forward, intent=REINSTATE)
    assert found["recipients"] == 940
    assert found["frequency"] == "biweekly"


def test_who_wrote_a_forward_is_its_i() -> None:
    head = Block(BlockKind.ATTRIBUTION, "De: Renata Solórzano Mier <renata@upaep.mx>\nPara: Moni")
    blocks = (Block(NEW, "Favor de atender."), head, Block(FORWARD, "Yo quedo como responsable."))
    message = Message("RV: lista", blocks, TODAY, sender="Mónica Atenco")
    labels = labels_of(FORM)
    (passage,) = (p for p in passages_of(message, labels) if p.body.forwarded)
    assert sender_of(message, passage) == "Renata Solórzano Mier"


def test_a_forward_as_background_does_not() -> None:
    forward = Block(FORWARD, "El Área de Compras tiene 940 alumnos y escribe cada quincena.")
    text = "Con base en el aviso de abajo, la Facultad de Arquitectura quiere una lista nueva."
    found = read(text, forward)
    assert found.keys() == {"area", "request_type"}
    assert found["area"] == "Facultad de Arquitectura"


def test_prose_below_a_form_corrects_it() -> None:
    text = (
        "Área: Hemeroteca\nTipo de solicitud: Creación\nFrecuencia de envío: mensual\n"
        "Extensión: 7428\n\nPensándolo bien, mejor que los envíos sean quincenales."
    )
    assert read(text)["frequency"] in ("biweekly", "monthly")
    assert read(text)["area"] == "Hemeroteca"


def test_a_letter_attached() -> None:
    letter = (
        "Puebla, a 9 de septiembre de 2021\n\nLa Facultad de Derecho solicita el restablecimiento "
        "de la lista profesores-derecho, para compartir lecturas con 85 profesores, una vez al mes."
    )
    found = read("Envío carta.", intent=REINSTATE, documents=(Document("c.docx", letter),))
    assert found["list_name"] == "profesores-derecho"
    assert found["recipients"] == 85
    assert "start_date" not in found


@pytest.mark.parametrize(
    ("text", "area", "campus"),
    [
        ("La Dirección de Deportes del campus Tehuacán necesita una lista para sus alumnos.",
         "Dirección de Deportes", "tehuacan"),
        ("Solicitamos una lista para la Biblioteca Central, campus Puebla, y sus docentes.",
         "Biblioteca Central", "puebla"),
        ("Solicitamos una lista para la Biblioteca Central de Tehuacán y sus docentes.",
         "Biblioteca Central de Tehuacán", "tehuacan"),
    ],
)  # fmt: skip
def test_a_choice_that_is_asked_apart_is_no_part_of_the_area(
    text: str, area: str, campus: str
) -> None:
    """Where its label stands before it; without that the place may belong to the name."""
    choices = MappingProxyType({"puebla": ("Puebla",), "tehuacan": ("Tehuacán",)})
    asked = FormField("campus", "Campus", FieldKind.CHOICE, choices=choices)
    form = Form((*FORM.fields, asked))
    found = reader().read(Message("Lista", (Block(NEW, text),), TODAY), form, CREATE)
    assert (found["area"].value, found["campus"].value) == (area, campus)


def test_what_stands_behind_the_label_of_a_new_field_is_sure() -> None:
    """A number of a kind that was never trained is answered as surely as any other."""
    form = Form((FormField("guests", "Número de asistentes", FieldKind.INTEGER),))
    text = "Buenas tardes, va la solicitud:\n\nNúmero de asistentes: 250\n\nGracias"
    found = reader().read(Message("Auditorio", (Block(NEW, text),), TODAY), form, CREATE)
    assert found["guests"].value == 250
    assert found["guests"].sure >= 0.9


def test_fields_by_intent() -> None:
    everything = {f.name for f in FORM.fields}
    assert carried(CREATE, FORM) == carried(REINSTATE, FORM) == everything
    assert carried(CHANGE, FORM) == everything - {"request_type", "purpose", "justification"}
    assert "list_name" not in carried(Intent.ONE_OFF_SEND, FORM)
    assert carried(Intent.CASE_STATUS, FORM) == {"area", "list_name"}
    for intent in (Intent.QUESTION, Intent.REPORT_MISUSE, Intent.OTHER):
        assert not carried(intent, FORM)


def test_nothing_is_looked_for_where_nothing_is_carried() -> None:
    assert read("La Facultad de Derecho tiene 85 alumnos.", intent=Intent.QUESTION) == {}


def test_empty() -> None:
    assert read("") == {}
    assert reader().read(Message("", (), TODAY), FORM, CREATE) == {}


def test_lines_are_joined_in_place() -> None:
    text = "una línea bastante larga que el programa de correo\ncortó aquí\n\nOtra"
    assert len(unwrap(text)) == len(text)
    assert "correo cortó" in unwrap(text)


def test_short_lines_are_no_wrapped_ones() -> None:
    text = (
        "\nla va a llevar Emilio Ugarte, es el vicepresidente\nla semana es en octubre\n"
        "los demás datos van en el formato que les mandé ayer por la tarde"
    )
    assert unwrap(text) == text


def test_the_marked_corpus(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(
        "=== create_list\nFecha: 2022-03-01\nAsunto: Lista\n\nLa [Biblioteca](area) pide para "
        "[mil](recipients: 1000) [alumnos](audience: students) y [profesores](audience: "
        "faculty).\n",
        encoding="utf-8",
    )
    (example,) = parse(path)
    assert example.text == "La Biblioteca pide para mil alumnos y profesores."
    assert example.fields == {
        "area": "Biblioteca", "recipients": 1000, "audience": ("faculty", "students"),
    }  # fmt: skip
    (passage,) = passages_of(example.message, labels_of(FORM))
    spans = places(example, passage, mentions_in(passage.text, FORM, example.date))
    assert [passage.text[start:end] for start, end, _ in spans] == [
        "Biblioteca", "mil", "alumnos", "profesores",
    ]  # fmt: skip
    assert tags(tokenise(passage.text), spans)[2:4] == ["O", "B-area"]


def test_every_mark_of_the_corpus_is_a_field() -> None:
    for example in written():
        assert all(name in FORM for name in example.fields), example.source
        assert all(0 <= s.start < s.end <= len(example.text) for s in example.spans)


def test_blocks_of_a_plain_body() -> None:
    text = "Hola\n\nEl lun, 1 mar 2022 a las 10:00, Ana escribió:\n> Área:\nBiblioteca\n-- \nAna"
    assert [block.kind.value for block in split_blocks(text)] == [
        "new", "attribution", "quote", "new", "signature",
    ]  # fmt: skip


def test_scoring_by_the_rules_of_the_corpus() -> None:
    assert same("area", "Facultad de Química", "FACULTAD DE QUIMICA")
    assert same("audience", ("a", "b"), ("b", "a"))
    assert same("purpose", "avisar de cursos y talleres", "avisar de cursos y de talleres")
    assert not same("recipients", 10, 100)
    report = Report()
    report.add("x", {"area": "A", "recipients": 5}, {"area": "A", "email": "a@b.mx"})
    assert (report.total.hit, report.total.miss, report.total.false) == (1, 1, 1)
    assert len(report.wrong) == 2
    assert list(report.lines())


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=300), st.text(max_size=100))
def test_nothing_raises(text: str, signature: str) -> None:
    message = Message(text, (Block(NEW, text), Block(SIGNATURE, signature)), TODAY)
    reader().read(message, FORM, CREATE)
    writer_of(signature)


@pytest.mark.parametrize(
    "piece", ["lista ", "para avisar ", "Dr. Ana ", "mil ", "a@", "12 de ", "\n"]
)
def test_hostile_prose_takes_bounded_time(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    start = time.process_time()
    read(text)
    assert time.process_time() - start < 10


def test_a_form_in_a_colleagues_mail_is_nobodys_answer() -> None:
    """Though the writer thanks for an answer; in our mail it would be the writer's."""
    text = "Gracias por contestar. Entonces sí pedimos la lista. Son 210 contactos en total."
    form = (
        "La otra se pidió así:\nNúmero aproximado de destinatarios: 500\nVisto bueno: Ana Ruiz Peña"
    )
    quote = Block(BlockKind.QUOTE, form)
    hers = Block(BlockKind.ATTRIBUTION, "De: Leticia Armenta <leticia.armenta@upaep.mx>")
    found = read(text, hers, quote)
    assert found["recipients"] == 210
    assert "sponsor" not in found
