"""What resembles a request: lists of the register, and what open cases ask for."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz import fuzz

from bot.lists.register import ListEntry, ListState, entry_of
from bot.workflow.case import Case
from bot.workflow.notifications.present import enumeration
from bot.workflow.phrases import Phrases
from nlp.text.fold import plain, words

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
    say: Phrases, case: Case, entries: Iterable[ListEntry], requested: Iterable[ListEntry] = ()
) -> tuple[Lookalike, ...]:
    """What resembles the request, best first, at most MOST.

    `requested` are what other open cases ask for, as `entry_of` gives it.
    """
    wanted = entry_of(case, "")
    others = [
        (entry, say(f"lists.state.{entry.state}"))
        for entry in entries
        if not (entry.folio and entry.folio == case.folio)
    ]
    others += [
        (other, say("lists.in_progress", folio=other.folio))
        for other in requested
        if other.folio != case.folio
    ]
    scores = ((_score(wanted, other), other, where) for other, where in others)
    found = [_lookalike(say, wanted, *one) for one in scores if one[0] >= THRESHOLD]
    return tuple(sorted(found, key=lambda one: (-one.score, one.name, one.where))[:MOST])


def withdrawn_match(case: Case, entries: Iterable[ListEntry]) -> ListEntry | None:
    """The historical list that a request for reinstatement means, if any."""
    wanted = entry_of(case, "")
    scores = [
        (_name_score(wanted, entry), fuzz.ratio(plain(wanted.area), plain(entry.area)), entry)
        for entry in entries
        if entry.state is ListState.HISTORICAL
    ]
    best = max(scores, key=lambda one: one[:2], default=None)
    return best[2] if best and best[0] >= MATCH else None


def _score(wanted: ListEntry, other: ListEntry) -> float:
    """How alike two lists are; the name alone can tell, purpose and area together too."""
    name = _name_score(wanted, other)
    area = _alike(wanted.area, other.area)
    score = max(name, 0.7 * name + 0.3 * area)
    rest = 0.3 * area + 0.2 * _shared_audience(wanted, other)
    if rest + 50 >= THRESHOLD:  # else no purpose could make up for it: long texts take time
        score = max(score, rest + 0.5 * _alike(wanted.purpose, other.purpose))
    return score


def _why(say: Phrases, wanted: ListEntry, other: ListEntry) -> str:
    reasons = {
        "name": _name_score(wanted, other) >= THRESHOLD,
        "purpose": _alike(wanted.purpose, other.purpose) >= THRESHOLD,
        "area": _alike(wanted.area, other.area) >= SAME_AREA,
        "audience": _shared_audience(wanted, other) > 0,
    }
    found = [say(f"lists.alike.{what}") for what, holds in reasons.items() if holds]
    return enumeration(found or [say("lists.alike.data")])


def _shared_audience(wanted: ListEntry, other: ListEntry) -> float:
    if not wanted.audience or not other.audience:
        return 0.0
    one, another = set(wanted.audience), set(other.audience)
    return 100.0 * len(one & another) / len(one | another)


def _name_score(wanted: ListEntry, other: ListEntry) -> float:
    return max(
        _alike(wanted.name, known) for known in (other.name, other.address.partition("@")[0])
    )


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
    say: Phrases, wanted: ListEntry, score: float, other: ListEntry, where: str
) -> Lookalike:
    name = other.name or other.address or say("lists.unnamed")
    return Lookalike(name, where, round(score), _why(say, wanted, other), other.area, other.address)
