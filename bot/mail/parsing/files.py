"""The files that come with a message: named, typed by content, their text read."""

import math
import signal
import time
from dataclasses import dataclass, replace
from typing import Self

from bot.mail.documents import (
    Extract,
    Unreadable,
    open_tnef,
    photo_problem,
    read_document,
    read_photo,
    recording_problem,
)
from bot.mail.documents.file_types import EXTENSIONS, sniff
from bot.mail.parsing.limits import PHOTO_LEAST, Limits
from bot.mail.parsing.pictures import is_photo, is_small
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
_FOR_THE_REST = 5.0  # seconds of computing that photos leave to all else of a message
_BLAND = frozenset({"application/octet-stream", "application/x-msdownload", "text/plain"})


@dataclass(slots=True)
class AttachmentAllowance:
    """What the files of a message and of the messages inside it may still cost together.

    A bound for each file alone would let a hundred of them take a hundred times as much.
    """

    chars: int
    seconds: float
    containers: int
    photo_seconds: float = 0.0

    @classmethod
    def of(cls, limits: Limits) -> Self:
        return cls(limits.text_chars, limits.files_seconds, limits.containers, limits.photo_seconds)

    def read(self, data: bytes, listed: Attachment) -> Attachment:
        """The file with its text or its problem, as long as there is something left."""
        if self.chars <= 0 or self.seconds <= 0:
            return replace(listed, problem=_TOO_MUCH)
        begin = time.thread_time()
        extract = read_document(data, listed.name, listed.content_type, self.seconds)
        self.seconds -= time.thread_time() - begin
        if extract.is_scan and self.photo_seconds > 0:
            return self.look(data, replace(listed, problem=extract.problem), is_scan=True)
        return self._taken(listed, extract)

    def look(self, data: bytes, listed: Attachment, *, is_scan: bool = False) -> Attachment:
        """A photo with what can be read on it, where photos are read and there is time left."""
        seconds = min(self.photo_seconds, _seconds_left() - _FOR_THE_REST)
        if self.chars <= 0 or seconds <= 0:
            return listed
        begin = time.thread_time()
        extract = read_photo(data, listed.name, seconds, is_scan=is_scan)
        self.photo_seconds -= time.thread_time() - begin
        return self._taken(replace(listed, photographed=True), extract)

    def _taken(self, listed: Attachment, extract: Extract) -> Attachment:
        text = clean(extract.text[: self.chars])
        problem = extract.problem or (_TOO_MUCH if len(extract.text) > self.chars else "")
        self.chars -= len(text)
        return replace(listed, text=text, problem=problem)

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


def _seconds_left() -> float:
    """Of computing, to the message that this process reads.

    The common reader has too few of them for any photo: it ends as if it had taken them, and the
    message waits for the reader of those that take long.
    """
    left, _ = signal.getitimer(signal.ITIMER_PROF)
    if 0 < left < PHOTO_LEAST:
        signal.raise_signal(signal.SIGPROF)
    return left or math.inf


def unpack(
    files: tuple[FilePart, ...], limits: Limits, allowance: AttachmentAllowance
) -> tuple[tuple[FilePart, ...], str]:
    """The files with every winmail.dat replaced by what is in it, and the text found there.

    A container that cannot be opened, or holds no file, stays in the list.
    """
    unpacked: list[FilePart] = []
    texts: list[str] = []
    for part in files:
        is_tnef = part.content_type in _TNEF or fold(part.name) == "winmail.dat"
        if not is_tnef or len(part.data) > limits.attachment_bytes:
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
        inline=part.inline or is_small(part),
    )
    if not part.problem and is_photo(part, kind):
        listed = replace(listed, inline=False, problem=photo_problem(listed.name))
        too_big = len(part.data) > limits.attachment_bytes
        return listed if too_big or not limits.photo_seconds else allowance.look(part.data, listed)
    if not part.problem and kind.startswith(_RECORDED) and not listed.inline:
        return replace(listed, problem=recording_problem(listed.name))
    if part.problem or kind.startswith(_SILENT) or kind in _TNEF:
        return replace(listed, problem=part.problem)
    if len(part.data) > limits.attachment_bytes:
        return replace(listed, problem=_TOO_BIG)
    return allowance.read(part.data, listed)


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
