"""One look at each server: does it let the bot in, and if not, what is to be done."""

import datetime as dt
import secrets
import time
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from bot.config.settings import ImapSettings, SmtpSettings
from bot.errors import CheckResult
from bot.mail.errors import MailboxError
from bot.mail.first_look import first_look
from bot.mail.imap import Inbox
from bot.mail.providers import step_for
from bot.mail.session import hang_up, translated
from bot.mail.session import open_session as open_imap_session
from bot.mail.smtp import Outcome, Sent, SmtpSender
from bot.mail.smtp_session import open_session

NO_PLUS = "answers still work by their Message-ID; docs/providers.md, Plus-addresses, says more"


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


def check_smtp(settings: SmtpSettings, name: str = "smtp") -> CheckResult:
    """Log in; nothing is sent."""
    server = f"{settings.host}:{settings.port}"
    try:
        smtp = open_session(settings)
    except MailboxError as error:
        return CheckResult(False, f"{name}: {error.problem}", error.advice)
    size = smtp.esmtp_features.get("size", "")
    smtp.close()
    limit = f"messages up to {int(size) // 10**6} MB" if size.isdigit() and int(size) else "ready"
    return CheckResult(True, f"{name}: {server}, {_who(settings.username)}: {limit}")


def check_sending(
    settings: SmtpSettings, sender: str, recipient: str, subject: str, text: str
) -> CheckResult:
    """Send one mail."""
    outcome = _send(settings, sender, recipient, subject, text)[0]
    if isinstance(outcome, Sent):
        return CheckResult(True, f"sent: a mail to {recipient}; look whether it arrives")
    advice = step_for(settings, outcome.reason)
    return CheckResult(False, f"sending to {recipient}: {outcome.reason}", advice)


def check_plus_address(
    imap: ImapSettings, smtp: SmtpSettings, mailbox: str, subject: str, text: str, seconds: float
) -> CheckResult:
    """Send a mail to an address of the mailbox with a plus-part, and wait until it is there."""
    local, _, domain = mailbox.partition("@")
    recipient = f"{local}+prueba@{domain}"
    outcome, message_id = _send(smtp, mailbox, recipient, subject, text)
    if not isinstance(outcome, Sent):
        return CheckResult(False, f"plus-address: {recipient}: {outcome.reason}", NO_PLUS)
    deadline = time.monotonic() + seconds
    try:
        client = open_imap_session(imap)
        try:
            while time.monotonic() < deadline:
                with translated(imap, "looking for the mail"):
                    client.select_folder(imap.folder, readonly=True)
                    if client.search(["HEADER", "Message-ID", message_id]):
                        return CheckResult(True, f"plus-address: mail to {recipient} arrives")
                time.sleep(min(1.0, max(0.0, deadline - time.monotonic())))
        finally:
            hang_up(client)
    except MailboxError as error:
        return CheckResult(False, f"plus-address: {error.problem}", error.advice)
    return CheckResult(
        False, f"plus-address: mail to {recipient} has not come within {seconds:.0f} s", NO_PLUS
    )


def _send(
    settings: SmtpSettings, sender: str, recipient: str, subject: str, text: str
) -> tuple[Outcome, str]:
    mail = EmailMessage(policy=SMTP)
    domain = sender.rpartition("@")[2]
    mail["From"], mail["To"], mail["Subject"] = sender, recipient, subject
    mail["Message-ID"] = f"<prueba.{secrets.token_hex(10)}@{domain}>"
    mail["Date"] = format_datetime(dt.datetime.now(dt.UTC))
    mail["Auto-Submitted"], mail["X-Auto-Response-Suppress"] = "auto-generated", "All"
    mail["X-Bot-Template"] = "check"
    mail.set_content(text)
    with SmtpSender(settings, hello=domain) as smtp:
        return smtp.send(sender, (recipient,), mail.as_bytes()), str(mail["Message-ID"])


def _who(username: str) -> str:
    return f"logged in as {username}" if username else "no login"
