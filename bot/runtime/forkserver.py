"""Readers are forked from a server that loads what they need while this process loads the rest.

One that died is replaced in a moment. The server is Python's own and ends when this process does.
It never had the secrets that the environment of this process may hold.
"""

import contextlib
import multiprocessing
import os
from collections.abc import Iterator
from multiprocessing import forkserver

FORKSERVER = multiprocessing.get_context("forkserver")
FORKSERVER.set_forkserver_preload(["bot.runtime.ready"])


_NEEDED = ("PATH", "PYTHON", "LANG", "LC_", "TZ", "TMPDIR", "OPENBLAS_", "OMP_")


def start() -> None:
    """Starts the server now rather than with the first reader, who tells if it cannot be."""
    with contextlib.suppress(OSError), _bare_environment():
        forkserver.ensure_running()


@contextlib.contextmanager
def _bare_environment() -> Iterator[None]:
    """Nothing but what Python needs, for a process that is started within the block."""
    whole = dict(os.environ)
    try:
        for name in whole:
            if not name.startswith(_NEEDED):
                del os.environ[name]
        yield
    finally:
        os.environ.update(whole)
