"""Commands by mail: what counts, and that nothing else does."""

import datetime as dt
from dataclasses import replace
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.lists.kind import list_kind
from bot.lists.records import KIND
from bot.lists.register import ListEntry, ListState
from bot.workflow.authority import SenderPolicy
from bot.workflow.case import Case, Decision, Move, State
from bot.workflow.context import Link, ReplyToken
from bot.workflow.inbound import decide
from bot.workflow.kinds import PROVISIONING, REVIEW
from bot.workflow.outcome import Outcome
from bot.workflow.staff import Person
from nlp.types import Command, Doubt, Intent, ParsedCommands
from tests.builders import (
    ANA,
    APPROVER,
    FORM,
    KEY_HASH,
    NOW,
    ORGANIZATION,
    PROVISIONER,
    REVIEWER,
    REVIEWER_2,
    case,
    context,
    found,
    full_form,
    mail,
    news_of,
    notice,
    notifications_of,
    sent,
)

APPROVE, REJECT, UNDO = Command("approve"), Command("reject", "por duplicidad"), Command("undo")


def give(
    command: Command | None,
    person: Person = REVIEWER,
    about: Case | None = None,
    key: ReplyToken | None = None,
    **changes: object,
) -> Outcome:
    """What a command leads to, given in reply to a notice of the case."""
    about = about or case()
    reading = ParsedCommands((command,)) if command else ParsedCommands(why=Doubt.UNCLEAR)
    made = context(
        mail("…", person.address),
        case=about,
        link=Link.TOKEN if key else Link.THREAD,
        token=key,
        staff_commands=reading,
    )
    return decide(replace(made, **changes))  # type: ignore[arg-type]


def state(outcome: Outcome) -> State:
    assert outcome.case is not None
    return outcome.case.state


def test_a_reviewer_recommends_and_the_approver_gets_a_notice() -> None:
    done = give(APPROVE, key=notice(REVIEWER))
    assert state(done) is State.APPROVAL
    assert ("approval", APPROVER.address.email) in sent(done)
    assert REVIEWER_2.address.email not in {to for _, to in sent(done)}
    assert news_of(done) == {"to_approval": {"reviewer"}}
    assert done.consumes == (KEY_HASH,)


def test_the_approver_accepts_and_the_answer_waits_for_the_undo_time() -> None:
    at = case(State.APPROVAL)
    done = give(APPROVE, APPROVER, at, notice(APPROVER, State.APPROVAL))
    assert state(done) is State.PROVISIONING
    held = {x.template: x.hold_until for x in notifications_of(done)}
    assert held["accepted"] == held["provisioning"] == NOW + ORGANIZATION.undo
    assert held["command_result"] is None


def test_with_one_stage_the_reviewer_decides() -> None:
    organization = replace(ORGANIZATION, kinds=(list_kind(FORM, (REVIEW, PROVISIONING)),))
    done = give(APPROVE, key=notice(REVIEWER), organization=organization)
    assert state(done) is State.PROVISIONING


def test_a_rejection_carries_its_reason_to_the_area() -> None:
    done = give(REJECT, key=notice(REVIEWER))
    notification = next(x for x in notifications_of(done) if x.template == "rejected")
    assert (notification.to, notification.values["reason"]) == (ANA, "por duplicidad")
    assert notification.hold_until == NOW + ORGANIZATION.undo
    assert notification.in_reply_to == "<m0@upaep.mx>"


def test_a_rejection_without_a_reason_is_asked_for_it() -> None:
    done = give(Command("reject"), key=notice(REVIEWER))
    assert state(done) is State.REVIEW
    assert [t for t, _ in sent(done)] == ["command_result"]
    assert notifications_of(done)[0].token is not None


def test_without_a_key_it_is_asked_to_confirm() -> None:
    done = give(APPROVE)
    assert state(done) is State.REVIEW
    assert sent(done) == [("confirm", REVIEWER.address.email)]
    assert notifications_of(done)[0].token is not None
    assert notifications_of(done)[0].token.waiting == (APPROVE,)


def test_confirming_carries_the_waiting_command_out() -> None:
    key = notice(REVIEWER, waiting=(APPROVE,))
    done = give(Command("confirm"), key=key)
    assert state(done) is State.APPROVAL
    assert KEY_HASH in done.consumes


@pytest.mark.parametrize(
    ("person", "key", "about"),
    [
        (PROVISIONER, notice(PROVISIONER), case()),  # not the role
        (REVIEWER, notice(REVIEWER_2), case()),  # another's key
        (REVIEWER, notice(REVIEWER, folio="CI-2021-0001"), case()),  # another case's key
        (REVIEWER, notice(REVIEWER, consumed_at=NOW), case()),  # used
        (REVIEWER, notice(REVIEWER), case(version=2)),  # the form changed
        (REVIEWER, notice(REVIEWER), case(requester=REVIEWER.address)),  # own request
        (APPROVER, notice(APPROVER, State.APPROVAL), case(State.REVIEW)),  # not yet
        (REVIEWER, notice(REVIEWER), case(State.APPROVAL)),  # no longer
    ],
)
@pytest.mark.parametrize("command", [APPROVE, REJECT])
def test_whatever_falls_short_changes_nothing_and_is_told(
    person: Person, key: ReplyToken, about: Case, command: Command
) -> None:
    done = give(command, person, about, key)
    assert state(done) is about.state
    assert ("command_result", person.address.email) in sent(done)
    assert not {"accepted", "rejected"} & {t for t, _ in sent(done)}
    assert not done.consumes


def test_a_stale_form_brings_a_fresh_notice() -> None:
    done = give(APPROVE, about=case(version=2), key=notice(REVIEWER))
    fresh = next(x for x in notifications_of(done) if x.template == "review")
    assert fresh.token is not None
    assert fresh.token.version == 2


def test_an_unauthenticated_command_is_told_to_the_registered_address() -> None:
    organization = replace(ORGANIZATION, sender_policy=SenderPolicy("mx1.upaep.mx"))
    done = give(APPROVE, key=notice(REVIEWER), organization=organization)
    assert state(done) is State.REVIEW
    assert sent(done) == [("command_result", REVIEWER.address.email)]


def test_an_authenticated_one_counts() -> None:
    organization = replace(ORGANIZATION, sender_policy=SenderPolicy("mx1.upaep.mx"))
    headers = MappingProxyType({"authentication-results": ("mx1.upaep.mx; dmarc=pass",)})
    notification = mail("APROBAR", REVIEWER.address, headers=headers)
    done = give(APPROVE, key=notice(REVIEWER), organization=organization, incoming=notification)
    assert state(done) is State.APPROVAL


def test_no_clear_command_gets_a_polite_answer_with_what_can_be_said() -> None:
    done = give(None, key=notice(REVIEWER))
    assert state(done) is State.REVIEW
    assert notifications_of(done)[0].values["lines"] == (ORGANIZATION.say("doubt.unclear"),)
    assert notifications_of(done)[0].values["commands"]


def ruled(before: State, move: Move, by: Person, at: State) -> Case:
    decision = Decision(move, by.address.email, NOW, NOW + ORGANIZATION.undo, before,
                        token=KEY_HASH)  # fmt: skip
    return case(at, decision=decision)


@pytest.mark.parametrize(
    ("person", "before", "move", "at"),
    [
        (REVIEWER, State.REVIEW, Move.TO_APPROVAL, State.APPROVAL),
        (REVIEWER, State.REVIEW, Move.REJECTED, State.REJECTED),
        (APPROVER, State.APPROVAL, Move.APPROVED, State.PROVISIONING),
        (APPROVER, State.APPROVAL, Move.REJECTED, State.REJECTED),
    ],
)
def test_a_decision_is_undone_in_time(person: Person, before: State, move: Move, at: State) -> None:
    about = ruled(before, move, person, at)
    done = give(UNDO, person, about, notice(person, before, consumed_at=NOW))
    assert state(done) is before
    assert done.cancels_held
    late = give(
        UNDO, person, about, notice(person, before, consumed_at=NOW), now=NOW + ORGANIZATION.undo
    )
    assert state(late) is at
    assert not late.cancels_held


def test_nobody_undoes_what_another_decided() -> None:
    about = ruled(State.APPROVAL, Move.APPROVED, APPROVER, State.PROVISIONING)
    done = give(UNDO, REVIEWER, about, notice(REVIEWER))
    assert state(done) is State.PROVISIONING
    assert not done.cancels_held


def test_the_second_decision_hears_who_decided_first() -> None:
    about = ruled(State.REVIEW, Move.TO_APPROVAL, REVIEWER, State.APPROVAL)
    done = give(REJECT, REVIEWER_2, about, notice(REVIEWER_2))
    assert state(done) is State.APPROVAL
    assert "Ya decidió Rodrigo Espino" in str(notifications_of(done)[0].values["title"])


def test_a_question_goes_to_the_area_and_is_remembered() -> None:
    done = give(Command("ask", "¿cuántos son?"), key=notice(REVIEWER))
    assert ("question", ANA.email) in sent(done)
    assert done.case is not None
    assert done.case.asked_by == REVIEWER.address.email


@pytest.mark.parametrize("name", ["ask", "answer"])
def test_what_the_mailbox_itself_proposed_has_nobody_to_be_asked(name: str) -> None:
    about = case(requester=ORGANIZATION.mailbox)
    done = give(Command(name, "¿cuántos son?"), about=about, key=notice(REVIEWER))
    assert [template for template, _ in sent(done)] == ["command_result"]
    assert "no hay a quién" in str(notifications_of(done)[0].values)
    assert not done.events


def test_several_harmless_commands_are_all_carried_out() -> None:
    commands = (Command("note", "es la de marzo"), Command("ask", "¿cuántos son?"))
    done = give(None, key=notice(REVIEWER), staff_commands=ParsedCommands(commands))
    assert [e.what for e in done.events] == ["noted", "asked"]


def test_the_list_is_done_only_with_an_address_of_the_institution() -> None:
    at = case(State.PROVISIONING)
    key = notice(PROVISIONER, State.PROVISIONING)
    assert state(give(Command("done", "x@evil.example"), PROVISIONER, at, key)) is at.state
    done = give(Command("done", "novedades@upaep.mx"), PROVISIONER, at, key)
    assert state(done) is State.CLOSED
    assert ("list_ready", ANA.email) in sent(done)


LIST = ListEntry("avisos", "avisos@upaep.mx", folio="CI-2021-0007")


def finish(address: str, *lists: ListEntry, **changes: object) -> Outcome:
    """HECHO and an address, with these lists in the register."""
    at = case(State.PROVISIONING, **changes)
    key = notice(PROVISIONER, State.PROVISIONING)
    return give(Command("done", address), PROVISIONER, at, key, records={KIND: lists})


@pytest.mark.parametrize("address", ["avisos@upaep.mx", "Avisos@upaep.mx"])
def test_the_list_is_not_done_with_the_address_of_another(address: str) -> None:
    done = finish(address, LIST)
    assert state(done) is State.PROVISIONING
    assert not done.records
    assert sent(done) == [("command_result", PROVISIONER.address.email)]
    title = str(notifications_of(done)[0].values["title"])
    assert "ya es la dirección de la lista avisos" in title
    assert "CI-2021-0007" in title
    imported = finish(address, replace(LIST, folio=""))
    assert state(imported) is State.PROVISIONING


@pytest.mark.parametrize(
    "known",
    [
        replace(LIST, folio="CI-2021-0042"),  # of this case, reopened
        replace(LIST, state=ListState.WITHDRAWN),
        replace(LIST, state=ListState.HISTORICAL),
        replace(LIST, address="otra@upaep.mx"),
    ],
)
def test_an_address_that_is_free_or_its_own_is_registered(known: ListEntry) -> None:
    done = finish("avisos@upaep.mx", known)
    assert state(done) is State.CLOSED
    assert [entry.key for entry in done.records] == ["avisos@upaep.mx"]


def test_a_change_keeps_the_address_of_its_own_list() -> None:
    form = {**full_form(), "list_name": found("avisos")}
    change = {"intent": Intent.CHANGE_LIST, "form": MappingProxyType(form)}
    assert state(finish("avisos@upaep.mx", LIST, **change)) is State.CLOSED
    other = replace(LIST, name="becas", address="becas@upaep.mx")
    assert state(finish("becas@upaep.mx", LIST, other, **change)) is State.PROVISIONING


people = st.sampled_from(ORGANIZATION.staff)
commands = st.sampled_from(
    [
        APPROVE, REJECT, UNDO, Command("confirm"), Command("note", "x"), Command("done",
        "a@upaep.mx"), Command("answer", "x"), Command("correct", "extensión: 1"), Command("assign",
        "admin@upaep.mx"),
        Command("reopen", "x"), Command("merge", "CI-2021-0007"), Command("classify", "pregunta"),
        Command("delegate", "ana.prado@upaep.mx hasta el 20 de agosto"), Command("list"),
    ]
)  # fmt: skip


@given(
    person=people,
    owner=people,
    command=commands,
    stage=st.sampled_from(State),
    at=st.sampled_from(State),
    version=st.integers(1, 3),
    folio=st.sampled_from(["CI-2021-0042", "CI-2021-0001"]),
    spent=st.booleans(),
    own=st.booleans(),
)
def test_no_decision_without_every_condition(
    person: Person,
    owner: Person,
    command: Command,
    stage: State,
    at: State,
    version: int,
    folio: str,
    spent: bool,
    own: bool,
) -> None:
    about = case(at, version=version, form=full_form(), requester=person.address if own else ANA)
    consumed_at: dt.datetime | None = NOW if spent else None
    key = notice(owner, stage, folio=folio, consumed_at=consumed_at)
    done = give(command, person, about, key)
    ours = owner is person and folio == about.folio
    if not ours:  # with somebody else's key, or another case's, nothing changes at all
        assert done.case == about
        assert (done.related, done.records, done.leaves, done.corrections) == ((), (), (), ())
    accepted = {"accepted", "rejected"} & {t for t, _ in sent(done)}
    assert not accepted or command.name in ("approve", "reject")
    decided = state(done) is not at and command.name in ("approve", "reject")
    met = (
        owner is person and folio == about.folio and stage is at and version == 1
        and not spent and not own
    )  # fmt: skip
    assert not decided or met
