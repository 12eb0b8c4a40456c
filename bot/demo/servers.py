"""The demo's mail world: pymap holds the bot's mailbox, aiosmtpd delivers to everybody.

Mail to the bot's address (or its plus-addresses) is appended to its inbox; mail to anybody else
lands in that person's postbox, where the demo reads it. Everything listens on loopback.
"""

import asyncio
import datetime as dt
import email
import email.policy
import logging
import socket
import threading
import time
from argparse import Namespace
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AsyncExitStack
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from pymap.backend.dict import DictBackend
from pymap.imap import IMAPService
from pymap.parsing.message import AppendMessage

from bot.workflow.case import bare

HOST = "127.0.0.1"
USER, PASSWORD = "demo", "demo"
_SECONDS = 30  # that a mail may take to come


@dataclass(frozen=True)
class Mail:
    """A mail as it was delivered. `raw` as it came in."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes
    at: dt.datetime

    @property
    def message(self) -> EmailMessage:
        parsed = email.message_from_bytes(self.raw, policy=email.policy.default)
        if not isinstance(parsed, EmailMessage):
            raise TypeError("policy.default gives EmailMessage")
        return parsed

    @property
    def template(self) -> str:
        return str(self.message.get("X-Bot-Template", ""))


class MailWorld:
    """Both servers, running while the block lasts. `mailbox` is the bot's address."""

    def __init__(self, mailbox: str, clock: Callable[[], dt.datetime]) -> None:
        self._mailbox = bare(mailbox)
        self._clock = clock
        self._news = threading.Condition()
        self._delivered: list[Mail] = []
        self.imap_port, self.smtp_port = _free_port(), _free_port()

    def __enter__(self) -> Self:
        logging.getLogger("mail.log").setLevel(logging.CRITICAL)
        self._imap = _ImapThread(self.imap_port)
        self._imap.start()
        self._smtp = Controller(self, hostname=HOST, port=self.smtp_port)
        self._smtp.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._smtp.stop()
        self._imap.stop()

    @property
    def delivered(self) -> list[Mail]:
        """Everything delivered so far, to the bot and to people, in order."""
        with self._news:
            return list(self._delivered)

    def wait_for(self, wanted: Callable[[Mail], bool]) -> Mail:
        """The mail that is wanted, come or still to come.

        Raises TimeoutError.
        """
        deadline = time.monotonic() + _SECONDS
        with self._news:
            while True:
                for mail in self._delivered:
                    if wanted(mail):
                        return mail
                if not self._news.wait(max(0.0, deadline - time.monotonic())):
                    raise TimeoutError("the mail that was waited for did not come")

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """aiosmtpd's hook: delivers a message that came in."""
        raw = envelope.original_content or b""
        people = tuple(address.lower() for address in envelope.rcpt_tos)
        if self._mailbox in map(bare, people):
            path = f"Return-Path: <{envelope.mail_from or ''}>\r\n".encode()
            await asyncio.wrap_future(self._imap.append(path + raw))
        with self._news:
            sender = (envelope.mail_from or "").lower()
            self._delivered.append(Mail(sender, people, raw, self._clock()))
            self._news.notify_all()
        return "250 delivered"


class _ImapThread(threading.Thread):
    """pymap with its in-memory backend, in an event loop of its own."""

    def __init__(self, port: int) -> None:
        super().__init__(daemon=True, name="pymap")
        self._port = port
        self._ready = threading.Event()
        self._loop = asyncio.new_event_loop()

    def start(self) -> None:
        super().start()
        if not self._ready.wait(15):
            raise TimeoutError("the demo's IMAP server did not start")

    def run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self) -> None:
        self._end = asyncio.Event()
        arguments = Namespace(
            host=[HOST], port=str(self._port), cert=None, key=None, tls=False,
            inherited_sockets=None, proxy_protocol=None, demo_data=False, demo_user=USER,
            demo_password=PASSWORD, passlib_cfg=None, debug=False,
        )  # fmt: skip
        self._backend, config = await DictBackend.init(arguments)
        config.apply_context()
        async with AsyncExitStack() as stack:
            await self._backend.start(stack)
            await IMAPService(self._backend, config).start(stack)
            self._ready.set()
            await self._end.wait()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()

    def append(self, raw: bytes) -> Future[None]:
        """Puts a message into the inbox, from any thread."""
        return asyncio.run_coroutine_threadsafe(self._append(raw), self._loop)

    async def _append(self, raw: bytes) -> None:
        identity = self._backend.login.demo_user_identity
        async with identity.new_session() as session:
            message = AppendMessage(raw, dt.datetime.now(dt.UTC), frozenset())
            await session.append_messages("INBOX", [message])

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._end.set)
        self.join(10)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port
