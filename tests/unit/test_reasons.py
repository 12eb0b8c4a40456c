"""Reasons that teach: how one of the catalogue is given, what goes out, how they are counted."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config.load import ConfigError, load
from bot.config.organization import organization_of
from bot.lists.findings import given_reasons
from bot.workflow.case import Case, Decision, Move, State
from bot.workflow.commands.registry import offered
from bot.workflow.context import Link
from bot.workflow.inbound import decide
from bot.workflow.kinds import GIVEN_REASONS
from bot.workflow.outcome import Outcome
from bot.workflow.reasons import Reason, given_reason, reason_counts
from bot.workflow.schedule.weekly import weekly_summary
from nlp.types import Command, ParsedCommands
from tests.builders import ANA, NOW, ORGANIZATION, REVIEWER, case, context, mail, notice

FULL = Reason(
    "full", "Saturación", "A ese público le llegan ya demasiados correos.", "https://x.mx/a"
)
SAME = Reason("same", "Ya existe", "Ya hay una lista para lo mismo; pida que la compartan.")
CATALOGUE = (FULL, SAME)
HERE = replace(ORGANIZATION, reasons=CATALOGUE)


@pytest.mark.parametrize(
    ("said", "key", "words"),
    [
        ("2", "same", ""),
        ("#2", "same", ""),
        ("2.", "same", ""),
        ("motivo 2", "same", ""),
        ("saturación", "full", ""),
        ("SATURACION", "full", ""),
        ("por saturación", "full", ""),
        ("full", "full", ""),
        ("ya existe", "same", ""),
        ("1. Reciben cuatro a la semana.", "full", "Reciben cuatro a la semana."),
        ("1: reciben cuatro", "full", "reciben cuatro"),
        ("1 Reciben cuatro", "full", "Reciben cuatro"),
        ("1\nReciben cuatro.\n\nY no leen.", "full", "Reciben cuatro.\n\nY no leen."),
        ("Saturación: reciben cuatro", "full", "reciben cuatro"),
        ("saturación, reciben cuatro", "full", "reciben cuatro"),
        ("1) Saturación", "full", ""),
        ("1) Saturación. Reciben cuatro", "full", "Reciben cuatro"),
    ],
)
def test_a_reason_of_the_catalogue_sends_its_text_and_the_own_words(
    said: str, key: str, words: str
) -> None:
    reason = next(one for one in CATALOGUE if one.key == key)
    found = given_reason(CATALOGUE, said)
    assert found.key == key
    assert found.text == "\n\n".join(part for part in (reason.text, words) if part)
    assert found.short == (f"{reason.name}. {words}" if words else reason.name)


@pytest.mark.parametrize(
    "said",
    [
        "2 listas iguales ya existen",
        "2.5 envíos por semana son muchos",
        "1, 2 y 3 veces por semana es demasiado",
        "saturación del público al que llega",
        "ya existe una lista igual",
        "no procede",
        "3 al mes. Es demasiado",
        "2 por semana",
    ],
)
def test_any_other_words_are_a_reason_of_their_own_to_the_letter(said: str) -> None:
    found = given_reason(CATALOGUE, said)
    assert (found.text, found.short, found.key) == (said, said, "")


@given(st.text(max_size=200))
def test_no_word_of_a_reason_is_lost(said: str) -> None:
    try:
        found = given_reason(CATALOGUE, said)
    except LookupError:
        return
    letters = [c for c in said if c.isalpha()]
    assert found.key or found.text == said
    assert len(found.text) >= len(letters) - len("por razón motivo saturación ya existe full")


def give(argument: str, organization: object = HERE) -> Outcome:
    about = case(State.REVIEW)
    command = ParsedCommands((Command("reject", argument),))
    given_ = context(
        mail(senders=(REVIEWER.address,)), organization=organization, case=about,
        link=Link.TOKEN, token=notice(REVIEWER), staff_commands=command,
    )  # fmt: skip
    return decide(given_)


def test_the_area_gets_the_whole_text_and_who_decided_is_told_which() -> None:
    done = give("2: la lleva Deportes")
    to_area = next(n for n in done.notifications if n.to == ANA)
    assert to_area.values["reason"] == f"{SAME.text}\n\nla lleva Deportes"
    answer = next(n for n in done.notifications if n.template == "command_result")
    lines = answer.values["lines"]
    assert isinstance(lines, tuple)
    assert lines[0] == "Motivo: Ya existe. la lleva Deportes. El área recibe el texto completo."
    assert done.case is not None
    assert done.case.decision is not None
    assert done.case.decision.reason_key == "same"
    assert done.events[0].text == "rechazó la solicitud: Ya existe. la lleva Deportes"


def test_the_link_of_a_reason_goes_with_it() -> None:
    (told,) = (n for n in give("saturación").notifications if n.to == ANA)
    assert told.values["reason_link"] == "https://x.mx/a"
    (told,) = (n for n in give("no procede").notifications if n.to == ANA)
    assert told.values["reason_link"] == ""


def test_a_number_that_is_none_decides_nothing_and_the_catalogue_is_told() -> None:
    done = give("7")
    assert done.case is not None
    assert done.case.state is State.REVIEW
    (answer,) = done.notifications
    assert answer.values["lines"] == (
        "Los motivos son: 1. Saturación; 2. Ya existe. También puede escribir el suyo.",
    )


def test_without_a_catalogue_every_reason_is_free() -> None:
    (told,) = (n for n in give("2", ORGANIZATION).notifications if n.to == ANA)
    assert told.values["reason"] == "2"
    hints = offered(ORGANIZATION, REVIEWER, case(), shown={})
    assert not any(hint.ready for hint in hints)


def test_a_notice_offers_the_catalogue_and_what_was_written_before() -> None:
    shown = {GIVEN_REASONS: (("Cabe en el boletín.", "CI-2021-0031"),)}
    hints = {hint.text: hint.ready for hint in offered(HERE, REVIEWER, case(), shown=shown)}
    assert [(one.number, one.argument, one.note) for one in hints.pop("RECHAZAR")] == [
        ("1", "Saturación", ""),
        ("2", "Ya existe", ""),
        ("", "Cabe en el boletín.", "usada en CI-2021-0031"),
    ]
    assert not any(hints.values())


def rejected(folio: str, reason: str, key: str = "", **changes: object) -> Case:
    at = NOW - dt.timedelta(days=3)
    decision = Decision(Move.REJECTED, "x@upaep.mx", at, at, State.REVIEW, reason, reason_key=key)
    return case(State.REJECTED, folio=folio, decision=decision, **changes)


def test_at_most_two_free_reasons_of_earlier_requests_are_offered() -> None:
    others = (
        rejected("CI-2021-0001", "Repetida."),
        rejected("CI-2021-0002", "repetida"),
        rejected("CI-2021-0003", "Del catálogo.", "full"),
        rejected("CI-2021-0004", "x" * 500),
        rejected("CI-2021-0005", "Cabe en el boletín.", intent="reinstate_list"),
        rejected("CI-2021-0006", "Otra más.", intent="reinstate_list"),
        case(State.CLOSED, folio="CI-2021-0007"),
    )
    assert given_reasons(case(), others) == (
        ("repetida", "CI-2021-0002"),
        ("Otra más.", "CI-2021-0006"),
    )


def test_reasons_are_counted_in_the_week() -> None:
    assert list(reason_counts(CATALOGUE, ["same", "gone", "", "same"])) == [
        ("Ya existe", 2), ("gone", 1),
    ]  # fmt: skip
    cases = tuple(
        rejected(f"CI-2021-000{n}", "x", key) for n, key in enumerate(("same", "", "same"))
    )
    summary = weekly_summary(HERE, REVIEWER, cases, {}, {}, dt.date(2021, 8, 16))
    assert summary is not None
    bars = summary.values["by_reason"]
    assert isinstance(bars, tuple)
    assert [(bar.label, bar.shown) for bar in bars] == [
        ("Ya existe", "2"),
        ("con otras palabras", "1"),
    ]


STAFF = """
staff:
  - {name: R, email: r@upaep.mx, roles: [reviewer]}
  - {name: A, email: a@upaep.mx, roles: [approver, provisioner, admin]}
rejection_reasons:
  - key: full
    name: Saturación
    text: A ese público le llegan ya demasiados correos.
    link: https://upaep.mx/colaboradores
"""


def test_the_catalogue_comes_from_the_configuration(tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    file.write_text(STAFF, "utf-8")
    (reason,) = organization_of(load(file)).reasons
    assert reason == replace(FULL, link="https://upaep.mx/colaboradores")


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ("  - {key: o, name: saturacion, text: Otro texto que se envía al área.}", "saturacion"),
        ("  - {key: other, name: 2 al mes, text: Otro texto que se envía al área.}", "name"),
        ("  - {key: other, name: Otra, text: corto}", "text"),
        ("  - {key: other, name: Otra, text: Otro texto que se envía al área.,"
         " link: 'javascript:x'}", "link"),
    ],
)  # fmt: skip
def test_a_catalogue_that_could_be_misread_is_a_mistake(
    tmp_path: Path, more: str, says: str
) -> None:
    file = tmp_path / "config.yaml"
    file.write_text(STAFF + more, "utf-8")
    with pytest.raises(ConfigError) as error:
        load(file)
    assert any("rejection_reasons" in one and says in one for one in error.value.problems)
