"""How much mail an audience gets already, and would with one list more."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from bot.lists.register import ListEntry, ListState, entry_of, is_list_of
from bot.lists.request import is_removal
from bot.workflow.case import Case
from bot.workflow.notifications.present import enumeration, show
from bot.workflow.phrases import Phrases
from nlp.types import Form

MOST = 5  # lists that are named in a note
PER_WEEK: Mapping[str, float] = MappingProxyType(
    {
        "daily": 5.0,  # business days
        "weekly": 1.0,
        "biweekly": 0.5,
        "monthly": 12 / 52,
        "bimonthly": 6 / 52,
        "quarterly": 4 / 52,
        "semester": 2 / 52,
        "yearly": 1 / 52,
        "on_demand": 0.0,  # told in a note instead
    }
)
"""Mailings a week by the form's frequencies."""


@dataclass(frozen=True, slots=True)
class AudienceLoad:
    """How much mail lists send to an audience, now and with what is asked for.

    `lists` are those authorised, each with its frequency; `note` tells what is not counted.
    """

    audience: str
    lists: tuple[str, ...]
    mailings_per_week_now: float
    after: float
    note: str = ""


def saturation(
    say: Phrases, case: Case, entries: Iterable[ListEntry], form: Form
) -> tuple[AudienceLoad, ...]:
    """How loaded each audience of the request is, in the request's order."""
    wanted = entry_of(case, "")
    active = [entry for entry in entries if entry.state is ListState.ACTIVE]
    own = frozenset(entry.key for entry in active if is_list_of(case, entry))
    coming = () if is_removal(case) else (wanted,)
    return tuple(_load(say, audience, coming, active, own, form) for audience in wanted.audience)


def _load(
    say: Phrases,
    audience: str,
    coming: tuple[ListEntry, ...],
    active: list[ListEntry],
    own: frozenset[str],
    form: Form,
) -> AudienceLoad:
    reaching = [entry for entry in active if audience in entry.audience]
    busiest_first = sorted(reaching, key=lambda e: (-PER_WEEK.get(e.frequency, 0.0), e.name))
    staying = [entry for entry in reaching if entry.key not in own]
    uncounted = [e.name for e in (*staying, *coming) if not PER_WEEK.get(e.frequency)]
    note = ""
    if uncounted:
        note = say("lists.uncounted", names=enumeration(uncounted[:MOST]))
        if len(uncounted) > MOST:
            note += say("lists.more_uncounted", count=len(uncounted) - MOST)
    return AudienceLoad(
        audience=wording(form, "audience", audience),
        lists=tuple(_listed(say, entry, form) for entry in busiest_first),
        mailings_per_week_now=_mailings(reaching),
        after=_mailings([*staying, *coming]),
        note=note,
    )


def _mailings(entries: Iterable[ListEntry]) -> float:
    return sum(PER_WEEK.get(entry.frequency, 0.0) for entry in entries)


def mailings_by_audience(entries: Iterable[ListEntry]) -> Mapping[str, float]:
    """Mailings a week to each audience that lists reach, in the order of its key."""
    found: dict[str, float] = {}
    for entry in entries:
        for audience in entry.audience:
            found[audience] = found.get(audience, 0.0) + PER_WEEK.get(entry.frequency, 0.0)
    return dict(sorted(found.items()))


def _listed(say: Phrases, entry: ListEntry, form: Form) -> str:
    often = entry.frequency
    return f"{entry.name} ({wording(form, 'frequency', often) if often else say('lists.unknown')})"


def wording(form: Form, field: str, key: str) -> str:
    """A choice as the form words it; its key where the form has it no more."""
    return show(form[field], (key,)) if field in form else key
