"""What a message brings of the form: answers and corrections, and what is asked for then."""

from dataclasses import replace

from bot.workflow.calendar import long_date
from bot.workflow.case import Case, State
from bot.workflow.context import Context
from bot.workflow.kinds import RequestKind
from bot.workflow.notifications.advice import advice
from bot.workflow.notifications.mails import Change, form, name_and_address, received, state_words
from bot.workflow.notifications.notices import notices, triage
from bot.workflow.notifications.present import enumeration, labels, rows, show
from bot.workflow.outcome import Outcome
from bot.workflow.requester.common import (
    event,
    handed_to_people,
    not_recognised,
    problems,
    unless_told,
    writer,
)
from bot.workflow.requester.conversation import (
    before_corrections,
    extractions,
    proposed,
    proposed_words,
    proposing,
    undone,
    without_doubted,
)
from bot.workflow.requester.succession import succeeded
from bot.workflow.staff import Role
from bot.workflow.steps import completed
from nlp.kinds.for_people import NEWS, odds_for_people
from nlp.turns.types import QuestionTopic, Turn
from nlp.types import Form

QUOTED = 500  # characters of an area's words in a notice
ANSWERED = 0.5  # least certainty of what answers us; what is told unasked needs more


def filled_in(context: Context, case: Case, turn: Turn, first: tuple[str, ...] = ()) -> Outcome:
    """Fills in the answers, changes what is corrected; the rest of the turn is not lost."""
    before, organization = case, context.organization
    kind = organization.kind(case)
    least = min(organization.value_threshold, ANSWERED)
    case, turn = without_doubted(case, kind, turn, least)
    news = extractions((*turn.answers, *turn.corrections))
    corrected = tuple(one.field for one in turn.corrections)
    case, doubtful = succeeded(replace(case, asked_by=""), kind, news, corrected)
    case = kind.read_on(context, case)
    if turn.doubted:
        case = proposing(case, {**proposed(case, kind), **extractions(turn.doubted)})
    said = context.say("history.filled_in", labels=labels(kind.form, news))
    line = event(context, case, "filled_in", said)
    answer = (
        context.say("requester.answered", text=context.incoming.text[:QUOTED])
        if before.asked_by
        else ""
    )
    notes, open_question = _notes(context, case, turn)
    if doubtful:
        told = labels(kind.form, doubtful)
        notes = (*notes, context.say("requester.still_of", labels=told))
        not_told = context.say("requester.not_told", labels=told)
        answer = f"{answer or _by_whom(context, case)} {not_told}"
    notes = (*first, *notes)
    if is_left(before, turn):
        notes = (*notes, context.say("requester.rest_passed_on"))
    if kind.missing(case):
        done = ask(context, case, notes, before)
    elif case.state is State.INCOMPLETE:
        done = complete(context, case, answer, notes, before)
    else:
        done = _corrected(context, case, before, answer, notes)
    done = done.plus(*unless_told(context, case, before.asked_by, done))
    if open_question and not before.asked_by:
        done = _asked_beside(context, case, done)
    elif is_left(before, turn):
        done = with_words(context, done, "writes")
        if not done.notices:  # nobody decides on it yet
            why = context.say("history.wrote")
            done = done.plus(*triage(organization, context.incoming, why, case))
    return replace(done, events=(line, *done.events)) if news else done


_FEWEST = 3  # words that may tell something


def is_left(before: Case, turn: Turn) -> bool:
    """Whether a mail says more than what it changes, or, where data are asked for, what people
    must read beside them."""
    if before.asked_by or len(turn.rest.split()) < _FEWEST:
        return False
    return before.state is not State.INCOMPLETE or odds_for_people(turn.rest) >= NEWS


def with_words(context: Context, done: Outcome, what: str) -> Outcome:
    """The same, with the area's words on the notices: what it asks or writes too."""
    too = context.say(f"requester.{what}_too", text=context.incoming.text[:QUOTED])
    noted = (replace(one, note=f"{one.note} {too}".strip()) for one in done.notices)
    return replace(done, notices=tuple(noted))


def _asked_beside(context: Context, case: Case, done: Outcome) -> Outcome:
    """A question beside answers: on the notice of whoever gets one, else in a mail of its own."""
    organization = context.organization
    done = with_words(context, done, "asks")
    told = {one.person.address.email for one in done.notices}
    people = [p for p in organization.with_role(Role.REVIEWER) if p.address.email not in told]
    why = context.say("requester.asks_beside")
    mails = triage(organization, context.incoming, why, case, people) if people else ()
    return done.plus(*mails)


def _corrected(
    context: Context, case: Case, before: Case, answer: str, notes: tuple[str, ...]
) -> Outcome:
    """A correction in progress: the area sees what changed, an open decision on the old form is
    void and asked for again, with what changed marked until it is taken."""
    organization = context.organization
    kind = organization.kind(case)
    note = answer or _by_whom(context, case)
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


def taken_back(context: Context, case: Case, turn: Turn) -> Outcome:
    """DESHACER: the values before the last correction stand again, with what it says besides."""
    kind, before = context.organization.kind(case), case
    case, names = undone(case, kind)
    said = context.say("history.took_back", labels=labels(kind.form, names))
    line = event(context, case, "filled_in", said)
    first, _, below = context.incoming.text.strip().partition("\n")
    besides = [one for one in (*turn.answers, *turn.corrections) if one.evidence.strip() != first]
    if case.state is not State.INCOMPLETE and context.organization.stage(case) is None:
        return handed_to_people(context, before, context.say("requester.writes_on_closed"))
    if besides and below.strip():
        corrected = tuple(one for one in besides if one.field in case.form)
        answers = tuple(one for one in besides if one not in corrected)
        done = filled_in(context, case, replace(turn, answers=answers, corrections=corrected))
    elif case.state is State.INCOMPLETE:
        done = ask(context, case)
    else:
        done = _corrected(context, case, before, "", ())
    return replace(done, events=(line, *done.events))


def asks_which(context: Context, case: Case, turn: Turn) -> Outcome:
    """A value fits several fields: which is meant is asked."""
    notes, _ = _notes(context, case, turn)
    return ask(context, case, notes)


def ask(
    context: Context, case: Case, notes: tuple[str, ...] = (), before: Case | None = None
) -> Outcome:
    """Asks for what is still missing: something came of it, or could not be read."""
    organization = context.organization
    checks = advice(organization, case, context.now.date(), before)
    kind = organization.kind(case)
    missing = kind.missing(case)
    notes = (*notes, *not_recognised(context, case, set(missing) - set(proposed(case, kind))))
    if still := proposed_words(case, kind, missing):
        notes = (*notes, context.say("requester.is_it_right", values=still))
    notification = form(
        organization, case, problems(context.incoming), first=False, repeatable=True, notes=notes,
        checks=checks,
    )  # fmt: skip
    why = f"missing: {', '.join(missing)}"
    return Outcome(why, case, notifications=(notification,))


def complete(
    context: Context,
    case: Case,
    note: str = "",
    notes: tuple[str, ...] = (),
    before: Case | None = None,
) -> Outcome:
    """Nothing is missing any more: the request goes to who reviews it."""
    return completed(
        context.organization, case, context.now, writer(context), context.incoming.message_id,
        note=note, notes=notes, mended=before,
    )  # fmt: skip


def _notes(context: Context, case: Case, turn: Turn) -> tuple[tuple[str, ...], bool]:
    """What the mail that follows says of questions and of what was unclear; whether a question is
    left that only a person can answer."""
    form = context.organization.kind(case).form
    notes = [
        context.say(
            "requester.which",
            text=one.text,
            labels=enumeration(
                [form[name].label for name in one.fields], context.say("requester.or")
            ),
        )
        for one in turn.unclear
        if any(name not in case.form for name in one.fields)
    ]
    if none := [one.field for one in turn.answers if one.value is None]:
        notes.append(context.say("requester.settled_as_none", labels=labels(form, none)))
    notes += [
        explained(context, form, q.field) for q in turn.questions if q.topic is QuestionTopic.FIELD
    ]
    if context.organization.kind(case).missing(case):  # what tells that it is complete tells when
        notes += how_it_stands(context, case, turn)
    others = any(q.topic is QuestionTopic.OTHER for q in turn.questions)
    if others:
        notes.append(context.say("requester.question_passed_on"))
    return tuple(notes), others


def how_it_stands(context: Context, case: Case, turn: Turn) -> list[str]:
    """The answer, in a line, to when, how and who is asked beside something else."""
    asked = {question.topic for question in turn.questions}
    if not asked & {QuestionTopic.DATE, QuestionTopic.STAGE, QuestionTopic.WHO}:
        return []
    if case.state is State.INCOMPLETE:
        return [context.say("requester.when_complete", days=context.organization.respond_within)]
    if case.answer_by is None:
        return []
    stands, day = state_words(case, context.organization), long_date(case.answer_by)
    return [context.say("requester.stands", stands=stands, day=day)]


def explained(context: Context, form: Form, name: str) -> str:
    """What a field means, with an example, in the words of the form."""
    field = form[name]
    meaning, example = field.help or field.hint or field.label, field.example
    if not example:
        return context.say("requester.field", label=field.label, help=meaning)
    return context.say(
        "requester.field_with_example", label=field.label, help=meaning, example=example
    )


def _by_whom(context: Context, case: Case) -> str:
    sender, who = context.incoming.sender, context.say("requester.the_requester")
    if sender is not None and sender.email != case.requester.email:
        who = name_and_address(sender)
    return context.say("requester.corrected", who=who)
