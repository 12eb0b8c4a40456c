"""Sending, against an SMTP server that misbehaves on demand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot.config.settings import OAuthSettings, SmtpSettings
from bot.mail.check import check_smtp
from bot.mail.errors import is_sending_limit, suggested_wait
from bot.mail.smtp import CHECK_AFTER, Deferred, Obstacle, Refused, Sent, SmtpSender
from tests.rig.dovecot import Dovecot
from tests.rig.oauth import CLIENT_ID, CLIENT_SECRET, TENANT, OAuthServer
from tests.rig.smtp_sink import DROP, HANG, SmtpSink
from tests.rig.system import free_port

FROM = "bot@upaep.mx"
ANA, BETO, CARLA = "ana@upaep.mx", "beto@upaep.mx", "carla@upaep.mx"
MAIL = b"From: bot@upaep.mx\r\nSubject: Hola\r\n\r\nBuenos dias.\r\n"


def settings_for(sink: SmtpSink, **more: Any) -> SmtpSettings:
    settings: dict[str, Any] = {
        "host": sink.host,
        "port": sink.port,
        "security": sink.security,
        "timeout_seconds": 2,
    }
    return SmtpSettings(**{**settings, **more})


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    with SmtpSink() as server:
        yield server


@pytest.fixture
def sender(sink: SmtpSink) -> Iterator[SmtpSender]:
    with SmtpSender(settings_for(sink)) as sender:
        yield sender


def test_one_connection_is_kept(sink: SmtpSink, sender: SmtpSender) -> None:
    for _ in range(5):
        assert sender.send(FROM, [ANA, BETO], MAIL) == Sent((ANA, BETO))
    assert sink.connections == 1
    assert [m.recipients for m in sink.mails] == [(ANA, BETO)] * 5
    assert sink.mails[0].raw == MAIL


def test_connection_closed_while_idle_is_opened_again(sink: SmtpSink, sender: SmtpSender) -> None:
    assert isinstance(sender.send(FROM, [ANA], MAIL), Sent)
    sink.drop_connections()
    assert isinstance(sender.send(FROM, [ANA], MAIL), Sent)
    assert sink.connections == 2


def test_connection_idle_for_long_is_asked_first(sink: SmtpSink) -> None:
    now = [0.0]
    with SmtpSender(settings_for(sink), clock=lambda: now[0]) as sender:
        sender.send(FROM, [ANA], MAIL)
        now[0] = CHECK_AFTER + 1
        sender.send(FROM, [ANA], MAIL)
        assert sink.connections == 1
        now[0] *= 3
        sink.drop_connections()
        assert sender._still_there() is False
        assert isinstance(sender.send(FROM, [ANA], MAIL), Sent)


@pytest.mark.parametrize("where", ["at_mail", "at_data"])
def test_temporary_refusal(sink: SmtpSink, sender: SmtpSender, where: str) -> None:
    getattr(sink, where).append("451 4.3.0 try later")
    outcome = Deferred("451 4.3.0 try later", for_all=where == "at_mail")
    assert sender.send(FROM, [ANA], MAIL) == outcome
    assert sender.send(FROM, [ANA], MAIL) == Sent((ANA,))
    assert sink.connections == 1


@pytest.mark.parametrize("where", ["at_mail", "at_data"])
def test_permanent_refusal(sink: SmtpSink, sender: SmtpSender, where: str) -> None:
    getattr(sink, where).append("554 5.7.1 spam")
    outcome = sender.send(FROM, [ANA, BETO], MAIL)
    assert isinstance(outcome, Refused)
    assert outcome.reason == "554 5.7.1 spam"
    assert [r.recipient for r in outcome.recipients] == [ANA, BETO]
    assert sender.send(FROM, [ANA], MAIL) == Sent((ANA,))


LIMITS = {
    "550 5.4.5 Daily user sending limit exceeded.": 0,
    "550-5.4.5 Daily SMTP relay limit exceeded for customer": 0,
    "452 4.2.2 Quota exceeded": 0,
    "421 4.7.0 Try again in 90 seconds, closing connection": 90,
    "454 4.7.0 Too many login attempts, please try again later": 0,
    "432 4.3.2 Concurrent connections limit exceeded": 0,
    "550 5.1.90 You've reached your daily limit for message recipients": 0,
    "452 4.5.3 Too many recipients": 0,
    "451 4.7.500 Client is throttled. Retry after 5 minutes.": 300,
}
OTHERS = (
    "552 5.3.4 Message size exceeds fixed limit",
    "550 5.1.1 no such user",
    "452 4.2.2 The email account that you tried to reach is over quota",
    "552 Mailbox quota exceeded",
    "450 4.2.1 The user you are trying to contact is receiving mail at a rate that prevents more",
    "450 4.7.1 Greylisted, try again in 5 minutes",
    "554 5.4.6 Too many hops",
    "451 4.3.0 try again later",
    "421 4.3.2 closing",
)


@pytest.mark.parametrize("reply", LIMITS)
def test_limits_of_the_account_are_told_from_others(reply: str) -> None:
    assert is_sending_limit(reply)
    assert suggested_wait(reply) == LIMITS[reply]


@pytest.mark.parametrize("reply", OTHERS)
def test_troubles_of_one_mail_are_no_limit_of_the_account(reply: str) -> None:
    assert not is_sending_limit(reply)


@pytest.mark.parametrize("where", ["at_greeting", "at_mail", "at_rcpt", "at_data"])
@pytest.mark.parametrize("reply", [reply for reply in LIMITS if reply[3] == " "][:3])
def test_limit_of_the_account_is_no_fault_of_the_mail(
    sink: SmtpSink, sender: SmtpSender, where: str, reply: str
) -> None:
    if where == "at_rcpt":
        sink.at_rcpt[ANA] = reply
    else:
        setattr(sink, where, [reply])
    outcome = sender.send(FROM, [ANA], MAIL)
    assert isinstance(outcome, Deferred)
    assert outcome.obstacle is Obstacle.LIMIT
    assert outcome.for_all
    assert reply[4:13] in outcome.reason
    sink.at_rcpt.clear()
    assert isinstance(sender.send(FROM, [ANA], MAIL), Sent)


def test_one_of_three_refused(sink: SmtpSink, sender: SmtpSender) -> None:
    sink.at_rcpt[BETO] = "550 5.1.1 no such user"
    sink.at_rcpt[CARLA] = "450 4.2.1 greylisted"
    outcome = sender.send(FROM, [ANA, BETO, CARLA], MAIL)
    assert isinstance(outcome, Sent)
    assert outcome.recipients == (ANA,)
    assert [(r.recipient, r.reason) for r in outcome.refused] == [(BETO, "550 5.1.1 no such user")]
    assert outcome.refused[0].gone
    assert [(r.recipient, r.reason) for r in outcome.deferred] == [(CARLA, "450 4.2.1 greylisted")]
    assert sink.wait_for().recipients == (ANA,)


@pytest.mark.parametrize(
    ("reply", "gone"),
    [
        ("550 5.1.1 <beto@upaep.mx>: Recipient address rejected: User unknown", True),
        ("550 5.1.10 Recipient not found", True),
        ("553 5.1.3 Bad address syntax", True),
        ("550 no such user", False),
        ("550 5.1.8 Sender address rejected", False),
        ("550 5.7.1 Relaying denied", False),
        ("552 5.2.2 Mailbox full, see 5.1.1", False),
        ("450 5.1.1 later", False),
        ("450 4.1.1 later", False),
    ],
)
def test_only_its_own_refusal_for_good_tells_that_there_is_no_such_address(
    sink: SmtpSink, sender: SmtpSender, reply: str, gone: bool
) -> None:
    sink.at_rcpt[BETO] = reply
    outcome = sender.send(FROM, [ANA, BETO], MAIL)
    assert isinstance(outcome, Sent)
    assert [r.gone for r in (*outcome.refused, *outcome.deferred)] == [gone]


@pytest.mark.parametrize("where", ["at_mail", "at_data"])
def test_what_is_said_of_a_whole_mail_tells_nothing_of_an_address(
    sink: SmtpSink, sender: SmtpSender, where: str
) -> None:
    getattr(sink, where).append("550 5.1.0 rejected")
    outcome = sender.send(FROM, [ANA], MAIL)
    assert isinstance(outcome, Refused)
    assert [r.gone for r in outcome.recipients] == [False]


def test_nobody_accepted(sink: SmtpSink, sender: SmtpSender) -> None:
    sink.at_rcpt |= {ANA: "550 no", BETO: "450 later"}
    outcome = sender.send(FROM, [ANA, BETO], MAIL)
    assert isinstance(outcome, Deferred)
    assert not outcome.for_all
    assert [r.recipient for r in outcome.refused] == [ANA]
    assert isinstance(sender.send(FROM, [ANA], MAIL), Refused)
    assert sink.mails == []


def test_too_many_recipients_is_no_refusal(sink: SmtpSink, sender: SmtpSender) -> None:
    sink.at_rcpt[BETO] = "552 too many recipients"
    outcome = sender.send(FROM, [ANA, BETO], MAIL)
    assert isinstance(outcome, Sent)
    assert [r.recipient for r in outcome.deferred] == [BETO]


def test_server_saying_goodbye_is_called_again(sink: SmtpSink, sender: SmtpSender) -> None:
    sender.send(FROM, [ANA], MAIL)
    sink.at_mail.append("421 4.4.2 idle for too long")
    assert sender.send(FROM, [ANA], MAIL) == Sent((ANA,))
    assert sink.connections == 2


@pytest.mark.parametrize("fault", [HANG, DROP])
def test_acknowledgement_lost(sink: SmtpSink, fault: str) -> None:
    sink.after_data.append(fault)
    with SmtpSender(settings_for(sink, timeout_seconds=0.5)) as sender:
        outcome = sender.send(FROM, [ANA], MAIL)
        assert isinstance(outcome, Deferred)
        assert outcome.uncertain
        assert len(sink.mails) == 1
        assert sender.send(FROM, [ANA], MAIL) == Sent((ANA,))
        assert sink.connections == 2


@pytest.mark.parametrize("fault", [HANG, DROP])
def test_lost_before_anything_was_said(sink: SmtpSink, fault: str) -> None:
    sink.at_mail.append(fault)
    with SmtpSender(settings_for(sink, timeout_seconds=0.5)) as sender:
        outcome = sender.send(FROM, [ANA], MAIL)
        assert isinstance(outcome, Deferred)
        assert not outcome.uncertain
        assert sink.mails == []


def test_nobody_listens() -> None:
    settings = SmtpSettings(host="127.0.0.1", port=free_port(), security="none")
    with SmtpSender(settings) as sender:
        outcome = sender.send(FROM, [ANA], MAIL)
    assert isinstance(outcome, Deferred)
    assert "smtp.port" in outcome.advice


def test_line_ends_and_dots(sink: SmtpSink, sender: SmtpSender) -> None:
    sent = b"Subject: x\n\n.\r.hidden\r\n.\n.\r\nMAIL FROM:<evil@x.mx>\nno end"
    sender.send(FROM, [ANA], sent)
    (mail,) = sink.mails
    assert mail.raw == (
        b"Subject: x\r\n\r\n.\r\n.hidden\r\n.\r\n.\r\nMAIL FROM:<evil@x.mx>\r\nno end\r\n"
    )


@pytest.mark.parametrize(
    "bad", ["a@x.mx>\r\nRCPT TO:<b@x.mx", "a b@x.mx", "", "nobody", "a@x\0.mx"]
)
def test_what_is_no_address(sink: SmtpSink, sender: SmtpSender, bad: str) -> None:
    outcome = sender.send(FROM, [bad, ANA], MAIL)
    assert isinstance(outcome, Sent)
    assert outcome.recipients == (ANA,)
    assert [r.recipient for r in outcome.refused] == [bad]
    assert isinstance(sender.send(FROM, [bad], MAIL), Refused)


def test_eight_bit_body(sink: SmtpSink, sender: SmtpSender) -> None:
    data = MAIL.replace(
        b"\r\n\r\n",
        b"\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n",
    )
    data = data.replace(b"dias", "días".encode())
    sender.send(FROM, [ANA], data)
    (mail,) = sink.mails
    assert "BODY=8BITMIME" in mail.options
    assert mail.raw == data
    with SmtpSink(without=["8BITMIME"]) as old, SmtpSender(settings_for(old)) as to_old:
        to_old.send(FROM, [ANA], data)
        (mail,) = old.mails
        assert mail.raw.isascii()
        assert "BODY=8BITMIME" not in mail.options
        assert "Buenos días." in mail.text


def test_addresses_beyond_ascii(sink: SmtpSink, sender: SmtpSender) -> None:
    assert isinstance(sender.send(FROM, ["maría@upaep.mx"], MAIL), Sent)
    assert "SMTPUTF8" in sink.mails[0].options
    assert sink.mails[0].recipients == ("maría@upaep.mx",)
    with SmtpSink(without=["SMTPUTF8"]) as old, SmtpSender(settings_for(old)) as to_old:
        outcome = to_old.send(FROM, ["maría@upaep.mx", "ana@educación.mx"], MAIL)
        assert isinstance(outcome, Sent)
        assert [r.recipient for r in outcome.refused] == ["maría@upaep.mx"]
        assert old.mails[0].recipients == ("ana@xn--educacin-13a.mx",)


def test_too_large_for_the_server() -> None:
    with SmtpSink(size_limit=1000) as sink, SmtpSender(settings_for(sink)) as sender:
        outcome = sender.send(FROM, [ANA], MAIL + b"x\r\n" * 1000)
        assert isinstance(outcome, Refused)
        assert "size" in outcome.reason.lower()


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_password_over_tls(dovecot: Dovecot, security: Any) -> None:
    with SmtpSink(
        security=security,
        certificates=dovecot.certificates,
        password=lambda user, password: (user, password) == (FROM, "contraseña"),
    ) as sink:
        settings = settings_for(
            sink,
            username=FROM,
            password=SecretStr("contraseña"),
            ca_file=dovecot.certificates.ca_file,
        )
        with SmtpSender(settings) as sender:
            assert isinstance(sender.send(FROM, [ANA], MAIL), Sent)
        assert sink.logins == [("PLAIN", FROM)]
        assert sink.mails[0].user == FROM
        assert check_smtp(settings).ok
        with SmtpSender(settings.model_copy(update={"ca_file": None})) as sender:
            outcome = sender.send(FROM, [ANA], MAIL)
        assert isinstance(outcome, Deferred)
        assert "smtp.ca_file" in outcome.advice


def test_wrong_password_waits_for_the_operator() -> None:
    with SmtpSink(password=lambda *_: False) as sink:
        settings = settings_for(sink, username=FROM, password=SecretStr("no"))
        with SmtpSender(settings) as sender:
            outcome = sender.send(FROM, [ANA], MAIL)
        assert isinstance(outcome, Deferred)
        assert "535" in outcome.reason
        assert "password" in outcome.advice
        result = check_smtp(settings)
        assert not result.ok
        assert result.advice


def test_login_demanded_but_not_configured() -> None:
    with SmtpSink(password=lambda *_: True) as sink, SmtpSender(settings_for(sink)) as sender:
        outcome = sender.send(FROM, [ANA], MAIL)
    assert isinstance(outcome, Deferred)
    assert "smtp.username" in outcome.advice


def _google(oauth: OAuthServer, directory: Path) -> OAuthSettings:
    return OAuthSettings(
        service_account_file=oauth.service_account_file(directory),
        token_url=oauth.google_token_url,
    )


def _microsoft(oauth: OAuthServer, directory: Path) -> OAuthSettings:
    oauth.mailbox = FROM
    return OAuthSettings(
        tenant=TENANT,
        client_id=CLIENT_ID,
        client_secret=SecretStr(CLIENT_SECRET),
        token_url=oauth.microsoft_token_url,
    )


@pytest.mark.parametrize(
    ("auth", "make"), [("oauth2-google", _google), ("oauth2-microsoft", _microsoft)]
)
def test_token(
    oauth: OAuthServer,
    tmp_path: Path,
    auth: str,
    make: Callable[[OAuthServer, Path], OAuthSettings],
) -> None:
    with SmtpSink(token=oauth.accepts) as sink:
        settings = settings_for(sink, username=FROM, auth=auth, oauth=make(oauth, tmp_path))
        with SmtpSender(settings) as sender:
            assert isinstance(sender.send(FROM, [ANA], MAIL), Sent)
            oauth.expire_all()
            sink.drop_connections()
            assert isinstance(sender.send(FROM, [ANA], MAIL), Sent)
            assert len(oauth.issued) == 2
            oauth.lifetime = -1
            sink.drop_connections()
            outcome = sender.send(FROM, [ANA], MAIL)
        assert isinstance(outcome, Deferred)
        assert "535" in outcome.reason
        assert '"status": "401"' in outcome.reason
        assert outcome.advice
        assert sink.logins == [("XOAUTH2", FROM)] * 3
