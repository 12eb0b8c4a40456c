"""What a requester commands, said clearly or asked back: cancel, accept, resume, renew."""

from dataclasses import replace

from bot.workflow.case import Case, Move, State
from bot.workflow.context import TRIAGE, Context
from bot.workflow.news import as_news
from bot.workflow.notification import Notification
from bot.workflow.notifications.mails import no_longer_needed
from bot.workflow.notifications.notices import triage
from bot.workflow.notifications.updates import noted, withdrawn
from bot.workflow.outcome import Outcome
from bot.workflow.requester.common import answer_writer, event, to_asker
from bot.workflow.requester.conversation import asking, command_here
from bot.workflow.requester.filling_in import filled_in, how_it_stands, is_left, with_words
from bot.workflow.requester.questions import handed_on
from bot.workflow.staff import Role
from nlp.turns.types import QuestionTopic, RequesterCommand, Turn

OF_KIND = (RequesterCommand.RENEW, RequesterCommand.DROP)
"""Commands that only the kind of request can carry out, by its command of that name."""


def cancelled(context: Context, case: Case, turn: Turn) -> Outcome:
    """The request is taken back; whoever is at work for it hears so at once."""
    organization, stage = context.organization, context.organization.stage(case)
    if (done := organization.kind(case).taken_back(context, case)) is not None:
        return done
    approved = case.state is State.PROVISIONING
    begun = case.told(context.now).state is State.PROVISIONING
    at_work = organization.who_may_act(case) if begun else ()
    roles = {Role.REVIEWER, Role.APPROVER if approved or stage is None else stage.role}
    case = replace(case.moved(Move.WITHDRAWN, context.now), decision=None, asked_by="")
    line = event(context, case, "withdrawn", context.say("history.cancelled"))
    by = context.incoming.sender or case.requester
    stop = no_longer_needed(organization, case, by, line.text, at_work)
    return Outcome(
        "cancelled", case, events=(as_news(line, roles if case.due_on else ()),),
        notifications=(withdrawn(organization, case), *stop), cancels_held=True,
    )  # fmt: skip


def accepted(context: Context, case: Case, turn: Turn) -> Outcome:
    """The rules are accepted: noted; what else is said the reviewers read."""
    line = event(context, case, "accepted_rules", context.say("history.accepted"))
    line = as_news(line, (Role.REVIEWER,))
    sender = context.incoming.sender
    besides = any((turn.answers, turn.corrections, turn.unclear, turn.questions))
    notification = noted(
        case,
        context.say("requester.accepted_title"),
        context.say("requester.accepted"),
        context.say("requester.accepted_besides" if besides else "requester.accepted_no_more"),
    )
    notification = replace(notification, to=sender or case.requester)
    told: tuple[Notification, ...] = ()
    if besides:  # what changes now, whoever carries it out must know at once
        does = Role.PROVISIONER if case.state is State.PROVISIONING else Role.REVIEWER
        people = [p for p in context.organization.staff if p.roles & {Role.REVIEWER, does}]
        told = triage(context.organization, context.incoming, line.text, case, people)
    return Outcome("accepted the rules", case, events=(line,), notifications=(notification, *told))


def resumed(context: Context, case: Case, turn: Turn) -> Outcome:
    """A case that slept goes on with what the message brings; people read what nobody could."""
    slept, left = case, is_left(case, turn)
    case = replace(case.moved(Move.REOPENED, context.now), decision=None)
    line = event(context, case, "reopened", context.say("history.resumed"))
    notes = [context.say("requester.resumed")]
    notes += [context.say("requester.resumed_anew")] if _was_reviewed(context, slept) else []
    notes += [context.say("requester.rest_passed_on")] if left else []
    step = filled_in(context, case, turn, tuple(notes))
    if left and step.notices:
        step = with_words(context, step, "writes")
    elif left:
        why = context.say("history.wrote")
        step = step.plus(*triage(context.organization, context.incoming, why, step.case))
    return replace(step, events=(line, *step.events))


def _was_reviewed(context: Context, slept: Case) -> bool:
    """Whether a case had come further than to the review through which it goes again."""
    stood = {state: at for state, at in slept.entered.items() if state != slept.state}
    last = max(stood, key=lambda state: stood[state], default="")
    reviewed = context.organization.kind(slept).stage(State.REVIEW) is not None
    return reviewed and last in (State.APPROVAL, State.PROVISIONING)


def of_kind(
    context: Context, case: Case, turn: Turn, command: RequesterCommand | None = None
) -> Outcome:
    """What its kind does, such as to renew. Where it cannot, people read it."""
    command = command or next(c for c in _here(context, case, turn) if c in OF_KIND)
    kind = context.organization.kind(case)
    leads_to = next((c.leads_to for c in kind.commands if c.grammar.name == command), None)
    done = leads_to(context) if leads_to else None
    return done or handed_on(context, case, turn)


def _here(context: Context, case: Case, turn: Turn) -> list[RequesterCommand]:
    """What is asked for, as it is meant at this state: in free words, or by a word of ours."""
    ours = {command.name for command in context.requester_commands.commands}
    said = (*(c.command for c in turn.commands), *(c for c in RequesterCommand if c in ours))
    return [command_here(one, case) for one in said]


def asks_if_meant(context: Context, case: Case, turn: Turn) -> Outcome:
    """What is likely meant is asked back, never done."""
    of_case = (RequesterCommand.CANCEL, RequesterCommand.RESUME)
    asked_about = OF_KIND if case.state is State.CLOSED else of_case
    command = next(c for c in _here(context, case, turn) if c in asked_about)
    case = asking(case, command)
    lines = [context.say(f"requester.meant_{command}"), *how_it_stands(context, case, turn)]
    others = any(q.topic in (QuestionTopic.OTHER, QuestionTopic.FIELD) for q in turn.questions)
    if others:
        lines.append(context.say("requester.question_passed_on"))
    asked = answer_writer(context, case, context.say(f"requester.meant_{command}_title"), *lines)
    line = event(context, case, TRIAGE, context.say("history.likely_command"))
    done = Outcome("asked whether it is meant", case, events=(line,), notifications=(asked,))
    told = to_asker(context, case, context.say("requester.asks_beside")) if others else ()
    return done.plus(*told)
