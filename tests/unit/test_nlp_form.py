"""A form read wherever it stands, however it is typed."""

from __future__ import annotations

import datetime as dt
import time
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.fields.answers import chosen
from nlp.fields.form_reader import read_form
from nlp.fields.labels import labels_of
from nlp.fields.reader import FieldReader
from nlp.shipped import load_form
from nlp.text.lines import Line, cells_of, segments, strip_bullet
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
LABELS = labels_of(FORM)
TODAY = dt.date(2021, 7, 28)
NEW, QUOTE = BlockKind.NEW, BlockKind.QUOTE


def read(
    *blocks: str | Block,
    documents: tuple[Document, ...] = (),
    form: Form = FORM,
    intent: Intent = Intent.CREATE_LIST,
) -> dict[str, FieldValue]:
    parts = tuple(b if isinstance(b, Block) else Block(NEW, b) for b in blocks)
    message = Message("Formato", parts, TODAY, documents)
    found = reader().read(message, form, intent)
    return {name: value.value for name, value in found.items()}


@cache
def reader() -> FieldReader:
    return FieldReader.load()


FULL = {
    "request_type": "creation",
    "area": "Facultad de Medicina",
    "responsible": "Octavio Larrañaga Pineda",
    "position": "Coordinador de Ciclos Clínicos",
    "email": "octavio.larranaga@upaep.mx",
    "phone_ext": "7652",
    "list_name": "ciclos-clinicos",
    "purpose": "Informar a los alumnos sobre rotaciones y guardias",
    "audience": ("students",),
    "recipients": 450,
    "frequency": "weekly",
    "start_date": dt.date(2021, 8, 2),
    "end_date": dt.date(2022, 7, 31),
    "justification": "Los alumnos están en hospitales y no consultan el portal",
    "sponsor": "Irma Bazán Olivares",
}
ROWS = [
    ("Tipo de solicitud", "Creación"),
    ("Área solicitante", "Facultad de Medicina"),
    ("Responsable del envío", "Dr. Octavio Larrañaga Pineda"),
    ("Cargo", "Coordinador de Ciclos Clínicos"),
    ("Correo institucional", "octavio.larranaga@upaep.mx"),
    ("Extensión", "7652"),
    ("Nombre de la lista", "ciclos-clinicos"),
    ("Objetivo de la lista", "Informar a los alumnos sobre rotaciones y guardias"),
    ("Destinatarios", "Alumnos"),
    ("Número aproximado de destinatarios", "450"),
    ("Frecuencia de envío", "Semanal"),
    ("Vigencia (inicio, fin)", "del 2 de agosto de 2021 al 31 de julio de 2022"),
    ("Justificación", "Los alumnos están en hospitales y no consultan el portal"),
    ("Visto bueno", "Dra. Irma Bazán Olivares"),
]
LAYOUTS = {
    "colon": "{0}: {1}\n",
    "space colon": "{0} : {1}\n",
    "glued colon": "{0}:{1}\n",
    "equals": "{0} = {1}\n",
    "dash": "- {0} - {1}\n",
    "long dash": "{0} — {1}\n",
    "arrow": "* {0} -> {1}\n",
    "leaders": "{0} .................... {1}\n",
    "underscores": "{0}: ____{1}____\n",
    "underlined": "{0}: _{1}_\n",
    "bold": "*{0}:* {1}\n",
    "tab": "{0}\t{1}\n",
    "pipes": "| {0} | {1} |\n",
    "spaced tabs": "{0}\t|\t{1}\n",
    "bullet": "• {0}: {1}\n",
    "emoji": "🔹 {0}: {1}\n",
    "next line": "{0}\n{1}\n",
    "next line, indented": "{0}\n    {1}\n",
    "next line, spaced": "{0}\n{1}\n\n",
    "colon and next line": "{0}:\n{1}\n\n",
    "question and answer": "{0}\nR: {1}\n",
    "arrow below": "{0}\n→ {1}\n\n",
    "hint in brackets": "{0} (favor de llenar): {1}\n",
    "no sign at all": "{0}{1}\n",
}


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS.keys())
def test_layouts(layout: str) -> None:
    text = "".join(layout.format(*row) for row in ROWS)
    assert read(f"Buen día, envío el formato:\n\n{text}\nSaludos cordiales.\nOctavio") == FULL


@pytest.mark.parametrize("mark", ["{}. ", "{}) ", "({}) ", "{}.- ", "{} - ", "{}° "])
def test_numbered(mark: str) -> None:
    text = "".join(f"{mark.format(i)}{a}: {b}\n" for i, (a, b) in enumerate(ROWS, 1))
    assert read(text) == FULL


def test_lettered() -> None:
    text = "".join(f"{chr(97 + i)}) {a}: {b}\n" for i, (a, b) in enumerate(ROWS))
    assert read(text) == FULL


def test_all_capitals_without_accents() -> None:
    found = read("TIPO DE SOLICITUD: CREACION\nAREA SOLICITANTE: FACULTAD DE PSICOLOGIA\n"
                 "EXTENSION: 7544\nNUMERO APROXIMADO DE DESTINATARIOS: 480\nFRECUENCIA DE "
                 "ENVIO: QUINCENAL\n"
                 "CORREO INSTITUCIONAL: DIANA.MONROY@UPAEP.MX")  # fmt: skip
    assert found == {
        "request_type": "creation", "area": "FACULTAD DE PSICOLOGIA", "phone_ext": "7544",
        "recipients": 480, "frequency": "biweekly", "email": "diana.monroy@upaep.mx",
    }  # fmt: skip


def test_one_line_semicolons() -> None:
    text = "Se los paso así: " + "; ".join(f"{a}: {b}" for a, b in ROWS) + "."
    assert read(text) == FULL


def test_one_line_glued() -> None:
    assert read(" ".join(f"{a}: {b}" for a, b in ROWS)) == FULL


def test_labels_dictated_with_their_colons() -> None:
    found = read(
        "le dicto los datos Área solicitante dos puntos Facultad de Medicina Responsable del envío "
        "dos puntos Octavio Larrañaga Pineda Cargo dos puntos coordinador "
        "Frecuencia dos puntos mensual"
    )
    assert found["area"] == FULL["area"]
    assert found["responsible"] == FULL["responsible"]
    assert found["position"] == "coordinador"
    assert found["frequency"] == "monthly"


@pytest.mark.parametrize("answer", ["lista avisos-net", "nueva, que se llame avisos-net"])
def test_a_name_behind_the_word_for_it(answer: str) -> None:
    assert (
        read(f"Área: Facultad de Medicina\nNombre de la lista: {answer}\nCargo: coordinador")[
            "list_name"
        ]
        == "avisos-net"
    )


def test_one_line_commas() -> None:
    text = "Área:Compras,Tipo:creación,Cargo:comprador,Ext:7241,Inicio:12/05/2025,Fin:12/05/2026"
    assert read(text) == {
        "area": "Compras", "request_type": "creation", "position": "comprador",
        "phone_ext": "7241", "start_date": dt.date(2025, 5, 12), "end_date": dt.date(2026, 5, 12),
    }  # fmt: skip


def test_two_labels_on_a_line() -> None:
    text = "Área: Almacén General - Responsable: Cirilo Mendieta\nPuesto: almacenista - Ext.: 7066"
    assert read(text) == {
        "area": "Almacén General", "responsible": "Cirilo Mendieta",
        "position": "almacenista", "phone_ext": "7066",
    }  # fmt: skip


def test_slashes_without_colons() -> None:
    text = (
        "Va: ÁREA Vigilancia // TIPO creación // CARGO jefe de turno // EXT 7555 // LISTA alertas"
    )
    assert read(text) == {
        "area": "Vigilancia", "request_type": "creation", "position": "jefe de turno",
        "phone_ext": "7555", "list_name": "alertas",
    }  # fmt: skip


def test_quoted_labels_in_a_sentence() -> None:
    text = (
        '"Área solicitante" Rectoría, "Cargo" asistente, "Extensión" 7011, "Número aproximado" 132'
    )
    assert read(text) == {
        "area": "Rectoría",
        "position": "asistente",
        "phone_ext": "7011",
        "recipients": 132,
    }


def test_questions() -> None:
    text = (
        "¿Para quién? Alumnos y personal. ¿Cuántos? Alrededor de 400. ¿Desde cuándo? El "
        "16 de marzo."
    )
    assert read(text) == {
        "audience": ("staff", "students"), "recipients": 400, "start_date": dt.date(2022, 3, 16),
    }  # fmt: skip


def test_typing_mistakes_in_labels() -> None:
    text = ("Tipo de solisitud : restablesimiento\nAria solicitante: Librería\nExtencion : 7491\n"
            "Nombre de lalista : ofertas\nDestinatrios : alumnos y maestros\nJustificasion : "
            "duran poco")  # fmt: skip
    assert read(text, intent=Intent.REINSTATE_LIST) == {
        "request_type": "reinstatement", "area": "Librería", "phone_ext": "7491",
        "list_name": "ofertas", "audience": ("faculty", "students"), "justification": "duran poco",
    }  # fmt: skip


def test_check_boxes() -> None:
    text = ("Tipo de solicitud: [X] Creación  [ ] Restablecimiento\n"
            "Destinatarios: [X] Alumnos  [ ] Docentes  [X] Padres de familia\n"
            "Frecuencia de envío ( ) Diaria (X) Semanal ( ) Otra: ____")  # fmt: skip
    assert read(text) == {
        "request_type": "creation", "audience": ("parents", "students"), "frequency": "weekly",
    }  # fmt: skip


def test_marked_among_options() -> None:
    assert chosen("diaria / semanal / __mensual__ / otra") == "mensual"
    assert chosen("*Alumnos  Docentes  *Padres de familia") == "Alumnos, Padres de familia"
    assert chosen("alumnos / docentes / ADMINISTRATIVOS") == "ADMINISTRATIVOS"
    assert chosen("alumnos y docentes") is None


def test_blanks_are_absent() -> None:
    text = ("Área solicitante: Investigación\nCargo:\nExtensión: ---\nObjetivo de la lista: "
            "pendiente\n"
            "Número aproximado de destinatarios: por definir\nVigencia: "
            "N/A\nJustificación:\nVisto bueno:\n\n"
            "Gracias por su paciencia")  # fmt: skip
    assert read(text) == {"area": "Investigación"}


def test_the_period_on_two_lines() -> None:
    text = "Vigencia\nInicio: 1/mar/2022\nFin: 28/feb/2023"
    assert read(text) == {"start_date": dt.date(2022, 3, 1), "end_date": dt.date(2023, 2, 28)}


def test_wrapped_answers() -> None:
    text = ("Objetivo: Enviar a los papás los avisos de juntas, calificaciones y\neventos\n"
            "Justificación: Las cancelaciones ocurren el mismo día por falta de\nreactivos y "
            "el Correo sale "
            "tarde\nVisto bueno: Dr. Arcadio Rubalcava")  # fmt: skip
    assert read(text) == {
        "purpose": "Enviar a los papás los avisos de juntas, calificaciones y eventos",
        "justification": "Las cancelaciones ocurren el mismo día por falta de reactivos y el "
                         "Correo sale tarde",
        "sponsor": "Arcadio Rubalcava",
    }  # fmt: skip


def test_a_header_row_and_its_values() -> None:
    text = "Tipo\tÁrea\tCargo\tExt\ncreación\tCompras\tcompradora\t7044"
    assert read(text) == {
        "request_type": "creation",
        "area": "Compras",
        "position": "compradora",
        "phone_ext": "7044",
    }


def test_four_columns() -> None:
    text = "Área solicitante\tPastoral\tCargo\tSecretaria\nExtensión\t7515\tFrecuencia\tSemanal"
    assert read(text) == {
        "area": "Pastoral",
        "position": "Secretaria",
        "phone_ext": "7515",
        "frequency": "weekly",
    }


def test_what_is_and_what_shall_be() -> None:
    text = (
        "| Dato | Hoy | Debe quedar |\n|---|---|---|\n| Lista | vacantes | igual |\n"
        "| Responsable | Berenice Alcántara | Abril Rosete |\n| Extensión | 7110 | 7112 |"
    )
    assert read(text) == {
        "list_name": "vacantes",
        "responsible": "Abril Rosete",
        "phone_ext": "7112",
    }


def test_former_and_new_responsible() -> None:
    text = (
        "Responsable anterior: Eleuterio Paz\nResponsable nuevo: Maurilio Tecpan\nExt. nueva: 7851"
    )
    assert read(text) == {"responsible": "Maurilio Tecpan", "phone_ext": "7851"}


def test_other_questions_are_no_fields() -> None:
    text = ("Fecha de solicitud: 3 de octubre de 2023\nFolio: 12\nNo. de empleado: 20418\n"
            "Celular: 2221459087\nDía de envío: 12 de septiembre\nÁrea: Archivo")  # fmt: skip
    assert read(text) == {"area": "Archivo"}


def test_the_answer_of_the_plainer_label_counts() -> None:
    text = "Nombre: becas\nÁrea: Comedor\nObjetivo: avisar del menú\nSe sirve: diario"
    assert read(text)["purpose"] == "avisar del menú"
    text = "Lista: becas\nPropietario actual: Ana Ruiz\nNuevo responsable: Iván Sosa\nExt: 7655"
    assert read(text)["list_name"] == "becas"


def test_the_later_answer_counts() -> None:
    text = "Área: Radio\nExt.: 7911\nNúmero: 900\n\nÁrea: Televisión\nExt.: 7913\nNúmero: 28"
    assert read(text) == {"area": "Televisión", "phone_ext": "7913", "recipients": 28}


BLANK = "".join(f"{a}:\n" for a, _ in ROWS)
ASKED = Block(QUOTE, f"Le pedimos responder a este correo con el siguiente formato:\n\n{BLANK}")


def test_the_blank_form_below_an_answer_is_nothing() -> None:
    assert read("Área: Rectoría\nCargo: jefe\n", ASKED) == {"area": "Rectoría", "position": "jefe"}
    assert read("Gracias por el formato.", ASKED) == {}


def test_answers_on_the_lines_of_a_quoted_form() -> None:
    quoted = "".join(f"{a}: {b}\n" for a, b in ROWS)
    block = Block(QUOTE, f"con el siguiente formato:\n\n{quoted}")
    assert read(block, "Listo, va contestado arriba.") == FULL


def test_answers_between_the_lines_of_a_quoted_form() -> None:
    blocks: list[str | Block] = ["Contesto entre líneas."]
    for label, answer in ROWS:
        blocks += [Block(QUOTE, f"{label}:\n"), f"\n{answer}\n"]
    blocks.append(Block(QUOTE, "\nSu solicitud será analizada conforme a los Lineamientos."))
    assert read(*blocks) == FULL


def test_another_area_s_form_quoted_as_an_example() -> None:
    quoted = Block(QUOTE, "Así llenó su formato la Biblioteca:\nÁrea solicitante: "
                          "Biblioteca\nCargo: Jefa\n")  # fmt: skip
    assert read("Gracias por el ejemplo. ¿Me mandas el formato?", quoted) == {}


def test_numbered_answers_to_a_quoted_numbered_form() -> None:
    typed = "".join(f"{i}. {b}\n" for i, (_, b) in enumerate(ROWS, 1))
    asked = "".join(f"{i}. {a}\n" for i, (a, _) in enumerate(ROWS, 1))
    assert read(f"En el orden en que preguntan:\n\n{typed}", Block(QUOTE, asked)) == FULL


def test_a_document() -> None:
    rows = "\n".join(f"{a}\t{b}" for a, b in ROWS)
    assert read("Ver anexo.", documents=(Document("formato.docx", rows),)) == FULL


def test_a_new_field_works_by_its_labels_alone() -> None:
    extra = (
        FormField("campus", "Campus", aliases=("sede",)),
        FormField("budget", "Presupuesto", FieldKind.INTEGER),
        FormField("review", "Fecha de revisión", FieldKind.DATE),
        FormField("channel", "Canal", FieldKind.CHOICE, choices={"web": ("Portal",)}),
    )
    form = Form((*FORM.fields, *extra))
    text = (
        "Área: Compras\nSede: Centro\nPresupuesto: 1,200 pesos\nFecha de revision: "
        "3/9/2021\nCanal: portal"
    )
    assert read(text, form=form) == {
        "area": "Compras", "campus": "Centro", "budget": 1200,
        "review": dt.date(2021, 9, 3), "channel": "web",
    }  # fmt: skip


def test_a_question_in_prose_is_no_answer() -> None:
    assert read("hola, qué necesito para tener una lista para mi área? me urge una") == {}
    asked = "¿me pueden mandar el formato para crear una lista de distribución? Gracias"
    assert read(asked) == {"request_type": "creation"}


@pytest.mark.parametrize(
    ("line", "bare"),
    [("1. Cargo", "Cargo"), ("a) Cargo", "Cargo"), ("• Cargo", "Cargo"), ("12.- Cargo", "Cargo"),
     ("III. Cargo", "Cargo"), ("Cargo", "Cargo"), ("12/07/2021", "12/07/2021")],
)  # fmt: skip
def test_bullets(line: str, bare: str) -> None:
    assert strip_bullet(line) == bare


def test_cells() -> None:
    assert cells_of("a\tb") == ["a", "b"]
    assert cells_of("| a | b |") == ["a", "b"]
    assert cells_of("Profesora | Facultad") is None
    assert cells_of("nada") is None


_ANSWER = st.text(
    st.characters(categories=("L",), max_codepoint=0x17F), min_size=3, max_size=12
).filter(lambda w: LABELS.find(w) is None)


@settings(max_examples=60, deadline=None)
@given(st.lists(_ANSWER, min_size=2, max_size=5), st.sampled_from([": ", " = ", ":", "\t", " -> "]))
def test_any_answer_comes_back(words: list[str], sign: str) -> None:
    answer = "Centro " + " ".join(words)
    found = read(f"Área solicitante{sign}{answer}\nExtensión{sign}7123")
    assert found["phone_ext"] == "7123"
    assert str(found["area"]).split() == answer.split()


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=400))
def test_nothing_raises(text: str) -> None:
    read(text)
    read(Block(QUOTE, text), text, documents=(Document("a.docx", text),))
    segments(text, LABELS)


@pytest.mark.parametrize(
    "piece",
    ["Área: ", "a\t", "| x ", "(", "[ ] ", "¿Cuántos? ", "....", "____", "1. ", "- - ", "x: y; ",
     "Tipo de solicitud ", "\n", ": ", "> ", "a/", "para ", "* *"],
)  # fmt: skip
def test_hostile_text_takes_linear_time(piece: str) -> None:
    def seconds(size: int) -> float:
        text = piece * (size // len(piece))
        lines = tuple(Line(line) for line in text.split("\n"))
        start = time.process_time()
        read_form(lines, LABELS)
        return time.process_time() - start

    seconds(2_000)
    small, large = seconds(10_000), seconds(80_000)
    assert large < max(0.25, small * 8 * 3)
