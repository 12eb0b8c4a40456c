"""Letters into the outbox: past the guard, rendered, with their keys kept as hashes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import structlog

from bot.app.surroundings import surrounded
from bot.core.case import Case, Event
from bot.core.house import House
from bot.core.letter import Letter
from bot.core.screening import SendCounts, may_send
from bot.core.situation import Notice
from bot.store import OutboxMail, Work
from bot.writing.compose import Written, write

log = structlog.get_logger()


def post(
    work: Work,
    letters: Iterable[Letter],
    house: House,
    now: dt.datetime,
    case: Case | None = None,
    message: int | None = None,
) -> None:
    """Writes letters into the outbox; what the guard holds back is told in the case's history.

    `message` is the id of the message that led to them.
    """
    for letter in surrounded(work, letters, case, house, now):
        why_not = may_send(letter, _counts(work, letter, now), house)
        if not why_not:
            _queue(work, letter, write(letter, house, now), now, message)
            continue
        log.info("not sent", template=letter.template, why=why_not)
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


def _queue(
    work: Work, letter: Letter, written: Written, now: dt.datetime, message: int | None
) -> None:
    if letter.notice is not None:
        notice = Notice(
            key_hash=written.key_hash,
            folio=letter.folio,
            person=letter.notice.person,
            stage=letter.notice.stage,
            version=letter.notice.version,
            order=letter.notice.order,
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
        secret=written.key,
        not_before=letter.hold_until or now,
    )
    work.queue(mail, now)
