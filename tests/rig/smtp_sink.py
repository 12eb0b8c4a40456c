"""An SMTP server that keeps what it is sent, and misbehaves on demand."""

from __future__ import annotations

import asyncio
import base64
import json
import logging
import ssl
import threading
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session, auth_mechanism

from tests.rig.received import Received
from tests.rig.system import LOOPBACK, RigError, free_port
from tests.rig.tls import Certificates

__all__ = ["DROP", "HANG", "Received", "SmtpSink"]

# It warns of logins without TLS, which on loopback are meant.
logging.getLogger("mail.log").setLevel(logging.ERROR)

Accepts = Callable[[str, str], bool]
"""Whether a user name and a password (or token) open the door."""

HANG = "hang"  # say nothing, keep the connection
DROP = "drop"  # reset the connection


@dataclass
class SmtpSink:
    """Listens on a loopback port while the block lasts.

    Told at any time how to answer: `at_rcpt` by recipient (`{"x@y.mx": "550 no such user"}`);
    `at_greeting` holds lines that are used up, one a connection, which ends there; `at_mail`,
    `at_data` (for the whole message) and `after_data` hold answers that are used up, one a message:
    a line, or `HANG`, or `DROP`. With `after_data` the message counts as accepted all the same, and
    only the acknowledgement is lost. `without` names extensions that EHLO does not offer. `at_step`
    is called, in the server's thread, with `RCPT` before the answer to it and with `DATA` when a
    message is there and not yet acknowledged.
    """

    security: Literal["none", "starttls", "tls"] = "none"
    certificates: Certificates | None = None
    password: Accepts | None = None
    token: Accepts | None = None
    without: Sequence[str] = ()
    size_limit: int = 33_554_432
    at_rcpt: dict[str, str] = field(default_factory=dict)
    at_greeting: list[str] = field(default_factory=list)
    at_mail: list[str] = field(default_factory=list)
    at_data: list[str] = field(default_factory=list)
    after_data: list[str] = field(default_factory=list)
    at_step: Callable[[str], None] = lambda _: None
    host: str = LOOPBACK

    def __post_init__(self) -> None:
        self.port = free_port()
        self.connections = 0
        self.logins: list[tuple[str, str]] = []  # mechanism, user
        self._mails: list[Received] = []
        self._news = threading.Condition()
        self._open: set[_Connection] = set()
        self._context = self.certificates.server_context() if self.certificates else None

    def __enter__(self) -> Self:
        self._controller = _SinkController(self)
        self._controller.start()
        self.connections = 0  # aiosmtpd tries its own door at the start
        return self

    def __exit__(self, *_: object) -> None:
        self.drop_connections()
        self._controller.stop()

    @property
    def requires_login(self) -> bool:
        return self.password is not None or self.token is not None

    @property
    def mails(self) -> list[Received]:
        with self._news:
            return list(self._mails)

    def clear(self) -> None:
        """Forget what came in."""
        with self._news:
            self._mails.clear()

    def wait_for(
        self, predicate: Callable[[Received], bool] = lambda _: True, timeout: float = 10
    ) -> Received:
        """The first message, come or still to come, of which `predicate` is true."""
        deadline = time.monotonic() + timeout
        with self._news:
            while True:
                for mail in self._mails:
                    if predicate(mail):
                        return mail
                left = deadline - time.monotonic()
                if left <= 0 or not self._news.wait(left):
                    seen = [(m.recipients, m.template, m.subject) for m in self._mails]
                    raise RigError(f"no such mail within {timeout:g} s; came: {seen}")

    def wait_for_count(self, count: int, timeout: float = 10) -> list[Received]:
        """All messages, as soon as there are `count` of them."""
        with self._news:
            if not self._news.wait_for(lambda: len(self._mails) >= count, timeout):
                raise RigError(f"{len(self._mails)} mails within {timeout:g} s, not {count}")
            return list(self._mails)

    def drop_connections(self) -> None:
        """Reset every connection, as a server does that has kept one idle for too long."""

        async def drop() -> None:
            for connection in list(self._open):
                connection.abort()

        asyncio.run_coroutine_threadsafe(drop(), self._controller.loop).result(5)

    def _keep(self, mail: Received) -> None:
        with self._news:
            self._mails.append(mail)
            self._news.notify_all()


class _Connection(SMTP):
    """One client's connection; its number tells a kept connection from a new one."""

    def __init__(self, sink: SmtpSink) -> None:
        with warnings.catch_warnings():
            # Logging in without TLS is meant: this is loopback.
            warnings.simplefilter("ignore", UserWarning)
            super().__init__(
                _Handler(sink),
                hostname="sink.test",
                data_size_limit=sink.size_limit,
                enable_SMTPUTF8="SMTPUTF8" not in sink.without,
                tls_context=sink._context if sink.security == "starttls" else None,
                require_starttls=sink.security == "starttls",
                auth_required=sink.requires_login,
                auth_require_tls=False,
                authenticator=_password_check(sink),
                auth_exclude_mechanism=None if sink.password else ["PLAIN", "LOGIN"],
            )
        self.sink = sink
        self.number = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        if not self.number:  # STARTTLS comes here a second time
            self.sink.connections += 1
            self.number = self.sink.connections
            self.sink._open.add(self)

    async def _handle_client(self) -> None:
        if self.sink.at_greeting:
            await self.push(self.sink.at_greeting.pop(0))
            if self.transport is not None:
                self.transport.close()
            return
        await super()._handle_client()

    def connection_lost(self, error: Exception | None) -> None:
        self.sink._open.discard(self)
        super().connection_lost(error)

    def abort(self) -> None:
        transport = self.transport
        if isinstance(transport, asyncio.WriteTransport):
            transport.abort()


class _SinkController(Controller):
    def __init__(self, sink: SmtpSink) -> None:
        self.sink = sink
        context: ssl.SSLContext | None = sink._context if sink.security == "tls" else None
        super().__init__(handler=None, hostname=sink.host, port=sink.port, ssl_context=context)

    def factory(self) -> _Connection:
        return _Connection(self.sink)


class _Handler:
    """aiosmtpd's hooks; what they return is the answer."""

    def __init__(self, sink: SmtpSink) -> None:
        self.sink = sink

    async def handle_EHLO(  # noqa: N802 - aiosmtpd names it
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        hostname: str,
        responses: list[str],
    ) -> list[str]:
        session.host_name = hostname
        return [line for line in responses if line[4:].split()[0] not in self.sink.without]

    async def handle_MAIL(  # noqa: N802 - aiosmtpd names it
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.sink.at_mail:
            answer = await self._misbehave(server, self.sink.at_mail.pop(0))
            if not answer.startswith("2"):
                return answer
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd names it
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.sink.at_step("RCPT")
        answer = self.sink.at_rcpt.get(address.lower(), "250 OK")
        answer = await self._misbehave(server, answer)
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(  # noqa: N802 - aiosmtpd names it
        self, server: _Connection, session: Session, envelope: Envelope
    ) -> str:
        if self.sink.at_data:
            answer = await self._misbehave(server, self.sink.at_data.pop(0))
            if not answer.startswith("2"):
                return answer
        content = envelope.content
        self.sink._keep(
            Received(
                envelope.mail_from or "",
                tuple(envelope.rcpt_tos),
                content if isinstance(content, bytes) else (content or "").encode(),
                tuple(envelope.mail_options),
                server.number,
                session.auth_data if isinstance(session.auth_data, str) else "",
                time.time(),
            )
        )
        self.sink.at_step("DATA")
        if self.sink.after_data:
            return await self._misbehave(server, self.sink.after_data.pop(0))
        return "250 OK"

    async def _misbehave(self, server: SMTP, answer: str) -> str:
        if answer == DROP and isinstance(server, _Connection):
            server.abort()
        if answer in (DROP, HANG):
            await asyncio.sleep(3600)  # cancelled when the connection ends
        return answer

    @auth_mechanism("XOAUTH2")
    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:  # noqa: N802
        """As Google and Microsoft do it: an error is told in a challenge, then in a 535."""
        if self.sink.token is None:
            return AuthResult(success=False, handled=False)
        blob = args[1].encode() if len(args) > 1 else b""
        fields = dict(
            part.partition("=")[::2] for part in base64.b64decode(blob).decode().split("\x01")
        )
        user, token = fields.get("user", ""), fields.get("auth", "").removeprefix("Bearer ")
        self.sink.logins.append(("XOAUTH2", user))
        if self.sink.token(user, token):
            return AuthResult(success=True, auth_data=user)
        status = {"status": "401", "schemes": "bearer", "scope": "https://mail.google.com/"}
        await server.challenge_auth(json.dumps(status))
        return AuthResult(success=False, handled=False)


def _password_check(
    sink: SmtpSink,
) -> Callable[[SMTP, Session, Envelope, str, object], AuthResult]:
    def check(
        server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object
    ) -> AuthResult:
        assert isinstance(data, LoginPassword)
        user = data.login.decode()
        sink.logins.append((mechanism, user))
        accepted = sink.password is not None and sink.password(user, data.password.decode())
        return AuthResult(success=accepted, handled=False, auth_data=user)

    return check
