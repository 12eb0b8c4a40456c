"""What IMAP and SMTP connections have in common: TLS, keepalive, and when to try again."""

from __future__ import annotations

import contextlib
import socket
import ssl

from bot.config.settings import ServerSettings

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 300.0
STEADY_AFTER = 60.0  # a connection that lived this long was a good one


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
