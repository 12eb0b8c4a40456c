"""What was decided is written down; notifications go into the outbox: past the guard, rendered,
with their keys kept as hashes."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial

import structlog

from bot.mail.compose import write
from bot.observability.metrics import MAILS_HELD_BACK
from bot.store import UnitOfWork
from bot.workflow.case import Case, Event, bare
from bot.workflow.context import ROWS, ReplyToken
from bot.workflow.lifecycle import OutboxMessage, OutboxStatus
from bot.workflow.notification import Notification, StageNotice
from bot.workflow.notifications.mails import alarm
from bot.workflow.notifications.notices import notification_of
from bot.workflow.notifications.status import progress
from bot.workflow.organization import Organization
from bot.workflow.outcome import Outcome
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


def write_down(
    work: UnitOfWork,
    outcome: Outcome,
    organization: Organization,
    now: dt.datetime,
    message: int | None = None,
    cause: Cause | None = None,
    writer: Writer = write,
) -> None:
    """Everything that an outcome says, with what it is to be told; `message`, `cause` and `writer`
    as for `post`."""
    case = outcome.case
    tell = partial(
        post, work, organization=organization, now=now, message=message, cause=cause, writer=writer
    )
    if case is not None:
        work.cases.save(case, opens=outcome.opens)
        for event in outcome.events:
            work.events.append(case.folio, event, now)
    for token_hash in dict.fromkeys(outcome.consumes):
        work.tokens.consume(token_hash, now)
    for token_hash in outcome.revokes:
        work.tokens.revoke(token_hash)
    if case is not None:
        for record in outcome.records:
            organization.kind(case).save(work, record)
        if outcome.cancels_held:
            work.outbox.cancel_held(case.folio, now)
    for correction in outcome.corrections:
        work.staff.save_correction(correction, now)
    for leave in outcome.leaves:
        work.staff.save_leave(leave)
    for other in outcome.related:
        if other.changes:
            work.cases.save(other.case)
        for event in other.events:
            work.events.append(other.case.folio, event, now)
        tell(other.notifications, notices=other.notices, case=other.case)
    tell(outcome.notifications, notices=outcome.notices, case=case)
    for one in outcome.several:
        write_down(work, one, organization, now, message, cause, writer)


def post(
    work: UnitOfWork,
    notifications: Iterable[Notification],
    organization: Organization,
    now: dt.datetime,
    case: Case | None = None,
    message: int | None = None,
    cause: Cause | None = None,
    writer: Writer = write,
    *,
    notices: Iterable[StageNotice] = (),
) -> None:
    """Writes notifications, and the notices of who is to act, into the outbox; what the guard holds
    back is told in the case's history, and to the administrators.

    `message` is the id of the message that led to them, `cause` who sent it: notifications to staff
    are counted where no key of theirs vouches for that, automatic ones are charged to them.
    """
    desk = _Desk(work, organization, now, case, message, cause, writer)
    for notification in (*notifications, *notices_as_mails(work, notices, organization, now)):
        desk.post(notification)


def notices_as_mails(
    work: UnitOfWork, notices: Iterable[StageNotice], organization: Organization, now: dt.datetime
) -> tuple[Notification, ...]:
    """The notices with what must be seen beside the form, looked up once a case."""
    shown: dict[str, Mapping[str, object]] = {}
    mails = []
    for notice in notices:
        case, kind = notice.case, organization.kind(notice.case)
        if case.folio not in shown:
            around = kind.around(work, case)
            shown[case.folio] = kind.shows(case, organization, around, now.date())
        mails.append(notification_of(organization, notice, shown[case.folio]))
    return tuple(mails)


@dataclass(frozen=True, slots=True)
class _Desk:
    """Takes notifications of one cause into the outbox."""

    work: UnitOfWork
    organization: Organization
    now: dt.datetime
    case: Case | None
    message: int | None
    cause: Cause | None
    writer: Writer

    def post(self, notification: Notification) -> None:
        work, organization, now, cause = self.work, self.organization, self.now, self.cause
        counts = self._counts(notification)
        if why_not := may_send(notification, counts, organization):
            self._tell(notification, why_not)
            return
        told = replace(notification, flood=flood_of(notification, counts, organization))
        if self.case is not None and self.case.folio == notification.folio:
            marks = progress(organization, self.case, notification.hold_until or now)
            told = replace(told, values={**notification.values, "progress": marks})
        mail = self.writer(told, organization, now, self.message, work.tokens.keys_among)
        if cause is not None:
            mail = replace(mail, charged=cause.charged)
        author = None if cause is None or cause.with_key else cause.author
        if organization.reach.is_observed(notification, self.case, author, organization.staff):
            work.outbox.queue(replace(mail, status=OutboxStatus.OBSERVED), now)
            return
        held = held_from_staff(notification, counts, organization, now)
        if notification.automatic:
            recent = work.outbox.recent(mail, organization.caps, now)
            proven = cause is not None and cause.proven
            held = held_back(notification, recent, organization, now, proven=proven)
        if held is not None:
            mail = self._put_off(notification, mail, held)
        self._queue(told, mail)

    def _put_off(
        self, notification: Notification, mail: OutboxMessage, held: HeldBack
    ) -> OutboxMessage:
        """The mail as it waits: in the place of what already waited to say the same."""
        MAILS_HELD_BACK.labels(cap=held.cap).inc()
        work, organization, now = self.work, self.organization, self.now
        until = f"{organization.local(held.until):%d/%m/%Y %H:%M}"
        text = self._tell(notification, held.why, until)
        if held.cap != ONCE_A_DAY and work.timetable.take(HELD_BACK_TOLD, now - HOUR, now):
            title = organization.say("held_back.alarm")
            how = organization.say("held_back.alarm_how")
            post(work, alarm(organization, title, (text, how)), organization, now)
        work.outbox.supersede(mail, now)
        not_before = max(mail.not_before, held.until)
        return replace(mail, not_before=not_before, held_back=True, last_error=held.why)

    def _tell(self, notification: Notification, why: str, until: str = "") -> str:
        """Notes in the log, and in the history of the case, what is held back until then, or never
        sent; gives the words."""
        organization, to = self.organization, notification.to.email
        mail = organization.say(f"mail.{notification.template}")
        what = "held_back" if until else "not_sent"
        text = organization.say(
            "history.held_back" if until else "history.not_sent",
            mail=mail, email=to, why=why, until=until,
        )  # fmt: skip
        log.info(f"mail.{what}", template=notification.template, case=notification.folio, why=text)
        if case := self.case:
            self.work.events.append(case.folio, Event(what, "bot", text, case.version), self.now)
        return text

    def _counts(self, notification: Notification) -> SendCounts:
        """How much of its sender's mail, itself included, led to notifications to a member of
        staff."""
        to, cause, organization = notification.to.email, self.cause, self.organization
        if organization.person(to) is None:
            kept = (kind.keeps_address(self.work, bare(to)) for kind in organization.kinds)
            return SendCounts(reaches_many=any(kept))
        if cause is None or cause.with_key or notification.automatic or notification.hold_until:
            return SendCounts()
        count = partial(self.work.outbox.count_in_hour, now=self.now)
        kind = notification.purpose if counts_for_all(notification) else "notice"
        counts = SendCounts(of_sender=count(f"{kind} {to} {cause.counted}"))
        if cause.proven or not counts_for_all(notification):
            return counts  # what others send in anybody's name is no matter of theirs
        if not may_send(notification, counts, organization):
            # One sender alone must not use up what is left for the others.
            counts = replace(counts, of_anybody=count(f"any {to}"))
        return counts

    def _queue(self, notification: Notification, mail: OutboxMessage) -> None:
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
                created_at=self.now,
                waiting=grant.waiting,
                rows=rows if grant.stage == ROWS else {},
            )
            self.work.tokens.save(token, grant.about or mail.inbound)
        self.work.outbox.queue(mail, self.now)
