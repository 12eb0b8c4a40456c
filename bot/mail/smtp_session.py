"""Opening an SMTP session: connect, TLS, log in (RFC 3207, RFC 4954); who and what goes over the
wire, in the form this very server can take (8BITMIME RFC 6152, SMTPUTF8 RFC 6531, SIZE RFC 1870).
"""

import base64
import email
import email.policy
import re
import smtplib
from collections.abc import Sequence
from dataclasses import dataclass

from bot.config.settings import SmtpSettings
from bot.mail.connection import keep_alive, tls_context
from bot.mail.errors import MailboxError, network_error, one_line, password_of
from bot.mail.oauth import access_token, refusal_advice, xoauth2
from bot.mail.providers import step_for

# Whatever could end the command or the path in it: control characters, spaces, brackets.
_ADDRESS = re.compile(r"[^\s<>\x00-\x1f\x7f@]+(?:@[^\s<>\x00-\x1f\x7f@]+)+")

# RFC 4954: credentials wanted, too weak, wrong, or to be sent over TLS only.
LOGIN_NEEDED = {530, 534, 535, 538}


def open_session(settings: SmtpSettings, hello: str = "") -> smtplib.SMTP:
    """A connection that is logged in; raises MailboxError."""
    token = access_token(settings) if settings.username and settings.auth != "password" else ""
    server = f"{settings.host}:{settings.port}"
    smtp: smtplib.SMTP | None = None
    try:
        smtp = _connect(settings, hello)
        smtp.ehlo_or_helo_if_needed()
        if settings.security == "starttls":
            _start_tls(smtp, settings)
        if settings.username:
            _log_in(smtp, settings, token)
    except BaseException as error:
        if smtp is not None:
            smtp.close()
        if isinstance(error, smtplib.SMTPResponseException):
            passing = error.smtp_code < 500
            reason = f"{server}: {error.smtp_code} {one_line(error.smtp_error)}"
            raise MailboxError(reason, temporary=passing) from error
        if isinstance(error, smtplib.SMTPException):
            raise MailboxError(f"{server}: {one_line(error)}", temporary=True) from error
        if isinstance(error, OSError):
            raise network_error(error, settings) from error
        raise
    return smtp


def _connect(settings: SmtpSettings, hello: str) -> smtplib.SMTP:
    # Without a name smtplib asks the name server for this machine's, which may take long.
    name = hello or settings.username.rpartition("@")[2] or "[127.0.0.1]"
    if settings.security == "tls":
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(
            settings.host,
            settings.port,
            local_hostname=name,
            timeout=settings.timeout_seconds,
            context=tls_context(settings),
        )
    else:
        smtp = smtplib.SMTP(
            settings.host, settings.port, local_hostname=name, timeout=settings.timeout_seconds
        )
    keep_alive(smtp.sock)
    return smtp


def _start_tls(smtp: smtplib.SMTP, settings: SmtpSettings) -> None:
    if not smtp.has_extn("starttls"):
        raise MailboxError(
            f"{settings.host}:{settings.port} does not offer STARTTLS",
            "set smtp.security: tls, and the port that belongs to it",
            temporary=False,
        )
    smtp.starttls(context=tls_context(settings))
    smtp.ehlo()  # what was offered before TLS does not count


def _log_in(smtp: smtplib.SMTP, settings: SmtpSettings, token: str) -> None:
    if not smtp.has_extn("auth"):
        raise MailboxError(
            f"{settings.host}:{settings.port} offers no login",
            "set smtp.security to starttls or tls; or leave smtp.username empty for a relay that "
            "knows this machine",
            temporary=False,
        )
    if settings.auth == "password":
        code, words = _password(smtp, settings)
        advice = "check smtp.username and its password, or use an oauth2 smtp.auth"
    else:
        code, words = _authenticate(smtp, "XOAUTH2", xoauth2(settings.username, token))
        advice = refusal_advice(settings)
    if code not in (235, 503):  # 503: logged in already
        raise MailboxError(
            f"{settings.host} refuses to log {settings.username} in: {code} {one_line(words)}",
            step_for(settings, one_line(words)) or advice,
            temporary=code < 500,
        )


def _password(smtp: smtplib.SMTP, settings: SmtpSettings) -> tuple[int, bytes]:
    password = password_of(settings)
    if "PLAIN" in smtp.esmtp_features.get("auth", "").upper().split():
        return _authenticate(smtp, "PLAIN", f"\0{settings.username}\0{password}")
    try:
        return smtp.login(settings.username, password)
    except smtplib.SMTPAuthenticationError as error:
        words = error.smtp_error
        return error.smtp_code, words if isinstance(words, bytes) else words.encode()


def _authenticate(smtp: smtplib.SMTP, mechanism: str, response: str) -> tuple[int, bytes]:
    """AUTH with an initial response, in UTF-8 (smtplib's own knows ASCII only)."""
    code, words = smtp.docmd("AUTH", f"{mechanism} {base64.b64encode(response.encode()).decode()}")
    if code == 334:
        # XOAUTH2 tells the error in a challenge; after an empty answer comes the refusal.
        try:
            details = base64.b64decode(words)
        except ValueError:
            details = words
        code, words = smtp.docmd("")
        words = words + b" " + details
    return code, words


@dataclass(frozen=True, slots=True)
class Envelope:
    """`recipients` and `impossible` pair the address as given with its form on the wire or why not.

    `data` ends with the lone dot, other dots doubled, every line end CRLF.
    """

    sender: str
    recipients: tuple[tuple[str, str], ...]
    impossible: tuple[tuple[str, str], ...]
    options: tuple[str, ...]
    data: bytes


def prepare(smtp: smtplib.SMTP, mail_from: str, recipients: Sequence[str], data: bytes) -> Envelope:
    """The envelope for a server that has told its extensions; raises nothing."""
    speaks_utf8 = smtp.has_extn("smtputf8")
    possible: list[tuple[str, str]] = []
    impossible: list[tuple[str, str]] = []
    for recipient in dict.fromkeys(recipients):
        address = _on_the_wire(recipient)
        if not address:
            impossible.append((recipient, "not an address"))
        elif not address.isascii() and not speaks_utf8:
            impossible.append((recipient, "the server takes no address with such letters"))
        else:
            possible.append((recipient, address))
    sender = _on_the_wire(mail_from)
    headers = re.split(rb"\r?\n\r?\n", data, maxsplit=1)[0]
    utf8 = not (sender + "".join(a for _, a in possible)).isascii() or not headers.isascii()
    if not data.isascii() and not (smtp.has_extn("8bitmime") and (speaks_utf8 or not utf8)):
        data = _seven_bit(data)
        utf8 = utf8 and speaks_utf8
    options = [f"SIZE={len(data)}"] if smtp.has_extn("size") else []
    if not data.isascii():
        options.append("BODY=8BITMIME")
    if utf8:
        options.append("SMTPUTF8")
    return Envelope(sender, tuple(possible), tuple(impossible), tuple(options), _quoted(data))


def _on_the_wire(address: str) -> str:
    """An address fit for MAIL or RCPT, its domain in ASCII; empty where there is none."""
    if not _ADDRESS.fullmatch(address) or len(address) > 320:
        return ""
    local, _, domain = address.rpartition("@")
    try:
        return f"{local}@{domain.encode('idna').decode('ascii')}"
    except UnicodeError:
        return ""


def _quoted(data: bytes) -> bytes:
    """RFC 5321, 4.5.2. A bare CR or LF would let a body smuggle a second message in."""
    ends = data.count(b"\r\n")
    if not ends == data.count(b"\r") == data.count(b"\n"):  # not one of ours
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\n", b"\r\n")
    data = (b"." if data.startswith(b".") else b"") + data.replace(b"\n.", b"\n..")
    return data + (b"" if data.endswith(b"\r\n") else b"\r\n") + b".\r\n"


def _seven_bit(data: bytes) -> bytes:
    """The same message in ASCII, for the rare server that takes nothing else."""
    message = email.message_from_bytes(data, policy=email.policy.SMTP.clone(cte_type="7bit"))
    return message.as_bytes()
