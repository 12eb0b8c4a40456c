"""One `run` at a time on a SQLite database: a file beside it that the kernel locks.

Not the database's own file: closing that one would end SQLite's locks on it, too. The lock ends
with its process, however that ends.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.store.errors import StoreDown, StoreError


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Holds the lock while the block lasts; raises StoreError where another process has it."""
    try:
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StoreDown(f"{path}: {error.strerror}") from error
    try:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(file, 20, 0).decode("ascii", "replace").strip()
            database = path.with_name(path.name.removesuffix("-lock"))
            raise StoreError(
                f"another `run` works on {database} (process {holder or 'unknown'}): stop it "
                "first; SQLite is for one, PostgreSQL for several"
            ) from None
        os.ftruncate(file, 0)
        os.pwrite(file, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(file)
