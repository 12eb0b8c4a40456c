"""Old mail: an mbox, a Maildir, a folder of .eml files, one of them, or the mailbox, read-only."""

import datetime as dt
import mailbox
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path

from bot.config.settings import ImapSettings
from bot.errors import BotError
from bot.mail.errors import MailboxError
from bot.mail.fetching import in_parts
from bot.mail.session import hang_up, open_session, translated

AT_ONCE = 50

MOST_HEAD = 16_384  # bytes in which a date is looked for
EARLIEST, LATEST = 1990, 2100
_DATE = re.compile(rb"^date:[ \t]*([^\r\n]{1,100})", re.IGNORECASE | re.MULTILINE)
_START = b"From "  # of an mbox (RFC 4155)


class ArchiveError(BotError):
    """There is no mail at this place, or it cannot be read; the text says why."""

    status = 2


@dataclass(frozen=True, slots=True)
class ArchivedMail:
    """A raw message, and where it lies: a file, or a number in one."""

    place: str
    raw: bytes


def archived(path: Path, *, by_date: bool = False) -> Iterator[ArchivedMail]:
    """The messages of an archive, one at a time, in the order of their places, or of their dates.

    Raises ArchiveError before the first where there is none, OSError where reading fails.
    """
    if path.is_dir():
        is_maildir = (path / "cur").is_dir()
        places = ("cur/*", "new/*") if is_maildir else ("**/*.eml",)
        return _files(path, sorted(file for some in places for file in path.glob(some)), by_date)
    if not path.is_file():
        raise ArchiveError(f"{path}: there is no such file or folder")
    with path.open("rb") as file:
        is_mbox = file.read(len(_START)) == _START
    return _mbox(path, by_date) if is_mbox else iter([ArchivedMail(str(path), path.read_bytes())])


def own_date(raw: bytes) -> dt.datetime | None:
    """When a message says that it was written; None where it says nothing of use."""
    found = _DATE.search(raw[:MOST_HEAD])
    try:
        date = parsedate_to_datetime(found[1].decode("ascii", "replace")) if found else None
    except (ValueError, OverflowError):
        return None
    if date is None or not EARLIEST <= date.year <= LATEST:
        return None
    return date if date.tzinfo else date.replace(tzinfo=dt.UTC)


def _files(path: Path, files: list[Path], by_date: bool) -> Iterator[ArchivedMail]:
    if not files:
        raise ArchiveError(f"{path}: holds no mail: neither a Maildir nor .eml files")
    if by_date:
        files.sort(key=lambda file: _order(_head_of(file)))
    return (ArchivedMail(str(file), file.read_bytes()) for file in files)


def _head_of(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(MOST_HEAD)


def _order(head: bytes) -> dt.datetime:
    return own_date(head) or dt.datetime.min.replace(tzinfo=dt.UTC)


def _mbox(path: Path, by_date: bool) -> Iterator[ArchivedMail]:
    box = mailbox.mbox(path, create=False)
    try:
        numbered = list(enumerate(box.iterkeys(), 1))
        if by_date:
            numbered.sort(key=lambda one: _order(box.get_bytes(one[1])))
        for number, key in numbered:
            yield ArchivedMail(f"{path}:{number}", box.get_bytes(key))
    finally:
        box.close()


def examined(settings: ImapSettings, since: dt.date | None, folder: str) -> Iterator[ArchivedMail]:
    """The messages of a folder, those that came since a day, oldest first.

    Raises MailboxError.
    """
    client = open_session(settings)
    try:
        try:
            with translated(settings, f"examining {folder}"):
                client.select_folder(folder, readonly=True)
        except MailboxError as error:
            with translated(settings, "listing the folders"):
                names = ", ".join(str(name) for _, _, name in client.list_folders())
            raise MailboxError(error.problem, f"its folders: {names}", temporary=False) from error
        with translated(settings, "searching the folder"):
            uids = sorted(client.search(["SINCE", since] if since else "ALL"))
        for some in in_parts(uids, AT_ONCE):
            with translated(settings, "fetching messages"):
                found = client.fetch(some, ["BODY.PEEK[]"])
            for uid in some:
                if uid in found:
                    yield ArchivedMail(f"{folder}:{uid}", found[uid][b"BODY[]"])
    finally:
        hang_up(client)
