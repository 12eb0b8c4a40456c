"""Lists whose responsible has no address any more: who answers for one is asked in turn.

Of the deputy, of who backed the list, of staff; with nobody its withdrawal is proposed, and people
decide on that as on any other.
"""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from types import MappingProxyType

from rapidfuzz import fuzz

from bot.lists import records
from bot.lists.notifications import owner_asked, owner_unknown
from bot.lists.records import KIND
from bot.lists.register import ALIVE, ListEntry, is_list_of
from bot.lists.request import ASKED_FOR, ORPHAN, REMOVAL, is_answered, known_of, words
from bot.workflow.case import ACCEPTED, FINAL, Case, Event, State, bare
from bot.workflow.context import Context
from bot.workflow.kinds import ASKS
from bot.workflow.machines import Gone
from bot.workflow.message import Address
from bot.workflow.notification import Notification
from bot.workflow.notifications.updates import noted
from bot.workflow.organization import Organization
from bot.workflow.outcome import Outcome
from bot.workflow.schedule.reminding import Kind, ReminderStep, Taken, step_taken
from bot.workflow.staff import Role
from bot.workflow.steps import completed
from nlp.fields.values import read_email
from nlp.text.fold import plain
from nlp.text.tokens import EMAIL
from nlp.turns.people import people_in
from nlp.types import Extraction, Intent

OWNER = ("responsible", "email")
DEPUTY, SPONSOR = "deputy", "sponsor"
SAME_NAME = 90.0
_STEP = "owner"
_NO_WORD = re.compile(r"[\W\d_]+")
_EVIDENCE = 160  # characters of a message that are kept with a value


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """The lists of who is gone, and the cases that may tell who else knows of them."""

    lists: tuple[ListEntry, ...] = ()
    cases: tuple[Case, ...] = ()


def left_behind(work: records.Source, gone: frozenset[str]) -> LeftBehind:
    """What is known of the lists that these addresses answer for."""
    lists = tuple(e for e in work.lists.known() if e.responsible_email in gone and e.state in ALIVE)
    if not lists:
        return LeftBehind()
    found = {case.folio: case for case in work.cases.newest_open()}
    for entry in lists:
        found |= {case.folio: case for case in work.cases.of_area(entry.area)}
        if entry.folio and (own := work.cases.get(entry.folio)):
            found[own.folio] = own
    newest = sorted(found.values(), key=lambda c: (c.opened_at, c.folio), reverse=True)
    return LeftBehind(lists, tuple(newest))


def owner_gone(gone: Gone) -> Outcome | None:
    """A case that asks who answers for a list of these; the next one is asked where one exists."""
    case = gone.case
    if case is not None and is_orphan(case) and case.requester.email in gone.addresses:
        return _next_asked(gone.organization, case)
    left = gone.records.get(KIND, LeftBehind())
    asked = [c for c in left.cases if ORPHAN in c.details and c.state not in FINAL]
    lists = [e for e in left.lists if not any(is_list_of(c, e) for c in asked)]
    if not lists:
        return None
    of_case = [e for e in lists if case is not None and e.folio == case.folio]
    return _opened(gone, (of_case or lists)[0], left.cases)


def is_orphan(case: Case) -> bool:
    """Whether a case waits for somebody to say who answers for its list."""
    return ORPHAN in case.details and case.state is State.INCOMPLETE and not is_answered(case)


def is_asked_for(case: Case, who: Address | None) -> bool:
    """Whether this is who is asked who answers for a list."""
    return who is not None and is_orphan(case) and case.belongs_to(who.email)


def dropped_by_who_was_asked(context: Context, case: Case) -> Outcome:
    """They say that nobody needs the list any more: a withdrawal, to be decided on."""
    by = context.incoming.sender
    case = replace(_to_be_withdrawn(case), requester=by or case.requester)
    said = context.say("lists.drop")
    actor, message = case.requester.email, context.incoming.message_id
    return completed(context.organization, case, context.now, actor, message, note=said)


def taken_back(context: Context, case: Case) -> Outcome | None:
    """Who is asked cannot take the question back: that nobody uses the list is a BAJA."""
    asked = is_asked_for(case, context.incoming.sender)
    return dropped_by_who_was_asked(context, case) if asked else None


def read_on(context: Context, case: Case) -> Case:
    """Name and address in a sentence ("Ahora la lleva Marta Rivas, marta@…") are one person's, and
    who says "yo" writes from their own."""
    sender, text = context.incoming.sender, context.incoming.text
    missing = [name for name in OWNER if name not in case.form]
    if ASKS not in case.details or ORPHAN not in case.details or len(missing) != 1 or not sender:
        return case
    if missing == ["email"]:
        named = set(plain(case.text("responsible")).split())
        own = sender.email if named <= set(plain(sender.name).split()) else None
        value = read_email(text) if text.count("@") == 1 else own
    else:
        names = {person.name for person in people_in(text)} - {sender.name}
        own = sender.name if case.text("email") == sender.email else None
        value = names.pop() if len(names) == 1 else own
    if not value:
        return case
    found = Extraction(value, "text", text[:_EVIDENCE])
    return case.knowing({missing[0]: found})


# --- by the calendar --------------------------------------------------------------------------


def own_steps(
    case: Case, organization: Organization, now: dt.datetime, orphan_days: int
) -> tuple[ReminderStep, ...] | None:
    """Who is to be asked next, or that nobody answered; the days are shared out evenly."""
    if not is_orphan(case):
        return None
    since, turns = organization.day(case.opened_at), len(case.people) + 1
    passed = (now.date() - since).days
    due = [n for n in range(1, turns + 1) if passed >= n * orphan_days // turns]
    return (ReminderStep(Kind.OWN, f"{_STEP}-{due[-1]}", since, passed),) if due else ()


def take_step(
    case: Case, step: ReminderStep, organization: Organization, now: dt.datetime
) -> Taken | None:
    """Asks the next person, then staff; proposes the withdrawal in the end."""
    number, people = int(step.name.rpartition("-")[2]), case.people
    if number > len(people):
        return _proposed(case, step, organization, now)
    if number <= _turn(case):
        return None  # their turn came before: the address of the one before them was gone, too
    case, told, text = _asked(organization, case, number)
    return Taken(case, step_taken(case, step, text), told)


def _proposed(
    case: Case, step: ReminderStep, organization: Organization, now: dt.datetime
) -> Taken:
    """Nobody answered: the withdrawal is proposed in the bot's own name, and people decide."""
    name = words(case).name
    case = replace(_to_be_withdrawn(case), requester=organization.mailbox)
    note = organization.say("lists.nobody_answers", email=str(case.details[ORPHAN]), days=step.days)
    done = completed(organization, case, now, "bot", note=note, tell_requester=False)
    case = done.case or case
    word = noted(
        case,
        organization.say("lists.withdrawal_proposed_title", name=name),
        organization.say("lists.withdrawal_proposed", name=name, days=step.days),
        organization.say("lists.withdrawal_proposed_next"),
    )
    told = tuple(replace(word, to=person) for person in case.people)
    text = organization.say("history.withdrawal_proposed", days=step.days)
    return Taken(case, step_taken(case, step, text), told, done.events, done.notices)


# --- parts ------------------------------------------------------------------------------------


def _opened(gone: Gone, entry: ListEntry, cases: tuple[Case, ...]) -> Outcome:
    organization, now = gone.organization, gone.now
    form = organization.kind_about(Intent.CHANGE_LIST).form
    known = {n: found for n, found in known_of(form, entry).items() if n not in OWNER}
    asks, email = " ".join(name for name in OWNER if name in form), entry.responsible_email
    asked_for = organization.say("lists.who_answers", email=email)
    case = Case(
        folio=gone.next_folio,
        state=State.INCOMPLETE,
        intent=Intent.CHANGE_LIST,
        requester=organization.mailbox,
        people=_who_may_know(organization, entry, cases, gone.addresses),
        subject="",
        opened_at=now,
        updated_at=now,
        form=MappingProxyType(known),
        details=MappingProxyType({ASKED_FOR: asked_for, ORPHAN: email, ASKS: asks}),
    )
    case, told, text = _asked(organization, case, 0)
    opened = organization.say("history.owner_gone", email=email, name=words(case).name)
    events = (Event("opened", "bot", opened, 1), Event("asked", "bot", text, 1))
    return Outcome("an owner is gone", case, opens=True, events=events, notifications=told)


def _next_asked(organization: Organization, case: Case) -> Outcome:
    """Their address is gone, too: the next one, without waiting for their turn."""
    turn = _turn(case) + 1
    case, told, text = _asked(organization, case, turn)
    event = Event("asked", "bot", text, case.version)
    return Outcome("asked is gone, too", case, events=(event,), notifications=told)


def _asked(
    organization: Organization, case: Case, turn: int
) -> tuple[Case, tuple[Notification, ...], str]:
    """The case as it is asked of whose turn it is, what they are told, the line of the history."""
    if turn >= len(case.people):
        people = organization.with_role(Role.REVIEWER)
        case = replace(case, requester=organization.mailbox)  # nobody else is left to ask
        told = tuple(owner_unknown(organization, case, person) for person in people)
        return case, told, organization.say("history.owner_unknown")
    person = case.people[turn]
    case = replace(case, requester=person)
    text = organization.say("history.owner_asked", email=person.email)
    return case, (owner_asked(organization, case),), text


def _turn(case: Case) -> int:
    """Whose turn it is: their place among those who may know, or that of staff behind them."""
    emails = [person.email for person in case.people]
    return emails.index(case.requester.email) if case.requester.email in emails else len(emails)


def _to_be_withdrawn(case: Case) -> Case:
    return case.without(ASKS).noting(REMOVAL, True)


def _who_may_know(
    organization: Organization, entry: ListEntry, cases: Iterable[Case], gone: frozenset[str]
) -> tuple[Address, ...]:
    """The deputy and who backed the list, as the newest of its requests that names each.

    Anybody may ask for a change of it, and name themselves: what people accepted counts, and what
    its responsible asked for.
    """
    about = [
        case for case in cases
        if is_list_of(case, entry)
        and (case.state in ACCEPTED or bare(case.requester.email) == bare(entry.responsible_email))
    ]  # fmt: skip
    deputy = next((Address(email) for case in about if (email := case.text(DEPUTY))), None)
    sponsor = next((found for case in about if (found := sponsor_of(case))), None)
    # Staff hear of it anyway, and who asks for something does not decide on it.
    own = {organization.mailbox.email, entry.responsible_email, *gone}
    own |= {person.address.email for person in organization.staff}
    known = {one.email: one for one in (deputy, sponsor) if one and one.email not in own}
    return tuple(one for one in known.values() if organization.is_institutional(one))


def sponsor_of(case: Case) -> Address | None:
    """Who gave the visto bueno, where they took part or their address was written beside them.

    The address must fit the name: whatever name stands before one, its writer chose.
    """
    found = case.form.get(SPONSOR)
    if found is None or not found.value:
        return None
    name = str(found.value)
    beside = (Address(email.lower(), name) for email in EMAIL.findall(found.evidence))
    spelt = (one for one in beside if _is_named(replace(one, name=""), plain(name)))
    named = (one for one in (*case.people, *spelt) if _is_named(one, plain(name)))
    return next((one for one in named if _fits(one, plain(name))), None)


def _is_named(one: Address, name: str) -> bool:
    called = plain(one.name or one.email.partition("@")[0].replace(".", " "))
    return len(called.split()) > 1 and fuzz.token_set_ratio(called, name) >= SAME_NAME


def _fits(one: Address, name: str) -> bool:
    """Whether an address is made of words of a name: octavio.larranaga, olarranaga, octavio."""
    called, names = plain(_NO_WORD.sub(" ", one.email.partition("@")[0])).split(), name.split()
    whole = {*names, *(first[0] + last for first in names for last in names if first != last)}
    initials = {first[0] for first in names}
    return not whole.isdisjoint(called) and whole | initials >= set(called)
