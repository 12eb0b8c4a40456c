"""What a file is, by its first bytes, where the label says too little or lies."""

from __future__ import annotations

_OOXML = "application/vnd.openxmlformats-officedocument."
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"{\\rtf", "application/rtf"),
    (b"\x78\x9f\x3e\x22", "application/ms-tnef"),
    (b"\x1f\x8b", "application/gzip"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"BEGIN:VCALENDAR", "text/calendar"),
    (b"BEGIN:VCARD", "text/vcard"),
)
_HEIC = (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftyphevc", b"ftypheim")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Streams that tell the program; names in a compound file are UTF-16.
_OLE_STREAMS = (
    ("WordDocument", "application/msword"),
    ("Workbook", "application/vnd.ms-excel"),
    ("PowerPoint Document", "application/vnd.ms-powerpoint"),
    ("__properties_version1.0", "application/vnd.ms-outlook"),
)
_ZIP_ENTRIES = (
    (b"word/document", _OOXML + "wordprocessingml.document"),
    (b"xl/workbook", _OOXML + "spreadsheetml.sheet"),
    (b"ppt/presentation", _OOXML + "presentationml.presentation"),
)
# An ODF file begins with its type, stored as it is (OpenDocument 1.2, part 3, section 3.3).
_ODF = b"mimetypeapplication/vnd.oasis.opendocument."
# Labels that say more than the first bytes of a ZIP do.
_ZIP_LABELS = ("application/vnd.", "application/epub", "application/java")

EXTENSIONS = {
    "application/pdf": ".pdf", "image/png": ".png", "image/jpeg": ".jpg", "image/gif": ".gif",
    "image/bmp": ".bmp", "image/tiff": ".tif", "image/webp": ".webp", "application/rtf": ".rtf",
    "application/ms-tnef": ".dat", "application/gzip": ".gz", "application/zip": ".zip",
    "application/msword": ".doc", "application/vnd.ms-excel": ".xls", "text/calendar": ".ics",
    "application/vnd.ms-powerpoint": ".ppt", "application/vnd.ms-outlook": ".msg",
    "text/vcard": ".vcf", "text/html": ".html", "text/plain": ".txt", "text/csv": ".csv",
    "message/rfc822": ".eml", "application/pgp-signature": ".asc", "audio/mpeg": ".mp3",
    "application/vnd.rar": ".rar", "application/x-7z-compressed": ".7z",
    "application/pkcs7-signature": ".p7s", "application/pkcs7-mime": ".p7m",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/vnd.oasis.opendocument.spreadsheet": ".ods",
    _OOXML + "wordprocessingml.document": ".docx", _OOXML + "spreadsheetml.sheet": ".xlsx",
    _OOXML + "presentationml.presentation": ".pptx",
}  # fmt: skip


def sniff(data: bytes, label: str) -> str:
    """The content type of `data`: told by its content where that is sure, else `label`."""
    if data.startswith(b"PK\x03\x04"):
        return _zip_type(data, label)
    if data.startswith(_OLE):
        streams = data[:65_536] + data[-65_536:]
        return next(
            (kind for name, kind in _OLE_STREAMS if name.encode("utf-16-le") in streams),
            label if label.startswith("application/") else "application/x-ole-storage",
        )
    if data[4:12] in _HEIC:
        return "image/heic"
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "image/webp"
    start = data[:64].lstrip(b"\xef\xbb\xbf\r\n\t ") if label != "image/bmp" else data[:64]
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
    return label if label.startswith(_ZIP_LABELS) else "application/zip"
