"""The process that reads mail: what runs in it, from its beginning to its end."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import threading
import time
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from queue import SimpleQueue
from typing import TYPE_CHECKING

from bot.mail.parsing import Limits
from bot.observability import logs
from bot.runtime.analysis import MessageAnalysis, ReaderAnswer, to_json
from bot.runtime.cage import lock_up
from bot.workflow.lifecycle import InboundMessage
from bot.workflow.organization import Organization

if TYPE_CHECKING:
    from bot.runtime.analyzer import Analyzer

SWITCH_SECONDS = 0.0005  # until the thread that takes messages in has its turn: the parent waits
WALL = 3  # times the computing that a message may take: on a busy machine it waits in between


@dataclass(frozen=True, slots=True)
class Task:
    """A message to be read, and the seconds of computing that it may take."""

    message: InboundMessage
    seconds: float


def hand_over(connection: Connection, task: Task) -> None:
    """Sends a task; the bytes of its message by themselves, which pickle would copy."""
    connection.send(replace(task, message=replace(task.message, raw=b"")))
    connection.send_bytes(task.message.raw)


def _taken_over(connection: Connection) -> Task:
    task: Task = connection.recv()
    return replace(task, message=replace(task.message, raw=connection.recv_bytes()))


def serve(
    connection: Connection,
    organization: Organization,
    limits: Limits,
    niceness: int,
    log_format: logs.Chosen,
) -> None:
    """The life of the reading process: until its parent closes the connection, or it dies.

    It says which bounds the kernel does not have (a list in JSON) once it is ready, or why it is
    not; then, for each task, its answer (`analysis.to_json`).
    """
    logs.set_up(as_json=log_format.as_json, least=log_format.least)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # the parent says when it is over
    os.nice(niceness)
    try:
        from bot.runtime.analyzer import Analyzer  # its models are this process's alone

        analyzer = Analyzer(organization, limits)
    except Exception as error:
        connection.send_bytes(f"{type(error).__name__}: {error}".encode())
        return
    lacking = lock_up(connection.fileno())
    tasks: SimpleQueue[Task | None] = SimpleQueue()
    sys.setswitchinterval(SWITCH_SECONDS)
    threading.Thread(target=_take_in, args=(connection, tasks), daemon=True).start()
    with contextlib.suppress(OSError):
        connection.send_bytes(json.dumps(lacking).encode())
        while (task := tasks.get()) is not None:
            message = task.message
            # Unhandled, either signal ends the process, in Python code or in C.
            signal.setitimer(signal.ITIMER_PROF, task.seconds)
            signal.setitimer(signal.ITIMER_REAL, task.seconds * WALL)
            began = time.process_time()
            with concerning(message):
                analysis = _read(analyzer, message)
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.setitimer(signal.ITIMER_REAL, 0)
            connection.send_bytes(to_json(ReaderAnswer(analysis, time.process_time() - began)))
            del task, message, analysis  # large ones would stay until the next one comes


def _read(analyzer: Analyzer, message: InboundMessage) -> MessageAnalysis:
    """All that a message says by itself; of one that was read before, what it says as a turn."""
    ours = message.may_repeat if message.answered is None else (message.answered,)
    if message.mail is None:
        return analyzer.analyse(message.raw, message.received_at, ours, message.folio)
    turn = analyzer.turn(
        message.mail, message.received_at, ours, message.turn_context, message.beside
    )
    return MessageAnalysis(message.mail, turn=turn)


def concerning(message: InboundMessage) -> contextlib.AbstractContextManager[None]:
    """What lines of the log say a message is; one of a file has no number."""
    return logs.concerning(message=message.id or None, message_id=message.message_id or None)


def _take_in(connection: Connection, tasks: SimpleQueue[Task | None]) -> None:
    """Takes every task as it comes: the parent must never wait until one is done."""
    with contextlib.suppress(EOFError, OSError):
        while True:
            tasks.put(_taken_over(connection))
    tasks.put(None)
