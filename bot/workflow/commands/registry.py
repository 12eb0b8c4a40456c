"""The table of staff commands: each is one function, its docstring is its help.

To add a command, write its function in one of this package's modules and decorate it. The help
mail, the buttons of the notices, the grammar that reads mail and the docs come from this table.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Concatenate, Final, ParamSpec, TypeAlias

from bot.workflow.case import DECIDED_AT, Case, State
from bot.workflow.context import Context, Need
from bot.workflow.kinds import RequestKind
from bot.workflow.notifications.mails import CommandHint, ReadyArgument
from bot.workflow.organization import Organization
from bot.workflow.outcome import Outcome
from bot.workflow.phrases import Phrases
from bot.workflow.staff import Person, Role
from nlp.types import Command, CommandGrammar

Ready: TypeAlias = Callable[[Organization, Mapping[str, object]], tuple[ReadyArgument, ...]]
Roles: TypeAlias = Mapping[State, frozenset[Role] | None]
Says = ParamSpec("Says")
HOLDER: Final = None
"""Whoever must act at the case's stage, as its kind has it."""


@dataclass(frozen=True, slots=True)
class CommandContext:
    """A command about to be carried out, all conditions met.

    `about` is the case it is about; commands that need none (`CommandSpec.subject`) may find none.
    `waits` are the words of the decisions that are not taken where this is refused.
    """

    context: Context
    person: Person
    about: Case | None
    argument: str
    waits: tuple[str, ...] = ()

    @property
    def case(self) -> Case:
        if self.about is None:
            raise ValueError("a command without a case")
        return self.about

    @property
    def organization(self) -> Organization:
        return self.context.organization

    @property
    def now(self) -> dt.datetime:
        return self.context.now

    @property
    def say(self) -> Phrases:
        """The catalogue of sentences."""
        return self.context.say

    @property
    def token(self) -> tuple[str, ...]:
        """The hash of the key it was given with, if any."""
        token = self.context.token
        return (token.token_hash,) if token else ()


class Offer(StrEnum):
    """Where a command is offered besides the help."""

    NOTICE = "notice"  # to who must act on a case
    DIGEST = "digest"  # beside each case of the morning's digest
    TRIAGE = "triage"  # with somebody's words that a person must look at
    LATE = "late"  # before all others, where a case is overdue


ON_NOTICES = frozenset({Offer.NOTICE})
NOWHERE: frozenset[Offer] = frozenset()


Run: TypeAlias = Callable[[CommandContext], Outcome]


@dataclass(frozen=True, slots=True)
class CommandSpec:
    """One row of the table.

    `says` is the word offered on buttons and in the help, `argument_hint` what is to follow it, in
    brackets where it may be left out. `words` to `allows_comment` tell how people write it, see
    `CommandGrammar`; `finds` tells the argument where the reading of the mail does not: some are
    no text of their own, as a folio.
    `roles` by state tell who may give it when, HOLDER being whoever must act there; a state that
    is not there refuses it. `subject` is what it is about: a case, a message or nothing.
    `changes` commands need the capability of a notice, those that `decides` a fresh one.
    `staff_only` tells that from anybody else its words are no harmless ones. `needs` is what must
    be known besides the case. `kind` names the kind of request it is for, where not for all.
    `takes_back` is for what may be said with the key that the decision was taken with.
    `likely` is what people say for it that is no command: it is offered, never carried out; a bare
    question is offered as that of the row that `takes_questions`; a row with `free_words` is asked
    about wherever somebody's words mean it.
    `reaches` tells where it changes more than the case or message it is about. `ready` are the
    texts that a notice offers with it, given what it shows of the case.
    """

    command: Run
    name: str
    says: str
    words: tuple[str, ...]
    roles: Roles
    argument: str = "none"
    argument_hint: str = ""
    decides: bool = False
    changes: bool = True
    offers: frozenset[Offer] = ON_NOTICES
    subject: str = "case"
    verbs: tuple[str, ...] = ()
    aside: bool = False
    everyday: bool = False
    allows_comment: bool = False
    staff_only: bool = False
    finds: Callable[[Context, str], str] | None = None
    needs: frozenset[Need] = frozenset()
    kind: str = ""
    takes_back: bool = False
    reaches: Callable[[CommandContext], bool] | None = None
    prepares: bool = False
    likely: tuple[str, ...] = ()
    takes_questions: bool = False
    free_words: bool = False
    ready: Ready | None = None

    @property
    def beyond_the_case(self) -> bool:
        """Whether it is about more than a case: then no notice of one is enough."""
        return self.changes and self.subject == "nothing"

    def goes_beyond(self, given: CommandContext) -> bool:
        """Whether it would change more than what a notice's key is for: then it is confirmed."""
        return self.beyond_the_case or (self.reaches is not None and self.reaches(given))

    @property
    def needs_text(self) -> bool:
        """Whether something must follow its word."""
        return bool(self.argument_hint) and not self.argument_hint.startswith("[")

    @property
    def reads(self) -> CommandGrammar:
        return CommandGrammar(
            self.name, self.words, self.argument, self.decides, self.verbs, self.aside,
            self.everyday, self.allows_comment, self.prepares,
        )  # fmt: skip

    @property
    def help(self) -> str:
        return " ".join((self.command.__doc__ or "").split())

    def argument_of(self, command: Command, context: Context) -> str:
        """What the command is given with, as read or else as found in the message."""
        read = command.argument or ""
        return self.finds(context, read) if self.finds else read

    def allowed(self, organization: Organization, person: Person, case: Case) -> bool:
        """Whether this person may give it on this case now."""
        return bool(self._may(organization.kind(case), case.state) & person.roles)

    def ever_allowed(self, organization: Organization, person: Person) -> bool:
        """Whether this person may give it on any case at all."""
        return any(
            self._may(kind, state) & person.roles
            for kind in organization.kinds
            for state in self.roles
        )

    def _may(self, kind: RequestKind, state: State) -> frozenset[Role]:
        if self.kind not in ("", kind.name):
            return frozenset()
        roles = self.roles.get(state, frozenset())
        if roles is not HOLDER:
            return roles
        stage = kind.stage(state)
        return frozenset({stage.role}) if stage else frozenset()


MODULES = ("decide", "talk", "manage", "classify", "query", "delegate")
"""The modules of commands; those of the first are offered first."""

_TABLE: dict[str, CommandSpec] = {}

STAFF = frozenset(Role)
ANY_STATE: Roles = dict.fromkeys(State, STAFF)
DECIDERS: Roles = dict.fromkeys(DECIDED_AT, HOLDER)


def _entering(
    row: Callable[Concatenate[Run, Says], CommandSpec],
) -> Callable[Says, Callable[[Run], Run]]:
    def saying(*args: Says.args, **more: Says.kwargs) -> Callable[[Run], Run]:
        def enter(function: Run) -> Run:
            entered = row(function, *args, **more)
            _TABLE[entered.name] = entered
            return function

        return enter

    return saying


command = _entering(CommandSpec)
"""Enters the function below it in the table; what a row may say is told in CommandSpec."""


def spec(organization: Organization, name: str) -> CommandSpec:
    """The row of a command. Raises KeyError where there is none."""
    row = _TABLE.get(name) or next((s for s in _of_kinds(organization) if s.name == name), None)
    if row is None:
        raise KeyError(name)
    return row


def row_of(function: Run) -> CommandSpec:
    """The row of a command of the engine, by its function."""
    return next(row for row in _TABLE.values() if row.command is function)


def table(organization: Organization) -> tuple[CommandSpec, ...]:
    """All commands, in the order of MODULES and as written down there, whoever was imported
    first; those of kinds of request stand behind those that decide."""
    rows = sorted(_TABLE.values(), key=_place)
    deciding = [row for row in rows if _place(row) == 0]
    return (*deciding, *_of_kinds(organization), *rows[len(deciding) :])


def _place(row: CommandSpec) -> int:
    return MODULES.index(row.command.__module__.rpartition(".")[2])


def _of_kinds(organization: Organization) -> tuple[CommandSpec, ...]:
    return tuple(row for kind in organization.kinds for row in kind.staff_commands)


def vocabulary(organization: Organization) -> tuple[CommandGrammar, ...]:
    """What `nlp.commands` must know to read them."""
    return organization.said_here(row.reads for row in table(organization))


def lines(specs: Iterable[CommandSpec]) -> tuple[CommandHint, ...]:
    """Commands with their help, as mails and docs show them."""
    return tuple(CommandHint(s.says, s.help, s.needs_text, s.changes) for s in specs)


def may_give(organization: Organization, person: Person, case: Case) -> tuple[CommandSpec, ...]:
    """The commands that change something and that this person may give on this case now."""
    rows = table(organization)
    return tuple(s for s in rows if s.changes and s.allowed(organization, person, case))


def offered(
    organization: Organization,
    person: Person,
    case: Case,
    where: Offer = Offer.NOTICE,
    shown: Mapping[str, object] | None = None,
) -> tuple[CommandHint, ...]:
    """The commands that this person may give on this case now, as offered there.

    A notice, which knows what is `shown` around the case, offers ready texts with them.
    """
    rows = [s for s in table(organization) if s.allowed(organization, person, case)]
    if where is Offer.LATE:
        rows = sorted(
            (s for s in rows if Offer.NOTICE in s.offers), key=lambda s: where not in s.offers
        )
    else:
        rows = [s for s in rows if where in s.offers]
    if shown is None:
        return lines(rows)
    ready = (row.ready(organization, shown) if row.ready else () for row in rows)
    return tuple(replace(hint, ready=texts) for hint, texts in zip(lines(rows), ready, strict=True))
