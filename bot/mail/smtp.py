"""Sending mail over one kept connection (RFC 5321), with an outcome that tells who got it.

A reply of 4xx, or trouble with the connection, means later; 5xx means never. Trouble with the
login is the operator's, and a limit of the account the provider's: the mail is fine and waits.
"""

import smtplib
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import Enum, auto

import structlog

from bot.config.settings import SmtpSettings
from bot.mail.errors import (
    NO_SUCH_ADDRESS,
    MailboxError,
    is_sending_limit,
    one_line,
    suggested_wait,
)
from bot.mail.smtp_session import LOGIN_NEEDED, Envelope, open_session, prepare

log = structlog.get_logger()

CHECK_AFTER = 30.0  # seconds of idleness after which a connection is asked if it is still there


@dataclass(frozen=True, slots=True)
class Refusal:
    """One recipient to whom the server will not, or not yet, deliver.

    `gone`: it refused just this one, and says that there is no such address (RFC 3463, 5.1.x).
    """

    recipient: str
    reason: str
    gone: bool = False


class Obstacle(Enum):
    """What keeps all mail from going out, whatever mail it is."""

    CONNECTION = auto()  # no session was to be had
    LOGIN = auto()  # … because the server does not let us in: that is the operator's
    LIMIT = auto()  # the account has sent as much as it may for now


@dataclass(frozen=True, slots=True)
class Sent:
    """The server took it for `recipients`, not for `refused`, and not yet for `deferred`."""

    recipients: tuple[str, ...]
    refused: tuple[Refusal, ...] = ()
    deferred: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class Deferred:
    """Nobody has it: try again later, for all but the `refused`.

    `uncertain`: the connection broke when all had been said, so the server may have it after all.
    `advice` is set where an operator must do something first. `for_all`: what stands in the way is
    the server, not this mail or its recipients, so others need not be tried now. `obstacle` says
    what the mail has no part in.
    """

    reason: str
    advice: str = ""
    for_all: bool = True
    uncertain: bool = False
    refused: tuple[Refusal, ...] = ()
    obstacle: Obstacle | None = None

    @property
    def retry_after(self) -> float:
        """For how many seconds the server asked to be left alone; 0 where it did not."""
        return suggested_wait(self.reason)


@dataclass(frozen=True, slots=True)
class Refused:
    """Nobody will have it."""

    reason: str
    recipients: tuple[Refusal, ...]


Outcome = Sent | Deferred | Refused


class _LostBeforeDataError(Exception):
    """The connection ended while nothing had been handed over."""


class _LimitError(Exception):
    """The server says that this account has sent enough for now."""


class SmtpSender(AbstractContextManager["SmtpSender"]):
    """Sends over one connection, opened when needed and kept; for one thread.

    `send` never raises for what servers do. `hello` names this side in EHLO.
    """

    def __init__(
        self,
        settings: SmtpSettings,
        *,
        hello: str = "",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings = settings
        self._hello = hello
        self._clock = clock
        self._smtp: smtplib.SMTP | None = None
        self._used = 0.0

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Take leave of the server, if it still listens."""
        smtp, self._smtp = self._smtp, None
        if smtp is None:
            return
        try:
            if smtp.sock is not None:
                smtp.sock.settimeout(2)
            smtp.quit()
        except (smtplib.SMTPException, OSError):
            smtp.close()

    def send(self, mail_from: str, recipients: Sequence[str], data: bytes) -> Outcome:
        """Hand one message over; `data` is the whole of it, headers and body."""
        kept = self._still_there()
        try:
            outcome = self._attempt(mail_from, recipients, data)
        except _LostBeforeDataError as error:
            # A server may end a kept connection at any time; a new one deserves a chance at once.
            outcome = Deferred(str(error))
            if kept:
                try:
                    outcome = self._attempt(mail_from, recipients, data)
                except _LostBeforeDataError as again:
                    outcome = Deferred(str(again))
        self._used = self._clock()
        if isinstance(outcome, Sent):
            log.info("smtp.sent", recipients=len(outcome.recipients), size=len(data))
        else:
            log.warning(f"smtp.{type(outcome).__name__.lower()}", reason=outcome.reason)
        return outcome

    def _still_there(self) -> bool:
        """Whether a kept connection is at hand; one that was idle for long is asked first."""
        if self._smtp is not None and self._clock() - self._used > CHECK_AFTER:
            try:
                if self._smtp.noop()[0] != 250:
                    self._drop()
            except (smtplib.SMTPException, OSError):
                self._drop()
        return self._smtp is not None

    def _attempt(self, mail_from: str, recipients: Sequence[str], data: bytes) -> Outcome:
        if self._smtp is None:
            try:
                self._smtp = open_session(self._settings, self._hello)
            except MailboxError as error:
                return Deferred(error.problem, error.advice, obstacle=_obstacle(error))
        smtp = self._smtp
        envelope = prepare(smtp, mail_from, recipients, data)
        refused = [Refusal(who, why) for who, why in envelope.impossible]
        if not envelope.recipients:
            return Refused("no address that this server can deliver to", tuple(refused))
        try:
            outcome = _transaction(smtp, envelope, refused)
        except _LimitError as error:
            self._drop()
            return Deferred(str(error), obstacle=Obstacle.LIMIT)
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise _LostBeforeDataError(f"connection lost: {one_line(error)}") from error
        except _LostBeforeDataError:
            self._drop()
            raise
        if isinstance(outcome, Deferred) and (outcome.uncertain or outcome.advice):
            self._drop()
        elif not isinstance(outcome, Sent):
            self._reset()
        return outcome

    def _reset(self) -> None:
        try:
            if self._smtp is not None:
                self._smtp.rset()
        except (smtplib.SMTPException, OSError):
            self._drop()

    def _drop(self) -> None:
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            smtp.close()


def _transaction(smtp: smtplib.SMTP, envelope: Envelope, refused: list[Refusal]) -> Outcome:
    """MAIL, RCPT for each, DATA; raises while nothing has been handed over."""
    mail = _staying(smtp.mail(envelope.sender, envelope.options))
    if mail[0] != 250:
        _raise_if_limit(mail)
        return _nobody(*mail, [who for who, _ in envelope.recipients], refused)
    replies = [(who, _staying(smtp.rcpt(address))) for who, address in envelope.recipients]
    accepted: list[str] = []
    deferred: list[Refusal] = []
    for who, (code, words) in replies:
        if code in (250, 251):
            accepted.append(who)
        else:
            # 552 here means too many recipients at a time (RFC 5321, 4.5.3.1.10).
            never = code >= 500 and code != 552
            gone = never and bool(NO_SUCH_ADDRESS.match(one_line(words)))
            (refused if never else deferred).append(Refusal(who, _reason(code, words), gone))
    if not accepted:
        _raise_if_limit(*(reply for _, reply in replies))
        if deferred:
            return Deferred(deferred[0].reason, for_all=False, refused=tuple(refused))
        return Refused(refused[0].reason, tuple(refused))
    data = _staying(smtp.docmd("DATA"))
    if data[0] != 354:
        _raise_if_limit(data)
        return _nobody(*data, accepted, refused)
    try:
        smtp.send(envelope.data)
        code, words = smtp.getreply()
    except (smtplib.SMTPException, OSError) as error:
        reason = f"connection lost before the message was acknowledged: {one_line(error)}"
        return Deferred(reason, uncertain=True, refused=tuple(refused))
    if code != 250:
        _raise_if_limit((code, words))
        return _nobody(code, words, accepted, refused, for_all=False)
    return Sent(tuple(accepted), tuple(refused), tuple(deferred))


Reply = tuple[int, bytes]


def _staying(reply: Reply) -> Reply:
    """The reply, unless it says that the server is about to hang up."""
    if reply[0] == 421:
        _raise_if_limit(reply)
        raise _LostBeforeDataError(_reason(*reply))
    return reply


def _raise_if_limit(*replies: Reply) -> None:
    for reply in replies:
        if reply[0] >= 400 and is_sending_limit(_reason(*reply)):
            raise _LimitError(_reason(*reply))


def _obstacle(error: MailboxError) -> Obstacle:
    if is_sending_limit(error.problem):
        return Obstacle.LIMIT
    return Obstacle.CONNECTION if error.temporary else Obstacle.LOGIN


def _nobody(
    code: int,
    words: bytes,
    recipients: Sequence[str],
    refused: list[Refusal],
    *,
    for_all: bool = True,
) -> Outcome:
    """The outcome of a reply that concerns the whole message."""
    reason = _reason(code, words)
    if code in LOGIN_NEEDED:
        advice = "check smtp.username, smtp.auth and smtp.security"
        return Deferred(reason, advice, obstacle=Obstacle.LOGIN)
    if code < 500:
        return Deferred(reason, for_all=for_all or code == 421, refused=tuple(refused))
    return Refused(reason, (*refused, *(Refusal(who, reason) for who in recipients)))


def _reason(code: int, words: bytes) -> str:
    return f"{code} {one_line(words)}"
