"""The files that come with a message: named, typed by content, their text read."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Self

from bot.mail.documents import (
    Unreadable,
    open_tnef,
    photo_problem,
    read_document,
    recording_problem,
)
from bot.mail.parsing.limits import Limits
from bot.mail.parsing.pictures import is_ornament, is_photo
from bot.mail.parsing.sniff import EXTENSIONS, sniff
from bot.mail.parsing.structure import FilePart
from bot.workflow.message import Attachment
from nlp.text.fold import clean, fold, one_line
from replies.phrases import say

MESSAGE = "message/rfc822"
_TNEF = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
# What has no text: not worth a reader.
_RECORDED = ("audio/", "video/")
_SILENT = ("image/", "audio/", "video/", "text/calendar", "application/pgp-", "application/pkcs7-",
           "message/")  # fmt: skip
_NOTHING_INSIDE = say("attachment.nothing_inside")
_TOO_BIG = say("attachment.not_opened")
_TOO_MUCH = say("attachment.too_much", paste=say("attachment.paste"))
_BLAND = frozenset({"application/octet-stream", "application/x-msdownload", "text/plain"})


@dataclass(slots=True)
class AttachmentAllowance:
    """What the files of a message and of the messages inside it may still cost together.

    A bound for each file alone would let a hundred of them take a hundred times as much.
    """

    chars: int
    seconds: float
    containers: int

    @classmethod
    def of(cls, limits: Limits) -> Self:
        return cls(limits.text_chars, limits.files_seconds, limits.containers)

    def read(self, data: bytes, name: str, kind: str) -> tuple[str, str]:
        """The text of a document and its problem, as long as there is something left."""
        if self.chars <= 0 or self.seconds <= 0:
            return "", _TOO_MUCH
        begin = time.thread_time()
        extract = read_document(data, name, kind, seconds=self.seconds)
        self.seconds -= time.thread_time() - begin
        text = clean(extract.text[: self.chars])
        problem = extract.problem or (_TOO_MUCH if len(extract.text) > self.chars else "")
        self.chars -= len(text)
        return text, problem

    def open(self, data: bytes) -> tuple[str, tuple[tuple[str, bytes], ...]]:
        """What `open_tnef` finds; raises Unreadable also where there is nothing left."""
        if self.containers <= 0 or self.seconds <= 0:
            raise Unreadable(_TOO_MUCH)
        self.containers -= 1
        begin = time.thread_time()
        try:
            return open_tnef(data)
        finally:
            self.seconds -= time.thread_time() - begin


def unpack(
    files: tuple[FilePart, ...], limits: Limits, allowance: AttachmentAllowance
) -> tuple[tuple[FilePart, ...], str]:
    """The files with every winmail.dat replaced by what is in it, and the text found there.

    A container that cannot be opened, or holds no file, stays in the list.
    """
    unpacked: list[FilePart] = []
    texts: list[str] = []
    for part in files:
        if not _is_tnef(part) or len(part.data) > limits.attachment_bytes:
            unpacked.append(part)
            continue
        try:
            text, found = allowance.open(part.data)
        except Unreadable as unreadable:
            unpacked.append(replace(part, problem=str(unreadable)))
            continue
        texts.append(text)
        part = part if text or found else replace(part, problem=_NOTHING_INSIDE)
        inside = [FilePart(name, "application/octet-stream", False, data) for name, data in found]
        unpacked += inside or [part]
    return tuple(unpacked)[: limits.attachments], "\n".join(t for t in texts if t.strip())


def attachment(
    part: FilePart, number: int, limits: Limits, allowance: AttachmentAllowance
) -> Attachment:
    """The file as it is listed; `number` tells nameless ones apart."""
    kind = sniff(part.data, part.content_type)
    listed = Attachment(
        name=shown_name(part.name, kind, number, limits),
        content_type=kind,
        size=len(part.data),
        inline=part.inline or is_ornament(part, kind),
    )
    if not part.problem and is_photo(part, kind):
        return replace(listed, inline=False, problem=photo_problem(listed.name))
    if not part.problem and kind.startswith(_RECORDED) and not listed.inline:
        return replace(listed, problem=recording_problem(listed.name))
    if part.problem or kind.startswith(_SILENT) or kind in _TNEF:
        return replace(listed, problem=part.problem)
    if len(part.data) > limits.attachment_bytes:
        return replace(listed, problem=_TOO_BIG)
    text, problem = allowance.read(part.data, listed.name, kind)
    return replace(listed, text=text, problem=problem)


def is_message(part: FilePart) -> bool:
    """Whether the file is a mail that can be opened: a forwarded one, or a saved one."""
    if part.content_type in (MESSAGE, "message/global"):
        return True
    return part.content_type in _BLAND and fold(part.name).endswith(".eml")


def shown_name(name: str, kind: str, number: int, limits: Limits) -> str:
    """A name to list a file by: on one line, without folders, never empty."""
    base = one_line(name.replace("\\", "/").rstrip("/ ").rpartition("/")[2], 1_000)
    base = "" if set(base) <= {"."} else base
    extension = EXTENSIONS.get(kind, "")
    if not base:
        stem = "imagen" if kind.startswith("image/") else "adjunto"
        return f"{stem}-{number}{extension}"
    if len(base) > limits.name_chars:
        stem, dot, ending = base.rpartition(".")
        kept = dot + ending if stem and len(ending) <= 10 else ""
        base = base[: limits.name_chars - len(kept)] + kept
    return base


def _is_tnef(part: FilePart) -> bool:
    return part.content_type in _TNEF or fold(part.name) == "winmail.dat"
