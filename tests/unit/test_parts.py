"""A field is known by its kind and by the part it plays, whatever its form calls it."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

import pytest

from bot.config.form import shipped_form, to_form
from bot.workflow.message import Address
from nlp.pipeline import Predictor, load
from nlp.turns.types import Asked, TurnContext, Unclear, Writer
from nlp.types import Block, BlockKind, FieldKind, Form, FormField, Message, Part
from tests.builders import KIND, case, full_form
from tests.unit.turn_cases import CORRECTIONS, KNOWN, TODAY

T = TypeVar("T")
SHIPPED = to_form(shipped_form())
OWN = Form(tuple(replace(field, name=f"our_{field.name}") for field in SHIPPED.fields))
ASKS = """Buenas tardes: la Biblioteca Central solicita una lista nueva para avisar de su acervo a
los alumnos y docentes, unas 350 personas, cada quince días, del 1 de septiembre de 2026 al 30 de
junio de 2027. Los correos los enviará la Mtra. Elvira Santoyo Quiroz (elvira.santoyo@upaep.mx,
ext. 7415) y el Dr. Joaquín Verduzco Leal da su visto bueno. El Correo del Día no llega a todos."""


@pytest.fixture(scope="module")
def predictor() -> Predictor:
    return load()


def mail(text: str) -> Message:
    return Message("Lista nueva", (Block(BlockKind.NEW, text),), TODAY)


def ours(values: Mapping[str, T]) -> dict[str, T]:
    return {f"our_{name}": value for name, value in values.items()}


# Words that mean other things, too: what stands in a text, a group of a pattern, an area's name.
ORDINARY = {Part.EMAIL, Part.POSITION, Part.AREA, Part.BACKER}
ROOT = Path(__file__).parents[2]
NAMED_ONCE = [
    file
    for folder in ("nlp", "bot/workflow", "bot/mail", "bot/runtime", "bot/observability")
    for file in sorted((ROOT / folder).rglob("*.py"))
    if "training" not in file.parts and file != ROOT / "nlp" / "types.py"
]
TOLD = [file for room in ("cli", "report") for file in sorted((ROOT / "bot" / room).rglob("*.py"))]


def test_no_code_but_that_of_lists_knows_a_field_by_its_name() -> None:
    names = {field.name for field in SHIPPED.fields} - ORDINARY
    found = [
        f"{file.relative_to(ROOT)}:{node.lineno}: {node.value}"
        for file in NAMED_ONCE
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Constant) and node.value in names
    ]
    assert not found


def fields_asked(node: ast.AST) -> list[object]:
    """What a piece of code asks of a form or a case by name."""
    match node:
        case ast.Call(ast.Attribute(attr="text" | "value"), [ast.Constant(name), *_]):
            return [name]
        case ast.Subscript(ast.Name("form") | ast.Attribute(attr="form"), ast.Constant(name)):
            return [name]
        case ast.Compare(ast.Constant(name), _, [ast.Name("form") | ast.Attribute(attr="form")]):
            return [name]
    return []


def test_no_code_but_that_of_lists_asks_for_a_field_by_its_name() -> None:
    names = {field.name for field in SHIPPED.fields}
    found = [
        f"{file.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"
        for file in (*NAMED_ONCE, *TOLD)
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if names.intersection(fields_asked(node))
    ]
    assert not found
    assert fields_asked(ast.parse('case.text("area")', mode="eval").body) == ["area"]
    assert fields_asked(ast.parse('about.form["email"]', mode="eval").body) == ["email"]
    assert fields_asked(ast.parse('"email" in form', mode="eval").body) == ["email"]


def test_each_part_is_played_once() -> None:
    played = [field.part for field in SHIPPED.fields if field.part]
    assert sorted(played) == sorted(Part)


def test_prose_is_read_for_a_form_with_names_of_its_own(predictor: Predictor) -> None:
    told, own = (predictor.understand(mail(ASKS), form) for form in (SHIPPED, OWN))
    assert {"area", "responsible", "sponsor", "recipients", "frequency"} <= told.fields.keys()
    assert own.fields == ours(told.fields)
    assert (own.intent, own.confidence) == (told.intent, told.confidence)
    assert predictor.fields(mail(ASKS), OWN, own.intent) == own.fields


@pytest.mark.parametrize("text", [case[-2] for case in CORRECTIONS][::8])
def test_a_turn_is_read_for_a_form_with_names_of_its_own(predictor: Predictor, text: str) -> None:
    missing = ("start_date", "sponsor")
    known = {name: value for name, value in KNOWN.items() if name not in missing}
    asked = TurnContext(
        SHIPPED,
        missing,
        MappingProxyType(known),
        Asked.FORM,
        sent=MappingProxyType({"area": "Biblioteca"}),
        pending=(Unclear("31 de julio de 2027", ("start_date", "end_date")),),
    )
    own = replace(
        asked,
        form=OWN,
        missing=tuple(ours(dict.fromkeys(missing))),
        known=ours(known),
        sent=ours(asked.sent),
        pending=(Unclear("31 de julio de 2027", ("our_start_date", "our_end_date")),),
    )
    told = predictor.turn(mail(text), asked, Writer("Lucía Barrera"))
    said = predictor.turn(mail(text), own, Writer("Lucía Barrera"))
    for one, other in (
        (told.answers, said.answers),
        (told.corrections, said.corrections),
        (told.repeated, said.repeated),
        (told.questions, said.questions),
    ):
        names = [f"our_{x.field}" if x.field else "" for x in one]
        assert [replace(x, field=n) for x, n in zip(one, names, strict=True)] == list(other)
    assert tuple(ours(dict.fromkeys(told.missing))) == said.missing
    assert [tuple(ours(dict.fromkeys(x.fields))) for x in told.unclear] == [
        x.fields for x in said.unclear
    ]


def test_who_answers_is_known_in_a_form_with_names_of_its_own() -> None:
    kind, about = replace(KIND, form=OWN), case(form=ours(full_form()))
    told = full_form()
    assert kind.owner_of(about) == Address(str(told["email"].value), str(told["responsible"].value))
    assert kind.owner_of(case(form={})) is None
    assert kind.reaches == "our_audience"
    assert kind.of_requester == {f"our_{name}" for name in KIND.of_requester} != set()


def test_a_name_alone_plays_no_part(predictor: Predictor) -> None:
    """A form may call a number "area", in square metres: an office is none."""
    form = Form((FormField("area", "Superficie en metros", FieldKind.INTEGER),))
    assert not predictor.fields(mail(ASKS), form, "create_list").keys() - {"area"}
    text = f"{ASKS}\nSuperficie en metros: 120"
    assert predictor.fields(mail(text), form, "create_list")["area"].value == 120
