"""Help mail, notices' buttons and docs/guia-personal.md tell what the table of commands says."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from bot.workflow.commands.registry import CommandSpec, Offer, table, vocabulary
from bot.workflow.commands.talk import help_lines
from bot.workflow.inbound import decide  # noqa: F401  (fills the table)
from bot.workflow.kinds import STAGES, Stage
from bot.workflow.notification import StageNotice
from bot.workflow.notifications.notices import notification_of
from nlp.commands import parse_commands
from nlp.text.fold import plain
from nlp.types import Block, BlockKind, Message
from tests.builders import NOW, ORGANIZATION, case

GUIDE = Path(__file__).parents[2] / "docs" / "guia-personal.md"
ROWS = table(ORGANIZATION)
EXAMPLE = {"done": "avisos@upaep.mx", "assign": "valeria@upaep.mx"}


def guide_table() -> str:
    rows = ["| orden | qué hace |", "| --- | --- |"]
    for spec in ROWS:
        word = " ".join(part for part in (spec.says, spec.argument_hint) if part)
        word = word.replace("|", "\\|")
        rows.append(f"| `{word}` | {spec.help} |")
    return "\n".join(rows)


def test_the_guide_tells_every_command() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    start = text.index("-->\n", text.index("<!-- órdenes")) + 4
    end = text.index("<!-- fin -->")
    if os.environ.get("UPDATE_SNAPSHOTS") == "1":
        GUIDE.write_text(f"{text[:start]}{guide_table()}\n{text[end:]}", encoding="utf-8")
    else:
        assert text[start:end].strip() == guide_table(), "UPDATE_SNAPSHOTS=1 if it is meant"


@pytest.mark.parametrize(
    "said", re.findall("«([^»]+)»", GUIDE.read_text("utf-8").partition("bastan cuatro")[2])[:12]
)
def test_the_guides_sentences_are_understood(said: str) -> None:
    message = Message("", (Block(BlockKind.NEW, said),), NOW.date(), is_reply=True)
    assert parse_commands(message, vocabulary(ORGANIZATION), folio="CI-2021-0042").commands, said


def test_the_help_mail_tells_every_command() -> None:
    assert [(x.text, x.help) for x in help_lines(ORGANIZATION)] == [(s.says, s.help) for s in ROWS]
    assert all(re.match(r"[A-ZÁÉÍÓÚ].*\.$", s.help) for s in ROWS)


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.state)
def test_a_notice_offers_what_its_reader_may_say(stage: Stage) -> None:
    about = case(stage.state)
    for person in ORGANIZATION.with_role(stage.role):
        notice = notification_of(ORGANIZATION, StageNotice(about, person), {})
        shown = notice.values["commands"]
        allowed = [
            s.says
            for s in ROWS
            if Offer.NOTICE in s.offers and s.allowed(ORGANIZATION, person, about)
        ]
        assert [o.text for o in shown] == allowed  # type: ignore[attr-defined]


@pytest.mark.parametrize("spec", ROWS, ids=lambda s: s.name)
def test_what_is_offered_is_read(spec: CommandSpec) -> None:
    name = spec.name
    argument = EXAMPLE.get(name, "algo") if spec.needs_text else ""
    text = f"{spec.says} {argument}".strip()
    message = Message("", (Block(BlockKind.NEW, text),), NOW.date(), is_reply=True)
    reading = parse_commands(message, vocabulary(ORGANIZATION), folio="CI-2021-0042")
    assert [o.name for o in reading.commands] == [name], reading.why
    assert plain(reading.commands[0].argument or "") == plain(argument)


def test_no_word_means_two_commands() -> None:
    words = [w for s in ROWS for w in s.words]
    assert len(words) == len(set(words))
