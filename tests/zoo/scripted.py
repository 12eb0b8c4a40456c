"""An IMAP server that does as Gmail or Exchange Online do, where nothing else can show it.

Of what it holds, `folders` maps names to UIDs and messages. `lately` are UIDs that SEARCH finds
and FETCH does not give yet. A session ends with BYE after so many `commands`, as theirs do after an
hour.
"""

from __future__ import annotations

import base64
import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

GMAIL = (
    "IMAP4rev1 UNSELECT IDLE NAMESPACE QUOTA ID XLIST CHILDREN X-GM-EXT-1 UIDPLUS MOVE AUTH=XOAUTH2"
)
EXCHANGE = (
    "IMAP4 IMAP4rev1 AUTH=XOAUTH2 SASL-IR UIDPLUS MOVE ID UNSELECT CHILDREN IDLE NAMESPACE LITERAL+"
    " LOGINDISABLED"
)
_SET = re.compile(r"(\d+)(?::(\d+|\*))?")


@dataclass
class Provider:
    """What one is, holds and was asked; changed by the test at any time."""

    capabilities: str
    keeps_keywords: bool
    folders: dict[str, dict[int, bytes]]
    flags: dict[tuple[str, int], set[str]] = field(default_factory=dict)
    lately: set[int] = field(default_factory=set)
    moods: list[str] = field(default_factory=list)  # refusals of the next commands
    tokens: list[str] = field(default_factory=list)  # that were presented
    commands: int = 10_000
    sessions: int = 0
    port: int = 0
    host: str = "127.0.0.1"


class _Session(socketserver.StreamRequestHandler):
    provider: Provider

    def handle(self) -> None:
        self.provider.sessions += 1
        self.folder, left = "", self.provider.commands
        self.say("* OK The server is ready.")
        while line := self.rfile.readline().decode().strip():
            tag, _, rest = line.partition(" ")
            left -= 1
            if left < 0:
                self.say("* BYE Session expired, please login again.")
                return
            name = rest.removeprefix("UID ").split(" ")[0].upper()
            if self.provider.moods and self.folder and name != "NOOP":
                self.say(f"{tag} {self.provider.moods.pop(0)}")
                continue
            getattr(self, f"do_{name.lower()}")(tag, rest)

    def say(self, *lines: str) -> None:
        self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())

    def ok(self, tag: str, *before: str) -> None:
        self.say(*before, f"{tag} OK done.")

    def do_capability(self, tag: str, _: str) -> None:
        self.ok(tag, f"* CAPABILITY {self.provider.capabilities}")

    def do_authenticate(self, tag: str, rest: str) -> None:
        words = rest.split(" ")
        assert words[1] == "XOAUTH2"
        if len(words) < 3:
            self.say("+ ")
            words.append(self.rfile.readline().decode().strip())
        self.provider.tokens.append(base64.b64decode(words[2]).decode())
        self.ok(tag)

    def do_select(self, tag: str, rest: str) -> None:
        self.folder = rest.split(" ", 1)[1].strip('"')
        held = self.provider.folders[self.folder]
        keeps = r"\* " if self.provider.keeps_keywords else ""
        self.ok(
            tag, f"* {len(held)} EXISTS", "* 0 RECENT", r"* FLAGS (\Seen \Answered \Deleted)",
            rf"* OK [PERMANENTFLAGS (\Seen {keeps}\Answered \Flagged \Deleted)] ok",
            "* OK [UIDVALIDITY 14] ok", f"* OK [UIDNEXT {max(held, default=0) + 1}] ok",
        )  # fmt: skip

    def do_noop(self, tag: str, _: str) -> None:
        self.ok(tag, f"* {len(self.held)} EXISTS")

    @property
    def held(self) -> dict[int, bytes]:
        return self.provider.folders.get(self.folder, {})

    def uids(self, text: str) -> list[int]:
        found: set[int] = set()
        for first, end in _SET.findall(text):
            last = max(self.held, default=0) if end == "*" else int(end or first)
            low, high = sorted((int(first), last))  # "9:*" holds the last one, whatever it is
            found |= {uid for uid in self.held if low <= uid <= high}
        return sorted(found)

    def do_search(self, tag: str, rest: str) -> None:
        self.ok(tag, "* SEARCH " + " ".join(map(str, self.uids(rest))))

    def do_fetch(self, tag: str, rest: str) -> None:
        _, _, uids, parts = rest.split(" ", 3)
        for number, uid in enumerate(sorted(self.held), 1):
            if uid not in self.uids(uids) or uid in self.provider.lately:
                continue
            raw = self.held[uid]
            about = f'UID {uid} RFC822.SIZE {len(raw)} INTERNALDATE "16-Aug-2021 10:00:00 +0000"'
            if "BODY" in parts:
                self.wfile.write(
                    b"* %d FETCH (UID %d BODY[] {%d}\r\n%s)\r\n" % (number, uid, len(raw), raw)
                )
            else:
                self.say(f"* {number} FETCH ({about})")
        self.ok(tag)

    def do_store(self, tag: str, rest: str) -> None:
        _, _, uids, _, flags = rest.split(" ", 4)
        for uid in self.uids(uids):
            self.provider.flags.setdefault((self.folder, uid), set()).update(
                flags.strip("()").split()
            )
        self.ok(tag)


@contextmanager
def serving(provider: Provider) -> Iterator[Provider]:
    """The provider on a port of loopback."""

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        allow_reuse_address = True

    handler: Any = type("Session", (_Session,), {"provider": provider})
    with Server((provider.host, 0), handler) as server:
        provider.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield provider
        finally:
            server.shutdown()
            thread.join()
