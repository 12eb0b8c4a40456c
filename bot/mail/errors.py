"""The one exception of this package, and how servers' and the network's own become it."""

from __future__ import annotations

import imaplib
import re
import socket
import ssl

from bot.config.settings import ImapSettings, ServerSettings

# RFC 5530: what passes by itself. ALERT and no code at all say nothing of the kind.
PASSING = {"UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG"}
_CODE = re.compile(r"\[([A-Z-]+)[^\]]*\]")


class MailboxError(Exception):
    """A mail server or token endpoint did not do what was asked.

    `temporary`: trying again later is enough. `advice` says what a person can do about it.
    """

    def __init__(self, problem: str, advice: str = "", *, temporary: bool) -> None:
        super().__init__(problem)
        self.problem = problem
        self.advice = advice
        self.temporary = temporary


def section(settings: ServerSettings) -> str:
    """The part of the configuration that these settings come from, for advice."""
    return "imap" if isinstance(settings, ImapSettings) else "smtp"


def response_code(text: str) -> str:
    """The code in brackets of an IMAP answer, such as AUTHENTICATIONFAILED, or nothing."""
    match = _CODE.search(text)
    return match[1] if match else ""


def passes(text: str) -> bool:
    """Whether a refusal in these words is likely to pass by itself."""
    return response_code(text) in PASSING or "too many" in text.lower()


def one_line(text: str | bytes | BaseException, limit: int = 300) -> str:
    """A server's words in one short line, whatever bytes it sent."""
    if isinstance(text, BaseException):
        text = text.args[-1] if text.args and isinstance(text.args[-1], bytes) else str(text)
    if isinstance(text, bytes):
        text = text.decode("utf-8", "replace")
    # imaplib turns some answers into the text of a bytes literal.
    text = re.sub(r"""\bb(['"])(.*)\1""", r"\2", text)
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:limit]


def network_error(error: OSError, settings: ServerSettings) -> MailboxError:
    """What a failed socket means to whoever runs the bot."""
    name = section(settings)
    server = f"{settings.host}:{settings.port}"
    reason = one_line(error) or type(error).__name__
    if isinstance(error, ssl.SSLCertVerificationError):
        return MailboxError(
            f"the certificate of {server} is not trusted: {error.verify_message}",
            f"check {name}.host; for an own certificate authority set {name}.ca_file",
            temporary=False,
        )
    if isinstance(error, ssl.SSLError) and error.reason == "WRONG_VERSION_NUMBER":
        return MailboxError(
            f"{server} does not speak TLS from the start",
            f"set {name}.security: starttls, or the port that belongs to tls",
            temporary=False,
        )
    if isinstance(error, socket.gaierror):
        advice = f"check {name}.host and the name server of this machine"
        return MailboxError(f"no address found for {settings.host}", advice, temporary=True)
    if isinstance(error, TimeoutError):
        reason = f"no answer within {settings.timeout_seconds:g} s"
    advice = f"check {name}.host, {name}.port and {name}.security, and that a firewall lets it pass"
    return MailboxError(f"{server}: {reason}", advice, temporary=True)


def imap_error(error: Exception, settings: ServerSettings, doing: str) -> MailboxError:
    """What imaplib or IMAPClient raised while `doing` something."""
    if isinstance(error, OSError):
        return network_error(error, settings)
    reason = one_line(error)
    server = f"{settings.host}:{settings.port}"
    if connection_lost(error):
        return MailboxError(f"{server}: connection lost, {doing}: {reason}", temporary=True)
    if isinstance(error, imaplib.IMAP4.error):
        return MailboxError(f"{server}: refused, {doing}: {reason}", temporary=passes(reason))
    # IMAPClient's parser gave up: the stream cannot be trusted any further.
    return MailboxError(f"{server}: not understood, {doing}: {reason}", temporary=True)


def connection_lost(error: BaseException | None) -> bool:
    """Whether the connection is gone, as opposed to a command refused.

    IMAPClient hides a connection lost during login in a LoginError; its context tells.
    """
    while error is not None:
        if isinstance(error, (imaplib.IMAP4.abort, OSError)):
            return True
        error = error.__context__
    return False
