"""The table of staff orders: each is one function, its docstring is its help.

To add an order, write its function in one of this package's modules and decorate it. The help
mail, the buttons of the notices, the grammar that reads mail and the docs come from this table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bot.core.case import Case, State
from bot.core.house import Person, Role
from bot.core.letters import OrderLine
from bot.core.situation import Decision, Situation
from nlp.types import OrderWords


@dataclass(frozen=True, slots=True)
class Act:
    """An order about to be carried out, all conditions met. `case` is the one it is about."""

    situation: Situation
    person: Person
    case: Case
    argument: str


@dataclass(frozen=True, slots=True)
class OrderSpec:
    """One row of the table.

    `roles` by state tell who may give it when; a state that is not there refuses it. `changes`
    orders need the capability of a notice; `says` is the word offered on buttons and in the help.
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

    @property
    def help(self) -> str:
        return " ".join((self.act.__doc__ or "").split())

    def allowed(self, person: Person, state: State) -> bool:
        return bool(self.roles.get(state, frozenset()) & person.roles)


_TABLE: dict[str, OrderSpec] = {}

STAFF = frozenset(Role)
ANY_STATE = dict.fromkeys(State, STAFF)
DECIDERS = {State.REVIEW: frozenset({Role.REVIEWER}), State.APPROVAL: frozenset({Role.APPROVER})}


def order(
    name: str,
    says: str,
    words: Iterable[str],
    roles: dict[State, frozenset[Role]],
    *,
    argument: str = "none",
    decides: bool = False,
    changes: bool = True,
    needs_text: bool = False,
    button: bool = True,
) -> Callable[[Callable[[Act], Decision]], Callable[[Act], Decision]]:
    """Enters a function in the table."""

    def enter(act: Callable[[Act], Decision]) -> Callable[[Act], Decision]:
        _TABLE[name] = OrderSpec(
            name, says, tuple(words), act, roles, argument, decides, changes, needs_text, button
        )
        return act

    return enter


def spec(name: str) -> OrderSpec:
    """The row of an order. Raises KeyError where there is none."""
    return _TABLE[name]


def table() -> tuple[OrderSpec, ...]:
    """All orders, in the order they were written down."""
    return tuple(_TABLE.values())


def vocabulary() -> tuple[OrderWords, ...]:
    """What `nlp.orders` must know to read them."""
    return tuple(OrderWords(s.name, s.words, s.argument, s.decides) for s in table())


def offered(person: Person, case: Case) -> tuple[OrderLine, ...]:
    """The orders that this person may give on this case now."""
    return tuple(
        OrderLine(s.says, s.help, s.needs_text, s.changes)
        for s in table()
        if s.button and s.allowed(person, case.state)
    )
