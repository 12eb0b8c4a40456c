"""Attachments: the text of office documents that areas send, and the form as a Word document.

Everything here takes bytes and gives values; nothing is written, nothing is fetched.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

from bot.mail.documents import docx, odt, pdf, photo, plain, xlsx
from bot.mail.documents.file_types import FileKind, kind_of
from bot.mail.documents.form import FormRow, form_docx
from bot.mail.documents.limits import (
    BLANK,
    BROKEN,
    MAX_BYTES,
    PARTLY,
    PHOTO,
    RECORDING,
    SCANNED,
    SECONDS,
    SEEN,
    SLOW,
    TOO_BIG,
    Enough,
    Output,
    Scanned,
    Unreadable,
    sentence,
)
from bot.mail.documents.symbols import without_prompts
from bot.mail.documents.tnef import open_tnef

__all__ = [
    "Extract",
    "FormRow",
    "Unreadable",
    "form_docx",
    "open_tnef",
    "photo_problem",
    "read_document",
    "read_photo",
]

_LOG = logging.getLogger(__name__)


def photo_problem(name: str) -> str:
    """What the sender of a photo is told."""
    return sentence(name, PHOTO)


def recording_problem(name: str) -> str:
    """What the sender of a recording is told."""
    return sentence(name, RECORDING)


READERS: Mapping[FileKind, Callable[[bytes, Output], None]] = MappingProxyType(
    {
        FileKind.DOCX: docx.read,
        FileKind.PDF: pdf.read,
        FileKind.XLSX: xlsx.read,
        FileKind.ODF: odt.read,
        FileKind.RTF: plain.read_rtf,
        FileKind.HTML: plain.read_html,
        FileKind.CSV: plain.read_csv,
        FileKind.TEXT: plain.read_text,
    }
)


@dataclass(frozen=True, slots=True)
class Extract:
    """What was read of a file.

    `text`: paragraphs and table rows by newline, cells by tab. `problem`: in Spanish, for the
    sender, why a document was not (or not wholly) read and what to do; '' when all is well.
    Both are empty for what is no document. `is_scan`: it is but pictures of its pages.
    """

    text: str
    problem: str
    is_scan: bool = False


def read_document(data: bytes, name: str, content_type: str, seconds: float = SECONDS) -> Extract:
    """The text of an attachment; never raises. The kind is told by content, not by the label.

    It may take `seconds` of computing, at most the usual ones (`limits.SECONDS`).
    """
    return _extract(partial(_read, data, name, content_type), name, min(seconds, SECONDS))


def read_photo(data: bytes, name: str, seconds: float, *, is_scan: bool = False) -> Extract:
    """What can be read on a photo, or on a document that is a scan; never raises.

    Its sender is told of it in any case: that it is not sure, or that it could not be read.
    """
    found = _extract(partial(photo.read_scan if is_scan else photo.read, data), name, seconds)
    unread = SCANNED if is_scan else PHOTO
    return Extract(found.text, sentence(name, SEEN if found.text.strip() else unread), is_scan)


def _read(data: bytes, name: str, content_type: str, out: Output) -> None:
    kind = kind_of(data, name, content_type)
    if kind is FileKind.NONE:
        raise _NoDocument
    if len(data) > MAX_BYTES:
        raise Unreadable(TOO_BIG)
    READERS[kind](data, out)


class _NoDocument(Exception):  # noqa: N818  nothing is wrong with it
    """There is nothing to read in it."""


def _extract(read: Callable[[Output], None], name: str, seconds: float) -> Extract:
    """What a reader adds to an output, and what is to be told where it fails."""
    out = Output(seconds)
    try:
        read(out)
    except _NoDocument:
        return Extract("", "")
    except Unreadable as error:
        return Extract("", sentence(name, error.reason), isinstance(error, Scanned))
    except Enough:
        text = without_prompts(out.text)
        return Extract(text, sentence(name, PARTLY if text.strip() else SLOW))
    except Exception as error:  # a reader's own fault: the mail goes on without the attachment
        _LOG.warning("attachment not read", extra={"error": type(error).__name__})
        return Extract("", sentence(name, BROKEN))
    text = without_prompts(out.text)
    return Extract(text, "" if text.strip() else sentence(name, BLANK))
