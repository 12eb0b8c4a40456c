"""The table of staff orders: each is one function, its docstring is its help.

To add an order, write its function in one of this package's modules and decorate it. The help
mail, the buttons of the notices, the grammar that reads mail and the docs come from this table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypedDict, Unpack

from bot.workflow.case import Case, State
from bot.workflow.context import Decision, Situation
from bot.workflow.notifications.mails import OrderLine
from bot.workflow.organization import Person, Role
from nlp.types import Order, OrderWords


@dataclass(frozen=True, slots=True)
class Act:
    """An order about to be carried out, all conditions met.

    `about` is the case it is about; orders that need none (`OrderSpec.subject`) may find none.
    """

    situation: Situation
    person: Person
    about: Case | None
    argument: str

    @property
    def case(self) -> Case:
        if self.about is None:
            raise ValueError("an order without a case")
        return self.about

    @property
    def key(self) -> tuple[str, ...]:
        """The hash of the key it was given with, if any."""
        notice = self.situation.notice
        return (notice.key_hash,) if notice else ()


@dataclass(frozen=True, slots=True)
class OrderSpec:
    """One row of the table.

    `roles` by state tell who may give it when; a state that is not there refuses it. `changes`
    orders need the capability of a notice; `says` is the word offered on buttons and in the help.
    `words` to `remark` tell how people write it, see `OrderWords`. `finds` tells the argument
    where the reading of the mail does not: some are no text of their own, as a folio.
    """

    name: str
    says: str
    words: tuple[str, ...]
    act: Callable[[Act], Decision]
    roles: dict[State, frozenset[Role]]
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
    finds: Callable[[Situation, str], str] | None = None

    @property
    def reads(self) -> OrderWords:
        return OrderWords(
            self.name, self.words, self.argument, self.decides, self.verbs, self.aside,
            self.everyday, self.remark,
        )  # fmt: skip

    @property
    def help(self) -> str:
        return " ".join((self.act.__doc__ or "").split())

    def argument_of(self, order: Order, situation: Situation) -> str:
        """What the order is given with, as read or else as found in the message."""
        read = order.argument or ""
        return self.finds(situation, read) if self.finds else read

    def allowed(self, person: Person, state: State) -> bool:
        return bool(self.roles.get(state, frozenset()) & person.roles)

    def ever_allowed(self, person: Person) -> bool:
        return any(roles & person.roles for roles in self.roles.values())


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
    finds: Callable[[Situation, str], str] | None


MODULES = ("decide", "talk", "manage", "classify", "query", "delegate")
"""The modules of orders; those of the first are offered first."""

_TABLE: dict[str, OrderSpec] = {}

LIVE = (State.INCOMPLETE, State.REVIEW, State.APPROVAL, State.PROVISIONING)
STAFF = frozenset(Role)
ANY_STATE = dict.fromkeys(State, STAFF)
DECIDERS = {State.REVIEW: frozenset({Role.REVIEWER}), State.APPROVAL: frozenset({Role.APPROVER})}


def order(
    name: str,
    says: str,
    words: Iterable[str],
    roles: dict[State, frozenset[Role]],
    **rest: Unpack[_Rest],
) -> Callable[[Callable[[Act], Decision]], Callable[[Act], Decision]]:
    """Enters a function in the table; what a row may say is told in OrderSpec."""

    def enter(act: Callable[[Act], Decision]) -> Callable[[Act], Decision]:
        _TABLE[name] = OrderSpec(name, says, tuple(words), act, roles, **rest)
        return act

    return enter


def spec(name: str) -> OrderSpec:
    """The row of an order. Raises KeyError where there is none."""
    return _TABLE[name]


def table() -> tuple[OrderSpec, ...]:
    """All orders, in the order of MODULES and as written down there, whoever was imported first."""
    return tuple(sorted(_TABLE.values(), key=lambda s: MODULES.index(_module(s))))


def _module(row: OrderSpec) -> str:
    return row.act.__module__.rpartition(".")[2]


def vocabulary() -> tuple[OrderWords, ...]:
    """What `nlp.commands` must know to read them."""
    return tuple(s.reads for s in table())


def lines(specs: Iterable[OrderSpec]) -> tuple[OrderLine, ...]:
    """Orders with their help, as mails and docs show them."""
    return tuple(OrderLine(s.says, s.help, s.needs_text, s.changes) for s in specs)


def offered(person: Person, case: Case) -> tuple[OrderLine, ...]:
    """The orders that this person may give on this case now."""
    return lines(s for s in table() if s.button and s.allowed(person, case.state))
