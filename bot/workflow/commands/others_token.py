"""Somebody else answers with a person's key: from another address of theirs, or a stranger."""

from __future__ import annotations

from bot.workflow.context import Context
from bot.workflow.notification import StageNotice
from bot.workflow.notifications.mails import command_result
from bot.workflow.outcome import Outcome

_SHOWN = 80  # characters of what somebody else wrote


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
    told = command_result(organization, owner, context.incoming, note, done=False, case=case)
    return done.plus(told)
