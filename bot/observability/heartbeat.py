"""The heartbeat of the main loop: that it goes round, when it last had the mailbox; for systemd."""

import os
import socket
import threading
import time
from collections.abc import Callable, Mapping

START_SECONDS = 120  # more that systemd is asked for while the mailbox is out of reach at the start
SIGN_SECONDS = 10.0  # between two signs of life where no watchdog sets the pace


def notify(state: str, environment: Mapping[str, str] = os.environ) -> None:
    """Sends lines such as `READY=1` to the socket in NOTIFY_SOCKET; never fails, never waits."""
    address = environment.get("NOTIFY_SOCKET", "")
    if not address.startswith(("/", "@")):
        return
    if address.startswith("@"):  # an abstract socket of Linux
        address = "\0" + address[1:]
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sender:
            sender.setblocking(False)
            sender.sendto(state.encode(), address)
    except OSError:
        return  # a supervisor that does not listen is no reason to stop


def watchdog_seconds(environment: Mapping[str, str] = os.environ) -> float:
    """How often the watchdog wants to hear of this process; 0 where there is none."""
    micros, pid = environment.get("WATCHDOG_USEC", ""), environment.get("WATCHDOG_PID", "")
    if not micros.isdigit() or (pid and pid != str(os.getpid())):
        return 0.0
    return int(micros) / 1_000_000


class Heartbeat:
    """Beats between any two steps of the main loop, and tells systemd so.

    `connected` says whether the mailbox is open. Other threads read it; their beats do not count,
    because a loop that hangs must not be covered up by a thread that lives.
    """

    def __init__(
        self,
        connected: Callable[[], bool],
        *,
        tell: Callable[[str], None] = notify,
        watchdog: float | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._connected, self._tell, self._clock = connected, tell, clock
        limit = watchdog_seconds() if watchdog is None else watchdog
        self._pause = limit / 3 if limit else SIGN_SECONDS
        self._thread: int | None = None
        self._last = self._reached = clock()
        self._next_sign = float("-inf")
        self._ready = False
        self._state = self._problem = ""
        self.standing_by = False  # another process watches the mailbox: that it is closed is well

    @property
    def age(self) -> float:
        """Seconds since the main loop last showed that it lives."""
        return self._clock() - self._last

    @property
    def mailbox(self) -> str:
        """`connected`, `standing by` or `out of reach`."""
        if self._connected():
            return "connected"
        return "standing by" if self.standing_by else "out of reach"

    @property
    def out_of_reach(self) -> float:
        """Seconds since all was well with the mailbox; 0 while it is."""
        return self._clock() - self._reached if self.mailbox == "out of reach" else 0.0

    def begin(self) -> None:
        """From here on the loop of this thread is the one that counts."""
        self._thread = threading.get_ident()
        self._last = self._reached = self._clock()
        self.beat()

    def beat(self) -> None:
        """The main loop is alive; costs next to nothing."""
        if threading.get_ident() != self._thread:
            return
        self._last = now = self._clock()
        state = self.mailbox
        if state != "out of reach":
            self._reached = now
        if state != self._state:
            self._state = state
            self._tell_state(state)
        if now >= self._next_sign:
            self._next_sign = now + self._pause
            self._tell(
                "WATCHDOG=1" if self._ready else f"EXTEND_TIMEOUT_USEC={START_SECONDS}000000"
            )

    def trouble(self, problem: str) -> None:
        """Why the mailbox cannot be had, for the status: one line, told where it is new."""
        if problem != self._problem:
            self._problem, self._state = problem, ""

    def stopping(self) -> None:
        """The loop was told to end."""
        self._tell("STOPPING=1\nSTATUS=Finishing what is in hand")

    def _tell_state(self, state: str) -> None:
        if state == "out of reach":
            waits = "The mailbox is out of reach; it is tried again"
            words = waits if self._ready else "Opening the mailbox"
            problem = " ".join(self._problem.split())
            self._tell(f"STATUS={words}: {problem}" if problem else f"STATUS={words}")
            return
        self._problem = ""
        idle = state == "standing by"
        words = (
            "Standing by: another process watches the mailbox" if idle else "Watching the mailbox"
        )
        self._tell(f"READY=1\nSTATUS={words}")
        self._ready = True
