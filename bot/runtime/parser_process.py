"""Messages are read in a process of their own, which may hang or die of one without harm.

The kernel ends it when a message takes too long (SIGALRM, in Python code or in C), and bounds its
memory. What it died of is told as unreadable; a new process goes on with the rest. Where there is
a second core, reading takes no time from the rest of the work.
"""

from __future__ import annotations

import contextlib
import pickle
import resource
import signal
import sys
import threading
from collections import deque
from collections.abc import Generator, Iterable
from contextlib import AbstractContextManager
from multiprocessing.connection import Connection
from queue import Empty, SimpleQueue
from typing import Self

import structlog

from bot.mail.parsing import Limits, read_head
from bot.observability import logs
from bot.runtime.analysis import MessageAnalysis
from bot.runtime.collector import leave_alone_what_is_loaded
from bot.runtime.forkserver import FORKSERVER
from bot.workflow.lifecycle import InboundMessage
from bot.workflow.organization import Organization

AHEAD_BYTES = 8 * 2**20  # handed over at a time, unless a single message is larger
START_SECONDS = 120.0  # for imports and models, on a busy machine
GRACE_SECONDS = 10.0  # after which the process is ended by us, should the kernel not have done it
SWITCH_SECONDS = 0.0005  # until the thread that takes messages in has its turn: the parent waits
DATA_BYTES = 2**30  # of memory for one reading process

log = structlog.get_logger()


class ParserProcessError(Exception):
    """The reading process cannot be started; the text says why."""


class ParserProcess:
    """Reads messages for one house, in order. For one thread.

    A message that takes longer than `seconds` is told as `UnparseableMessage`, and so is one that
    the process died of twice. Everything raises ReaderError where no process can be started.
    """

    def __init__(self, organization: Organization, limits: Limits, seconds: float) -> None:
        self._organization, self._limits, self._seconds = organization, limits, seconds
        self._sent: deque[InboundMessage] = deque()  # handed over, not yet answered
        self._early: deque[MessageAnalysis] = deque()  # answers that nobody has asked for yet
        self._died_of: InboundMessage | None = None
        self._ready = False
        self._start()

    def __enter__(self) -> Self:
        return self

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

    def analyse_all(
        self, messages: Iterable[InboundMessage], ahead: int
    ) -> Generator[MessageAnalysis]:
        """The analyses of many messages, in order; up to `ahead` are read before asked for."""
        waiting, more = iter(messages), True
        try:
            while True:
                while more and self._has_room(ahead):
                    message = next(waiting, None)
                    more = message is not None
                    if message is not None:
                        self._send(message)
                if not self._sent and not self._early:
                    return
                yield self._early.popleft() if self._early else self._receive()
        finally:
            while self._sent:  # whoever stopped asking wants none of these
                self._receive()
            self._early.clear()

    def analyse(self, message: InboundMessage) -> MessageAnalysis:
        """The analysis of one message; may be asked for while others are under way."""
        before = len(self._sent)
        self._send(message)
        for _ in range(before):
            self._early.append(self._receive())
        return self._receive()

    def _has_room(self, ahead: int) -> bool:
        held = sum(len(message.raw) for message in self._sent)
        return not self._sent or (len(self._sent) < ahead and held < AHEAD_BYTES)

    def _send(self, message: InboundMessage) -> None:
        self._sent.append(message)
        with contextlib.suppress(OSError):  # it died; `_receive` will hear of it
            self._connection.send(message)

    def _receive(self) -> MessageAnalysis:
        """The answer to the first message that was sent and not yet answered."""
        while True:
            if not self._ready:
                self._await_start()
            answer = self._answer(self._seconds + GRACE_SECONDS)
            if answer is not None:
                self._sent.popleft()
                analysis: MessageAnalysis = pickle.loads(answer)  # noqa: S301  (our own process's)
                return analysis
            if problem := self._restart():
                message = self._sent.popleft()
                return MessageAnalysis(read_head(message.raw, problem, limits=self._limits))

    def _answer(self, seconds: float) -> bytes | None:
        """The next thing that the process says; None where it died or does not say anything."""
        with contextlib.suppress(Empty):
            return self._answers.get(timeout=seconds)
        return None

    def _await_start(self) -> None:
        answer = self._answer(START_SECONDS)
        problem = "no answer" if answer is None else answer.decode()
        if problem:
            self.close()
            self._sent.clear()  # nobody is there to answer
            raise ParserProcessError(f"the process that reads mail does not start: {problem}")
        self._ready = True

    def _restart(self) -> str:
        """Puts a new process in the place of one that died; why its message is given up, or ""."""
        self._process.join(1)
        self.close()
        message, died = self._sent[0], self._process.exitcode
        problem = ""
        if died == -signal.SIGALRM:
            problem = f"tardó más de {self._seconds:g} segundos en leerse"
        elif self._died_of is message:
            problem = "el proceso que lo leía terminó dos veces"
        self._died_of = message
        with _concerning(message):
            log.warning("reader.died", exit_code=died, given_up=bool(problem))
        self._start()
        for left in list(self._sent)[bool(problem) :]:
            with contextlib.suppress(OSError):
                self._connection.send(left)
        return problem

    def _start(self) -> None:
        self._connection, theirs = FORKSERVER.Pipe()
        arguments = (theirs, self._organization, self._limits, self._seconds, logs.chosen())
        self._process = FORKSERVER.Process(
            target=_serve, args=arguments, name="reader", daemon=True
        )
        try:
            self._process.start()
        except OSError as error:  # no memory, no place for the server's socket
            why = error.strerror or error
            raise ParserProcessError(
                f"the process that reads mail cannot be started: {why}"
            ) from error
        theirs.close()
        self._ready = False
        self._answers: SimpleQueue[bytes | None] = SimpleQueue()
        listening = (self._connection, self._answers)
        threading.Thread(target=_listen, args=listening, name="reader", daemon=True).start()


def _concerning(message: InboundMessage) -> AbstractContextManager[None]:
    """What lines of the log say a message is; one of a file has no number."""
    return logs.concerning(message=message.id or None, message_id=message.message_id or None)


def _listen(connection: Connection, answers: SimpleQueue[bytes | None]) -> None:
    """Takes every answer as it comes: the process must never wait until somebody asks for one."""
    with contextlib.suppress(EOFError, OSError):
        while True:
            answers.put(connection.recv_bytes())
    answers.put(None)


def _serve(
    connection: Connection,
    organization: Organization,
    limits: Limits,
    seconds: float,
    log_format: logs.Chosen,
) -> None:
    """The life of the reading process: until its parent closes the connection, or dies."""
    logs.set_up(as_json=log_format.as_json, least=log_format.least)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # the parent says when it is over
    messages: SimpleQueue[InboundMessage | None] = SimpleQueue()
    sys.setswitchinterval(SWITCH_SECONDS)
    threading.Thread(target=_take_in, args=(connection, messages), daemon=True).start()
    try:
        from bot.runtime.analyzer import Analyzer  # its models are this process's alone

        analyzer = Analyzer(organization, limits)
    except Exception as error:
        connection.send_bytes(f"{type(error).__name__}: {error}".encode())
        return
    leave_alone_what_is_loaded()
    resource.setrlimit(resource.RLIMIT_DATA, (DATA_BYTES, resource.RLIM_INFINITY))
    with contextlib.suppress(OSError):
        connection.send_bytes(b"")
        while (message := messages.get()) is not None:
            signal.setitimer(signal.ITIMER_REAL, seconds)  # SIGALRM, unhandled, ends the process
            with _concerning(message):
                analysis = analyzer.analyse(message.raw, message.received_at, message.answered)
            signal.setitimer(signal.ITIMER_REAL, 0)
            connection.send(analysis)


def _take_in(connection: Connection, messages: SimpleQueue[InboundMessage | None]) -> None:
    """Takes every message as it comes: the parent must never wait until one is read."""
    with contextlib.suppress(EOFError, OSError):
        while True:
            messages.put(connection.recv())
    messages.put(None)
