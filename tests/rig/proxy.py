"""A network that fails on demand: a TCP proxy on loopback between the bot and a real server."""

from __future__ import annotations

import contextlib
import re
import socket
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Self

from tests.rig.system import LOOPBACK

Direction = Literal["to_server", "to_client"]


@dataclass(frozen=True)
class Command:
    """A command of an IMAP client's, and what the proxy answered for the server, if it did."""

    at: float
    words: bytes
    answer: bytes = b""


class FaultProxy:
    """Forwards to `target_port` until told otherwise.

    - `swallow = True`: bytes vanish both ways while the connections stay open (a dead router);
    - `refuse = True`: new connections are closed at once;
    - `cut()`: every connection is reset;
    - `cut_after(n, direction)`: the connection over which the n-th byte from now goes is reset;
    - `when(command, do)`: before a client's words that hold `command` pass, `do` is called, once;
    - `answer(command, words, times)`: an IMAP client's next commands that match the pattern are
      answered with `words`, and the server does not hear of them;
    - `say(words)`: every client hears them from the server.

    `commands` holds the IMAP commands that came since the first `answer`.
    """

    def __init__(self, target_port: int) -> None:
        self.target_port = target_port
        self.swallow = False
        self.refuse = False
        self.accepted = 0
        self._when: tuple[bytes, Callable[[], object]] | None = None
        self._answers: list[tuple[re.Pattern[bytes], bytes, int]] = []
        self._reads_commands = False
        self.commands: list[Command] = []
        self._left: dict[Direction, int | None] = {"to_server": None, "to_client": None}
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._clients: set[socket.socket] = set()
        self._pumps: list[threading.Thread] = []

    def __enter__(self) -> Self:
        self._listener = socket.create_server((LOOPBACK, 0))
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        # shutdown() wakes the accept(); close() alone does not on Linux.
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()
        self.cut()
        for pump in self._pumps:
            pump.join()

    def cut(self) -> None:
        """Reset every connection."""
        with self._lock:
            ends = list(self._open)
        for end in ends:
            _reset(end)

    def cut_after(self, count: int, direction: Direction = "to_client") -> None:
        with self._lock:
            self._left[direction] = count

    def when(self, command: bytes, do: Callable[[], object]) -> None:
        """For one command; it may, say, `cut` or change the folder behind the client's back."""
        with self._lock:
            self._when = command, do

    def say(self, words: bytes) -> None:
        """To every client, as if the server did."""
        for client in list(self._clients):
            client.sendall(words)

    def answer(self, command: bytes, words: str, times: int = 1) -> None:
        """`words` without the tag, such as `NO [UNAVAILABLE] not now`."""
        self._reads_commands = True
        with self._lock:
            self._answers.append((re.compile(command), words.encode(), times))

    @property
    def answers_left(self) -> int:
        """How many commands are still to be answered by the proxy."""
        with self._lock:
            return sum(times for _, _, times in self._answers)

    @property
    def waits(self) -> bool:
        """Whether the command of `when` has not come yet."""
        return self._when is not None

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self.accepted += 1
            if self.refuse:
                client.close()
                continue
            try:
                server = socket.create_connection((LOOPBACK, self.target_port))
            except OSError:
                client.close()
                continue
            with self._lock:
                self._open |= {client, server}
                self._clients.add(client)
            finished = threading.Barrier(2)
            self._pump(client, server, "to_server", finished)
            self._pump(server, client, "to_client", finished)

    def _pump(
        self,
        source: socket.socket,
        sink: socket.socket,
        direction: Direction,
        finished: threading.Barrier,
    ) -> None:
        def run() -> None:
            line = b""
            with contextlib.suppress(OSError):
                while data := source.recv(65536):
                    if direction == "to_server":
                        self._look_at(data)
                        if self._reads_commands:
                            line += data
                            if not line.endswith(b"\r\n"):
                                continue
                            data, line = line, b""
                            if own := self._own_answer(data):
                                source.sendall(own)
                                continue
                    if self.swallow:
                        continue
                    part, last = self._allowed(data, direction)
                    sink.sendall(part)
                    if last:
                        _reset(source)
                        _reset(sink)
                        break
            with contextlib.suppress(OSError):
                sink.shutdown(socket.SHUT_WR)
            finished.wait()
            with self._lock:
                self._open.discard(source)
                self._clients.discard(source)
            source.close()

        thread = threading.Thread(target=run, daemon=True)
        self._pumps.append(thread)
        thread.start()

    def _look_at(self, data: bytes) -> None:
        with self._lock:
            if self._when is None or self._when[0] not in data:
                return
            do = self._when[1]
        do()
        with self._lock:
            self._when = None

    def _own_answer(self, data: bytes) -> bytes:
        """To an IMAP command; empty where it is the server's to answer."""
        tag, _, command = data.partition(b" ")
        with self._lock:
            for n, (pattern, words, times) in enumerate(self._answers):
                if pattern.search(command):
                    self._answers[n : n + 1] = [(pattern, words, times - 1)] if times > 1 else []
                    self.commands.append(Command(time.monotonic(), command.strip(), words))
                    return tag + b" " + words + b"\r\n"
            self.commands.append(Command(time.monotonic(), command.strip()))
        return b""

    def _allowed(self, data: bytes, direction: Direction) -> tuple[bytes, bool]:
        """The part of `data` that may still pass, and whether the connection ends with it."""
        with self._lock:
            left = self._left[direction]
            if left is None:
                return data, False
            if left > len(data):
                self._left[direction] = left - len(data)
                return data, False
            self._left[direction] = None
            return data[:left], True


def _reset(end: socket.socket) -> None:
    """Close with RST, as a host does that has lost its state; the pump's recv() wakes up."""
    with contextlib.suppress(OSError):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        end.shutdown(socket.SHUT_RDWR)
