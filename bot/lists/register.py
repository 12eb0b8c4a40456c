"""The register of lists: what is authorised, what was withdrawn, and what resembles a request."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from rapidfuzz import fuzz

from bot.lists.request import is_removal
from bot.workflow.case import Case
from bot.workflow.notifications.present import enumeration, show
from bot.workflow.phrases import Phrases
from nlp.text.fold import plain, words
from nlp.types import Form, Intent

WITHDRAWN_ON = dt.date(2021, 6, 18)
"""When all lists made until then were withdrawn (aviso of 31 May 2021)."""


class ListState(StrEnum):
    """Where a list stands."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    HISTORICAL = "historical"  # one of those withdrawn on WITHDRAWN_ON


@dataclass(frozen=True, slots=True)
class ListEntry:
    """A list of the register. `audience` and `frequency` are keys of the form's choices."""

    name: str
    address: str = ""
    state: ListState = ListState.ACTIVE
    area: str = ""
    responsible: str = ""
    responsible_email: str = ""
    audience: tuple[str, ...] = ()
    recipients: int | None = None
    frequency: str = ""
    start_date: dt.date | None = None
    end_date: dt.date | None = None
    folio: str = ""  # of the case that authorised it
    purpose: str = ""
    note: str = ""

    @property
    def key(self) -> str:
        """What tells it from all others: its address, or its name where none is known."""
        return self.address.strip().lower() or plain(self.name)


def entry_of(case: Case, address: str) -> ListEntry:
    """The list that a case led to, as it goes into the register."""

    def text(field: str) -> str:
        found = case.form.get(field)
        return found.value if found and isinstance(found.value, str) else ""

    def day(field: str) -> dt.date | None:
        found = case.form.get(field)
        return found.value if found and isinstance(found.value, dt.date) else None

    recipients = case.form.get("recipients")
    return ListEntry(
        name=text("list_name") or address.partition("@")[0],
        address=address.strip().lower(),
        area=text("area"),
        responsible=text("responsible"),
        responsible_email=text("email") or case.requester.email,
        audience=_audience(case),
        recipients=recipients.value if recipients and isinstance(recipients.value, int) else None,
        frequency=text("frequency"),
        start_date=day("start_date"),
        end_date=day("end_date"),
        folio=case.folio,
        purpose=text("purpose"),
    )


@dataclass(frozen=True, slots=True)
class Import:
    """What taking lists in comes to. `lived_on` are no longer historical: they stay as they are."""

    new: tuple[ListEntry, ...] = ()
    changed: tuple[ListEntry, ...] = ()
    same: tuple[ListEntry, ...] = ()
    lived_on: tuple[ListEntry, ...] = ()

    @property
    def to_save(self) -> tuple[ListEntry, ...]:
        return self.new + self.changed


def take_in(known: Iterable[ListEntry], imported: Iterable[ListEntry]) -> Import:
    """What importing historical lists changes in the register; again, it changes nothing."""
    by_key = {entry.key: entry for entry in known}
    kinds: dict[str, list[ListEntry]] = {"new": [], "changed": [], "same": [], "lived_on": []}
    for entry in imported:
        old = by_key.get(entry.key)
        if old is None:
            kinds["new"].append(entry)
        elif old.state is not ListState.HISTORICAL:
            kinds["lived_on"].append(entry)
        else:
            kinds["same" if old == entry else "changed"].append(entry)
    return Import(**{kind: tuple(entries) for kind, entries in kinds.items()})


# --- look-alikes ------------------------------------------------------------------------------

THRESHOLD = 72.0
"""From this score on a list is shown; tests/unit/test_register.py tells pairs on both sides."""
MATCH = 80.0
"""From this score on a withdrawn list is taken for the one to be reinstated."""
SAME_AREA = 85.0
MOST = 5

# What many names and areas share tells nothing of whether two are alike.
_COMMON = frozenset(
    words(
        "lista listas correo correos aviso avisos boletin comunicado comunicados comunicacion"
        " noticias novedades info informacion mailing upaep general generales distribucion"
        " de del la las los el y e para por en a al con un una que se su sus"
        " direccion departamento coordinacion facultad oficina area jefatura"
    )
)


@dataclass(frozen=True, slots=True)
class Lookalike:
    """A list, or what an open case asks for, that resembles a request.

    `where` is a folio or the list's state in words; `score` runs from 0 to 100; `why` in Spanish.
    """

    name: str
    where: str
    score: int
    why: str
    area: str = ""
    address: str = ""


def lookalikes(
    say: Phrases, case: Case, entries: Iterable[ListEntry], wishes: Iterable[ListEntry] = ()
) -> tuple[Lookalike, ...]:
    """What resembles the request, best first, at most MOST.

    `wishes` are what other open cases ask for, as `entry_of` gives it.
    """
    wish = entry_of(case, "")
    others = [
        (entry, say(f"lists.state.{entry.state}"))
        for entry in entries
        if not (entry.folio and entry.folio == case.folio)
    ]
    others += [
        (other, say("lists.in_progress", folio=other.folio))
        for other in wishes
        if other.folio != case.folio
    ]
    scores = ((_score(wish, other), other, where) for other, where in others)
    found = [_lookalike(say, wish, *one) for one in scores if one[0] >= THRESHOLD]
    return tuple(sorted(found, key=lambda one: (-one.score, one.name, one.where))[:MOST])


def withdrawn_match(case: Case, entries: Iterable[ListEntry]) -> ListEntry | None:
    """The list withdrawn on WITHDRAWN_ON that a request for reinstatement means, if any."""
    wish = entry_of(case, "")
    scores = [
        (_name_score(wish, entry), fuzz.ratio(plain(wish.area), plain(entry.area)), entry)
        for entry in entries
        if entry.state is ListState.HISTORICAL
    ]
    best = max(scores, key=lambda one: one[:2], default=None)
    return best[2] if best and best[0] >= MATCH else None


def _score(wish: ListEntry, other: ListEntry) -> float:
    """How alike two lists are; the name alone can tell, purpose and area together too."""
    name = _name_score(wish, other)
    area = _alike(wish.area, other.area)
    score = max(name, 0.7 * name + 0.3 * area)
    rest = 0.3 * area + 0.2 * _shared_audience(wish, other)
    if rest + 50 >= THRESHOLD:  # else no purpose could make up for it: long texts take time
        score = max(score, rest + 0.5 * _alike(wish.purpose, other.purpose))
    return score


def _why(say: Phrases, wish: ListEntry, other: ListEntry) -> str:
    reasons = {
        "name": _name_score(wish, other) >= THRESHOLD,
        "purpose": _alike(wish.purpose, other.purpose) >= THRESHOLD,
        "area": _alike(wish.area, other.area) >= SAME_AREA,
        "audience": _shared_audience(wish, other) > 0,
    }
    found = [say(f"lists.alike.{what}") for what, holds in reasons.items() if holds]
    return enumeration(found or [say("lists.alike.data")])


def _shared_audience(wish: ListEntry, other: ListEntry) -> float:
    if not wish.audience or not other.audience:
        return 0.0
    one, another = set(wish.audience), set(other.audience)
    return 100.0 * len(one & another) / len(one | another)


def _name_score(wish: ListEntry, other: ListEntry) -> float:
    name = _alike(wish.name, other.name)
    return max(name, _alike(wish.name, other.address.partition("@")[0])) if other.address else name


@lru_cache(maxsize=2048)  # requests come from the same areas, name after name
def _alike(one: str, other: str) -> float:
    """How alike two texts are (0 to 100) in what is not common to many; 0 where one is empty."""
    a, b = _telling(one), _telling(other)
    if not a.text or not b.text:
        return 0.0
    score = max(fuzz.ratio(a.text, b.text), fuzz.ratio(a.in_order, b.in_order))
    if a.several and b.several:
        # One text may say more than the other; a single shared word is not enough for that.
        score = max(score, 0.9 * fuzz.token_set_ratio(a.text, b.text))
    # What is common still tells "avisos-biblioteca" from "boletin-biblioteca".
    return 0.85 * score + 0.15 * fuzz.ratio(a.plain, b.plain)


class _Telling(NamedTuple):
    """A text as it is compared: what tells it from others, the same in alphabetical order, all."""

    text: str
    in_order: str
    several: bool
    plain: str


@lru_cache(maxsize=8192)  # hundreds of the same texts are compared with every request
def _telling(text: str) -> _Telling:
    all_words = words(text)
    chosen = [w for w in all_words if w not in _COMMON] or list(all_words)
    return _Telling(" ".join(chosen), " ".join(sorted(chosen)), len(chosen) > 1, plain(text))


def _lookalike(
    say: Phrases, wish: ListEntry, score: float, other: ListEntry, where: str
) -> Lookalike:
    name = other.name or other.address or say("lists.unnamed")
    return Lookalike(name, where, round(score), _why(say, wish, other), other.area, other.address)


# --- saturation -------------------------------------------------------------------------------

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
    wish = entry_of(case, "")
    active = [entry for entry in entries if entry.state is ListState.ACTIVE]
    own = frozenset(entry.key for entry in active if is_list_of(case, entry))
    coming = () if is_removal(case) else (wish,)
    return tuple(_load(say, audience, coming, active, own, form) for audience in wish.audience)


def is_list_of(case: Case, entry: ListEntry) -> bool:
    """Whether the case is about this very list: what it asks for then takes its place."""
    if entry.folio and entry.folio == case.folio:
        return True
    wish = entry_of(case, "")
    names = {plain(entry.name), plain(entry.address.partition("@")[0])}
    return case.intent == Intent.CHANGE_LIST and plain(wish.name.partition("@")[0]) in names - {""}


def _load(
    say: Phrases,
    audience: str,
    coming: tuple[ListEntry, ...],
    active: list[ListEntry],
    own: frozenset[str],
    form: Form,
) -> AudienceLoad:
    reaching = [entry for entry in active if audience in entry.audience]
    staying = [entry for entry in reaching if entry.key not in own]
    uncounted = [e.name for e in (*staying, *coming) if not PER_WEEK.get(e.frequency)]
    note = ""
    if uncounted:
        note = say("lists.uncounted", names=enumeration(uncounted[:MOST]))
        if len(uncounted) > MOST:
            note += say("lists.more_uncounted", count=len(uncounted) - MOST)
    return AudienceLoad(
        audience=_wording(form, "audience", audience),
        lists=tuple(_listed(say, entry, form) for entry in sorted(reaching, key=_busiest_first)),
        mailings_per_week_now=_mailings(reaching),
        after=_mailings([*staying, *coming]),
        note=note,
    )


def _mailings(entries: Iterable[ListEntry]) -> float:
    return sum(PER_WEEK.get(entry.frequency, 0.0) for entry in entries)


def _busiest_first(entry: ListEntry) -> tuple[float, str]:
    return -PER_WEEK.get(entry.frequency, 0.0), entry.name


def _listed(say: Phrases, entry: ListEntry, form: Form) -> str:
    how_often = (
        _wording(form, "frequency", entry.frequency) if entry.frequency else say("lists.unknown")
    )
    return f"{entry.name} ({how_often})"


def _wording(form: Form, field: str, key: str) -> str:
    return show(form[field], (key,)) if field in form else key


def _audience(case: Case) -> tuple[str, ...]:
    found = case.form.get("audience")
    return tuple(dict.fromkeys(found.value)) if found and isinstance(found.value, tuple) else ()
