"""What the engine knows of a kind of request comes from the kind: said of a room as of a list."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from bot.lists.kind import list_kind
from bot.workflow.commands.registry import vocabulary
from bot.workflow.organization import Organization
from bot.workflow.screening.context import ScreeningContext
from nlp.commands import parse_commands
from nlp.types import Block, BlockKind, Message
from tests.builders import FORM, ORGANIZATION, mail
from tests.rig.rooms import ROOMS

BOTH = replace(ORGANIZATION, kinds=(*ORGANIZATION.kinds, ROOMS))
ROOMS_ALONE = replace(ORGANIZATION, kinds=(ROOMS,))


def commands(text: str, organization: Organization = BOTH) -> list[str]:
    message = Message("Re: Solicitud", (Block(BlockKind.NEW, text),), dt.date.min, is_reply=True)
    return [one.name for one in parse_commands(message, vocabulary(organization)).commands]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Apruebo el espacio", "approve"),
        ("Se aprueba el espacio solicitado.", "approve"),
        ("Adelante con el espacio", "approve"),
        ("Apruebo la solicitud del espacio", "approve"),
        ("Rechazo el espacio: ese día hay exámenes", "reject"),
        ("Apruebo la lista", "approve"),
    ],
)
def test_a_decision_is_on_what_is_requested(text: str, name: str) -> None:
    assert commands(text) == [name]


def test_what_is_not_requested_here_is_not_decided_on() -> None:
    assert commands("Apruebo la lista", ROOMS_ALONE) == []
    assert commands("Apruebo el espacio", ORGANIZATION) == []


def test_choices_and_numbers_are_counted_when_people_are_forgotten() -> None:
    assert ROOMS.counted == {"room", "guests"}
    assert list_kind(FORM).counted == {
        "area", "request_type", "audience", "frequency", "recipients",
    }  # fmt: skip


def test_who_speaks_of_what_is_requested_is_a_person() -> None:
    told = mail("Estaré de vacaciones; de nuestro espacio se ocupa Ana.")
    screened = [ScreeningContext(told, house) for house in (BOTH, ORGANIZATION)]
    assert [context.hands_over for context in screened] == [True, False]
