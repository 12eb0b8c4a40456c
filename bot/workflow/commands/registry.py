"""The table of staff commands: each is one function, its docstring is its help.

To add a command, write its function in one of this package's modules and decorate it. The help
mail, the buttons of the notices, the grammar that reads mail and the docs come from this table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias, TypedDict, Unpack

from bot.workflow.case import Case, State
from bot.workflow.context import Context, Need
from bot.workflow.kinds import RequestKind
from bot.workflow.notifications.mails import CommandHint
from bot.workflow.organization import Organization
from bot.workflow.outcome import Outcome
from bot.workflow.phrases import Phrases
from bot.workflow.staff import Person, Role
from nlp.types import Command, CommandGrammar

Roles: TypeAlias = Mapping[State, frozenset[Role] | None]
HOLDER: Final = None
"""Whoever must act at the case's stage, as its kind has it."""


@dataclass(frozen=True, slots=True)
class CommandContext:
    """A command about to be carried out, all conditions met.

    `about` is the case it is about; commands that need none (`CommandSpec.subject`) may find none.
    """

    context: Context
    person: Person
    about: Case | None
    argument: str

    @property
    def case(self) -> Case:
        if self.about is None:
            raise ValueError("an order without a case")
        return self.about

    @property
    def say(self) -> Phrases:
        """The catalogue of sentences."""
        return self.context.say

    @property
    def token(self) -> tuple[str, ...]:
        """The hash of the key it was given with, if any."""
        token = self.context.token
        return (token.token_hash,) if token else ()


@dataclass(frozen=True, slots=True)
class CommandSpec:
    """One row of the table.

    `roles` by state tell who may give it when, HOLDER being whoever must act there; a state that
    is not there refuses it. `changes`
    commands need the capability of a notice; `says` is the word offered on buttons and in the help.
    `words` to `remark` tell how people write it, see `CommandGrammar`. `finds` tells the argument
    where the reading of the mail does not: some are no text of their own, as a folio. `needs` is
    what must be known besides the case.
    """

    name: str
    says: str
    words: tuple[str, ...]
    command: Callable[[CommandContext], Outcome]
    roles: Roles
    argument: str = "none"
    decides: bool = False
    changes: bool = True
    needs_text: bool = False
    button: bool = True
    subject: str = "case"
    verbs: tuple[str, ...] = ()
    aside: bool = False
    everyday: bool = False
    remark: bool = False
    finds: Callable[[Context, str], str] | None = None
    needs: frozenset[Need] = frozenset()

    @property
    def reads(self) -> CommandGrammar:
        return CommandGrammar(
            self.name, self.words, self.argument, self.decides, self.verbs, self.aside,
            self.everyday, self.remark,
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
        roles = self.roles.get(state, frozenset())
        if roles is not HOLDER:
            return roles
        stage = kind.stage(state)
        return frozenset({stage.role}) if stage else frozenset()


class _Rest(TypedDict, total=False):
    """What most rows leave as it is."""

    argument: str
    decides: bool
    changes: bool
    needs_text: bool
    button: bool
    subject: str
    verbs: tuple[str, ...]
    aside: bool
    everyday: bool
    remark: bool
    finds: Callable[[Context, str], str] | None
    needs: frozenset[Need]


MODULES = ("decide", "talk", "manage", "classify", "query", "delegate")
"""The modules of commands; those of the first are offered first."""

_TABLE: dict[str, CommandSpec] = {}

LIVE = (State.INCOMPLETE, State.REVIEW, State.APPROVAL, State.PROVISIONING)
STAFF = frozenset(Role)
ANY_STATE: Roles = dict.fromkeys(State, STAFF)
DECIDERS: Roles = {State.REVIEW: HOLDER, State.APPROVAL: HOLDER}


def command(
    name: str,
    says: str,
    words: Iterable[str],
    roles: Roles,
    **rest: Unpack[_Rest],
) -> Callable[[Callable[[CommandContext], Outcome]], Callable[[CommandContext], Outcome]]:
    """Enters a function in the table; what a row may say is told in OrderSpec."""

    def enter(command: Callable[[CommandContext], Outcome]) -> Callable[[CommandContext], Outcome]:
        _TABLE[name] = CommandSpec(name, says, tuple(words), command, roles, **rest)
        return command

    return enter


def spec(name: str) -> CommandSpec:
    """The row of a command. Raises KeyError where there is none."""
    return _TABLE[name]


def table() -> tuple[CommandSpec, ...]:
    """All commands, in the order of MODULES and as written down there, whoever was imported
    first."""
    return tuple(sorted(_TABLE.values(), key=lambda s: MODULES.index(_module(s))))


def _module(row: CommandSpec) -> str:
    return row.command.__module__.rpartition(".")[2]


def vocabulary(organization: Organization) -> tuple[CommandGrammar, ...]:
    """What `nlp.commands` must know to read them."""
    return tuple(organization.with_words(s.reads) for s in table())


def lines(specs: Iterable[CommandSpec]) -> tuple[CommandHint, ...]:
    """Commands with their help, as mails and docs show them."""
    return tuple(CommandHint(s.says, s.help, s.needs_text, s.changes) for s in specs)


def offered(organization: Organization, person: Person, case: Case) -> tuple[CommandHint, ...]:
    """The commands that this person may give on this case now."""
    return lines(s for s in table() if s.button and s.allowed(organization, person, case))
