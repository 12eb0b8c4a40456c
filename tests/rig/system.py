"""What the rig needs of the system: ports, unprivileged users, directories, missing programs."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypedDict

LOOPBACK = "127.0.0.1"


class RigError(RuntimeError):
    """The rig cannot do its work on this machine; the message says what is missing."""


class Identity(TypedDict, total=False):
    """The arguments of `subprocess` that make a process run as somebody else."""

    user: int
    group: int
    extra_groups: list[int]


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def program(name: str, *places: Path) -> Path:
    """The path of a program, looked for in `places` and then on PATH."""
    for place in places:
        if (place / name).is_file():
            return place / name
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if not found:
        raise RigError(f"{name} is not installed; run .ci/install-system-packages")
    return Path(found)


def identity(account: str) -> Identity:
    """How to run as `account`, which servers demand of root; nothing for anybody else."""
    if os.geteuid() != 0:
        return {}
    try:
        entry = pwd.getpwnam(account)
    except KeyError:
        raise RigError(f"there is no account {account}; run .ci/install-system-packages") from None
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def give(path: Path, owner: Identity) -> None:
    """Hand a file or directory to whoever the server runs as."""
    if owner:
        os.chown(path, owner["user"], owner["group"])


@contextmanager
def private_directory(name: str, owner: Identity) -> Iterator[Path]:
    """A directory that is gone afterwards, with a path short enough for Unix sockets.

    pytest's own ones are closed to other users and too long (sun_path holds 108 bytes).
    """
    path = Path(tempfile.mkdtemp(prefix=f"{name}-"))
    try:
        give(path, owner)
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def wait_until(
    condition: Callable[[], bool], what: str, timeout: float = 10, step: float = 0.01
) -> None:
    """Return as soon as `condition` holds; fail naming `what` if it never does."""
    deadline = time.monotonic() + timeout
    while not condition():
        if time.monotonic() > deadline:
            raise RigError(f"not within {timeout:g} s: {what}")
        time.sleep(step)


def answers(port: int) -> bool:
    """Whether somebody accepts connections on this port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((LOOPBACK, port)) == 0


def tail(path: Path, lines: int = 20) -> Sequence[str]:
    """The end of a log, for the message of a failure."""
    if not path.exists():
        return []
    return path.read_text(errors="replace").splitlines()[-lines:]
