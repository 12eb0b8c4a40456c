"""Opening an IMAP session: connect, TLS, log in."""

import imaplib
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from imapclient import IMAPClient
from imapclient.exceptions import LoginError

from bot.config.settings import ImapSettings
from bot.mail import quirks
from bot.mail.connection import keep_alive, tls_context
from bot.mail.errors import (
    MailboxError,
    connection_lost,
    imap_error,
    one_line,
    passes,
    password_of,
    suggested_wait,
)
from bot.mail.oauth import access_token, refusal_advice, xoauth2
from bot.mail.providers import step_for


@contextmanager
def translated(settings: ImapSettings, doing: str) -> Iterator[None]:
    """Whatever a server or the network does inside the block comes out as a MailboxError."""
    try:
        yield
    except (imaplib.IMAP4.error, OSError, ValueError, AssertionError, IndexError) as error:
        raise imap_error(error, settings, doing) from error


def open_session(settings: ImapSettings) -> IMAPClient:
    """A connection that is logged in; raises MailboxError."""
    # A token first: while one is fetched, a waiting server may hang up.
    token = access_token(settings) if settings.username and settings.auth != "password" else ""
    with translated(settings, "while connecting"):
        client = IMAPClient(
            settings.host,
            settings.port,
            ssl=settings.security == "tls",
            ssl_context=tls_context(settings) if settings.security == "tls" else None,
            timeout=settings.timeout_seconds,
        )
    try:
        with translated(settings, "while logging in"):
            _prepare(client, settings)
            if settings.username:
                _log_in(client, settings, token)
            client.capabilities()  # cached from here on
    except BaseException:
        hang_up(client)
        raise
    return client


def hang_up(client: IMAPClient) -> None:
    """Close the socket without a word; a dead server could not answer a LOGOUT anyway."""
    with suppress(OSError, imaplib.IMAP4.error):
        client.shutdown()


def _prepare(client: IMAPClient, settings: ImapSettings) -> None:
    quirks.keep_no_trace(client)
    client.normalise_times = False
    keep_alive(client.socket())
    if settings.security == "starttls":
        if not client.has_capability("STARTTLS"):
            raise MailboxError(
                f"{settings.host}:{settings.port} does not offer STARTTLS",
                "set imap.security: tls, and the port that belongs to it",
                temporary=False,
            )
        client.starttls(tls_context(settings))


def _log_in(client: IMAPClient, settings: ImapSettings, token: str) -> None:
    challenges: list[bytes] = []
    try:
        if settings.auth == "password":
            _log_in_by_password(client, settings)
        else:

            def answer(challenge: bytes) -> str:
                # The server's first word is empty; a second one tells the error as JSON and wants
                # an empty answer, after which it refuses (RFC 7628, section 3.2.3).
                challenges.append(challenge)
                return xoauth2(settings.username, token) if len(challenges) == 1 else ""

            client.sasl_login("XOAUTH2", answer)
    except LoginError as error:
        if connection_lost(error):
            raise imaplib.IMAP4.abort(one_line(error)) from error
        reason = one_line(error)
        details = one_line(challenges[1]) if len(challenges) > 1 else ""
        raise MailboxError(
            f"{settings.host} refuses to log {settings.username} in: {reason} {details}".strip(),
            step_for(settings, f"{reason} {details}") or _advice(settings),
            temporary=passes(reason),
            retry_after=suggested_wait(reason),
        ) from error


def _log_in_by_password(client: IMAPClient, settings: ImapSettings) -> None:
    password = password_of(settings)
    if client.has_capability("AUTH=PLAIN"):
        # RFC 4616 is UTF-8; the LOGIN command knows ASCII only.
        client.plain_login(settings.username, password)
    elif client.has_capability("LOGINDISABLED"):
        raise MailboxError(
            f"{settings.host} takes no password on this connection",
            "set imap.security: tls or starttls, or an oauth2 imap.auth",
            temporary=False,
        )
    else:
        client.login(settings.username, password)


def _advice(settings: ImapSettings) -> str:
    if settings.auth != "password":
        return refusal_advice(settings)
    return (
        "check imap.username and its password; Google and Microsoft take no ordinary passwords "
        "any more: use imap.auth: oauth2-google or oauth2-microsoft"
    )
