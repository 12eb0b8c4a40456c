"""What the commands have in common: the answer to who gave one, the line in the history."""

from types import MappingProxyType

from bot.workflow.case import Case, Event
from bot.workflow.commands.grants import case_grant
from bot.workflow.commands.registry import CommandContext
from bot.workflow.news import ON_BEHALF
from bot.workflow.notification import CalendarEntry
from bot.workflow.notifications.mails import CommandHint, CommandResult
from bot.workflow.outcome import Outcome


def told(
    command: CommandContext,
    title: str,
    *lines: str,
    case: Case | None = None,
    offer: tuple[CommandHint, ...] = (),
    with_token: bool = False,
    undo_until: str = "",
    calendar: tuple[CalendarEntry, ...] = (),
) -> CommandResult:
    """For who gave the command: what was done, what comes next, until when it can be undone.

    `with_token` gives the answer a fresh key, for all that may be commanded as the case stands
    then.
    """
    about, organization = case or command.about, command.organization
    token = case_grant(organization, command.person, about) if with_token and about else None
    return CommandResult(
        title, lines, case=about, offer=offer, token=token, undo_until=undo_until, calendar=calendar
    )


def only_told(
    command: CommandContext, title: str, *lines: str, offer: tuple[CommandHint, ...] = ()
) -> Outcome:
    """Nothing but an answer."""
    return Outcome(title, command.about, results=(told(command, title, *lines, offer=offer),))


def refused(command: CommandContext, why: str, *lines: str) -> Outcome:
    """Nothing is done, and why. The answer can be answered with a better command."""
    waiting = (command.say("refused.not_corrected", says=one) for one in command.waits)
    about, organization = command.about, command.organization
    token = case_grant(organization, command.person, about) if about and command.token else None
    result = CommandResult(why, (*lines, *waiting), done=False, case=about, token=token)
    return Outcome(why, about, results=(result,), refused=True)


def event(command: CommandContext, what: str, text: str, case: Case | None = None) -> Event:
    """A line of the history, by who gave the command, and in whose stead."""
    person, incoming = command.person, command.context.incoming
    stage = command.organization.stage(command.case)
    stands_in = stage is not None and stage.role in person.lent
    return Event(
        what,
        person.address.email,
        text,
        (case or command.case).version,
        incoming.message_id,
        MappingProxyType({ON_BEHALF: " ".join(person.stands_for)} if stands_in else {}),
    )
