"""What it leads to that a mail server takes no mail for an address because there is none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

import structlog

from bot.mail.smtp import Refusal
from bot.runtime.enqueue import post
from bot.store import Conflict, Store, UnitOfWork
from bot.workflow.gone import Gone, owners_gone
from bot.workflow.lifecycle import OutboxMessage
from bot.workflow.organization import Organization

MAX_CONFLICTS = 5

log = structlog.get_logger()


def owners_refused(
    store: Store,
    organization: Organization,
    mail: OutboxMessage,
    refused: Iterable[Refusal],
    now: dt.datetime,
) -> None:
    """Does what a delivery report of the same would (`bot.workflow.machines`)."""
    gone = frozenset(one.recipient.lower() for one in refused if one.gone)
    for _ in range(MAX_CONFLICTS if gone else 0):
        try:
            with store.work() as work:
                _settle(work, organization, mail, gone, now)
            return
        except Conflict as conflict:
            log.info("refusal.tried_again", conflict=str(conflict))


def _settle(
    work: UnitOfWork,
    organization: Organization,
    mail: OutboxMessage,
    addresses: frozenset[str],
    now: dt.datetime,
) -> None:
    organization = organization.on(now.date(), work.staff.leaves(now.date()))
    left = {kind.name: kind.left_behind(work, addresses) for kind in organization.kinds}
    case = work.cases.get(mail.folio) if mail.folio else None
    gone = Gone(addresses, organization, now, "", case, left)
    outcome = owners_gone(gone)
    if outcome.opens:
        folio = work.cases.take_folio(organization.folio_prefix, now.year)
        outcome = owners_gone(replace(gone, next_folio=folio))
    if outcome.case is None:
        return
    work.cases.save(outcome.case, opens=outcome.opens)
    for event in outcome.events:
        work.events.append(outcome.case.folio, event, now)
    post(work, outcome.notifications, organization, now, outcome.case)
