"""What kind of file an attachment is, told by its content; name and label only break ties."""

from __future__ import annotations

from enum import StrEnum

from bot.mail.documents.limits import (
    ARCHIVE,
    BROKEN,
    EMPTY,
    FORMAT,
    PROTECTED,
    Package,
    Unreadable,
)


class FileKind(StrEnum):
    """What can be read; NONE is for pictures, sound and whatever else is no document."""

    DOCX = "docx"
    PDF = "pdf"
    XLSX = "xlsx"
    ODF = "odf"
    RTF = "rtf"
    HTML = "html"
    CSV = "csv"
    TEXT = "text"
    NONE = "none"


_TEXT_SUFFIXES = frozenset(("txt", "text", "md", "log"))
_CSV_SUFFIXES = frozenset(("csv", "tsv"))
_HTML_SUFFIXES = frozenset(("html", "htm", "xhtml", "shtml"))
# Kinds whose content is told by its first bytes: a file named so that begins otherwise is broken.
_SIGNED_SUFFIXES = frozenset(("docx", "docm", "dotx", "pdf", "xlsx", "xlsm", "odt", "ott", "ods"))
_FOREIGN_SUFFIXES = frozenset(
    ("doc", "dot", "xls", "xlsb", "rtf", "pages", "numbers", "wpd", "wps", "msg")
)
_SLIDE_SUFFIXES = frozenset(("ppt", "pps", "pptx", "ppsx", "odp", "key", "pub", "vsd", "db"))
_DATA_SUFFIXES = frozenset(("ics", "vcf", "eml", "xml", "json", "asc", "sig", "css", "js", "svg"))
_PICTURE_SUFFIXES = frozenset(("png", "jpg", "jpeg", "gif", "tif", "tiff", "bmp", "webp", "heic"))
_ARCHIVE_SUFFIXES = frozenset(("zip", "rar", "7z", "gz", "tgz"))
_DOCUMENT_SUFFIXES = (
    _TEXT_SUFFIXES | _CSV_SUFFIXES | _HTML_SUFFIXES | _SIGNED_SUFFIXES | _FOREIGN_SUFFIXES
)
_KIND_OF_TYPE = {"text/html": FileKind.HTML, "text/csv": FileKind.CSV, "text/plain": FileKind.TEXT}

_ZIP, _PDF, _RTF = b"PK\x03\x04", b"%PDF-", b"{\\rtf"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # [MS-CFB] 2.2: .doc, .xls, encrypted OOXML
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")  # [MS-OFFCRYPTO] 2.3.4.4
_ARCHIVES = (b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c")
_HTML_STARTS = (b"<!doctype html", b"<html", b"<head", b"<body", b"<table", b"<meta", b"<div")


def detect(data: bytes, name: str, content_type: str) -> FileKind:
    """The kind of a file; raises Unreadable for documents of a kind that is not read."""
    suffix = name.rpartition(".")[2].strip().lower() if "." in name else ""
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n\0")
    if not data.strip():
        if suffix in _DOCUMENT_SUFFIXES:
            raise Unreadable(EMPTY)
        return FileKind.NONE
    if head.startswith(_ZIP):
        return _of_zip(data, suffix)
    if _PDF in data[:1024]:
        return FileKind.PDF
    if head.startswith(_RTF):
        return FileKind.RTF
    if head.startswith(_OLE):
        return _of_ole(data, suffix)
    if head.startswith(_ARCHIVES):
        raise Unreadable(ARCHIVE)
    return _of_text(data, head, suffix, content_type)


def _of_zip(data: bytes, suffix: str) -> FileKind:
    """OOXML and OpenDocument files are zip archives, told apart by the parts they have."""
    names = Package(data).names
    if any(n.startswith("word/") for n in names):
        return FileKind.DOCX
    if "xl/workbook.xml" in names:
        return FileKind.XLSX
    if "content.xml" in names and "META-INF/manifest.xml" in names:
        return FileKind.NONE if suffix in _SLIDE_SUFFIXES else FileKind.ODF
    if suffix in _SLIDE_SUFFIXES or any(n.startswith("ppt/") for n in names):
        return FileKind.NONE
    if suffix in _SIGNED_SUFFIXES:
        raise Unreadable(BROKEN)
    if suffix in _FOREIGN_SUFFIXES or "xl/workbook.bin" in names:
        raise Unreadable(FORMAT)
    raise Unreadable(ARCHIVE)


def _of_ole(data: bytes, suffix: str) -> FileKind:
    """The old binary formats are not read; an encrypted .docx wears the same coat."""
    if _ENCRYPTED in data:
        raise Unreadable(PROTECTED)
    if suffix in _SLIDE_SUFFIXES:
        return FileKind.NONE
    raise Unreadable(FORMAT)


def _of_text(data: bytes, head: bytes, suffix: str, content_type: str) -> FileKind:
    """Text has no signature: it is what is named or labelled so and has no control characters."""
    if suffix in _SIGNED_SUFFIXES:
        raise Unreadable(BROKEN)
    if suffix in _ARCHIVE_SUFFIXES:
        raise Unreadable(ARCHIVE)
    if not _looks_like_text(data):
        if suffix in _DOCUMENT_SUFFIXES:
            raise Unreadable(FORMAT if suffix in _FOREIGN_SUFFIXES else BROKEN)
        return FileKind.NONE
    # Web systems export "Word" and "Excel" files that are web pages or plain text.
    is_page = head.lower().startswith(_HTML_STARTS)
    if suffix in _HTML_SUFFIXES or (is_page and suffix in _FOREIGN_SUFFIXES):
        return FileKind.HTML
    if suffix in _CSV_SUFFIXES:
        return FileKind.CSV
    if suffix in _TEXT_SUFFIXES | _FOREIGN_SUFFIXES:
        return FileKind.TEXT
    is_other = suffix in _DATA_SUFFIXES | _PICTURE_SUFFIXES
    return FileKind.NONE if is_other else _KIND_OF_TYPE.get(content_type.lower(), FileKind.NONE)


def _looks_like_text(data: bytes) -> bool:
    """Whether the beginning holds (next to) no control characters; UTF-16 is full of NULs."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    head = data[:4096]
    controls = sum(1 for byte in head if byte < 32 and byte not in b"\t\n\r\f\x1b")
    nuls = head.count(0)
    return controls - nuls <= 2 + len(head) // 100 and (nuls == 0 or nuls > len(head) // 3)
