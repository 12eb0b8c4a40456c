"""Attachments: the text of office documents that areas send, and the form as a Word document.

Everything here takes bytes and gives values; nothing is written, nothing is fetched.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from bot.mail.documents import docx, kinds, odt, pdf, plain, xlsx
from bot.mail.documents.form import FormRow, form_docx
from bot.mail.documents.kinds import FileKind
from bot.mail.documents.limits import (
    BLANK,
    BROKEN,
    MAX_BYTES,
    PARTLY,
    PHOTO,
    RECORDING,
    SLOW,
    TOO_BIG,
    Enough,
    Output,
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
    Both are empty for what is no document.
    """

    text: str
    problem: str


def read_document(
    data: bytes, name: str, content_type: str, seconds: float | None = None
) -> Extract:
    """The text of an attachment; never raises. The kind is told by content, not by the label.

    It may take `seconds` of computing, at most the usual ones (`limits.SECONDS`).
    """
    out = Output(seconds)
    try:
        kind = kinds.detect(data, name, content_type)
        if kind is FileKind.NONE:
            return Extract("", "")
        if len(data) > MAX_BYTES:
            raise Unreadable(TOO_BIG)
        READERS[kind](data, out)
    except Unreadable as error:
        return Extract("", sentence(name, error.reason))
    except Enough:
        text = without_prompts(out.text)
        return Extract(text, sentence(name, PARTLY if text.strip() else SLOW))
    except Exception as error:  # a reader's own fault: the mail goes on without the attachment
        _LOG.warning("attachment not read", extra={"error": type(error).__name__})
        return Extract("", sentence(name, BROKEN))
    text = without_prompts(out.text)
    return Extract(text, "" if text.strip() else sentence(name, BLANK))
