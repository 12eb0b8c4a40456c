"""What a change of people, stages or form means for the cases that are open."""

import datetime as dt
from collections.abc import Collection

from bot.workflow.case import Case, Event, Move, State
from bot.workflow.inquiries import consulting
from bot.workflow.notification import StageNotice
from bot.workflow.notifications.mails import alarm, display_name
from bot.workflow.notifications.notices import notices
from bot.workflow.notifications.present import enumeration
from bot.workflow.organization import Organization
from bot.workflow.outcome import Outcome
from bot.workflow.steps import completed

_ELSEWHERE = {
    State.REVIEW: (State.APPROVAL, Move.TO_APPROVAL),
    State.APPROVAL: (State.REVIEW, Move.TO_REVIEW),
}


def has_lost_its_stage(organization: Organization, case: Case) -> bool:
    """Whether a case stands where the configuration has nobody act any more."""
    return case.state in _ELSEWHERE and organization.stage(case) is None


def caught_up(
    organization: Organization, case: Case, asked: Collection[str], now: dt.datetime
) -> Outcome | None:
    """What an open case needs under the configuration as it is now; None where all is well.

    `asked` are the addresses that have a notice for its stage already.
    """
    done = _staffed_anew(organization, case, asked, now)
    asks = consulting(organization, done.case if done and done.case else case, now)
    return done.then(asks) if done and asks else done or asks


def _staffed_anew(
    organization: Organization, case: Case, asked: Collection[str], now: dt.datetime
) -> Outcome | None:
    if has_lost_its_stage(organization, case):
        return _moved_on(organization, case, now)
    kind = organization.kind(case)
    if case.state is State.INCOMPLETE and kind.topic(case.intent) and not kind.missing(case):
        return completed(organization, case, now, "bot")  # what was missing is asked no more
    if organization.stage(case) is None:
        return None
    new = tuple(p for p in organization.who_may_act(case) if p.address.email not in asked)
    if not new:
        return None
    names = enumeration([display_name(p.address) for p in new])
    event = Event("notice", "bot", organization.say("staffing.notices", names=names), case.version)
    note = organization.say("staffing.new_holder")
    asks = tuple(StageNotice(case, person, note=note) for person in new)
    return Outcome("holders without a notice", case, events=(event,), notices=asks)


def _moved_on(organization: Organization, case: Case, now: dt.datetime) -> Outcome:
    state, move = _ELSEWHERE[case.state]
    if organization.kind(case).stage(state) is None:
        title = organization.say("staffing.stuck_title", folio=case.folio)
        told = alarm(organization, title, (organization.say("staffing.stuck"),))
        return Outcome("no stage left", case, notifications=told)
    note = organization.say("staffing.stage_gone")
    event = Event("moved", "bot", note, case.version)
    case = case.moved(move, now)
    asks = notices(organization, case, note=note)
    return Outcome("its stage is gone", case, events=(event,), notices=asks)
