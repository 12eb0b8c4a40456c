"""What holds after whatever may happen, to a depth at which nothing new comes any more."""

from __future__ import annotations

import inspect
import os
import sys
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from bot.workflow import steps
from bot.workflow.case import FINAL, Case, State
from bot.workflow.case import Move as CaseMove
from bot.workflow.commands import carry_out, decide, grants
from bot.workflow.commands.registry import CommandSpec
from bot.workflow.context import REVOKED
from bot.workflow.notifications import notices
from tests.builders import ADMIN, ANA
from tests.explored.world import (
    OFFICE,
    STAFF,
    STRANGER,
    Kind,
    Move,
    Step,
    World,
    holder_roles,
    moves,
    step,
)

DEPTH = int(os.environ.get("EXPLORE_DEPTH", "4"))
NOTHING_YET = World()
Path = tuple[str, ...]
STAFF_MAILS = {p.address.email for p in (*STAFF, ADMIN)}


def is_decided(world: World) -> bool:
    return world.case is not None and world.case.decision is not None


def explored(depth: int, start: World = NOTHING_YET) -> Iterator[tuple[Path, Step]]:
    """Every step that can come as one of the first `depth`; of steps that are alike, one."""
    tried: set[tuple[Kind, Kind]] = set()
    edge: list[tuple[Path, World]] = [((), start)]
    for _ in range(depth):
        further: list[tuple[Path, World]] = []
        for path, world in edge:
            fresh = [k for k in world.kinds_of_keys.items() if (world.key, k[0]) not in tried]
            for kind, token in fresh:
                tried.add((world.key, kind))
                for move in moves(world, token):
                    taken = step(world, move)
                    yield (*path, str(move)), taken
                    after = taken.after
                    if any((after.key, one) not in tried for one in after.kinds_of_keys):
                        further.append(((*path, str(move)), after))
        # What was decided and has grown old comes first: most faults of the core show there.
        edge = sorted(further, key=lambda one: (is_decided(one[1]), one[1].now), reverse=True)


def decided(taken: Step) -> CaseMove | None:
    """The decision that this step took, if any."""
    before, after = taken.before.case, taken.after.case
    if after is None or after.decision is None:
        return None
    old = before.decision if before else None
    return None if old == after.decision else after.decision.move


def decides_by_right(taken: Step) -> str:
    """A decision has a member of staff, with the role of the stage, with a key of their own."""
    if decided(taken) is None:
        return ""
    before, move = taken.before.case, taken.move
    person = OFFICE.person(move.who.email) if move.who else None
    if person is None or before is None:
        return "decided by nobody of the staff"
    if not person.roles & holder_roles(before.state):
        return f"decided at {before.state} without the role"
    token = move.token
    if token is None or token.person != person.address.email:
        return "decided without a key of one's own"
    if token.void or token.consumed_at or token.stage in (REVOKED, "remark"):
        return f"decided with a dead key of {token.stage}"
    if token.stage != before.state or token.version != before.version:
        return f"decided at {before.state} with a key of {token.stage}"
    if OFFICE.is_own_request(before, person):
        return "decided on their own request"
    return ""


def keys_are_used_once(taken: Step) -> str:
    """Whatever was changed with a key used it up, or is a note."""
    token, done = taken.move.token, taken.done
    if token is None or done.case is None or done.case == taken.before.case or done.refused:
        return ""
    if token.consumed_at is not None and decided(taken) is not None:
        return "a used key decided again"
    return ""


def outsiders_move_nothing(taken: Step) -> str:
    """A stranger changes neither where a case stands nor what its form says."""
    before, after = taken.before.case, taken.after.case
    if taken.move.who != STRANGER or before is None or after is None:
        return ""
    if (before.state, dict(before.form), before.decision) == (
        after.state, dict(after.form), after.decision,
    ):  # fmt: skip
        return ""
    return f"a stranger took it from {before.state} to {after.state}"


def the_area_decides_nothing(taken: Step) -> str:
    """Whoever asks moves a case only to what they may: on, back to asking, or away."""
    before, after = taken.before.case, taken.after.case
    if taken.move.who != ANA or after is None:
        return ""
    won = {State.PROVISIONING, State.CLOSED, State.REJECTED}
    moved = before is None or before.state is not after.state
    return f"the area took it to {after.state}" if moved and after.state in won else ""


def nobody_is_left_waiting(taken: Step) -> str:
    """Whoever must act next is told of it in the same step, or an administrator is."""
    before, after = taken.before.case, taken.after.case
    if after is None or after.state in FINAL or (before and before.state is after.state):
        return ""
    told = {n.to.email for n in taken.told}
    if after.state is State.INCOMPLETE:
        waited = {after.requester.email}
    elif able := {p.address.email for p in OFFICE.who_may_act(after)}:
        waited, told = able, {n.to.email for n in taken.told if n.token is not None}
    else:
        waited = {ADMIN.address.email}
    return "" if waited & told else f"nobody is told that it came to {after.state}"


def keys_go_to_their_owner(taken: Step) -> str:
    """A mail with a key goes to the person whose key it is, and to nobody else."""
    for one in taken.told:
        if one.token is not None and one.token.person != one.to.email:
            return f"{one.template} carries a key of {one.token.person} to {one.to.email}"
    return ""


def letters_go_to_who_may_know(taken: Step) -> str:
    """What is told of a case goes to its people and the staff; others hear that somebody reads."""
    case = taken.after.case
    for one in taken.told:
        if one.to.email in STAFF_MAILS or (case and case.belongs_to(one.to.email)):
            continue
        owner = OFFICE.kind(case).owner_of(case) if case else None
        if owner is not None and owner.email == one.to.email:
            continue
        if one.template not in ("guidance", "noted"):
            return f"{one.template} about {one.folio or 'no case'} to {one.to.email}"
    return ""


def nobody_meets_silence(taken: Step) -> str:
    """Whoever of the case or the staff writes is answered, or somebody of the staff hears it."""
    who = taken.move.who
    if who is None or who == STRANGER or taken.told:
        return ""
    quiet = taken.move.says in ("thanks",)
    return "" if quiet else "no mail follows"


def undo_restores(taken: Step) -> str:
    """DESHACER in time, with the key of the decision, brings back the stage and the form."""
    after = taken.after
    if decided(taken) is None or after.case is None or after.case.decision is None:
        return ""
    before = taken.before.case
    assert before is not None
    who, token = taken.move.who, taken.move.token
    kept = next(t for t in after.tokens if token and t.token_hash == token.token_hash)
    back = step(after, Move(who, "undo", kept)).after.case
    if back is None or (back.state, dict(back.form)) != (before.state, dict(before.form)):
        return f"undone, it stands at {back.state if back else 'nothing'}, not {before.state}"
    return ""


def what_went_out_stands(taken: Step) -> str:
    """A decision whose mail has left is not taken back by DESHACER."""
    before, after = taken.before.case, taken.after.case
    if taken.move.says != "undo" or before is None or after is None or before.decision is None:
        return ""
    late = taken.before.now >= before.decision.goes_out_at
    return "undone after it had gone out" if late and before.state is not after.state else ""


def only_its_own_step_is_taken(taken: Step) -> str:
    """Review recommends, approval approves, and only who carries it out closes."""
    before, after = taken.before.case, taken.after.case
    if before is None or after is None or before.state is after.state:
        return ""
    way = (before.state, after.state)
    if after.state is State.CLOSED and before.state is not State.PROVISIONING:
        return f"closed from {before.state}"
    skipped = way == (State.REVIEW, State.PROVISIONING)
    return "accepted without approval" if skipped else ""


INVARIANTS: tuple[Callable[[Step], str], ...] = (
    decides_by_right, keys_are_used_once, outsiders_move_nothing, the_area_decides_nothing,
    nobody_is_left_waiting, keys_go_to_their_owner, letters_go_to_who_may_know,
    nobody_meets_silence, undo_restores, what_went_out_stands, only_its_own_step_is_taken,
)  # fmt: skip


def first_broken(taken: Step) -> str:
    return next((why for invariant in INVARIANTS if (why := invariant(taken))), "")


@dataclass(slots=True)
class Found:
    """Of each invariant the first way in which it is broken, and the states that were reached."""

    broken: dict[str, str] = field(default_factory=dict)
    states: set[State] = field(default_factory=set)


def look(depth: int) -> Found:
    found = Found()
    for path, taken in explored(depth):
        if taken.after.case is not None:
            found.states.add(taken.after.case.state)
        for invariant in INVARIANTS:
            if invariant.__name__ not in found.broken and (why := invariant(taken)):
                found.broken[invariant.__name__] = f"{why}: {' > '.join(path)}"
    return found


def test_nothing_that_may_happen_breaks_what_must_hold() -> None:
    found = look(DEPTH)
    assert found.broken == {}
    assert found.states >= set(State) - {State.CLOSED}


@dataclass(frozen=True, slots=True)
class Mutant:
    """A fault put into a function of the core: `old` of its source becomes `new`."""

    function: Callable[..., object]
    old: str
    new: str

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """In the place of the function, wherever it is already known."""
        source = textwrap.dedent(inspect.getsource(self.function))
        source = source[source.index("def ") :]  # a decorator would enter it in a table
        assert self.old in source, f"{self.old!r} does not stand there any more"
        names: dict[str, object] = {}
        code = compile(source.replace(self.old, self.new, 1), "<mutant>", "exec", dont_inherit=True)
        names |= vars(sys.modules[self.function.__module__])
        exec(code, names)
        mutated = names[self.function.__name__]
        right = self.function.__code__
        try:
            self.function.__code__ = mutated.__code__  # type: ignore[attr-defined]
            yield
        finally:
            self.function.__code__ = right


MUTANTS = (
    Mutant(carry_out.carry_out, "notice_.person != person.address.email", "False"),
    Mutant(grants.flaw_of, "token.consumed_at is not None", "False"),
    Mutant(grants.flaw_of, "token.version != context.case.version", "False"),
    Mutant(grants.flaw_of, "if token.void or", "if False and"),
    Mutant(grants.flaw_of, "return Flaw.MISSING", "return None"),
    Mutant(CommandSpec.allowed, "& person.roles", "& frozenset(Role)"),
    Mutant(decide.undo, "back = Move.TO_REVIEW", "back = Move.TO_AREA"),
    Mutant(decide.undo, "now >= decision.goes_out_at", "False"),
    Mutant(decide._done, "notices=notices(organization, case)", "notices=()"),
    Mutant(decide.approve, "command.case.state is State.REVIEW and decides_later", "False"),
    Mutant(notices.notification_of, "token=case_grant(organization, person, case)",
           "token=case_grant(organization, organization.staff[0], case)"),
    Mutant(steps.completed, "asked = notices(", "asked = () and notices("),
    Mutant(Case.belongs_to, "p.email == email", "True"),
)  # fmt: skip


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda m: f"{m.function.__name__}: {m.new[:30]}")
def test_a_fault_in_the_core_is_found(mutant: Mutant) -> None:
    with mutant.at_work():
        complete = step(NOTHING_YET, Move(ANA, "asks in full")).after
        ways = (first_broken(taken) for _, taken in explored(DEPTH, complete))
        assert next((why for why in ways if why), "")


@pytest.mark.soak
def test_deeper() -> None:
    assert look(6).broken == {}
