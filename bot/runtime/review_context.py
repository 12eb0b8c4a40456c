"""What is known around a case, loaded only for the letters that show it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from bot.lists.findings import Surroundings, findings, shows_findings, with_findings
from bot.store import Work
from bot.workflow.case import Case
from bot.workflow.notification import Letter
from bot.workflow.organization import House


def surrounded(
    work: Work, letters: Iterable[Letter], case: Case | None, house: House, now: dt.datetime
) -> tuple[Letter, ...]:
    """The letters, those that show findings of their case with them filled in."""
    letters = tuple(letters)
    if case is None or not any(shows_findings(letter) for letter in letters):
        return letters
    found = findings(case, house, _load(work, case), now.date())
    return tuple(with_findings(letter, found) for letter in letters)


def _load(work: Work, case: Case) -> Surroundings:
    area = case.form.get("area")
    of_area = work.cases_of_area(str(area.value)) if area else ()
    return Surroundings(
        lists=work.lists(),
        wishes=work.open_wishes(),
        earlier=(*of_area, *work.cases_of(case.requester.email)),
    )
