"""Mails put together for attacks: a head, a body, parts, attachments."""

from __future__ import annotations

import base64
from pathlib import Path

MAILS = Path(__file__).parents[1] / "mails"
SENDER, SUBJECT = "ana.torres@upaep.mx", "Lista"
HEAD = (
    b"From: Ana Torres Vela <ana.torres@upaep.mx>\n"
    b"To: <comunicacion.interna@upaep.mx>\nSubject: Lista\nMIME-Version: 1.0\n"
)


def plain(body: bytes | str, charset: str = "utf-8") -> bytes:
    """A mail of one text."""
    data = body.encode() if isinstance(body, str) else body
    return HEAD + f"Content-Type: text/plain; charset={charset}\n\n".encode() + data


def html(body: bytes | str) -> bytes:
    """A mail of HTML alone."""
    data = body.encode() if isinstance(body, str) else body
    return HEAD + b"Content-Type: text/html; charset=utf-8\n\n" + data


def mixed(*parts: bytes, kind: str = "mixed") -> bytes:
    """A mail of several parts, each with its own head."""
    inside = b"".join(b"--b0\n" + part + b"\n" for part in parts)
    return HEAD + f"Content-Type: multipart/{kind}; boundary=b0\n\n".encode() + inside + b"--b0--\n"


def file(name: str, data: bytes, kind: str = "application/octet-stream") -> bytes:
    """A part that is an attachment."""
    head = (
        f'Content-Type: {kind}; name="{name}"\n'
        f'Content-Disposition: attachment; filename="{name}"\n'
        "Content-Transfer-Encoding: base64\n\n"
    )
    return head.encode() + base64.encodebytes(data)


def with_file(name: str, data: bytes, text: str = "Adjunto el formato.") -> bytes:
    """A short mail with one attachment."""
    return mixed(b"Content-Type: text/plain; charset=utf-8\n\n" + text.encode(), file(name, data))


def up_to(piece: bytes | str, size: int) -> bytes:
    """A piece again and again, as often as fits."""
    data = piece.encode() if isinstance(piece, str) else piece
    return data * (size // len(data))
