"""The one table of a case's life, walked whole."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.workflow.case import FINAL, TABLE, ImpossibleMoveError, Move, State
from tests.builders import NOW, case


@pytest.mark.parametrize(("state", "move"), list(itertools.product(State, Move)))
def test_every_move_leads_where_the_table_says_or_is_refused(state: State, move: Move) -> None:
    target = TABLE.get((state, move))
    if target is None:
        with pytest.raises(ImpossibleMoveError):
            case(state).moved(move, NOW)
    else:
        assert case(state).moved(move, NOW).state is target


def test_approval_and_rejection_come_from_their_moves_alone() -> None:
    assert {m for (_, m), to in TABLE.items() if to is State.PROVISIONING} == {Move.APPROVED}
    assert {m for (_, m), to in TABLE.items() if to is State.REJECTED} == {Move.REJECTED}


def test_only_a_stage_that_decides_can_approve() -> None:
    assert {s for s, m in TABLE if m is Move.APPROVED} == {State.REVIEW, State.APPROVAL}


def test_a_final_state_is_left_only_by_reopening_or_by_taking_a_rejection_back() -> None:
    leaving = {(s, m) for s, m in TABLE if s in FINAL and s is not State.REJECTED}
    assert {m for _, m in leaving} == {Move.REOPENED}


def test_every_state_can_be_reached() -> None:
    assert set(TABLE.values()) == set(State)


@given(st.lists(st.sampled_from(Move), max_size=30))
def test_no_walk_leaves_the_table(moves: list[Move]) -> None:
    at = case(State.INCOMPLETE)
    for move in moves:
        if (at.state, move) in TABLE:
            at = at.moved(move, NOW)
        assert at.state in State
