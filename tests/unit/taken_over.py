"""Parsers that a mail has taken over, as the process that reads is given them.

By themselves: what that process imports of the tests, it imports again each time it is started.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import signal
import socket
import struct
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot.mail.parsing import Limits, RefusedError

libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class Outside:
    """What hostile code would like to get at."""

    folder: str
    parent: int
    port: int


@dataclass(frozen=True)
class HostileLimits(Limits):
    """Stands for a parser that a mail has taken over: it runs when a message is read."""

    outside: Outside = Outside("", 0, 0)

    def __getattribute__(self, name: str) -> object:
        if name == "message_bytes" and not os.environ:  # not for what it reads to get warm
            raise RefusedError(json.dumps(attempts(object.__getattribute__(self, "outside"))))
        return object.__getattribute__(self, name)


def attempts(outside: Outside) -> dict[str, str]:
    """What it tried and how that ended; `done` is a way out."""
    folder, parent, done = Path(outside.folder), Path(f"/proc/{outside.parent}"), {}

    def call(number: int, *arguments: object) -> None:
        if libc.syscall(number, *arguments) < 0:
            raise OSError(ctypes.get_errno(), "refused")

    tried: dict[str, Callable[[], object]] = {
        "read a file": lambda: (folder / "secret").read_text(),
        "read the parent's environment": lambda: (parent / "environ").read_bytes(),
        "read the parent's memory": lambda: (parent / "mem").open("rb").close(),
        "read the list of users": lambda: Path("/etc/passwd").read_text(),
        "list a folder": lambda: list(folder.iterdir()),
        "make a file": lambda: (folder / "new").write_text("x"),
        "make a temporary file": lambda: Path("/tmp/new-by-a-mail").write_text("x"),
        "change a file": lambda: (folder / "secret").write_text("x"),
        "remove a file": lambda: (folder / "secret").unlink(),
        "rename a file": lambda: (folder / "secret").rename(folder / "other"),
        "make a folder": lambda: (folder / "new").mkdir(),
        "make a link": lambda: (folder / "new").symlink_to("/etc/passwd"),
        "change a mode": lambda: (folder / "secret").chmod(0o666),
        "connect": lambda: socket.create_connection(("127.0.0.1", outside.port), 1),
        "make a socket": lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM),
        "make a local socket": lambda: socket.socketpair(),
        "run a program": lambda: subprocess.run(["/bin/true"], check=True),
        "become a program": lambda: os.execv("/bin/true", ["true"]),
        "fork": os.fork,
        "kill the parent": lambda: os.kill(outside.parent, signal.SIGTERM),
        "trace the parent": lambda: call(101, 16, outside.parent, 0, 0),
        "take two gigabytes": lambda: bytearray(2**31),
        "make memory a file": lambda: os.memfd_create("x"),
        "change limits": lambda: __import__("resource").setrlimit(7, (4096, 4096)),
        "type into a terminal": lambda: __import__("fcntl").ioctl(2, 0x5412, b"x"),
        "use a ring of calls": lambda: call(425, 1, ctypes.create_string_buffer(120)),
        "an older machine's calls": lambda: call(0x40000000 + 39),
    }
    for name, attempt in tried.items():
        try:
            attempt()
            done[name] = "done"
        except Exception as error:
            done[name] = type(error).__name__
    inherited = [n for n in range(3, 200) if _is_open(n)]
    done["files that are open"] = "few" if len(inherited) <= 1 else str(inherited)
    done["environment"] = "empty" if not os.environ else str(dict(os.environ))
    return done


def _is_open(number: int) -> bool:
    with contextlib.suppress(OSError):
        os.fstat(number)
        return True
    return False


@dataclass(frozen=True)
class LyingLimits(Limits):
    """Writes an answer of its own making to the parent."""

    answer: bytes = b""

    def __getattribute__(self, name: str) -> object:
        if name == "message_bytes" and not os.environ:  # not for what it reads to get warm
            answer = object.__getattribute__(self, "answer")
            whole = struct.pack("!i", len(answer)) + answer
            for number in range(3, 200):
                with contextlib.suppress(OSError):
                    os.write(number, whole)
            os._exit(0)
        return object.__getattribute__(self, name)
