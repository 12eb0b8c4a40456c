"""The first look of a database at a folder: what of the mail that lies there is its business."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from bot.config.values import Since
from bot.mail.imap import Inbox
from bot.workflow.lifecycle import OldMail

# INTERNALDATE knows whole seconds of the server's clock: what came just after a first look may
# seem to have come before it. Where UIDs change later, it is to be found again.
CLOCKS_DIFFER = dt.timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class FirstLook:
    """What is there, how many of it are read, and how many left alone.

    `flagged` bear the bot's own flag: another database has worked on the folder. They are never
    read. Nothing up to `last_uid` is.
    """

    old: OldMail
    last_uid: int
    read: int
    left_alone: int
    flagged: int

    @property
    def told(self) -> str:
        """For a log and for `check`."""
        alone = f"{self.left_alone:,} older messages are left alone"
        return f"{alone}, {self.read:,} are read" if self.read else alone


def first_look(inbox: Inbox, since: Since, now: dt.datetime) -> FirstLook:
    """Looks at an open folder; `since` says which of its mail is read. Raises MailboxError."""
    if since == "start":
        return _look(inbox, OldMail(inbox.uid_next, now - CLOCKS_DIFFER), [])
    midnight = None if since == "all" else dt.datetime.combine(since, dt.time(), now.tzinfo)
    return look_again(inbox, midnight)


def look_again(inbox: Inbox, since: dt.datetime | None) -> FirstLook:
    """The same where the messages got other UIDs; `since` then is what it was at first."""
    old = OldMail(inbox.uid_next, since)
    return _look(inbox, old, inbox.old_uids(0, old))


def _look(inbox: Inbox, old: OldMail, uids: Sequence[int]) -> FirstLook:
    last_uid = uids[0] - 1 if uids else old.below - 1
    return FirstLook(old, last_uid, len(uids), inbox.messages - len(uids), inbox.flagged())
