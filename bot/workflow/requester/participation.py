"""A message from somebody of a case: it may complete, correct, answer, cancel, or just thank."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from bot.workflow.case import FINAL, Case, Move, State
from bot.workflow.commands.registry import spec
from bot.workflow.context import Context
from bot.workflow.followers import with_followers
from bot.workflow.kinds import CASE_STATUS
from bot.workflow.notification import Notification, Purpose
from bot.workflow.notifications.mails import decided, display_name, form, received, status
from bot.workflow.notifications.notices import notices, triage
from bot.workflow.notifications.present import enumeration, labels
from bot.workflow.notifications.updates import noted, withdrawn
from bot.workflow.outcome import Outcome
from bot.workflow.requester.commands import ACCEPT, CANCEL, RESUME, asks_how_it_goes
from bot.workflow.requester.common import event, problems, thread_with, to_people
from bot.workflow.staff import Person, Role
from bot.workflow.steps import completed
from nlp.types import Extraction

_PAUSED = frozenset({State.EXPIRED, State.WITHDRAWN})
QUOTED = 500  # characters of an area's words in a notice


def go_on(context: Context, case: Case) -> Outcome:
    """What a message from somebody of the case leads to."""
    incoming = context.incoming
    thread = thread_with(case.thread, incoming)
    case = replace(case, thread=thread, updated_at=context.now)
    done = _wish(context, case)
    if done is not None:
        return done
    if is_suspicious(context):
        return to_people(context, context.say("requester.looks_like_command"), case)
    news = _news(context, case)
    if case.state in _PAUSED and (news or _files(context)):
        return _resumed(context, case, news)
    if not news and _asks_how_it_goes(context, case):
        notification = status(context.organization, incoming, (case,))
        # It may answer a question of staff all the same: they read it, and it stays open.
        told = (
            _to_asker(context, case, context.say("requester.how_it_goes")) if case.asked_by else ()
        )
        return Outcome("asks how it goes", case, notifications=(notification, *told))
    if case.state in FINAL or case.state is State.PROVISIONING:
        if case.asked_by:
            return _answered(context, case)
        return to_people(context, context.say("requester.writes_on_closed"), case)
    return _with_files(context, case, _in_progress(context, case, news))


def _asks_how_it_goes(context: Context, case: Case) -> bool:
    """Whether a message is surely that; a short answer to a question of staff resembles it."""
    if asks_how_it_goes(context.incoming.text):
        return True
    understood = context.prediction
    sure = understood.confidence >= context.organization.threshold
    return understood.intent == CASE_STATUS and sure and not case.asked_by


def is_suspicious(context: Context) -> bool:
    """Whether a message reads as a command that only staff may give."""
    commands = context.staff_commands.commands
    return bool(commands) and spec(context.organization, commands[0].name).staff_only


def wished(context: Context, *names: str) -> bool:
    """Whether the message says clearly one of these, and nothing else (`core.wishes`)."""
    commands = context.requester_commands.commands
    return len(commands) == 1 and commands[0].name in names


def _in_progress(context: Context, case: Case, news: Mapping[str, Extraction]) -> Outcome:
    if news:
        return _filled_in(context, case, news)
    if case.asked_by:
        return _answered(context, case)
    if case.state is State.INCOMPLETE and problems(context.incoming):
        return _ask(context, case)
    files = _files(context)
    if files:
        return to_people(
            context, context.say("history.added", enumeration=enumeration(list(files))), case
        )
    return to_people(context, context.say("history.wrote"), case)


def _news(context: Context, case: Case) -> Mapping[str, Extraction]:
    """The values that the message adds to the form or changes in it."""
    form = context.organization.kind(case).form
    return {
        name: value
        for name, value in context.prediction.fields.items()
        if name in form and (name not in case.form or case.form[name].value != value.value)
    }


def _files(context: Context) -> tuple[str, ...]:
    return tuple(
        a.name or context.say("requester.a_file")
        for a in context.incoming.attachments
        if not a.inline
    )


def _with_files(context: Context, case: Case, done: Outcome) -> Outcome:
    """What was attached is told in the history, and to the reviewers where nothing else does."""
    files = _files(context)
    if not files:
        return done
    line = event(
        context,
        case,
        "attached",
        context.say("requester.attached", enumeration=enumeration(list(files))),
    )
    told = any(x.purpose is Purpose.TRIAGE for x in done.notifications)
    in_process = done.case is not None and context.organization.stage(done.case) is not None
    extra: tuple[Notification, ...] = ()
    if in_process and not told:
        why = context.say("requester.added_people", enumeration=enumeration(list(files)))
        extra = triage(context.organization, context.incoming, why, done.case)
    return replace(done, events=(*done.events, line), notifications=(*done.notifications, *extra))


# --- what it says clearly ---------------------------------------------------------------------


def _wish(context: Context, case: Case) -> Outcome | None:
    """CANCELAR, ACEPTO and the like, where the case can take it; None for anything else."""
    if wished(context, CANCEL) and case.state not in FINAL:
        return _cancelled(context, case)
    if wished(context, ACCEPT) and case.state in (State.PROVISIONING, State.CLOSED):
        return _accepted(context, case)
    if wished(context, RESUME) and case.state in _PAUSED:
        return _resumed(context, case, {})
    return None


def _cancelled(context: Context, case: Case) -> Outcome:
    organization = context.organization
    roles, stage = {Role.REVIEWER}, organization.stage(case)
    if stage is not None:
        roles |= {stage.role}
    if case.state is State.PROVISIONING:
        roles |= {Role.APPROVER}  # who accepted it hears that it is not needed
    case = replace(case.moved(Move.WITHDRAWN, context.now), decision=None, asked_by="")
    line = event(context, case, "withdrawn", context.say("history.cancelled"))
    notifications = (
        *with_followers(organization, case, withdrawn(organization, case)),
        *_to_staff(context, case, context.say("requester.cancelled"), roles),
    )
    return Outcome(
        "cancelled", case, events=(line,), notifications=notifications, cancels_held=True
    )


def _accepted(context: Context, case: Case) -> Outcome:
    line = event(context, case, "accepted_rules", context.say("history.accepted"))
    sender = context.incoming.sender
    notification = noted(
        case,
        context.say("requester.accepted_title"),
        context.say("requester.accepted"),
        context.say("requester.accepted_no_more"),
    )
    notification = replace(notification, to=sender or case.requester)
    told = _to_staff(context, case, context.say("requester.accepted_told"), {Role.REVIEWER})
    return Outcome("accepted the rules", case, events=(line,), notifications=(notification, *told))


def _resumed(context: Context, case: Case, news: Mapping[str, Extraction]) -> Outcome:
    """A case that slept goes on where it was, with what the message brings."""
    case = replace(case.moved(Move.REOPENED, context.now), decision=None)
    line = event(context, case, "reopened", context.say("history.resumed"))
    if news:
        step = _filled_in(context, case, news)
    elif context.organization.kind(case).missing(case):
        step = _ask(context, case)
    else:
        step = _complete(context, case)
    return _with_files(context, case, replace(step, events=(line, *step.events)))


def _to_staff(
    context: Context, case: Case, what: str, roles: set[Role]
) -> tuple[Notification, ...]:
    organization, sender = context.organization, context.incoming.sender
    by = Person(sender or case.requester, frozenset())
    people = [p for p in organization.staff if p.roles & roles]
    return decided(organization, case, by, what, people)


# --- what it brings ---------------------------------------------------------------------------


def _filled_in(context: Context, case: Case, news: Mapping[str, Extraction]) -> Outcome:
    before, organization = case, context.organization
    case = replace(
        case, form=MappingProxyType({**case.form, **news}), version=case.version + 1, asked_by=""
    )
    line = event(
        context,
        case,
        "filled_in",
        context.say("history.filled_in", labels=labels(organization.kind(case).form, news)),
    )
    answer = (
        context.say("requester.answered", text=context.incoming.text[:QUOTED])
        if before.asked_by
        else ""
    )
    if organization.kind(case).missing(case):
        done = _ask(context, case)
    elif case.state is State.INCOMPLETE:
        done = _complete(context, case, answer)
    else:
        # An open decision on the old form is void: its notices no longer match the version.
        note = answer or context.say("requester.corrected", who=_who(context, case))
        told = with_followers(organization, case, received(organization, case, corrected=True))
        asked = notices(organization, case, before, note)
        done = Outcome("corrected", case, notifications=told, notices=asked)
    done = done.plus(*_unless_told(context, case, before.asked_by, done))
    return replace(done, events=(line, *done.events))


def _who(context: Context, case: Case) -> str:
    sender = context.incoming.sender
    if sender is None or sender.email == case.requester.email:
        return context.say("requester.the_requester")
    return display_name(sender)


def _ask(context: Context, case: Case) -> Outcome:
    """Asks for what is still missing: something came of it, or could not be read."""
    organization = context.organization
    notification = form(organization, case, problems(context.incoming), first=False, news=True)
    why = f"missing: {', '.join(organization.kind(case).missing(case))}"
    return Outcome(why, case, notifications=(notification,))


def _complete(context: Context, case: Case, note: str = "") -> Outcome:
    incoming = context.incoming
    actor = incoming.sender.email if incoming.sender else "desconocido"
    return completed(context.organization, case, context.now, actor, incoming.message_id, note=note)


def _answered(context: Context, case: Case) -> Outcome:
    """The area's answer to a question of staff: back to who asked, with a fresh notice."""
    asker, case = case.asked_by, replace(case, asked_by="")
    text = context.incoming.text[:QUOTED]
    line = event(context, case, "answered", context.say("history.answered", text=text))
    asked = notices(context.organization, case, note=context.say("requester.answered", text=text))
    done = Outcome("answered a question", case, events=(line,), notices=asked)
    return done.plus(*_unless_told(context, case, asker, done))


def _unless_told(
    context: Context, case: Case, asker: str, done: Outcome
) -> tuple[Notification, ...]:
    """The area's words to who asked, where no notice of the decision brings them."""
    if not asker or any(notice.person.address.email == asker for notice in done.notices):
        return ()
    return _to_asker(context, replace(case, asked_by=asker), "contestó")


def _to_asker(context: Context, case: Case, why: str) -> tuple[Notification, ...]:
    """The message to who asked; to all reviewers where they are no longer of the staff."""
    person = context.organization.person(case.asked_by)
    return triage(context.organization, context.incoming, why, case, [person] if person else None)
