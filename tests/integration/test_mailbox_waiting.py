"""Waiting for mail: quick to hear, quick to stop, and not deaf for long."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from itertools import pairwise

import pytest
from pydantic import SecretStr

from bot.config.settings import ImapSettings
from bot.mail import folder_connection, waiting
from bot.mail.errors import MailboxError, suggested_wait
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


def without_idle(inbox: Inbox) -> None:
    client = inbox._client
    assert client is not None
    offered = client.has_capability
    client.has_capability = lambda name: name != "IDLE" and offered(name)


@pytest.mark.parametrize("idle", [True, False])
def test_wake_ends_the_wait_at_once(inbox: Inbox, idle: bool) -> None:
    if not idle:
        without_idle(inbox)
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
        without_idle(inbox)
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
    settings = imap_settings(password=SecretStr("no"))
    with Inbox(settings, chance=lambda: 0.0, clock=lambda: now[0]) as inbox:
        with pytest.raises(MailboxError):
            inbox.ensure_connected()
        now[0] = 255.0
        assert not inbox.ensure_connected()
        now[0] = 257.0
        with pytest.raises(MailboxError):
            inbox.ensure_connected()


def test_missing_folder_is_asked_for_slower_and_slower(
    imap_settings: Make, account: Account
) -> None:
    """On one connection: somebody may be about to make it."""
    now = [0.0]
    with FaultProxy(account.server.port) as proxy:
        settings = imap_settings(folder="Nada", port=proxy.port)
        with Inbox(settings, chance=lambda: 0.0, clock=lambda: now[0]) as inbox:
            tried: list[float] = []
            for now[0] in [float(second) for second in range(60)]:
                try:
                    assert not inbox.ensure_connected()
                except MailboxError:
                    tried.append(now[0])
            assert not inbox.connected
            with account.client() as person:
                person.create_folder("Nada")
            now[0] = 100.0
            assert inbox.ensure_connected()
        assert proxy.accepted == 1
    assert tried == [0.0, 2.0, 6.0, 14.0, 30.0]


def test_the_time_that_the_server_asks_for(imap_settings: Make, account: Account) -> None:
    now = [0.0]
    with FaultProxy(account.server.port) as proxy:
        settings = imap_settings(port=proxy.port)
        with Inbox(settings, clock=lambda: now[0]) as inbox:
            inbox.connect()
            words = "NO Request is throttled. Suggested Backoff Time: 96385 milliseconds"
            proxy.answer(b"UID SEARCH", words, times=1)
            with pytest.raises(MailboxError):
                inbox.new_uids()
            assert not inbox.connected
            now[0] = 96.0
            assert not inbox.ensure_connected()
            now[0] = 96.4
            assert inbox.ensure_connected()
            assert inbox.new_uids() == []


@pytest.mark.parametrize(
    ("words", "seconds"),
    [
        ("Suggested Backoff Time: 96385 milliseconds", 96.385),
        ("Try again in 5 minutes", 300),
        ("retry after 30s, please", 30),
        ("wait 2 hours", 7200),
        ("limit of 500 messages a day reached", 0),
        ("Server busy; session 12 of 15", 0),
        ("again", 0),
    ],
)
def test_for_how_long_words_ask(words: str, seconds: float) -> None:
    assert suggested_wait(words) == pytest.approx(seconds)


def test_refused_idle_is_polled_and_tried_again(imap_settings: Make, account: Account) -> None:
    with FaultProxy(account.server.port) as proxy:
        settings = imap_settings(port=proxy.port, poll_seconds=0.5)
        with Inbox(settings, chance=lambda: 1.0) as inbox:
            inbox.connect()
            proxy.answer(b"IDLE", "NO [UNAVAILABLE] not now", times=1)
            timer = later(0.3, lambda: account.append(MAIL))
            assert inbox.wait(20)
            timer.join()
            assert inbox.new_uids() == [1]
            inbox.wait(1.5)
            idles = [command for command in proxy.commands if command.words == b"IDLE"]
        assert len(idles) == 2
        assert proxy.accepted == 1


def test_mail_announced_before_idle_begins(imap_settings: Make, account: Account) -> None:
    """A server may say EXISTS before it says `+`."""
    with FaultProxy(account.server.port) as proxy:
        with Inbox(imap_settings(port=proxy.port)) as inbox:
            inbox.connect()
            assert inbox.new_uids() == []
            proxy.when(b"IDLE", lambda: proxy.say(b"* 7 EXISTS\r\n"))
            news, seconds = took(lambda: inbox.wait(20))
            assert inbox.connected
        assert news
        assert seconds < 5
        assert proxy.accepted == 1


class RepeatingProxy(FaultProxy):
    """A server that tells how much there is each time it hears `command`."""

    command = b""

    def _look_at(self, data: bytes) -> None:
        if self.command in data:
            self.say(b"* 1 EXISTS\r\n")


@pytest.mark.parametrize("command", [b"NOOP", b"IDLE"])
def test_server_that_tells_the_same_again_is_asked_slowly(
    imap_settings: Make, account: Account, monkeypatch: pytest.MonkeyPatch, command: bytes
) -> None:
    monkeypatch.setattr(folder_connection, "LEAST_PAUSE", 0.4)
    account.append(MAIL)
    with RepeatingProxy(account.server.port) as proxy:
        proxy.answer(b"(?!)", "")  # it keeps the commands
        with Inbox(imap_settings(port=proxy.port), chance=lambda: 1.0) as inbox:
            inbox.connect()
            proxy.commands.clear()
            proxy.command = command
            for _ in range(2):
                assert inbox.wait(20)  # it may be true
                assert inbox.new_uids() == [1]
    times = [sent.at for sent in proxy.commands if sent.words.endswith((b"NOOP", b"IDLE"))]
    assert len(times) == (4 if command == b"NOOP" else 6)
    repeated = times[command == b"IDLE" :]
    assert all(after - before > 0.39 for before, after in pairwise(repeated))


def test_waiting_without_a_connection(imap_settings: Make) -> None:
    with Inbox(imap_settings(port=free_port()), chance=lambda: 0.0) as inbox:
        with pytest.raises(MailboxError):
            inbox.ensure_connected()
        news, seconds = took(lambda: inbox.wait(20))  # until the next attempt is due
        assert not news
        assert 0.8 < seconds < 10


def test_news_of_a_connection_that_was_lost_end_no_wait(
    imap_settings: Make, account: Account
) -> None:
    with FaultProxy(account.server.port) as proxy:
        settings = imap_settings(port=proxy.port, timeout_seconds=2)
        with Inbox(settings, chance=lambda: 0.0) as inbox:
            inbox.connect()
            account.append(MAIL)
            assert inbox.wait(20)  # there is mail; before it is looked for the server is gone
            inbox.disconnect()
            proxy.refuse = True
            with pytest.raises(MailboxError):
                inbox.ensure_connected()
            news, seconds = took(lambda: inbox.wait(20))
        assert not news
        assert 0.8 < seconds < 10
