"""The tour with everything around it: mail servers, the real bot as a process, the page at the end.

Raises DemoError where the bot does not do its part; the text ends with what it logged.
"""

import ctypes
import datetime as dt
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

import yaml

from bot.config.form import to_form
from bot.config.load import Settings
from bot.demo.cast import Cast, Player, cast_of
from bot.demo.servers import HOST, PASSWORD, USER, Mail, MailWorld
from bot.demo.tour import Tour, everybody, story
from bot.errors import BotError
from bot.observability.terminal import say, spinning
from bot.runtime.database import wall_clock
from bot.store import Store
from bot.workflow.case import Case, bare
from replies import phrases
from replies.beside import template

SHOWN_OF_LOG = 3000  # characters
# What of the configuration the demo keeps.
INSTITUTION = {"institution", "mailbox", "workflow", "form", "guidelines", "timetable"}


class DemoError(BotError):
    """The bot did not start, or did not answer in time."""


def show(
    settings: Settings, out: Path, show_cases: Callable[[tuple[Case, ...]], None], *, keep: bool
) -> None:
    """Plays the tour at the institution of `settings` and writes its page into folder `out`.

    `show_cases` prints the cases it led to. With `keep` the servers and the bot run until Ctrl+C.
    """
    told, clock = story(), wall_clock(settings)
    cast = cast_of(settings, told["people"], told["staff"], clock().year)
    page = out / "conversacion.html"
    with (
        _ended_like_ctrl_c(),
        tempfile.TemporaryDirectory() as name,
        MailWorld(cast.mailbox.email, clock) as world,
    ):
        folder = Path(name)
        config = _write_config(folder, world, settings, told["staff"], cast)
        log, stages = folder / "log.txt", settings.workflow.stages
        with _running_bot(config, log):
            try:
                Tour(world, cast, to_form(settings.form), stages, clock).play()
            except TimeoutError as error:
                raise DemoError(f"{error}\n{_end_of(log)}") from None
            finally:
                write_page(world.delivered, everybody(cast), page)
            with Store.open(f"sqlite:///{folder}/bot.db") as store:
                say()
                show_cases(store.records.cases())
            say()
            say(phrases.say("demo.page", page=page.resolve()))
            if keep:
                _keep_running(world, page, config, cast)


def _write_config(
    folder: Path, world: MailWorld, settings: Settings, staff: Mapping[str, Any], cast: Cast
) -> Path:
    """The configuration of the demo: the institution's own, with other servers and people."""
    password = folder / "imap-password"
    password.write_text(PASSWORD, encoding="utf-8")
    server = {"host": HOST, "security": "none"}
    ours = settings.model_dump(mode="json", include=INSTITUTION, exclude_unset=True)
    ours["imap"] = {
        **server, "port": world.imap_port, "username": USER, "password_file": str(password),
        "poll_seconds": 2,  # pymap does not tell an IDLE of what came just before it
    }  # fmt: skip
    ours["smtp"] = {**server, "port": world.smtp_port}
    ours["database"] = {"url": f"sqlite:///{folder}/bot.db"}
    ours["staff"] = [
        {"name": cast[part].name, "email": cast[part].email, "roles": [who["role"]]}
        for part, who in staff.items()
    ]
    ours.setdefault("workflow", {})["undo_minutes"] = 0.05
    config = folder / "config.yaml"
    config.write_text(yaml.safe_dump(ours, allow_unicode=True), encoding="utf-8")
    return config


_libc = ctypes.CDLL(None)


def _end_with_parent() -> None:
    """For the bot's process: however the demo ends, even by SIGKILL, the bot is told to end."""
    _libc.prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


@contextmanager
def _ended_like_ctrl_c() -> Iterator[None]:
    """A window that is closed, and `kill`, end the demo as Ctrl+C does: with all it started."""

    def end(signum: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _running_bot(config: Path, log: Path) -> Iterator[None]:
    """`run` as the process it is in earnest, ended with SIGTERM."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("BOT_")}
    with log.open("wb") as file:
        process = subprocess.Popen(  # noqa: S603  (our own interpreter and file)
            [sys.executable, "-m", "bot", "--config", str(config), "run"],
            stdout=file, stderr=file, env=environment, preexec_fn=_end_with_parent,
        )  # fmt: skip
    try:
        with spinning(phrases.say("demo.loading")):
            while "imap.connected" not in log.read_text():
                if process.poll() is not None:
                    raise DemoError(f"{phrases.say('demo.not_started')}\n{_end_of(log)}")
                time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait(30)


def _end_of(log: Path) -> str:
    return log.read_text()[-SHOWN_OF_LOG:]


def _keep_running(world: MailWorld, page: Path, config: Path, cast: Cast) -> None:
    say()
    say(
        phrases.say(
            "demo.keeps_on", host=HOST, smtp=world.smtp_port, imap=world.imap_port, user=USER,
            password=PASSWORD, mailbox=cast.mailbox.email, config=config, page=page.resolve(),
        )
    )  # fmt: skip
    shown = len(world.delivered)
    try:
        while True:
            time.sleep(1)
            if len(world.delivered) != shown:
                shown = len(world.delivered)
                write_page(world.delivered, everybody(cast), page)
    except KeyboardInterrupt:
        say(phrases.say("demo.goodbye"))


@dataclass(frozen=True, slots=True)
class Shown:
    """A mail in somebody's view; `mine` tells that they wrote it."""

    mine: bool
    other: str
    subject: str
    at: dt.datetime
    html: str
    text: str
    attachments: tuple[str, ...]


def write_page(mails: list[Mail], people: list[Player], path: Path) -> None:
    """Writes the page; what mails say is escaped, their HTML stands in sandboxed frames."""
    views = [(player.shown, _seen_by(player.email, mails)) for player in people]
    page = template("bot.demo", "page.html.j2").render(
        people=[(name, shown) for name, shown in views if shown]
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page, encoding="utf-8")


def _seen_by(address: str, mails: list[Mail]) -> list[Shown]:
    me = bare(address)
    mine = ((mail, bare(mail.sender) == me) for mail in mails)
    return [_shown(mail, mine=own) for mail, own in mine if own or me in map(bare, mail.recipients)]


def _shown(mail: Mail, *, mine: bool) -> Shown:
    message = mail.message
    html, text = message.get_body(("html",)), message.get_body(("plain",))
    return Shown(
        mine=mine,
        other=str(message["To"] if mine else message["From"]),
        subject=str(message.get("Subject", "")),
        at=mail.at,
        html=str(html.get_content()) if html else "",
        text=str(text.get_content()) if text else "",
        attachments=tuple(
            str(p.get_filename() or phrases.say("demo.attachment"))
            for p in message.iter_attachments()
        ),
    )
