"""What a file is, told by its content; its name and its label only break ties."""

from enum import StrEnum

from bot.mail.documents.limits import ARCHIVE, BROKEN, EMPTY, FORMAT, PROTECTED, Package, Unreadable

_OOXML = "application/vnd.openxmlformats-officedocument."
PDF, RTF = "application/pdf", "application/rtf"
RAR, SEVEN_ZIP = "application/vnd.rar", "application/x-7z-compressed"
PNG, JPEG, _PDF, _ZIP = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"%PDF-", b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # [MS-CFB] 2.2: .doc, .xls, encrypted OOXML
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (PNG, "image/png"),
    (JPEG, "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"{\\rtf", RTF),
    (b"\x78\x9f\x3e\x22", "application/ms-tnef"),
    (b"\x1f\x8b", "application/gzip"),
    (b"Rar!\x1a\x07", RAR),
    (b"7z\xbc\xaf\x27\x1c", SEVEN_ZIP),
    (b"BEGIN:VCALENDAR", "text/calendar"),
    (b"BEGIN:VCARD", "text/vcard"),
)
_HEIC = (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftyphevc", b"ftypheim")
# Streams that tell the program; names in a compound file are UTF-16.
_OLE_STREAMS = (
    ("WordDocument", "application/msword"),
    ("Workbook", "application/vnd.ms-excel"),
    ("PowerPoint Document", "application/vnd.ms-powerpoint"),
    ("__properties_version1.0", "application/vnd.ms-outlook"),
)
DOCX, XLSX = _OOXML + "wordprocessingml.document", _OOXML + "spreadsheetml.sheet"
_PPTX, ZIP = _OOXML + "presentationml.presentation", "application/zip"
ODT, ODS = (f"application/vnd.oasis.opendocument.{what}" for what in ("text", "spreadsheet"))
_ZIP_ENTRIES = (
    (b"word/document", DOCX),
    (b"xl/workbook.xml", XLSX),
    (b"ppt/presentation", _PPTX),
    (b"META-INF/manifest.xml", ODT),  # packed again by another program
)
# An ODF file begins with its type, stored as it is (OpenDocument 1.2, part 3, section 3.3).
_ODF = b"mimetypeapplication/vnd.oasis.opendocument."
_BLANK = b"\xef\xbb\xbf\r\n\t \0"
# Labels that say more than the first bytes of a ZIP do.
_ZIP_LABELS = ("application/vnd.", "application/epub", "application/java")

EXTENSIONS = {
    PDF: ".pdf", "image/png": ".png", "image/jpeg": ".jpg", "image/gif": ".gif",
    "image/bmp": ".bmp", "image/tiff": ".tif", "image/webp": ".webp", RTF: ".rtf",
    "application/ms-tnef": ".dat", "application/gzip": ".gz", ZIP: ".zip",
    "application/msword": ".doc", "application/vnd.ms-excel": ".xls", "text/calendar": ".ics",
    "application/vnd.ms-powerpoint": ".ppt", "application/vnd.ms-outlook": ".msg",
    "text/vcard": ".vcf", "text/html": ".html", "text/plain": ".txt", "text/csv": ".csv",
    "message/rfc822": ".eml", "application/pgp-signature": ".asc", "audio/mpeg": ".mp3",
    RAR: ".rar", SEVEN_ZIP: ".7z",
    "application/pkcs7-signature": ".p7s", "application/pkcs7-mime": ".p7m",
    ODT: ".odt", ODS: ".ods", DOCX: ".docx", XLSX: ".xlsx", _PPTX: ".pptx",
}  # fmt: skip


def sniff(data: bytes, label: str) -> str:
    """The content type of `data`: told by its content where that is sure, else `label`."""
    start = data[:1024].lstrip(_BLANK) if label != "image/bmp" else data[:64]
    if start.startswith(_ZIP):
        return _zip_type(data, label)
    if start.startswith(_OLE):
        streams = data[:65_536] + data[-65_536:]
        return next(
            (kind for name, kind in _OLE_STREAMS if name.encode("utf-16-le") in streams),
            label if label.startswith("application/") else "application/x-ole-storage",
        )
    if data[4:12] in _HEIC:
        return "image/heic"
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "image/webp"
    if _PDF in start:
        return PDF
    for magic, kind in _MAGIC:
        if start.startswith(magic) and (magic != b"BM" or label.startswith("image/")):
            return kind
    return label


def _zip_type(data: bytes, label: str) -> str:
    if data[30 : 30 + len(_ODF)] == _ODF:
        return data[38:120].split(b"PK")[0].decode("ascii", "replace")[:80]
    names = data[:4_096] + data[-65_536:]  # the first entry, and the central directory
    for entry, kind in _ZIP_ENTRIES:
        if entry in names:
            return kind
    return label if label.startswith(_ZIP_LABELS) else ZIP


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
_KIND_OF_TYPE = {
    "text/html": FileKind.HTML, "text/csv": FileKind.CSV, "text/plain": FileKind.TEXT,
    PDF: FileKind.PDF, RTF: FileKind.RTF, DOCX: FileKind.DOCX, XLSX: FileKind.XLSX,
}  # fmt: skip

_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")  # [MS-OFFCRYPTO] 2.3.4.4
_HTML_STARTS = (b"<!doctype html", b"<html", b"<head", b"<body", b"<table", b"<meta", b"<div")


def kind_of(data: bytes, name: str, content_type: str) -> FileKind:
    """The kind of a file; raises Unreadable for documents of a kind that is not read."""
    suffix = name.rpartition(".")[2].strip().lower() if "." in name else ""
    head = data[:1024].lstrip(_BLANK)
    if not data.strip():
        if suffix in _DOCUMENT_SUFFIXES:
            raise Unreadable(EMPTY)
        return FileKind.NONE
    told = sniff(data, "")
    if told in _KIND_OF_TYPE:
        return _KIND_OF_TYPE[told]
    if head.startswith(_ZIP):
        return _of_zip(told, data, suffix)
    if head.startswith(_OLE):  # the old binary formats; an encrypted .docx wears the same coat
        if suffix in _SLIDE_SUFFIXES and _ENCRYPTED not in data:
            return FileKind.NONE
        raise Unreadable(PROTECTED if _ENCRYPTED in data else FORMAT)
    if told in (RAR, SEVEN_ZIP):
        raise Unreadable(ARCHIVE)
    return _of_text(data, head, suffix, content_type)


def _of_zip(told: str, data: bytes, suffix: str) -> FileKind:
    """OpenDocument files are zip archives like others."""
    if suffix in _SLIDE_SUFFIXES or told == _PPTX:
        return FileKind.NONE
    if told.startswith((ODT, ODS)):
        return FileKind.ODF
    names = Package(data).names
    if suffix in _SIGNED_SUFFIXES:
        raise Unreadable(BROKEN)
    if suffix in _FOREIGN_SUFFIXES or "xl/workbook.bin" in names:
        raise Unreadable(FORMAT)
    raise Unreadable(ARCHIVE)


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
