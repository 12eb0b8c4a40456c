"""A mail of which nobody is sure: what its writer wants is asked of them before of people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from bot.workflow.case import Case, Move
from bot.workflow.context import Context
from bot.workflow.kinds import Topic
from bot.workflow.message import Address
from bot.workflow.notifications.wanted import WANTED, choices, what_is_wanted
from bot.workflow.outcome import Outcome
from bot.workflow.requester.common import event, handed_to_people, opened, thread_with
from bot.workflow.requester.conversation import without
from bot.workflow.requester.opening import doubting, first_step, known
from bot.workflow.screening.context import ScreeningContext
from nlp.kinds import machine
from nlp.text.fold import plain
from nlp.types import Extraction

_KEPT = 1_500  # characters of what was written
_SHOWN = 300
_FEW = 12  # words of an answer that only names its choice


def may_be_asked(context: Context) -> bool:
    """Whether a new mail was surely typed by a person: no machine is ever asked anything."""
    incoming = context.incoming
    if context.answers_us or incoming.in_reply_to:
        return False
    return ScreeningContext(incoming, context.organization).likeness < machine.HARDLY


def asks_what(context: Context, writer: Address) -> Outcome:
    """A case that waits for its writer to say what is wanted."""
    organization, understood = context.organization, context.prediction
    guess = organization.topic(understood.intent)
    topic = guess if guess.by_form else next(t for t in choices(organization) if t.by_form)
    form = known(organization.kind_about(topic.intent).form, topic, understood.fields)
    wanted = MappingProxyType({WANTED: context.incoming.text[:_KEPT]})
    case = doubting(context, opened(context, writer, topic.intent, form, wanted))
    line = event(context, case, "opened", context.say("history.asked_what"))
    asked = what_is_wanted(organization, case)
    return Outcome("asked what is wanted", case, opens=True, events=(line,), notifications=(asked,))


def told_what(context: Context, case: Case) -> Outcome:
    """The answer: the case goes on as what it says, or is people's."""
    incoming, organization = context.incoming, context.organization
    case = replace(case, thread=thread_with(case.thread, incoming), updated_at=context.now)
    text, case = str(case.details[WANTED]), without(case, WANTED)
    topic, found = _chosen(context)
    if topic is None or not topic.by_form:
        case = case.moved(Move.WITHDRAWN, context.now)
        why = context.say("triage.wants_other", said=text[:_SHOWN])
        return handed_to_people(context, case, why)
    kept = {name: value for name, value in case.form.items() if name not in topic.implies}
    form = known(organization.kind_about(topic.intent).form, topic, {**kept, **found})
    case = doubting(context, replace(case, intent=topic.intent, form=form))
    line = event(context, case, "filled_in", context.say("history.asks", title=topic.title))
    done = first_step(context, case)
    return replace(done, events=(line, *done.events))


def _chosen(context: Context) -> tuple[Topic | None, Mapping[str, Extraction]]:
    """What an answer names or, in its own words, asks for, with what it says besides."""
    said = f" {plain(context.incoming.text)} "
    offered = choices(context.organization)
    named = [t for t in offered if any(f" {plain(w)} " in said for w in (t.button, *t.names))]
    if len(named) == 1 and len(said.split()) <= _FEW and " no " not in said:
        return named[0], {}
    if context.prediction.confidence < context.organization.threshold:
        return None, {}
    return context.organization.topic(context.prediction.intent), context.prediction.fields
