"""Waiting for mail without deafness: IDLE (RFC 2177), a pause as the fallback, and being woken."""

import enum
import select
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

from imapclient import IMAPClient

from bot.mail import quirks

LOOK_UP_SECONDS = 0.25  # how often a wait asks whether it is still wanted
DONE_SECONDS = 10.0  # a server that does not end an IDLE within this is gone
STOP_SECONDS = 0.5  # … and when the bot stops, nobody waits for it


class HasFileno(Protocol):
    """What poll() takes; a number below 0 stands for nothing to listen to."""

    def fileno(self) -> int: ...


class Ended(enum.Enum):
    """Why a wait came to its end."""

    TIME = enum.auto()
    NEWS = enum.auto()  # the server said something
    WOKEN = enum.auto()
    STOPPED = enum.auto()


class Waker:
    """Ends a wait from outside: from another thread, or from a signal's handler.

    A wake-up that comes while nobody waits ends the next wait at once.
    """

    def __init__(self) -> None:
        self._read, self._write = socket.socketpair()
        self._read.setblocking(False)
        self._write.setblocking(False)

    def wake(self) -> None:
        # A full pipe has wake-ups enough; a closed one has nobody left to wake.
        with suppress(OSError):
            self._write.send(b"!")

    def fileno(self) -> int:
        return self._read.fileno()

    def drain(self) -> None:
        with suppress(OSError):
            while self._read.recv(4096):
                pass

    def close(self) -> None:
        self._read.close()
        self._write.close()


def pause(
    waker: Waker, seconds: float, until: Callable[[], bool], news: HasFileno | None = None
) -> Ended:
    """Sleep until the time is up, somebody wakes us, `until` is true, or `news` has something."""
    poller = select.poll()
    poller.register(waker.fileno(), select.POLLIN)
    if news is not None and news.fileno() >= 0:
        poller.register(news.fileno(), select.POLLIN)
    deadline = time.monotonic() + seconds
    while True:
        if until():
            return Ended.STOPPED
        left = deadline - time.monotonic()
        events = dict(poller.poll(max(0.0, min(left, LOOK_UP_SECONDS)) * 1000))
        if waker.fileno() in events:
            waker.drain()
            return Ended.STOPPED if until() else Ended.WOKEN
        if events:
            return Ended.NEWS
        if left <= 0:
            return Ended.TIME


def idle(
    client: IMAPClient, waker: Waker, seconds: float, until: Callable[[], bool], timeout: float
) -> Ended:
    """One IDLE of at most `seconds`; what the server said is for `quirks.take_exists`."""
    client.socket().settimeout(min(DONE_SECONDS, timeout))
    try:
        said = quirks.begin_idle(client) or quirks.has_buffered(client)
    except client.Error:
        client.socket().settimeout(timeout)
        raise
    ended = Ended.NEWS if said else pause(waker, seconds, until, client.socket())
    wait = STOP_SECONDS if ended is Ended.STOPPED else min(DONE_SECONDS, timeout)
    client.socket().settimeout(wait)
    client.idle_done()  # a silent death shows here, as a timeout
    client.socket().settimeout(timeout)
    return ended
