"""What a message asks, what no rule knows, and what only thanks."""

from dataclasses import replace

from bot.workflow.case import UNDECIDED, Case, State
from bot.workflow.context import Context
from bot.workflow.notification import Notification
from bot.workflow.notifications.notices import notices, triage
from bot.workflow.notifications.present import enumeration
from bot.workflow.notifications.status import status
from bot.workflow.outcome import Outcome
from bot.workflow.requester.common import (
    answer_writer,
    attached,
    event,
    handed_to_people,
    not_recognised,
    person_wanted,
    problems,
    to_asker,
    unless_told,
    with_people,
)
from bot.workflow.requester.filling_in import QUOTED, ask, explained
from nlp.turns.types import QuestionTopic, Turn


def explains(context: Context, case: Case, turn: Turn) -> Outcome:
    """What a field means; what else is asked beside goes to people."""
    form = context.organization.kind(case).form
    fields = dict.fromkeys(q.field for q in turn.questions if q.topic is QuestionTopic.FIELD)
    lines = [explained(context, form, name) for name in fields]
    others = any(q.topic is QuestionTopic.OTHER for q in turn.questions) or case.asked_by
    if others:
        lines.append(context.say("requester.question_passed_on"))
    told = answer_writer(context, case, context.say("requester.explained_title"), *lines)
    line = event(context, case, "explained", context.say("history.explained"))
    done = Outcome("explained a field", case, events=(line,), notifications=(told,))
    if not others:
        return done
    return done.plus(*to_asker(context, case, context.say("requester.asks_beside")))


def how_it_goes(context: Context, case: Case, turn: Turn) -> Outcome:
    """How the request stands; what it says besides goes to people, an answer to who asked."""
    told = status(context.organization, context.incoming, (case,), context.now)
    if case.asked_by and (turn.rest or turn.answers or turn.corrections):
        return _answered(context, case, told)
    # It may answer a question of staff all the same: they read it, and it stays open.
    why = person_wanted(context) or context.say("requester.how_it_goes")
    people = to_asker(context, case, why) if case.asked_by else ()
    if turn.rest or any(q.topic is QuestionTopic.OTHER for q in turn.questions):
        people = people or triage(context.organization, context.incoming, why, case)
    return Outcome("asks how it goes", case, notifications=(told, *people))


def handed_on(context: Context, case: Case, turn: Turn) -> Outcome:
    """To people, and the writer hears so; an answer to a question of staff to who asked."""
    if case.asked_by:
        return _answered(context, case)
    if _is_unread(context, case):
        return ask(context, case)
    files = enumeration(list(attached(context)))
    if wanted := person_wanted(context):
        why = wanted
    elif case.state not in UNDECIDED:
        why = context.say("requester.writes_on_closed")
    elif files:
        why = context.say("history.added", enumeration=files)
    else:
        why = context.say("history.wrote")
    return handed_to_people(context, case, why)


def still_missing(context: Context, case: Case, turn: Turn) -> Outcome:
    """What is promised, or told by the way, bothers nobody: the writer hears what is missing."""
    if _is_unread(context, case):
        return ask(context, case)
    line = event(context, case, "wrote", context.say("history.wrote"))
    told = status(context.organization, context.incoming, (case,), context.now)
    return Outcome("told by the way", case, events=(line,), notifications=(told,))


def _is_unread(context: Context, case: Case) -> bool:
    """Whether a file or a line with what is asked for could not be read."""
    missing = context.organization.kind(case).missing(case)
    return case.state is State.INCOMPLETE and bool(
        problems(context.incoming) or not_recognised(context, case, missing)
    )


def _answered(context: Context, case: Case, told: Notification | None = None) -> Outcome:
    """The area's answer to a question of staff: back to who asked, with a fresh notice; the writer
    hears that it was passed on, or what they asked for beside (`told`)."""
    asker, case = case.asked_by, replace(case, asked_by="")
    text = context.incoming.text[:QUOTED]
    line = event(context, case, "answered", context.say("history.answered", text=text))
    asked = notices(context.organization, case, note=context.say("requester.answered", text=text))
    title, passed = context.say("requester.passed_title"), context.say("requester.passed")
    done = Outcome("answered a question", case, events=(line,), notices=asked)
    done = done.plus(told or answer_writer(context, case, title, passed))
    return done.plus(*unless_told(context, case, asker, done))


def nothing(context: Context, case: Case, turn: Turn) -> Outcome:
    """Thanks bother nobody; a file with them that cannot be read is told."""
    if not problems(context.incoming):
        return Outcome("thanks", case)
    if case.state is State.INCOMPLETE:
        return ask(context, case)
    return Outcome("thanks, and a file", case, notifications=(with_people(context, case),))
