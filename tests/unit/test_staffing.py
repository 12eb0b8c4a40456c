"""Open cases under a configuration that has changed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.workflow.case import State
from bot.workflow.kinds import APPROVAL, PROVISIONING, REVIEW
from bot.workflow.organization import Organization
from bot.workflow.schedule.staffing import caught_up, has_lost_its_stage
from nlp.types import Form
from tests.builders import ADMIN, APPROVER, NOW, ORGANIZATION, REVIEWER, REVIEWER_2, case, full_form


def staged(*stages: object) -> Organization:
    (kind,) = ORGANIZATION.kinds
    return replace(ORGANIZATION, kinds=(replace(kind, stages=stages),))


def test_a_new_holder_gets_a_notice_and_who_has_one_does_not() -> None:
    done = caught_up(ORGANIZATION, case(), {REVIEWER.address.email}, NOW)
    assert done is not None
    assert [n.person for n in done.notices] == [REVIEWER_2]
    assert done.case == case()
    both = {REVIEWER.address.email, REVIEWER_2.address.email}
    assert caught_up(ORGANIZATION, case(), both, NOW) is None


@pytest.mark.parametrize(
    "state", [State.CLOSED, State.REJECTED, State.WITHDRAWN, State.EXPIRED, State.INCOMPLETE]
)
def test_where_nobody_acts_nothing_is_sent(state: State) -> None:
    assert caught_up(ORGANIZATION, case(state=state, form={}), set(), NOW) is None


@pytest.mark.parametrize(
    ("state", "left", "then"),
    [
        (State.REVIEW, APPROVAL, State.APPROVAL),
        (State.APPROVAL, REVIEW, State.REVIEW),
    ],
)
def test_a_case_whose_stage_is_gone_moves_to_the_other(
    state: State, left: object, then: State
) -> None:
    organization = staged(left, PROVISIONING)
    stranded = case(state=state)
    assert has_lost_its_stage(organization, stranded)
    done = caught_up(organization, stranded, set(), NOW)
    assert done is not None
    assert done.case is not None
    assert done.case.state is then
    assert {n.person for n in done.notices} == (
        {APPROVER} if then is State.APPROVAL else {REVIEWER, REVIEWER_2}
    )


def test_with_no_stage_left_administrators_hear_of_it() -> None:
    done = caught_up(staged(PROVISIONING), case(), set(), NOW)
    assert done is not None
    assert [n.to for n in done.notifications] == [ADMIN.address]


def test_what_was_missing_and_is_asked_no_more_lets_a_case_go_on() -> None:
    known = {n: v for n, v in full_form().items() if n != "sponsor"}
    waiting = case(state=State.INCOMPLETE, form=known)
    assert caught_up(ORGANIZATION, waiting, set(), NOW) is None
    (kind,) = ORGANIZATION.kinds
    fewer = Form(tuple(f for f in kind.form.fields if f.name != "sponsor"))
    done = caught_up(replace(ORGANIZATION, kinds=(replace(kind, form=fewer),)), waiting, set(), NOW)
    assert done is not None
    assert done.case is not None
    assert done.case.state is State.REVIEW
