"""What the commands have in common: the answer to who gave one, the line in the history."""

from types import MappingProxyType

from bot.workflow.case import Case, Event
from bot.workflow.commands.grants import case_grant
from bot.workflow.commands.registry import CommandContext
from bot.workflow.news import ON_BEHALF
from bot.workflow.notification import Notification
from bot.workflow.notifications.mails import CommandHint, command_result
from bot.workflow.outcome import Outcome


def told(
    command: CommandContext,
    title: str,
    *lines: str,
    done: bool = True,
    case: Case | None = None,
    offer: tuple[CommandHint, ...] = (),
    with_token: bool = False,
) -> Notification:
    """The answer to who gave the command: what was done, what comes next, how to undo it.

    `with_token` gives it a fresh key, for all that may be commanded as the case stands then.
    """
    about = case or command.about
    return command_result(
        command.organization,
        command.person,
        command.context.incoming,
        title,
        lines,
        done=done,
        case=about,
        offer=offer,
        token=(
            case_grant(command.organization, command.person, about)
            if with_token and about
            else None
        ),
    )


def only_told(
    command: CommandContext, title: str, *lines: str, offer: tuple[CommandHint, ...] = ()
) -> Outcome:
    """Nothing but an answer."""
    return Outcome(title, command.about, notifications=(told(command, title, *lines, offer=offer),))


def refused(command: CommandContext, why: str, *lines: str) -> Outcome:
    """Nothing is done, and why. The answer can be answered with a better command."""
    notification = told(
        command,
        why,
        *lines,
        *(command.say("refused.not_corrected", says=one) for one in command.waits),
        done=False,
        with_token=command.about is not None and bool(command.token),
    )
    return Outcome(why, command.about, notifications=(notification,), refused=True)


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
