"""Reading the inbox, against a real Dovecot."""

from __future__ import annotations

import datetime as dt
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any

import pytest

from bot.config.settings import ImapSettings
from bot.mail import folder_connection
from bot.mail.errors import MailboxError
from bot.mail.fetching import (
    ABSENT_LIMIT,
    LOST_LIMIT,
    REFUSED_LIMIT,
    About,
    Fetcher,
)
from bot.mail.first_look import first_look, look_again
from bot.mail.imap import Inbox
from bot.workflow.lifecycle import FetchedMessage
from tests.rig.dovecot import Account
from tests.rig.proxy import FaultProxy

Make = Callable[..., ImapSettings]
MB = 2**20


def mail(number: int, size: int = 0) -> bytes:
    body = (b"x" * 70 + b"\r\n") * (size // 72)
    return b"From: ana@upaep.mx\r\nSubject: %d\r\n\r\nHola.\r\n" % number + body


@pytest.fixture
def inbox(imap_settings: Make) -> Iterator[Inbox]:
    with Inbox(imap_settings(batch=10), chance=lambda: 1.0) as inbox:
        inbox.connect()
        yield inbox


class Wire:
    """The commands that are sent from now on."""

    def __init__(self, inbox: Inbox) -> None:
        self.lines: list[str] = []
        assert inbox._client is not None
        send = inbox._client._imap.send

        def spy(data: bytes) -> None:
            self.lines.append(data.decode())
            send(data)

        inbox._client._imap.send = spy

    def commands(self, name: str) -> list[str]:
        return [line for line in self.lines if f" {name} " in line]


def test_what_people_have_read_is_still_new(inbox: Inbox, account: Account) -> None:
    account.append(mail(1), mail(2), flags=[r"\Seen"])
    account.append(mail(3))
    assert inbox.new_uids() == [1, 2, 3]
    assert inbox.new_uids(1) == [2, 3]
    assert inbox.new_uids(3) == []
    assert [f.raw for f in inbox.fetch([1, 2, 3], MB)] == [mail(1), mail(2), mail(3)]
    assert account.flags()[3] == set()


def test_internal_date_knows_its_zone(inbox: Inbox, account: Account) -> None:
    account.append(mail(1))
    (fetched,) = inbox.fetch(inbox.new_uids(), MB)
    assert fetched.internal_date is not None
    assert abs(dt.datetime.now(dt.UTC) - fetched.internal_date) < dt.timedelta(minutes=1)
    assert fetched.size == len(mail(1))


def test_size_is_asked_before_the_body(inbox: Inbox, account: Account) -> None:
    account.append(mail(1), mail(2, size=50_000), mail(3))
    wire = Wire(inbox)
    small, big, last = inbox.fetch(inbox.new_uids(), 10_000)
    assert (small.raw, last.raw) == (mail(1), mail(3))
    assert big.size == len(mail(2, size=50_000))
    assert big.raw == b"From: ana@upaep.mx\r\nSubject: 2\r\n\r\n"
    assert "too big" in big.problem
    first, *others = wire.commands("FETCH")
    assert "FETCH 1,2,3 (RFC822.SIZE INTERNALDATE)" in first
    assert not any("2 (BODY.PEEK[])" in command for command in others)


def test_headers_of_what_is_too_big_are_bounded(inbox: Inbox, account: Account) -> None:
    account.append(b"Subject: x\r\nX-Long: " + b"y" * 300_000 + b"\r\n\r\nz\r\n")
    (fetched,) = inbox.fetch(inbox.new_uids(), 1000)
    assert fetched.raw.startswith(b"Subject: x\r\n")
    assert len(fetched.raw) == 65536


def test_message_deleted_meanwhile_is_left_out(inbox: Inbox, account: Account) -> None:
    account.append(*(mail(n) for n in range(1, 6)))
    uids = inbox.new_uids()
    messages = inbox.fetch(uids, MB)
    with account.client("INBOX") as person:
        person.delete_messages([2])
        person.expunge()
    assert [m.uid for m in messages] == [1, 3, 4, 5]


def test_deleted_between_size_and_body(inbox: Inbox, account: Account) -> None:
    account.append(*(mail(n) for n in range(1, 21)))
    messages = inbox.fetch(inbox.new_uids(), MB)
    assert next(messages).uid == 1  # the first ten are fetched by now
    with account.client("INBOX") as person:
        person.delete_messages([15])
        person.expunge()
    assert [m.uid for m in messages] == [n for n in range(2, 21) if n != 15]


def test_message_that_kills_the_connection_stops_nobody(
    imap_settings: Make, account: Account
) -> None:
    """Dovecot hangs up where a file is shorter than its index says, each time anew."""
    account.append(*(mail(n, size=60_000) for n in range(1, 6)))
    with account.client("INBOX") as person:
        person.fetch([1, 2, 3, 4, 5], ["RFC822.SIZE"])
    files = (account.home / "Maildir" / "cur").iterdir()
    third = next(file for file in files if b"\nSubject: 3" in file.read_bytes())
    third.write_bytes(b"Subject: 3\r\n\r\n")
    now = [0.0]
    found: dict[int, FetchedMessage] = {}
    with Inbox(imap_settings(batch=10), clock=lambda: now[0]) as inbox:
        for _ in range(LOST_LIMIT):
            now[0] += 300
            assert inbox.ensure_connected()
            with pytest.raises(MailboxError):
                read(inbox, found)
        now[0] += 300
        assert inbox.ensure_connected()
        read(inbox, found)
    assert {uid for uid, m in found.items() if not m.problem} == {1, 2, 4, 5}
    assert f"connection was lost {LOST_LIMIT} times" in found[3].problem


def read(inbox: Inbox, found: dict[int, FetchedMessage]) -> None:
    """Fetches what is not yet among `found`, and puts it there."""
    missing = [uid for uid in inbox.new_uids() if uid not in found]
    for message in inbox.fetch(missing, MB):
        found[message.uid] = message


def refuse(
    client: Any, bad: int, part: str, words: str = "BAD Command Error. 12"
) -> list[list[int]]:
    """Refuses a part of one message, alone and with others, as Exchange does; the UIDs asked."""
    fetch, asked = client.fetch, []

    def refusing(uids: list[int], parts: list[str]) -> object:
        if bad in uids and part in parts:
            asked.append(list(uids))
            raise client.Error(f"fetch failed: {words}")
        return fetch(uids, parts)

    client.fetch = refusing
    return asked


@pytest.mark.parametrize("part", ["BODY.PEEK[]", "RFC822.SIZE"])
@pytest.mark.parametrize("count", [1, 4])
def test_message_that_is_refused_stops_nobody(
    imap_settings: Make, account: Account, monkeypatch: pytest.MonkeyPatch, part: str, count: int
) -> None:
    """It is asked for alone, later, three times, and then told of."""
    monkeypatch.setattr(folder_connection, "LEAST_PAUSE", 0.0)
    account.append(*(mail(n) for n in range(1, count + 1)))
    now = [0.0]
    found: dict[int, FetchedMessage] = {}
    with Inbox(imap_settings(batch=10), chance=lambda: 1.0, clock=lambda: now[0]) as inbox:
        inbox.connect()
        asked = refuse(inbox._client, bad=1, part=part)
        while 1 not in found:
            before = len(asked)
            with suppress(MailboxError):
                read(inbox, found)
            assert len(asked) - before <= 1  # never twice without a pause between
            now[0] += 100
            assert inbox.ensure_connected()
    assert len([uids for uids in asked[1:] if uids == [1]]) in (REFUSED_LIMIT, REFUSED_LIMIT + 1)
    assert {uid for uid, m in found.items() if not m.problem} == set(range(2, count + 1))
    assert "Command Error. 12" in found[1].problem


@pytest.mark.parametrize("part", ["BODY.PEEK[]", "RFC822.SIZE"])
def test_message_over_which_the_server_blames_itself_stops_nobody(
    imap_settings: Make, account: Account, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    """Dovecot says SERVERBUG of a damaged one: it waits alone, the others are fetched."""
    monkeypatch.setattr(folder_connection, "LEAST_PAUSE", 0.0)
    account.append(*(mail(n) for n in range(1, 5)))
    now = [0.0]
    found: dict[int, FetchedMessage] = {}
    with Inbox(imap_settings(batch=10), chance=lambda: 1.0, clock=lambda: now[0]) as inbox:
        inbox.connect()
        asked = refuse(inbox._client, bad=1, part=part, words="NO [SERVERBUG] Internal error")
        for number in range(5, 15):
            with suppress(MailboxError):
                read(inbox, found)
            now[0] += 100
            assert inbox.ensure_connected()
            if {2, 3, 4} <= found.keys():
                account.append(mail(number))  # others come, and are answered
    assert 1 not in found
    assert set(found) > {2, 3, 4, 5}
    assert not any(message.problem for message in found.values())
    assert asked[2:] == [[1]] * (len(asked) - 2)  # together, once more, then alone


def test_mood_puts_no_message_aside(
    imap_settings: Make, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where everything is refused, in whatever words, no message is to blame."""
    monkeypatch.setattr(folder_connection, "LEAST_PAUSE", 0.0)
    account.append(*(mail(n) for n in range(1, 4)))
    now = [0.0]
    found: dict[int, FetchedMessage] = {}
    with FaultProxy(account.server.port) as proxy:
        settings = imap_settings(port=proxy.port, batch=10)
        with Inbox(settings, chance=lambda: 1.0, clock=lambda: now[0]) as inbox:
            inbox.connect()
            proxy.answer(b"UID FETCH", "NO hoy no", times=30)
            for _ in range(30):
                with pytest.raises(MailboxError):
                    read(inbox, found)
                now[0] += 300
            read(inbox, found)
    assert {uid: m.raw for uid, m in found.items()} == {n: mail(n) for n in range(1, 4)}


def test_found_but_not_handed_over(
    imap_settings: Make, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exchange finds a message and for a while has nothing to say of it: it is asked again."""
    account.append(*(mail(n) for n in range(1, 4)))
    now = [0.0]
    found: dict[int, FetchedMessage] = {}
    with FaultProxy(account.server.port) as proxy:
        settings = imap_settings(port=proxy.port, batch=1)
        with Inbox(settings, clock=lambda: now[0]) as inbox:
            inbox.connect()
            inbox.new_uids()
            proxy.answer(rb"UID FETCH 2 ", "OK Success", times=3)
            for _ in range(3):
                read(inbox, found)
                assert set(found) == {1, 3}
                assert inbox.is_to_be_asked_again
                now[0] += 100
                assert inbox.wait(0.1)
            read(inbox, found)
            assert found[2].raw == mail(2)
            assert not inbox.is_to_be_asked_again


def test_never_handed_over(imap_settings: Make, account: Account) -> None:
    """In the end nobody waits for it any more, and nobody is alarmed."""
    account.append(mail(1), mail(2))
    now = [0.0]
    found: dict[int, FetchedMessage] = {}
    with FaultProxy(account.server.port) as proxy:
        settings = imap_settings(port=proxy.port, batch=1)
        with Inbox(settings, clock=lambda: now[0]) as inbox:
            inbox.connect()
            proxy.answer(rb"UID FETCH 1 ", "OK Success", times=1000)
            for _ in range(ABSENT_LIMIT):
                assert inbox.ghosts == set()
                read(inbox, found)
                now[0] += 300
            assert inbox.ghosts == {1}
            read(inbox, found)
            assert not inbox.is_to_be_asked_again
    assert set(found) == {2}


def test_session_without_its_mailbox_is_opened_anew(imap_settings: Make, account: Account) -> None:
    account.append(mail(1))
    with (
        FaultProxy(account.server.port) as proxy,
        Inbox(imap_settings(port=proxy.port), chance=lambda: 1.0) as inbox,
    ):
        inbox.connect()
        proxy.answer(b"NOOP", "BAD User is authenticated but not connected.", times=1)
        with pytest.raises(MailboxError) as caught:
            inbox.new_uids()
        assert caught.value.temporary
        while not inbox.ensure_connected():
            inbox.wait(5)
        assert inbox.new_uids() == [1]
        assert proxy.accepted == 2


def test_uid_validity_change_is_seen(inbox: Inbox, account: Account) -> None:
    account.append(mail(1))
    before = inbox.position()
    inbox.disconnect()
    account.set_uid_validity(before.uid_validity + 1000)
    inbox.connect()
    assert inbox.position().uid_validity == before.uid_validity + 1000
    inbox.mark_done([1], before.uid_validity)
    assert account.flags() == {1: set()}


def test_backlog_in_bounded_memory(imap_settings: Make, account: Account) -> None:
    account.deliver(*(mail(n, size=20_000) for n in range(3000)))  # 60 MB
    with Inbox(imap_settings(batch=100)) as inbox:
        inbox.connect()
        tracemalloc.start()
        seen = 0
        for fetched in inbox.fetch(inbox.new_uids(), MB):
            assert fetched.raw is not None
            seen += 1
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert seen == 3000
    assert peak < 12 * MB


def test_large_messages_are_not_held_together(imap_settings: Make, account: Account) -> None:
    account.deliver(*(mail(n, size=3 * MB) for n in range(10)))
    with Inbox(imap_settings(batch=100)) as inbox:
        inbox.connect()
        tracemalloc.start()
        sizes = [f.size for f in inbox.fetch(inbox.new_uids(), 10 * MB)]
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert len(sizes) == 10
    assert peak < 20 * MB


def test_search_in_windows(inbox: Inbox, account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    account.append(*(mail(n) for n in range(1, 26)))
    monkeypatch.setattr(folder_connection, "SEARCH_WINDOW", 7)
    inbox.connect()
    wire = Wire(inbox)
    assert inbox.new_uids() == list(range(1, 26))
    assert len(wire.commands("SEARCH")) == 4
    assert inbox.new_uids(20) == list(range(21, 26))


def test_done_is_a_keyword(inbox: Inbox, account: Account) -> None:
    account.append(*(mail(n) for n in range(1, 26)))
    inbox.mark_done(inbox.new_uids()[:24], inbox.position().uid_validity)
    flags = account.flags()
    assert all(flags[uid] == {"$BotDone"} for uid in range(1, 25))
    assert flags[25] == set()


@pytest.mark.parametrize("without", [(), ("MOVE",), ("MOVE", "UIDPLUS")])
def test_done_is_moved(
    imap_settings: Make, account: Account, monkeypatch: pytest.MonkeyPatch, without: tuple[str]
) -> None:
    account.append(mail(1), mail(2), mail(3))
    with Inbox(imap_settings(done_folder="Atendidos")) as inbox:
        inbox.connect()
        client = inbox._client
        assert client is not None
        offered = client.has_capability
        monkeypatch.setattr(client, "has_capability", lambda c: c not in without and offered(c))
        with account.client("INBOX") as person:
            person.add_flags([2], [r"\Deleted"])  # not ours to expunge
        inbox.mark_done([1, 3], inbox.position().uid_validity)
    assert set(account.messages("Atendidos").values()) == {mail(1), mail(3)}
    assert all("$BotDone" in flags for flags in account.flags("Atendidos").values())
    left = account.flags()
    assert r"\Deleted" in left[2]
    assert set(left) == ({1, 2, 3} if "UIDPLUS" in without else {2})


def test_read_flag_where_keywords_are_not_kept(
    inbox: Inbox, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    from imapclient import IMAPClient

    select = IMAPClient.select_folder

    def like_exchange(self: IMAPClient, folder: str) -> dict[bytes, object]:
        answer: dict[bytes, object] = select(self, folder)
        return {**answer, b"PERMANENTFLAGS": (rb"\Seen", rb"\Answered")}

    monkeypatch.setattr(IMAPClient, "select_folder", like_exchange)
    account.append(mail(1))
    inbox.connect()
    inbox.mark_done([1], inbox.position().uid_validity)
    assert account.flags() == {1: {r"\Seen"}}


def test_dropped_in_mid_fetch_and_resumed(imap_settings: Make, account: Account) -> None:
    account.append(*(mail(n, size=5000) for n in range(1, 31)))
    with (
        FaultProxy(account.server.port) as proxy,
        Inbox(imap_settings(port=proxy.port, batch=10), chance=lambda: 1.0) as inbox,
    ):
        inbox.connect()
        found: dict[int, FetchedMessage] = {}
        proxy.cut_after(80_000)
        with pytest.raises(MailboxError) as caught:
            read(inbox, found)
        assert found
        assert caught.value.temporary
        assert not inbox.connected
        while not inbox.ensure_connected():
            inbox.wait(5)
        read(inbox, found)
    assert set(found) == set(range(1, 31))
    assert all(not m.problem for m in found.values())


def test_what_comes_in_the_second_of_the_first_look_is_found_again(
    imap_settings: Make, account: Account
) -> None:
    """Servers tell whole seconds: what came at once after the look bears a time before it."""
    with Inbox(imap_settings()) as inbox:
        inbox.connect()
        looked = dt.datetime.now(dt.UTC)
        with account.client() as client:
            client.append("INBOX", mail(1), msg_time=looked - dt.timedelta(hours=1))
            client.append("INBOX", mail(2), msg_time=looked.replace(microsecond=0))
        look = first_look(inbox, "start", looked.replace(microsecond=999_999))
    account.set_uid_validity(2**31)
    with Inbox(imap_settings()) as inbox:
        inbox.connect()
        assert inbox.old_uids(0, look_again(inbox, look.old.since).old) == [2]


def test_words_of_the_server_about_a_message_are_not_the_message() -> None:
    """Courier's, to a session that has not heard yet that another one deleted it."""
    said = (
        b"From: System Administrator <root@localhost>\r\nSubject: message unavailable\r\n\r\n"
        b"This message is no longer available on the server.\r\n"
    )

    def ask(uids: Sequence[int], parts: str) -> dict[int, About]:
        return {uid: {b"RFC822.SIZE": len(said), b"BODY[]": said} for uid in uids}

    fetcher = Fetcher(10, lambda: 0.0)
    assert list(fetcher.fetch(ask, [1], MB)) == []
    assert fetcher.doubts == 1  # it is asked for again, in case
