"""What regular phrases of a request add where the tagger passes over it."""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path

import pytest

from nlp.fields.extract import extract
from nlp.fields.fallback import added
from nlp.fields.prose import Candidate
from nlp.fields.tagger import Tagged, Tagger
from nlp.fields.vetoes import refined
from nlp.shipped import load_form
from nlp.types import Block, BlockKind, FieldValue, Intent, Message

FORM = load_form(Path(__file__).parents[2] / "bot" / "lists" / "form.yaml")


def read(text: str, *kept: Candidate) -> dict[str, set[FieldValue]]:
    found: dict[str, set[FieldValue]] = {}
    for item in added(text, kept, frozenset(), FORM):
        values = item.value if isinstance(item.value, tuple) else (item.value,)
        found.setdefault(item.field, set()).update(values)
    return found


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("El padrón es de seiscientos cincuenta trabajadores.", {"staff"}),
        ("para las fechas de captura (1,050 docentes)", {"faculty"}),
        ("ahí están como ciento cincuenta pacientes de fuera", {"external"}),
        ("circular convocatorias entre alumnos y profesores", {"students", "faculty"}),
        ("es para avisar a profesores y a nuestros egresados", {"faculty", "alumni"}),
        ("dirigida a padres de familia, alumnos y docentes", {"parents", "students", "faculty"}),
        ("lista de la Vicerrectoría de Alumnos", set()),
        ("falta agregar a 12 alumnos y quitar a los egresados", set()),
        ("los alumnos de esa carrera se quejaron", set()),
        ("para publicar en avisos-alumnos", set()),
    ],
)
def test_whom(text: str, keys: set[str]) -> None:
    assert read(text).get("audience", set()) == keys


def test_the_other_half_of_whom() -> None:
    text = "están los alumnos visitantes y sus contactos externos; el personal no participa"
    at = text.index("externos")
    half = Candidate("audience", ("external",), at, at + 8, 0.9)
    assert read(text, half)["audience"] == {"external", "students"}


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("la usábamos para avisar de fechas de pago, como 90 contactos", "recipients", 90),
        ("Facultad de Psicología (150 en total)", "recipients", 150),
        (
            "la usábamos para avisar de fechas de pago, como 90",
            "purpose",
            "avisar de fechas de pago",
        ),
        ("La ocupamos diario para mandar vacantes a empresas cada mes", "purpose",
         "mandar vacantes a empresas"),
        ("con el visto bueno del Mtro. Pablo Ordaz Villa, director", "sponsor",
         "Pablo Ordaz Villa"),
    ],
)  # fmt: skip
def test_what_else(text: str, field: str, value: FieldValue) -> None:
    assert read(text)[field] == {value}


def test_two_sizes_are_none() -> None:
    assert "recipients" not in read("son 80 cuentas, luego 90 contactos")


def test_no_more_than_is_said() -> None:
    text = "con el visto bueno de la Dirección de Finanzas; la usamos para eso"
    assert read(text) == {}


@pytest.mark.parametrize(
    ("text", "was", "becomes"),
    [
        ("La responsable será la Lic. Rosa Mena Gil, subdirectora", "sponsor", "responsible"),
        ("El director, Ing. Rosa Mena Gil, lo autoriza.", "responsible", "sponsor"),
        ("Escribe Rosa Mena Gil, coordinadora", "responsible", "responsible"),
    ],
)
def test_who_is_who(text: str, was: str, becomes: str) -> None:
    at = text.index("Rosa")
    assert refined(text, Tagged(at, at + 13, was, "Rosa Mena Gil", 0.6)).field == becomes


def test_to_take_charge_is_no_label() -> None:
    text = (
        "Nos urge una lista para los practicantes. Yo me haría cargo: Marcela Rivas Olmedo, "
        "coordinadora, ext 7811."
    )
    message = Message("Lista", (Block(BlockKind.NEW, text),), dt.date(2022, 3, 1), ())
    found = extract(message, FORM, Tagger(), Intent.CREATE_LIST)
    assert found["responsible"].value == "Marcela Rivas Olmedo"
    assert found["position"].value == "coordinadora"
    assert found["phone_ext"].value == "7811"


@pytest.mark.parametrize(
    "piece", ["doce alumnos y ", "para alumnos, ", "usamos para avisar", "visto bueno de A. ", "us"]
)
def test_hostile_text_takes_bounded_time(piece: str) -> None:
    start = time.process_time()
    read(piece * (100_000 // len(piece)))
    assert time.process_time() - start < 5
