"""Who of the staff is away: how an automatic reply tells it, and how others hear of it."""

import datetime as dt
import re

from bot.workflow.calendar import plain_date
from bot.workflow.notifications.mails import display_name, staff_name
from bot.workflow.notifications.present import enumeration
from bot.workflow.organization import Organization
from bot.workflow.staff import Leave
from nlp.text.dates import dates_in
from nlp.text.fold import fold

UNTOLD = dt.timedelta(days=7)  # away for so long where the reply names no date
LONGEST = dt.timedelta(days=120)
_BACK = re.compile(
    r"(?:regres|vuelv|volver|retorn|reincorpor|reintegr|de vuelta|back|return)[^.;\n]{0,60}$"
)


def leave_told(person: str, text: str, today: dt.date) -> Leave:
    """Until when an automatic reply says that somebody is away; a week where it does not say.

    The day of the return is not one of absence.
    """
    folded = fold(text)
    last = today + UNTOLD
    ends = []
    for span in dates_in(text, today):
        back = _BACK.search(folded[max(0, span.start - 80) : span.start])
        ends.append(span.date - dt.timedelta(days=1) if back else span.date)
    ends = [day for day in ends if today <= day <= today + LONGEST]
    return Leave(person, today, max(ends, default=last))


def away_lines(organization: Organization) -> list[str]:
    """Who is away, and until when: "Rodrigo Espino está fuera hasta el 3 de mayo de 2021"."""
    found = dict.fromkeys(leave.person for leave in organization.leaves)
    return [line for email in found if (line := away_line(organization, email))]


def away_line(organization: Organization, email: str) -> str:
    """That somebody is away and who acts for them; empty for somebody who is here."""
    until = organization.away_until(email)
    if until is None:
        return ""
    standing_in = [
        display_name(leave.delegate)
        for leave in organization.leaves
        if leave.person == email and leave.delegate
    ]
    who, day = staff_name(organization, email), plain_date(until)
    if not standing_in:
        return organization.say("absence.away", who=who, until=day)
    delegates = enumeration(standing_in)
    return organization.say("absence.delegated", who=who, until=day, delegates=delegates)
