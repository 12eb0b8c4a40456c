"""Who works here, what they may do, and the days on which they are away."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from bot.workflow.message import Address


class Role(StrEnum):
    """What a member of staff may do."""

    REVIEWER = "reviewer"  # Comunicación Interna
    APPROVER = "approver"  # Dirección General
    PROVISIONER = "provisioner"  # Plataforma Tecnológica
    ADMIN = "admin"
    OBSERVER = "observer"  # hears of what a bot that only observes would have said
    DIRECTOR = "director"  # gets the figures of each month


@dataclass(frozen=True, slots=True)
class Person:
    """A member of staff. `lent` are roles held only by delegation of those in `stands_for`."""

    address: Address
    roles: frozenset[Role]
    lent: frozenset[Role] = frozenset()
    stands_for: tuple[str, ...] = ()

    @property
    def own_roles(self) -> frozenset[Role]:
        return self.roles - self.lent


@dataclass(frozen=True, slots=True)
class Leave:
    """From `first` to `last`, both included, `person` is away; `delegate` acts for them, if any.

    A later one for the same person and delegate replaces it; one that ends before it starts takes
    it back.
    """

    person: str
    first: dt.date
    last: dt.date
    delegate: Address | None = None

    def covers(self, day: dt.date) -> bool:
        return self.first <= day <= self.last
