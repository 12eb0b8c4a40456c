"""How deep and how wide a message is, told in one linear pass before a MIME parser sees it.

Parsers recurse once a level and look at every open boundary for every line, so depth 500 or
10,000 parts cost them seconds or their stack. What is counted here: multiparts and messages inside
one another (RFC 2046, sections 5.1 and 5.2.1), parts, and the length of the fields of a part.
"""

import re

from bot.mail.parsing.limits import Limits, RefusedError
from replies.phrases import say

# At each line end: a blank line, a possible boundary, or a field that tells the structure.
_TOKEN = re.compile(
    rb"\n(?:(?P<blank>(?=\n))|--(?P<line>[^\n]{1,300})"
    rb"|(?P<name>(?i:content-(?:type|disposition|id|transfer-encoding)))"
    rb":(?P<value>[^\n]*(?:\n[ \t][^\n]*)*))"
)
_BOUNDARY = re.compile(rb'(?i:boundary)\*?0?\*?[ \t\n]*=[ \t\n]*"?([^";\n]{1,300})')


def check_structure(message: bytes, limits: Limits) -> None:
    """Raise RefusedError where `message` has more parts, depth or part header than allowed."""
    probe = b"\n" + message.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    stack = _Stack(limits)
    for token in _TOKEN.finditer(probe):
        if token["blank"] is not None:
            stack.end_of_head()
        elif token["line"] is not None:
            stack.boundary(token["line"].rstrip())
        elif len(token["value"]) > limits.header_bytes:
            raise RefusedError(say("unreadable.part_header"))
        elif len(token["name"]) == len("content-type"):
            stack.content_type(token["value"])


class _Stack:
    """The multiparts that are open at a point of the message."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._open: list[bytes | None] = []  # a boundary each; None for a message
        self._where: dict[bytes, int] = {}
        self._parts = 1
        self._in_head = True
        self._type = b""  # of the part whose head is being read

    def content_type(self, value: bytes) -> None:
        if self._in_head and not self._type:
            self._type = value.strip()

    def end_of_head(self) -> None:
        """A blank line: where it ends a head, the part's type tells what follows."""
        if not self._in_head:
            return
        self._in_head = False
        kind = self._type.lower()
        if kind.startswith(b"multipart/"):
            found = _BOUNDARY.search(self._type)
            self._push(found[1].strip() if found else None)
        elif kind.startswith((b"message/rfc822", b"message/global", b"message/news")):
            self._push(None)
            self._in_head = True
        self._type = b""

    def boundary(self, line: bytes) -> None:
        """A line after two dashes: another part, or the end of a multipart, or neither."""
        closes = line not in self._where and line.endswith(b"--")
        level = self._where.get(line.removesuffix(b"--") if closes else line)
        if level is None and self._in_head:
            self.end_of_head()  # the blank line is missing
            level = self._where.get(line)
        if level is None:
            return
        for gone in self._open[level + (not closes) :]:
            if gone is not None:
                self._where.pop(gone, None)
        del self._open[level + (not closes) :]
        self._in_head, self._type = not closes, b""
        if not closes:
            self._parts += 1
            if self._parts > self._limits.parts:
                raise RefusedError(say("unreadable.parts"))

    def _push(self, boundary: bytes | None) -> None:
        self._open.append(boundary)
        if boundary is not None:
            self._where[boundary] = len(self._open) - 1
        if len(self._open) > self._limits.depth:
            raise RefusedError(say("unreadable.depth"))
