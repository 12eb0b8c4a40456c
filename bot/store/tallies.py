"""How much there was of what: counted row by row, in bounded memory."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from bot.store.tables import CASE, EVENT, MESSAGE, OUTBOX
from bot.store.transactions import Part
from bot.workflow.lifecycle import InboundStatus

AT_ONCE = 1000


class Tallies(Part):
    """Figures over a whole database."""

    def mails_by_day(self, zone: ZoneInfo) -> Mapping[dt.date, Counter[str]]:
        """Mails to send, by the day they were written, and template."""
        days: dict[dt.date, Counter[str]] = {}
        find = select(OUTBOX.c.created_at, OUTBOX.c.template).order_by(OUTBOX.c.id)
        with self._reading() as connection:
            for row in connection.execution_options(yield_per=AT_ONCE).execute(find):
                day = row.created_at.astimezone(zone).date()
                days.setdefault(day, Counter())[row.template] += 1
        return dict(sorted(days.items()))

    def machines(self) -> Counter[str]:
        """Messages passed over, by the rule."""
        find = select(MESSAGE.c.reason, func.count()).where(
            MESSAGE.c.status == InboundStatus.IGNORED
        )
        with self._reading() as connection:
            rows = connection.execute(find.group_by(MESSAGE.c.reason)).all()
        return Counter({row[0]: row[1] for row in rows})

    def topics(self) -> Counter[str]:
        """Cases, by what they ask for."""
        with self._reading() as connection:
            rows = connection.execute(
                select(CASE.c.intent, func.count()).group_by(CASE.c.intent)
            ).all()
        return Counter({row[0]: row[1] for row in rows})

    def held_back(self) -> int:
        """Mails about cases that a cap held back."""
        with self._reading() as connection:
            return (
                connection.scalar(
                    select(func.count()).select_from(EVENT).where(EVENT.c.what == "not_sent")
                )
                or 0
            )

    def sample(self, template: str) -> bytes:
        """One of the mails of a template, without its keys."""
        find = select(OUTBOX.c.raw).where(OUTBOX.c.template == template).limit(1)
        with self._reading() as connection:
            return bytes(connection.scalar(find) or b"")
