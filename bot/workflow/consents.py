"""Who answers for those whom a request reaches, who backs it; whose answer a decision waits for.

They are asked beside review (`bot.workflow.inquiries`); what they say decides nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from bot.workflow.calendar import business_days_since
from bot.workflow.case import CONSENT, SPONSOR, Case, Inquiry, bare
from bot.workflow.message import Address
from bot.workflow.notifications.present import enumeration, show

if TYPE_CHECKING:
    from bot.workflow.organization import Organization


class Quorum(StrEnum):
    """How many of those who were asked must have answered, SÍ or NO, before a request is approved;
    it can always be rejected."""

    ALL = "all"
    ANY = "any"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Consents:
    """Who answers for a choice of the field that tells whom a request reaches, by the choice."""

    people: Mapping[str, Address] = field(default_factory=lambda: MappingProxyType({}))
    quorum: Quorum = Quorum.NONE


def wanted(organization: Organization, case: Case, now: dt.datetime) -> tuple[Inquiry, ...]:
    """Whoever is to be asked, once each; not who asks for it themselves."""
    return (*_consent(organization, case, now), *_backing(organization, case, now))


def _backing(organization: Organization, case: Case, now: dt.datetime) -> tuple[Inquiry, ...]:
    """Who is said to back the request, where they are to be asked and have an address."""
    person = organization.kind(case).backer(case) if organization.ask_sponsor else None
    if person is None or not organization.is_institutional(person):
        return ()
    own = {*organization.owners_of(case), organization.mailbox.email}
    return () if bare(person.email) in own else (Inquiry(SPONSOR, person, person.name, now),)


def _consent(organization: Organization, case: Case, now: dt.datetime) -> tuple[Inquiry, ...]:
    kind = organization.kind(case)
    found = case.form.get(kind.reaches)
    if found is None:
        return ()
    keys = found.value if isinstance(found.value, tuple) else (str(found.value),)
    reached: dict[Address, list[str]] = {}
    for key in keys:
        person = organization.consents.people.get(key)
        if person is not None and bare(person.email) not in organization.owners_of(case):
            reached.setdefault(person, []).append(show(kind.form[kind.reaches], (key,)))
    return tuple(
        Inquiry(CONSENT, person, enumeration(about), now) for person, about in reached.items()
    )


def waited_for(organization: Organization, case: Case, today: dt.date) -> tuple[Inquiry, ...]:
    """Those without whose answer the case is not approved; none where it can be."""
    owing = _owing(organization, case)
    return tuple(one for one in owing if not _is_given_up(organization, one, today))


def given_up(organization: Organization, case: Case, today: dt.date) -> tuple[Inquiry, ...]:
    """Those whose silence alone held up the case's approval, now that it holds it up no more."""
    return () if waited_for(organization, case, today) else _owing(organization, case)


def _owing(organization: Organization, case: Case) -> tuple[Inquiry, ...]:
    asked = [one for one in case.inquiries if one.topic == CONSENT]
    waiting = tuple(one for one in asked if not one.is_answered)
    match organization.consents.quorum:
        case Quorum.ALL:
            return waiting
        case Quorum.ANY:
            return waiting if len(waiting) == len(asked) else ()
        case Quorum.NONE:
            return ()


def _is_given_up(organization: Organization, one: Inquiry, today: dt.date) -> bool:
    """Silence holds up nothing for ever: only until some days after the last reminder."""
    rules = organization.timetable
    days = business_days_since(organization.day(one.asked_at), today, organization.closed_on)
    return days >= max(rules.area_reminders, default=0) + rules.escalate_after
