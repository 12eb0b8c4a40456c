"""A connection to one folder (RFC 3501, 6.3.1 and 7.1): made, lost, and brought back.

A command that the server refuses is waited out; what ends the session is followed by another one,
later after each failure.
"""

import imaplib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

import structlog
from imapclient import SEEN, IMAPClient

from bot.config.settings import ImapSettings
from bot.mail.connection import LEAST_PAUSE, STEADY_AFTER, Patience, pause_before
from bot.mail.errors import MailboxError, connection_lost, was_refused
from bot.mail.quirks import take_exists
from bot.mail.session import hang_up, open_session, translated

log = structlog.get_logger()
HOPELESS = 9  # the attempt whose pause is the longest
MARKING = ("STORE", "MOVE", "COPY", "EXPUNGE")
ASIDE = (*MARKING, "IDLE", "EXISTS")  # without these mail comes in all the same
T = TypeVar("T")

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


class FolderConnection:
    """The folder of the settings, open where it can be; for one thread.

    Whatever talks to the server raises MailboxError.
    """

    def __init__(
        self,
        settings: ImapSettings,
        chance: Callable[[], float],
        clock: Callable[[], float],
    ) -> None:
        self._settings = settings
        self._chance, self._clock = chance, clock
        self._client: IMAPClient | None = None
        self._folder: Folder | None = None
        self._selected = False
        self._at_most = self._told = 0  # messages in the folder, or more; as it was told last
        self._news = False
        self._since = self._next_try = self._last_command = float("-inf")
        self._attempt = 0
        self._patience = Patience(clock, chance)

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

    def position(self) -> UidCursor:
        """The folder and the UIDVALIDITY under which its UIDs count."""
        return self._opened().position

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
            self._moved()
        take_exists(client)
        self._folder, self._at_most, self._news = folder, folder.messages, False
        self._told = folder.messages
        self._selected = True
        log.info("imap.connected", host=self._settings.host, folder=folder.position.folder)

    def _offers(self, capability: str) -> bool:
        return self._client is not None and bool(self._client.has_capability(capability))

    def _ask(self, kind: str, doing: str, command: Callable[[IMAPClient], T]) -> T:
        """What the server answers; it is asked slowly while it refuses things or repeats itself.

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
            exists, fewer = take_exists(client)
            if exists is not None:
                again = exists == self._told and not fewer  # then it is asked slowly, too
                (self._patience.refused if again else self._patience.answered)("EXISTS")
                self._told, self._at_most, self._news = exists, max(self._at_most, exists), True
            elif fewer:
                self._told = -1
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

    def _moved(self) -> None:
        """The UIDs of before name other messages now, or none."""
