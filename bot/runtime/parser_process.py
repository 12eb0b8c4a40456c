"""Messages are read in a process of their own, which may hang or die of one without harm.

The kernel ends it when a message takes too long (SIGALRM, in Python code or in C), and bounds its
memory. What it died of is told as unreadable; a new process goes on with the rest. Where there is
a second core, reading takes no time from the rest of the work.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import pickle
import resource
import signal
import sys
import threading
from collections import deque
from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from queue import Empty, SimpleQueue
from typing import Self

import structlog

from bot.mail.parsing import Limits, read_head
from bot.observability import logs
from bot.runtime.analysis import MessageAnalysis
from bot.runtime.collector import leave_alone_what_is_loaded
from bot.runtime.forkserver import FORKSERVER
from bot.workflow.organization import Organization

AHEAD_BYTES = 8 * 2**20  # handed over at a time, unless a single message is larger
START_SECONDS = 120.0  # for imports and models, on a busy machine
GRACE_SECONDS = 10.0  # after which the process is ended by us, should the kernel not have done it
SWITCH_SECONDS = 0.0005  # until the thread that takes messages in has its turn: the parent waits
DATA_BYTES = 2**30  # of memory for one reading process

log = structlog.get_logger()


class ParserProcessError(Exception):
    """The reading process cannot be started; the text says why."""


@dataclass(frozen=True, slots=True)
class ParseJob:
    """A message to be read: its bytes, when it came, and our mail that it answers, if any.

    `about` is what a line of the log says it is.
    """

    raw: bytes
    received: dt.datetime
    answered: bytes | None = None
    about: Mapping[str, object] = field(default_factory=dict)


class ParserProcess:
    """Reads messages for one house, in order. For one thread.

    A message that takes longer than `seconds` is told as `UnparseableMessage`, and so is one that
    the process died of twice. Everything raises ReaderError where no process can be started.
    """

    def __init__(self, organization: Organization, limits: Limits, seconds: float) -> None:
        self._organization, self._limits, self._seconds = organization, limits, seconds
        self._sent: deque[ParseJob] = deque()  # handed over, not yet answered
        self._early: deque[MessageAnalysis] = deque()  # answers that nobody has asked for yet
        self._died_of: ParseJob | None = None
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

    def analyse_all(self, jobs: Iterable[ParseJob], ahead: int) -> Generator[MessageAnalysis]:
        """The analyses of many messages, in order; up to `ahead` are read before asked for."""
        waiting, more = iter(jobs), True
        try:
            while True:
                while more and self._has_room(ahead):
                    job = next(waiting, None)
                    more = job is not None
                    if job is not None:
                        self._send(job)
                if not self._sent and not self._early:
                    return
                yield self._early.popleft() if self._early else self._receive()
        finally:
            while self._sent:  # whoever stopped asking wants none of these
                self._receive()
            self._early.clear()

    def analyse(self, job: ParseJob) -> MessageAnalysis:
        """The analysis of one message; may be asked for while others are under way."""
        before = len(self._sent)
        self._send(job)
        for _ in range(before):
            self._early.append(self._receive())
        return self._receive()

    def _has_room(self, ahead: int) -> bool:
        held = sum(len(job.raw) for job in self._sent)
        return not self._sent or (len(self._sent) < ahead and held < AHEAD_BYTES)

    def _send(self, job: ParseJob) -> None:
        self._sent.append(job)
        with contextlib.suppress(OSError):  # it died; `_receive` will hear of it
            self._connection.send(job)

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
                job = self._sent.popleft()
                return MessageAnalysis(read_head(job.raw, problem, limits=self._limits))

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
            raise ParserProcessError(f"the process that reads mail does not start: {problem}")
        self._ready = True

    def _restart(self) -> str:
        """Puts a new process in the place of one that died; why its message is given up, or ""."""
        self._process.join(1)
        self.close()
        job, died = self._sent[0], self._process.exitcode
        problem = ""
        if died == -signal.SIGALRM:
            problem = f"tardó más de {self._seconds:g} segundos en leerse"
        elif self._died_of is job:
            problem = "el proceso que lo leía terminó dos veces"
        self._died_of = job
        with logs.concerning(**job.about):
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
    jobs: SimpleQueue[ParseJob | None] = SimpleQueue()
    sys.setswitchinterval(SWITCH_SECONDS)
    threading.Thread(target=_take_in, args=(connection, jobs), daemon=True).start()
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
        while (job := jobs.get()) is not None:
            signal.setitimer(signal.ITIMER_REAL, seconds)  # SIGALRM, unhandled, ends the process
            with logs.concerning(**job.about):
                analysis = analyzer.analyse(job.raw, job.received, job.answered)
            signal.setitimer(signal.ITIMER_REAL, 0)
            connection.send(analysis)


def _take_in(connection: Connection, jobs: SimpleQueue[ParseJob | None]) -> None:
    """Takes every message as it comes: the parent must never wait until one is read."""
    with contextlib.suppress(EOFError, OSError):
        while True:
            jobs.put(connection.recv())
    jobs.put(None)
