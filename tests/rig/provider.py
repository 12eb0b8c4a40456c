"""Servers that refuse in a provider's own words, over IMAP and SMTP: one connection at a time."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

Answer = Callable[[str], list[str]]


@contextmanager
def imap_that_says(refusal: str, at: str = "AUTHENTICATE") -> Iterator[int]:
    """An IMAP server, its port: it answers everything, but `at` with `refusal` (NO, BAD …)."""

    def answer(line: str) -> list[str]:
        tag, _, rest = line.partition(" ")
        command = rest.split(" ")[0].upper()
        if command == at:
            return [f"{tag} {refusal}"]
        if command == "CAPABILITY":
            capabilities = "* CAPABILITY IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2 SASL-IR"
            return [capabilities, f"{tag} OK done"]
        if command == "LOGOUT":
            return ["* BYE", f"{tag} OK done"]
        return [f"{tag} OK done"]

    with _serving("* OK ready", answer) as port:
        yield port


@contextmanager
def smtp_that_says(refusal: str, at: str = "AUTH") -> Iterator[int]:
    """An SMTP server, its port: it takes everything, but `at` with `refusal`."""

    def answer(line: str) -> list[str]:
        command = line.split(" ")[0].upper()
        if command == at:
            return [refusal]
        if command == "EHLO":
            return ["250-here", "250 AUTH PLAIN XOAUTH2"]
        return {"AUTH": ["235 welcome"], "DATA": ["354 go on"], "QUIT": ["221 bye"]}.get(
            command, ["250 fine"]
        )

    with _serving("220 ready", answer) as port:
        yield port


@contextmanager
def _serving(greeting: str, answer: Answer) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        ended = threading.Event()

        def serve() -> None:
            while not ended.is_set():
                with suppress(TimeoutError):
                    connection, _ = server.accept()
                    with connection, suppress(OSError):
                        _talk(connection, greeting, answer)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield int(server.getsockname()[1])
        finally:
            ended.set()
            thread.join()


def _talk(connection: socket.socket, greeting: str, answer: Answer) -> None:
    connection.settimeout(5)
    with connection.makefile("rwb") as lines:
        for line in [greeting]:
            lines.write(line.encode() + b"\r\n")
        lines.flush()
        for said in lines:
            for line in answer(said.decode("utf-8", "replace").strip()):
                lines.write(line.encode() + b"\r\n")
            lines.flush()
