"""The notices of who is to act, once what they must see beside the form is loaded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from bot.store import UnitOfWork
from bot.workflow.case import Case
from bot.workflow.notification import Notification, StageNotice
from bot.workflow.notifications.notices import notification_of
from bot.workflow.organization import Organization


def notices_as_mails(
    work: UnitOfWork, notices: Iterable[StageNotice], organization: Organization, now: dt.datetime
) -> tuple[Notification, ...]:
    """The notices with what is known around their cases, looked up once a case."""
    shown: dict[str, Mapping[str, object]] = {}
    mails = []
    for notice in notices:
        folio = notice.case.folio
        if folio not in shown:
            shown[folio] = _shown(work, notice.case, organization, now)
        mails.append(notification_of(organization, notice, shown[folio]))
    return tuple(mails)


def _shown(
    work: UnitOfWork, case: Case, organization: Organization, now: dt.datetime
) -> Mapping[str, object]:
    kind = organization.kind(case)
    return kind.shows(case, organization, kind.around(work, case), now.date())
