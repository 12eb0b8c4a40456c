"""Steps of a case that several ways lead to."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from bot.workflow.calendar import add_business_days
from bot.workflow.case import Case, Event, Move
from bot.workflow.context import Decision
from bot.workflow.followers import with_followers
from bot.workflow.notifications.mails import received
from bot.workflow.notifications.notices import notices
from bot.workflow.organization import House


def completed(
    house: House,
    case: Case,
    now: dt.datetime,
    actor: str,
    message_id: str = "",
    *,
    before: Case | None = None,
    note: str = "",
    tell_area: bool = True,
) -> Decision:
    """Nothing is missing any more: to the first stage, with a day by which it is answered."""
    to_review = "review" in house.stages
    due = add_business_days(now.date(), house.respond_within, house.closed_on)
    case = replace(case.moved(Move.TO_REVIEW if to_review else Move.TO_APPROVAL, now), due_on=due)
    event = Event("complete", actor, "la solicitud quedó completa", case.version, message_id)
    area = with_followers(house, case, received(house, case)) if tell_area else ()
    letters = (*area, *notices(house, case, before, note))
    return Decision("complete", case, events=(event,), letters=letters)
