"""The files that come with a message: named, typed by content, their text read."""

from __future__ import annotations

from dataclasses import replace

from bot.attachments import Unreadable, open_tnef, read_document
from bot.core.message import Attachment
from bot.reading.limits import Limits
from bot.reading.sniff import EXTENSIONS, sniff
from bot.reading.structure import FilePart
from bot.reading.words import clean, fold, one_line

MESSAGE = "message/rfc822"
_TNEF = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
# What has no text: not worth a reader.
_SILENT = ("image/", "audio/", "video/", "text/calendar", "application/pgp-", "application/pkcs7-",
           "message/")  # fmt: skip
_NOTHING_INSIDE = "En el archivo de Outlook winmail.dat no se encontró nada que leer."
_TOO_BIG = "El archivo es demasiado grande para leerlo."
_BLAND = frozenset({"application/octet-stream", "application/x-msdownload", "text/plain"})


def unpack(files: tuple[FilePart, ...], limits: Limits) -> tuple[tuple[FilePart, ...], str]:
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
            text, found = open_tnef(part.data)
        except Unreadable as unreadable:
            unpacked.append(replace(part, problem=str(unreadable)))
            continue
        texts.append(text)
        part = part if text or found else replace(part, problem=_NOTHING_INSIDE)
        inside = [FilePart(name, "application/octet-stream", False, data) for name, data in found]
        unpacked += inside or [part]
    return tuple(unpacked)[: limits.attachments], "\n".join(t for t in texts if t.strip())


def attachment(part: FilePart, number: int, limits: Limits) -> Attachment:
    """The file as it is listed; `number` tells nameless ones apart."""
    kind = sniff(part.data, part.content_type)
    listed = Attachment(
        name=shown_name(part.name, kind, number, limits),
        content_type=kind,
        size=len(part.data),
        inline=part.inline,
    )
    if part.problem or kind.startswith(_SILENT) or kind in _TNEF:
        return replace(listed, problem=part.problem)
    if len(part.data) > limits.attachment_bytes:
        return replace(listed, problem=_TOO_BIG)
    extract = read_document(part.data, listed.name, kind)
    return replace(listed, text=clean(extract.text[: limits.text_chars]), problem=extract.problem)


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
