"""The inbox: what is new, its bytes, the mark that it is done, and waiting for more.

RFC 3501 and 9051, with IDLE (2177), UIDPLUS (4315) and MOVE (6851) where the server offers them.
Nothing here depends on \\Seen: a person reading the mailbox changes nothing.
"""

from __future__ import annotations

import imaplib
import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Self

import structlog
from imapclient import DELETED, IMAPClient

from bot.config.settings import ImapSettings
from bot.mail.connection import STEADY_AFTER, pause_before
from bot.mail.errors import MailboxError, connection_lost
from bot.mail.fetching import About, Fetcher, in_parts
from bot.mail.folder import Folder, UidCursor, open_folder
from bot.mail.session import hang_up, open_session, translated
from bot.mail.waiting import Ended, HasFileno, Waker, idle, pause
from bot.workflow.lifecycle import FetchedMessage

log = structlog.get_logger()

HOPELESS = 9  # the attempt whose pause is the longest


def never() -> bool:
    return False


class Inbox:
    """One folder on one connection; for one thread, but for `wake`.

    Every method that talks to the server raises MailboxError. When the connection was lost with it,
    `ensure_connected` brings it back, waiting longer after each failure; UIDs handed out before
    are then still good if `position()` is the same.
    """

    def __init__(
        self,
        settings: ImapSettings,
        *,
        chance: Callable[[], float] = random.random,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings = settings
        self._chance, self._clock = chance, clock
        self._waker = Waker()
        self._client: IMAPClient | None = None
        self._folder: Folder | None = None
        self._fetcher = Fetcher(settings.batch)
        self._at_most = 0  # messages in the folder, or more
        self._news = False
        self._idles = True
        self._since = self._next_try = float("-inf")
        self._attempt = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def connected(self) -> bool:
        return self._client is not None

    def connect(self) -> None:
        """Connect, log in (with a fresh token) and select the folder."""
        self.disconnect()
        try:
            client = open_session(self._settings)
            try:
                folder = open_folder(client, self._settings)
            except BaseException:
                hang_up(client)
                raise
        except MailboxError as error:
            self._attempt = self._attempt + 1 if error.temporary else HOPELESS
            self._next_try = self._clock() + pause_before(self._attempt, self._chance())
            raise
        if self._folder is not None and self._folder.position != folder.position:
            log.warning("imap.uidvalidity_changed", now=folder.position.uid_validity)
            self._fetcher = Fetcher(self._settings.batch)
        client._imap.untagged_responses.clear()
        self._client, self._since = client, self._clock()
        self._folder, self._at_most, self._news = folder, folder.messages, False
        log.info("imap.connected", host=self._settings.host, folder=folder.position.folder)

    def ensure_connected(self) -> bool:
        """Whether there is a connection, after an attempt if one is due; False: not yet due."""
        if self._client is None:
            if self._clock() < self._next_try:
                return False
            self.connect()
        return True

    def disconnect(self) -> None:
        """End the connection; `connect` may follow."""
        client, self._client = self._client, None
        if client is not None:
            hang_up(client)

    def close(self) -> None:
        """End the connection for good."""
        self.disconnect()
        self._waker.close()

    def position(self) -> UidCursor:
        """The folder and the UIDVALIDITY under which its UIDs count."""
        return self._opened().position

    def summary(self) -> str:
        """What a person checking the configuration wants to know of the folder."""
        with self._talking("while looking at the folder") as client:
            offers = [name for name in ("IDLE", "MOVE", "UIDPLUS") if client.has_capability(name)]
        return (
            f"{self._at_most} messages in {self._settings.folder}; done ones get "
            f"{self._opened().done_flag}; offers {', '.join(offers) or 'no IDLE: it is polled'}"
        )

    def new_uids(self, after_uid: int = 0) -> list[int]:
        """Every UID above `after_uid`, in order, whatever its flags."""
        found: set[int] = set()
        with self._talking("while looking for new messages") as client:
            client.noop()  # Dovecot searches what it has announced, not what has come since
            self._hear(client)
            self._news = False
            for criterion in self._opened().windows(after_uid + 1, self._at_most):
                found.update(client.search(f"UID {criterion}"))
        # "n:*" holds the last message even where its UID is below n (RFC 3501, 6.4.8).
        return sorted(uid for uid in found if uid > after_uid)

    def fetch(self, uids: Sequence[int], max_bytes: int) -> Iterator[FetchedMessage]:
        """The messages, in bounded memory; of those over `max_bytes` only the headers.

        A message that is gone meanwhile is left out. One that the server cannot hand over comes
        with the reason, so that it stops nobody else's.
        """

        def ask(some: Sequence[int], parts: str) -> dict[int, About]:
            with self._talking("while fetching messages") as client:
                answer: dict[int, About] = client.fetch(some, parts.split())
                return answer

        return self._fetcher.fetch(ask, uids, max_bytes)

    def mark_done(self, uids: Sequence[int], uid_validity: int) -> None:
        """Flag messages as done and move them to `done_folder` where one is set.

        UIDs of another `uid_validity` are left alone: they name other messages by now.
        """
        if uid_validity != self.position().uid_validity:
            log.warning("imap.mark_skipped", count=len(uids), uid_validity=uid_validity)
            return
        for some in in_parts(uids, self._settings.batch):
            with self._talking("while marking messages as done") as client:
                client.add_flags(some, self._opened().done_flag, silent=True)
                if self._settings.done_folder:
                    self._move(client, some)

    def wait(self, seconds: float, until: Callable[[], bool] = never) -> bool:
        """Wait for mail, at most so long; True where there may be some.

        IDLE where the server offers it, renewed in time; else a look every `poll_seconds`. `wake`
        and `until`, asked four times a second, end it early. Without a connection it lasts until
        one may be tried again.
        """
        deadline = self._clock() + seconds
        while not self._news:
            left = deadline - self._clock()
            if self._client is None:
                pause(self._waker, min(left, self._next_try - self._clock()), until)
                return False
            if left <= 0:
                return False
            try:
                ended = self._wait_once(left, until)
            except MailboxError:
                if until():  # whoever stops wants no more than that
                    return False
                raise
            if ended in (Ended.STOPPED, Ended.WOKEN):
                return self._news
        return True

    def rest(
        self, seconds: float, until: Callable[[], bool] = never, news: HasFileno | None = None
    ) -> None:
        """Wait without listening to the server; until `news` can be read from, where it is given.

        Ended early as `wait` is.
        """
        pause(self._waker, seconds, until, news)

    def wake(self) -> None:
        """End the wait, or the next one if nobody waits; for any thread or signal handler."""
        self._waker.wake()

    def _opened(self) -> Folder:
        if self._folder is None:
            raise MailboxError("not connected", temporary=True)
        return self._folder

    def _move(self, client: IMAPClient, uids: Sequence[int]) -> None:
        if client.has_capability("MOVE"):
            client.move(uids, self._settings.done_folder)
            return
        client.copy(uids, self._settings.done_folder)
        client.add_flags(uids, DELETED, silent=True)
        if client.has_capability("UIDPLUS"):
            client.uid_expunge(uids)
        # A plain EXPUNGE would also take what somebody else has marked: leave it to people.

    def _wait_once(self, left: float, until: Callable[[], bool]) -> Ended:
        with self._talking("while waiting for mail") as client:
            client.noop()  # not every server's IDLE tells what came before it
            self._hear(client)
            if self._news:
                return Ended.NEWS
            if self._idles and client.has_capability("IDLE"):
                span = min(left, self._settings.idle_renew_seconds)
                ended = self._idle(client, span, until)
            else:
                span = min(left, self._settings.poll_seconds)
                ended = pause(self._waker, span, until)
            if ended is Ended.TIME:
                client.noop()  # … or anything at all
        return ended

    def _idle(self, client: IMAPClient, seconds: float, until: Callable[[], bool]) -> Ended:
        try:
            return idle(client, self._waker, seconds, until, self._settings.timeout_seconds)
        except imaplib.IMAP4.error as error:
            # A server that does not do what it offers is polled from the next time on.
            self._idles = connection_lost(error) or "BYE" in str(error)
            raise imaplib.IMAP4.abort(f"IDLE: {error}") from error

    @contextmanager
    def _talking(self, doing: str) -> Iterator[IMAPClient]:
        """The connection, for commands; what was learnt by the way is noted afterwards.

        EXISTS may come with the answer to any command, and IDLE then does not repeat it: a wait
        must not begin without looking.
        """
        client = self._client
        if client is None:
            raise MailboxError("not connected", temporary=True)
        try:
            with translated(self._settings, doing):
                yield client
        except MailboxError as error:
            refused = isinstance(error.__cause__, imaplib.IMAP4.error)
            if not refused or connection_lost(error.__cause__):
                self._lost(error)
            raise
        except BaseException:
            self.disconnect()  # interrupted between a command and its answer
            raise
        finally:
            self._hear(client)

    def _hear(self, client: IMAPClient) -> None:
        """Take note of new messages that an answer announced."""
        exists = client._imap.untagged_responses.get("EXISTS")
        if exists:
            self._at_most = max(self._at_most, int(exists[-1]))
            self._news = True
        # imaplib would keep them for as long as the connection lives.
        client._imap.untagged_responses.clear()

    def _lost(self, error: MailboxError) -> None:
        log.warning("imap.lost", problem=error.problem)
        self.disconnect()
        steady = self._clock() - self._since >= STEADY_AFTER
        self._attempt = 0 if steady else self._attempt + 1
        self._next_try = self._clock() + pause_before(self._attempt, self._chance())
