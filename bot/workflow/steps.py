"""Steps of a case that several ways lead to."""

import datetime as dt
from dataclasses import replace

from bot.workflow.calendar import add_business_days
from bot.workflow.case import Case, Event, Move, State
from bot.workflow.notifications.advice import advice
from bot.workflow.notifications.mails import received
from bot.workflow.notifications.notices import notices
from bot.workflow.organization import Organization
from bot.workflow.outcome import Outcome


def completed(
    organization: Organization,
    case: Case,
    now: dt.datetime,
    actor: str,
    message_id: str = "",
    *,
    before: Case | None = None,
    note: str = "",
    notes: tuple[str, ...] = (),
    tell_requester: bool = True,
    mended: Case | None = None,
) -> Outcome:
    """Nothing is missing any more: to the first stage, with a day by which it is answered.

    `mended` is the case as the area last heard of what to mend in it.
    """
    to_review = organization.kind(case).stage(State.REVIEW) is not None
    due = add_business_days(now.date(), organization.respond_within, organization.closed_on)
    case = replace(case.moved(Move.TO_REVIEW if to_review else Move.TO_APPROVAL, now), due_on=due)
    event = Event("complete", actor, organization.say("history.complete"), case.version, message_id)
    checks = advice(organization, case, now.date(), mended)
    area = (received(organization, case, notes=notes, checks=checks),) if tell_requester else ()
    asked = notices(organization, case, before, note)
    return Outcome("complete", case, events=(event,), notifications=area, notices=asked)
