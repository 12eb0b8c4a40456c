"""A key that others have seen is worth nothing any more: its token is an exposed token.

Who answers a notice to all hands its key to everybody in copy, in Reply-To and in what is quoted;
with a forged From it would serve them too.
"""

from __future__ import annotations

from dataclasses import replace

from bot.workflow.case import Case
from bot.workflow.context import Context
from bot.workflow.message import ParsedMessage
from bot.workflow.notification import StageNotice
from bot.workflow.organization import Organization
from bot.workflow.outcome import Outcome
from bot.workflow.staff import Person


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
    return person.address.email in told


def _fresh(organization: Organization, case: Case, person: Person) -> tuple[StageNotice, ...]:
    if not organization.may_act(person, case):
        return ()
    why = organization.say("tokens.seen_by_others")
    return (StageNotice(case, person, note=why),)
