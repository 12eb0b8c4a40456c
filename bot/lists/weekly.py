"""What the weekly summary tells of lists: who gets how much, and which ones end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from bot.lists.load import mailings_by_audience, wording
from bot.lists.register import ListEntry, ListState
from bot.workflow.calendar import plain_date
from bot.workflow.organization import Organization
from bot.workflow.phrases import Phrases
from bot.workflow.schedule.weekly import Bar, bars
from nlp.types import Form, Intent

ENDING = 30  # days within which a list's period ends
MOST_LISTS = 12


def weekly(
    entries: Iterable[ListEntry], organization: Organization, due: dt.date
) -> Mapping[str, object]:
    """The values of the summary; none where no list is in use."""
    active = [entry for entry in entries if entry.state is ListState.ACTIVE]
    if not active:
        return {}
    form = organization.kind_about(Intent.CREATE_LIST).form
    say = organization.say
    return {"loads": _loads(say, active, form), "ending": _ending(say, active, due)}


def _loads(say: Phrases, active: list[ListEntry], form: Form) -> tuple[Bar, ...]:
    """Mailings a week by audience, busiest first."""
    busiest = sorted(mailings_by_audience(active).items(), key=lambda one: -one[1])
    return bars(
        (wording(form, "audience", key), load, say("weekly.per_week", load=load))
        for key, load in busiest
    )


def _ending(say: Phrases, active: list[ListEntry], today: dt.date) -> tuple[str, ...]:
    """Lists whose period ends soon or has ended, soonest first, in words."""
    latest = today + dt.timedelta(days=ENDING)
    dated = [(e.end_date, e.name or e.address) for e in active if e.end_date]
    ending = sorted((end, name) for end, name in dated if end <= latest)
    return tuple(
        say(f"weekly.list.{'ended' if end < today else 'ends'}", name=name, day=plain_date(end))
        for end, name in ending[:MOST_LISTS]
    )
