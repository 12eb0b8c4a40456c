"""One look at each server: does it let the bot in, and if not, what is to be done."""

from __future__ import annotations

from dataclasses import dataclass

from bot.config.settings import ImapSettings, SmtpSettings
from bot.mail.errors import MailboxError
from bot.mail.imap import Inbox
from bot.mail.smtp_session import open_session


@dataclass(frozen=True, slots=True)
class CheckResult:
    """A line about one server; `advice` says what to do about a failure."""

    ok: bool
    line: str
    advice: str = ""


def check_imap(settings: ImapSettings) -> CheckResult:
    """Log in and open the folder; changes nothing, but creates a missing `done_folder`."""
    server = f"{settings.host}:{settings.port}"
    try:
        with Inbox(settings) as inbox:
            inbox.connect()
            summary = inbox.summary()
    except MailboxError as error:
        return CheckResult(False, f"imap: {error.problem}", error.advice)
    return CheckResult(True, f"imap: {server}, {_who(settings.username)}: {summary}")


def check_smtp(settings: SmtpSettings) -> CheckResult:
    """Log in; nothing is sent."""
    server = f"{settings.host}:{settings.port}"
    try:
        smtp = open_session(settings)
    except MailboxError as error:
        return CheckResult(False, f"smtp: {error.problem}", error.advice)
    size = smtp.esmtp_features.get("size", "")
    smtp.close()
    limit = f"messages up to {int(size) // 10**6} MB" if size.isdigit() and int(size) else "ready"
    return CheckResult(True, f"smtp: {server}, {_who(settings.username)}: {limit}")


def _who(username: str) -> str:
    return f"logged in as {username}" if username else "no login"
