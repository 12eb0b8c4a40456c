"""Messages are read in a process of their own, which may hang or die of one without harm.

The kernel ends it when a message takes too long, and bounds its memory. What it died of is told as
unreadable, or put off where it is one that all share; a new process goes on with the rest. Where
there is a second core, reading takes no time from the rest of the work.
"""

import contextlib
import json
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Generator, Iterable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from queue import Empty, SimpleQueue

import structlog

from bot.errors import BotError
from bot.mail.parsing import Limits, read_head
from bot.observability import logs
from bot.runtime.analysis import MessageAnalysis, from_json
from bot.runtime.fairness import Allowance
from bot.runtime.forkserver import FORKSERVER
from bot.runtime.parser_child import WALL, Task, concerning, hand_over, serve
from bot.workflow.lifecycle import InboundMessage
from bot.workflow.organization import Organization

AHEAD_BYTES = 8 * 2**20  # handed over at a time, unless a single message is larger
ANSWER_BYTES = 2**26  # of one answer: far more than is kept of a message
START_SECONDS = 120.0  # for imports and models, on a busy machine
GRACE_SECONDS = 10.0  # after which the process is ended by us, should the kernel not have done it
AHEAD = 20  # messages that are read before the first is asked for
LONG = 0.2  # seconds of computing: only after such a message is the process's memory looked at
SWOLLEN = 64 * 2**20  # bytes that it may have grown by since its start; beyond, it is replaced
PAGE = os.sysconf("SC_PAGE_SIZE")  # bytes
LULL_SECONDS = 0.1  # without an answer: what is read may be settled meanwhile

log = structlog.get_logger()


class ParserProcessError(BotError):
    """The reading process cannot be started; the text says why."""

    about = "reader"


class PutOffError(Exception):
    """The message takes more time than there is for it here."""


@dataclass(frozen=True, slots=True)
class ReadMessage:
    """What became of a message: its analysis, or none where it is put off."""

    message: InboundMessage
    analysis: MessageAnalysis | None


class ParserProcess(contextlib.AbstractContextManager["ParserProcess"]):
    """Reads messages for one organization. For one thread.

    A message that takes more than `seconds` of computing is told as `UnparseableMessage`, and so is
    one that the process died of twice. With an `allowance` the process is common to all senders:
    a message that takes more than is left to its sender is put off. `niceness` is its priority.
    Everything raises ParserProcessError where no process can be started.
    """

    def __init__(
        self,
        organization: Organization,
        limits: Limits,
        seconds: float,
        allowance: Allowance | None = None,
        niceness: int = 0,
    ) -> None:
        self._organization, self._limits, self._seconds = organization, limits, seconds
        self._allowance, self._niceness = allowance, niceness
        self._sent: deque[Task] = deque()  # handed over, not yet answered
        self._early: deque[ReadMessage] = deque()  # answers that nobody has asked for yet
        self._died_of: InboundMessage | None = None
        self._start()

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def pid(self) -> int:
        """The process that reads at this moment."""
        return self._process.pid or 0

    def close(self) -> None:
        """Ends the process."""
        self._connection.close()
        self._process.kill()
        self._process.join()

    def read_all(
        self, messages: Iterable[InboundMessage], ahead: int
    ) -> Generator[ReadMessage | None]:
        """What became of many messages; up to `ahead` are read before asked for.

        In order, but for those that are put off; None where nothing has come for a moment.
        """
        waiting, more = iter(messages), True
        try:
            while True:
                while more and not self._early and self._has_room(ahead):
                    message = next(waiting, None)
                    more = message is not None
                    if message is not None:
                        self._send(message)
                if self._early:
                    yield self._early.popleft()
                elif self._sent:
                    yield self._receive(LULL_SECONDS)
                elif not more:
                    return
        finally:
            while self._sent:  # whoever stopped asking wants none of these
                self._receive()
            self._early.clear()

    def analyse_all(
        self, messages: Iterable[InboundMessage], ahead: int = AHEAD
    ) -> Generator[MessageAnalysis]:
        """The analyses of many messages, in order, where nothing is put off."""
        with contextlib.closing(self.read_all(messages, ahead)) as readings:
            for reading in readings:
                if reading is not None and reading.analysis is not None:
                    yield reading.analysis

    def analyse(self, message: InboundMessage) -> MessageAnalysis:
        """The analysis of one message; may be asked for while others are under way.

        Raises PutOffError where it takes too long here.
        """
        self._send(message)
        while not (found := [r for r in self._early if r.message is message]):
            reading = self._receive()
            if reading is not None:
                self._early.append(reading)
        self._early.remove(found[0])
        if found[0].analysis is None:
            raise PutOffError
        return found[0].analysis

    def _has_room(self, ahead: int) -> bool:
        held = sum(len(task.message.raw) for task in self._sent)
        return not self._sent or (len(self._sent) < ahead and held < AHEAD_BYTES)

    def _send(self, message: InboundMessage) -> None:
        seconds = self._seconds
        if self._allowance is not None:
            seconds = min(seconds, self._allowance.left(message.turn))
        if not seconds:
            self._early.append(ReadMessage(message, None))
            return
        task = Task(message, seconds)
        if not self._sent:
            self._since = time.monotonic()
        self._sent.append(task)
        with contextlib.suppress(OSError):  # it died; `_receive` will hear of it
            hand_over(self._connection, task)

    def _receive(self, patience: float | None = None) -> ReadMessage | None:
        """What became of the first message that was sent and not yet answered.

        None where that is not known after `patience`.
        """
        while True:
            if not self._ready:
                self._await_start()
            task = self._sent[0]
            left = self._since + task.seconds * WALL + GRACE_SECONDS - time.monotonic()
            try:
                answer = self._answers.get(
                    timeout=max(0.0, left if patience is None else min(patience, left))
                )
            except Empty:
                if patience is not None and patience < left:
                    return None
                answer = None  # it neither answers nor dies
            self._since = time.monotonic()
            with contextlib.suppress(ValueError):  # nonsense is as good as death
                if answer is not None:
                    told = from_json(answer)
                    self._sent.popleft()
                    self._charge(task.message, told.seconds)
                    if told.seconds > LONG and self._resident() > self._resident_at_start + SWOLLEN:
                        self._renew()
                    return ReadMessage(task.message, told.analysis)
            if reading := self._bury():
                return reading

    def _await_start(self) -> None:
        answer = None
        with contextlib.suppress(Empty):
            answer = self._answers.get(timeout=START_SECONDS)
        try:
            lacking = json.loads(answer or b"no answer")
        except ValueError:
            problem = (answer or b"no answer").decode()
            self.close()
            self._sent.clear()  # nobody is there to answer
            raise ParserProcessError(
                f"the process that reads mail does not start: {problem}"
            ) from None
        if lacking:
            log.warning("reader.bounds_missing", lacking=", ".join(lacking))
        self._ready = True
        self._resident_at_start = self._resident()
        self._since = time.monotonic()

    def _charge(self, message: InboundMessage, seconds: float) -> None:
        """Where a sender's share is used up, what else of theirs is in hand is put off at once."""
        if self._allowance is None:
            return
        self._allowance.charge(message.turn, seconds)
        if not self._allowance.left(message.turn):
            behind = [t for t in self._sent if t.message.turn == message.turn]
            if behind:
                self._put_off(behind)
                self._renew()

    def _put_off(self, tasks: Iterable[Task]) -> None:
        for task in tasks:
            self._sent.remove(task)
            self._early.append(ReadMessage(task.message, None))

    def _bury(self) -> ReadMessage | None:
        """Puts a new process in the place of one that died; its message, where it is given up."""
        self._process.join(1)
        self.close()
        task, died = self._sent[0], self._process.exitcode
        message = task.message
        too_long = died in (-signal.SIGPROF, -signal.SIGALRM)
        put_off = too_long and self._allowance is not None
        problem = ""
        if too_long:
            problem = self._organization.say("unreadable.slow", seconds=self._seconds)
        elif self._died_of is message:
            problem = self._organization.say("unreadable.died")
        self._died_of = message
        with concerning(message):
            log.warning("reader.died", exit_code=died, given_up=bool(problem), put_off=put_off)
        self._start()
        reading = None
        if problem:
            self._sent.popleft()
            unread = MessageAnalysis(read_head(message.raw, problem, limits=self._limits))
            reading = ReadMessage(message, None if put_off else unread)
        if put_off and self._allowance is not None:
            self._allowance.charge(message.turn, task.seconds)
            # What came after it, too: a sender's messages are settled in their order.
            self._put_off([t for t in self._sent if t.message.turn == message.turn])
        self._hand_over_again()
        return reading

    def _renew(self) -> None:
        """Another process in the place of this one, which has done nothing wrong."""
        self.close()
        self._start()
        self._hand_over_again()

    def _resident(self) -> int:
        """Bytes of memory that the process holds; 0 where the system does not tell."""
        try:
            pages = Path(f"/proc/{self.pid}/statm").read_text().split()[1]
        except OSError:
            return 0
        return int(pages) * PAGE

    def _hand_over_again(self) -> None:
        for task in self._sent:
            with contextlib.suppress(OSError):
                hand_over(self._connection, task)

    def _start(self) -> None:
        self._connection, theirs = FORKSERVER.Pipe()
        arguments = (theirs, self._organization, self._limits, self._niceness, logs.chosen())
        self._process = FORKSERVER.Process(target=serve, args=arguments, name="reader", daemon=True)
        try:
            self._process.start()
        except OSError as error:  # no memory, no place for the server's socket
            why = error.strerror or error
            raise ParserProcessError(
                f"the process that reads mail cannot be started: {why}"
            ) from error
        theirs.close()
        self._ready = False
        self._since = time.monotonic()
        self._answers: SimpleQueue[bytes | None] = SimpleQueue()
        listening = (self._connection, self._answers)
        threading.Thread(target=_listen, args=listening, name="reader", daemon=True).start()


def _listen(connection: Connection, answers: SimpleQueue[bytes | None]) -> None:
    """Takes every answer as it comes: the process must never wait until somebody asks for one."""
    # A connection that is closed between two reads of one answer has no handle: a TypeError.
    with contextlib.suppress(EOFError, OSError, TypeError):
        while True:
            answers.put(connection.recv_bytes(ANSWER_BYTES))
    answers.put(None)
