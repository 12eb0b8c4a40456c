"""Every command, given with a key of every kind, on a case in every state: what counts at all."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from bot.workflow.case import Case, Decision, Move, State
from bot.workflow.commands.grants import case_grant, offered_with_words, triage_grant
from bot.workflow.commands.registry import CommandSpec, table
from bot.workflow.context import ROWS, Link, NumberedRow, Original, ReplyToken
from bot.workflow.inbound import decide
from bot.workflow.message import Address, HandedOn
from bot.workflow.outcome import Outcome
from bot.workflow.staff import Person
from nlp.types import (
    Command,
    Intent,
    NumberedCommand,
    NumberedCommands,
    ParsedCommands,
    Prediction,
)
from tests.builders import (
    APPROVER,
    KEY_HASH,
    NOW,
    ORGANIZATION,
    REVIEWER,
    REVIEWER_2,
    case,
    context,
    full_form,
    mail,
    notice,
    notifications_of,
)

OTHER = case(State.REVIEW, folio="CI-2021-0007")
ARGUMENTS = {
    **{spec.name: "con gusto" for spec in table(ORGANIZATION) if spec.argument == "text"},
    "reject": "por duplicidad", "ask": "¿cuántos son?", "answer": "Sí.", "note": "x",
    "assign": REVIEWER_2.address.email, "correct": "extensión: 7999", "reopen": "llegó",
    "merge": OTHER.folio, "classify": "pregunta", "done": "avisos-nuevos@upaep.mx",
    "delegate": "luis.mora@upaep.mx hasta el 20 de agosto",
}  # fmt: skip
CHANGING = [s for s in table(ORGANIZATION) if s.changes and s.name != "confirm"]
LIVE, WORDS, CONFIRMS, TAKEN_WITH = "live", "words", "confirms it", "its decision was taken with"


def standing(spec: CommandSpec, state: State, person: Person) -> Case:
    """A case that stands there; for DESHACER a decision of this person's can still be undone."""
    before = State.REVIEW if state is State.APPROVAL else State.APPROVAL
    decision = Decision(Move.REJECTED, person.address.email, NOW, NOW + ORGANIZATION.undo, before)
    decided = spec.name == "undo" and State.INCOMPLETE is not state is not State.REVIEW
    return case(state, version=2, decision=decision if decided else None)


def keys(spec: CommandSpec, person: Person, about: Case) -> dict[str, ReplyToken | None]:
    """One key of each kind: the first three serve, where they offer the command."""
    live = replace(notice(person, about.state), version=2)
    offers = case_grant(ORGANIZATION, person, about).commands
    live = replace(live, commands=offers)
    words = triage_grant(person, about, offered_with_words(ORGANIZATION, person, about))
    waiting = (Command(spec.name, ARGUMENTS.get(spec.name)),)
    confirms = replace(live, commands=frozenset({"confirm"}), waiting=waiting)
    long_ago = NOW - ORGANIZATION.token_life - dt.timedelta(seconds=1)
    elsewhere = State.EXPIRED if about.state is not State.EXPIRED else State.REVIEW
    flaws: dict[str, dict[str, object]] = {
        "spent": {"consumed_at": NOW},
        "void": {"void": True},
        "old": {"created_at": long_ago},
        "of another stage": {"stage": elsewhere},
        "of another form": {"version": 1},
        "of another person": {"person": "alguien@upaep.mx"},
        "of another case": {"folio": "CI-2021-0001"},
    }
    found: dict[str, ReplyToken | None] = {
        LIVE: live,
        WORDS: replace(live, stage=words.stage, commands=words.commands),
        CONFIRMS: confirms,
        TAKEN_WITH: replace(live, consumed_at=NOW, void=True, stage="before"),
        "none": None,
        "of what does not offer it": replace(live, commands=offers - {spec.name}),
        "that confirms another": replace(confirms, waiting=(Command("note", "x"),)),
    }
    for name, flaw in flaws.items():
        found[name] = replace(live, **flaw)  # type: ignore[arg-type]
        found[f"{name}, that confirms it"] = replace(confirms, **flaw)  # type: ignore[arg-type]
        if "person" not in flaw and "folio" not in flaw:
            found[f"{name}, with words"] = replace(found[WORDS], **flaw)  # type: ignore[type-var]
    found.pop("of another stage, with words")  # words have none
    return found


MASS_MAIL = HandedOn(Address("eventos@upaep.mx", "Eventos"), ("a@upaep.mx", "b@upaep.mx"))


def give(spec: CommandSpec, person: Person, about: Case, key: ReplyToken | None) -> Outcome:
    confirms = key is not None and bool(key.waiting)
    command = Command("confirm") if confirms else Command(spec.name, ARGUMENTS.get(spec.name))
    made = context(
        mail("…", person.address),
        case=about,
        link=Link.TOKEN if key else Link.THREAD,
        token=key,
        staff_commands=ParsedCommands((command,)),
        other_cases=(OTHER,),
        original=Original(
            5, mail(handed_on=(MASS_MAIL,)), Prediction(Intent.OTHER, 0.4, full_form())
        ),
    )
    return decide(made)


def did_something(done: Outcome, about: Case, person: Person) -> bool:
    """Whether anything changed, or anybody else was written to."""
    told = [n for n in notifications_of(done) if n.to.email != person.address.email]
    changed = done.case != about or done.related or done.records or done.leaves
    lines = [event for event in done.events if event.what != "refused"]
    return bool(changed or done.corrections or told or lines)


def counts(spec: CommandSpec, kind: str, person: Person, about: Case) -> bool:
    """Whether a command is to be carried out, said in a line."""
    if spec.subject != "nothing" and not spec.allowed(ORGANIZATION, person, about):
        return False
    if spec.subject == "nothing" and not spec.ever_allowed(ORGANIZATION, person):
        return False
    if spec.beyond_the_case:
        return kind == CONFIRMS
    with_words = kind == WORDS and spec.name in ("answer", "classify")
    undone = kind == TAKEN_WITH and spec.name == "undo"
    return kind in (LIVE, CONFIRMS) or with_words or undone


@pytest.mark.parametrize("spec", CHANGING, ids=lambda s: s.name)
def test_a_command_counts_only_with_a_key_that_is_for_it(spec: CommandSpec) -> None:
    some = 0
    for state in State:
        for person in ORGANIZATION.staff:
            about = standing(spec, state, person)
            for kind, key in keys(spec, person, about).items():
                given = replace(about)
                if kind == TAKEN_WITH and about.decision:
                    taken = replace(about.decision, token=KEY_HASH)
                    given = replace(about, decision=taken)
                done = give(spec, person, given, key)
                expected = counts(spec, kind, person, given)
                if kind == "that confirms another":  # it carries out that one, nothing else
                    assert done.case == given, (state, person.roles)
                    continue
                did = did_something(done, given, person)
                assert did == expected, (str(state), sorted(person.roles), kind, done.why)
                used_up = expected and (spec.name != "note" or kind == CONFIRMS)
                assert (KEY_HASH in done.consumes) == used_up, (str(state), kind)
                some += expected
    assert some


def test_what_is_refused_leaves_the_key_as_it_is() -> None:
    spec = next(s for s in CHANGING if s.name == "correct")
    about = case()
    key = notice(REVIEWER)
    made = context(mail("…", REVIEWER.address), case=about, link=Link.TOKEN, token=key,
                   staff_commands=ParsedCommands((Command("correct", "color: rojo"),)))  # fmt: skip
    done = decide(made)
    assert spec.changes
    assert not done.consumes


def test_one_mail_uses_a_key_once_for_all_that_it_says() -> None:
    both = ParsedCommands((Command("correct", "extensión: 7999"), Command("approve")))
    made = context(mail("…", REVIEWER.address), case=case(), link=Link.TOKEN,
                   token=notice(REVIEWER), staff_commands=both)  # fmt: skip
    done = decide(made)
    assert done.case is not None
    assert (done.case.version, done.case.state) == (2, State.APPROVAL)
    assert set(done.consumes) == {KEY_HASH}


def test_a_key_decides_at_one_stage_only() -> None:
    """Not even for who decides at both, and says so twice in a mail."""
    both = replace(REVIEWER, roles=frozenset({*REVIEWER.roles, "approver"}))
    organization = replace(ORGANIZATION, staff=(both, *ORGANIZATION.staff[1:]))
    twice = ParsedCommands((Command("approve"), Command("approve")))
    made = context(mail("…", both.address), case=case(), link=Link.TOKEN, token=notice(both),
                   staff_commands=twice, organization=organization)  # fmt: skip
    done = decide(made)
    assert done.case is not None
    assert done.case.state is State.APPROVAL
    assert "accepted" not in {n.template for n in done.notifications}


@pytest.mark.parametrize("name", ["approve", "reject", "ask", "undo", "note"])
@pytest.mark.parametrize("person", [REVIEWER, APPROVER], ids=lambda p: p.address.name)
def test_a_row_of_a_digest_serves_for_what_a_notice_of_its_case_does(
    name: str, person: Person
) -> None:
    spec, rows_key, some = next(s for s in CHANGING if s.name == name), "r" * 64, 0
    for state in (State.REVIEW, State.APPROVAL, State.REJECTED):
        about = standing(spec, state, person)
        for kind, key in keys(spec, person, about).items():
            if key is None or bool(key.waiting):
                continue
            alone = give(spec, person, about, key)
            command = NumberedCommand(1, Command(name, ARGUMENTS.get(name)))
            made = context(
                mail("…", person.address),
                link=Link.TOKEN,
                token=ReplyToken(rows_key, "", person.address.email, ROWS, 0, frozenset(), NOW,
                                 rows={1: KEY_HASH}),
                numbered=NumberedCommands((command,)),
                rows={1: NumberedRow(key, about)},
            )  # fmt: skip
            (row,) = decide(made).several
            assert (row.case, row.consumes) == (alone.case, alone.consumes), (state, kind)
            assert row.events == alone.events
            some += row.case != about
    assert some or (name, person) in UNSAID


UNSAID = {("note", REVIEWER), ("note", APPROVER)}
"""What changes no case, or nothing that this person may say there."""
