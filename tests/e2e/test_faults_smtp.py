"""The mail server under fault: each reply goes out, once unless its acknowledgement was lost."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.rig.books import (
    Books,
    assert_books_balance,
    correspondence,
    expected,
    repeats,
    wait_until_settled,
)
from tests.rig.dovecot import Dovecot
from tests.rig.office import ADMIN, REVIEWER, REVIEWER_2, Office
from tests.rig.proxy import FaultProxy
from tests.rig.smtp_sink import DROP, HANG, SmtpSink
from tests.rig.system import wait_until

SOON = {"bot.runtime.outbox_sender.FIRST_PAUSE": 0.3}
GOODBYE, LATER = "421 4.3.2 closing", "451 4.3.0 try again later"

FAULTS: dict[str, tuple[dict[str, list[str]], int]] = {
    "goodbye at the greeting": ({"at_greeting": [GOODBYE, GOODBYE]}, 0),
    "put off at MAIL": ({"at_mail": [LATER, LATER]}, 0),
    "put off after DATA": ({"at_data": [LATER, LATER]}, 0),
    "goodbye at MAIL": ({"at_mail": [GOODBYE, GOODBYE]}, 0),
    "goodbye after DATA": ({"at_data": [GOODBYE, GOODBYE]}, 0),
    "hang at MAIL": ({"at_mail": [HANG]}, 0),
    "hang in DATA": ({"at_data": [HANG]}, 0),
    "dropped in DATA": ({"at_data": [DROP, DROP]}, 0),
    "hang before the acknowledgement": ({"after_data": [HANG]}, 1),
    "dropped before the acknowledgement": ({"after_data": [DROP, DROP]}, 2),
}
"""What the sink does to the first mails, and how many acknowledgements are lost with it."""
QUICK = {
    "goodbye at the greeting", "goodbye after DATA", "hang in DATA",
    "dropped before the acknowledgement",
}  # fmt: skip


def run_to_the_end(office: Office, books: Books, losses: int = 0) -> None:
    if office.process is None:
        office.start()
    wait_until_settled(office, range(books.messages.total()))
    assert office.stop() == 0
    assert_books_balance(office, books, losses=losses)


@pytest.fixture
def office(closed: Office) -> Office:
    closed.pauses = SOON
    closed.settings["smtp"]["timeout_seconds"] = 1
    closed.write_config()
    return closed


@pytest.mark.parametrize(
    "fault",
    [f if f in QUICK else pytest.param(f, marks=pytest.mark.soak) for f in FAULTS],
)
def test_server_misbehaves(office: Office, kinds: dict[str, Books], fault: str) -> None:
    knobs, losses = FAULTS[fault]
    mails = correspondence(2, "smtp")
    office.account.deliver(*(mail.raw for mail in mails))
    for name, answers in knobs.items():
        setattr(office.sink, name, list(answers))
    run_to_the_end(office, expected(kinds, mails), losses)
    assert not any(getattr(office.sink, name) for name in knobs)
    assert repeats(office.sink) == losses


LIMITS = {
    "a day's mail": "550 5.4.5 Daily user sending limit exceeded.",
    "too much": "452 4.2.2 Too many recipients, throttled",
    "for a while": "421 4.7.0 Try again in 1 second",
}


@pytest.mark.parametrize("limit", LIMITS)
def test_provider_sets_a_limit(office: Office, kinds: dict[str, Books], limit: str) -> None:
    """The whole outbox waits, nothing is given up, and administrators hear of it once."""
    mails = correspondence(4, "limit")
    office.account.deliver(*(mail.raw for mail in mails))
    refusals = office.sink.at_greeting if LIMITS[limit].startswith("421") else office.sink.at_data
    refusals += [LIMITS[limit]] * 3
    books = expected(kinds, mails)
    books.replies["", "alarm", ADMIN] = 1
    run_to_the_end(office, books)
    assert not refusals
    assert "ninguno se pierde" in office.mail("alarm", ADMIN).text
    pauses = [line for line in office.log().splitlines() if "outbox.paused" in line]
    assert len(pauses) == 3  # each time one mail was tried, and all the others left


@pytest.mark.parametrize("answer", [pytest.param(LATER, marks=pytest.mark.soak), GOODBYE])
def test_one_recipient_put_off(office: Office, kinds: dict[str, Books], answer: str) -> None:
    """The others have theirs meanwhile."""
    mails = correspondence(1, "recipient")
    office.account.deliver(mails[0].raw)
    office.sink.at_rcpt[REVIEWER] = answer
    office.start()
    office.mail("review", REVIEWER_2)
    assert office.count("review", REVIEWER) == 0
    office.sink.at_rcpt.clear()
    run_to_the_end(office, expected(kinds, mails))


def test_one_of_three_refused(office: Office, kinds: dict[str, Books]) -> None:
    """For good: the administrators are told, the others have theirs."""
    mails = correspondence(1, "refused")
    office.account.deliver(mails[0].raw)
    office.sink.at_rcpt[REVIEWER] = "550 5.1.1 no such user"
    books = expected(kinds, mails)
    books.replies -= Counter([(mails[0].id, "review", REVIEWER)])
    books.replies["", "alarm", ADMIN] = 1
    run_to_the_end(office, books)
    assert f"{REVIEWER}: 550 5.1.1" in office.mail("alarm", ADMIN).text


def test_hang_at_the_greeting(office: Office, kinds: dict[str, Books]) -> None:
    mails = correspondence(2, "greeting")
    with FaultProxy(office.sink.port) as network:
        office.settings["smtp"]["port"] = network.port
        office.write_config()
        network.swallow = True
        office.account.deliver(*(mail.raw for mail in mails))
        office.start()
        wait_until(lambda: network.accepted > 1, "the bot tries again")
        network.swallow = False
        run_to_the_end(office, expected(kinds, mails))


@pytest.mark.parametrize(
    "trouble", ["not offered", pytest.param("not trusted", marks=pytest.mark.soak)]
)
def test_tls_refused(
    office: Office, kinds: dict[str, Books], dovecot: Dovecot, trouble: str
) -> None:
    """Nothing goes out in the clear; all of it does once the configuration is put right."""
    mails = correspondence(2, "tls")
    office.account.deliver(*(mail.raw for mail in mails))
    smtp = office.settings["smtp"]
    certificates = dovecot.certificates if trouble == "not trusted" else None
    security = "starttls" if certificates else "none"
    with SmtpSink(security=security, certificates=certificates) as sink:  # type: ignore[arg-type]
        office.sink = sink
        smtp |= {"port": sink.port, "security": "starttls"}
        office.write_config()
        office.start()
        says = "is not trusted" if certificates else "does not offer STARTTLS"
        wait_until(lambda: office.log().count(says) > 1, says)
        assert office.stop() == 0
        assert sink.mails == []
        smtp |= {"ca_file": str(dovecot.certificates.ca_file)} if certificates else {
            "security": "none"
        }  # fmt: skip
        office.write_config()
        run_to_the_end(office, expected(kinds, mails))
