"""Mail goes out through the servers that institutions run."""

from __future__ import annotations

import os
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from pydantic import SecretStr

from bot.config.settings import SmtpSettings
from bot.mail.smtp import Refused, Sent, SmtpSender
from tests.rig.smtp_sink import SmtpSink
from tests.zoo.smtp_servers import MOST_BYTES, REFUSED, Relay, relay

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="these servers start as root only")
NAMES = ["postfix", *(pytest.param(n, marks=pytest.mark.soak) for n in ("exim", "opensmtpd"))]


@pytest.fixture(scope="module", params=NAMES)
def server(request: pytest.FixtureRequest) -> Iterator[Relay]:
    with SmtpSink() as sink, relay(request.param, sink) as running:
        yield running


@pytest.fixture
def sender(server: Relay) -> Iterator[SmtpSender]:
    settings = SmtpSettings(
        host=server.host, port=server.port, security="none", password=SecretStr("")
    )
    server.sink.clear()
    with SmtpSender(settings, hello="upaep.mx") as sender:
        yield sender


def raw(text: str = "Hola — ñandú", size: int = 0) -> bytes:
    mail = EmailMessage(policy=policy.SMTP)
    mail["From"], mail["To"] = "Comunicación <bot@upaep.mx>", "Ana <ana@upaep.mx>"
    mail["Subject"], mail["Message-ID"] = "Solicitud de lista: ñ", "<m1@upaep.mx>"
    mail.set_content(f"{text}\n.punto\n..dos\n", cte="quoted-printable")
    if size:
        mail.add_attachment(b"\0" * size, maintype="image", subtype="png", filename="cartel.png")
    return mail.as_bytes()


def test_a_mail_arrives_as_it_was_sent(sender: SmtpSender, server: Relay) -> None:
    assert isinstance(sender.send("bot@upaep.mx", ["ana@upaep.mx", "luis@upaep.mx"], raw()), Sent)
    came = server.sink.wait_for(timeout=30)
    whole = message_from_bytes(raw(), policy=policy.default)
    assert came.message["Subject"] == whole["Subject"]
    assert came.message["Message-ID"] == whole["Message-ID"]
    assert came.message.get_content() == whole.get_content()  # type: ignore[attr-defined]
    assert came.mail_from == "bot@upaep.mx"


def test_who_is_unknown_is_no_trouble_of_the_servers(sender: SmtpSender) -> None:
    outcome = sender.send("bot@upaep.mx", [REFUSED], raw())
    assert isinstance(outcome, Refused), outcome
    assert isinstance(sender.send("bot@upaep.mx", ["ana@upaep.mx"], raw()), Sent)


def test_what_is_too_large_is_refused_once(sender: SmtpSender) -> None:
    outcome = sender.send("bot@upaep.mx", ["ana@upaep.mx"], raw(size=MOST_BYTES))
    assert isinstance(outcome, Refused), outcome
    assert isinstance(sender.send("bot@upaep.mx", ["ana@upaep.mx"], raw()), Sent)


def test_a_connection_is_used_again_and_again(sender: SmtpSender, server: Relay) -> None:
    for _ in range(12):
        assert isinstance(sender.send("bot@upaep.mx", ["ana@upaep.mx"], raw()), Sent)
    server.sink.wait_for_count(12, timeout=60)
