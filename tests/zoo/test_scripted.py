"""What only the large providers do: labels, throttling, sessions that end, mail that comes late."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.config.settings import ImapSettings, OAuthSettings
from bot.mail.errors import MailboxError
from bot.mail.imap import Inbox
from bot.store import Store
from bot.workflow.lifecycle import ImapFolder
from tests.rig.oauth import CLIENT_ID, CLIENT_SECRET, TENANT, OAuthServer
from tests.rig.samples import NOW, mail
from tests.zoo.scripted import EXCHANGE, GMAIL, Provider, serving

MB = 2**20
MAILBOX = "bot@upaep.mx"

Open = Callable[..., Inbox]


class Hands:
    """A clock that stands still."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def gmail() -> Iterator[Provider]:
    """Two mails in the inbox; what is there lies in "All Mail", too."""
    inbox = {5: mail(1), 9: mail(2)}
    folders = {"INBOX": inbox, "[Gmail]/Todos": {11: mail(1), 12: mail(2), 13: mail(3)}}
    with serving(Provider(GMAIL, keeps_keywords=True, folders=folders)) as provider:
        yield provider


@pytest.fixture
def exchange() -> Iterator[Provider]:
    folders = {"INBOX": {n: mail(n) for n in range(1, 31)}}
    with serving(Provider(EXCHANGE, keeps_keywords=False, folders=folders)) as provider:
        yield provider


@pytest.fixture
def opened(oauth: OAuthServer, tmp_path: Path, hands: Hands) -> Iterator[Open]:
    """Opens a folder of a provider, logged in as it wants."""
    inboxes: list[Inbox] = []

    def open_at(provider: Provider, folder: str = "INBOX") -> Inbox:
        flavour = "google" if "X-GM-EXT-1" in provider.capabilities else "microsoft"
        of = {
            "google": {"service_account_file": oauth.service_account_file(tmp_path)},
            "microsoft": {
                "tenant": TENANT, "client_id": CLIENT_ID, "client_secret": SecretStr(CLIENT_SECRET)
            },
        }[flavour]  # fmt: skip
        token_url = oauth.google_token_url if flavour == "google" else oauth.microsoft_token_url
        settings = ImapSettings(
            host=provider.host, port=provider.port, security="none", username=MAILBOX,
            auth=f"oauth2-{flavour}", timeout_seconds=5, folder=folder, batch=10,
            oauth=OAuthSettings(token_url=token_url, **of),
        )  # fmt: skip
        inboxes.append(Inbox(settings, chance=lambda: 1.0, clock=hands))
        inboxes[-1].connect()
        return inboxes[-1]

    yield open_at
    for inbox in inboxes:
        inbox.close()


def test_a_mail_under_several_labels_is_one(gmail: Provider, opened: Open, tmp_path: Path) -> None:
    with Store.open(f"sqlite:///{tmp_path}/bot.db") as store:
        new = []
        for folder in ("INBOX", "[Gmail]/Todos"):
            inbox = opened(gmail, folder)
            place = ImapFolder(MAILBOX, folder, inbox.position().uid_validity)
            fetched = list(inbox.fetch(inbox.new_uids(), MB))
            new.append([m.raw for m in store.messages.take_in(place, fetched, NOW)])
        assert new == [[mail(1), mail(2)], [mail(3)]]


@pytest.mark.parametrize(
    "words", ["NO [OVERQUOTA] Account exceeded command or bandwidth limits. (Failure)",
              "NO [THROTTLED] System Error (Failure)"],
)  # fmt: skip
def test_throttling_is_waited_out(gmail: Provider, opened: Open, hands: Hands, words: str) -> None:
    inbox = opened(gmail)
    uids = inbox.new_uids()
    gmail.moods.append(words)
    with pytest.raises(MailboxError) as refused:
        list(inbox.fetch(uids, MB))
    assert refused.value.temporary
    hands.now += 3600
    assert inbox.ensure_connected()
    assert [m.raw for m in inbox.fetch(uids, MB)] == [mail(1), mail(2)]


def test_no_password_is_tried_where_none_is_taken(exchange: Provider, opened: Open) -> None:
    opened(exchange)
    (presented,) = exchange.tokens
    assert presented.startswith(f"user={MAILBOX}\1auth=Bearer ")


def test_what_keeps_no_keywords_is_marked_as_read(exchange: Provider, opened: Open) -> None:
    inbox = opened(exchange)
    assert inbox.mark_done([1, 2], inbox.position().uid_validity) == [1, 2]
    assert exchange.flags == {("INBOX", uid): {r"\Seen"} for uid in (1, 2)}


def test_sessions_that_end_lose_no_mail(exchange: Provider, opened: Open, hands: Hands) -> None:
    exchange.commands = 8  # of which four open the folder
    inbox, found = opened(exchange), dict[int, bytes]()
    for _ in range(20):
        hands.now += 3600
        try:
            inbox.ensure_connected()
            left = [uid for uid in inbox.new_uids() if uid not in found]
            for message in inbox.fetch(left, MB):
                found[message.uid] = message.raw
        except MailboxError:
            inbox.disconnect()
    assert found == exchange.folders["INBOX"]
    assert exchange.sessions > 2
    assert len(exchange.tokens) == exchange.sessions


def test_found_before_it_is_given(exchange: Provider, opened: Open, hands: Hands) -> None:
    inbox = opened(exchange)
    exchange.lately = {30}
    uids = inbox.new_uids()
    assert [m.uid for m in inbox.fetch(uids, MB)] == list(range(1, 30))
    assert inbox.is_to_be_asked_again
    exchange.lately = set()
    hands.now += 60
    assert [m.uid for m in inbox.fetch([30], MB)] == [30]
