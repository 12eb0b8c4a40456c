"""The inbox: what is new, its bytes, the mark that it is done, and waiting for more.

RFC 3501 and 9051, with IDLE (2177), UIDPLUS (4315) and MOVE (6851) where the server offers them.
Nothing here depends on \\Seen: a person reading the mailbox changes nothing.
"""

from __future__ import annotations

import datetime as dt
import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Self, TypeVar

import structlog
from imapclient import DELETED, IMAPClient
from imapclient.datetime_util import format_criteria_date

from bot.config.settings import ImapSettings
from bot.mail.connection import LEAST_PAUSE, STEADY_AFTER, Patience, pause_before
from bot.mail.errors import MailboxError, was_refused
from bot.mail.fetching import About, Fetcher, in_parts
from bot.mail.folder import KEYWORD, Folder, UidCursor, open_folder
from bot.mail.quirks import take_exists
from bot.mail.session import hang_up, open_session, translated
from bot.mail.waiting import Ended, HasFileno, Waker, idle, pause
from bot.workflow.lifecycle import FetchedMessage, OldMail

log = structlog.get_logger()

HOPELESS = 9  # the attempt whose pause is the longest
MARKING = ("STORE", "MOVE", "COPY", "EXPUNGE")
ASIDE = (*MARKING, "IDLE")  # without these mail comes in all the same

T = TypeVar("T")


def never() -> bool:
    return False


class Inbox:
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
        self._settings = settings
        self._chance, self._clock = chance, clock
        self._waker = Waker()
        self._client: IMAPClient | None = None
        self._folder: Folder | None = None
        self._selected = False
        self._fetcher = Fetcher(settings.batch, clock)
        self._at_most = 0  # messages in the folder, or more
        self._news = False
        self._since = self._next_try = self._last_command = float("-inf")
        self._attempt = 0
        self._patience = Patience(clock, chance)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def connected(self) -> bool:
        """Whether the folder is open, and the server does what it is asked."""
        return self._selected and not self._patience.seconds_left(but=ASIDE)

    def connect(self) -> None:
        """Connect, log in (with a fresh token) and select the folder."""
        self.disconnect()
        try:
            self._client = open_session(self._settings)
        except MailboxError as error:
            self._attempt = self._attempt + 1 if error.temporary else HOPELESS
            pause = pause_before(self._attempt, self._chance())
            self._next_try = self._clock() + max(pause, error.retry_after)
            raise
        self._since = self._clock()
        self._select()

    def ensure_connected(self) -> bool:
        """Whether the folder is open, after an attempt if one is due; False: not yet due."""
        if self._seconds_to_wait() > 0:
            return False
        if self._client is None:
            self.connect()
        elif not self._selected:
            self._select()
        return True

    def disconnect(self) -> None:
        """End the connection; `connect` may follow."""
        client, self._client, self._selected = self._client, None, False
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
        while not self._news:
            left = deadline - self._clock()
            if self._client is None or not self._selected or self._seconds_to_wait() > 0:
                pause(self._waker, min(left, self._seconds_to_wait()), until)
                return False
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

    def _select(self) -> None:
        client = self._client
        if client is None:
            raise MailboxError("not connected", temporary=True)
        try:
            folder = open_folder(client, self._settings)
        except MailboxError as error:
            if was_refused(error):
                self._put_off("SELECT", error)  # the session is good
                raise
            self.disconnect()
            self._attempt = self._attempt + 1 if error.temporary else HOPELESS
            self._next_try = self._clock() + pause_before(self._attempt, self._chance())
            raise
        except BaseException:
            self.disconnect()
            raise
        finally:
            self._last_command = self._clock()
        self._patience.answered("SELECT")
        if self._folder is not None and self._folder.position != folder.position:
            log.warning("imap.uidvalidity_changed", now=folder.position.uid_validity)
            self._fetcher = Fetcher(self._settings.batch, self._clock)
        take_exists(client)
        self._folder, self._at_most, self._news = folder, folder.messages, False
        self._selected = True
        log.info("imap.connected", host=self._settings.host, folder=folder.position.folder)

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

    def _offers(self, capability: str) -> bool:
        return self._client is not None and bool(self._client.has_capability(capability))

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

    def _ask(self, kind: str, doing: str, command: Callable[[IMAPClient], T]) -> T:
        """What the server answers; it is asked slowly while it refuses things.

        EXISTS may come with the answer to any command: a wait must not begin without looking.
        """
        client = self._client
        if client is None:
            raise MailboxError("not connected", temporary=True)
        if self._patience.tried:
            time.sleep(max(0.0, min(LEAST_PAUSE, self._last_command + LEAST_PAUSE - self._clock())))
        try:
            with translated(self._settings, f"while {doing}"):
                answer = command(client)
        except MailboxError as error:
            if was_refused(error):
                self._put_off(kind, error)
            else:
                self._lost(error)
            raise
        except BaseException:
            self.disconnect()  # interrupted between a command and its answer
            raise
        finally:
            self._last_command = self._clock()
            exists = take_exists(client)
            if exists is not None:
                self._at_most = max(self._at_most, exists)
                self._news = True
        self._patience.answered(kind)
        return answer

    def _put_off(self, kind: str, error: MailboxError) -> None:
        seconds = self._patience.refused(kind, error.retry_after)
        log.info("imap.refused", command=kind, problem=error.problem, seconds=round(seconds, 1))

    def _seconds_to_wait(self) -> float:
        """Until the server may be called, or asked for mail, again."""
        called = 0.0 if self._client is not None else self._next_try - self._clock()
        return max(called, self._patience.seconds_left(but=ASIDE))

    def _lost(self, error: MailboxError) -> None:
        log.warning("imap.lost", problem=error.problem)
        self.disconnect()
        steady = self._clock() - self._since >= STEADY_AFTER
        self._attempt = 0 if steady else self._attempt + 1
        self._next_try = self._clock() + pause_before(self._attempt, self._chance())
