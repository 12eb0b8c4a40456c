"""Mail that lies in files: an mbox, a Maildir, a folder of .eml files, or one of them."""

from __future__ import annotations

import mailbox
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_START = b"From "  # of an mbox (RFC 4155)


class ArchiveError(Exception):
    """There is no mail at this place, or it cannot be read; the text says why."""


@dataclass(frozen=True, slots=True)
class ArchivedMail:
    """A raw message, and where it lies: a file, or a number in one."""

    place: str
    raw: bytes


def archived(path: Path) -> Iterator[ArchivedMail]:
    """The messages of an archive, one at a time, in the order of their places.

    Raises ArchiveError before the first where there is none, OSError where reading fails.
    """
    if path.is_dir():
        return _maildir(path) if (path / "cur").is_dir() else _folder(path)
    if not path.is_file():
        raise ArchiveError(f"{path}: there is no such file or folder")
    with path.open("rb") as file:
        is_mbox = file.read(len(_START)) == _START
    return _mbox(path) if is_mbox else iter([ArchivedMail(str(path), path.read_bytes())])


def _maildir(path: Path) -> Iterator[ArchivedMail]:
    files = [file for name in ("cur", "new") for file in (path / name).glob("*")]
    return _files(path, files)


def _folder(path: Path) -> Iterator[ArchivedMail]:
    return _files(path, list(path.rglob("*.eml")))


def _files(path: Path, files: list[Path]) -> Iterator[ArchivedMail]:
    if not files:
        raise ArchiveError(f"{path}: holds no mail: neither a Maildir nor .eml files")
    return (ArchivedMail(str(file), file.read_bytes()) for file in sorted(files))


def _mbox(path: Path) -> Iterator[ArchivedMail]:
    box = mailbox.mbox(path, create=False)
    try:
        for number, key in enumerate(box.iterkeys(), 1):
            yield ArchivedMail(f"{path}:{number}", box.get_bytes(key))
    finally:
        box.close()
