"""What a notice says besides the form: checks, look-alikes, earlier requests, saturation.

It is loaded only where such a notice is written (`bot/runtime/enqueue.py`): most messages
need none of it, and only once a message is decided on is it known which case it will show.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from bot.lists import records
from bot.lists.guidelines import Guidelines, checks
from bot.lists.load import saturation
from bot.lists.lookalikes import lookalikes, withdrawn_match
from bot.lists.provisioning import HECHO_SAYS, work_order
from bot.lists.register import ListEntry
from bot.lists.request import words
from bot.workflow.calendar import plain_date
from bot.workflow.case import ACCEPTED, DECIDED_AT, Case, State
from bot.workflow.kinds import GIVEN_REASONS, PREFILLED
from bot.workflow.notifications.present import rows
from bot.workflow.organization import Organization
from bot.workflow.phrases import Phrases
from nlp.text.fold import plain
from nlp.types import Form, Intent

GIST = frozenset(("audience", "recipients", "frequency", "end_date"))
MOST_EARLIER = 6
MOST_OF_PERSON = 8  # cases that are looked at: their newest ones
MOST_REASONS, LONGEST_REASON = 2, 400  # of earlier rejections: offered with RECHAZAR
REASON = 140  # characters of an earlier rejection's reason


@dataclass(frozen=True, slots=True)
class ReviewContext:
    """What the organization knows around a case: the register, what open cases ask for, earlier
    cases.

    `earlier` are the cases of the same area and of the same requester, in any order.
    """

    lists: tuple[ListEntry, ...] = ()
    requested: tuple[ListEntry, ...] = ()
    earlier: tuple[Case, ...] = ()


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier request: which, when, what for, and what came of it, in words."""

    folio: str
    date: str
    what: str
    outcome: str


@dataclass(frozen=True, slots=True)
class WithdrawnList:
    """The historical list that a request for reinstatement means, in words."""

    name: str
    withdrawn_on: str
    area: str
    responsible: str


def load(work: records.Source, case: Case) -> ReviewContext:
    """What is known around a case that somebody decides on; nothing where nobody does."""
    if case.state not in DECIDED_AT:
        return ReviewContext()
    of_area = work.cases.of_area(case.text("area"))
    of_person = work.cases.of_person(case.requester.email, MOST_OF_PERSON)
    return ReviewContext(work.lists.known(), work.lists.open_requests(), (*of_area, *of_person))


def shown(
    case: Case,
    organization: Organization,
    around: ReviewContext,
    today: dt.date,
    guidelines: Guidelines,
) -> Mapping[str, object]:
    """What a notice shows beside the form: to who decides what was found around the case, to who
    carries it out the work order."""
    if case.state is State.PROVISIONING:
        order = work_order(organization, guidelines, case)
        label = organization.say("lists.order_address")
        named = (line.value for line in order if line.label == label)
        address = next((one for one in named if "@" in one and " " not in one), "")
        return {"work_order": order, PREFILLED: {HECHO_SAYS: address}}
    return findings(case, organization, around, today, guidelines)


def findings(
    case: Case,
    organization: Organization,
    around: ReviewContext,
    today: dt.date,
    guidelines: Guidelines,
) -> Mapping[str, object]:
    """The values that a notice shows of what was found around a case."""
    match, kind = None, organization.kind(case)
    of_lists = tuple(c for c in around.earlier if kind.topic(c.intent) is not None)
    if case.intent == Intent.REINSTATE_LIST:
        match = withdrawn_match(case, around.lists)
    lists = tuple(entry for entry in around.lists if not _is_changed(case, entry))
    others = tuple(entry for entry in lists if entry is not match)
    return {
        "gist": gist(organization.say, case, kind.form),
        "checks": checks(case, organization, guidelines, today),
        "lookalikes": lookalikes(organization.say, case, others, around.requested),
        "withdrawn": _withdrawn(match) if match else None,
        "earlier": earlier(organization, case, of_lists),
        GIVEN_REASONS: given_reasons(case, of_lists),
        "saturation": saturation(organization.say, case, around.lists, kind.form),
    }


def gist(say: Phrases, case: Case, form: Form) -> str:
    """Whom, how many, how often and until when, in a sentence; empty where one is not known."""
    known = {r.name: r.value for r in rows(form, case) if r.name in GIST and r.value}
    return say("lists.gist", **known) if len(known) == len(GIST) else ""


def _is_changed(case: Case, entry: ListEntry) -> bool:
    """Whether a case asks for a change in this very list: it does not resemble itself."""
    named = case.intent == Intent.CHANGE_LIST and "list_name" in case.form
    return named and plain(entry.name) == plain(case.text("list_name"))


def earlier(
    organization: Organization, case: Case, others: tuple[Case, ...]
) -> tuple[Earlier, ...]:
    """Earlier requests, newest first, once each, at most MOST_EARLIER."""
    known = {other.folio: other for other in others if other.folio != case.folio}
    newest = sorted(known.values(), key=lambda c: (c.opened_at, c.folio), reverse=True)
    return tuple(
        Earlier(
            other.folio,
            plain_date(organization.day(other.opened_at)),
            _what(organization.say, other),
            _outcome(organization.say, other),
        )
        for other in newest[:MOST_EARLIER]
    )


def given_reasons(case: Case, others: tuple[Case, ...]) -> tuple[tuple[str, str], ...]:
    """In whose own words requests like this one were rejected: the words and their folio, newest
    first, those for the same thing before others, at most MOST_REASONS."""
    found: dict[str, tuple[str, str]] = {}
    newest = sorted(others, key=lambda c: (c.opened_at, c.folio), reverse=True)
    for other in sorted(newest, key=lambda c: c.intent != case.intent):
        decision = other.decision
        if other.state is not State.REJECTED or decision is None or decision.reason_key:
            continue
        if 0 < len(decision.reason) <= LONGEST_REASON and other.folio != case.folio:
            found.setdefault(plain(decision.reason), (decision.reason, other.folio))
    return tuple(found.values())[:MOST_REASONS]


def _what(say: Phrases, case: Case) -> str:
    asked = words(case)
    return f"{asked.verb} {asked.name}" if asked.name else say("lists.a_list", verb=asked.verb)


def _outcome(say: Phrases, case: Case) -> str:
    changes = case.intent == Intent.CHANGE_LIST and case.state in ACCEPTED
    words = say(f"outcome.change.{case.state}") if changes else say(f"outcome.{case.state}")
    if case.state is State.REJECTED and case.decision and case.decision.reason:
        reason = " ".join(case.decision.reason.split())
        return f"{words}: {reason[: REASON - 1]}…" if len(reason) > REASON else f"{words}: {reason}"
    return words


def _withdrawn(entry: ListEntry) -> WithdrawnList:
    on = plain_date(entry.end_date) if entry.end_date else ""
    responsible = entry.responsible or entry.responsible_email
    return WithdrawnList(entry.name or entry.address, on, entry.area, responsible)
