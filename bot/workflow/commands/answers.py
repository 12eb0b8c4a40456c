"""What the orders have in common: the answer to who gave one, the line in the history."""

from __future__ import annotations

from bot.workflow.case import Case, Event
from bot.workflow.commands.registry import Act
from bot.workflow.context import Decision
from bot.workflow.notification import Letter
from bot.workflow.notifications.mails import OrderLine, command_result


def told(
    act: Act,
    title: str,
    *lines: str,
    done: bool = True,
    case: Case | None = None,
    offer: tuple[OrderLine, ...] = (),
    key: bool = False,
) -> Letter:
    """The answer to who gave the order: what was done, what comes next, how to undo it."""
    return command_result(
        act.person,
        act.situation.incoming,
        title,
        lines,
        done=done,
        case=case or act.about,
        offer=offer,
        key=key,
    )


def only_told(act: Act, title: str, *lines: str, offer: tuple[OrderLine, ...] = ()) -> Decision:
    """Nothing but an answer."""
    return Decision(title, act.about, letters=(told(act, title, *lines, offer=offer),))


def refused(act: Act, why: str, *lines: str) -> Decision:
    """Nothing is done, and why. The answer can be answered with a better order."""
    letter = told(act, why, *lines, done=False, key=act.about is not None and bool(act.key))
    return Decision(why, act.about, letters=(letter,))


def event(act: Act, what: str, text: str, case: Case | None = None) -> Event:
    """A line of the history, by who gave the order."""
    case = case or act.case
    person, incoming = act.person.address.email, act.situation.incoming
    return Event(what, person, text, case.version, incoming.message_id)
