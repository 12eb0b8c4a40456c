"""Who works here, and what they may do."""

from __future__ import annotations

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
