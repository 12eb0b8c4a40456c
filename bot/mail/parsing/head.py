"""The header fields of a message: split off and bounded before any parser sees them.

RFC 5322, section 2.2. Fields are taken as real mail has them: 8-bit bytes, bare CRs (read as
blanks, so that none can start a field of its own), mbox lines, a missing blank line.
"""

import re
from dataclasses import dataclass

from bot.mail.parsing.limits import Limits, RefusedError
from replies.phrases import say

_FIELD = re.compile(rb"([!-9;-~]{1,120})[ \t]*:(.*)", re.DOTALL)
_END = re.compile(rb"\n\r?\n")
_MBOX = re.compile(rb">?From [^\n]*\n")
# Fields that only mail has: a text with colons in its first lines is no mail.
_TELLING = frozenset({
    "from", "to", "subject", "date", "message-id", "received", "return-path", "sender",
    "delivered-to", "reply-to", "mime-version",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Field:
    """One field; `value` is raw, folds as newline and blank. `cut`: the value was too long."""

    name: str
    value: bytes
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Head:
    """The fields of a message, in order, and what follows them."""

    fields: tuple[Field, ...]
    body: bytes
    defects: tuple[str, ...] = ()

    def all(self, name: str) -> tuple[Field, ...]:
        return tuple(f for f in self.fields if f.name == name)

    def first(self, name: str) -> bytes:
        return next((f.value for f in self.fields if f.name == name), b"")


def split_head(raw: bytes, limits: Limits) -> Head:
    """The bounded header fields and the body of `raw`.

    Raises RefusedError where these bytes are no mail, or have more header than any mail.
    """
    data = raw.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    if b"\n" not in data:
        data = data.replace(b"\r", b"\n")  # line ends of another age
    if mbox := _MBOX.match(data):
        data = data[mbox.end() :]
    end = _END.search(data)
    head, body = (data[: end.start()], data[end.end() :]) if end else (data, b"")
    if head.count(b"\n") > limits.head_lines:
        raise RefusedError(say("unreadable.head_lines"))
    head = head.replace(b"\r\n", b"\n").removesuffix(b"\r").replace(b"\0", b"")
    lines = head.replace(b"\r", b" ").split(b"\n")
    fields, left, defects = _fields(lines, limits)
    if not any(f.name in _TELLING for f in fields):
        raise RefusedError(say("unreadable.no_mail"))
    if left:
        body = b"\n".join([*left, b"", body])
    return Head(tuple(fields), body, tuple(sorted(defects)))


def rebuild(head: Head, prefixes: tuple[str, ...] = ("",)) -> bytes:
    """The message again, with bounded fields only: those whose names begin with one of these."""
    lines = [
        f.name.encode("ascii") + b": " + f.value for f in head.fields if f.name.startswith(prefixes)
    ]
    return b"\n".join([*lines, b"", head.body])


def _fields(lines: list[bytes], limits: Limits) -> tuple[list[Field], list[bytes], set[str]]:
    """The fields in `lines`, the lines that are body already, and what was wrong."""
    fields: list[Field] = []
    chunks: list[bytes] = []  # the lines of the last field
    defects: set[str] = set()
    name, size, total = "", 0, 0
    left: list[bytes] = []
    for number, line in enumerate(lines):
        if line[:1] in (b" ", b"\t") and name:
            if size <= limits.header_bytes:
                chunks.append(line)
            size += len(line)
            continue
        match = _FIELD.match(line)
        if match is None:
            if name and not any(map(_FIELD.match, lines[number + 1 : number + 3])):
                left = lines[number:]
                break
            defects.add("stray-header-line")
            continue
        if name:
            fields.append(_field(name, chunks, min(limits.header_bytes, limits.head_bytes - total)))
            total += len(fields[-1].value)
        name, chunks, size = match[1].decode("ascii").lower(), [match[2]], len(match[2])
        if len(fields) >= limits.header_count:
            raise RefusedError(say("unreadable.headers"))
    if name:
        fields.append(_field(name, chunks, min(limits.header_bytes, limits.head_bytes - total)))
    if any(f.cut for f in fields):
        defects.add("header-too-long")
    return fields, left, defects


def _field(name: str, chunks: list[bytes], limit: int) -> Field:
    value = b"\n".join(chunks).strip()
    if len(value) <= limit:
        return Field(name, value)
    return Field(name, value[: max(0, limit)], cut=True)
