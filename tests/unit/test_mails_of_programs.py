"""What programs, servers and devices do to mail on its way changes nothing of what was said.

Each mail of tests/mails/programs has beside it what is right: `command` ("done x@upaep.mx"),
`requester_command` (what an area says clearly), `fields` (what it changes), `text`,
`screened` (the rule that holds), `problem` (a file is named as unreadable). What is not named in
it is not looked at.
"""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from bot.mail.compose import write
from bot.mail.parsing import Limits
from bot.runtime.analysis import MessageAnalysis
from bot.runtime.analyzer import Analyzer
from bot.workflow.message import ParsedMessage
from bot.workflow.notifications.mails import received
from nlp.types import FieldValue
from tests.builders import NOW, ORGANIZATION, case
from tests.e2e.requests import FULL

from .reading_mails import MAILS

SAMPLES = sorted((MAILS / "programs").glob("*.eml"))


@cache
def analyzer() -> Analyzer:
    return Analyzer(ORGANIZATION, Limits())


@cache
def form() -> dict[str, FieldValue]:
    """A complete form as the area filled it in."""
    raw = f"From: ana.prado@upaep.mx\nSubject: Lista\n\n{FULL}"
    found = analyzer().analyse(raw.encode(), NOW)
    return {name: value.value for name, value in found.prediction.fields.items()}


@cache
def answered() -> bytes:
    """Our mail that says that the form is complete."""
    raw = f"From: ana.prado@upaep.mx\nSubject: Lista\n\n{FULL}"
    fields = analyzer().analyse(raw.encode(), NOW).prediction.fields
    return write(received(ORGANIZATION, case(form=fields)), ORGANIZATION, NOW).raw


def analysed(raw: bytes) -> MessageAnalysis:
    """A mail as the service reads it: an answer to the one above where it answers anything."""
    ours = (answered(),) if b"\nIn-Reply-To:" in raw else ()
    found = analyzer().analyse(raw, NOW, ours)
    if not ours or not isinstance(found.mail, ParsedMessage) or found.screened is not None:
        return found
    return replace(found, turn=analyzer().turn(found.mail, NOW, ours))


def changes(found: MessageAnalysis) -> dict[str, FieldValue]:
    """What a reply changes in the complete form of a list to be created."""
    said = (*found.turn.answers, *found.turn.corrections) if found.turn else ()
    return {one.field: one.value for one in said if one.value is not None}


def told(found: MessageAnalysis) -> dict[str, object]:
    """What is understood, by the keys that a sample may name."""
    mail = found.mail
    assert isinstance(mail, ParsedMessage)
    commands, theirs = found.staff_commands.commands, found.requester_commands.commands
    return {
        "command": " ".join(filter(None, (commands[0].name, commands[0].argument)))
        if commands
        else None,
        "requester_command": theirs[0].name if len(theirs) == 1 else None,
        "fields": {name: str(value) for name, value in changes(found).items()},
        "text": mail.text,
        "screened": found.screened.rule if found.screened else None,
        "problem": any(a.problem for a in mail.attachments),
        "relayed": bool(found.screened and found.screened.relayed),
        "files": [a.name for a in mail.attachments if not a.inline],
    }


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_it_is_as_if_nothing_had_been_added(path: Path) -> None:
    right = json.loads(path.with_suffix(".json").read_text("utf-8"))
    found = told(analysed(path.read_bytes()))
    assert {key: found[key] for key in found if key in right} == {
        key: right[key] for key in found if key in right
    }
    assert found.keys() & right.keys()
