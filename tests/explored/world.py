"""One case with its people, keys and clock; what may happen next, and what it leads to.

The core's own functions decide; here stands only what the store does for them: keys are kept,
used up, and void once the case moves on.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from bot.workflow.calendar import add_business_days
from bot.workflow.case import Case, Event, State
from bot.workflow.commands.registry import CommandSpec, table
from bot.workflow.context import REVOKED, Context, Link, Original, ReplyToken
from bot.workflow.inbound import decide
from bot.workflow.message import Address
from bot.workflow.notification import Notification, TokenGrant
from bot.workflow.outcome import Outcome
from bot.workflow.schedule.reminding import steps, take, untaken
from bot.workflow.staff import Person, Role
from nlp.types import Command, FieldValue, Intent, ParsedCommands, Prediction
from tests.builders import ADMIN, ANA, NOW, ORGANIZATION, asked, context, full_form, mail, turn

STRANGER = Address("luis.rojas@upaep.mx", "Luis Rojas")
REVIEWS = Person(Address("rodrigo@upaep.mx", "Rodrigo Espino"),
                 frozenset({Role.REVIEWER, Role.PROVISIONER}))  # fmt: skip
APPROVES = Person(
    Address("directora@upaep.mx", "Nancy Olvera"), frozenset({Role.REVIEWER, Role.APPROVER})
)
STAFF = (REVIEWS, APPROVES)
OFFICE = replace(ORGANIZATION, staff=(*STAFF, ADMIN), delegates=frozenset())
FORM = full_form()
MISSING = full_form("justification")
ARGUMENTS = {
    "reject": "por duplicidad", "ask": "¿cuántos son?", "answer": "Sí.", "note": "x",
    "assign": APPROVES.address.email, "correct": "extensión: 7999", "reopen": "llegó",
    "merge": "CI-2021-0007", "classify": "pregunta", "done": "avisos-nuevos@upaep.mx",
    "delegate": "rodrigo@upaep.mx hasta el 20 de agosto",
}  # fmt: skip
AREA_SAYS = ("asks", "asks in full", "completes", "corrects", "cancels", "resumes", "accepts",
             "thanks", "questions")  # fmt: skip
HOURS = ("undo is over", "a week passes", "a month passes")


Kind = tuple[object, ...]
"""All that tells a key from another, for whoever is to decide by it."""


@dataclass(frozen=True, slots=True)
class World:
    """How everything stands. `going_out` are decisions whose mail can still be stopped."""

    case: Case | None = None
    tokens: tuple[ReplyToken, ...] = ()
    now: dt.datetime = NOW
    history: tuple[Event, ...] = ()

    @property
    def key(self) -> tuple[object, ...]:
        """What tells it from others, keys, dates and numbers apart."""
        if self.case is None:
            return ()
        case, decision = self.case, self.case.decision
        ruled = decision and (
            decision.move, decision.by, decision.before, self.now < decision.goes_out_at,
            bool(decision.token),
        )  # fmt: skip
        late = case.due_on is not None and case.due_on < self.now.date()
        form = tuple(sorted((n, str(f.value)) for n, f in case.form.items()))
        return (case.state, form, case.assignee, case.asked_by, ruled, late,
                tuple(sorted(map(str, case.details.items()))))  # fmt: skip

    @property
    def kinds_of_keys(self) -> dict[Kind, ReplyToken | None]:
        """A key of each kind that somebody may present, and none.

        A mail presents one key: what it leads to does not depend on which others there are.
        """
        kinds: dict[Kind, ReplyToken | None] = {(): None}
        return kinds | {self.kind_of(token): token for token in self.tokens}

    def kind_of(self, token: ReplyToken) -> Kind:
        """What tells a key from others: of one that decides nothing any more, only why."""
        assert self.case is not None
        decision = self.case.decision
        flaws = (
            token.void,
            token.consumed_at is not None,
            token.version != self.case.version,
            self.now - token.created_at > OFFICE.token_life,
        )
        taken_with = decision is not None and decision.token == token.token_hash
        if any(flaws) and not taken_with and not token.waiting:
            return (token.person, flaws)
        return (token.person, token.stage, flaws, token.commands, token.waiting, taken_with)


@dataclass(frozen=True, slots=True)
class Move:
    """One thing that may happen: somebody writes, with one of the keys or none, or time passes."""

    who: Address | None
    says: str
    token: ReplyToken | None = None

    def __str__(self) -> str:
        name = self.who.email.partition("@")[0] if self.who else "time"
        key = f" with {self.token.person}'s key of {self.token.stage}" if self.token else ""
        return f"{name}: {self.says}{key}"


@dataclass(frozen=True, slots=True)
class Step:
    """A move, and what it led to."""

    before: World
    move: Move
    done: Outcome
    after: World
    told: tuple[Notification, ...]


def moves(world: World, token: ReplyToken | None) -> Iterator[Move]:
    """All that may happen next by mail with this key; without one, also what time brings."""
    if token is None:
        for says in AREA_SAYS:
            yield Move(ANA, says)
    if world.case is None:
        return
    if token is None:
        for says in ("completes", "corrects", "cancels", "accepts", "resumes"):
            yield Move(STRANGER, says)
        for hour in HOURS:
            yield Move(None, hour)
    for row in commands():
        for person in STAFF:
            yield Move(person.address, row.name, token)
        if token is not None:  # somebody forwarded a notice
            for who in (ANA, STRANGER):
                yield Move(who, row.name, token)


@cache
def commands() -> tuple[CommandSpec, ...]:
    """The commands that change something, CONFIRMAR included."""
    return tuple(row for row in table(OFFICE) if row.changes)


def step(world: World, move: Move) -> Step:
    """What a move leads to."""
    if move.who is None:
        return _later(world, move)
    made = _context(world, move, move.who)
    done = decide(made)
    told = (*done.notifications, *asked(done.notices, OFFICE))
    for other in done.related:
        told = (*told, *other.notifications, *asked(other.notices, OFFICE))
    return Step(world, move, done, _after(world, done, told), told)


def _context(world: World, move: Move, who: Address) -> Context:
    case, text = world.case, move.says
    mine = case is not None and case.belongs_to(who.email)
    staff = () if move.says in AREA_SAYS else (Command(move.says, ARGUMENTS.get(move.says)),)
    if move.token is not None and move.token.waiting and move.says == "confirm":
        staff = (Command("confirm"),)
    area = {"cancels": "cancel", "resumes": "resume", "accepts": "accept"}.get(move.says)
    asks = MISSING if move.says == "asks" else FORM
    opens = move.says in ("asks", "asks in full")
    answers: dict[str, FieldValue] = {"justification": "para avisar"}
    turns = {
        "completes": turn(answers),
        "corrects": turn(corrections={"recipients": 900}),
        "thanks": turn(thanks=True),
        "questions": turn(rest="¿Cuándo estará?"),
    }
    about = None if opens else case
    return context(
        mail(text, who),
        organization=OFFICE,
        now=world.now,
        folios=("CI-2021-0042" if case is None else "CI-2021-0043",),
        prediction=Prediction(Intent.CREATE_LIST if opens else Intent.OTHER, 0.99,
                              asks if opens else {}),
        case=about,
        link=Link.TOKEN if move.token else Link.THREAD if about else Link.NONE,
        token=move.token,
        cases=(case,) if case and mine else (),
        turn=turns.get(move.says) if about else None,
        staff_commands=ParsedCommands(staff),
        requester_commands=ParsedCommands((Command(area),)) if area else ParsedCommands(),
        original=Original(5, mail(), Prediction(Intent.OTHER, 0.4, FORM)),
        answers_us=about is not None,
    )  # fmt: skip


def _after(world: World, done: Outcome, told: tuple[Notification, ...]) -> World:
    case = world.case
    if done.case is not None and (case is None or done.case.folio == case.folio):
        case = done.case
    moved = case is not None and world.case is not None and case.state is not world.case.state
    kept = []
    for token in world.tokens:
        if token.token_hash in done.consumes:
            token = replace(token, consumed_at=token.consumed_at or world.now)
        if token.token_hash in done.revokes:
            token = replace(token, stage=REVOKED)
        kept.append(replace(token, void=True) if moved else token)
    grants = [n.token for n in told if n.token and case and n.folio == case.folio]
    made = [_token(grant, len(kept) + n, world.now, _folio(case)) for n, grant in enumerate(grants)]
    return World(case, (*kept, *made), world.now, (*world.history, *done.events))


def _folio(case: Case | None) -> str:
    return case.folio if case else ""


def _token(grant: TokenGrant, number: int, now: dt.datetime, folio: str) -> ReplyToken:
    return ReplyToken(f"{number:064d}", folio, grant.person, grant.stage, grant.version,
                      grant.commands, now, waiting=grant.waiting, message=grant.about)  # fmt: skip


def _later(world: World, move: Move) -> Step:
    """Time passes, and what the calendar asks for is done."""
    days = {"undo is over": 0, "a week passes": 5, "a month passes": 25}[move.says]
    now = world.now + OFFICE.undo
    if days:
        now = dt.datetime.combine(
            add_business_days(now.date(), days, OFFICE.closed_on), dt.time(11), now.tzinfo
        )
    later, done = replace(world, now=now), Outcome("time")
    told: tuple[Notification, ...] = ()
    for due in untaken(steps(world.case, OFFICE, now), world.history) if world.case else ():
        taken = take(later.case, due, OFFICE, now) if later.case else None
        if taken is not None:
            told = (*told, *taken.notifications)
            done = Outcome("time", taken.case, events=(taken.event,))
            later = replace(_after(later, done, taken.notifications), now=now)
    return Step(world, move, done, later, told)


def holder_roles(state: State) -> frozenset[Role]:
    """The role that acts at a stage."""
    stage = OFFICE.kinds[0].stage(state)
    return frozenset({stage.role}) if stage else frozenset()
