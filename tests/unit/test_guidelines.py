"""The guidelines: each rule on both sides, its words, and what the configuration changes."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config.load import ConfigError, load
from bot.config.organization import guidelines_of
from bot.lists.guidelines import RULES, Guidelines, checks
from bot.lists.kind import list_kind
from bot.workflow.case import Case
from bot.workflow.kinds import Check
from nlp.types import Extraction, FieldValue, Form
from tests.builders import FORM, NOW, ORGANIZATION, SAY, case

TODAY = NOW.date()
USUAL = Guidelines()
GOOD: dict[str, FieldValue] = {
    "area": "Biblioteca Central",
    "responsible": "Elvira Santoyo Quiroz",
    "email": "elvira.santoyo@upaep.mx",
    "list_name": "avisos-biblioteca",
    "audience": ("students",),
    "recipients": 1850,
    "frequency": "weekly",
    "start_date": dt.date(2021, 9, 1),
    "end_date": dt.date(2022, 8, 31),
    "justification": "el Correo del Día publica un solo renglón por aviso y no basta",
    "sponsor": "Joaquín Verduzco Leal",
}


def asking(**changes: FieldValue | None) -> Case:
    values = {name: value for name, value in {**GOOD, **changes}.items() if value is not None}
    form = {name: Extraction(value, "text", "") for name, value in values.items()}
    return case(form=MappingProxyType(form))


def verdict(rule: str, about: Case, guidelines: Guidelines = USUAL) -> Check:
    name = SAY(f"guidelines.rule.{rule}")
    return next(c for c in checks(about, ORGANIZATION, guidelines, TODAY) if c.name == name)


def test_a_good_request_passes_every_rule() -> None:
    found = checks(asking(), ORGANIZATION, USUAL, TODAY)
    assert len(found) == len(RULES)
    assert [c.name for c in found if not c.passed] == []


@pytest.mark.parametrize(
    ("rule", "changes", "says"),
    [
        ("institutional_email", {"email": "elvira@gmail.com"}, "no es una cuenta"),
        ("institutional_email", {"email": "elvira@xupaep.mx"}, "no es una cuenta"),
        ("institutional_email", {"email": None}, "Falta el correo"),
        ("responsible", {"responsible": "Elvira"}, "nombre y apellido"),
        ("responsible", {"responsible": None}, "nombre y apellido"),
        ("period", {"end_date": dt.date(2022, 9, 3)}, "es de 367 días; el máximo es de 366"),
        ("period", {"end_date": dt.date(2021, 9, 1)}, "no es posterior"),
        ("period", {"start_date": dt.date(2021, 8, 15)}, "empieza antes de la solicitud"),
        (
            "period",
            {"start_date": dt.date(2020, 1, 1), "end_date": dt.date(2020, 6, 1)},
            "ya terminó: 1 de junio de 2020",
        ),
        ("period", {"end_date": None}, "Faltan las fechas"),
        ("frequency", {"frequency": "daily"}, "Es diaria; para alumnos se permite como máximo"),
        ("frequency", {"frequency": "daily", "audience": ("alumni",)}, "para egresados"),
        ("frequency", {"frequency": "daily", "audience": None}, "para esos destinatarios"),
        ("frequency", {"frequency": None}, "Falta la frecuencia"),
        ("justification", {"justification": "hace falta, gracias"}, "Tiene 3 palabras"),
        ("justification", {"justification": None}, "Tiene 0 palabras"),
        ("list_name", {"list_name": "Avisos Biblioteca"}, "no sirve como dirección"),
        ("list_name", {"list_name": "señales"}, "no sirve como dirección"),
        ("list_name", {"list_name": "a" * 65}, "no sirve como dirección"),
        ("list_name", {"list_name": "avisos@gmail.com"}, "no está en un dominio"),
        ("list_name", {"list_name": None}, "Falta el nombre de la lista"),
        ("recipients", {"recipients": 1}, "no hace falta una lista"),
        ("recipients", {"recipients": 900_000}, "no se esperan más de 60,000"),
        ("recipients", {"recipients": None}, "Falta el número"),
        ("sponsor", {"sponsor": "Joaquín"}, "nombre y apellido"),
        ("sponsor_is_not_responsible", {"sponsor": "ELVIRA SANTOYO QUIROZ"}, "misma persona"),
        ("sponsor_is_not_responsible", {"sponsor": "Santoyo Quiroz Elvira"}, "misma persona"),
        ("sponsor_is_not_responsible", {"sponsor": None}, "No hay quien"),
    ],
)
def test_a_rule_that_is_not_met_says_why(
    rule: str, changes: dict[str, FieldValue | None], says: str
) -> None:
    found = verdict(rule, asking(**changes))
    assert not found.passed
    assert says in found.text


@pytest.mark.parametrize(
    ("rule", "changes"),
    [
        ("institutional_email", {"email": "ana@alumnos.upaep.mx"}),
        ("period", {"start_date": NOW.date(), "end_date": NOW.date() + dt.timedelta(days=366)}),
        ("frequency", {"frequency": "on_demand"}),
        ("list_name", {"list_name": "avisos.biblioteca_2"}),
        ("list_name", {"list_name": "avisos@upaep.mx"}),
        ("recipients", {"recipients": 2}),
        ("recipients", {"recipients": 60_000}),
    ],
)
def test_a_rule_at_its_edge_is_met(rule: str, changes: dict[str, FieldValue]) -> None:
    assert verdict(rule, asking(**changes)).passed


def test_the_strictest_audience_counts() -> None:
    strict = replace(USUAL, max_frequency={"default": "daily", "students": "monthly"})
    both = asking(audience=("faculty", "students"))
    assert "para alumnos se permite como máximo mensual" in verdict("frequency", both, strict).text
    assert verdict("frequency", asking(audience=("faculty",)), strict).passed


def test_rules_can_be_left_out_and_those_without_their_field_are() -> None:
    fewer = replace(USUAL, skip=frozenset({"sponsor", "sponsor_is_not_responsible"}))
    assert len(checks(asking(), ORGANIZATION, fewer, TODAY)) == len(RULES) - 2
    without = Form(tuple(f for f in FORM.fields if f.name != "frequency"))
    elsewhere = replace(ORGANIZATION, kinds=(list_kind(without),))
    shown = [c.name for c in checks(asking(), elsewhere, USUAL, TODAY)]
    assert "Frecuencia" not in shown


VALUES = (
    st.text(max_size=60)
    | st.integers()
    | st.dates()
    | st.lists(st.text(max_size=5), max_size=3).map(tuple)
)


@given(st.dictionaries(st.sampled_from([f.name for f in FORM.fields]), VALUES), st.dates())
def test_rules_have_an_answer_to_anything(values: dict[str, FieldValue], today: dt.date) -> None:
    about = case(form=MappingProxyType({n: Extraction(v, "text", "") for n, v in values.items()}))
    found = checks(about, ORGANIZATION, USUAL, today)
    assert len(found) == len(RULES)
    assert all(c.name and c.text.endswith(".") for c in found)


# --- configuration ----------------------------------------------------------------------------

STAFF = """
staff:
  - {name: R, email: r@upaep.mx, roles: [reviewer]}
  - {name: A, email: a@upaep.mx, roles: [approver, provisioner, admin]}
"""


def configured(tmp_path: Path, text: str) -> Guidelines:
    file = tmp_path / "config.yaml"
    file.write_text(STAFF + text, "utf-8")
    return guidelines_of(load(file).guidelines)


def test_what_the_file_does_not_say_is_as_shipped(tmp_path: Path) -> None:
    assert configured(tmp_path, "") == Guidelines()
    text = "guidelines: {max_period_days: 180, max_frequency: {external: yearly}, skip: [sponsor]}"
    made = configured(tmp_path, text)
    assert made.max_period_days == 180
    assert made.max_frequency == {"default": "weekly", "students": "weekly", "external": "yearly"}
    assert made.skip == {"sponsor"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{max_frequency: {students: hourly}}", "not hourly"),
        ("{list_name_pattern: '(('}", "regular expression"),
        ("{skip: [sponsr]}", "not sponsr"),
        ("{max_days: 3}", "did you mean guidelines.max_period_days"),
    ],
)
def test_a_mistake_names_its_key(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(ConfigError) as error:
        configured(tmp_path, f"guidelines: {text}")
    (problem,) = error.value.problems
    assert problem.startswith("guidelines.")
    assert says in problem
