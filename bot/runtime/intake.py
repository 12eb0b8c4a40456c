"""Takes mail from the folder into the database, before anything is thought about it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import structlog

from bot.config.load import Settings
from bot.errors import BotError
from bot.mail.first_look import first_look, look_again
from bot.mail.imap import Inbox
from bot.observability.metrics import MESSAGES_RECEIVED, step, timed
from bot.runtime.batches import batches
from bot.store import Store
from bot.workflow.lifecycle import (
    FetchedMessage,
    ImapFolder,
    InboundMessage,
    InboundStatus,
    OldMail,
)
from replies.phrases import say

GONE = say("quarantine.gone")

log = structlog.get_logger()


class AnotherDatabaseError(BotError):
    """The mailbox is another database's: this one, which is new, would answer all of it again."""

    about = "database.url"
    status = 2


@dataclass(frozen=True, slots=True)
class Batch:
    """Messages on their way into the database; once they are there, all is up to `last_uid`."""

    folder: ImapFolder
    messages: Sequence[FetchedMessage]
    last_uid: int


class Intake:
    """What is new in one folder, each message once."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        inbox: Inbox,
        clock: Callable[[], dt.datetime],
        quarantined: Callable[[InboundMessage], None],
        turn_of: Callable[[bytes], str],
    ) -> None:
        """`quarantined` hears of each message that is not to be had; `turn_of` says whose turn a
        message takes.
        """
        self._settings, self._store, self._inbox = settings, store, inbox
        self._clock, self._quarantined, self._turn_of = clock, quarantined, turn_of
        self._mailbox = settings.imap.username or settings.mailbox.address

    def coming(self) -> Iterator[Batch]:
        """Looks what is new; it is fetched in batches, as they are asked for.

        Raises MailboxError, here and there; AnotherDatabaseError at the first look.
        """
        folder, messages = self._folder(), self._store.messages
        old = messages.old_mail(folder) or self._first_look(folder)
        last = messages.last_uid(folder)
        listed = self._inbox.old_uids(last, old)
        reached = last if listed else max(last, old.below - 1)
        listed += self._inbox.new_uids(max(last, old.below - 1))
        known = messages.known_uids(folder, reached) if listed else frozenset()
        progress = _Progress(listed, known | self._inbox.ghosts, reached)
        if progress.last_uid > last:
            messages.move_to(folder, progress.last_uid)
        uids = [*progress.missing, *self._wanted(folder)]
        return self._fetched(folder, uids, progress)

    def keep(self, batch: Batch) -> int:
        """Makes a batch durable: how many; admins hear of what goes straight to quarantine."""
        with step("receive"):
            new = self._store.messages.take_in(
                batch.folder, batch.messages, self._clock(), batch.last_uid
            )
        MESSAGES_RECEIVED.inc(len(new))
        for message in new:
            if message.status is InboundStatus.FAILED:
                self._quarantined(message)
        return len(batch.messages)

    def flag_done(self) -> None:
        """The courtesy of a flag on what is done; the database knows anyway."""
        if self._settings.mode == "observe":
            return  # the mailbox is as people left it
        folder, messages = self._folder(), self._store.messages
        if uids := messages.unflagged(folder):
            with step("flag"):
                messages.flagged(folder, self._inbox.mark_done(uids, folder.uid_validity))

    def _folder(self) -> ImapFolder:
        position = self._inbox.position()
        return ImapFolder(self._mailbox, position.folder, position.uid_validity)

    def _first_look(self, folder: ImapFolder) -> OldMail:
        """Where this database begins in the folder, or in one that got other UIDs since."""
        messages, inbox = self._store.messages, self._inbox
        if before := messages.old_mail_before(folder):
            look = look_again(inbox, before.since)
        else:
            look = first_look(inbox, self._settings.imap.since, self._clock())
        if look.flagged and messages.is_unused():
            raise AnotherDatabaseError(
                f"{self._settings.database.url} is new, but {look.flagged:,} messages in "
                f"{folder.folder} bear the bot's flag: another database has worked on this mailbox."
                " Name that one; or, to begin anew on purpose, say `db create` first"
            )
        messages.begin(folder, look.old, look.last_uid)
        log.info("imap.first_look", told=look.told)
        return look.old

    def _wanted(self, folder: ImapFolder) -> Collection[int]:
        """What of the quarantine is to be fetched again, as far as it is still there."""
        wanted = frozenset(self._store.messages.wanted(folder))
        there = self._inbox.still_there(wanted) if wanted else wanted
        if gone := wanted - there:
            self._store.messages.not_to_be_had(folder, gone, GONE)
        return wanted & there

    def _fetched(
        self, folder: ImapFolder, uids: Sequence[int], progress: _Progress
    ) -> Iterator[Batch]:
        limit = int(self._settings.limits.message_mb * 1_000_000)
        fetched = (
            replace(message, turn=self._turn_of(message.raw))
            for message in self._inbox.fetch(uids, limit)
        )
        some = batches(fetched, self._settings.imap.batch, lambda message: len(message.raw))
        for batch in timed("fetch", some):
            progress.take(message.uid for message in batch)
            yield Batch(folder, batch, progress.last_uid)


class _Progress:
    """Up to which UID everything that is listed was taken in.

    What the server does not hand over now comes after others, so it is not always the highest.
    """

    def __init__(self, listed: Sequence[int], settled: Collection[int], last_uid: int) -> None:
        self._listed, self._settled, self._before = listed, set(settled), last_uid
        self._reached = 0  # so many of the listed ones, from the first
        self.take(())

    @property
    def last_uid(self) -> int:
        return self._listed[self._reached - 1] if self._reached else self._before

    @property
    def missing(self) -> list[int]:
        return [uid for uid in self._listed[self._reached :] if uid not in self._settled]

    def take(self, uids: Iterable[int]) -> None:
        self._settled.update(uids)
        while self._reached < len(self._listed) and self._listed[self._reached] in self._settled:
            self._reached += 1
