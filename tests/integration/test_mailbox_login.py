"""Getting in: TLS, passwords and tokens, against a real Dovecot with an oauth2 passdb."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

from bot.config.settings import ImapSettings, OAuthSettings
from bot.mail.check import check_imap
from bot.mail.errors import MailboxError
from bot.mail.imap import Inbox
from tests.rig.dovecot import PASSWORD, Account, Dovecot
from tests.rig.oauth import CLIENT_ID, CLIENT_SECRET, TENANT, OAuthServer
from tests.rig.proxy import FaultProxy
from tests.rig.system import free_port

Make = Callable[..., ImapSettings]


@pytest.fixture
def google(account: Account, oauth: OAuthServer, tmp_path: Path) -> ImapSettings:
    return ImapSettings(
        host=account.server.host,
        port=account.server.port,
        security="none",
        username=account.username,
        auth="oauth2-google",
        oauth=OAuthSettings(
            service_account_file=oauth.service_account_file(tmp_path),
            token_url=oauth.google_token_url,
        ),
    )


@pytest.fixture
def microsoft(account: Account, oauth: OAuthServer) -> ImapSettings:
    oauth.mailbox = account.username
    return ImapSettings(
        host=account.server.host,
        port=account.server.port,
        security="none",
        username=account.username,
        auth="oauth2-microsoft",
        oauth=OAuthSettings(
            tenant=TENANT,
            client_id=CLIENT_ID,
            client_secret=SecretStr(CLIENT_SECRET),
            token_url=oauth.microsoft_token_url,
        ),
    )


def changed(settings: ImapSettings, **update: Any) -> ImapSettings:
    return settings.model_copy(update={"oauth": settings.oauth.model_copy(update=update)})


def refusal(settings: ImapSettings) -> MailboxError:
    with Inbox(settings) as inbox, pytest.raises(MailboxError) as caught:
        inbox.connect()
    return caught.value


@pytest.mark.parametrize("security", ["none", "starttls", "tls"])
def test_password_and_tls(imap_settings: Make, dovecot: Dovecot, security: str) -> None:
    settings = imap_settings(
        host="localhost",
        security=security,
        port=dovecot.tls_port if security == "tls" else dovecot.port,
        ca_file=dovecot.certificates.ca_file,
    )
    with Inbox(settings) as inbox:
        inbox.connect()
        assert inbox.position().folder == "INBOX"
        assert inbox.new_uids() == []


def test_unknown_authority_is_not_trusted(imap_settings: Make, dovecot: Dovecot) -> None:
    error = refusal(imap_settings(security="tls", port=dovecot.tls_port))
    assert not error.temporary
    assert "imap.ca_file" in error.advice


def test_tls_on_the_wrong_port_says_so(imap_settings: Make) -> None:
    error = refusal(imap_settings(security="tls"))
    assert not error.temporary
    assert "starttls" in error.advice


def test_wrong_password_is_for_a_person(imap_settings: Make) -> None:
    error = refusal(imap_settings(password=SecretStr("no")))
    assert not error.temporary
    assert "AUTHENTICATIONFAILED" in error.problem
    assert "password" in error.advice


def test_password_beyond_ascii_is_sent_as_utf8(imap_settings: Make) -> None:
    error = refusal(imap_settings(password=SecretStr("contraseña")))
    assert "AUTHENTICATIONFAILED" in error.problem


def test_nobody_listens(imap_settings: Make) -> None:
    error = refusal(imap_settings(port=free_port()))
    assert error.temporary
    assert "imap.port" in error.advice


def test_server_that_never_greets(imap_settings: Make) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        settings = imap_settings(port=mute.getsockname()[1], timeout_seconds=0.3)
        error = refusal(settings)
    assert error.temporary
    assert "no answer within 0.3 s" in error.problem


def test_connection_lost_during_login_is_no_refusal(imap_settings: Make, dovecot: Dovecot) -> None:
    with FaultProxy(dovecot.port) as proxy:
        proxy.cut_after(50, "to_server")  # in the middle of the password
        error = refusal(imap_settings(port=proxy.port))
    assert error.temporary


def test_missing_folder_is_named(imap_settings: Make) -> None:
    error = refusal(imap_settings(folder="Solicitudes"))
    assert not error.temporary
    assert "Solicitudes" in error.advice


@pytest.mark.parametrize("flavour", ["google", "microsoft"])
def test_token_opens_the_mailbox(
    flavour: str, request: pytest.FixtureRequest, oauth: OAuthServer, account: Account
) -> None:
    settings = request.getfixturevalue(flavour)
    account.append(b"Subject: x\r\n\r\n")
    with Inbox(settings) as inbox:
        inbox.connect()
        assert inbox.new_uids() == [1]
    assert [(t.flavour, t.username) for t in oauth.issued] == [(flavour, account.username)]
    assert oauth.introspected == 1


@pytest.mark.parametrize("flavour", ["google", "microsoft"])
def test_token_is_renewed_when_reconnecting(
    flavour: str, request: pytest.FixtureRequest, oauth: OAuthServer, account: Account
) -> None:
    settings = request.getfixturevalue(flavour)
    with Inbox(settings, chance=lambda: 1.0) as inbox:
        inbox.connect()
        oauth.expire_all()
        account.kill_connections()
        with pytest.raises(MailboxError) as caught:
            inbox.new_uids()
        assert caught.value.temporary
        while not inbox.ensure_connected():
            inbox.wait(5)
        assert inbox.new_uids() == []
    assert len(oauth.issued) == 2


def test_expired_token_is_refused(google: ImapSettings, oauth: OAuthServer) -> None:
    oauth.lifetime = -1
    error = refusal(google)
    assert not error.temporary
    assert "step G7" in error.advice


def test_microsoft_refusal_names_the_permission(
    microsoft: ImapSettings, oauth: OAuthServer
) -> None:
    oauth.mailbox = "other@upaep.mx"
    error = refusal(microsoft)
    assert "IMAP.AccessAsApp" in error.advice
    assert "Add-MailboxPermission" in error.advice


def test_google_without_delegation(google: ImapSettings, oauth: OAuthServer) -> None:
    oauth.failures.append(
        (401, {"error": "unauthorized_client", "error_description": "Client is unauthorized"})
    )
    error = refusal(google)
    assert not error.temporary
    assert "unauthorized_client" in error.problem
    assert "numeric client ID" in error.advice
    assert "step G5" in error.advice


def test_wrong_client_secret(microsoft: ImapSettings) -> None:
    error = refusal(changed(microsoft, client_secret=SecretStr("wrong")))
    assert not error.temporary
    assert "AADSTS7000215" in error.problem
    assert "wrong" not in f"{error.problem} {error.advice}"
    assert "copy its Value" in error.advice
    assert "step M3" in error.advice


@pytest.mark.parametrize("flavour", ["google", "microsoft"])
def test_token_endpoint_out_of_reach(flavour: str, request: pytest.FixtureRequest) -> None:
    settings = request.getfixturevalue(flavour)
    error = refusal(changed(settings, token_url=f"http://127.0.0.1:{free_port()}/token"))
    assert error.temporary
    assert "token endpoint cannot be reached" in error.problem


@pytest.mark.parametrize("key", ["tenant", "client_id", "client_secret"])
def test_missing_microsoft_key_is_named(microsoft: ImapSettings, key: str) -> None:
    error = refusal(changed(microsoft, **{key: None if key == "client_secret" else ""}))
    assert f"imap.oauth.{key}" in error.problem
    assert f"BOT_IMAP__OAUTH__{key.upper()}" in error.advice


def test_unusable_key_file(google: ImapSettings, tmp_path: Path) -> None:
    for content in ("{}", "[]", "no JSON", '{"private_key": 1}'):
        (tmp_path / "key.json").write_text(content)
        error = refusal(changed(google, service_account_file=tmp_path / "key.json"))
        assert "key.json" in error.problem
        assert not error.temporary
    assert "service_account_file" in refusal(changed(google, service_account_file=None)).problem


def test_secrets_go_nowhere_in_the_clear() -> None:
    with pytest.raises(ValidationError, match="https"):
        OAuthSettings(token_url="http://example.org/token")
    OAuthSettings(token_url="https://login.microsoftonline.us/t/oauth2/v2.0/token")


def test_check_tells_what_it_found(imap_settings: Make, account: Account) -> None:
    account.append(b"Subject: x\r\n\r\n")
    result = check_imap(imap_settings())
    assert result.ok
    assert "1 messages in INBOX" in result.line
    assert "IDLE" in result.line
    bad = check_imap(imap_settings(password=SecretStr("no")))
    assert not bad.ok
    assert bad.advice
    assert PASSWORD not in bad.line
