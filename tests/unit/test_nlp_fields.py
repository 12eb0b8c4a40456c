"""Kinds of mail that were misread: each is read as anybody would."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path

import pytest

from nlp.fields.reader import FieldReader
from nlp.fields.scorer import SCORES
from nlp.fields.tagger import Tagger
from nlp.shipped import load_form
from nlp.training import train_fields, train_scores
from nlp.training.cases import FOLDS, every_case, folds
from nlp.types import Block, BlockKind, FieldValue, Intent, Message

FORM = load_form(Path(__file__).parents[2] / "bot" / "lists" / "form.yaml")
NEW, SIGNATURE = BlockKind.NEW, BlockKind.SIGNATURE
TODAY = dt.date(2022, 8, 8)


@cache
def reader() -> FieldReader:
    return FieldReader.load()


def read(
    text: str, subject: str = "lista", signature: str = "", intent: Intent = Intent.CREATE_LIST
) -> dict[str, FieldValue]:
    blocks = [Block(NEW, text)] if text else []
    blocks += [Block(SIGNATURE, signature)] if signature else []
    found = reader().read(Message(subject, tuple(blocks), TODAY), FORM, intent)
    return {name: item.value for name, item in found.items()}


def test_a_request_that_stands_in_the_subject_alone() -> None:
    found = read("", subject="Lista nueva para los alumnos de Nutrición, son 340")
    assert found["request_type"] == "creation"
    assert found["audience"] == ("students",)
    assert found["recipients"] == 340


def test_the_text_of_a_pdf_whose_labels_run_into_the_answers() -> None:
    found = read(
        "SolicitudTipo de solicitud: CreaciónÁrea solicitante: Oficina de BecasResponsable del "
        "envío: Ana Ruiz PeñaCargo: EjecutivaExtensión: 7377Frecuencia de envío: mensual"
    )
    assert found == {
        "request_type": "creation", "area": "Oficina de Becas", "responsible": "Ana Ruiz Peña",
        "position": "Ejecutiva", "phone_ext": "7377", "frequency": "monthly",
    }  # fmt: skip


def test_a_row_of_a_sheet_below_headings_some_of_which_are_no_labels() -> None:
    found = read(
        "No.\tÁrea\tResponsable\tCorreo\tExt\tEstatus\n"
        "3\tIdiomas\tWendy Macuil\twendy.macuil@upaep.mx\t7530\tabierto"
    )
    assert found["area"] == "Idiomas"
    assert found["responsible"] == "Wendy Macuil"
    assert found["email"] == "wendy.macuil@upaep.mx"
    assert found["phone_ext"] == "7530"


def test_a_count_in_the_answer_to_who_receives_it() -> None:
    found = read("Área: Pastoral\nDestinatarios: 86 alumnos de servicio social\nExt.: 7717")
    assert found["recipients"] == 86
    assert found["audience"] == ("students",)


def test_a_number_of_a_case_is_no_name_of_a_list() -> None:
    found = read("¿En qué va mi solicitud CI-2022-0140 de Compras?", intent=Intent.CASE_STATUS)
    assert "list_name" not in found


@pytest.mark.parametrize(
    "said",
    [
        "Queremos dar de alta la lista de correo «Luz y Fuerza», para los administrativos.",
        "¿Quién borró «Luz y Fuerza»? La queremos de regreso hoy, con los 25 profesores.",
        "Antes teníamos «Luz y Fuerza» y con ella juntábamos a los voluntarios. ¿Nos la regresan?",
    ],
)
def test_what_a_list_is_called_in_quotes_is_its_name(said: str) -> None:
    assert read(said)["list_name"] == "Luz y Fuerza"


@pytest.mark.parametrize("end", ["April 30", "30 April", "Apr 30th, 2023"])
def test_english_dates(end: str) -> None:
    found = read(f"Start: August 22nd, 2022\nEnd: {end}\nArea: Global Office\nExt: 7818")
    assert found["start_date"] == dt.date(2022, 8, 22)
    assert found["end_date"] == dt.date(2023, 4, 30)
    assert "recipients" not in found


def test_who_signs_without_saying_that_it_is_she_is_nobody() -> None:
    found = read("Pedimos una lista nueva.", signature="Ana Ruiz Peña\nJefa\nExt. 7911")
    assert not found.keys() & {"responsible", "position", "phone_ext"}


def test_how_sure_a_value_is_stands_beside_it() -> None:
    text = "Área solicitante: Compras\nExtensión: 7377\nCargo: jefa"
    found = reader().read(Message("", (Block(NEW, text),), TODAY), FORM, Intent.CREATE_LIST)
    assert all(0.5 < item.sure <= 1 for item in found.values())


def test_training_twice_gives_the_same(tmp_path: Path) -> None:
    cases = [c for c in every_case() if c.author == "kinds"]
    fold_of = folds(c.author for c in cases)
    made = []
    for name in ("one", "two"):
        train_fields.train_tagger(cases, FORM, tmp_path / name)
        tagger = Tagger(tmp_path / name)
        gathered = train_scores.gather(cases, fold_of, [tagger] * FOLDS, FORM)
        train_scores.fit(gathered).save(tmp_path / name / SCORES)
        made.append({path.name: path.read_bytes() for path in (tmp_path / name).iterdir()})
    assert made[0] == made[1]


@pytest.mark.parametrize(
    "said",
    [
        "Pedimos una lista nueva para los alumnos. Yo seré la responsable.",
        "Pedimos una lista nueva para los alumnos; yo mismo sería el responsable.",
        "Pedimos una lista nueva para los alumnos. La responsable soy yo.",
    ],
)
def test_who_says_that_she_is_responsible_is_as_the_head_names_her(said: str) -> None:
    message = Message("Lista", (Block(BlockKind.NEW, said),), TODAY, sender="Ana Luz Prado")
    found = reader().read(message, FORM, Intent.CREATE_LIST)["responsible"]
    assert found.value == "Ana Luz Prado"
    assert found.sure >= 0.95


def test_a_label_of_two_fields_is_answered_by_both() -> None:
    found = read("Lista: avisos-acervo\nCorreo y extensión: ana.prado@upaep.mx, 7411\nÁrea: Becas")
    assert (found["email"], found["phone_ext"]) == ("ana.prado@upaep.mx", "7411")
    found = read("Lista: avisos\nResponsable / contact person: Ana Luz Prado\nÁrea: Becas")
    assert found["responsible"] == "Ana Luz Prado"


def test_a_row_of_a_table_ends_with_its_line() -> None:
    row = "avisos-becas\tCoordinación de Becas\tAna Luz Prado\t7411\tLic. Matías Urrutia Solano"
    head = "Lista\tÁrea\tResponsable\tExtensión\tVisto bueno"
    assert read(f"{head}\n{row}\nLa vigencia la digo después")["sponsor"] == "Matías Urrutia Solano"


def test_a_generation_of_students_is_no_creation() -> None:
    said = "Quisiera una lista para los alumnos de la primera generación de Derecho."
    assert "request_type" not in read(said)


def test_a_set_that_prose_tells_may_lack_one() -> None:
    said = "Pedimos crear una lista para avisar de becas a los alumnos."
    message = Message("Lista", (Block(BlockKind.NEW, said),), TODAY)
    assert reader().read(message, FORM, Intent.CREATE_LIST)["audience"].sure <= 0.96  # of 1.0
    form = Message("Lista", (Block(BlockKind.NEW, "Área: Becas\nDestinatarios: alumnos"),), TODAY)
    assert reader().read(form, FORM, Intent.CREATE_LIST)["audience"].sure >= 0.95


def test_an_answer_may_be_marked_as_one_below_its_label() -> None:
    found = read("Área: Becas\nExtensión: 7411\nFrecuencia de envío:\nRESP: semanal\nCargo: Jefa")
    assert (found["frequency"], found.get("responsible")) == ("weekly", None)
