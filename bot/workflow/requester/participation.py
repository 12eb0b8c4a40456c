"""A message from somebody of a case: it may complete, correct, answer, cancel, or just thank."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from bot.workflow.case import Case, Move, State
from bot.workflow.commands.registry import spec
from bot.workflow.context import Context
from bot.workflow.kinds import RequestKind
from bot.workflow.notification import Notification, Purpose
from bot.workflow.notifications.advice import advice
from bot.workflow.notifications.mails import (
    Change,
    decided,
    display_name,
    form,
    received,
    status,
)
from bot.workflow.notifications.notices import notices, triage
from bot.workflow.notifications.present import enumeration, labels, rows, show
from bot.workflow.notifications.updates import noted, withdrawn
from bot.workflow.outcome import Outcome
from bot.workflow.requester.commands import ACCEPT, CANCEL, RESUME
from bot.workflow.requester.common import event, people_of, problems, thread_with, to_people
from bot.workflow.requester.conversation import (
    ASKED,
    PROPOSED,
    TABLE,
    UNDO,
    Brings,
    Step,
    asking,
    before_corrections,
    brought,
    extractions,
    filled,
    remembering,
    undone,
    with_proposed,
    without,
)
from bot.workflow.staff import Person, Role
from bot.workflow.steps import completed
from nlp.turns.types import Topic, Turn, Unclear, Wish
from nlp.types import Form

_PAUSED = frozenset({State.EXPIRED, State.WITHDRAWN})
QUOTED = 500  # characters of an area's words in a notice


def go_on(context: Context, case: Case) -> Outcome:
    """What a message from somebody of the case leads to."""
    case = replace(
        case,
        thread=thread_with(case.thread, context.incoming),
        updated_at=context.now,
        writers=_writers(context, case),
    )
    return _to_writer_too(context, case, _next_step(context, case))


def _writers(context: Context, case: Case) -> tuple[str, ...]:
    """Who wrote about a case besides its requester, this time included."""
    sender = context.incoming.sender
    if sender is None or sender.email == case.requester.email:
        return case.writers
    return tuple(dict.fromkeys((*case.writers, sender.email)))


def _to_writer_too(context: Context, case: Case, done: Outcome) -> Outcome:
    """What is answered to the requester also goes to who wrote, but to nobody else of the case."""
    sender, asked_by = context.incoming.sender, case.requester.email
    if sender is None or any(n.to.email == sender.email for n in done.notifications):
        return done
    answers = (n for n in done.notifications if n.to.email == asked_by)
    return done.plus(*(replace(answer, to=sender) for answer in answers))


def _next_step(context: Context, case: Case) -> Outcome:
    if undoes(context, case):
        return _taken_back(context, case)
    turn = context.turn or Turn(rest=context.incoming.text)
    turn = with_proposed(case, context.organization.kind(case), turn, context.incoming.text)
    case = without(_with_copies(context, remembering(case, turn.unclear)), PROPOSED)
    lead = _lead(context, case, turn)
    if lead not in _SAID_CLEARLY and is_suspicious(context):
        return _to_people(context, case, context.say("requester.looks_like_command"))
    if lead is not Brings.YES:
        case = without(case, ASKED)
    return _with_files(context, case, _STEPS[TABLE[case.state][lead]](context, case, turn))


MOST_PEOPLE = 12


def _with_copies(context: Context, case: Case) -> Case:
    """The case with whom its requester has put in copy: they may complete it."""
    sender = context.incoming.sender
    if sender is None or sender.email != case.requester.email:
        return case
    new = [
        one for one in people_of(context.organization, context.incoming)
        if not case.belongs_to(one.email) and context.organization.person(one.email) is None
    ]  # fmt: skip
    people = (*case.people, *new)
    return replace(case, people=people[:MOST_PEOPLE]) if new else case


_SAID_CLEARLY = frozenset({Brings.YES, Brings.CANCEL, Brings.ACCEPT, Brings.RESUME})


def _lead(context: Context, case: Case, turn: Turn) -> Brings:
    """What leads of all that a turn brings; one clear word is what it is."""
    for name, brings in _CLEAR.items():
        if gives(context, name):
            return brings
    if _files(context) and case.state in _PAUSED:
        return Brings.RESUME
    return brought(turn, case)[0]


_CLEAR = {CANCEL: Brings.CANCEL, ACCEPT: Brings.ACCEPT, RESUME: Brings.RESUME}


def undoes(context: Context, case: Case) -> bool:
    """Whether a message takes the last correction back: DESHACER."""
    commands = context.staff_commands.commands
    return UNDO in case.details and bool(commands) and commands[0].name == "undo"


def is_suspicious(context: Context) -> bool:
    """Whether a message reads as a command that only staff may give."""
    commands = context.staff_commands.commands
    return bool(commands) and spec(context.organization, commands[0].name).staff_only


def gives(context: Context, name: str) -> bool:
    """Whether the message gives this requester command clearly, and nothing else."""
    return [command.name for command in context.requester_commands.commands] == [name]


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


def _cancelled(context: Context, case: Case, turn: Turn) -> Outcome:
    organization = context.organization
    roles, stage = {Role.REVIEWER}, organization.stage(case)
    if stage is not None:
        roles |= {stage.role}
    if case.state is State.PROVISIONING:
        roles |= {Role.APPROVER}  # who accepted it hears that it is not needed
    case = replace(case.moved(Move.WITHDRAWN, context.now), decision=None, asked_by="")
    line = event(context, case, "withdrawn", context.say("history.cancelled"))
    notifications = (
        withdrawn(organization, case),
        *_to_staff(context, case, context.say("requester.cancelled"), roles),
    )
    return Outcome(
        "cancelled", case, events=(line,), notifications=notifications, cancels_held=True
    )


def _accepted(context: Context, case: Case, turn: Turn) -> Outcome:
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


def _resumed(context: Context, case: Case, turn: Turn) -> Outcome:
    """A case that slept goes on where it was, with what the message brings."""
    case = replace(case.moved(Move.REOPENED, context.now), decision=None)
    line = event(context, case, "reopened", context.say("history.resumed"))
    if turn.answers or turn.corrections:
        step = _filled_in(context, case, turn)
    elif context.organization.kind(case).missing(case):
        step = _ask(context, case)
    else:
        step = _complete(context, case)
    return replace(step, events=(line, *step.events))


def _confirmed(context: Context, case: Case, turn: Turn) -> Outcome:
    """The answer to what we asked: the wish is carried out, or the case goes on."""
    wish = Wish(str(case.details[ASKED]))
    case = without(case, ASKED)
    if turn.agrees and wish in OF_KIND:
        return _of_kind(context, case, turn, wish)
    if turn.agrees:
        brings = {Wish.CANCEL: Brings.CANCEL, Wish.RESUME: Brings.RESUME}[wish]
        return _STEPS[TABLE[case.state][brings]](context, case, replace(turn, agrees=None))
    kept = _told(
        context, case, context.say("requester.goes_on_title"), context.say("requester.goes_on")
    )
    return Outcome("not meant", case, notifications=(kept,))


OF_KIND = (Wish.RENEW, Wish.DROP)
"""Wishes that only the kind of request can carry out, by its command of that name."""


def _of_kind(context: Context, case: Case, turn: Turn, wish: Wish | None = None) -> Outcome:
    """What its kind does: a list is renewed. Where it cannot, people read it."""
    wish = wish or next(w.wish for w in turn.wishes if w.wish in OF_KIND)
    kind = context.organization.kind(case)
    leads_to = next((c.leads_to for c in kind.commands if c.grammar.name == wish), None)
    done = leads_to(context) if leads_to else None
    return done or _handed_on(context, case, turn)


def _asks_if_meant(context: Context, case: Case, turn: Turn) -> Outcome:
    asked_about = OF_KIND if case.state is State.CLOSED else (Wish.CANCEL, Wish.RESUME)
    wish = next(w.wish for w in turn.wishes if w.wish in asked_about)
    case = asking(case, wish)
    asked = _told(
        context,
        case,
        context.say(f"requester.meant_{wish}_title"),
        context.say(f"requester.meant_{wish}"),
    )
    line = event(context, case, "remark", context.say("history.likely_wish"))
    return Outcome("asked whether it is meant", case, events=(line,), notifications=(asked,))


def _to_staff(
    context: Context, case: Case, what: str, roles: set[Role]
) -> tuple[Notification, ...]:
    organization, sender = context.organization, context.incoming.sender
    by = Person(sender or case.requester, frozenset())
    people = [p for p in organization.staff if p.roles & roles]
    return decided(organization, case, by, what, people)


# --- what it brings ---------------------------------------------------------------------------


def _filled_in(context: Context, case: Case, turn: Turn) -> Outcome:
    """Fills in the answers, changes what is corrected; the rest of the turn is not lost."""
    before, organization = case, context.organization
    kind = organization.kind(case)
    news = extractions((*turn.answers, *turn.corrections))
    case = filled(replace(case, asked_by=""), news, [one.field for one in turn.corrections])
    said = context.say("history.filled_in", labels=labels(kind.form, news))
    line = event(context, case, "filled_in", said)
    answer = (
        context.say("requester.answered", text=context.incoming.text[:QUOTED])
        if before.asked_by
        else ""
    )
    notes, open_question = _notes(context, case, turn)
    if kind.missing(case):
        done = _ask(context, case, notes, before)
    elif case.state is State.INCOMPLETE:
        done = _complete(context, case, answer, notes, before)
    else:
        done = _corrected(context, case, before, answer, notes)
    done = done.plus(*_unless_told(context, case, before.asked_by, done))
    if open_question and not before.asked_by:
        why = context.say("requester.asks_beside")
        done = done.plus(*triage(organization, context.incoming, why, case))
    return replace(done, events=(line, *done.events))


def _corrected(
    context: Context, case: Case, before: Case, answer: str, notes: tuple[str, ...]
) -> Outcome:
    """A correction in progress: the area sees what changed, an open decision on the old form is
    void and asked for again, with what changed marked until it is taken."""
    organization = context.organization
    kind = organization.kind(case)
    note = answer or context.say("requester.corrected", who=_who(context, case))
    now, then = kind.as_told(case), kind.as_told(before)
    changed = tuple(
        Change(r.label, r.value, r.before)
        for r in rows(kind.form, now, then)
        if r.value != _shown(kind, then, r.name)
    )
    checks = advice(organization, case, context.now.date(), before, only_changes=True)
    told = received(organization, case, changes=changed, notes=notes, checks=checks)
    asked = notices(organization, case, before_corrections(case, kind) or before, note)
    return Outcome("corrected", case, notifications=(told,), notices=asked)


def _shown(kind: RequestKind, case: Case, name: str) -> str:
    found = case.form.get(name)
    return show(kind.form[name], found.value) if found else ""


def _taken_back(context: Context, case: Case) -> Outcome:
    """DESHACER: the values before the last correction stand again."""
    kind, before = context.organization.kind(case), case
    case, names = undone(case, kind)
    said = context.say("history.took_back", labels=labels(kind.form, names))
    line = event(context, case, "filled_in", said)
    if case.state is State.INCOMPLETE:
        done = _ask(context, case)
    elif context.organization.stage(case) is None:
        return _to_people(context, before, context.say("requester.writes_on_closed"))
    else:
        done = _corrected(context, case, before, "", ())
    return replace(done, events=(line, *done.events))


def _notes(context: Context, case: Case, turn: Turn) -> tuple[tuple[str, ...], bool]:
    """What the mail that follows says of questions and of what was unclear; whether a question is
    left that only a person can answer."""
    form = context.organization.kind(case).form
    notes = [_which(context, form, one) for one in turn.unclear if _still_open(case, one)]
    notes += [explained(context, form, q.field) for q in turn.questions if q.topic is Topic.FIELD]
    others = any(q.topic is Topic.OTHER for q in turn.questions)
    if others:
        notes.append(context.say("requester.question_passed_on"))
    return tuple(notes), others


def _still_open(case: Case, one: Unclear) -> bool:
    return any(name not in case.form for name in one.fields)


def _which(context: Context, form: Form, one: Unclear) -> str:
    names = enumeration([form[name].label for name in one.fields], context.say("requester.or"))
    return context.say("requester.which", text=one.text, labels=names)


def explained(context: Context, form: Form, name: str) -> str:
    """What a field means, with an example, in the words of the form."""
    field = form[name]
    meaning, example = field.help or field.hint or field.label, field.example
    if not example:
        return context.say("requester.field", label=field.label, help=meaning)
    return context.say(
        "requester.field_with_example", label=field.label, help=meaning, example=example
    )


def _who(context: Context, case: Case) -> str:
    sender = context.incoming.sender
    if sender is None or sender.email == case.requester.email:
        return context.say("requester.the_requester")
    return display_name(sender)


def _ask(
    context: Context, case: Case, notes: tuple[str, ...] = (), before: Case | None = None
) -> Outcome:
    """Asks for what is still missing: something came of it, or could not be read."""
    organization = context.organization
    checks = advice(organization, case, context.now.date(), before)
    notification = form(
        organization, case, problems(context.incoming), first=False, news=True, notes=notes,
        checks=checks,
    )  # fmt: skip
    why = f"missing: {', '.join(organization.kind(case).missing(case))}"
    return Outcome(why, case, notifications=(notification,))


def _asks_which(context: Context, case: Case, turn: Turn) -> Outcome:
    notes, _ = _notes(context, case, turn)
    return _ask(context, case, notes)


def _complete(
    context: Context,
    case: Case,
    note: str = "",
    notes: tuple[str, ...] = (),
    before: Case | None = None,
) -> Outcome:
    incoming = context.incoming
    actor = incoming.sender.email if incoming.sender else "desconocido"
    return completed(
        context.organization, case, context.now, actor, incoming.message_id,
        note=note, notes=notes, mended=before,
    )  # fmt: skip


# --- what it asks, and what no rule knows -----------------------------------------------------


def _explains(context: Context, case: Case, turn: Turn) -> Outcome:
    form = context.organization.kind(case).form
    fields = dict.fromkeys(q.field for q in turn.questions if q.topic is Topic.FIELD)
    lines = [explained(context, form, name) for name in fields]
    others = any(q.topic is Topic.OTHER for q in turn.questions) or case.asked_by
    if others:
        lines.append(context.say("requester.question_passed_on"))
    told = _told(context, case, context.say("requester.explained_title"), *lines)
    line = event(context, case, "explained", context.say("history.explained"))
    done = Outcome("explained a field", case, events=(line,), notifications=(told,))
    if not others:
        return done
    return done.plus(*_to_asker(context, case, context.say("requester.asks_beside")))


def _how_it_goes(context: Context, case: Case, turn: Turn) -> Outcome:
    told = status(context.organization, context.incoming, (case,))
    # It may answer a question of staff all the same: they read it, and it stays open.
    why = context.say("requester.how_it_goes")
    people = _to_asker(context, case, why) if case.asked_by else ()
    if turn.rest or any(q.topic is Topic.OTHER for q in turn.questions):
        people = people or triage(context.organization, context.incoming, why, case)
    return Outcome("asks how it goes", case, notifications=(told, *people))


def _handed_on(context: Context, case: Case, turn: Turn) -> Outcome:
    """To people, and the writer hears so; an answer to a question of staff to who asked."""
    if case.asked_by:
        return _answered(context, case)
    if case.state is State.INCOMPLETE and problems(context.incoming):
        return _ask(context, case)
    in_progress = case.state in (State.INCOMPLETE, State.REVIEW, State.APPROVAL)
    files = enumeration(list(_files(context)))
    if not in_progress:
        why = context.say("requester.writes_on_closed")
    elif files:
        why = context.say("history.added", enumeration=files)
    else:
        why = context.say("history.wrote")
    return _to_people(context, case, why)


def _to_people(context: Context, case: Case, why: str) -> Outcome:
    return to_people(context, why, case).plus(with_people(context, case))


def with_people(context: Context, case: Case) -> Notification:
    """Tells who wrote that a person has it now."""
    title, line = context.say("requester.with_people_title"), context.say("requester.with_people")
    return _told(context, case, title, line, *problems(context.incoming))


def _nothing(context: Context, case: Case, turn: Turn) -> Outcome:
    if not problems(context.incoming):
        return Outcome("thanks", case)
    if case.state is State.INCOMPLETE:
        return _ask(context, case)
    return Outcome("thanks, and a file", case, notifications=(with_people(context, case),))


def _told(context: Context, case: Case, title: str, *lines: str) -> Notification:
    """A short answer to who wrote."""
    notification = noted(case, title, *lines)
    to = context.incoming.sender or case.requester
    return replace(notification, to=to, automatic=True, news=True)


def _answered(context: Context, case: Case) -> Outcome:
    """The area's answer to a question of staff: back to who asked, with a fresh notice."""
    asker, case = case.asked_by, replace(case, asked_by="")
    text = context.incoming.text[:QUOTED]
    line = event(context, case, "answered", context.say("history.answered", text=text))
    asked = notices(context.organization, case, note=context.say("requester.answered", text=text))
    title, passed = context.say("requester.passed_title"), context.say("requester.passed")
    done = Outcome("answered a question", case, events=(line,), notices=asked)
    done = done.plus(_told(context, case, title, passed))
    return done.plus(*_unless_told(context, case, asker, done))


def _unless_told(
    context: Context, case: Case, asker: str, done: Outcome
) -> tuple[Notification, ...]:
    """The area's words to who asked, where no notice of the decision brings them."""
    if not asker or any(notice.person.address.email == asker for notice in done.notices):
        return ()
    return _to_asker(context, replace(case, asked_by=asker), context.say("requester.has_answered"))


def _to_asker(context: Context, case: Case, why: str) -> tuple[Notification, ...]:
    """The message to who asked; to all reviewers where they are no longer of the staff."""
    person = context.organization.person(case.asked_by)
    return triage(context.organization, context.incoming, why, case, [person] if person else None)


_STEPS: Mapping[Step, Callable[[Context, Case, Turn], Outcome]] = MappingProxyType(
    {
        Step.CONFIRMED: _confirmed,
        Step.CANCEL: _cancelled,
        Step.RESUME: _resumed,
        Step.ACCEPT: _accepted,
        Step.OF_KIND: _of_kind,
        Step.FILL_IN: _filled_in,
        Step.ASK_WHICH: _asks_which,
        Step.ASK_IF_MEANT: _asks_if_meant,
        Step.EXPLAIN: _explains,
        Step.STATUS: _how_it_goes,
        Step.TO_PEOPLE: _handed_on,
        Step.NOTHING: _nothing,
    }
)
