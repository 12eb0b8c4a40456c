"""How requests stand, for whoever asked for them."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from bot.workflow.calendar import long_date
from bot.workflow.case import Case, State
from bot.workflow.message import ParsedMessage
from bot.workflow.notification import Notification
from bot.workflow.notifications.mails import state_words, to_writer
from bot.workflow.notifications.present import missing_rows
from bot.workflow.notifications.progress import progress
from bot.workflow.organization import Organization


def status(
    organization: Organization,
    to: ParsedMessage,
    cases: tuple[Case, ...],
    now: dt.datetime,
    *,
    which: bool = False,
) -> Notification:
    """How the sender's own requests stand: repeatable, whoever asks again wants to know.
    `which` asks for which of them they wrote."""
    lines = tuple(
        {
            "due_on": _due(c),
            "folio": c.folio,
            "area": organization.kind(c).words(c).area,
            "name": organization.kind(c).words(c).name,
            "state": state_words(c, organization),
            "missing": tuple(r.label for r in missing_rows(organization.kind(c), c)),
        }
        for c in (organization.kind(one).as_told(one.told(now)) for one in cases)
    )
    values: dict[str, object] = {"cases": lines, "which": which}
    if len(cases) == 1:
        values["progress"] = progress(organization, cases[0], now)
    return replace(to_writer("status", to, values), repeatable=True)


def _due(case: Case) -> str:
    """The day on which an answer is due; empty where it was given: the request is accepted."""
    if case.answer_by is None or case.state is State.PROVISIONING:
        return ""
    return long_date(case.answer_by)
