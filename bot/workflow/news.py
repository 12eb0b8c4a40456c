"""What somebody did that others need not act on: they read of it once a day, in their digest."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from bot.workflow.case import TAKEN_BACK, Case, Event
from bot.workflow.notifications.mails import name_and_address, staff_name
from bot.workflow.organization import Organization
from bot.workflow.staff import Person, Role

NEWS = "news"
"""Key of `Event.data`: the roles that read of it in their digest."""
ON_BEHALF = "for"
"""Key of `Event.data`: the addresses of those in whose stead it was done."""


@dataclass(frozen=True, slots=True)
class CaseNews:
    """What happened to a case: who did what, in words, oldest first."""

    case: Case
    said: tuple[str, ...]


def as_news(event: Event, roles: Collection[Role]) -> Event:
    """The event as one that these roles read of in their digest; where there are none, as it is."""
    if not roles:
        return event
    data = {**event.data, NEWS: " ".join(sorted(roles))}
    return replace(event, data=MappingProxyType(data))


def news_for(
    organization: Organization,
    person: Person,
    cases: Iterable[Case],
    happened: Mapping[str, Sequence[Event]],
) -> tuple[CaseNews, ...]:
    """What a person is told of what `happened` to cases, the events of each oldest first.

    Nothing of what waits for them anyway, nor of their own requests: they are told as its area is.
    """
    told = (
        CaseNews(case, _told(organization, person, case, happened[case.folio]))
        for case in sorted(cases, key=lambda one: (one.opened_at, one.folio))
        if not organization.is_own_request(case, person) and not organization.may_act(person, case)
    )
    return tuple(one for one in told if one.said)


def _told(
    organization: Organization, person: Person, case: Case, events: Iterable[Event]
) -> tuple[str, ...]:
    """Nothing of what they did themselves, or knew when they did; nor of what was taken back."""
    told: list[Event] = []
    for event in events:
        if event.actor == person.address.email:
            told.clear()
        elif told and event.what == TAKEN_BACK and told[-1].actor == event.actor:
            told.pop()
        elif person.roles & set(event.data.get(NEWS, "").split()):
            told.append(event)
    return tuple(f"{_who(organization, case, event)} {event.text}" for event in told)


def _who(organization: Organization, case: Case, event: Event) -> str:
    if organization.person(event.actor) is None:
        people = (case.requester, *case.people)
        known = next((p for p in people if p.email == event.actor), None)
        return name_and_address(known) if known else event.actor
    who, others = staff_name(organization, event.actor), event.data.get(ON_BEHALF, "")
    if not others:
        return who
    names = ", ".join(staff_name(organization, email) for email in others.split())
    return organization.say("decide.on_behalf", who=who, others=names)
