"""The conditions every command must meet, in one place, and then its function.

A command counts only from one member of staff with the role, with the capability of a notice made
for that person, case, stage and form version, and vouched for by the receiving server where one
is pinned. Nothing is guessed: whatever falls short is answered to the registered address.
"""

from dataclasses import replace

from bot.workflow.authority import is_authenticated
from bot.workflow.calendar import clock_time, plain_date
from bot.workflow.case import Case, Event
from bot.workflow.commands import (  # noqa: F401  (fills the table)
    classify,
    decide,
    delegate,
    manage,
    query,
    talk,
)
from bot.workflow.commands.exposed_tokens import used_by_another
from bot.workflow.commands.given import commands_given
from bot.workflow.commands.grants import Flaw, flaw_of, numbered_tokens, rows_grant
from bot.workflow.commands.nearest import meant
from bot.workflow.commands.proposals import agrees, corrections, likely, likely_of_rows, proposing
from bot.workflow.commands.registry import (
    CommandContext,
    CommandSpec,
    lines,
    may_give,
    offered,
    row_of,
    spec,
    table,
)
from bot.workflow.commands.talk import confirm as confirm_waiting
from bot.workflow.commands.talk import help_lines
from bot.workflow.commands.together import together
from bot.workflow.context import TRIAGE, Context, Link
from bot.workflow.notification import CONFIRM, StageNotice, TokenGrant
from bot.workflow.notifications.mails import (
    CommandResult,
    confirm,
    name_and_address,
    staff_name,
    state_words,
)
from bot.workflow.outcome import Outcome
from bot.workflow.requester.colleagues import is_for_a_colleague
from bot.workflow.staff import Person
from nlp.commands.doubts import hangs
from nlp.commands.forms import says_outright
from nlp.types import Command, Doubt


def is_for_staff(context: Context) -> bool:
    """Whether a message is staff at work rather than an area's request.

    Staff may ask for something too: only a reply to a notice, or a command about a case, is work.
    """
    person = context.staff
    if person is None:
        return False
    if context.token is not None or context.batch is not None:
        return True
    case = context.case
    if case is not None and case.belongs_to(person.address.email):
        return bool(commands_given(context))
    is_answer = case is not None and context.link is Link.THREAD
    return is_answer or bool(commands_given(context)) or _asks_for_nothing(context)


def _asks_for_nothing(context: Context) -> bool:
    """Whether a new mail of staff is about their work, as far as it is no request of theirs."""
    if (context.case is None and context.cases) or is_for_a_colleague(context):
        return False
    topic = context.organization.topic(context.prediction.intent)
    return not (topic.is_request or topic.opens or topic.told)


def carry_out(context: Context, person: Person) -> Outcome:
    """What the commands in a message from staff lead to; `person` is who it claims to be."""
    if not is_authenticated(context.incoming, context.organization.sender_policy):
        return _not_authentic(context, person)
    notice_ = context.token
    if notice_ and notice_.person != person.address.email:
        refused = _refuse(context, person, context.say("refused.others_token"))
        return refused.then(used_by_another(context))
    if notice_ and context.case and notice_.folio != context.case.folio:
        return _refuse(context, person, context.say("refused.other_case"))
    commands = commands_given(context)
    if not commands and notice_ and agrees(context, notice_.waiting):
        return _confirmed(context, person)
    if not commands:
        return _words_to_send(context, person) or _not_understood(context, person)
    return _all(context, person, commands)


def _all(
    context: Context, person: Person, commands: tuple[Command, ...], *, confirmed: bool = False
) -> Outcome:
    """The commands one after the other; nothing is decided on what could not be corrected."""
    done, lacking = Outcome("", context.case), False  # a correction that was to come first
    for number, command in enumerate(commands, 1):
        row = spec(context.organization, command.name)
        if lacking and row.decides:
            continue  # what could not be corrected tells so
        behind = [spec(context.organization, one.name) for one in commands[number:]]
        waits = tuple(one.says for one in behind if one.decides and row.prepares)
        one = _one(context, person, command, done.case, confirmed=confirmed, waits=waits)
        if one.refused and row.prepares and len(commands) == 1 and corrections(context, one.case):
            return _not_understood(context, person)
        lacking = lacking or (one.refused and row.prepares)
        done = done.then(one)
    return together(done) if len(commands) > 1 else done


def _one(
    context: Context,
    person: Person,
    command: Command,
    case: Case | None,
    *,
    confirmed: bool = False,
    waits: tuple[str, ...] = (),
) -> Outcome:
    """One command, against the case as those before it left it.

    `confirmed`: its key was made for this very command. What is carried out consumes the key.
    """
    row = spec(context.organization, command.name)
    if row.command is confirm_waiting:
        return _confirmed(context, person)
    if case is None and not _needs_no_case(context, row):
        return _without_case(context, row)
    refusal = _forbidden(context, person, row, case)
    if refusal:
        return _refuse(context, person, refusal)
    given = CommandContext(context, person, case, row.argument_of(command, context), waits)
    if not row.changes:
        return row.command(given)
    flaw = _flaw(context, row, case, CONFIRM if confirmed else row.name)
    if flaw in _TOLD and row.decides and case is not None:
        return _stale(context, person, case, flaw)
    if flaw or (not confirmed and row.goes_beyond(given)):
        return _to_confirm(person, command, given, row)
    done = row.command(given)
    if done.refused or (row.aside and not confirmed):  # a note leaves the notice to decide with
        return done
    return done.then(Outcome("", done.case, consumes=given.token))


_TOLD = frozenset({Flaw.USED, Flaw.OLD, Flaw.TRIAGE, Flaw.OTHER_FORM, Flaw.OTHER_STAGE})
"""Of a decision given with such a key it is told why it does not count; a fresh notice goes with
it."""


def _flaw(context: Context, row: CommandSpec, case: Case | None, offered_as: str) -> Flaw | None:
    """What is wrong with the key; a decision is also taken back with the one it was taken with."""
    token, decision = context.token, case.decision if case else None
    if row.takes_back and token and decision and token.token_hash == decision.token:
        return None
    flaw = flaw_of(context, case, row, offered_as)
    is_other = flaw is Flaw.NOT_OFFERED and row.beyond_the_case
    return None if is_other else flaw  # no notice offers it: it is confirmed in any case


def _to_confirm(
    person: Person, command: Command, given: CommandContext, row: CommandSpec
) -> Outcome:
    """Asks for CONFIRMAR, with the argument: the mail that confirms it will not say it again.

    What is wrong with it need not be confirmed.
    """
    if given.token or row.beyond_the_case:
        done = row.command(given)
        if done.refused:
            return done
    whole = replace(command, argument=given.argument or None)
    says = f"{row.says} {given.argument}".strip()
    notification = confirm(person, given.about, whole, says)
    why = "a command without a key for it: asked to confirm"
    return Outcome(why, given.about, notifications=(notification,))


def _needs_no_case(context: Context, row: CommandSpec) -> bool:
    """Whether a command makes sense although no case is known."""
    about_message = row.subject == "message" and context.original is not None
    return row.subject == "nothing" or about_message


def _forbidden(context: Context, person: Person, row: CommandSpec, case: Case | None) -> str:
    """Why this person may not give this command now, in Spanish; empty where they may."""
    folio = case.folio if case else context.say("refused.everything")
    if not row.ever_allowed(context.organization, person):
        return context.say("refused.not_the_role", says=row.says, folio=folio)
    if case is None or row.subject == "nothing":
        return ""
    if row.changes and context.organization.is_own_request(case, person):
        own = context.organization.is_own_request(case, replace(person, stands_for=()))
        whose = context.say("refused.yours" if own else "refused.of_a_delegator")
        return context.say("refused.own_request", folio=case.folio, whose=whose)
    if row.allowed(context.organization, person, case):
        return ""
    return _not_now(context, person, row, case)


def _not_now(context: Context, person: Person, row: CommandSpec, case: Case) -> str:
    """Why a command that this person may give is not for the case's state."""
    decision = case.decision
    if decision and row.decides:
        who = staff_name(context.organization, decision.by)
        at = context.organization.local(decision.at)
        when = f"{plain_date(at.date())}, {clock_time(at)}"
        if decision.by == person.address.email:
            return context.say("refused.decided_already", folio=case.folio, when=when)
        return context.say("refused.decided_by", who=who, folio=case.folio, when=when)
    stands = state_words(case, context.organization)
    return context.say("refused.not_now", says=row.says, folio=case.folio, stands=stands)


def _stale(context: Context, person: Person, case: Case, flaw: Flaw) -> Outcome:
    """The refusal of a decision given on an old notice; a fresh notice goes with it."""
    fresh = _fresh_notice(context, person, case)
    return _refuse(context, person, context.say(f"refused.flaw.{flaw}"), case).asking(*fresh)


def _fresh_notice(context: Context, person: Person, case: Case) -> tuple[StageNotice, ...]:
    stage = context.organization.stage(case)
    if stage is None or stage.role not in person.roles:
        return ()
    return (StageNotice(case, person),)


def _confirmed(context: Context, person: Person) -> Outcome:
    """CONFIRMAR: carries out the command that waited for it, with its own key."""
    key, case = context.token, context.case
    if key is None or not key.waiting:
        return _refuse(context, person, context.say("refused.nothing_to_confirm"))
    if key.consumed_at is not None:
        return _refuse(context, person, context.say("refused.confirmed_before"), case)
    return _all(context, person, key.waiting, confirmed=True)


def _words_to_send(context: Context, person: Person) -> Outcome | None:
    """Words without a command to somebody's words: "¿Se lo envío a Pedro? SÍ"."""
    token, original, text = context.token, context.original, context.incoming.text.strip()
    row = row_of(talk.answer_)
    if token is None or original is None or row.name not in token.commands or not text:
        return None
    writer = original.incoming.writer
    if writer is None or context.staff_commands.why is Doubt.QUESTION:
        return None
    meant_as_command = _meant_as_command(context, person) if context.case else None
    if meant_as_command is not None:
        return meant_as_command
    asks = context.say("talk.send_it", who=name_and_address(writer))
    command = Command(row.name, text)
    version = context.case.version if context.case else 0
    grant = TokenGrant(
        token.person, TRIAGE, version, frozenset({CONFIRM}), (command,), original.number
    )
    asked = confirm(person, context.case, command, text, asks=asks, grant=grant)
    why = "words without a command: asked whether to send them"
    return Outcome(why, context.case, notifications=(asked,))


def _meant_as_command(context: Context, person: Person) -> Outcome | None:
    """Asks for CONFIRMAR where free words tell of what is not yet so: "la reabrimos", "entonces sí,
    aprobada"; without a case, "Valeria se hace cargo de mis aprobaciones"."""
    case, organization, text = context.case, context.organization, context.incoming.text
    if case is not None:
        rows = () if hangs(text) else may_give(organization, person, case)
    else:
        rows = tuple(r for r in table(organization) if r.ever_allowed(organization, person))
    for row in rows:
        if row.beyond_the_case is not (case is None):
            continue
        decides = row.decides and not row.needs_text and says_outright(text, row.reads)
        if not decides and not (row.free_words and meant(text, (row,)) is not None):
            continue
        command = Command(row.name, text.strip() if row.needs_text else None)
        argument = row.argument_of(command, context)
        return _to_confirm(person, command, CommandContext(context, person, case, argument), row)
    return None


_CERTAIN = frozenset({Doubt.QUESTION, Doubt.FOLIO, Doubt.TWO_CASES, Doubt.DISAGREE, Doubt.TAMPERED,
                      Doubt.LONG, Doubt.ADDRESS, Doubt.WITHDRAWN})  # fmt: skip
"""Reasons that are no mere guess: only these are told beside what was probably meant."""


def _not_understood(context: Context, person: Person) -> Outcome:
    case, organization = context.case, context.organization
    undo = row_of(decide.undo)
    back = _takes_back(context, person, case) if case else None
    if back is not None and (late := undo.command(back)).refused:
        return late
    if case is None and (to_confirm := _meant_as_command(context, person)):
        return to_confirm
    near, why, token = None, context.staff_commands.why, None
    rows = tuple((number, row.case) for number, row in context.rows.items())
    if case is not None and context.token is not None:
        near = lines((undo,))[0] if back else likely(context, person, case)
        near = None if why is Doubt.TWO else near
        token = proposing(organization, person, case, near)
    elif case is None and (near := likely_of_rows(context, person)):
        token = rows_grant(person)
    told = []
    if case and near is not None and near.text == row_of(decide.reject).says:
        told.append(context.say("refused.reads_as_no"))
    elif why is not None and (near is None or why in _CERTAIN):
        told.append(context.say(f"doubt.{why}"))
    if context.batch and near is None:
        told.append(context.say("refused.by_number"))
    result = CommandResult(
        context.say("refused.not_understood"),
        tuple(told),
        done=False,
        case=case,
        offer=offered(organization, person, case) if case else help_lines(organization),
        likely=near,
        token=token,
        case_tokens=numbered_tokens(organization, person, rows if near else ()),
    )
    return Outcome("no clear command", case, results=(result,))


def _takes_back(context: Context, person: Person, case: Case) -> CommandContext | None:
    """DESHACER, where free words take back the writer's own decision."""
    row, decision = row_of(decide.undo), case.decision
    if context.staff_commands.why is not Doubt.WITHDRAWN or decision is None:
        return None
    mine = decision.by == person.address.email
    allowed = row.allowed(context.organization, person, case)
    return CommandContext(context, person, case, "") if mine and allowed else None


def _without_case(context: Context, row: CommandSpec) -> Outcome:
    result = CommandResult(
        context.say("refused.which_case", says=row.says),
        (context.say("refused.say_which_case"),),
        done=not row.changes,
        offer=help_lines(context.organization),
    )
    return Outcome("a command without a case", results=(result,))


def _not_authentic(context: Context, person: Person) -> Outcome:
    advice = context.say("refused.not_verified_advice")
    refusal = _refuse(context, person, context.say("refused.not_verified"), None, advice)
    line = context.say("history.unauthenticated")
    events = tuple(replace(event, text=line) for event in refusal.events)
    return replace(refusal, why="not authenticated", events=events)


def _refuse(
    context: Context, person: Person, why: str, case: Case | None = None, *lines: str
) -> Outcome:
    case, mail, who = case or context.case, context.incoming, person.address.email
    result = CommandResult(why, lines, done=False, case=case)
    stands = context.case
    event = Event("refused", who, why, stands.version, mail.message_id) if stands else None
    return Outcome(why, case, events=(event,) if event else (), results=(result,))
