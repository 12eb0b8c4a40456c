"""Notifications into the outbox: past the guard, rendered, with their keys kept as hashes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

import structlog

from bot.mail.compose import write
from bot.store import UnitOfWork
from bot.workflow.case import Case, Event, bare
from bot.workflow.context import ReplyToken
from bot.workflow.lifecycle import OutboxMessage, OutboxStatus
from bot.workflow.notification import Notification
from bot.workflow.organization import Organization
from bot.workflow.screening import SendCounts, counts_for_all, flood_of, may_send
from bot.workflow.tokens import digest

log = structlog.get_logger()


def post(
    work: UnitOfWork,
    notifications: Iterable[Notification],
    organization: Organization,
    now: dt.datetime,
    case: Case | None = None,
    message: int | None = None,
    about: str | None = None,
) -> None:
    """Writes notifications into the outbox; what the guard holds back is told in the case's
    history.

    `message` is the id of the message that led to them; `about` is who sent it, where no key of a
    member of staff vouches for that: such notifications to staff are counted.
    """
    for notification in notifications:
        counts = _counts(work, notification, organization, now)
        if about is not None:
            counts = _counted(work, notification, counts, organization, about, now)
        why_not = may_send(notification, counts, organization)
        if not why_not:
            told = replace(notification, flood=flood_of(notification, counts, organization))
            mail = write(told, organization, now, message)
            if organization.reach.is_observed(notification, case, about, organization.staff):
                work.outbox.queue(replace(mail, status=OutboxStatus.OBSERVED), now)
            else:
                _queue(work, told, mail, now)
            continue
        log.info(
            "mail.held_back", template=notification.template, case=notification.folio, why=why_not
        )
        if case is not None:
            text = organization.say(
                "history.not_sent",
                template=notification.template,
                email=notification.to.email,
                why_not=why_not,
            )
            work.events.append(case.folio, Event("not_sent", "bot", text, case.version), now)


def _counts(
    work: UnitOfWork, notification: Notification, organization: Organization, now: dt.datetime
) -> SendCounts:
    to = notification.to.email
    if organization.person(to) is None:
        local = bare(to)
        if any(kind.keeps_address(work, local) for kind in organization.kinds):
            return SendCounts(reaches_many=True)
    if not notification.automatic:
        return SendCounts()
    day, hour = now - dt.timedelta(days=1), now - dt.timedelta(hours=1)
    same, recent, total = work.outbox.counts(
        notification.template, to, notification.folio, day, hour
    )
    return SendCounts(same_today=same, last_hour=recent, total_today=total)


def _counted(
    work: UnitOfWork,
    notification: Notification,
    counts: SendCounts,
    organization: Organization,
    about: str,
    now: dt.datetime,
) -> SendCounts:
    """The counts of a notification to staff, with itself, that anybody's mail may have led to."""
    to = notification.to.email
    if (
        notification.automatic
        or notification.hold_until is not None
        or organization.person(to) is None
    ):
        return counts
    kind = notification.template if counts_for_all(notification) else "notice"
    counts = replace(counts, of_sender=work.outbox.count_in_hour(f"{kind} {to} {about}", now))
    if counts_for_all(notification) and not may_send(notification, counts, organization):
        # One sender alone must not use up what is left for the others.
        counts = replace(counts, of_anybody=work.outbox.count_in_hour(f"any {to}", now))
    return counts


def _queue(
    work: UnitOfWork, notification: Notification, mail: OutboxMessage, now: dt.datetime
) -> None:
    grants = [(notification.folio, notification.token)] if notification.token else []
    grants += [(one.folio, one.token) for one in notification.case_tokens]
    for (folio, grant), key in zip(grants, mail.keys, strict=True):
        token = ReplyToken(
            token_hash=digest(key),
            folio=folio,
            person=grant.person,
            stage=grant.stage,
            version=grant.version,
            commands=grant.commands,
            created_at=now,
            command=grant.command,
        )
        work.tokens.save(token, grant.about or mail.inbound)
    work.outbox.queue(mail, now)
