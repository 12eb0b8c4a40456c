"""Notifications into the outbox: past the guard, rendered, with their keys kept as hashes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import replace

import structlog

from bot.mail.compose import write
from bot.observability.metrics import MAILS_HELD_BACK
from bot.store import UnitOfWork
from bot.workflow.case import Case, Event, bare
from bot.workflow.context import ROWS, ReplyToken
from bot.workflow.lifecycle import OutboxMessage, OutboxStatus
from bot.workflow.notification import Notification
from bot.workflow.notifications.mails import alarm
from bot.workflow.notifications.progress import progress
from bot.workflow.organization import Organization
from bot.workflow.screening.outbox import (
    HOUR,
    Cause,
    HeldBack,
    SendCounts,
    counts_for_all,
    flood_of,
    held_back,
    held_from_staff,
    may_send,
)
from bot.workflow.tokens import digest

HELD_BACK_TOLD = "held back told"  # to the administrators, once an hour
ONCE_A_DAY = "same_today"  # a cap that is no trouble of anybody's

log = structlog.get_logger()

Writer = Callable[..., OutboxMessage]
"""What renders a notification, as `write` does."""


def post(
    work: UnitOfWork,
    notifications: Iterable[Notification],
    organization: Organization,
    now: dt.datetime,
    case: Case | None = None,
    message: int | None = None,
    cause: Cause | None = None,
    *,
    writer: Writer = write,
) -> None:
    """Writes notifications into the outbox; what the guard holds back is told in the case's
    history, and to the administrators.

    `message` is the id of the message that led to them, `cause` who sent it: notifications to staff
    are counted where no key of theirs vouches for that, automatic ones are charged to them.
    """
    for notification in notifications:
        notification = _with_progress(notification, organization, now, case)
        counts = _counts(work, notification, organization, cause, now)
        if why_not := may_send(notification, counts, organization):
            text = organization.say(
                "history.not_sent",
                template=notification.template, email=notification.to.email, why_not=why_not,
            )  # fmt: skip
            _told(work, notification, case, now, "not_sent", text)
            continue
        told = replace(notification, flood=flood_of(notification, counts, organization))
        mail = writer(told, organization, now, message, work.tokens.keys_among)
        if cause is not None:
            mail = replace(mail, charged=cause.charged)
        author = None if cause is None or cause.with_key else cause.author
        if organization.reach.is_observed(notification, case, author, organization.staff):
            work.outbox.queue(replace(mail, status=OutboxStatus.OBSERVED), now)
            continue
        held = held_from_staff(notification, counts, organization, now)
        if notification.automatic:
            recent = work.outbox.recent(mail, organization.caps, now)
            proven = cause is not None and cause.proven
            held = held_back(notification, recent, organization, now, proven=proven)
        if held is not None:
            mail = _put_off(work, notification, organization, case, mail, held, now)
        _queue(work, told, mail, now)


def _put_off(
    work: UnitOfWork,
    notification: Notification,
    organization: Organization,
    case: Case | None,
    mail: OutboxMessage,
    held: HeldBack,
    now: dt.datetime,
) -> OutboxMessage:
    """The mail as it waits: in the place of what already waited to say the same."""
    MAILS_HELD_BACK.labels(cap=held.cap).inc()
    until = f"{organization.local(held.until):%d/%m/%Y %H:%M}"
    text = organization.say(
        "history.held_back",
        template=mail.template, email=notification.to.email, why=held.why, until=until,
    )  # fmt: skip
    _told(work, notification, case, now, "held_back", text)
    if held.cap != ONCE_A_DAY and work.timetable.take(HELD_BACK_TOLD, now - HOUR, now):
        title, how = organization.say("held_back.alarm"), organization.say("held_back.alarm_how")
        post(work, alarm(organization, title, (text, how)), organization, now)
    work.outbox.supersede(mail, now)
    not_before = max(mail.not_before, held.until)
    return replace(mail, not_before=not_before, held_back=True, last_error=held.why)


def _told(
    work: UnitOfWork,
    notification: Notification,
    case: Case | None,
    now: dt.datetime,
    what: str,
    text: str,
) -> None:
    """In the log, and in the history of the case."""
    log.info(f"mail.{what}", template=notification.template, case=notification.folio, why=text)
    if case is not None:
        work.events.append(case.folio, Event(what, "bot", text, case.version), now)


def _with_progress(
    notification: Notification, organization: Organization, now: dt.datetime, case: Case | None
) -> Notification:
    """How far its request is, told as of when the notification leaves."""
    if case is None or notification.folio != case.folio:
        return notification
    marks = progress(organization, case, notification.hold_until or now)
    return replace(notification, values={**notification.values, "progress": marks})


def _counts(
    work: UnitOfWork,
    notification: Notification,
    organization: Organization,
    cause: Cause | None,
    now: dt.datetime,
) -> SendCounts:
    """How much of its sender's mail, itself included, led to notifications to a member of staff."""
    to = notification.to.email
    if organization.person(to) is None:
        kept = (kind.keeps_address(work, bare(to)) for kind in organization.kinds)
        return SendCounts(reaches_many=any(kept))
    if cause is None or cause.with_key or notification.automatic or notification.hold_until:
        return SendCounts()
    kind = notification.template if counts_for_all(notification) else "notice"
    counts = SendCounts(of_sender=work.outbox.count_in_hour(f"{kind} {to} {cause.counted}", now))
    if cause.proven or not counts_for_all(notification):
        return counts  # what others send in anybody's name is no matter of theirs
    if not may_send(notification, counts, organization):
        # One sender alone must not use up what is left for the others.
        counts = replace(counts, of_anybody=work.outbox.count_in_hour(f"any {to}", now))
    return counts


def _queue(
    work: UnitOfWork, notification: Notification, mail: OutboxMessage, now: dt.datetime
) -> None:
    grants = [(notification.folio, notification.token)] if notification.token else []
    grants += [(one.folio, one.token) for one in notification.case_tokens]
    of_rows = mail.keys[len(grants) - len(notification.case_tokens) :]
    numbered = zip(notification.case_tokens, of_rows, strict=True)
    rows = {one.number: digest(key) for one, key in numbered}
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
            rows=rows if grant.stage == ROWS else {},
        )
        work.tokens.save(token, grant.about or mail.inbound)
    work.outbox.queue(mail, now)
