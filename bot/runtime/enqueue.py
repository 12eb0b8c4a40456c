"""Letters into the outbox: past the guard, rendered, with their keys kept as hashes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

import structlog

from bot.mail.compose import Written, write
from bot.runtime.review_context import surrounded
from bot.store import OutboxMail, Work
from bot.workflow.case import Case, Event
from bot.workflow.context import Notice
from bot.workflow.notification import Letter
from bot.workflow.organization import House
from bot.workflow.screening import SendCounts, counts_for_all, may_send, with_count
from bot.workflow.tokens import digest

log = structlog.get_logger()


def post(
    work: Work,
    letters: Iterable[Letter],
    house: House,
    now: dt.datetime,
    case: Case | None = None,
    message: int | None = None,
    about: str | None = None,
) -> None:
    """Writes letters into the outbox; what the guard holds back is told in the case's history.

    `message` is the id of the message that led to them; `about` is who sent it, where no key of a
    member of staff vouches for that: such letters to staff are counted.
    """
    for letter in surrounded(work, letters, case, house, now):
        counts = _counts(work, letter, now)
        if about is not None:
            counts = _counted(work, letter, counts, house, about, now)
        why_not = may_send(letter, counts, house)
        if not why_not:
            written = write(with_count(letter, counts, house), house, now)
            _queue(work, letter, written, now, message)
            continue
        log.info("mail.held_back", template=letter.template, case=letter.folio, why=why_not)
        if case is not None:
            text = f"no se envió «{letter.template}» a {letter.to.email}: {why_not}"
            work.append(case.folio, Event("not_sent", "bot", text, case.version), now)


def _counts(work: Work, letter: Letter, now: dt.datetime) -> SendCounts:
    if not letter.automatic:
        return SendCounts()
    to = letter.to.email
    day, hour = now - dt.timedelta(days=1), now - dt.timedelta(hours=1)
    same, recent, total = work.counts(letter.template, to, letter.folio, day, hour)
    return SendCounts(same_today=same, last_hour=recent, total_today=total)


def _counted(
    work: Work, letter: Letter, counts: SendCounts, house: House, about: str, now: dt.datetime
) -> SendCounts:
    """The counts of a letter to staff, with itself, that anybody's mail may have led to."""
    to = letter.to.email
    if letter.automatic or letter.hold_until is not None or house.person(to) is None:
        return counts
    kind = letter.template if counts_for_all(letter) else "notice"
    counts = replace(counts, of_sender=work.tally(f"{kind} {to} {about}", now))
    if counts_for_all(letter) and not may_send(letter, counts, house):
        # One sender alone must not use up what is left for the others.
        counts = replace(counts, of_anybody=work.tally(f"any {to}", now))
    return counts


def _queue(
    work: Work, letter: Letter, written: Written, now: dt.datetime, message: int | None
) -> None:
    keys = [(letter.folio, letter.notice, written.key)] if letter.notice else []
    for one, key in zip(letter.notices, written.more_keys, strict=True):
        keys.append((one.folio, one.notice, key))
    for folio, made_for, key in keys:
        notice = Notice(
            key_hash=digest(key),
            folio=folio,
            person=made_for.person,
            stage=made_for.stage,
            version=made_for.version,
            order=made_for.order,
        )
        work.save_notice(notice, now, message)
    mail = OutboxMail(
        folio=letter.folio,
        message=message,
        template=letter.template,
        sender=written.sender,
        recipients=(written.recipient,),
        message_id=written.message_id,
        raw=written.raw,
        automatic=letter.automatic,
        secret=written.secret,
        not_before=letter.hold_until or now,
    )
    work.queue(mail, now)
