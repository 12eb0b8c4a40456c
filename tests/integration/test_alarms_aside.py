"""Alarms go by another server while the one for all mail takes nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from bot.config.settings import AlarmSettings, SmtpSettings
from bot.mail.smtp import SmtpSender
from bot.runtime.enqueue import post
from bot.runtime.outbox_sender import OutboxSender
from bot.store import Store
from bot.workflow.lifecycle import OutboxStatus
from bot.workflow.notifications.mails import alarm
from tests.builders import ADMIN, ORGANIZATION
from tests.rig.samples import NOW, a_notification
from tests.rig.smtp_sink import SmtpSink

MINUTE = dt.timedelta(minutes=1)
LIMIT = "550 5.4.5 Daily user sending limit exceeded."


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path}/bot.db") as opened:
        with opened.work() as work:
            work.outbox.queue(a_notification(1), NOW)
            work.outbox.queue(a_notification(2), NOW)
        yield opened


def test_what_stops_all_mail_is_told_by_the_other_server(store: Store) -> None:
    now = [NOW]
    with SmtpSink() as sink, SmtpSink() as other, ExitStack() as exits:
        sink.at_data += [LIMIT]
        senders = [
            exits.enter_context(SmtpSender(kind(host=at.host, port=at.port, security="none")))
            for kind, at in ((SmtpSettings, sink), (AlarmSettings, other))
        ]
        outbox = OutboxSender(
            store, senders[0], ORGANIZATION, "w", 12, lambda: now[0], lambda: 0.0, senders[1]
        )
        outbox.deliver()
        (told,) = other.mails
        assert (told.template, told.recipients) == ("alarm", (ADMIN.address.email,))
        assert "5.4.5" in told.text
        assert not sink.mails

        other.at_data.append("451 later")
        with store.work() as work:  # another trouble meanwhile
            post(work, alarm(ORGANIZATION, "En cuarentena", ("uno",)), ORGANIZATION, now[0])
        outbox.deliver()
        assert len(other.mails) == 1
        now[0] += MINUTE  # what it did not take waits, and is lost to nobody
        sink.at_data += [LIMIT]
        outbox.deliver()
        now[0] += 10 * MINUTE
        outbox.deliver()
        store.outbox.note_sent()
    assert [mail.template for mail in other.mails] == ["alarm", "alarm"]
    assert len(sink.mails) == 2
    assert {mail.status for mail in store.outbox.list()} == {OutboxStatus.SENT}
