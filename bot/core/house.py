"""The house: who works here and by which rules. Built once from the configuration."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from zoneinfo import ZoneInfo

from bot.core.message import Address
from nlp.types import Form

ZONE = ZoneInfo("America/Mexico_City")


class Role(StrEnum):
    """What a member of staff may do."""

    REVIEWER = "reviewer"  # Comunicación Interna
    APPROVER = "approver"  # Dirección General
    PROVISIONER = "provisioner"  # Plataforma Tecnológica
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Person:
    """A member of staff."""

    address: Address
    roles: frozenset[Role]


@dataclass(frozen=True, slots=True)
class Caps:
    """How often the bot may write by itself."""

    same_reply_per_day: int = 1  # of a template, to an address, in a case
    replies_per_hour: int = 10  # to an address
    replies_per_day_total: int = 2000


@dataclass(frozen=True, slots=True)
class Guidelines:
    """What the checks of a notice ask for; `skip` names rules (`core.guidelines`) not to be used.

    `max_frequency` holds the most frequent mailing allowed, by audience, and for any other one
    under "default".
    """

    max_period_days: int = 366
    min_justification_words: int = 8
    max_frequency: Mapping[str, str] = field(
        default_factory=lambda: MappingProxyType({"default": "weekly", "students": "weekly"})
    )
    list_name_pattern: str = r"[a-z][a-z0-9]*([._-][a-z0-9]+)*"
    min_recipients: int = 2
    max_recipients: int = 60_000
    skip: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class House:
    """Everything the core must know of where it works."""

    mailbox: Address
    domains: tuple[str, ...]
    staff: tuple[Person, ...]
    form: Form
    stages: tuple[str, ...] = ("review", "approval")
    undo: dt.timedelta = dt.timedelta(minutes=10)
    respond_within: int = 5  # business days
    closed_on: frozenset[dt.date] = frozenset()  # the university's own holidays
    guidelines_url: str = "https://upaep.mx/colaboradores"
    threshold: float = 0.6  # below this confidence a person is asked
    folio_prefix: str = "CI"
    authserv_id: str = ""
    caps: Caps = Caps()
    guidelines: Guidelines = field(default_factory=Guidelines)

    def person(self, email: str) -> Person | None:
        """The member of staff with this address."""
        return next((p for p in self.staff if p.address.email == email), None)

    def with_role(self, role: Role) -> tuple[Person, ...]:
        """Everybody who has a role, in the order of the configuration."""
        return tuple(p for p in self.staff if role in p.roles)

    def is_institutional(self, address: Address) -> bool:
        """Whether an address is under one of the university's domains or below one."""
        return any(address.domain == d or address.domain.endswith("." + d) for d in self.domains)
