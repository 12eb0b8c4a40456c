"""One look at each server: does it let the bot in, and if not, what is to be done."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from bot.config.settings import ImapSettings, SmtpSettings
from bot.mail.errors import MailboxError
from bot.mail.first_look import first_look
from bot.mail.imap import Inbox
from bot.mail.smtp_session import open_session


@dataclass(frozen=True, slots=True)
class CheckResult:
    """A line about one server; `advice` says what to do about a failure."""

    ok: bool
    line: str
    advice: str = ""


def check_imap(
    settings: ImapSettings, starts: dt.datetime | None = None, *, is_new: bool = False
) -> CheckResult:
    """Log in and open the folder; changes nothing, but creates a missing `done_folder`.

    `starts` is the time of a first start, whose consequences are told. `is_new`: the database is,
    which is a mistake where another one has worked on the folder.
    """
    server = f"{settings.host}:{settings.port}"
    begins = ""
    try:
        with Inbox(settings) as inbox:
            inbox.connect()
            summary = inbox.summary()
            if starts is not None:
                look = first_look(inbox, settings.since, starts)
                begins = f"; at a first start {look.told}"
    except MailboxError as error:
        return CheckResult(False, f"imap: {error.problem}", error.advice)
    line = f"imap: {server}, {_who(settings.username)}: {summary}{begins}"
    if starts is not None and is_new and look.flagged:
        problem = f"{look.flagged:,} messages bear the bot's flag: another database worked on them"
        advice = "name that database in database.url; to begin anew on purpose, say `db create`"
        return CheckResult(False, f"{line}; {problem}", advice)
    return CheckResult(True, line)


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
