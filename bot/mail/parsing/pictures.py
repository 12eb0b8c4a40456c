"""Which pictures are photos of papers, which the logos of a signature."""

import re
import struct

from bot.mail.documents.file_types import JPEG, PNG
from bot.mail.parsing.structure import FilePart
from nlp.text.fold import fold

_LEAST_SIDE = 500  # pixels of a page that somebody could read
_LEAST_BYTES = 60_000  # of an inline picture whose size in pixels is not known
_DRAWN = ("image/gif", "image/svg", "image/x-icon", "image/vnd.microsoft.icon")
_LOGO = re.compile(
    r"(?:logo|firma|signature|sign|icon|banner|facebook|twitter|instagram|linkedin|youtube"
    r"|whatsapp-icon)"
)
_NUMBERED = re.compile(r"(?:image|imagen)\d{1,3}|outlook-|att\d{5}")  # so are an iPhone's photos
_PICTURE = re.compile(r"\.(?:png|jpe?g|gif|bmp|webp)$|^$")
_PHOTO = re.compile(r"(?:img|dsc|pxl|foto|photo|scan|escan|whatsapp image|camscanner|formato|doc)")
_SIGNATURES = ("pkcs7-signature", "pgp-signature", "pgp-keys")


def is_photo(part: FilePart, kind: str) -> bool:
    """Whether a file is a picture that may hold what its sender wants read."""
    if not kind.startswith("image/") or kind.startswith(_DRAWN):
        return False
    name = fold(part.name).strip()
    sides = _sides(part.data)
    if not part.inline and not _NUMBERED.match(name):
        return not (_LOGO.match(name) or is_small(part))
    if _PHOTO.match(name) or kind in ("image/heic", "image/heif"):
        return True
    return min(sides) >= _LEAST_SIDE if sides else len(part.data) >= _LEAST_BYTES


def is_ornament(part: FilePart, kind: str) -> bool:
    """Whether a file belongs to the mail's form, not to what was sent: a logo, a signature."""
    if part.problem or is_photo(part, kind):
        return False
    name = fold(part.name).strip()
    signed = kind.endswith(_SIGNATURES) or name.endswith((".p7s", "signature.asc"))
    card = kind in ("text/vcard", "text/x-vcard") or name.endswith(".vcf")
    logo = _LOGO.match(name) or _NUMBERED.match(name) or (part.inline and name and is_small(part))
    return signed or card or (kind.startswith("image/") and bool(logo))


def is_small(part: FilePart) -> bool:
    """Whether a file is a picture on which nobody could read anything: a logo, perhaps."""
    sides, name = _sides(part.data), fold(part.name).strip()
    drawn = _PICTURE.search(name) is not None and not _PHOTO.match(name)
    return drawn and sides is not None and max(sides) < _LEAST_SIDE / 2


def _sides(data: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG (ISO 15948, 11.2.2) or JPEG (ITU T.81, B.2.2) in pixels."""
    if data.startswith(PNG) and len(data) >= 24:
        width, height = struct.unpack(">II", data[16:24])
        return width, height
    at = 2
    while data.startswith(JPEG) and at + 9 < len(data) and data[at] == 0xFF:
        if data[at + 1] in (0xC0, 0xC1, 0xC2):
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return None
