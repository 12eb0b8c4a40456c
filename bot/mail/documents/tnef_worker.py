"""Runs by itself, not as part of the bot: opens the winmail.dat given on its input.

Writes JSON: `text`, `html` and `rtf` of the body (rtf byte by byte as Latin-1) and `attachments`
as pairs of name and base64. Ends with an error, or is ended, where it cannot.
"""

from __future__ import annotations

import base64
import json
import logging
import resource
import sys
from typing import Any

SECONDS = 2
MEMORY = 512 * 2**20


def main() -> None:
    """Reads, opens, answers, within bounds that the system enforces."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    from tnefparse import TNEF

    logging.disable(logging.CRITICAL)
    opened = TNEF(sys.stdin.buffer.read(), do_checksum=False)
    answer = {
        "text": as_text(opened.body, opened.codepage),
        "html": as_text(opened.htmlbody, opened.codepage),
        "rtf": rtf(opened),
        "attachments": [
            (as_text(a.long_filename(), opened.codepage), base64.b64encode(a.data).decode("ascii"))
            for a in opened.attachments
            if isinstance(a.data, bytes) and a.data
        ],
    }
    json.dump(answer, sys.stdout)


def as_text(value: Any, codepage: str | None) -> str:
    """A property as text, whatever form the library left it in."""
    if isinstance(value, list):
        return "".join(as_text(part, codepage) for part in value)
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


def rtf(opened: Any) -> str:
    """The RTF body; one that does not unpack is worth less than the attachments."""
    try:
        body = opened.rtfbody
    except Exception:  # compressed_rtf raises bare Exception
        return ""
    return body.decode("latin-1") if isinstance(body, bytes) else ""


if __name__ == "__main__":
    main()
