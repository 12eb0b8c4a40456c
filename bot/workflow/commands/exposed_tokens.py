"""A key that others have seen is worth nothing any more: its token is an exposed token.

Who answers a notice to all hands its key to everybody in copy, in Reply-To and in what is quoted;
with a forged From it would serve them too. Or somebody else answers with it: from another address
of theirs, or a stranger.
"""

from dataclasses import replace

from bot.workflow.case import Case
from bot.workflow.context import Context
from bot.workflow.message import ParsedMessage
from bot.workflow.notification import StageNotice
from bot.workflow.notifications.mails import CommandResult, command_result
from bot.workflow.organization import Organization
from bot.workflow.outcome import Outcome
from bot.workflow.staff import Person

_SHOWN = 80  # characters of what somebody else wrote


def without_exposed_token(context: Context, person: Person, done: Outcome) -> Outcome:
    """The outcome, and the key revoked where its answer went to others too; a fresh notice for
    who still has to decide.
    """
    key = context.token
    if key is None or key.person != person.address.email:
        return done
    if not _others(context.incoming, context.organization, person):
        return done
    done = replace(done, revokes=(*done.revokes, key.token_hash, *key.rows.values()))
    case = done.case or context.case
    if case is None or _has_key(done, person):
        return done
    return done.asking(*_fresh(context.organization, case, person))


def _others(incoming: ParsedMessage, organization: Organization, person: Person) -> bool:
    """Whether somebody besides the mailbox and the writer received a message."""
    return any(
        not organization.is_mailbox(a) and a.email != person.address.email
        for a in (*incoming.to, *incoming.cc)
    )


def _has_key(done: Outcome, person: Person) -> bool:
    notifications = (x for x in done.notifications if x.token is not None)
    told = {x.to.email for x in notifications} | {n.person.address.email for n in done.notices}
    return person.address.email in told or any(one.token for one in done.results)


def _fresh(organization: Organization, case: Case, person: Person) -> tuple[StageNotice, ...]:
    if not organization.may_act(person, case):
        return ()
    why = organization.say("tokens.seen_by_others")
    return (StageNotice(case, person, note=why),)


def is_by_another(context: Context) -> bool:
    """Whether a command comes with a key of staff, and neither from staff nor from the area."""
    sender, case = context.incoming.sender, context.case
    of_case = case is not None and sender is not None and case.belongs_to(sender.email)
    token = context.token
    is_staffs = token is not None and context.organization.person(token.person) is not None
    given = is_staffs and bool(context.staff_commands.commands)
    return given and context.staff is None and not of_case


def used_by_another(context: Context) -> Outcome:
    """The key's person is told at the registered address, with a fresh notice; the key holds, for
    it serves nobody else."""
    organization, case, token = context.organization, context.case, context.token
    owner = organization.person(token.person) if token else None
    if token is None or owner is None:
        return Outcome("", case)
    sender = context.incoming.sender
    who = sender.email if sender else organization.say("notice.unknown_sender")
    said = context.incoming.text.strip().partition("\n")[0][:_SHOWN]
    note = context.say("tokens.used_by_another", who=who, said=said)
    why = "somebody else answered with a person's key"
    done = Outcome(why, case)
    if case and organization.stage(case) is not None and organization.may_act(owner, case):
        return done.asking(StageNotice(case, owner, note=note))
    result = CommandResult(note, done=False, case=case)
    return done.plus(command_result(organization, owner, context.incoming, result))
