"""What IMAP and SMTP connections have in common: TLS, keepalive, and when to try again."""

import contextlib
import socket
import ssl
from collections.abc import Callable, Collection

from bot.config.settings import ServerSettings

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 300.0
STEADY_AFTER = 60.0  # a connection that lived this long was a good one
LEAST_PAUSE = 1.0  # between two commands to a server that refuses
LONGEST_ASKED = 3600.0  # no server is left alone for longer than this at a time


def tls_context(settings: ServerSettings) -> ssl.SSLContext:
    """Verifies against the system's authorities, and the configured one where there is one."""
    context = ssl.create_default_context()
    if settings.ca_file is not None:
        context.load_verify_locations(settings.ca_file)
    return context


def keep_alive(sock: socket.socket | None) -> None:
    """Let the kernel notice within two minutes that nobody is at the other end any more.

    An idling connection sends nothing, so without this a router that forgot it goes unnoticed.
    """
    if sock is None:
        return
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in (("TCP_KEEPIDLE", 60), ("TCP_KEEPINTVL", 15), ("TCP_KEEPCNT", 4)):
        if hasattr(socket, name):  # not every system has them all
            with contextlib.suppress(OSError):
                sock.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)


def pause_before(attempt: int, chance: float) -> float:
    """Seconds before the n-th new attempt: none, then 1, 2, 4 … 300, less up to half by `chance`.

    The chance, between 0 and 1, keeps many clients from coming back all at once.
    """
    if attempt == 0:
        return 0.0
    full = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(attempt - 1, 30))
    return full * (1 - chance / 2)


class Patience:
    """What a server has refused of late, and when it may be asked that again.

    By kind of command: one that keeps no flags for now may still hand over mail. The server's own
    word on how long to wait is kept; without one each refusal in a row is waited out for longer,
    never less than a second.
    """

    def __init__(self, clock: Callable[[], float], chance: Callable[[], float]) -> None:
        self._clock, self._chance = clock, chance
        self._refused: dict[str, tuple[int, float]] = {}  # how often in a row, and until when

    def refused(self, kind: str, asked: float = 0.0) -> float:
        """Notes a refusal; for how many seconds nothing of this kind is to be asked."""
        times = self._refused.get(kind, (0, 0.0))[0] + 1
        pause = min(asked, LONGEST_ASKED) or pause_before(times + 1, self._chance())
        pause = max(LEAST_PAUSE, pause)
        self._refused[kind] = times, self._clock() + pause
        return pause

    def answered(self, kind: str) -> None:
        """Notes that the server does this again."""
        self._refused.pop(kind, None)

    def seconds_left(self, *, but: Collection[str]) -> float:
        """Until everything may be asked again, `but` kinds that do not matter; 0 for now."""
        until = [when for kind, (_, when) in self._refused.items() if kind not in but]
        return max(0.0, max(until, default=float("-inf")) - self._clock())

    def allows(self, *kinds: str) -> bool:
        """Whether these kinds may be asked for now."""
        return not any(self._clock() < self._refused[k][1] for k in kinds if k in self._refused)

    @property
    def tried(self) -> bool:
        """Whether anything was refused of late: then commands come slowly."""
        return any(self._clock() < when + STEADY_AFTER for _, when in self._refused.values())
