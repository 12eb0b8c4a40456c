"""The organization: who works here and by which rules. Built once from the configuration."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Self
from zoneinfo import ZoneInfo

from bot.workflow.authority import UNPINNED, SenderPolicy
from bot.workflow.calendar import ClosedDays
from bot.workflow.case import Case, bare
from bot.workflow.consents import Consents
from bot.workflow.kinds import GENERAL, RETIRED, RequestKind, Stage, Topic
from bot.workflow.message import Address
from bot.workflow.phrases import Phrases
from bot.workflow.reach import EVERYBODY, Reach
from bot.workflow.reasons import Reason
from bot.workflow.schedule.rules import Timetable
from bot.workflow.staff import Leave, Person, Role
from nlp.text.fold import words
from nlp.types import CommandGrammar, Form


@dataclass(frozen=True, slots=True)
class Institution:
    """Whose bot it is: what it and its units are called, by role, and its other channels."""

    name: str
    units: Mapping[str, str]
    channels: str


@dataclass(frozen=True, slots=True)
class Caps:
    """How often the bot may write by itself."""

    same_reply_per_day: int = 1  # of a template, to an address, in a case
    replies_per_hour: int = 10  # to an address
    replies_per_day_total: int = 20_000
    triage_per_sender: int = 10  # an hour, about one sender, to a member of staff
    notices_per_sender: int = 30  # the same for notices and answers to commands without a key
    triage_per_hour: int = 200  # to a member of staff, whoever they are about
    cases_per_hour: int = 20  # that one address may open


@dataclass(frozen=True, slots=True)
class Retention:
    """How long the text of mail, and what closed cases tell of people, is kept; None: for ever."""

    mail: dt.timedelta | None = None
    closed_cases: dt.timedelta | None = None


@dataclass(frozen=True, slots=True)
class Organization:
    """Everything the core must know of where it works."""

    mailbox: Address
    domains: tuple[str, ...]
    staff: tuple[Person, ...]
    kinds: tuple[RequestKind, ...]
    institution: Institution
    say: Phrases
    zone: ZoneInfo
    closed_on: ClosedDays
    undo: dt.timedelta = dt.timedelta(minutes=10)
    respond_within: int = 5  # business days
    guidelines_url: str = "https://upaep.mx/colaboradores"
    privacy_url: str = ""  # of the privacy notice that mail to areas names
    threshold: float = 0.6  # below this confidence it is asked what is wanted
    value_threshold: float = 0.95  # a value below it is asked about before it is written
    folio_prefix: str = "CI"
    sender_policy: SenderPolicy = UNPINNED
    caps: Caps = Caps()
    token_life: dt.timedelta = dt.timedelta(days=30)  # after it a notice's key is void
    delegates: frozenset[str] = frozenset()  # who may stand in besides the staff, by address
    leaves: tuple[Leave, ...] = ()  # of the day, as `on` found them
    reach: Reach = EVERYBODY
    timetable: Timetable = field(default_factory=Timetable)
    retention: Retention = Retention()
    seals_to_admins: bool = False  # a digest every day, for the seal that it bears
    tell_stages: bool = True  # the area hears when its request comes to the next stage
    reasons: tuple[Reason, ...] = ()  # the catalogue of rejections
    consents: Consents = field(default_factory=Consents)
    ask_sponsor: bool = False  # whoever is said to back a request
    calendar_for_area: bool = True  # days of a request go along as a file for a calendar
    calendar_for_staff: bool = True

    def local(self, moment: dt.datetime) -> dt.datetime:
        """A time as the clocks of the institution show it."""
        return moment.astimezone(self.zone)

    def day(self, moment: dt.datetime) -> dt.date:
        """The day that it is there at a moment."""
        return self.local(moment).date()

    def person(self, email: str) -> Person | None:
        """The member of staff with this address."""
        return next((p for p in self.staff if p.address.email == email), None)

    def colleague_in(self, text: str, person: Person) -> Address | None:
        """The one of the others on the staff that a text names: "a Valeria hasta el viernes"."""
        said = set(words(text))
        others = [p.address for p in self.staff if p != person]
        names = {address: {w for w in words(address.name) if len(w) > 2} for address in others}
        hits = {address: len(said & own) for address, own in names.items()}
        best = max(hits.values(), default=0)
        named = [address for address, count in hits.items() if count == best]
        return named[0] if best and len(named) == 1 else None

    def with_role(self, role: Role) -> tuple[Person, ...]:
        """Everybody who has a role, in the order of the configuration."""
        return tuple(p for p in self.staff if role in p.roles)

    def kind(self, case: Case) -> RequestKind:
        """The kind of request that a case is; RETIRED where it is none in use."""
        return self.kind_about(case.intent)

    def kind_about(self, intent: str) -> RequestKind:
        """The kind of request that has this topic; RETIRED where none has."""
        return next((kind for kind in self.kinds if kind.topic(intent) is not None), RETIRED)

    @property
    def things(self) -> tuple[str, ...]:
        """What can be requested here, each in a word, folded: "lista"."""
        return tuple(words(kind.noun.short)[0] for kind in self.kinds)

    def said_here(self, commands: Iterable[CommandGrammar]) -> tuple[CommandGrammar, ...]:
        """Commands as they are said here, of what can be requested."""
        return tuple(replace(command, things=self.things) for command in commands)

    @property
    def topics(self) -> tuple[Topic, ...]:
        """All that a message may be about."""
        return (*(topic for kind in self.kinds for topic in kind.topics), *GENERAL)

    def topic(self, intent: str) -> Topic:
        """What a message of this intent is about; the last of all topics where it is none."""
        topics = self.topics
        return next((topic for topic in topics if topic.intent == intent), topics[-1])

    @property
    def trained_form(self) -> Form:
        """The form of the kind of request that the trained classifier knows."""
        trained = (kind for kind in self.kinds if kind.recognises is None)
        return next(trained, self.kinds[0]).form

    def stage(self, case: Case) -> Stage | None:
        """Who must act on a case; None where nobody of the organization does."""
        return self.kind(case).stage(case.state)

    def unit_of(self, case: Case) -> str:
        """What the unit is called that has a case in hand; the institution where none has."""
        stage = self.stage(case)
        return self.institution.units[stage.role] if stage else self.institution.name

    def is_own_request(self, case: Case, person: Person) -> bool:
        """Whether a person, or who they stand for, ever asked for it or was to answer for it.

        Nobody decides on a request of their own, nor on one that they had put into other hands.
        """
        emails = (person.address.email, *person.stands_for)
        return not self.owners_of(case).isdisjoint(bare(email) for email in emails)

    def owners_of(self, *cases: Case) -> frozenset[str]:
        """The bare addresses of all who ever asked for one of these, or were to answer for it."""
        now = (owner.email for case in cases if (owner := self.kind(case).owner_of(case)))
        asked = (case.requester.email for case in cases)
        return frozenset(map(bare, (*now, *asked, *(o for case in cases for o in case.owners))))

    def who_may_act(self, case: Case) -> tuple[Person, ...]:
        """Everybody with the role of the case's stage whose own request it is not."""
        return tuple(p for p in self.staff if self.may_act(p, case))

    def may_act(self, person: Person, case: Case) -> bool:
        """Whether a case stands where this person may act on it."""
        stage = self.stage(case)
        holds = stage is not None and stage.role in person.roles
        return holds and not self.is_own_request(case, person)

    def on(self, day: dt.date, leaves: tuple[Leave, ...]) -> Self:
        """The organization as it is staffed on a day: who stands in for whom, and who is away."""
        today = tuple(leave for leave in leaves if leave.covers(day))
        if not today:
            return self
        staff = {p.address.email: p for p in self.staff}
        for leave in today:
            away = self.person(leave.person)
            if away and leave.delegate and self.may_stand_in(leave.delegate.email):
                email = leave.delegate.email
                known = staff.get(email, Person(leave.delegate, frozenset()))
                staff[email] = _standing_in(known, away)
        return replace(self, staff=tuple(staff.values()), leaves=today)

    def may_stand_in(self, email: str) -> bool:
        """Whether somebody may be handed a role: who has one of their own, or is listed for it."""
        person = self.person(email)
        return email in self.delegates or (person is not None and bool(person.own_roles))

    def away_until(self, email: str) -> dt.date | None:
        """The last day on which this person is away; None for somebody who is here."""
        return max((leave.last for leave in self.leaves if leave.person == email), default=None)

    def is_mailbox(self, address: Address) -> bool:
        """Whether an address is the mailbox's own, whatever stands after a plus."""
        return bare(address.email) == bare(self.mailbox.email)

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
