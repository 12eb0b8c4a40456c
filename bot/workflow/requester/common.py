"""What the answers to an area have in common."""

from __future__ import annotations

from bot.workflow.case import Case, Event
from bot.workflow.context import Context
from bot.workflow.message import Address, ParsedMessage
from bot.workflow.notifications.notices import triage
from bot.workflow.organization import Organization
from bot.workflow.outcome import Outcome

THREAD_LENGTH = 30  # Message-IDs kept of a conversation


def to_people(context: Context, why: str, case: Case | None = None) -> Outcome:
    """A person must look at this: the reviewers get it, nothing goes outside."""
    case = case or context.case
    notifications = triage(context.organization, context.incoming, why, case)
    events = (event(context, case, "remark", why),) if case else ()
    return Outcome(why, case, events=events, notifications=notifications)


def people_of(organization: Organization, incoming: ParsedMessage) -> tuple[Address, ...]:
    """The requester and those in copy who belong to the university, once each, never the bot."""
    everyone = {
        a.email: a
        for a in (*incoming.senders, *incoming.to, *incoming.cc)
        if organization.is_institutional(a) and a.email != organization.mailbox.email
        and not a.email.startswith(organization.mailbox.email.partition("@")[0] + "+")
    }  # fmt: skip
    return tuple(everyone.values())


def thread_with(thread: tuple[str, ...], incoming: ParsedMessage) -> tuple[str, ...]:
    """The ids of a conversation with those of a message."""
    ids = dict.fromkeys((*thread, *incoming.references, *incoming.in_reply_to))
    ids.pop(incoming.message_id, None)
    if incoming.message_id:
        ids[incoming.message_id] = None  # last: it is what the next answer replies to
    return tuple(ids)[-THREAD_LENGTH:]


def problems(incoming: ParsedMessage) -> tuple[str, ...]:
    """Attachments that could not be read, in words."""
    return tuple(a.problem for a in incoming.attachments if a.problem)


def event(context: Context, case: Case, what: str, text: str) -> Event:
    """A line of the history, by who wrote the message."""
    sender = context.incoming.sender
    actor = sender.email if sender else "desconocido"
    return Event(what, actor, text, case.version, context.incoming.message_id)
