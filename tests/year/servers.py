"""The mailbox and the mail server of the world, in memory, with all that may go wrong with them.

They stand where the bot opens a session: all above it is the bot's own.
"""

from __future__ import annotations

import datetime as dt
import imaplib
import re
import smtplib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, NoReturn

from bot.mail.errors import MailboxError
from bot.mail.folder_connection import KEYWORD

About = dict[bytes, Any]
Step = Callable[[str], str]
"""Told before each thing that the bot asks for: what goes wrong with it, or nothing."""


@dataclass
class Mail:
    raw: bytes
    came: dt.datetime
    flags: set[str] = field(default_factory=set)


@dataclass
class Folder:
    """INBOX: its mails by UID."""

    mails: dict[int, Mail] = field(default_factory=dict)
    uid_validity: int = 1
    uid_next: int = 1
    epoch: int = 0  # sessions of an earlier one are dead

    def deliver(self, raw: bytes, now: dt.datetime) -> None:
        self.mails[self.uid_next] = Mail(raw, now)
        self.uid_next += 1

    def renumber(self) -> None:
        """Another UIDVALIDITY, as after a restore: all mail has new UIDs, and its flags."""
        mails = list(self.mails.values())
        self.mails = dict(enumerate(mails, 1))
        self.uid_validity, self.uid_next = self.uid_validity + 1, len(mails) + 1
        self.epoch += 1


class ImapClient:
    """What the bot uses of IMAPClient."""

    Error = imaplib.IMAP4.error

    def __init__(self, folder: Folder, step: Step) -> None:
        self._folder, self._step, self._epoch = folder, step, folder.epoch
        self._told = -1
        self._imap = SimpleNamespace(untagged_responses={}, debug=0)

    def _asked(self, command: str) -> str:
        fault = self._step(f"imap {command}")
        if self._epoch != self._folder.epoch or fault == "cut":
            raise imaplib.IMAP4.abort("socket error: EOF")
        if fault.startswith("NO "):
            raise imaplib.IMAP4.error(f"{command} failed: {fault[3:]}")
        self.announce()
        return fault

    def announce(self) -> bool:
        """Tells how many mails there are, where that was not told yet; whether it was not."""
        if self._told == self._folder.uid_next:
            return False
        self._told = self._folder.uid_next
        self._imap.untagged_responses["EXISTS"] = [b"%d" % len(self._folder.mails)]
        return True

    def _answered(self, fault: str) -> None:
        if fault == "cut after":
            raise imaplib.IMAP4.abort("socket error: EOF")

    def shutdown(self) -> None:
        pass

    def has_capability(self, name: str) -> bool:
        return name in ("IDLE", "UIDPLUS", "MOVE")

    def select_folder(self, _name: str) -> About:
        self._asked("SELECT")
        folder = self._folder
        return {
            b"UIDVALIDITY": folder.uid_validity, b"UIDNEXT": folder.uid_next,
            b"EXISTS": len(folder.mails), b"PERMANENTFLAGS": (b"\\*",),
        }  # fmt: skip

    def noop(self) -> None:
        self._asked("NOOP")

    def idle(self) -> None:
        self._asked("IDLE")

    def search(self, criteria: str) -> list[int]:
        self._asked("SEARCH")
        uids, _, more = criteria.removeprefix("UID ").partition(" ")
        found = [uid for uid in self._folder.mails if _is_in(uid, uids, self._folder.uid_next - 1)]
        if more:
            wanted = not more.startswith("UN")
            found = [u for u in found if (KEYWORD in self._folder.mails[u].flags) is wanted]
        return found

    def fetch(self, uids: Sequence[int], parts: Sequence[str]) -> dict[int, About]:
        fault = self._asked(f"FETCH {parts[0]}")
        self._answered(fault)
        there = [] if fault == "absent" else [uid for uid in uids if uid in self._folder.mails]
        return {uid: self._about(self._folder.mails[uid]) for uid in there}

    def _about(self, mail: Mail) -> About:
        return {b"RFC822.SIZE": len(mail.raw), b"INTERNALDATE": mail.came, b"BODY[]": mail.raw}

    def add_flags(self, uids: Sequence[int], flag: str, silent: bool) -> None:
        fault = self._asked("STORE")
        for uid in uids:
            if uid in self._folder.mails:
                self._folder.mails[uid].flags.add(flag)
        self._answered(fault)


def _is_in(uid: int, uids: str, last: int) -> bool:
    for part in uids.split(","):
        first, _, end = part.partition(":")
        ends = [int(first), last if end == "*" else int(end or first)]
        if min(ends) <= uid <= max(ends):
            return True
    return False


class SmtpClient:
    """What the bot uses of smtplib.SMTP, at one server; `take` gets what is accepted."""

    sock = None

    def __init__(self, step: Step, take: Callable[[Sequence[str], bytes], None]) -> None:
        self._step, self._take = step, take
        self._rcpt: list[str] = []
        self._data = b""
        self.alive = True

    def has_extn(self, name: str) -> bool:
        return name in ("8bitmime", "smtputf8", "size")

    def _asked(self, command: str) -> tuple[int, bytes]:
        fault = self._step(f"smtp {command}")
        if not self.alive or fault == "cut":
            self._hang_up()
        if fault[:1] in ("4", "5"):
            self.alive = not fault.startswith("421")
            return int(fault[:3]), fault[4:].encode()
        return 0, b""

    def _hang_up(self) -> NoReturn:
        self.alive = False
        raise smtplib.SMTPServerDisconnected("Connection unexpectedly closed")

    def mail(self, _sender: str, _options: Sequence[str] = ()) -> tuple[int, bytes]:
        self._rcpt = []
        code, words = self._asked("MAIL")
        return (code, words) if code else (250, b"ok")

    def rcpt(self, to: str) -> tuple[int, bytes]:
        code, words = self._asked("RCPT")
        if not code:
            self._rcpt.append(to)
        return (code, words) if code else (250, b"ok")

    def docmd(self, command: str) -> tuple[int, bytes]:
        code, words = self._asked(command)
        return (code, words) if code else (354, b"go on")

    def send(self, data: bytes) -> None:
        self._data = data

    def getreply(self) -> tuple[int, bytes]:
        code, words = self._asked("end of DATA")
        if code:
            return code, words
        self._take(self._rcpt, re.sub(rb"(?m)^\.\.", b".", self._data).removesuffix(b".\r\n"))
        if self._step("smtp acknowledgement") == "cut after":
            self._hang_up()
        return 250, b"taken"

    def noop(self) -> tuple[int, bytes]:
        return self._asked("NOOP")[0] or 250, b"ok"

    def rset(self) -> None:
        self._asked("RSET")

    def quit(self) -> None:
        self.alive = False

    def close(self) -> None:
        self.alive = False


def refused(server: str, *, login: bool = False) -> MailboxError:
    """A session that is not to be had, for a while, or because of the password."""
    words = f"{server} refuses to log in" if login else f"{server}: connection refused"
    return MailboxError(words, temporary=not login)
