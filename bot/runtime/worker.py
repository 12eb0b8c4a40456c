"""Who works here: the name a process claims messages under, and whether such a one still lives."""

from __future__ import annotations

import os
import socket


def own_name() -> str:
    """The name of this process: host and process id."""
    return f"{socket.gethostname()}:{os.getpid()}"


def is_alive(worker: str) -> bool:
    """Whether a worker may still be at it; one on another host always may: its lease tells.

    This process's own name, found before it has claimed anything, is that of a dead one that had
    the same process id.
    """
    host, _, pid = worker.rpartition(":")
    if host != socket.gethostname() or not pid.isdigit():
        return True
    if worker == own_name():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
