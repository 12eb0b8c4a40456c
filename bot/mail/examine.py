"""The mailbox looked into, read-only: EXAMINE and PEEK change nothing, not even what is unread."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from bot.config.settings import ImapSettings
from bot.mail.archives import ArchivedMail
from bot.mail.errors import MailboxError
from bot.mail.fetching import in_parts
from bot.mail.session import hang_up, open_session, translated

AT_ONCE = 50


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
