"""What screening stops leads to no answer; but people hear of absences, lost and recalled mail."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.workflow.absence import leave_told
from bot.workflow.authority import is_authenticated, is_disowned
from bot.workflow.calendar import plain_date
from bot.workflow.case import Case, Event
from bot.workflow.context import Context
from bot.workflow.message import Screened, UnparseableMessage
from bot.workflow.notification import Notification
from bot.workflow.notifications.mails import alarm, staff_name
from bot.workflow.notifications.notices import triage
from bot.workflow.organization import Organization
from bot.workflow.outcome import Outcome, RelatedUpdate
from bot.workflow.phrases import Phrases
from bot.workflow.screening.rules import REACTION, RECALL
from bot.workflow.staff import Leave, Person, Role
from nlp.text.subjects import same_subject

FORM = 4  # fields that are a form, however it is worded
MOST_LOST = 5  # addresses of a bounce that are told


def pass_over(context: Context, screened: Screened) -> Outcome:
    """What a message that was screened leads to: word to people at most, never an answer."""
    case, incoming, organization = context.case, context.incoming, context.organization
    person = organization.person(incoming.sender.email) if incoming.sender else None
    if screened.rule == RECALL:
        return _recalled(context, screened)
    if screened.relayed and _says_something(context):
        return _told(context, screened, context.say("machine.relayed", reason=screened.reason))
    if screened.doubtful:
        return _doubted(context, screened)
    answers = person is not None and person.address.email in context.reached
    if case and screened.kind == "auto_reply" and person is not None and answers:
        return _absent(context, case, person, screened)
    lost = tuple(a for a in incoming.failed_recipients if a in context.reached)
    if screened.kind == "bounce" and lost:
        noted = _lost(context, case, screened, lost) if case else Outcome(screened.reason)
        return noted.then(_owners_gone(context))
    if case and screened.rule == REACTION:
        return _reacted(context, case, screened)
    return _doubted(context, screened) if screened.unsure else Outcome(screened.reason)


def _doubted(context: Context, screened: Screened) -> Outcome:
    """Word to people, who decide whether somebody wrote it."""
    return _told(context, screened, context.say("machine.doubtful", reason=screened.reason))


def _told(context: Context, screened: Screened, why: str) -> Outcome:
    told = triage(context.organization, context.incoming, why, context.case)
    return Outcome(screened.reason, notifications=told)


def _says_something(context: Context) -> bool:
    """Whether a message that came by way of a group or a rule carries what a person wants."""
    organization, prediction = context.organization, context.prediction
    writer = context.incoming.writer
    if writer is None or not organization.is_institutional(writer):
        return False
    if context.case and context.case.belongs_to(writer.email) and context.incoming.text.strip():
        return True
    if context.staff_commands.commands and organization.person(writer.email):
        return True
    sure = prediction.confidence >= organization.threshold
    asks = sure and organization.topic(prediction.intent).is_request
    return asks or len(prediction.fields) >= FORM or bool(context.requester_commands.commands)


def _absent(context: Context, case: Case, person: Person, screened: Screened) -> Outcome:
    """Somebody of the staff is away, and the rest of the role hears of it; nothing is decided."""
    organization, incoming, email = context.organization, context.incoming, person.address.email
    who, until = staff_name(organization, email), ""
    leaves: tuple[Leave, ...] = ()
    if is_authenticated(incoming, organization.sender_policy):
        leave = leave_told(email, f"{incoming.subject}\n{incoming.text}", context.now.date())
        leaves = (leave,)
        until = organization.say("machine.away_until", until=plain_date(leave.last))
    why = organization.say("machine.replied", who=who, until=until)
    line = Event("absent", email, organization.say("machine.no_command", who=who), case.version)
    others = [
        p for p in organization.staff
        if p.address.email != email and p.roles & (person.roles | {Role.REVIEWER}) - {Role.ADMIN}
    ]  # fmt: skip
    notifications = triage(organization, incoming, why, case, others)
    notifications = notifications or alarm(organization, f"{case.folio}: {why}", ())
    update = RelatedUpdate(case, (line,), notifications, changes=False)
    return Outcome(screened.reason, related=(update,), leaves=leaves)


def _lost(context: Context, case: Case, screened: Screened, lost: tuple[str, ...]) -> Outcome:
    """A mail of the case did not arrive with those it was sent to; anybody can write a report."""
    organization, incoming = context.organization, context.incoming
    recipients = ", ".join(lost[:MOST_LOST])
    text = organization.say("machine.lost", recipients=recipients)
    notifications = alarm(organization, f"{case.folio}: {text}", (incoming.subject,))
    line = Event("bounced", "bot", text, case.version)
    update = RelatedUpdate(case, (line,), notifications, changes=False)
    return Outcome(screened.reason, related=(update,))


def _owners_gone(context: Context) -> Outcome:
    """What it means to the kinds of request that there are no such people any more.

    Only as an answer to a mail that was sent to them, and where nobody disowns the report.
    """
    incoming, organization = context.incoming, context.organization
    gone = context.reached.intersection(incoming.gone_recipients)
    if not gone or is_disowned(incoming, organization.sender_policy):
        return Outcome("")
    folio, case, records = context.folios[0], context.case, context.records
    return owners_gone(Gone(gone, organization, context.now, folio, case, records))


def _reacted(context: Context, case: Case, screened: Screened) -> Outcome:
    """A thumb up is a line of the history, and bothers nobody."""
    incoming, sender = context.incoming, context.incoming.sender
    if sender is None or not (case.belongs_to(sender.email) or context.staff):
        return Outcome(screened.reason)
    text = context.say("machine.reacted", sign=incoming.reaction)
    line = Event("reacted", sender.email, text, case.version)
    return Outcome(screened.reason, related=(RelatedUpdate(case, (line,), changes=False),))


def _recalled(context: Context, screened: Screened) -> Outcome:
    """Somebody wants a message back: a person decides what comes of it."""
    incoming, sender = context.incoming, context.incoming.sender
    own = (c for c in context.cases if same_subject(c.subject, incoming.recalls))
    case = context.case or next(own, None)
    text = context.say("machine.recalled", subject=incoming.recalls)
    told = triage(context.organization, incoming, text, case)
    if case is None or sender is None or not (case.belongs_to(sender.email) or context.staff):
        return Outcome(screened.reason, notifications=told)
    line = Event("recalled", sender.email, text, case.version)
    return Outcome(screened.reason, related=(RelatedUpdate(case, (line,), told, changes=False),))


def quarantined(
    organization: Organization, message: int, mail: UnparseableMessage
) -> tuple[Notification, ...]:
    """Word to the administrators of a message that could not be read or processed."""
    say: Phrases = organization.say
    lines = (
        say("quarantine.sender", sender=mail.sender or say("quarantine.unknown")),
        say("quarantine.subject", subject=mail.subject or say("quarantine.no_subject")),
        say("quarantine.show", number=message),
    )
    return alarm(organization, say("quarantine.title", reason=mail.reason), lines)


@dataclass(frozen=True, slots=True)
class Gone:
    """Addresses that a server called gone, the case of the mail that went there, the folio that a
    new case would take, and the records they answer for, by the kind of request."""

    addresses: frozenset[str]
    organization: Organization
    now: dt.datetime
    next_folio: str
    case: Case | None
    records: Mapping[str, Any]


def owners_gone(gone: Gone) -> Outcome:
    """What the first kind of request does that they answer for something of; nothing else."""
    found = (kind.owner_gone(gone) for kind in gone.organization.kinds)
    return next((done for done in found if done is not None), Outcome(""))
