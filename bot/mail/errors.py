"""The one exception of this package, and how servers' and the network's own become it."""

import imaplib
import re
import socket
import ssl

from bot.config.settings import ImapSettings, ServerSettings
from bot.errors import BotError
from bot.mail.providers import step_for
from bot.mail.quirks import lost_its_mailbox

# Of the codes about an address (3.2) those about where a mail goes, not whence it comes.
NO_SUCH_ADDRESS = re.compile(r"5\.1\.(?:10|[0-46])(?!\d)")

# RFC 5530: what passes by itself; the last two are Gmail's, of an account that asked for too much.
# ALERT and no code at all say nothing of the kind.
PASSING = {"UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG", "OVERQUOTA", "THROTTLED"}
_CODE = re.compile(r"\[([A-Z-]+)[^\]]*\]")
# Most servers say it in words alone: Exchange "Request is throttled", Gmail "System Error", Cyrus
# "System I/O error", Zimbra "temporarily unavailable".
_PASSING = re.compile(
    r"throttl|too many|quota|bandwidth|rate.?limit|back.?off|unavailable|temporar|overload|busy"
    r"|(?:system|internal|server)(?: server| i/o)? error|(?:try|retry)(?: again)? later|try again"
    r"|tim(?:ed|e) ?out",
    re.I,
)
# "Suggested Backoff Time: 96385 milliseconds", "try again in 5 minutes", "retry after 30 s"
_WAIT = re.compile(
    r"(?:back.?off|retry|again|wait)[^\d]{0,40}?(\d{1,9}) ?"
    r"(milliseconds?|ms|seconds?|secs?|s|minutes?|mins?|hours?|h|days?)\b",
    re.I,
)
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


# What a provider lets one account send, in so many words.
_SENDING_LIMIT = re.compile(
    r"throttl|rate.?limit|\b(?:sending|daily|hourly|outbound|submission|sender)\b[a-z ]{0,40}"
    r"(?:limit|quota)"
    r"|too many (?:recipients|messages|mails|emails|logins?|connections|concurrent|requests)",
    re.I,
)
# A mail that is too large is no such limit; a mailbox that is full, or gets mail too quickly, is
# its owner's trouble (RFC 3463, X.2).
_OF_ONE_MAIL = re.compile(
    r"\bsize\b|\b5\.(?:3\.4|2\.3)\b|\b[45]\.2\.1\b"
    r"|\b(?:mailbox|inbox|recipient's|account that you|user you)\b",
    re.I,
)
_LIMIT = re.compile(
    r"\b[45]\d\d[ -][45]\.4\.5\b|\b(?:421|454)[ -]4\.7\.\d|\b452[ -]4\.2\.2\b"
    r"|(?:limit|quota)\b[a-z ]{0,40}(?:exceed|reach)|exceeded\b[a-z ]{0,40}(?:limit|quota)",
    re.I,
)


class MailboxError(BotError):
    """A mail server or token endpoint did not do what was asked.

    `temporary`: trying again later is enough. `advice` says what a person can do about it.
    `retry_after` is how many seconds the server asked to be left alone; 0 where it did not say.
    """

    about = "mailbox"

    def __init__(
        self, problem: str, advice: str = "", *, temporary: bool, retry_after: float = 0.0
    ) -> None:
        super().__init__(f"{problem.rstrip('.')}. {advice}" if advice else problem)
        self.problem = problem
        self.advice = advice
        self.temporary = temporary
        self.retry_after = retry_after


def section(settings: ServerSettings) -> str:
    """The part of the configuration that these settings come from, for advice."""
    return "imap" if isinstance(settings, ImapSettings) else "smtp"


def password_of(settings: ServerSettings) -> str:
    """The password to log in with; raises MailboxError where none is set."""
    if settings.password is None:
        name = section(settings)
        advice = f"set BOT_{name.upper()}__PASSWORD or {name}.password_file, or another {name}.auth"
        raise MailboxError(f"{name}.password is not set", advice, temporary=False)
    return settings.password.get_secret_value()


def response_code(text: str) -> str:
    """The code in brackets of an IMAP answer, such as AUTHENTICATIONFAILED, or nothing."""
    match = _CODE.search(text)
    return match[1] if match else ""


def passes(text: str) -> bool:
    """Whether a refusal in these words is likely to pass by itself."""
    return response_code(text) in PASSING or bool(_PASSING.search(text))


def suggested_wait(text: str) -> float:
    """For how many seconds a server's words ask to be left alone; 0 where they do not say."""
    match = _WAIT.search(text)
    if not match:
        return 0.0
    unit = match[2].lower()
    return int(match[1]) * (0.001 if unit.startswith(("ms", "mill")) else _SECONDS[unit[0]])


def is_sending_limit(reply: str) -> bool:
    """Whether an SMTP reply, code and words, is a limit of the account that sends.

    Then it says nothing of the mail or its recipients: all others would hear the same.
    """
    if _SENDING_LIMIT.search(reply):
        return True
    return not _OF_ONE_MAIL.search(reply) and bool(_LIMIT.search(reply))


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
        problem = f"{server}: connection lost, {doing}: {reason}"
        return MailboxError(problem, step_for(settings, reason), temporary=True)
    if isinstance(error, imaplib.IMAP4.error):
        return MailboxError(
            f"{server}: refused, {doing}: {reason}",
            step_for(settings, reason),
            temporary=passes(reason),
            retry_after=suggested_wait(reason),
        )
    # IMAPClient's parser gave up: the stream cannot be trusted any further.
    return MailboxError(f"{server}: not understood, {doing}: {reason}", temporary=True)


def was_refused(error: MailboxError) -> bool:
    """Whether the server understood a command and did not want to, on a connection that goes on."""
    cause = error.__cause__
    return isinstance(cause, imaplib.IMAP4.error) and not connection_lost(cause)


def connection_lost(error: BaseException | None) -> bool:
    """Whether the connection is gone, as opposed to a command refused.

    IMAPClient hides a connection lost during login in a LoginError; its context tells.
    """
    while error is not None:
        if isinstance(error, (imaplib.IMAP4.abort, OSError)) or lost_its_mailbox(str(error)):
            return True
        error = error.__context__
    return False
