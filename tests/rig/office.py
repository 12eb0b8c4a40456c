"""The whole bot as a process of its own, driven only by mail."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr, make_msgid
from pathlib import Path
from typing import Any, Protocol
from unittest.mock import patch

import yaml

from bot.config import organization as configured
from bot.config.load import load
from bot.runtime.build import service
from bot.workflow.kinds import RequestKind
from tests.rig.dovecot import Account
from tests.rig.smtp_sink import Received, SmtpSink
from tests.rig.system import wait_until
from tests.rig.warm import WarmBot
from tests.rig.zone import ZONE

REPOSITORY = Path(__file__).parents[2]
MAILBOX = "comunicacion.interna@upaep.mx"
AREA = "ana.prado@upaep.mx"
REVIEWER, REVIEWER_2 = "rodrigo.espino@upaep.mx", "valeria.quiroz@upaep.mx"
APPROVER, PROVISIONER = "nancy.olvera@upaep.mx", "noe.vivar@upaep.mx"
ADMIN = "guardia@upaep.mx"
STAFF = [
    {"name": "Rodrigo Espino", "email": REVIEWER, "roles": ["reviewer"]},
    {"name": "Valeria Quiroz", "email": REVIEWER_2, "roles": ["reviewer"]},
    {"name": "Nancy Olvera", "email": APPROVER, "roles": ["approver"]},
    {"name": "Noé Vivar", "email": PROVISIONER, "roles": ["provisioner"]},
    {"name": "Guardia", "email": ADMIN, "roles": ["admin"]},
]

Predicate = Callable[[Received], bool]


class Process(Protocol):
    """A process of the bot's."""

    @property
    def pid(self) -> int: ...
    def poll(self) -> int | None: ...
    def wait(self, timeout: float, /) -> int: ...
    def send_signal(self, number: signal.Signals, /) -> None: ...
    def kill(self) -> None: ...


@dataclass
class Office:
    """The bot's mailbox and everybody's view of what it sends."""

    account: Account
    sink: SmtpSink
    folder: Path
    settings: dict[str, Any]
    environment: dict[str, str] = field(default_factory=dict)
    module: str = "bot"  # what is run
    process: Process | None = None
    warm: WarmBot | None = None  # starts its processes, where there is one
    pauses: dict[str, float] = field(default_factory=dict)  # then: see `WarmBot.start`

    @property
    def config(self) -> Path:
        return self.folder / "config.yaml"

    def write_config(self) -> None:
        self.config.write_text(yaml.safe_dump(self.settings, allow_unicode=True), "utf-8")

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", self.module, "--config", str(self.config), *arguments]

    def bot(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Runs a command to its end."""
        command = self.command(*arguments)
        if self.warm is None:
            return subprocess.run(
                command, capture_output=True, text=True, cwd=REPOSITORY,
                env={**os.environ, **self.environment}, timeout=120,
            )  # fmt: skip
        with tempfile.TemporaryDirectory(dir=self.folder) as folder:
            out, errors = Path(folder, "out"), Path(folder, "errors")
            status = self.warm.start(
                command[3:], out, errors=errors, environment=self.environment
            ).wait(120)
            return subprocess.CompletedProcess(
                command, status, out.read_text("utf-8"), errors.read_text("utf-8")
            )

    def start(self) -> None:
        """Starts `run` and waits until it watches the mailbox, or knows that another one does."""
        before = self._watches()
        self.launch()
        wait_until(
            lambda: self.alive() and self._watches() > before,
            "the bot watches",
            60,
        )

    def launch(self, dies: tuple[str, int] | None = None) -> Process:
        """Starts `run`; `dies` as for `WarmBot.start`."""
        path = self.folder / "log.txt"
        if self.warm is not None:
            arguments = self.command("run")[3:]
            self.process = self.warm.start(
                arguments, path, environment=self.environment, pauses=self.pauses, dies=dies
            )
            return self.process
        with path.open("ab") as log:
            self.process = subprocess.Popen(
                self.command("run"), stdout=log, stderr=log, cwd=REPOSITORY,
                env={**os.environ, **self.environment},
            )  # fmt: skip
        return self.process

    def _watches(self) -> int:
        return self.log().count("imap.connected") + self.log().count("watch.another_process")

    def alive(self) -> bool:
        """Always true; fails where the bot was started and has ended by itself."""
        if self.process is not None and self.process.poll() is not None:
            raise AssertionError(f"the bot has ended\n{self.log()[-4000:]}")
        return True

    def stop(self, with_signal: signal.Signals = signal.SIGTERM) -> int:
        """Ends `run`; its exit status."""
        assert self.process is not None
        self.process.send_signal(with_signal)
        status = self.process.wait(30)
        self.process = None
        return status

    def log(self) -> str:
        path = self.folder / "log.txt"
        return path.read_text("utf-8") if path.exists() else ""

    # --- people ---------------------------------------------------------------------------

    def receive(self, mail: EmailMessage) -> EmailMessage:
        """Puts a mail into the bot's inbox."""
        self.account.deliver(mail.as_bytes())
        return mail

    def write(self, sender: str, subject: str, text: str, **headers: str) -> EmailMessage:
        """Somebody writes to the bot."""
        return self.receive(compose(sender, subject, text, **headers))

    def reply(self, to: Received, text: str, sender: str = "", **headers: str) -> EmailMessage:
        """Somebody answers a mail of the bot's, as a mail client does: quoted below."""
        return self.receive(answer(to, text, sender, **headers))

    def mail(self, template: str, to: str, seconds: float = 20, after: int = 0) -> Received:
        """The mail of a template to a person, come or still to come; `after` skips so many."""

        def wanted() -> list[Received]:
            return [m for m in self.sink.mails if m.template == template and to in m.recipients]

        def arrived() -> bool:
            return self.alive() and len(wanted()) > after

        try:
            wait_until(arrived, template, seconds)
        except Exception as error:
            seen = [(m.template, m.recipients) for m in self.sink.mails]
            raise AssertionError(f"no {template} to {to}: {seen}\n{self.log()[-3000:]}") from error
        return wanted()[after]

    def count(self, template: str, to: str = "") -> int:
        """How many mails of a template came, to a person or to anybody."""
        mails = [m for m in self.sink.mails if m.template == template]
        return sum(1 for m in mails if not to or to in m.recipients)


def compose(sender: str, subject: str, text: str, **headers: str) -> EmailMessage:
    """A plain mail to the mailbox; `headers` add to or replace the usual ones."""
    mail = EmailMessage(policy=SMTP)
    usual = {
        "From": sender,
        "To": formataddr(("Comunicación Interna", MAILBOX)),
        "Subject": subject,
        "Date": format_datetime(dt.datetime.now(ZONE)),
        "Message-ID": make_msgid(domain="upaep.mx"),
    }
    for name, value in {**usual, **{k.replace("_", "-"): v for k, v in headers.items()}}.items():
        mail[name] = value
    mail.set_content(text, cte="quoted-printable")
    return mail


def answer(to: Received, text: str, sender: str = "", **headers: str) -> EmailMessage:
    """A reply as Gmail writes it: new text on top, what is answered quoted below."""
    answered = to.message
    quoted = "\n".join(f"> {line}" for line in to.text.splitlines())
    attribution = f"El lun, 28 jun 2021 a las 09:00, Comunicación Interna (<{MAILBOX}>) escribió:"
    thread = {
        "To": str(answered.get("Reply-To", answered["From"])),
        "In-Reply-To": str(answered["Message-ID"]),
        "References": f"{answered.get('References', '')} {answered['Message-ID']}".strip(),
    }
    return compose(
        sender or to.recipients[0],
        f"Re: {answered['Subject']}",
        f"{text}\n\n{attribution}\n\n{quoted}\n",
        **{**thread, **headers},
    )


@contextmanager
def open_office(
    account: Account, sink: SmtpSink, folder: Path, **workflow: Any
) -> Iterator[Office]:
    """An office whose bot is not yet started; its process is ended with it."""
    secret = folder / "imap-password"
    secret.write_text(account.password, "utf-8")
    settings = {
        "mailbox": {"address": MAILBOX, "name": "Comunicación Interna UPAEP"},
        "imap": {
            "host": account.server.host, "port": account.server.port, "security": "none",
            "username": account.username, "auth": "password", "password_file": str(secret),
            "folder": "INBOX", "poll_seconds": 5, "since": "all",
        },
        "smtp": {"host": sink.host, "port": sink.port, "security": "none"},
        "database": {"url": f"sqlite:///{folder / 'bot.db'}"},
        "staff": STAFF,
        # How sure the models are of a test's mail changes with their training.
        "workflow": {"undo_minutes": 0, "value_threshold": 0.5, **workflow},
        "delegation": {"allowed": ["sofia.luna@upaep.mx"]},
        "security": {"seals_to_admins": False},  # a mail a day that is test_seals' alone
    }  # fmt: skip
    office = Office(account, sink, folder, settings)
    office.write_config()
    try:
        yield office
    finally:
        if office.process is not None:
            office.process.kill()
            office.process.wait(10)


class HandClock:
    """A clock that stands still until it is set; in Mexico's time."""

    def __init__(self, now: dt.datetime) -> None:
        self.now = now

    def __call__(self) -> dt.datetime:
        return self.now

    def set(self, text: str) -> None:
        """Goes to a moment such as "2021-08-16 08:30"."""
        self.now = dt.datetime.fromisoformat(text).replace(tzinfo=ZONE)


@contextmanager
def in_process(
    office: Office,
    clock: HandClock,
    more_kinds: tuple[RequestKind, ...] = (),
    tick_seconds: float = 0.05,
) -> Iterator[None]:
    """The bot in a thread of this process, by `clock`, looking at its timetable all the time.

    Signals do not reach it, and nothing limits how long a message may take.
    """
    problems: list[BaseException] = []
    with (
        patch.object(configured, "other_kinds", lambda: more_kinds),
        service(load(office.config), clock, tick_seconds=tick_seconds) as bot,
    ):

        def run() -> None:
            try:
                bot.run()
            except BaseException as problem:  # shown by the test, not by the thread
                problems.append(problem)

        thread = threading.Thread(target=run, name="bot")
        thread.start()
        try:
            yield
        finally:
            bot.stop()
            thread.join(30)
    if problems:
        raise problems[0]
