"""Waiting for mail: quick to hear, quick to stop, and not deaf for long."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest

from bot.config.settings import ImapSettings
from bot.mail import waiting
from bot.mail.errors import MailboxError
from bot.mail.imap import Inbox
from tests.rig.dovecot import Account
from tests.rig.proxy import FaultProxy
from tests.rig.system import free_port

Make = Callable[..., ImapSettings]
MAIL = b"Subject: x\r\n\r\nHola.\r\n"


@pytest.fixture
def inbox(imap_settings: Make) -> Iterator[Inbox]:
    with Inbox(imap_settings(), chance=lambda: 1.0) as inbox:
        inbox.connect()
        yield inbox


def later(seconds: float, do: Callable[[], object]) -> threading.Timer:
    timer = threading.Timer(seconds, do)
    timer.start()
    return timer


def took(do: Callable[[], bool]) -> tuple[bool, float]:
    start = time.monotonic()
    return do(), time.monotonic() - start


@pytest.mark.parametrize("security", ["none", "tls"])
def test_idle_hears_of_new_mail(imap_settings: Make, account: Account, security: str) -> None:
    server = account.server
    settings = imap_settings(
        security=security,
        port=server.tls_port if security == "tls" else server.port,
        ca_file=server.certificates.ca_file,
    )
    with Inbox(settings) as inbox:
        inbox.connect()
        assert inbox.new_uids() == []
        timer = later(0.3, lambda: account.append(MAIL))
        news, seconds = took(lambda: inbox.wait(20))
        timer.join()
        assert news
        assert seconds < 10  # it did not wait for its time
        assert inbox.new_uids() == [1]


def test_mail_that_came_before_the_wait(inbox: Inbox, account: Account) -> None:
    account.append(MAIL)
    assert inbox.new_uids() == [1]
    account.append(MAIL)
    news, seconds = took(lambda: inbox.wait(20))
    assert news
    assert seconds < 10  # it did not wait for its time


def test_mail_announced_with_another_answer(inbox: Inbox, account: Account) -> None:
    """EXISTS comes with the answer to STORE; IDLE does not repeat it."""
    account.append(MAIL)
    assert inbox.new_uids() == [1]
    account.append(MAIL)
    inbox.mark_done([1], inbox.position().uid_validity)
    news, seconds = took(lambda: inbox.wait(20))
    assert news
    assert seconds < 10  # it did not wait for its time
    assert inbox.new_uids(1) == [2]


def test_nothing_comes(inbox: Inbox) -> None:
    inbox.new_uids()
    news, seconds = took(lambda: inbox.wait(0.6))
    assert not news
    assert 0.5 < seconds < 30


def test_flags_set_by_people_are_no_news(inbox: Inbox, account: Account) -> None:
    account.append(MAIL)
    inbox.new_uids()

    def read() -> None:
        with account.client("INBOX") as person:
            person.add_flags([1], [r"\Seen"])

    timer = later(0.2, read)
    assert inbox.new_uids() == [1]
    assert not inbox.wait(1.5)
    timer.join()


def test_stop_ends_the_wait(inbox: Inbox) -> None:
    stop = threading.Event()
    timer = later(0.3, stop.set)
    news, seconds = took(lambda: inbox.wait(60, stop.is_set))
    timer.join()
    assert not news
    assert seconds < 30  # it did not wait for its time


@pytest.mark.parametrize("idle", [True, False])
def test_wake_ends_the_wait_at_once(inbox: Inbox, idle: bool) -> None:
    inbox._idles = idle
    timer = later(0.3, inbox.wake)
    news, seconds = took(lambda: inbox.wait(60))
    timer.join()
    assert not news
    assert seconds < 30  # it did not wait for its time
    assert inbox.connected


def test_wake_before_the_wait_is_not_lost(inbox: Inbox) -> None:
    inbox.wake()
    assert took(lambda: inbox.wait(60))[1] < 30


def test_polled_where_idle_is_not_offered(imap_settings: Make, account: Account) -> None:
    with Inbox(imap_settings(poll_seconds=0.2)) as inbox:
        inbox.connect()
        inbox._idles = False
        assert inbox.new_uids() == []
        timer = later(0.3, lambda: account.append(MAIL))
        news, seconds = took(lambda: inbox.wait(20))
        timer.join()
        assert news
        assert seconds < 10  # it did not wait for its time
        assert inbox.new_uids() == [1]


def test_idle_is_renewed(imap_settings: Make, account: Account) -> None:
    with Inbox(imap_settings(idle_renew_seconds=0.2)) as inbox:
        inbox.connect()
        assert not inbox.wait(1)
        timer = later(0.5, lambda: account.append(MAIL))
        assert inbox.wait(20)
        timer.join()


def test_silent_death_is_noticed(
    imap_settings: Make, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Packets vanish: nothing ever comes, but the renewal gets no answer."""
    monkeypatch.setattr(waiting, "DONE_SECONDS", 0.5)
    with (
        FaultProxy(account.server.port) as proxy,
        Inbox(imap_settings(port=proxy.port, idle_renew_seconds=0.5)) as inbox,
    ):
        inbox.connect()
        timer = later(0.2, lambda: setattr(proxy, "swallow", True))
        with pytest.raises(MailboxError) as caught:
            inbox.wait(20)
        timer.join()
        assert caught.value.temporary
        assert not inbox.connected


def test_stop_does_not_wait_for_the_dead(imap_settings: Make, account: Account) -> None:
    stop = threading.Event()
    with (
        FaultProxy(account.server.port) as proxy,
        Inbox(imap_settings(port=proxy.port)) as inbox,
    ):
        inbox.connect()
        breaks = later(0.3, lambda: setattr(proxy, "swallow", True))
        timer = later(0.6, stop.set)
        news, seconds = took(lambda: inbox.wait(60, stop.is_set))
        breaks.join()
        timer.join()
        assert not news
        assert seconds < 30  # it did not wait for its time


@pytest.mark.parametrize("how", ["kick", "kill_connections"])
def test_server_that_hangs_up_is_called_again(
    imap_settings: Make, account: Account, how: str
) -> None:
    with Inbox(imap_settings(), chance=lambda: 1.0) as inbox:
        inbox.connect()
        timer = later(0.2, getattr(account, how))
        with pytest.raises(MailboxError) as caught:
            inbox.wait(20)
        timer.join()
        assert caught.value.temporary
        account.append(MAIL)
        while not inbox.ensure_connected():
            inbox.wait(5)
        assert inbox.new_uids() == [1]


def test_attempts_come_slower_and_slower(imap_settings: Make) -> None:
    now = [0.0]
    settings = imap_settings(port=free_port())
    with Inbox(settings, chance=lambda: 0.0, clock=lambda: now[0]) as inbox:
        tried: list[float] = []
        for now[0] in [tenth / 10 for tenth in range(200)]:
            try:
                assert not inbox.ensure_connected()
            except MailboxError:
                tried.append(now[0])
    assert tried == [0.0, 1.0, 3.0, 7.0, 15.0]


def test_what_a_person_must_mend_is_tried_seldom(imap_settings: Make) -> None:
    now = [0.0]
    with Inbox(imap_settings(folder="Nada"), chance=lambda: 0.0, clock=lambda: now[0]) as inbox:
        with pytest.raises(MailboxError):
            inbox.ensure_connected()
        now[0] = 255.0
        assert not inbox.ensure_connected()
        now[0] = 257.0
        with pytest.raises(MailboxError):
            inbox.ensure_connected()


def test_waiting_without_a_connection(imap_settings: Make) -> None:
    with Inbox(imap_settings(port=free_port()), chance=lambda: 0.0) as inbox:
        with pytest.raises(MailboxError):
            inbox.ensure_connected()
        news, seconds = took(lambda: inbox.wait(20))  # until the next attempt is due
        assert not news
        assert 0.8 < seconds < 10
