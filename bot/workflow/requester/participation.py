"""A message from somebody of a case: it may complete, correct, answer, cancel, or just thank."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from bot.workflow.case import LIVE, Case, State
from bot.workflow.commands.registry import spec
from bot.workflow.context import TRIAGE, Context
from bot.workflow.notification import Notification, Purpose
from bot.workflow.notifications.notices import triage
from bot.workflow.notifications.present import enumeration
from bot.workflow.outcome import Outcome
from bot.workflow.requester.carrying_out import (
    OF_KIND,
    accepted,
    asks_if_meant,
    cancelled,
    of_kind,
    resumed,
)
from bot.workflow.requester.commands import ACCEPT, CANCEL, RESUME
from bot.workflow.requester.common import (
    answer_writer,
    attached,
    event,
    handed_to_people,
    people_of,
    thread_with,
)
from bot.workflow.requester.conversation import (
    ASKED,
    PROPOSED,
    TABLE,
    UNDO,
    Brings,
    Step,
    brought,
    command_here,
    remembering,
    with_proposed,
)
from bot.workflow.requester.filling_in import asks_which, filled_in, taken_back
from bot.workflow.requester.opening import open_further
from bot.workflow.requester.questions import (
    explains,
    handed_on,
    how_it_goes,
    nothing,
    still_missing,
)
from nlp.text.fold import fold
from nlp.turns.types import RequesterCommand, Turn

_PAUSED = frozenset({State.EXPIRED, State.WITHDRAWN})


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
    turn = context.turn or Turn(rest=context.incoming.text)
    if UNDO in case.details and case.state not in _PAUSED and _says_undo(context):
        return taken_back(context, case, turn)
    turn = with_proposed(case, context.organization.kind(case), turn, context.incoming.text)
    case = _with_copies(context, remembering(case, turn.unclear))
    if turn.agrees is False:
        case = case.without(PROPOSED)
    lead = _lead(context, case, turn)
    if lead not in _SAID_CLEARLY and is_suspicious(context):
        return handed_to_people(context, case, context.say("requester.looks_like_command"))
    if lead is not Brings.YES:
        case = case.without(ASKED)
    done = _with_files(context, case, _STEPS[TABLE[case.state][lead]](context, case, turn))
    return done if lead is Brings.FURTHER else _opening_further(context, case, turn, done)


def _opens_further(context: Context, case: Case, turn: Turn) -> Outcome:
    """What is asked for besides is a case of its own; this one stays as it is."""
    done = _opening_further(context, case, turn, Outcome("asks for another", case))
    return done if done.several else handed_on(context, case, turn)


def _opening_further(context: Context, case: Case, turn: Turn, done: Outcome) -> Outcome:
    """The same, with a case for each thing that the message asks for besides: but for one that
    has been asked for already, under that name."""
    sender, kind = context.incoming.sender, context.organization.kind(case)
    live = (one for one in (*context.cases, case) if one.state in LIVE)
    asked_for = {fold(kind.words(one).name) for one in live} - {""}
    further = tuple(
        one for one in turn.further if fold(kind.name_of(case, one.fields)) not in asked_for
    )
    if sender is None or not further:
        return done
    several = open_further(context, sender, further, case, asks_who=True)
    folios = enumeration([one.case.folio for one in several if one.case])
    line = event(context, case, TRIAGE, context.say("history.asked_another", folios=folios))
    return replace(done, events=(*done.events, line), several=several) if several else done


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
    lead = brought(turn, case)[0]
    for name, brings in _CLEAR.items():  # what is resumed with new values goes on by them, too
        if gives(context, name) and (lead, brings) != (Brings.VALUES, Brings.RESUME):
            return brings
    if case.state is State.WITHDRAWN and _says_undo(context):
        return Brings.RESUME
    if attached(context) and case.state in _PAUSED:
        return Brings.RESUME
    return lead


_CLEAR = {CANCEL: Brings.CANCEL, ACCEPT: Brings.ACCEPT, RESUME: Brings.RESUME}


def _says_undo(context: Context) -> bool:
    """Whether a message says DESHACER, to take the last correction or the withdrawal back."""
    commands = context.staff_commands.commands
    return bool(commands) and spec(context.organization, commands[0].name).takes_back


def is_suspicious(context: Context) -> bool:
    """Whether a message reads as a command that only staff may give."""
    commands = context.staff_commands.commands
    return bool(commands) and spec(context.organization, commands[0].name).staff_only


def gives(context: Context, name: str) -> bool:
    """Whether the message gives this requester command clearly, and nothing else."""
    return [command.name for command in context.requester_commands.commands] == [name]


def _with_files(context: Context, case: Case, done: Outcome) -> Outcome:
    """What was attached is told in the history, and to the reviewers where nothing else does."""
    files = attached(context)
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


def _confirmed(context: Context, case: Case, turn: Turn) -> Outcome:
    """The answer to what we asked: the command is carried out, or the case goes on."""
    command = command_here(RequesterCommand(str(case.details[ASKED])), case)
    case = case.without(ASKED)
    if turn.agrees and command in OF_KIND:
        return of_kind(context, case, turn, command)
    if turn.agrees:
        brings = Brings.CANCEL if command is RequesterCommand.CANCEL else Brings.RESUME
        return _STEPS[TABLE[case.state][brings]](context, case, replace(turn, agrees=None))
    kept = answer_writer(
        context, case, context.say("requester.goes_on_title"), context.say("requester.goes_on")
    )
    return Outcome("not meant", case, notifications=(kept,))


_STEPS: Mapping[Step, Callable[[Context, Case, Turn], Outcome]] = MappingProxyType(
    {
        Step.CONFIRMED: _confirmed,
        Step.CANCEL: cancelled,
        Step.RESUME: resumed,
        Step.ACCEPT: accepted,
        Step.OF_KIND: of_kind,
        Step.FILL_IN: filled_in,
        Step.ASK_WHICH: asks_which,
        Step.ASK_IF_MEANT: asks_if_meant,
        Step.EXPLAIN: explains,
        Step.STATUS: how_it_goes,
        Step.STILL_MISSING: still_missing,
        Step.OPEN_FURTHER: _opens_further,
        Step.TO_PEOPLE: handed_on,
        Step.NOTHING: nothing,
    }
)
