"""Which step of docs/providers.md is not done, told by the provider's own error.

Google and Microsoft say what is wrong in words of their own, and each half-done step has its own.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from bot.config.settings import ServerSettings

PAGE = "docs/providers.md"


@dataclass(frozen=True, slots=True)
class SetupStep:
    """A step of the page; `says` are the provider's words where it is not done."""

    mark: str
    says: re.Pattern[str]
    advice: str


def _step(mark: str, says: str, advice: str) -> SetupStep:
    return SetupStep(mark, re.compile(says, re.IGNORECASE), advice)


_GOOGLE = (
    _step("G3", r"account not found|invalid_client|oauth client was not found|disabled_client",
          "Google does not know the service account, or it is disabled: make it and a key anew"),
    _step("G4", r"invalid jwt signature|no valid verifier|key .{0,40}(?:revoked|expired)",
          "the key is not one of the account's any more: download a new one"),
    _step("G4", r"short-lived token|reasonable timeframe|iat and exp",
          "this machine's clock is wrong: `timedatectl` shows it"),
    _step("G5", r"unauthorized_client|client is unauthorized|access_denied|not authorized for any",
          "domain-wide delegation lacks the numeric client ID, or exactly the scope "
          "https://mail.google.com/; a change takes up to a day"),
    _step("G5", r"invalid_scope", "the scope should be https://mail.google.com/ to its last slash"),
    _step("G6", r"admin_policy_enforced|app_not_configured|blocked by (?:the )?admin",
          "the Admin console's app access control blocks the application: trust it there"),
    _step("G7", r"invalid email or user id|invalid_grant.{0,60}user",
          "the username is no user of the domain: a group or an alias has no mailbox to open"),
    _step("G8", r"not enabled for imap|imap access is disabled|imap is disabled|enable imap",
          "IMAP is off for this mailbox: switch it on for its organizational unit"),
    _step("G9", r"application-specific password|log ?in via your web browser|web login required"
          r"|username and password not accepted",
          "Google takes no password here: use auth: oauth2-google"),
    _step("G7", r"invalid credentials|authenticationfailed",
          "the token opens no such mailbox: check the username, and G5"),
)  # fmt: skip
_MICROSOFT = (
    _step("M2", r"AADSTS(?:90002|900023)|does not know the directory|tenant .{0,60}not found",
          "oauth.tenant names no directory: copy the Directory (tenant) ID"),
    _step("M2", r"AADSTS700016|application with identifier",
          "oauth.client_id is no application of this directory: copy the Application (client) ID"),
    _step("M3", r"AADSTS7000222|secret keys .{0,80}expired|expired client secret",
          "the client secret has expired: make a new one, and note its day"),
    _step("M3", r"AADSTS7000215|invalid client secret|AADSTS7000216",
          "the secret is not one of the application's: copy its Value, not its Secret ID"),
    _step("M4", r"AADSTS(?:650052|65001|7000229|700011|500011)|consent",
          "the permissions IMAP.AccessAsApp and SMTP.SendAsApp lack an administrator's consent"),
    _step("M9", r"AADSTS53003|conditional access",
          "Conditional Access blocks the application: exclude its service principal"),
    _step("M6", r"authenticated but not connected",
          "the service principal has no FullAccess to this mailbox: Add-MailboxPermission; its "
          "identity is the Object ID of Enterprise applications, not of App registrations"),
    _step("M7", r"SmtpClientAuthentication is disabled|smtp_auth_disabled",
          "SMTP AUTH is off for the tenant or the mailbox: Set-CASMailbox "
          "-SmtpClientAuthenticationDisabled $false"),
    _step("M8", r"SendAsDenied|not allowed to send as|permissions to send as",
          "the service principal may not send as this mailbox: Add-RecipientPermission … SendAs"),
    _step("M1", r"basic authentication is disabled|LOGIN failed|AUTHENTICATE LOGIN",
          "Microsoft takes no password here: use auth: oauth2-microsoft"),
    _step("M5", r"AUTHENTICATE failed|Authentication unsuccessful",
          "Exchange does not know the service principal, or the permission (M4) is missing: "
          "New-ServicePrincipal with the Object ID of Enterprise applications"),
)  # fmt: skip
STEPS: Mapping[str, tuple[SetupStep, ...]] = MappingProxyType(
    {"google": _GOOGLE, "microsoft": _MICROSOFT}
)
_HOSTS = MappingProxyType(
    {
        "google": re.compile(r"(?:^|\.)(?:gmail|googlemail|google)\.com$"),
        "microsoft": re.compile(r"(?:^|\.)(?:office365|outlook|office)\.(?:com|us|de|cn)$"),
    }
)


def step_for(settings: ServerSettings, words: str) -> str:
    """What is still to be done, and where it stands, as the provider's words tell; or nothing."""
    for step in STEPS.get(provider_of(settings), ()):
        if step.says.search(words):
            return f"{step.advice} ({PAGE}, step {step.mark})"
    return ""


def provider_of(settings: ServerSettings) -> str:
    """google, microsoft, or nothing: by the way of logging in, else by the host."""
    if settings.auth != "password":
        return settings.auth.removeprefix("oauth2-")
    host = settings.host.lower()
    return next((name for name, pattern in _HOSTS.items() if pattern.search(host)), "")
