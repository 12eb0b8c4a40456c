"""How requests stand, for whoever asked for them, each step with its date."""

import datetime as dt
from dataclasses import dataclass, replace

from bot.workflow.calendar import long_date, short_date
from bot.workflow.case import FINAL, Case, State
from bot.workflow.message import ParsedMessage
from bot.workflow.notification import Notification
from bot.workflow.notifications.mails import state_words, to_writer
from bot.workflow.notifications.present import missing_rows
from bot.workflow.organization import Organization


@dataclass(frozen=True, slots=True)
class ProgressMark:
    """A step of the way: what it is called, on which day it was reached, whether it is the last."""

    label: str
    day: str = ""
    current: bool = False


def progress(organization: Organization, case: Case, at: dt.datetime) -> tuple[ProgressMark, ...]:
    """The steps of a case as the area may know them at a moment, those to come without a day."""
    state = case.told(at).state
    stages = [stage.state for stage in organization.kind(case).stages]
    ahead = [one for one in stages if one is not State.PROVISIONING]
    reached = ahead[: ahead.index(state) + 1] if state in ahead else ahead
    if state is State.INCOMPLETE:
        reached = []
    elif state in FINAL:
        reached = [one for one in ahead if str(one) in case.entered]
    days = {one: _day(organization, case, one) for one in reached}
    marks = [(organization.say("progress.received"), short_date(organization.day(case.opened_at)))]
    marks += [(organization.say(f"progress.{one}"), days[one]) for one in reached]
    if state in FINAL:
        marks.append((organization.say(f"progress.{state}"), _day(organization, case, state)))
        to_come = []
    else:
        to_come = [one for one in (*ahead, State.CLOSED) if one not in reached]
    last = len(marks) - 1
    known = [ProgressMark(label, day, number == last) for number, (label, day) in enumerate(marks)]
    return (*known, *(ProgressMark(organization.say(f"progress.{one}")) for one in to_come))


def _day(organization: Organization, case: Case, state: State) -> str:
    came = case.entered.get(str(state))
    return short_date(organization.day(came)) if came else "✓"


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
