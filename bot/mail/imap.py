"""The inbox: what is new, its bytes, the mark that it is done, and waiting for more.

RFC 3501 and 9051, with IDLE (2177), UIDPLUS (4315) and MOVE (6851) where the server offers them.
Nothing here depends on \\Seen: a person reading the mailbox changes nothing.
"""

import datetime as dt
import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from functools import partial

import structlog
from imapclient import DELETED, IMAPClient
from imapclient.datetime_util import format_criteria_date

from bot.config.settings import ImapSettings
from bot.mail.errors import MailboxError, was_refused
from bot.mail.fetching import About, Fetcher, in_parts
from bot.mail.folder_connection import ASIDE, KEYWORD, MARKING, FolderConnection
from bot.mail.waiting import Ended, HasFileno, Waker, idle, pause
from bot.workflow.lifecycle import FetchedMessage, OldMail

log = structlog.get_logger()


def never() -> bool:
    return False


class Inbox(FolderConnection, AbstractContextManager["Inbox"]):
    """One folder on one connection; for one thread, but for `wake`.

    Every method that talks to the server raises MailboxError. When the connection was lost with it,
    or a command refused, `ensure_connected` brings it back, waiting longer after each failure; UIDs
    handed out before are then still good if `position()` is the same.
    """

    def __init__(
        self,
        settings: ImapSettings,
        *,
        chance: Callable[[], float] = random.random,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(settings, chance, clock)
        self._waker = Waker()
        self._fetcher = Fetcher(settings.batch, clock)

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the connection for good."""
        self.disconnect()
        self._waker.close()

    def summary(self) -> str:
        """What a person checking the configuration wants to know of the folder."""
        offers = [name for name in ("IDLE", "MOVE", "UIDPLUS") if self._offers(name)]
        return (
            f"{self._at_most} messages in {self._settings.folder}; done ones get "
            f"{self._opened().done_flag}; offers {', '.join(offers) or 'no IDLE: it is polled'}"
        )

    def new_uids(self, after_uid: int = 0) -> list[int]:
        """Every UID above `after_uid`, in order, whatever its flags."""
        # Dovecot searches what it has announced, not what has come since.
        self._ask("NOOP", "looking for new messages", IMAPClient.noop)
        self._news = False
        # "n:*" holds the last message even where its UID is below n (RFC 3501, 6.4.8).
        return sorted(uid for uid in self._search(after_uid + 1) if uid > after_uid)

    def old_uids(self, after_uid: int, old: OldMail) -> list[int]:
        """Of the messages that were there before, those to be read, above `after_uid`, in order."""
        first, since = after_uid + 1, old.since
        if first >= old.below:
            return []
        criteria = f" UNKEYWORD {KEYWORD}" if self._opened().done_flag == KEYWORD else ""
        if since is None:
            return sorted(self._search(first, old.below, criteria))
        # SEARCH knows days alone, by whatever clock; the exact time is asked for (RFC 3501, 6.4.4).
        day = format_criteria_date(since - dt.timedelta(days=1)).decode()
        found = sorted(self._search(first, old.below, f"{criteria} SINCE {day}"))
        return [uid for some in in_parts(found, 1000) for uid in self._came_since(some, since)]

    def flagged(self) -> int:
        """How many messages bear the bot's own flag; 0 where the folder keeps none."""
        own = self._opened().done_flag == KEYWORD
        return len(self._search(1, 0, f" KEYWORD {KEYWORD}")) if own else 0

    @property
    def uid_next(self) -> int:
        """What was there when the folder was opened has lower UIDs."""
        return self._opened().uid_next or max(self._search(1), default=0) + 1

    @property
    def messages(self) -> int:
        """How many the folder held when it was opened."""
        return self._opened().messages

    def _search(self, first: int, end: int = 0, criteria: str = "") -> set[int]:
        found: set[int] = set()
        for uids in self._opened().windows(first, end, self._at_most):
            find = partial(IMAPClient.search, criteria=f"UID {uids}{criteria}")
            found.update(self._ask("SEARCH", "looking for messages", find))
        return found

    def _came_since(self, uids: Sequence[int], since: dt.datetime) -> list[int]:
        dates = self._ask(
            "FETCH INTERNALDATE", "looking for messages", lambda c: c.fetch(uids, ["INTERNALDATE"])
        )
        return [uid for uid in uids if uid in dates and dates[uid][b"INTERNALDATE"] >= since]

    def still_there(self, uids: Iterable[int]) -> frozenset[int]:
        """Which of these the folder still holds."""
        criteria = f"UID {','.join(map(str, uids))}"
        find = partial(IMAPClient.search, criteria=criteria)
        return frozenset(self._ask("SEARCH", "looking for messages", find))

    def fetch(self, uids: Sequence[int], max_bytes: int) -> Iterator[FetchedMessage]:
        """The messages, in bounded memory; of those over `max_bytes` only the headers.

        `uids` are all that are wanted at present. One that is gone meanwhile, or is not handed over
        this time, is left out: `wait` ends when it is to be asked for again. One that is never
        handed over comes with the reason, in the end, so that it stops nobody else's.
        """

        def ask(some: Sequence[int], parts: str) -> dict[int, About]:
            answer: dict[int, About] = self._ask(
                f"FETCH {parts}",
                "fetching messages",
                lambda client: client.fetch(some, parts.split()),
            )
            return answer

        return self._fetcher.fetch(ask, uids, max_bytes)

    @property
    def is_to_be_asked_again(self) -> bool:
        """Whether there is mail, or may be, that the server does not hand over now."""
        return bool(self._fetcher.doubts or self._patience.seconds_left(but=ASIDE))

    @property
    def ghosts(self) -> frozenset[int]:
        """UIDs that are found and never handed over; nobody waits for them any more."""
        return self._fetcher.ghosts

    def mark_done(self, uids: Sequence[int], uid_validity: int) -> list[int]:
        """Flag messages as done and move them to `done_folder` where one is set; which ones.

        UIDs of another `uid_validity` are left alone: they name other messages by now. Where the
        server refuses, the rest is for another time.
        """
        if uid_validity != self.position().uid_validity:
            log.warning("imap.mark_skipped", count=len(uids), uid_validity=uid_validity)
            return list(uids)
        done: list[int] = []
        for some in in_parts(uids, self._settings.batch):
            if not self._patience.allows(*MARKING):
                break
            try:
                self._mark(some)
            except MailboxError as error:
                if not was_refused(error):
                    raise
                log.warning("imap.trouble", problem=error.problem)
                break
            done += some
        return done

    def wait(self, seconds: float, until: Callable[[], bool] = never) -> bool:
        """Wait for mail, at most so long; True where there may be some.

        IDLE where the server offers it, renewed in time; else a look every `poll_seconds`. `wake`
        and `until`, asked four times a second, end it early. Without a connection, or where the
        server wants to be left alone, it lasts until it may be tried again.
        """
        deadline = self._clock() + seconds
        while True:
            left = deadline - self._clock()
            if self._client is None or not self._selected or self._seconds_to_wait() > 0:
                pause(self._waker, min(left, self._seconds_to_wait()), until)
                return False
            if self._news:
                return True
            if left <= 0:
                return False
            asked_again = self._fetcher.next_try - self._clock()
            if asked_again <= 0:
                return True
            try:
                ended = self._wait_once(min(left, asked_again), until)
            except MailboxError:
                if until():  # whoever stops wants no more than that
                    return False
                raise
            if ended in (Ended.STOPPED, Ended.WOKEN):
                return self._news

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

    def _moved(self) -> None:
        self._fetcher = Fetcher(self._settings.batch, self._clock)

    def _mark(self, uids: Sequence[int]) -> None:
        def ask(kind: str, command: Callable[[IMAPClient], object]) -> None:
            self._ask(kind, "marking messages as done", command)

        flag, folder = self._opened().done_flag, self._settings.done_folder
        ask("STORE", lambda client: client.add_flags(uids, flag, silent=True))
        if not folder:
            return
        if self._offers("MOVE"):
            ask("MOVE", lambda client: client.move(uids, folder))
            return
        ask("COPY", lambda client: client.copy(uids, folder))
        ask("STORE", lambda client: client.add_flags(uids, DELETED, silent=True))
        if self._offers("UIDPLUS"):
            ask("EXPUNGE", lambda client: client.uid_expunge(uids))
        # A plain EXPUNGE would also take what somebody else has marked: leave it to people.

    def _wait_once(self, left: float, until: Callable[[], bool]) -> Ended:
        self._ask(
            "NOOP", "waiting for mail", IMAPClient.noop
        )  # not every IDLE tells what was before
        if self._news:
            return Ended.NEWS
        ended = None
        if self._offers("IDLE") and self._patience.allows("IDLE"):
            ended = self._idle(min(left, self._settings.idle_renew_seconds), until)
        if ended is None:
            ended = pause(self._waker, min(left, self._settings.poll_seconds), until)
        if ended is Ended.TIME:
            self._ask("NOOP", "waiting for mail", IMAPClient.noop)  # … or anything at all
        return ended

    def _idle(self, seconds: float, until: Callable[[], bool]) -> Ended | None:
        """None where the server does not do what it offers: it is polled meanwhile."""
        wait = partial(
            idle,
            waker=self._waker,
            seconds=seconds,
            until=until,
            timeout=self._settings.timeout_seconds,
        )
        try:
            return self._ask("IDLE", "waiting for mail", wait)
        except MailboxError as error:
            if not was_refused(error):
                raise
            log.info("imap.idle_refused", problem=error.problem)
            return None
