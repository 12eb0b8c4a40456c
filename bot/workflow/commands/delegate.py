"""DELEGAR: somebody acts with another's role for some days."""

import datetime as dt
import re

from bot.workflow.calendar import plain_date
from bot.workflow.case import Case
from bot.workflow.commands.answers import refused, told
from bot.workflow.commands.registry import ANY_STATE, NOWHERE, CommandContext, command
from bot.workflow.context import Context, Need
from bot.workflow.message import Address
from bot.workflow.notification import Notification, StageNotice
from bot.workflow.notifications.mails import alarm, display_name, to_staff
from bot.workflow.notifications.present import enumeration
from bot.workflow.organization import Organization
from bot.workflow.outcome import Outcome, RelatedUpdate
from bot.workflow.phrases import Phrases
from bot.workflow.staff import Leave, Person, Role
from nlp.text.dates import WEEKDAYS, dates_in
from nlp.text.fold import words
from nlp.text.tokens import EMAIL

LONGEST = dt.timedelta(days=366)
MOST_NOTICES = 20  # of open cases, for who starts to stand in
_NOBODY = re.compile(r"\s*(?:a )?(?:nadie|fin|terminar)\b", re.IGNORECASE)
_WORKING = frozenset({Role.REVIEWER, Role.APPROVER, Role.PROVISIONER})


_MINE = (
    "lo mio",
    "mis pendientes",
    "mis casos",
    "mis solicitudes",
    "mis avisos",
    "mis aprobaciones",
    "mis revisiones",
)
_HANDED_OVER = (
    *(f"{it}{gives} {mine}" for it in ("", "le ") for gives in ("encargo", "paso", "dejo")
      for mine in _MINE),
    *(f"que {mine} {it} {does}" for mine in _MINE for it in ("lo", "los", "las")
      for does in ("vea", "atienda", "lleve", "revise", "decida")),
)  # fmt: skip
"""How people hand over their work: "le encargo mis pendientes a Jimena hasta el viernes"."""


def _resolved(context: Context, argument: str) -> str:
    """The argument with the address and the days that it names, where it names them plainly."""
    person, today = context.staff, context.now.date()
    if person is None or _NOBODY.match(argument) or EMAIL.search(argument):
        return argument
    to = context.organization.colleague_in(argument, person)
    days = [span.date for span in dates_in(argument, today)] or _weekday(argument, today)
    if to is None or len(days) not in (1, 2):
        return argument
    first, last = (f"{day:%d/%m/%Y}" for day in (days[0], days[-1]))
    since = context.say("delegate.until", until=last)
    if len(days) == 2:
        since = context.say("delegate.from_to", plain_date=first, until=last)
    return f"{to.email} {since}"


@command(
    "delegate",
    "DELEGAR",
    ("delegate", *_HANDED_OVER),
    dict.fromkeys(ANY_STATE, _WORKING),
    argument="any",
    argument_hint="correo hasta fecha",
    subject="nothing",
    verbs=("delegar/deleg",),
    needs=frozenset({Need.OPEN_CASES}),
    offers=NOWHERE,
    staff_only=True,
    finds=_resolved,
    free_words=True,
    likely=(*_MINE, "se hace cargo", "queda a cargo", "me cubre", "me suple", "en mi lugar",
            "en mi ausencia"),
)  # fmt: skip
def delegate(command: CommandContext) -> Outcome:
    """Otra persona actúa por usted: su correo y hasta cuándo; DELEGAR nadie lo termina."""
    today = command.now.date()
    if not command.person.own_roles & _WORKING:
        return refused(command, command.say("delegate.not_your_own"))
    if _NOBODY.match(command.argument):
        return _ended(command, today)
    found = EMAIL.findall(command.argument)
    to = Address(found[0].lower()) if len(found) == 1 else None
    if not found:
        to = command.organization.colleague_in(command.argument, command.person)
    if to is None:
        return refused(command, command.say("delegate.one_address"))
    spans = dates_in(EMAIL.sub(" ", command.argument), today)
    dates = [span.date for span in spans] or _weekday(command.argument, today)
    why = _why_not(command, to, dates, today)
    if why:
        return refused(command, why)
    first = dates[0] if len(dates) == 2 else today
    known = command.organization.person(to.email)
    to = known.address if known else to
    leave = Leave(command.person.address.email, first, dates[-1], to)
    return _delegated(command, leave, to, today)


def _weekday(text: str, today: dt.date) -> list[dt.date]:
    """The next day of the week that a text names: "hasta el viernes"; at most one."""
    named = [n for n, day in enumerate(WEEKDAYS) if day in words(text)]
    if len(named) != 1:
        return []
    return [today + dt.timedelta(days=(named[0] - today.weekday()) % 7 or 7)]


def _why_not(command: CommandContext, to: Address, days: list[dt.date], today: dt.date) -> str:
    """What is wrong with a delegation, in Spanish; empty where nothing is."""
    organization = command.organization
    if to.email == command.person.address.email:
        return command.say("delegate.not_yourself")
    if not organization.may_stand_in(to.email):
        return command.say("delegate.not_on_roster", email=to.email)
    if len(days) not in (1, 2):
        return command.say("delegate.until_when")
    if days[-1] < max(today, days[0]):
        return command.say("delegate.past", plain_date=plain_date(days[-1]))
    if days[-1] > today + LONGEST:
        return command.say("delegate.too_long")
    return ""


def _delegated(command: CommandContext, leave: Leave, to: Address, today: dt.date) -> Outcome:
    me, first, until = command.person.address, plain_date(leave.first), plain_date(leave.last)
    since = command.say("delegate.until", until=until)
    if leave.first > today:
        since = command.say("delegate.from_to", plain_date=first, until=until)
    result = told(
        command,
        command.say("delegate.delegated", email=to.email, since=since),
        command.say("delegate.delegated_told"),
        command.say("delegate.end_it"),
    )
    organization = command.organization.on(leave.first, (*command.organization.leaves, leave))
    person = organization.person(to.email)
    what = command.say("delegate.admins_told", who=me.email, to=to.email, since=since)
    notifications = (_word(command, to, since), *_admins(command, what))
    waiting = _waiting(command, organization, person) if leave.first <= today and person else ()
    why = f"{me.email} delegates to {to.email}"
    return Outcome(
        why,
        command.about,
        notifications=notifications,
        results=(result,),
        leaves=(leave,),
        related=waiting,
    )


def _word(command: CommandContext, to: Address, period: str = "") -> Notification:
    """Tells who stands in since when and for what; without a period, that it is over."""
    values: dict[str, object] = {
        "by": display_name(command.person.address), "period": period,
        "roles": role_words(command.say, command.person.own_roles),
    }  # fmt: skip
    return to_staff("delegated", to, values, None)


def _waiting(
    command: CommandContext, organization: Organization, person: Person
) -> tuple[RelatedUpdate, ...]:
    """Notices of what waits for the role now, for who starts to stand in."""
    note = command.say("delegate.standing_in", display_name=display_name(command.person.address))
    return tuple(
        RelatedUpdate(case, notices=(StageNotice(case, person, note=note),), changes=False)
        for case in command.context.other_cases
        if _may_start(organization, case, person)
    )[:MOST_NOTICES]


def _may_start(organization: Organization, case: Case, person: Person) -> bool:
    """Whether a person may act on a case for no other reason than that they stand in."""
    stage = organization.stage(case)
    stands_in = stage is not None and stage.role in person.lent
    return stands_in and not organization.is_own_request(case, person)


def _ended(command: CommandContext, today: dt.date) -> Outcome:
    me = command.person.address
    mine = [x for x in command.organization.leaves if x.person == me.email and x.delegate]
    if not mine:
        return refused(command, command.say("delegate.none"))
    over = today - dt.timedelta(days=1)
    ended = tuple(Leave(x.person, x.first, over, x.delegate) for x in mine)
    delegates = [x.delegate for x in mine if x.delegate]
    names = ", ".join(one.email for one in delegates)
    gone = command.say("delegate.no_longer", names=names)
    result = told(command, command.say("delegate.ended"), gone)
    what = command.say("delegate.admins_told_end", who=me.email, to=names)
    words = (_word(command, one) for one in delegates)
    notifications = (*_admins(command, what), *words)
    why = f"{me.email} ends a delegation"
    return Outcome(why, command.about, notifications=notifications, results=(result,), leaves=ended)


def _admins(command: CommandContext, what: str) -> tuple[Notification, ...]:
    """Word to the administrators: who may decide has changed."""
    return alarm(command.organization, what, (command.say("delegate.not_known"),))


def role_words(say: Phrases, roles: frozenset[Role]) -> str:
    """Roles as people call them."""
    handed_on = (Role.REVIEWER, Role.APPROVER, Role.PROVISIONER)
    return enumeration([say(f"delegate.role.{role}") for role in handed_on if role in roles])
