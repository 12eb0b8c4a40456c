"""Opening a folder, and what the server says of it (RFC 3501, 6.3.1 and 7.1)."""

from __future__ import annotations

import imaplib
from collections.abc import Iterator
from dataclasses import dataclass

from imapclient import SEEN, IMAPClient

from bot.config.settings import ImapSettings
from bot.mail.errors import MailboxError, connection_lost
from bot.mail.session import translated

KEYWORD = "$BotDone"
# imaplib takes no line over 1,000,000 bytes; a UID in the answer to SEARCH takes up to 11.
SEARCH_WINDOW = 50_000


@dataclass(frozen=True, slots=True)
class UidCursor:
    """Where UIDs count: they mean nothing under another UIDVALIDITY (RFC 3501, 2.3.1.1)."""

    folder: str
    uid_validity: int


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder as it was when it was opened; `done_flag` is what it can keep."""

    position: UidCursor
    uid_next: int
    messages: int
    done_flag: str

    def windows(self, first: int, end: int, at_most: int) -> Iterator[str]:
        """Sets of UIDs from `first` on, each small enough for one answer to SEARCH.

        They end before `end`; where that is 0, with the last message of the folder.
        """
        if at_most > SEARCH_WINDOW:
            while first + SEARCH_WINDOW < (end or self.uid_next):
                yield f"{first}:{first + SEARCH_WINDOW - 1}"
                first += SEARCH_WINDOW
        yield f"{first}:{end - 1}" if end else f"{first}:*"


def open_folder(client: IMAPClient, settings: ImapSettings) -> Folder:
    """Select the folder for writing, and create `done_folder` where it is missing."""
    name = settings.folder
    try:
        with translated(settings, f"while opening {name}"):
            answer = client.select_folder(name)
    except MailboxError as error:
        if isinstance(error.__cause__, imaplib.IMAP4.readonly):
            problem = f"{name} is read-only for {settings.username}"
            raise MailboxError(problem, "let it write there", temporary=False) from error
        if not connection_lost(error.__cause__) and not error.temporary:
            error.advice = f"check that {name} exists and imap.username may open it"
        raise
    if done_folder := settings.done_folder:
        with translated(settings, f"while creating {done_folder}"):
            if not client.folder_exists(done_folder):
                client.create_folder(done_folder)
                client.subscribe_folder(done_folder)
    permanent = {flag.decode("ascii", "replace") for flag in answer.get(b"PERMANENTFLAGS", ())}
    # Without PERMANENTFLAGS all flags last (RFC 3501, 7.1); Exchange keeps no keywords.
    keeps = not permanent or "\\*" in permanent or KEYWORD in permanent
    return Folder(
        position=UidCursor(name, answer.get(b"UIDVALIDITY", 0)),
        uid_next=answer.get(b"UIDNEXT", 0),
        messages=answer[b"EXISTS"],
        done_flag=KEYWORD if keeps else SEEN.decode(),
    )
