"""Another person is to answer for a request, or the one from before: what is left of the other."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from rapidfuzz import fuzz

from bot.workflow.case import DECIDED_AT, Case
from bot.workflow.kinds import RequestKind
from bot.workflow.requester.conversation import filled, marked
from nlp.text.fold import fold
from nlp.types import Extraction, Part

_PARTS = (Part.RESPONSIBLE, Part.EMAIL, Part.POSITION, Part.EXTENSION)
_SAME = 80.0  # how alike two names must be to be one person's


def succeeded(
    case: Case, kind: RequestKind, news: Mapping[str, Extraction], corrected: tuple[str, ...]
) -> tuple[Case, tuple[str, ...]]:
    """The case filled with `news`. Where they name somebody else to answer for it, what stood while
    that one did stands again, and what tells of who did until now goes; but while people decide,
    what the form needs stays: these fields are to be confirmed."""
    back, other = _of_other(case, kind, news)
    needed = kind.missing(_less(case, tuple(case.form))) if case.state in DECIDED_AT else ()
    gone = tuple(name for name in other if name not in needed)
    case = filled(case, {**news, **back}, (*corrected, *back, *other))
    return _less(case, gone), tuple(name for name in other if name in needed)


def _of_other(
    case: Case, kind: RequestKind, news: Mapping[str, Extraction]
) -> tuple[dict[str, Extraction], tuple[str, ...]]:
    """What stands again, and the fields that tell of who was to answer for it until now."""
    name, *others = (kind.form.played(part) for part in _PARTS)
    was, said = case.text(name), str(news[name].value) if name in news else ""
    if not was or not said or _is_same(was, said):
        return {}, ()
    others = [one for one in others if one not in news]
    email = kind.form.played(Part.EMAIL)
    account = fold(case.text(email).partition("@")[0])
    theirs = any(len(word) > 2 and word in account for word in fold(said).split())
    left = [one for one in others if one in case.form and not (theirs and one == email)]
    before = marked(case, kind)
    if name not in before or not _is_same(str(before[name].value), said):
        return {}, tuple(left)
    back = {one: before[one] for one in (name, *others) if one in before}
    needed = kind.missing(_less(case, tuple(case.form)))
    return back, tuple(one for one in left if one not in back and one not in needed)


def _less(case: Case, names: tuple[str, ...]) -> Case:
    form = {name: found for name, found in case.form.items() if name not in names}
    return replace(case, form=MappingProxyType(form))


def _is_same(one: str, other: str) -> bool:
    """Whether two names are one person's, written out or misspelt."""
    return fuzz.token_set_ratio(fold(one), fold(other)) >= _SAME
