"""Makes small attachments of every kind, whole, odd and hostile, for the attachment tests."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

SAMPLES = Path(__file__).parents[1] / "mails" / "attachments"

_NAMESPACES = " ".join(
    f'xmlns:{prefix}="{uri}"'
    for prefix, uri in {
        "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "w14": "http://schemas.microsoft.com/office/word/2010/wordml",
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        "v": "urn:schemas-microsoft-com:vml",
        "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    }.items()
)
_ODF_NAMESPACES = (
    " ".join(
        f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for prefix, name in (
            ("office", "office"),
            ("text", "text"),
            ("table", "table"),
            ("draw", "drawing"),
            ("form", "form"),
            ("style", "style"),
        )
    )
    + ' xmlns:loext="urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0"'
)
_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Target="{target}" Type="http://schemas.openxmlformats.org/'
    'officeDocument/2006/relationships/officeDocument"/></Relationships>'
)


def archive(parts: Mapping[str, bytes | str], *, stored: bool = False) -> bytes:
    """A zip archive."""
    buffer = io.BytesIO()
    method = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(buffer, "w", method) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return buffer.getvalue()


def docx(body: str, *, part: str = "word/document.xml", before: str = "") -> bytes:
    """A Word document with that body; `before` stands before the root element."""
    xml = f"{before}<w:document {_NAMESPACES}><w:body>{body}</w:body></w:document>"
    return archive({"_rels/.rels": _RELATIONS.format(target=part), part: xml})


def p(text: str) -> str:
    """A WordprocessingML paragraph."""
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def table(*rows: Sequence[str]) -> str:
    """A WordprocessingML table; a cell is text or, where it begins with '<', XML."""
    lines = []
    for cells in rows:
        made = (c if c.startswith("<") else p(c) for c in cells)
        lines.append("<w:tr>" + "".join(f"<w:tc><w:tcPr/>{c}</w:tc>" for c in made) + "</w:tr>")
    return "<w:tbl><w:tblPr/><w:tblGrid/>" + "".join(lines) + "</w:tbl>"


def odt(body: str, *, manifest: str = "<manifest/>", styles: str = "", kind: str = "text") -> bytes:
    """An OpenDocument file with that body."""
    content = (
        f"<office:document-content {_ODF_NAMESPACES}>"
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:{kind}>{body}</office:{kind}></office:body>"
        "</office:document-content>"
    )
    parts = {
        "mimetype": f"application/vnd.oasis.opendocument.{kind}",
        "META-INF/manifest.xml": manifest,
        "content.xml": content,
    }
    return archive(parts)


def pdf_of(objects: Sequence[str | bytes]) -> bytes:
    """A PDF of numbered objects, the first being the catalogue."""
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        raw = content if isinstance(content, bytes) else content.encode("latin-1")
        out += b"%d 0 obj\n%s\nendobj\n" % (number, raw)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start)
    return bytes(out)


def stream(content: str | bytes, extra: str = "") -> bytes:
    """A PDF stream object."""
    raw = content if isinstance(content, bytes) else content.encode("cp1252")
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (extra.encode(), len(raw), raw)


def text_at(x: float, y: float, text: str, size: int = 11) -> str:
    """Content stream operators that print a text."""
    escaped = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
    return f"BT /F1 {size} Tf {x} {y} Td ({escaped}) Tj ET\n"


def pdf(
    content: str | bytes,
    *,
    annotations: Sequence[str] = (),
    more: Sequence[str | bytes] = (),
    catalogue: str = "",
    page: str = "",
    resources: str = "",
) -> bytes:
    """A PDF of one page in Helvetica. Objects 6 and up are the annotations, then `more`."""
    references = " ".join(f"{number} 0 R" for number in range(6, 6 + len(annotations)))
    body = content if isinstance(content, bytes) and content.startswith(b"<<") else stream(content)
    return pdf_of(
        [
            f"<</Type/Catalog/Pages 2 0 R{catalogue}>>",
            "<</Type/Pages/Kids[3 0 R]/Count 1>>",
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R{page}"
            f"/Resources<</Font<</F1 5 0 R>>{resources}>>/Annots[{references}]>>",
            body,
            "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
            *annotations,
            *more,
        ]
    )


def _mapi(properties: Sequence[tuple[int, int, bytes]]) -> bytes:
    """A MAPI property list of (type, name, value), each with one value ([MS-OXTNEF] 2.1.3.4)."""
    out = struct.pack("<I", len(properties))
    for kind, name, value in properties:
        padded = value + b"\0" * (-len(value) % 4)
        out += struct.pack("<HHII", kind, name, 1, len(value)) + padded
    return out


def _attribute(level: int, kind: int, name: int, data: bytes) -> bytes:
    checksum = sum(data) & 0xFFFF
    return struct.pack("<BHHI", level, name, kind, len(data)) + data + struct.pack("<H", checksum)


def tnef_of(*attributes: tuple[int, int, int, bytes]) -> bytes:
    """A TNEF stream of (level, type, name, data)."""
    head = struct.pack("<IH", 0x223E9F78, 1)
    version = _attribute(1, 8, 0x9006, struct.pack("<I", 0x10000))
    codepage = _attribute(1, 6, 0x9007, struct.pack("<II", 1252, 0))
    return head + version + codepage + b"".join(_attribute(*a) for a in attributes)


def tnef(
    files: Sequence[tuple[str, bytes]] = (),
    *,
    text: str = "",
    html: str = "",
    rtf: bytes = b"",
) -> bytes:
    """A winmail.dat with a body and attachments."""
    properties = []
    if text:
        properties.append((0x1F, 0x1000, text.encode("utf-16-le") + b"\0\0"))
    if html:
        properties.append((0x102, 0x1013, html.encode("utf-8")))
    if rtf:
        properties.append((0x102, 0x1009, rtf))
    attributes = [(1, 6, 0x9003, _mapi(properties))] if properties else []
    for name, content in files:
        attributes.append((2, 6, 0x9002, b"\x01\x00" + b"\xff" * 4 + b"\0" * 8))
        attributes.append((2, 1, 0x8010, name.encode("cp1252") + b"\0"))
        attributes.append((2, 6, 0x800F, content))
        long_name = name.encode("utf-16-le") + b"\0\0"
        attributes.append((2, 6, 0x9005, _mapi([(0x1F, 0x3707, long_name)])))
    return tnef_of(*attributes)
