"""winmail.dat: what Exchange sends when it takes the other side for an Outlook ([MS-OXTNEF]).

tnefparse knows the format, but loops for ever on counts that a hostile file may declare (number
of properties, of their values, of recipients). So it runs in a process of its own, which the
system ends when it takes too much time or memory.
"""

from __future__ import annotations

import base64
import json
import re
import subprocess
import sys
from pathlib import Path

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

_WORKER = Path(__file__).with_name("tnef_worker.py")
_SECONDS = 10  # by the clock; the worker itself stops after 2 of computing
_MAX_ATTACHMENTS = 50


def open_tnef(data: bytes) -> tuple[str, tuple[tuple[str, bytes], ...]]:
    """The body as text and the attachments (name, bytes) of a winmail.dat.

    Raises Unreadable, with a whole sentence, where it cannot be opened.
    """
    if len(data) > MAX_BYTES:
        raise Unreadable(sentence(NAME, TOO_BIG))
    if not data.startswith(SIGNATURE):
        raise Unreadable(sentence(NAME, BROKEN))
    try:
        answer = subprocess.run(  # noqa: S603  our own interpreter and our own file
            [sys.executable, "-I", "-W", "ignore", str(_WORKER)],
            input=data,
            capture_output=True,
            timeout=_SECONDS,
            check=True,
            env={"LANG": "C.UTF-8"},  # the secrets in ours are no business of its
        ).stdout
        found = json.loads(answer)
        attachments = tuple(
            (_name(str(name), number), base64.b64decode(content))
            for number, (name, content) in enumerate(found["attachments"][:_MAX_ATTACHMENTS], 1)
        )
        text = _body(found)
    except (subprocess.SubprocessError, OSError, ValueError, KeyError, TypeError) as error:
        raise Unreadable(sentence(NAME, BROKEN)) from error
    return text, attachments


def _name(name: str, number: int) -> str:
    """A file name without folders and control characters."""
    name = "".join(c for c in re.split(r"[\\/]", name)[-1] if c.isprintable()).strip(" .")
    return name[:200] or f"adjunto-{number}"


def _body(found: dict[str, str]) -> str:
    """The body: plain text where there is one, else what HTML or RTF say."""
    if found["text"].strip():
        text = found["text"]
    elif found["html"].strip():
        text = plain.html_text(found["html"][:MAX_CHARACTERS])
    else:
        text = plain.rtf_text(found["rtf"].encode("latin-1")) if found["rtf"] else ""
    return text.replace("\r\n", "\n").replace("\x00", "").strip()[:MAX_CHARACTERS]
