"""The guidelines as checks: one small rule each, its verdict in words for who decides.

A rule only informs: nothing is approved or rejected by it. To add one, write its function and a
row in RULES; `guidelines.skip` in the configuration leaves one out by its key.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass

from rapidfuzz import fuzz

from bot.lists.register import PER_WEEK
from bot.lists.request import is_removal
from bot.workflow.calendar import plain_date
from bot.workflow.case import Case
from bot.workflow.message import Address
from bot.workflow.notifications.present import show
from bot.workflow.organization import Organization
from bot.workflow.text import plain
from nlp.types import Intent

Verdict = tuple[bool, str]
MAX_LOCAL = 64  # octets before the @ (RFC 5321, 4.5.3.1.1); bounds what the pattern is tried on
_NOT_KEPT = frozenset({"justification", "sponsor"})  # fields that the register has not
SAME_PERSON = 90.0  # how alike two names are that mean one person, accents and order aside


@dataclass(frozen=True, slots=True)
class Check:
    """What came of a rule: what it looks at, whether it holds, and why, in Spanish."""

    name: str
    passed: bool
    text: str


def checks(case: Case, organization: Organization, today: dt.date) -> tuple[Check, ...]:
    """Every rule in use, in the order of the table; one without its field is left out.

    A change is not asked for what the register does not keep, and a removal for nothing.
    """
    if is_removal(case):
        return ()
    unasked = _NOT_KEPT if case.intent is Intent.CHANGE_LIST else frozenset()
    found = []
    for key, (field, rule) in RULES.items():
        if (
            key not in organization.guidelines.skip
            and field in organization.form
            and field not in unasked
        ):
            name = organization.say(f"guidelines.rule.{key}")
            found.append(Check(name, *rule(case, organization, today)))
    return tuple(found)


# --- the rules --------------------------------------------------------------------------------


def _institutional(case: Case, organization: Organization, today: dt.date) -> Verdict:
    email = _text(case, "email")
    if not email:
        return False, organization.say("guidelines.email.missing")
    if organization.is_institutional(Address(email)):
        return True, organization.say("guidelines.email.institutional", email=email)
    return False, organization.say("guidelines.email.other", email=email)


def _responsible(case: Case, organization: Organization, today: dt.date) -> Verdict:
    name = _text(case, "responsible")
    if len(plain(name).split()) >= 2:
        return True, organization.say("guidelines.responsible.named", name=name)
    return False, organization.say("guidelines.responsible.incomplete")


def _period(case: Case, organization: Organization, today: dt.date) -> Verdict:
    start, end = _day(case, "start_date"), _day(case, "end_date")
    most = organization.guidelines.max_period_days
    if start is None or end is None:
        return False, organization.say("guidelines.period.missing")
    days = (end - start).days
    if days <= 0:
        return False, organization.say("guidelines.period.reversed")
    if end < today:
        return False, organization.say("guidelines.period.over", day=plain_date(end))
    if start < case.opened_at.date() and case.intent is not Intent.CHANGE_LIST:
        return False, organization.say("guidelines.period.early", day=plain_date(start))
    if days > most:
        return False, organization.say("guidelines.period.long", days=days, most=most)
    return True, organization.say("guidelines.period.fine", days=days, most=most)


def _frequency(case: Case, organization: Organization, today: dt.date) -> Verdict:
    asked, allowed = _text(case, "frequency"), organization.guidelines.max_frequency
    if not asked:
        return False, organization.say("guidelines.frequency.missing")
    shown = show(organization.form["frequency"], asked)
    audiences = _keys(case, "audience") or ("default",)
    for audience in audiences:
        most = allowed.get(audience, allowed.get("default", "daily"))
        if PER_WEEK.get(asked, 0.0) > PER_WEEK.get(most, 0.0):
            who = _audience_words(organization, audience)
            limit = show(organization.form["frequency"], most)
            return False, organization.say(
                "guidelines.frequency.often", shown=shown, who=who, limit=limit
            )
    return True, organization.say("guidelines.frequency.fine", shown=shown)


def _justification(case: Case, organization: Organization, today: dt.date) -> Verdict:
    count, least = (
        len(plain(_text(case, "justification")).split()),
        organization.guidelines.min_justification_words,
    )
    if count >= least:
        return True, organization.say("guidelines.justification.fine")
    return False, organization.say("guidelines.justification.short", count=count, least=least)


def fits_address(local: str, organization: Organization) -> bool:
    """Whether a name can stand before the @ of a list's address."""
    fits = len(local) <= MAX_LOCAL and re.fullmatch(
        organization.guidelines.list_name_pattern, local
    )
    return bool(fits)


def _list_name(case: Case, organization: Organization, today: dt.date) -> Verdict:
    name = _text(case, "list_name").strip()
    if not name:
        return False, organization.say("guidelines.list_name.missing")
    local, _, domain = name.partition("@")
    if domain and not organization.is_institutional(Address(name.lower())):
        return False, organization.say("guidelines.list_name.elsewhere", name=_short(name))
    if fits_address(local, organization):
        return True, organization.say("guidelines.list_name.fine", name=_short(local))
    return False, organization.say("guidelines.list_name.unfit", name=_short(name))


def _recipients(case: Case, organization: Organization, today: dt.date) -> Verdict:
    found = case.form.get("recipients")
    count = found.value if found and isinstance(found.value, int) else 0
    least, most = organization.guidelines.min_recipients, organization.guidelines.max_recipients
    if count <= 0:
        return False, organization.say("guidelines.recipients.missing")
    if count < least:
        return False, organization.say("guidelines.recipients.few", count=count, least=least)
    if count > most:
        return False, organization.say("guidelines.recipients.many", count=count, most=most)
    return True, organization.say("guidelines.recipients.fine", count=count)


def _sponsor(case: Case, organization: Organization, today: dt.date) -> Verdict:
    name = _text(case, "sponsor")
    if len(plain(name).split()) >= 2:
        return True, organization.say("guidelines.sponsor.named", name=name)
    return False, organization.say("guidelines.sponsor.incomplete")


def _sponsor_is_another(case: Case, organization: Organization, today: dt.date) -> Verdict:
    sponsor, responsible = plain(_text(case, "sponsor")), plain(_text(case, "responsible"))
    if not sponsor:
        return False, organization.say("guidelines.sponsor.missing")
    if fuzz.token_sort_ratio(sponsor, responsible) >= SAME_PERSON:
        return False, organization.say("guidelines.sponsor.same")
    return True, organization.say("guidelines.sponsor.other")


Rule = Callable[[Case, Organization, dt.date], Verdict]

RULES: dict[str, tuple[str, Rule]] = {
    "institutional_email": ("email", _institutional),
    "responsible": ("responsible", _responsible),
    "period": ("end_date", _period),
    "frequency": ("frequency", _frequency),
    "justification": ("justification", _justification),
    "list_name": ("list_name", _list_name),
    "recipients": ("recipients", _recipients),
    "sponsor": ("sponsor", _sponsor),
    "sponsor_is_not_responsible": ("sponsor", _sponsor_is_another),
}
"""By key (as in `guidelines.skip`): the field that it needs, its function.

What it is called stands in the catalogue as `guidelines.rule.KEY`.
"""


def _text(case: Case, field: str) -> str:
    found = case.form.get(field)
    return found.value if found and isinstance(found.value, str) else ""


def _day(case: Case, field: str) -> dt.date | None:
    found = case.form.get(field)
    return found.value if found and isinstance(found.value, dt.date) else None


def _keys(case: Case, field: str) -> tuple[str, ...]:
    found = case.form.get(field)
    return found.value if found and isinstance(found.value, tuple) else ()


def _audience_words(organization: Organization, audience: str) -> str:
    if audience == "default" or "audience" not in organization.form:
        return organization.say("guidelines.audience.any")
    return organization.say(
        "guidelines.audience.one", who=show(organization.form["audience"], (audience,))
    )


def _short(name: str) -> str:
    return name if len(name) <= 60 else f"{name[:59]}…"
