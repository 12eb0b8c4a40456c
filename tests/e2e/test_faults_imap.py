"""The mailbox under fault: whatever the server, the network or a person does to it meanwhile, every
mail that stays is taken in once.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence

import pytest

from tests.rig.books import (
    Books,
    WrittenMail,
    assert_books_balance,
    correspondence,
    expected,
    wait_until_settled,
)
from tests.rig.oauth import OAuthServer
from tests.rig.office import ADMIN, Office
from tests.rig.proxy import FaultProxy
from tests.rig.system import wait_until

PAUSES = {
    "bot.mail.connection.FIRST_PAUSE": 0.05,
    "bot.mail.connection.LONGEST_PAUSE": 0.5,
}


@pytest.fixture
def proxy(closed: Office) -> Iterator[FaultProxy]:
    """The network between the office's bot, which is not yet started, and its mailbox."""
    with FaultProxy(closed.account.server.port) as network:
        imap = closed.settings["imap"]
        imap |= {"port": network.port, "timeout_seconds": 1, "idle_renew_seconds": 1}
        closed.pauses = PAUSES
        closed.write_config()
        yield network


def deliver(office: Office, mails: Sequence[WrittenMail]) -> None:
    office.account.deliver(*(mail.raw for mail in mails))


def finish(office: Office, kinds: dict[str, Books], mails: Sequence[WrittenMail]) -> None:
    """Waits until all is done, stops the bot, and has a look at the books."""
    wait_until_settled(office, mails)
    assert office.stop() == 0
    assert_books_balance(office, expected(kinds, mails))


def wait_for_log(office: Office, words: str, times: int = 1) -> None:
    wait_until(lambda: office.log().count(words) >= times, words, 20)


def test_dropped_in_mid_fetch(closed: Office, kinds: dict[str, Books], proxy: FaultProxy) -> None:
    chance = random.Random(7)
    mails = correspondence(12, "dropped")
    deliver(closed, mails)
    for cuts in (1, 2):
        proxy.when(b"BODY.PEEK[]", lambda: proxy.cut_after(chance.randrange(200, 4000)))
        if closed.process is None:
            closed.launch()
        wait_for_log(closed, "imap.lost", cuts)
    finish(closed, kinds, mails)


def test_idle_that_never_speaks(closed: Office, kinds: dict[str, Books], proxy: FaultProxy) -> None:
    mails = correspondence(4, "silent")
    deliver(closed, mails[:2])
    closed.start()
    wait_until_settled(closed, mails[:2])
    proxy.swallow = True
    deliver(closed, mails[2:])
    wait_for_log(closed, "imap.lost")
    wait_for_log(closed, "imap.trouble", 2)  # new connections are not greeted either
    proxy.swallow = False
    finish(closed, kinds, mails)


@pytest.mark.parametrize(
    "command",
    [b"BODY.PEEK[]", *(pytest.param(c, marks=pytest.mark.soak) for c in (b"SEARCH", b"STORE"))],
)
def test_command_that_is_never_answered(
    closed: Office, kinds: dict[str, Books], proxy: FaultProxy, command: bytes
) -> None:
    mails = correspondence(3, "unanswered")
    deliver(closed, mails)
    proxy.when(command, lambda: setattr(proxy, "swallow", True))
    closed.launch()
    wait_for_log(closed, "imap.lost")
    proxy.swallow = False
    finish(closed, kinds, mails)


@pytest.mark.parametrize("how", ["kick", pytest.param("kill_connections", marks=pytest.mark.soak)])
def test_server_hangs_up(
    closed: Office, kinds: dict[str, Books], proxy: FaultProxy, how: str
) -> None:
    """With a BYE, and without; while the bot waits, and in mid-work."""
    mails = correspondence(6, how)
    hang_up = getattr(closed.account, how)
    closed.start()
    hang_up()
    wait_for_log(closed, "imap.lost")
    proxy.when(b"BODY.PEEK[]", hang_up)
    deliver(closed, mails)
    wait_for_log(closed, "imap.lost", 2)
    finish(closed, kinds, mails)


def test_token_expired(
    closed: Office, kinds: dict[str, Books], proxy: FaultProxy, oauth: OAuthServer
) -> None:
    """The server ends the session; at first there is no new token to be had."""
    imap = closed.settings["imap"]
    imap["auth"] = "oauth2-google"
    imap["oauth"] = {
        "service_account_file": str(oauth.service_account_file(closed.folder)),
        "token_url": oauth.google_token_url,
    }
    closed.write_config()
    mails = correspondence(4, "token")
    deliver(closed, mails[:2])
    closed.start()
    wait_until_settled(closed, mails[:2])
    oauth.failures += [(503, {"error": "unavailable"})] * 2
    oauth.expire_all()
    closed.account.kick()
    deliver(closed, mails[2:])
    finish(closed, kinds, mails)
    assert len(oauth.issued) == 2


def test_login_refused(closed: Office, kinds: dict[str, Books]) -> None:
    """The password changed: the bot goes on, says so, and catches up once it is put right."""
    secret = closed.folder / "imap-password"
    secret.write_text("de ayer", "utf-8")
    mails = correspondence(3, "refused")
    deliver(closed, mails)
    closed.launch()
    wait_for_log(closed, "check imap.username and its password")
    assert closed.stop() == 0
    secret.write_text(closed.account.password, "utf-8")
    closed.start()
    finish(closed, kinds, mails)


def test_uid_validity_changed(closed: Office, kinds: dict[str, Books], proxy: FaultProxy) -> None:
    """As after a restored backup: the same mails under new numbers, and others."""
    mails = correspondence(6, "validity")
    deliver(closed, mails[:4])
    closed.start()
    wait_until_settled(closed, mails[:4])
    closed.account.set_uid_validity(2**31)
    deliver(closed, mails[4:])
    closed.account.kick()
    finish(closed, kinds, mails)
    assert "imap.uidvalidity_changed" in closed.log()


@pytest.fixture
def folder(closed: Office, proxy: FaultProxy) -> str:
    """The bot watches a folder that is not the inbox, so that it can be deleted and renamed."""
    name = "Solicitudes"
    closed.settings["imap"]["folder"] = name
    closed.write_config()
    with closed.account.client() as person:
        person.create_folder(name)
    return name


def test_folder_deleted_and_recreated(closed: Office, kinds: dict[str, Books], folder: str) -> None:
    """With the same mail, less one, and another that now has its number."""
    mails = correspondence(6, "recreated")
    closed.account.append(*(mail.raw for mail in mails[:4]), folder=folder)
    closed.start()
    wait_until_settled(closed, mails[:4])
    with closed.account.client() as person:
        person.delete_folder(folder)
        wait_for_log(closed, "imap.trouble", 2)
        person.create_folder(folder)
    again = [mails[4], *mails[1:4], mails[5]]
    closed.account.append(*(mail.raw for mail in again), folder=folder)
    finish(closed, kinds, mails)


def test_folder_renamed_away_and_back(closed: Office, kinds: dict[str, Books], folder: str) -> None:
    mails = correspondence(5, "renamed")
    closed.account.append(*(mail.raw for mail in mails[:3]), folder=folder)
    closed.start()
    wait_until_settled(closed, mails[:3])
    with closed.account.client() as person:
        person.rename_folder(folder, "Antes")
        closed.account.kick()  # a session keeps what it has opened, whatever its name
    with closed.account.client() as person:
        wait_for_log(closed, "imap.trouble", 2)
        closed.account.append(mails[3].raw, folder="Antes")
        person.rename_folder("Antes", folder)
    closed.account.append(mails[4].raw, folder=folder)
    finish(closed, kinds, mails)


def test_deleted_by_a_person_meanwhile(
    closed: Office, kinds: dict[str, Books], proxy: FaultProxy
) -> None:
    """One before it is fetched, which is their right; one before it is flagged."""
    mails = correspondence(6, "deleted")
    deliver(closed, mails)

    def delete(uid: int, then: Callable[[], object] = lambda: None) -> None:
        with closed.account.client("INBOX") as person:
            person.delete_messages([uid])
            person.expunge()
        then()

    proxy.when(b"FETCH", lambda: delete(2))
    closed.launch()
    wait_until(lambda: not proxy.waits, "a message is deleted")
    proxy.when(b"STORE", lambda: delete(3))
    finish(closed, kinds, [mail for n, mail in enumerate(mails, 1) if n != 2])
    assert sorted(closed.account.flags()) == [1, 4, 5, 6]
    assert all("$BotDone" in flags for flags in closed.account.flags().values())


THROTTLED = "NO Request is throttled. Suggested Backoff Time: 1500 milliseconds"
MOODS = {
    "throttled at FETCH": (b"UID FETCH", THROTTLED),
    "over its bandwidth at FETCH of bodies": (
        rb"BODY\.PEEK\[\]", "NO [OVERQUOTA] Account exceeded command or bandwidth limits.",
    ),
    "without a reason at FETCH": (b"UID FETCH", "NO No se pudo"),
    "system error at SEARCH": (b"UID SEARCH", "NO System Error (Failure)"),
    "a limit at SEARCH": (b"UID SEARCH", "NO [LIMIT] Rate limit hit"),
    "unavailable at SELECT": (b"SELECT", "NO [UNAVAILABLE] Server busy"),
    "in use at SELECT": (b"SELECT", "NO [INUSE] Mailbox is locked"),
    "a bug at STORE": (b"UID STORE", "NO [SERVERBUG] Internal error occurred."),
    "over quota at STORE": (b"UID STORE", "NO Quota exceeded (mailbox for user is full)"),
    "throttled at IDLE": (b"IDLE", THROTTLED),
    "unavailable at NOOP": (b"NOOP", "NO [UNAVAILABLE] Temporarily unavailable"),
}  # fmt: skip
"""What the server refuses for a while, and in what words."""


AGAIN = {"a limit at SEARCH", "in use at SELECT", "over quota at STORE"}


@pytest.mark.parametrize(
    "mood", [pytest.param(m, marks=pytest.mark.soak) if m in AGAIN else m for m in MOODS]
)
def test_mood_is_waited_out(
    closed: Office, kinds: dict[str, Books], proxy: FaultProxy, mood: str
) -> None:
    """Nothing is put aside, and the server is asked at most once a second meanwhile."""
    mails = correspondence(6, "mood")
    deliver(closed, mails[:3])
    proxy.answer(*MOODS[mood], times=2)
    closed.launch()
    wait_until(lambda: proxy.answers_left < 2, "the server refuses")
    deliver(closed, mails[3:])
    wait_until(lambda: not proxy.answers_left, "the server does again what it is asked", 30)
    finish(closed, kinds, mails)
    refused = [command.at for command in proxy.commands if command.answer]
    meanwhile = [c for c in proxy.commands if refused[0] <= c.at <= refused[-1]]
    assert len(meanwhile) - 1 <= refused[-1] - refused[0] + 0.5, [c.words for c in meanwhile]


def test_found_but_not_handed_over(
    closed: Office, kinds: dict[str, Books], proxy: FaultProxy
) -> None:
    """Exchange finds messages and, for a while, hands nothing over: no refusal, and no mail."""
    closed.pauses = {**PAUSES, "bot.mail.fetching.FIRST_DOUBT": 0.1}
    mails = correspondence(4, "absent")
    deliver(closed, mails)
    proxy.answer(rb"BODY\.PEEK\[\]", "OK Success", times=4)
    closed.launch()
    wait_until(lambda: not proxy.answers_left, "all are handed over")
    finish(closed, kinds, mails)


def test_fault_of_its_own_goes_to_quarantine_and_comes_back(
    closed: Office, kinds: dict[str, Books], proxy: FaultProxy
) -> None:
    """One message is never handed over; the others are; later it is, when somebody says so."""
    closed.pauses = {**PAUSES, "bot.mail.fetching.FIRST_DOUBT": 0.1}
    mails = correspondence(4, "faulty")
    deliver(closed, mails)
    proxy.answer(rb"UID FETCH ([0-9,]+,)?2[ ,].*BODY\.PEEK\[\]", "BAD Command Error. 12", times=4)
    closed.launch()
    closed.mail("alarm", ADMIN, 40)
    assert "Command Error. 12" in closed.bot("quarantine").stdout
    assert closed.stop() == 0
    assert closed.bot("quarantine", "retry").stdout.startswith("1 message")
    closed.start()
    wait_until_settled(closed, range(len(mails) + 1))
    assert closed.stop() == 0
    books = expected(kinds, mails)
    books.messages["", "ignored"] += 1
    books.replies["", "alarm", ADMIN] += 1
    assert_books_balance(closed, books)
    assert all("$BotDone" in flags for flags in closed.account.flags().values())


def test_read_and_moved_by_a_person(closed: Office, kinds: dict[str, Books]) -> None:
    """Read before the bot was there; moved away before and after, and back."""
    mails = correspondence(6, "moved")
    closed.account.append(*(mail.raw for mail in mails), flags=[r"\Seen"])
    with closed.account.client("INBOX") as person:
        person.create_folder("Vistos")
        person.move([5, 6], "Vistos")
    closed.start()
    wait_until_settled(closed, mails[:4])
    with closed.account.client("INBOX") as person:
        person.move([1, 2], "Vistos")
        person.select_folder("Vistos")
        person.move(person.search("ALL"), "INBOX")
    finish(closed, kinds, mails)
