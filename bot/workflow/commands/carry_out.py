"""The conditions every command must meet, in one place, and then its function.

A command counts only from one member of staff with the role, with the capability of a notice made
for that person, case, stage and form version, and vouched for by the receiving server where one
is pinned. Nothing is guessed: whatever falls short is answered to the registered address.
"""

from __future__ import annotations

from dataclasses import replace
from functools import reduce

from bot.workflow.authority import is_authenticated
from bot.workflow.case import Case, Event
from bot.workflow.commands import (  # noqa: F401  (fills the table)
    classify,
    decide,
    delegate,
    manage,
    query,
    talk,
)
from bot.workflow.commands.nearest import meant
from bot.workflow.commands.registry import CommandContext, CommandSpec, offered, spec
from bot.workflow.commands.talk import confirm as confirm_waiting
from bot.workflow.commands.talk import help_lines
from bot.workflow.context import Context, Link
from bot.workflow.notification import StageNotice
from bot.workflow.notifications.mails import command_result, confirm, staff_name
from bot.workflow.notifications.notices import TRIAGE
from bot.workflow.outcome import Outcome
from bot.workflow.staff import Person
from nlp.types import Command


def is_for_staff(context: Context) -> bool:
    """Whether a message is staff at work rather than an area's request.

    Staff may ask for something too: only a reply to a notice, or a command about a case, is work.
    """
    person = context.staff
    if person is None:
        return False
    if context.token is not None:
        return True
    case = context.case
    if case is not None and case.belongs_to(person.address.email):
        return bool(context.staff_commands.commands)
    return bool(context.staff_commands.commands) or (
        case is not None and context.link is Link.THREAD
    )


def carry_out(context: Context, person: Person) -> Outcome:
    """What the commands in a message from staff lead to; `person` is who it claims to be."""
    if not is_authenticated(context.incoming, context.organization.sender_policy):
        return _not_authentic(context, person)
    notice_ = context.token
    if notice_ and notice_.person != person.address.email:
        return _refuse(context, person, context.say("refused.others_token"))
    if notice_ and context.case and notice_.folio != context.case.folio:
        return _refuse(context, person, context.say("refused.other_case"))
    commands = context.staff_commands.commands
    if not commands:
        return _not_understood(context, person)
    return reduce(
        lambda done, command: done.then(_one(context, person, command, done.case)),
        commands,
        Outcome("", context.case),
    )


def _one(
    context: Context,
    person: Person,
    command: Command,
    case: Case | None,
    *,
    confirmed: bool = False,
) -> Outcome:
    """One command, against the case as those before it left it.

    `confirmed`: its key was made for this very command.
    """
    row = spec(context.organization, command.name)
    if row.command is confirm_waiting:
        return _confirmed(context, person)
    if case is None and not _needs_no_case(context, row):
        return _without_case(context, person, row)
    refusal = _forbidden(context, person, row, case)
    if refusal:
        return _refuse(context, person, refusal)
    argument = row.argument_of(command, context)
    given = CommandContext(context, person, case, argument)
    if row.changes and not confirmed and not _enabled(context, row):
        if row.beyond_the_case and _unspent(context) and not (done := row.command(given)).leaves:
            return done  # what is wrong with it need not be confirmed
        # With its argument: the mail that confirms it will not say it again.
        whole = replace(command, argument=argument or None)
        says = f"{row.says} {argument}".strip()
        notification = confirm(person, context.incoming, case, whole, says)
        return Outcome(
            "a command without a key: asked to confirm", case, notifications=(notification,)
        )
    if row.decides and case is not None:
        stale = _stale(context, person, case)
        if stale:
            return stale
    return row.command(given)


def _enabled(context: Context, row: CommandSpec) -> bool:
    """Whether the key it came with is one for such a command: unspent, and about as much as it.

    A decision that comes too late is told so (`_stale`).
    """
    if context.token is None or row.beyond_the_case:
        return False
    return _unspent(context) or row.decides or row.takes_back


def _unspent(context: Context) -> bool:
    return context.token is not None and context.token.consumed_at is None


def _needs_no_case(context: Context, row: CommandSpec) -> bool:
    """Whether a command makes sense although no case is known."""
    about_message = row.subject == "message" and context.original is not None
    return row.subject == "nothing" or about_message


def _forbidden(context: Context, person: Person, row: CommandSpec, case: Case | None) -> str:
    """Why this person may not give this command now, in Spanish; empty where they may."""
    folio = case.folio if case else "Todo"
    if not row.ever_allowed(context.organization, person):
        return context.say("refused.not_the_role", says=row.says, folio=folio)
    if case is None or row.subject == "nothing":
        return ""
    if row.changes and context.organization.is_own_request(case, person):
        own = context.organization.is_own_request(case, replace(person, stands_for=()))
        whose = "suya" if own else context.say("refused.of_a_delegator")
        return context.say("refused.own_request", folio=case.folio, whose=whose)
    if row.allowed(context.organization, person, case):
        return ""
    return _not_now(context, person, row, case)


def _not_now(context: Context, person: Person, row: CommandSpec, case: Case) -> str:
    """Why a command that this person may give is not for the case's state."""
    decision = case.decision
    if decision and row.decides:
        who = staff_name(context.organization, decision.by)
        if decision.by == person.address.email:
            return context.say("refused.decided_already", folio=case.folio)
        return context.say("refused.decided_by", who=who, folio=case.folio)
    return context.say("refused.not_now", says=row.says, folio=case.folio)


def _stale(context: Context, person: Person, case: Case) -> Outcome | None:
    """The refusal of a decision given on an old notice; a fresh notice goes with it."""
    key = context.token
    if key is None or (
        key.consumed_at is None and key.stage == case.state and key.version == case.version
    ):
        return None
    if key.consumed_at is not None:
        why = context.say("refused.token_used")
    elif key.stage == TRIAGE:
        why = context.say("refused.no_notice")
    elif key.version != case.version:
        why = context.say("refused.form_changed")
    else:
        why = context.say("refused.other_stage")
    fresh = _fresh_notice(context, person, case)
    return _refuse(context, person, why, case).asking(*fresh)


def _fresh_notice(context: Context, person: Person, case: Case) -> tuple[StageNotice, ...]:
    stage = context.organization.stage(case)
    if stage is None or stage.role not in person.roles:
        return ()
    return (StageNotice(case, person),)


def _confirmed(context: Context, person: Person) -> Outcome:
    """CONFIRMAR: carries out the command that waited for it, with its own key."""
    key, case = context.token, context.case
    if key is None or key.command is None:
        return _refuse(context, person, context.say("refused.nothing_to_confirm"))
    if key.consumed_at is not None:
        return _refuse(context, person, context.say("refused.confirmed_before"), case)
    done = _one(context, person, key.command, case, confirmed=True)
    return replace(done, consumes=tuple({*done.consumes, key.token_hash}))


def _not_understood(context: Context, person: Person) -> Outcome:
    case = context.case
    near = meant(context.organization, context.incoming.text)
    guess = context.say("refused.did_you_mean", near=near) if near else ""
    notification = command_result(
        context.organization,
        person,
        context.incoming,
        context.say("refused.not_understood"),
        tuple(line for line in (guess, context.staff_commands.why) if line),
        done=False,
        case=case,
        offer=offered(context.organization, person, case)
        if case
        else help_lines(context.organization),
        with_token=case is not None and context.token is not None,
    )
    return Outcome("no clear command", case, notifications=(notification,))


def _without_case(context: Context, person: Person, row: CommandSpec) -> Outcome:
    title = context.say("refused.which_case", says=row.says)
    lines = (context.say("refused.say_which_case"),)
    notification = command_result(
        context.organization,
        person,
        context.incoming,
        title,
        lines,
        done=not row.changes,
        offer=help_lines(context.organization),
    )
    return Outcome("a command without a case", notifications=(notification,))


def _not_authentic(context: Context, person: Person) -> Outcome:
    case = context.case
    title = context.say("refused.not_verified")
    lines = (context.say("refused.not_verified_advice"),)
    notification = command_result(
        context.organization, person, context.incoming, title, lines, done=False, case=case
    )
    event = _event(context, person, "refused", context.say("history.unauthenticated"))
    return Outcome("not authenticated", case, events=event, notifications=(notification,))


def _refuse(context: Context, person: Person, why: str, case: Case | None = None) -> Outcome:
    case = case or context.case
    notification = command_result(
        context.organization, person, context.incoming, why, done=False, case=case
    )
    return Outcome(
        why, case, events=_event(context, person, "refused", why), notifications=(notification,)
    )


def _event(context: Context, person: Person, what: str, text: str) -> tuple[Event, ...]:
    if context.case is None:
        return ()
    return (
        Event(
            what,
            person.address.email,
            text,
            context.case.version,
            context.incoming.message_id,
        ),
    )
