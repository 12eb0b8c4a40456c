"""Orders by mail: what counts, and that nothing else does."""

import datetime as dt
from dataclasses import replace
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.lists.register import ListEntry, ListState
from bot.workflow.case import Case, Move, Ruling, State
from bot.workflow.context import Decision, Link, Notice, Reading
from bot.workflow.inbound import decide
from bot.workflow.organization import Person
from nlp.types import Intent, Order
from tests.builders import (
    ANA,
    APPROVER,
    HOUSE,
    KEY_HASH,
    NOW,
    PROVISIONER,
    REVIEWER,
    REVIEWER_2,
    case,
    found,
    full_form,
    mail,
    notice,
    situation,
)

APPROVE, REJECT, UNDO = Order("approve"), Order("reject", "por duplicidad"), Order("undo")


def give(
    order: Order | None,
    person: Person = REVIEWER,
    about: Case | None = None,
    key: Notice | None = None,
    **changes: object,
) -> Decision:
    """What an order leads to, given in reply to a notice of the case."""
    about = about or case()
    reading = Reading((order,)) if order else Reading(why="no es claro")
    made = situation(
        mail("…", person.address),
        case=about,
        link=Link.KEY if key else Link.THREAD,
        notice=key,
        reading=reading,
    )
    return decide(replace(made, **changes))  # type: ignore[arg-type]


def templates(decision: Decision) -> list[tuple[str, str]]:
    return [(letter.template, letter.to.email) for letter in decision.letters]


def state(decision: Decision) -> State:
    assert decision.case is not None
    return decision.case.state


def test_a_reviewer_recommends_and_the_approver_gets_a_notice() -> None:
    done = give(APPROVE, key=notice(REVIEWER))
    assert state(done) is State.APPROVAL
    assert ("approval", APPROVER.address.email) in templates(done)
    assert ("decided", REVIEWER_2.address.email) in templates(done)
    assert done.spends == (KEY_HASH,)


def test_the_approver_accepts_and_the_answer_waits_for_the_undo_time() -> None:
    at = case(State.APPROVAL)
    done = give(APPROVE, APPROVER, at, notice(APPROVER, State.APPROVAL))
    assert state(done) is State.PROVISIONING
    held = {x.template: x.hold_until for x in done.letters}
    assert held["accepted"] == held["provisioning"] == NOW + HOUSE.undo
    assert held["command_result"] is None


def test_with_one_stage_the_reviewer_decides() -> None:
    house = replace(HOUSE, stages=("review",))
    done = give(APPROVE, key=notice(REVIEWER), house=house)
    assert state(done) is State.PROVISIONING


def test_a_rejection_carries_its_reason_to_the_area() -> None:
    done = give(REJECT, key=notice(REVIEWER))
    letter = next(x for x in done.letters if x.template == "rejected")
    assert (letter.to, letter.values["reason"]) == (ANA, "por duplicidad")
    assert letter.hold_until == NOW + HOUSE.undo
    assert letter.in_reply_to == "<m0@upaep.mx>"


def test_a_rejection_without_a_reason_is_asked_for_it() -> None:
    done = give(Order("reject"), key=notice(REVIEWER))
    assert state(done) is State.REVIEW
    assert [t for t, _ in templates(done)] == ["command_result"]
    assert done.letters[0].notice is not None


def test_without_a_key_it_is_asked_to_confirm() -> None:
    done = give(APPROVE)
    assert state(done) is State.REVIEW
    assert templates(done) == [("confirm", REVIEWER.address.email)]
    assert done.letters[0].notice is not None
    assert done.letters[0].notice.order == APPROVE


def test_confirming_carries_the_waiting_order_out() -> None:
    key = notice(REVIEWER, order=APPROVE)
    done = give(Order("confirm"), key=key)
    assert state(done) is State.APPROVAL
    assert KEY_HASH in done.spends


@pytest.mark.parametrize(
    ("person", "key", "about"),
    [
        (PROVISIONER, notice(PROVISIONER), case()),  # not the role
        (REVIEWER, notice(REVIEWER_2), case()),  # another's key
        (REVIEWER, notice(REVIEWER, folio="CI-2021-0001"), case()),  # another case's key
        (REVIEWER, notice(REVIEWER, spent_at=NOW), case()),  # used
        (REVIEWER, notice(REVIEWER), case(version=2)),  # the form changed
        (REVIEWER, notice(REVIEWER), case(requester=REVIEWER.address)),  # own request
        (APPROVER, notice(APPROVER, State.APPROVAL), case(State.REVIEW)),  # not yet
        (REVIEWER, notice(REVIEWER), case(State.APPROVAL)),  # no longer
    ],
)
@pytest.mark.parametrize("order", [APPROVE, REJECT])
def test_whatever_falls_short_changes_nothing_and_is_told(
    person: Person, key: Notice, about: Case, order: Order
) -> None:
    done = give(order, person, about, key)
    assert state(done) is about.state
    assert ("command_result", person.address.email) in templates(done)
    assert not {"accepted", "rejected"} & {t for t, _ in templates(done)}
    assert not done.spends


def test_a_stale_form_brings_a_fresh_notice() -> None:
    done = give(APPROVE, about=case(version=2), key=notice(REVIEWER))
    fresh = next(x for x in done.letters if x.template == "review")
    assert fresh.notice is not None
    assert fresh.notice.version == 2


def test_an_unauthenticated_order_is_told_to_the_registered_address() -> None:
    house = replace(HOUSE, authserv_id="mx1.upaep.mx")
    done = give(APPROVE, key=notice(REVIEWER), house=house)
    assert state(done) is State.REVIEW
    assert templates(done) == [("command_result", REVIEWER.address.email)]


def test_an_authenticated_one_counts() -> None:
    house = replace(HOUSE, authserv_id="mx1.upaep.mx")
    headers = MappingProxyType({"authentication-results": ("mx1.upaep.mx; dmarc=pass",)})
    letter = mail("APROBAR", REVIEWER.address, headers=headers)
    done = give(APPROVE, key=notice(REVIEWER), house=house, incoming=letter)
    assert state(done) is State.APPROVAL


def test_no_clear_order_gets_a_polite_answer_with_what_can_be_said() -> None:
    done = give(None, key=notice(REVIEWER))
    assert state(done) is State.REVIEW
    assert done.letters[0].values["lines"] == ("no es claro",)
    assert done.letters[0].values["orders"]


def ruled(before: State, move: Move, by: Person, at: State) -> Case:
    ruling = Ruling(move, by.address.email, NOW, NOW + HOUSE.undo, before)
    return case(at, ruling=ruling)


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
    done = give(UNDO, person, about, notice(person, before, spent_at=NOW))
    assert state(done) is before
    assert done.cancels_held
    late = give(UNDO, person, about, notice(person, before, spent_at=NOW), now=NOW + HOUSE.undo)
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
    assert "Ya decidió Rodrigo Espino" in str(done.letters[0].values["title"])


def test_a_question_goes_to_the_area_and_is_remembered() -> None:
    done = give(Order("ask", "¿cuántos son?"), key=notice(REVIEWER))
    assert ("question", ANA.email) in templates(done)
    assert done.case is not None
    assert done.case.asked_by == REVIEWER.address.email


def test_several_harmless_orders_are_all_carried_out() -> None:
    orders = (Order("note", "es la de marzo"), Order("ask", "¿cuántos son?"))
    done = give(None, key=notice(REVIEWER), reading=Reading(orders))
    assert [e.what for e in done.events] == ["noted", "asked"]


def test_the_list_is_done_only_with_an_address_of_the_house() -> None:
    at = case(State.PROVISIONING)
    key = notice(PROVISIONER, State.PROVISIONING)
    assert state(give(Order("done", "x@evil.example"), PROVISIONER, at, key)) is at.state
    done = give(Order("done", "novedades@upaep.mx"), PROVISIONER, at, key)
    assert state(done) is State.CLOSED
    assert ("list_ready", ANA.email) in templates(done)


LIST = ListEntry("avisos", "avisos@upaep.mx", folio="CI-2021-0007")


def finish(address: str, *lists: ListEntry, **changes: object) -> Decision:
    """HECHO and an address, with these lists in the register."""
    at = case(State.PROVISIONING, **changes)
    key = notice(PROVISIONER, State.PROVISIONING)
    return give(Order("done", address), PROVISIONER, at, key, lists=lists)


@pytest.mark.parametrize("address", ["avisos@upaep.mx", "Avisos@upaep.mx"])
def test_the_list_is_not_done_with_the_address_of_another(address: str) -> None:
    done = finish(address, LIST)
    assert state(done) is State.PROVISIONING
    assert not done.lists
    assert templates(done) == [("command_result", PROVISIONER.address.email)]
    title = str(done.letters[0].values["title"])
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
    assert [entry.key for entry in done.lists] == ["avisos@upaep.mx"]


def test_a_change_keeps_the_address_of_its_own_list() -> None:
    form = {**full_form(), "list_name": found("avisos")}
    change = {"intent": Intent.CHANGE_LIST, "form": MappingProxyType(form)}
    assert state(finish("avisos@upaep.mx", LIST, **change)) is State.CLOSED
    other = replace(LIST, name="becas", address="becas@upaep.mx")
    assert state(finish("becas@upaep.mx", LIST, other, **change)) is State.PROVISIONING


people = st.sampled_from(HOUSE.staff)
orders = st.sampled_from(
    [
        APPROVE, REJECT, UNDO, Order("confirm"), Order("note", "x"), Order("done", "a@upaep.mx"),
        Order("answer", "x"), Order("correct", "extensión: 1"), Order("assign", "admin@upaep.mx"),
        Order("reopen", "x"), Order("merge", "CI-2021-0007"), Order("classify", "pregunta"),
        Order("delegate", "ana.prado@upaep.mx hasta el 20 de agosto"), Order("list"),
    ]
)  # fmt: skip


@given(
    person=people,
    owner=people,
    order=orders,
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
    order: Order,
    stage: State,
    at: State,
    version: int,
    folio: str,
    spent: bool,
    own: bool,
) -> None:
    about = case(at, version=version, form=full_form(), requester=person.address if own else ANA)
    spent_at: dt.datetime | None = NOW if spent else None
    key = Notice(KEY_HASH, folio, owner.address.email, stage, 1, spent_at=spent_at)
    done = give(order, person, about, key)
    ours = owner is person and folio == about.folio
    if not ours:  # with somebody else's key, or another case's, nothing changes at all
        assert done.case == about
        assert (done.beside, done.lists, done.leaves, done.corrections) == ((), (), (), ())
    accepted = {"accepted", "rejected"} & {t for t, _ in templates(done)}
    assert not accepted or order.name in ("approve", "reject")
    decided = state(done) is not at and order.name in ("approve", "reject")
    met = (
        owner is person and folio == about.folio and stage is at and version == 1
        and not spent and not own
    )  # fmt: skip
    assert not decided or met
