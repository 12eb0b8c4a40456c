"""/metrics and /healthz over HTTP on loopback: GET alone, bounded in time and in number."""

from __future__ import annotations

import errno
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from socketserver import TCPServer, ThreadingMixIn
from typing import Any

import structlog
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest

from bot.config.settings import MonitoringSettings
from bot.errors import BotError
from bot.observability.health import Health

AT_ONCE = 8  # requests; further ones are hung up on
REQUEST_SECONDS = 5.0
RETRY_SECONDS = 2.0  # between two attempts at a port that is taken
POLL_SECONDS = 0.1  # how soon it notices that it shall end

log = structlog.get_logger()


class MonitorError(BotError):
    """The port cannot be had; the text says what to do."""

    about = "monitoring.port"
    status = 2


@contextmanager
def monitored(settings: MonitoringSettings, health: Health) -> Iterator[None]:
    """Answers while the block runs; with port 0 not at all.

    A port that another program has is asked for again and again: mail does not wait for it. Raises
    MonitorError where it can never be had.
    """
    if not settings.port:
        yield
        return
    ended = threading.Event()
    server = _listening(settings, health)
    thread = threading.Thread(
        target=_serve, args=(settings, health, server, ended), name="monitor", daemon=True
    )
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _listening(settings: MonitoringSettings, health: Health) -> _Server | None:
    """The server; None where another program has the port just now."""
    try:
        return _Server(settings, health)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return None
        raise MonitorError(
            f"{settings.host} port {settings.port} cannot be used"
            f" ({error.strerror}); choose another one, or 0 for none"
        ) from None


def _serve(
    settings: MonitoringSettings, health: Health, server: _Server | None, ended: threading.Event
) -> None:
    if server is None:
        advice = "it is tried again; is another one running? monitoring.port chooses another"
        log.warning("monitor.port_taken", host=settings.host, port=settings.port, advice=advice)
    while server is None:
        if ended.wait(RETRY_SECONDS):
            return
        server = _listening(settings, health)
    log.info("monitor.listening", host=settings.host, port=settings.port)
    server.timeout = POLL_SECONDS
    with server:
        while not ended.is_set():
            server.handle_request()


class _Server(ThreadingMixIn, TCPServer):
    """Not http.server's: that one asks the name server for its own name."""

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False  # a probe that dawdles must not delay the end

    def __init__(self, settings: MonitoringSettings, health: Health) -> None:
        self.health = health
        self.address_family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
        self._slots = threading.BoundedSemaphore(AT_ONCE)
        super().__init__((settings.host, settings.port), _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        if self._slots.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._slots.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        log.warning("monitor.request_failed", exc_info=True)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = REQUEST_SECONDS
    server_version, sys_version = "bot", ""

    def do_GET(self) -> None:
        match self.path.partition("?")[0]:
            case "/healthz":
                well, told = self.server.health.report()
                status = HTTPStatus.OK if well else HTTPStatus.SERVICE_UNAVAILABLE
                body = json.dumps(told, ensure_ascii=False) + "\n"
                self._answer(status, "application/json; charset=utf-8", body.encode())
            case "/metrics":
                page = generate_latest(self.server.health)
                self._answer(HTTPStatus.OK, CONTENT_TYPE_PLAIN_0_0_4, page)
            case _:
                self.send_error(HTTPStatus.NOT_FOUND)

    def _answer(self, status: HTTPStatus, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  (the base's own name)
        """Probes come all the time: they are not worth a line."""
