"""The guidelines as checks: one small rule each, its verdict in words for areas and who decides.

A rule only informs: nothing is approved or rejected by it. To add one, write its function, a row
in RULES, and what it is called and how it is mended in `replies/phrases.yaml`; `guidelines.skip` in
the configuration leaves one out by its key.
"""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from rapidfuzz import fuzz

from bot.lists.load import PER_WEEK
from bot.lists.request import is_removal
from bot.workflow.calendar import plain_date
from bot.workflow.case import Case
from bot.workflow.kinds import Check
from bot.workflow.message import Address
from bot.workflow.notifications.present import show
from bot.workflow.organization import Organization
from bot.workflow.phrases import Phrases
from nlp.text.fold import plain
from nlp.types import Form, Intent


@dataclass(frozen=True, slots=True)
class Guidelines:
    """What the checks of a notice ask for; `skip` names rules (`RULES`) not to be used.

    `tell_area`: the area hears of what fails, and how to mend it, before staff do.

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
    tell_area: bool = True


Verdict = tuple[bool, str]
MAX_LOCAL = 64  # octets before the @ (RFC 5321, 4.5.3.1.1); bounds what the pattern is tried on
_NOT_KEPT = frozenset({"justification", "sponsor"})  # fields that the register has not
SAME_PERSON = 90.0  # how alike two names are that mean one person, accents and order aside


@dataclass(frozen=True, slots=True)
class Request:
    """What a rule looks at."""

    case: Case
    form: Form
    organization: Organization
    guidelines: Guidelines
    today: dt.date

    @property
    def say(self) -> Phrases:
        return self.organization.say


Rule = Callable[[Request], Verdict]


def checks(
    case: Case, organization: Organization, guidelines: Guidelines, today: dt.date
) -> tuple[Check, ...]:
    """Every rule in use, in the order of the table; one without its fields is left out.

    A change is not asked for what the register does not keep, and a removal for nothing.
    """
    if is_removal(case):
        return ()
    unasked = _NOT_KEPT if case.intent == Intent.CHANGE_LIST else frozenset()
    form, say = organization.kind(case).form, organization.say
    request = Request(case, form, organization, guidelines, today)
    return tuple(
        Check(say(f"guidelines.rule.{key}"), *rule(request), say(f"guidelines.mend.{key}"), fields)
        for key, (fields, rule) in RULES.items()
        if key not in guidelines.skip
        and all(field in form for field in fields)
        and unasked.isdisjoint(fields)
    )


def checks_for_area(
    case: Case, organization: Organization, today: dt.date, guidelines: Guidelines
) -> tuple[Check, ...]:
    """The same for the area to know; none where the configuration leaves it to staff alone."""
    return checks(case, organization, guidelines, today) if guidelines.tell_area else ()


# --- the rules --------------------------------------------------------------------------------


def _institutional(request: Request) -> Verdict:
    email = request.case.text("email")
    if not email:
        return False, request.say("guidelines.email.missing")
    if request.organization.is_institutional(Address(email)):
        return True, request.say("guidelines.email.institutional", email=email)
    return False, request.say("guidelines.email.other", email=email)


def _full_name(field: str) -> Rule:
    def check(request: Request) -> Verdict:
        name = request.case.text(field)
        if len(plain(name).split()) >= 2:
            return True, request.say(f"guidelines.{field}.named", name=name)
        return False, request.say(f"guidelines.{field}.incomplete")

    return check


def _period(request: Request) -> Verdict:
    start, end = (request.case.value(name, dt.date) for name in ("start_date", "end_date"))
    most = request.guidelines.max_period_days
    if start is None or end is None:
        return False, request.say("guidelines.period.missing")
    days = (end - start).days
    if days <= 0:
        return False, request.say("guidelines.period.reversed")
    if end < request.today:
        return False, request.say("guidelines.period.over", day=plain_date(end))
    opened_on = request.organization.day(request.case.opened_at)
    if start < opened_on and request.case.intent != Intent.CHANGE_LIST:
        return False, request.say("guidelines.period.early", day=plain_date(start))
    if days > most:
        return False, request.say("guidelines.period.long", days=days, most=most)
    return True, request.say("guidelines.period.fine", days=days, most=most)


def _frequency(request: Request) -> Verdict:
    asked, allowed = request.case.text("frequency"), request.guidelines.max_frequency
    if not asked:
        return False, request.say("guidelines.frequency.missing")
    shown = show(request.form["frequency"], asked)
    audiences = request.case.value("audience", tuple) or ("default",)
    for audience in audiences:
        most = allowed.get(audience, allowed.get("default", "daily"))
        if PER_WEEK.get(asked, 0.0) > PER_WEEK.get(most, 0.0):
            who = _audience_words(request, audience)
            limit = show(request.form["frequency"], most)
            often = {"shown": shown, "who": who, "limit": limit}
            return False, request.say("guidelines.frequency.often", **often)
    return True, request.say("guidelines.frequency.fine", shown=shown)


def _justification(request: Request) -> Verdict:
    count = len(plain(request.case.text("justification")).split())
    least = request.guidelines.min_justification_words
    if count >= least:
        return True, request.say("guidelines.justification.fine")
    return False, request.say("guidelines.justification.short", count=count, least=least)


def fits_address(local: str, guidelines: Guidelines) -> bool:
    """Whether a name can stand before the @ of a list's address."""
    return len(local) <= MAX_LOCAL and bool(re.fullmatch(guidelines.list_name_pattern, local))


def _list_name(request: Request) -> Verdict:
    name = request.case.text("list_name").strip()
    if not name:
        return False, request.say("guidelines.list_name.missing")
    local, _, domain = name.partition("@")
    if domain and not request.organization.is_institutional(Address(name.lower())):
        return False, request.say("guidelines.list_name.elsewhere", name=_short(name))
    if fits_address(local, request.guidelines):
        return True, request.say("guidelines.list_name.fine", name=_short(local))
    return False, request.say("guidelines.list_name.unfit", name=_short(name))


def _recipients(request: Request) -> Verdict:
    count = request.case.value("recipients", int) or 0
    least, most = request.guidelines.min_recipients, request.guidelines.max_recipients
    if count <= 0:
        return False, request.say("guidelines.recipients.missing")
    if count < least:
        return False, request.say("guidelines.recipients.few", count=count, least=least)
    if count > most:
        return False, request.say("guidelines.recipients.many", count=count, most=most)
    return True, request.say("guidelines.recipients.fine", count=count)


def _sponsor_is_another(request: Request) -> Verdict:
    sponsor, responsible = (plain(request.case.text(x)) for x in ("sponsor", "responsible"))
    if not sponsor:
        return False, request.say("guidelines.sponsor.missing")
    if fuzz.token_sort_ratio(sponsor, responsible) >= SAME_PERSON:
        return False, request.say("guidelines.sponsor.same")
    return True, request.say("guidelines.sponsor.other")


RULES: dict[str, tuple[tuple[str, ...], Rule]] = {
    "institutional_email": (("email",), _institutional),
    "responsible": (("responsible",), _full_name("responsible")),
    "period": (("end_date", "start_date"), _period),
    "frequency": (("frequency",), _frequency),
    "justification": (("justification",), _justification),
    "list_name": (("list_name",), _list_name),
    "recipients": (("recipients",), _recipients),
    "sponsor": (("sponsor",), _full_name("sponsor")),
    "sponsor_is_not_responsible": (("sponsor", "responsible"), _sponsor_is_another),
}
"""By key (as in `guidelines.skip`): the fields that it needs, its function.

What it is called stands in the catalogue as `guidelines.rule.KEY`, how an area mends it as
`guidelines.mend.KEY`.
"""


def _audience_words(request: Request, audience: str) -> str:
    if audience == "default" or "audience" not in request.form:
        return request.say("guidelines.audience.any")
    return request.say("guidelines.audience.one", who=show(request.form["audience"], (audience,)))


def _short(name: str) -> str:
    return name if len(name) <= 60 else f"{name[:59]}…"
