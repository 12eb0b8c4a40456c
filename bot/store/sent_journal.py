"""Acknowledgements that the database has not noted yet: a file beside a SQLite database.

An acknowledged mail must be known as sent before the next one leaves, or a crash sends it twice.
SQLite has one writer at a time, though, and a transaction that settles messages takes longer than
a mail. So an acknowledgement is appended here, which waits for nobody, and noted in the database
together with others.
"""

import datetime as dt
import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.store.errors import StoreDown

Entry = tuple[int, dt.datetime]
"""The number of a mail, and when the server took it."""


class SentJournal:
    """Entries that survive a power cut once `add` returns; threads and processes may share it.

    Raises StoreDown where the file cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = -1
        self._turn = threading.Lock()  # flock() tells processes apart, not threads

    def add(self, mail: int, at: dt.datetime) -> None:
        """Appends an entry, durably."""
        with self._locked() as file:
            os.lseek(file, 0, os.SEEK_END)
            os.write(file, f"{mail} {at.isoformat()}\n".encode())
            os.fdatasync(file)

    @contextmanager
    def taken(self) -> Iterator[list[Entry]]:
        """All entries; they are gone once the block has ended well."""
        if not self._path.exists() or not self._path.stat().st_size:
            yield []
            return
        with self._locked() as file:
            entries = list(_parsed(os.pread(file, os.fstat(file).st_size, 0)))
            yield entries
            os.ftruncate(file, 0)

    def close(self) -> None:
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    @contextmanager
    def _locked(self) -> Iterator[int]:
        with self._turn:
            try:
                if self._file < 0:
                    flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
                    self._file = os.open(self._path, flags, 0o600)
                    _sync_folder(self._path.parent)
                fcntl.flock(self._file, fcntl.LOCK_EX)
                try:
                    yield self._file
                finally:
                    fcntl.flock(self._file, fcntl.LOCK_UN)
            except OSError as error:
                raise StoreDown(f"{self._path}: {error.strerror}") from error


def _sync_folder(folder: Path) -> None:
    """A new file's name survives a power cut only once its folder is on the disk."""
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _parsed(data: bytes) -> Iterator[Entry]:
    """The whole lines; a crash may have cut the last one, whose mail was not yet called sent."""
    for line in data.decode("ascii", "replace").split("\n")[:-1]:
        number, _, at = line.partition(" ")
        try:
            yield int(number), dt.datetime.fromisoformat(at)
        except ValueError:
            continue
