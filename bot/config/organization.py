"""From settings to the organization: the one place where configuration becomes domain values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from types import MappingProxyType
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.config.form import to_form
from bot.config.load import Settings
from bot.config.settings import GuidelinesSettings, InstitutionSettings, as_value
from bot.config.timetable import to_timetable
from bot.workflow.authority import SenderPolicy
from bot.workflow.calendar import ClosedDays, plain_date
from bot.workflow.case import State
from bot.workflow.consents import Consents, Quorum
from bot.workflow.kinds import STAGES, RequestKind
from bot.workflow.message import Address
from bot.workflow.organization import Caps, Institution, Organization, Retention
from bot.workflow.phrases import Phrases
from bot.workflow.reach import Reach
from bot.workflow.reasons import Reason
from bot.workflow.staff import Person, Role
from replies.phrases import phrases

if TYPE_CHECKING:
    from bot.lists.guidelines import Guidelines

# The names that the servers of known hosts write into what they checked.
_AUTHSERV_IDS = MappingProxyType(
    {"imap.gmail.com": "mx.google.com", "imap.googlemail.com": "mx.google.com"}
)


def sender_policy_of(settings: Settings) -> SenderPolicy:
    """Whose word for a sender counts: what is set, else what the host is known to write."""
    security = settings.security
    authserv_id = security.authserv_id
    if authserv_id is None:
        known = _AUTHSERV_IDS.get(settings.imap.host.lower(), "")
        authserv_id = "" if security.authserv_position else known
    trusted = tuple(domain.lower() for domain in security.trusted_arc)
    return SenderPolicy(authserv_id.strip(), security.authserv_position, trusted)


def reach_of(settings: Settings) -> Reach:
    """Who is written to, and who hears of what is not."""
    named = () if settings.observer is None else (Address(settings.observer),)
    by_role = tuple(Address(s.email, s.name) for s in settings.staff if "observer" in s.roles)
    return Reach(settings.mode == "observe", settings.pilot, named or by_role)


def institution_of(settings: InstitutionSettings) -> Institution:
    """Whose bot it is."""
    units = MappingProxyType(settings.units.model_dump())
    return Institution(settings.name, units, settings.channels)


def phrases_of(institution: InstitutionSettings) -> Phrases:
    """The catalogue of sentences, with this institution's names and the day its rules began."""
    began = institution.lists_withdrawn_on
    days = {"rules_since": plain_date(began), "rules_year": str(began.year)}
    named = {"institution": institution.name, **institution.units.model_dump(), **days}
    return Phrases(phrases(), named)


def _roles(roles: Iterable[str], settings: Settings) -> frozenset[Role]:
    """Where nobody reviews, approvers read what only people can answer."""
    held = frozenset(Role(role) for role in roles)
    reviewed = any("reviewer" in person.roles for person in settings.staff)
    return held if reviewed or Role.APPROVER not in held else held | {Role.REVIEWER}


def organization_of(settings: Settings) -> Organization:
    """What the core must know of where it works."""
    from bot.lists.kind import list_kind  # here: what it can do takes longer to load than a table

    workflow, kept = settings.workflow, settings.retention
    left_out = {State.REVIEW, State.APPROVAL} - {State(stage) for stage in workflow.stages}
    stages = tuple(stage for stage in STAGES if stage.state not in left_out)
    guidelines, orphan_days = guidelines_of(settings.guidelines), settings.renewal.orphan_days
    kind = list_kind(to_form(settings.form), stages, guidelines, orphan_days)
    limits = settings.limits
    consent = {key: Address(p.email, p.name) for key, p in workflow.consents.people.items()}
    return Organization(
        mailbox=Address(settings.mailbox.address, settings.mailbox.name),
        domains=tuple(d.lower() for d in settings.mailbox.domains),
        staff=tuple(
            Person(Address(s.email, s.name), _roles(s.roles, settings)) for s in settings.staff
        ),
        institution=institution_of(settings.institution),
        say=phrases_of(settings.institution),
        kinds=(kind, *other_kinds()),
        undo=dt.timedelta(minutes=workflow.undo_minutes),
        respond_within=workflow.respond_within_business_days,
        zone=ZoneInfo(settings.institution.zone),
        closed_on=closed_days_of(settings),
        guidelines_url=workflow.guidelines_url,
        privacy_url=settings.privacy.notice_url,
        threshold=workflow.confidence_threshold,
        value_threshold=workflow.value_threshold,
        folio_prefix=workflow.folio_prefix,
        seals_to_admins=settings.security.seals_to_admins,
        tell_stages=workflow.tell_stages,
        sender_policy=sender_policy_of(settings),
        token_life=dt.timedelta(days=settings.security.token_days),
        delegates=frozenset(settings.delegation.allowed),
        reach=reach_of(settings),
        timetable=to_timetable(settings.timetable),
        retention=Retention(_days(kept.raw_days), _days(kept.closed_cases_days)),
        reasons=tuple(as_value(Reason, reason) for reason in settings.rejection_reasons),
        calendar_for_area=settings.calendar.area,
        calendar_for_staff=settings.calendar.staff,
        caps=as_value(
            Caps,
            limits,
            triage_per_sender=limits.remarks_per_sender,
            triage_per_hour=limits.remarks_per_hour,
        ),
        ask_sponsor=workflow.ask_sponsor,
        consents=Consents(MappingProxyType(consent), Quorum(workflow.consents.quorum)),
    )


def other_kinds() -> tuple[RequestKind, ...]:
    """What can be requested beside a list. It is imported here, as the list is above."""
    return (
        # a row each: docs/extending.md
    )


def guidelines_of(settings: GuidelinesSettings) -> Guidelines:
    """What the checks of a notice ask for."""
    from bot.lists.guidelines import Guidelines

    frequencies, skip = MappingProxyType(dict(settings.max_frequency)), frozenset(settings.skip)
    return as_value(Guidelines, settings, max_frequency=frequencies, skip=skip)


def closed_days_of(settings: Settings) -> ClosedDays:
    """The days on which nobody works."""
    return ClosedDays(settings.institution.country, frozenset(settings.workflow.holidays))


def _days(days: int) -> dt.timedelta | None:
    return dt.timedelta(days=days) if days else None
