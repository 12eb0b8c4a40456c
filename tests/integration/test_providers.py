"""A step that is half done is told by the provider's own error, with the step of the page."""

from __future__ import annotations

import re
import threading
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.config.settings import ImapSettings, OAuthSettings, SmtpSettings
from bot.errors import CheckResult
from bot.mail.check import check_imap, check_plus_address, check_sending, check_smtp
from bot.mail.providers import STEPS
from tests.rig.dovecot import Account
from tests.rig.oauth import CLIENT_ID, CLIENT_SECRET, TENANT, OAuthServer
from tests.rig.provider import imap_that_says, smtp_that_says
from tests.rig.smtp_sink import SmtpSink

PAGE = Path("docs/providers.md").read_text("utf-8")
MAILBOX = "bot@upaep.mx"


@pytest.fixture
def google(oauth: OAuthServer, tmp_path: Path) -> OAuthSettings:
    file = oauth.service_account_file(tmp_path)
    return OAuthSettings(service_account_file=file, token_url=oauth.google_token_url)


@pytest.fixture
def microsoft(oauth: OAuthServer) -> OAuthSettings:
    return OAuthSettings(
        tenant=TENANT,
        client_id=CLIENT_ID,
        client_secret=SecretStr(CLIENT_SECRET),
        token_url=oauth.microsoft_token_url,
    )


def imap(port: int, provider: str, oauth: OAuthSettings) -> CheckResult:
    return check_imap(
        ImapSettings(
            host="127.0.0.1", port=port, security="none", username=MAILBOX,
            auth=f"oauth2-{provider}", oauth=oauth, timeout_seconds=5,
        )
    )  # fmt: skip


def smtp_settings(port: int, oauth: OAuthSettings) -> SmtpSettings:
    return SmtpSettings(
        host="127.0.0.1", port=port, security="none", username=MAILBOX,
        auth="oauth2-microsoft", oauth=oauth, timeout_seconds=5,
    )  # fmt: skip


def is_step(result: CheckResult, step: str) -> None:
    assert not result.ok
    assert f"(docs/providers.md, step {step})" in result.advice, result


@pytest.mark.parametrize(
    ("step", "error", "description"),
    [
        ("G3", "invalid_grant", "Invalid grant: account not found"),
        ("G3", "invalid_client", "The OAuth client was not found."),
        ("G4", "invalid_grant", "Invalid JWT Signature."),
        ("G4", "invalid_grant", "Invalid JWT: Token must be a short-lived token (60 minutes) and "
         "in a reasonable timeframe. Check your iat and exp values in the JWT claim."),
        ("G5", "unauthorized_client", "Client is unauthorized to retrieve access tokens using this "
         "method, or client not authorized for any of the scopes requested."),
        ("G5", "access_denied", "Requested client not authorized."),
        ("G6", "admin_policy_enforced", "Access blocked by admin."),
        ("G7", "invalid_grant", "Invalid email or User ID"),
    ],
)  # fmt: skip
def test_google_gives_no_token(
    google: OAuthSettings, oauth: OAuthServer, step: str, error: str, description: str
) -> None:
    oauth.failures.append((401, {"error": error, "error_description": description}))
    is_step(imap(9, "google", google), step)


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ("G8", "NO [ALERT] Your account is not enabled for IMAP use. Please visit your Gmail "
         "settings page and enable your account for IMAP access. (Failure)"),
        ("G7", "NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)"),
    ],
)  # fmt: skip
def test_google_refuses_the_token(google: OAuthSettings, step: str, words: str) -> None:
    with imap_that_says(words) as port:
        is_step(imap(port, "google", google), step)


@pytest.mark.parametrize(
    ("step", "error", "description"),
    [
        ("M2", "invalid_request", "AADSTS90002: Tenant 'x' not found. Check to make sure you have "
         "the correct tenant ID."),
        ("M2", "unauthorized_client", "AADSTS700016: Application with identifier 'x' was not found "
         "in the directory 'UPAEP'."),
        ("M3", "invalid_client", "AADSTS7000215: Invalid client secret provided. Ensure the secret "
         "being sent in the request is the client secret value, not the client secret ID."),
        ("M3", "invalid_client", "AADSTS7000222: The provided client secret keys for app 'x' are "
         "expired."),
        ("M4", "invalid_client", "AADSTS7000229: The client application x is missing service "
         "principal in the tenant y."),
        ("M9", "access_denied", "AADSTS53003: Access has been blocked by Conditional Access "
         "policies."),
    ],
)  # fmt: skip
def test_microsoft_gives_no_token(
    microsoft: OAuthSettings, oauth: OAuthServer, step: str, error: str, description: str
) -> None:
    oauth.failures.append((401, {"error": error, "error_description": description}))
    is_step(imap(9, "microsoft", microsoft), step)


@pytest.mark.parametrize(
    ("step", "at", "words"),
    [
        ("M5", "AUTHENTICATE", "NO AUTHENTICATE failed."),
        ("M6", "SELECT", "BAD User is authenticated but not connected."),
    ],
)
def test_exchange_refuses_over_imap(
    microsoft: OAuthSettings, step: str, at: str, words: str
) -> None:
    with imap_that_says(words, at) as port:
        is_step(imap(port, "microsoft", microsoft), step)


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ("M5", "535 5.7.3 Authentication unsuccessful [MW4PR03CA0001.namprd03.prod.outlook.com]"),
        ("M7", "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for "
         "the Tenant. Visit https://aka.ms/smtp_auth_disabled for more information."),
        ("M1", "535 5.7.139 Authentication unsuccessful, basic authentication is disabled."),
    ],
)  # fmt: skip
def test_exchange_refuses_over_smtp(microsoft: OAuthSettings, step: str, words: str) -> None:
    with smtp_that_says(words) as port:
        is_step(check_smtp(smtp_settings(port, microsoft)), step)


def test_exchange_lets_nobody_send_as_the_mailbox(microsoft: OAuthSettings) -> None:
    words = "554 5.2.252 SendAsDenied; bot@upaep.mx not allowed to send as bot@upaep.mx"
    with smtp_that_says(words, "MAIL") as port:
        settings = smtp_settings(port, microsoft)
        is_step(check_sending(settings, MAILBOX, "ana@upaep.mx", "Prueba", "Hola"), "M8")


def test_every_step_that_is_told_is_on_the_page() -> None:
    on_page = set(re.findall(r"^- \*\*([GM]\d+)\.", PAGE, re.MULTILINE))
    assert {step.mark for steps in STEPS.values() for step in steps} <= on_page


# --- mail that is sent to try it ----------------------------------------------------------------


def test_one_mail_is_sent_where_that_is_asked_for(sink: SmtpSink) -> None:
    settings = SmtpSettings(host=sink.host, port=sink.port, security="none")
    assert check_sending(settings, MAILBOX, "ana@upaep.mx", "Prueba", "Hola, señora").ok
    (mail,) = sink.mails
    assert mail.recipients == ("ana@upaep.mx",)
    assert mail.message["Auto-Submitted"] == "auto-generated"
    assert "Hola, señora" in mail.text


@pytest.mark.parametrize("delivers", [True, False])
def test_a_plus_address_is_tried_by_a_mail_to_itself(
    account: Account, sink: SmtpSink, imap_settings: object, delivers: bool
) -> None:
    smtp = SmtpSettings(host=sink.host, port=sink.port, security="none")
    settings = imap_settings()  # type: ignore[operator]

    def deliver() -> None:
        account.deliver(sink.wait_for_count(1)[0].raw)

    server = threading.Thread(target=deliver if delivers else sink.mails.copy)
    server.start()
    result = check_plus_address(settings, smtp, MAILBOX, "Prueba", "Hola", 20 if delivers else 0.2)
    server.join()
    assert result.ok is delivers
    assert sink.mails[0].recipients == ("bot+prueba@upaep.mx",)
    if not delivers:
        assert "Message-ID" in result.advice
