"""The organization: who works here and by which rules. Built once from the configuration."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from zoneinfo import ZoneInfo

from bot.workflow.authority import UNPINNED, SenderPolicy
from bot.workflow.leave import Leave
from bot.workflow.message import Address
from bot.workflow.phrases import Phrases
from bot.workflow.schedule.rules import Timetable
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
    """A member of staff. `lent` are roles held only by delegation of those in `stands_for`."""

    address: Address
    roles: frozenset[Role]
    lent: frozenset[Role] = frozenset()
    stands_for: tuple[str, ...] = ()

    @property
    def own_roles(self) -> frozenset[Role]:
        return self.roles - self.lent


@dataclass(frozen=True, slots=True)
class Caps:
    """How often the bot may write by itself."""

    same_reply_per_day: int = 1  # of a template, to an address, in a case
    replies_per_hour: int = 10  # to an address
    replies_per_day_total: int = 20_000
    remarks_per_sender: int = 10  # an hour, about one sender, to a member of staff
    notices_per_sender: int = 30  # the same for notices and answers to commands without a key
    remarks_per_hour: int = 200  # to a member of staff, whoever they are about
    cases_per_hour: int = 20  # that one address may open


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
class Organization:
    """Everything the core must know of where it works."""

    mailbox: Address
    domains: tuple[str, ...]
    staff: tuple[Person, ...]
    form: Form
    say: Phrases
    stages: tuple[str, ...] = ("review", "approval")
    undo: dt.timedelta = dt.timedelta(minutes=10)
    respond_within: int = 5  # business days
    closed_on: frozenset[dt.date] = frozenset()  # the university's own holidays
    guidelines_url: str = "https://upaep.mx/colaboradores"
    threshold: float = 0.6  # below this confidence a person is asked
    folio_prefix: str = "CI"
    sender_policy: SenderPolicy = UNPINNED
    caps: Caps = Caps()
    guidelines: Guidelines = field(default_factory=Guidelines)
    leaves: tuple[Leave, ...] = ()  # of the day, as `on` found them
    timetable: Timetable = field(default_factory=Timetable)

    def person(self, email: str) -> Person | None:
        """The member of staff with this address."""
        return next((p for p in self.staff if p.address.email == email), None)

    def with_role(self, role: Role) -> tuple[Person, ...]:
        """Everybody who has a role, in the order of the configuration."""
        return tuple(p for p in self.staff if role in p.roles)

    def on(self, day: dt.date, leaves: tuple[Leave, ...]) -> Organization:
        """The organization as it is staffed on a day: who stands in for whom, and who is away."""
        today = tuple(leave for leave in leaves if leave.covers(day))
        if not today:
            return self
        staff = {p.address.email: p for p in self.staff}
        for leave in today:
            away = self.person(leave.person)
            if away is not None and leave.delegate is not None:
                email = leave.delegate.email
                known = staff.get(email, Person(leave.delegate, frozenset()))
                staff[email] = _standing_in(known, away)
        return replace(self, staff=tuple(staff.values()), leaves=today)

    def away_until(self, email: str) -> dt.date | None:
        """The last day on which this person is away; None for somebody who is here."""
        return max((leave.last for leave in self.leaves if leave.person == email), default=None)

    def is_institutional(self, address: Address) -> bool:
        """Whether an address is under one of the university's domains or below one."""
        return any(address.domain == d or address.domain.endswith("." + d) for d in self.domains)


def _standing_in(person: Person, away: Person) -> Person:
    """The person with the roles of somebody who is away; administration cannot be handed on."""
    roles = away.roles - {Role.ADMIN}
    return replace(
        person,
        roles=person.roles | roles,
        lent=person.lent | (roles - person.roles),
        stands_for=(*person.stands_for, away.address.email),
    )
