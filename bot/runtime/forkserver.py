"""Readers are forked from a server that loads what they need while this process loads the rest.

One that died is replaced in a moment. The server is Python's own and ends when this process does.
"""

from __future__ import annotations

import contextlib
import multiprocessing
from multiprocessing import forkserver

FORKSERVER = multiprocessing.get_context("forkserver")
FORKSERVER.set_forkserver_preload(["bot.runtime.ready"])


def start() -> None:
    """Starts the server now rather than with the first reader, who tells if it cannot be."""
    with contextlib.suppress(OSError):
        forkserver.ensure_running()
