"""The bot's inbox on the servers that institutions run."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pydantic import SecretStr

from bot.config.settings import ImapSettings
from bot.mail.errors import MailboxError
from bot.mail.folder_connection import KEYWORD
from bot.mail.imap import Inbox
from tests.rig.dovecot import Account
from tests.zoo.imap_servers import mailbox

MB = 2**20
KEEPS_NO_KEYWORDS = {"pymap"}
IN_CI = ("cyrus",)
NAMES = ("dovecot", "cyrus", "courier", "pymap")

Make = Callable[..., ImapSettings]


@pytest.fixture(
    scope="module",
    params=[pytest.param(n, marks=() if n in IN_CI else pytest.mark.soak) for n in NAMES],
)
def account(request: pytest.FixtureRequest) -> Iterator[Account]:
    with mailbox(request.param) as account:
        yield account


@pytest.fixture
def name(account: Account) -> str:
    return getattr(account.server, "name", "dovecot")


@pytest.fixture
def folder(account: Account, request: pytest.FixtureRequest) -> str:
    """A folder of the test's own."""
    name = getattr(account.server, "prefix", "") + request.node.originalname.title().replace(
        "_", ""
    )
    with account.client() as person:
        person.create_folder(name)
    return name


@pytest.fixture
def make(account: Account, folder: str) -> Make:
    def settings(**changes: Any) -> ImapSettings:
        usual: dict[str, Any] = {
            "host": account.server.host, "port": account.server.port, "security": "none",
            "username": account.username, "password": SecretStr(account.password),
            "timeout_seconds": 10, "folder": folder, "poll_seconds": 1, "batch": 10,
        }  # fmt: skip
        return ImapSettings(**{**usual, **changes})

    return settings


@pytest.fixture
def inbox(make: Make) -> Iterator[Inbox]:
    with Inbox(make(), chance=lambda: 1.0) as inbox:
        inbox.connect()
        yield inbox


def mail(number: int, size: int = 0) -> bytes:
    text = "Café, ñandú — “comillas”.\r\n" + ("x" * 70 + "\r\n") * (size // 72)
    head = f"From: ana@upaep.mx\r\nSubject: {number}\r\nMessage-ID: <z{number}@upaep.mx>\r\n\r\n"
    return (head + text).encode()


def test_mail_comes_in_whole(inbox: Inbox, account: Account, folder: str) -> None:
    account.append(mail(1), mail(2, 200_000), folder=folder, flags=[r"\Seen"])
    account.append(mail(3), b"Subject: x\r\n\r\n", folder=folder)
    uids = inbox.new_uids()
    assert len(uids) == 4
    got = {message.uid: message for message in inbox.fetch(uids, MB)}
    assert [got[uid].raw for uid in uids] == [
        mail(1), mail(2, 200_000), mail(3), b"Subject: x\r\n\r\n"
    ]  # fmt: skip
    assert all(got[uid].internal_date is not None for uid in uids)
    assert inbox.new_uids(uids[1]) == uids[2:]
    assert inbox.new_uids(uids[-1]) == []
    assert r"\Seen" not in account.flags(folder)[uids[2]]  # reading does not mark
    headers = next(iter(inbox.fetch([uids[1]], 10_000)))
    assert headers.problem
    assert headers.raw.startswith(b"From: ana@upaep.mx\r\n")


def test_new_mail_ends_the_wait(inbox: Inbox, account: Account, folder: str) -> None:
    assert inbox.new_uids() == []
    for number in range(3):
        later = threading.Timer(0.4, account.append, [mail(number)], {"folder": folder})
        later.start()
        began = time.monotonic()
        assert inbox.wait(20)
        assert time.monotonic() - began < 10
        later.join()
        assert len(inbox.new_uids()) == number + 1


def test_done_is_marked_by_what_the_server_keeps(
    inbox: Inbox, account: Account, folder: str, name: str
) -> None:
    account.append(*(mail(n) for n in range(12)), folder=folder)
    uids = inbox.new_uids()
    assert inbox.mark_done(uids[:11], inbox.position().uid_validity) == uids[:11]
    inbox.disconnect()
    flag = r"\Seen" if name in KEEPS_NO_KEYWORDS else KEYWORD
    flags = account.flags(folder)
    assert [uid for uid in uids if flag.lower() in {f.lower() for f in flags[uid]}] == uids[:11]
    inbox.connect()
    assert inbox.new_uids() == uids  # a flag is no state


def test_done_is_moved(make: Make, account: Account, folder: str) -> None:
    account.append(mail(1), mail(2), mail(3), folder=folder)
    done = f"{folder}Hechos"
    with Inbox(make(done_folder=done)) as inbox:
        inbox.connect()
        first, second, third = inbox.new_uids()
        with account.client(folder) as person:
            person.add_flags([second], [r"\Deleted"])  # not ours to expunge
        inbox.mark_done([first, third], inbox.position().uid_validity)
    moved = set(account.messages(done).values())
    assert moved == {mail(1), mail(3)}
    left = account.flags(folder)
    assert second in left
    assert all(r"\Deleted" in left[uid] for uid in left)


def test_folder_made_anew_has_another_uid_validity(
    inbox: Inbox, account: Account, folder: str
) -> None:
    account.append(mail(1), mail(2), folder=folder)
    assert len(inbox.new_uids()) == 2
    before = inbox.position().uid_validity
    inbox.disconnect()
    time.sleep(1.1)  # UIDVALIDITY is a time of whole seconds on most
    with account.client() as person:
        person.delete_folder(folder)
        person.create_folder(folder)
    account.append(mail(3), folder=folder)
    inbox.connect()
    assert inbox.position().uid_validity != before
    (uid,) = inbox.new_uids()
    assert [m.raw for m in inbox.fetch([uid], MB)] == [mail(3)]
    assert inbox.mark_done([uid], before) == [uid]
    assert account.flags(folder)[uid] - {r"\Seen"} == set()  # it is another message


def test_what_a_person_deleted_is_left_out(inbox: Inbox, account: Account, folder: str) -> None:
    account.append(*(mail(n) for n in range(5)), folder=folder)
    uids = inbox.new_uids()
    with account.client(folder) as person:
        person.delete_messages([uids[1]])
        person.expunge()
    assert [m.uid for m in inbox.fetch(uids, MB)] == [uids[0], *uids[2:]]
    assert inbox.new_uids() == [uids[0], *uids[2:]]  # Courier's session learns it by NOOP alone
    assert inbox.still_there(uids) == {uids[0], *uids[2:]}


@pytest.mark.soak
def test_a_server_that_cannot_be_talked_to_is_told() -> None:
    """Mailutils 3.15 ends its answer to AUTHENTICATE without CR, and finds nothing from `n:*`."""
    with mailbox("mailutils") as account:
        settings = ImapSettings(
            host=account.server.host, port=account.server.port, security="none",
            username=account.username, password=SecretStr(account.password), timeout_seconds=5,
        )  # fmt: skip
        with Inbox(settings) as inbox, pytest.raises(MailboxError, match="unterminated line"):
            inbox.connect()
