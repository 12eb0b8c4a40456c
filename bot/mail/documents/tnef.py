"""winmail.dat: what Exchange sends when it takes the other side for an Outlook ([MS-OXTNEF]).

tnefparse knows the format, but loops for ever on counts that a hostile file may declare (number
of properties, of their values, of recipients). So a timer of the kernel's interrupts it.
"""

import logging
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from bot.mail.documents import plain
from bot.mail.documents.limits import (
    BROKEN,
    MAX_BYTES,
    MAX_CHARACTERS,
    TOO_BIG,
    Unreadable,
    sentence,
)

SIGNATURE = b"\x78\x9f\x3e\x22"  # [MS-OXTNEF] 2.1.3.2, little-endian
NAME = "winmail.dat"

_SECONDS = 1  # of computing
_AGAIN = 0.01  # seconds until the next interruption, should the first have met something else
_MAX_ATTACHMENTS = 50


# A hostile file makes it tell of each of half a million properties, which took all its time.
logging.getLogger("tnefparse").setLevel(logging.CRITICAL)


class _TooLong(BaseException):
    """Nobody who catches what can go wrong with a file catches this."""


def open_tnef(data: bytes) -> tuple[str, tuple[tuple[str, bytes], ...]]:
    """The body as text and the attachments (name, bytes) of a winmail.dat.

    For the main thread, which alone can be interrupted. Raises Unreadable, with a whole sentence,
    where it cannot be opened.
    """
    from tnefparse import TNEF

    if len(data) > MAX_BYTES:
        raise Unreadable(sentence(NAME, TOO_BIG))
    if not data.startswith(SIGNATURE):
        raise Unreadable(sentence(NAME, BROKEN))
    try:
        with _interrupted_after(_SECONDS):
            opened = TNEF(data, do_checksum=False)
            attachments = tuple(
                (_name(_text(found.long_filename(), opened.codepage), number), found.data)
                for number, found in enumerate(opened.attachments[:_MAX_ATTACHMENTS], 1)
                if isinstance(found.data, bytes) and found.data
            )
            return _body(opened), attachments
    except (_TooLong, Exception) as error:  # its authors did not list how it can fail
        raise Unreadable(sentence(NAME, BROKEN)) from error


@contextmanager
def _interrupted_after(seconds: float) -> Iterator[None]:
    def interrupt(_: int, frame: FrameType | None) -> None:
        # Nowhere else: in a callback of the collector's, say, it would be lost.
        if frame is not None and frame.f_globals.get("__name__", "").startswith("tnefparse"):
            raise _TooLong

    before = signal.signal(signal.SIGVTALRM, interrupt)
    try:
        signal.setitimer(signal.ITIMER_VIRTUAL, seconds, _AGAIN)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    finally:
        signal.signal(signal.SIGVTALRM, before)


def _name(name: str, number: int) -> str:
    """A file name without folders and control characters."""
    name = "".join(c for c in re.split(r"[\\/]", name)[-1] if c.isprintable()).strip(" .")
    return name[:200] or f"adjunto-{number}"


def _body(opened: Any) -> str:
    """The body: plain text where there is one, else what HTML or RTF say."""
    text, html = (_text(found, opened.codepage) for found in (opened.body, opened.htmlbody))
    if not text.strip():
        text = plain.html_text(html[:MAX_CHARACTERS]) if html.strip() else _from_rtf(opened)
    return text.replace("\r\n", "\n").replace("\x00", "").strip()[:MAX_CHARACTERS]


def _text(value: Any, codepage: str | None) -> str:
    """A property as text, whatever form the library left it in."""
    if isinstance(value, list):
        return "".join(_text(part, codepage) for part in value)
    if isinstance(value, str):
        return value.rstrip("\0")
    if not isinstance(value, bytes):
        return ""
    for encoding in ("utf-8", codepage or "cp1252"):
        try:
            return value.decode(encoding).rstrip("\0")
        except (LookupError, UnicodeDecodeError):
            continue
    return value.decode("cp1252", "replace").rstrip("\0")


def _from_rtf(opened: Any) -> str:
    """The RTF body; one that does not unpack is worth less than the attachments."""
    try:
        body = opened.rtfbody
    except Exception:  # compressed_rtf raises bare Exception
        return ""
    return plain.rtf_text(body) if isinstance(body, bytes) and body else ""
