"""Bytes to text, whatever their label says.

Labels lie in a few well-known ways: utf-8 sent as us-ascii or iso-8859-1, latin-1 sent as utf-8,
windows-1252 sent as iso-8859-1 (the WHATWG Encoding Standard reads it so for good), and names that
no program knows (`WE8ISO8859P1`). The order of belief here: valid utf-8, then the label, then
windows-1252, then latin-1, which never fails.
"""

import codecs
import re

# Codecs that are no charsets: they run code over the bytes, or fail by design (RFC 2045, 5.1 knows
# only charsets). UTF-7 is left out as well: it hides text from whoever reads the bytes.
_NOT_CHARSETS = frozenset({
    "unicode-escape", "raw-unicode-escape", "undefined", "idna", "punycode", "utf-7", "mbcs", "oem",
    "charmap",
})  # fmt: skip
# Labels that valid multi-byte utf-8 overrules: nobody writes "Ã³" on purpose.
_WEAK = frozenset({"ascii", "iso8859-1", "cp1252", "iso8859-15"})
_SURROGATES = re.compile("[\ud800-\udfff]")


def decode(data: bytes, label: str = "") -> str:
    """The text of `data`, labelled as charset `label` (may be empty, wrong or made up)."""
    if data.isascii() and b"\x1b" not in data:  # ISO-2022 hides text in ASCII
        wide = known_codec(label) if b"\0" in data else ""
        return (_strict(data, wide) if wide.startswith("utf-") else None) or data.decode("ascii")
    text = _strict(data, "utf-8")
    codec = known_codec(label)
    if text is not None and codec in (_WEAK | {"", "utf-8"}):
        return text.removeprefix("\ufeff")
    for candidate in (codec if codec != "iso8859-1" else "", "utf-8"):
        if candidate and (text := _strict(data, candidate)) is not None:
            return text.removeprefix("\ufeff")
    return _mostly_utf8(data) or _strict(data, "cp1252") or data.decode("latin-1")


def known_codec(label: str) -> str:
    """Python's name of the charset `label`, or the empty string where there is none to use."""
    name = label.strip().strip("\"'").partition("*")[0].lower()
    if not 0 < len(name) <= 40 or not name.isascii() or not name.isprintable():
        return ""
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError):  # a NUL or a blank in the name is a bare ValueError
        return ""
    usable = getattr(info, "_is_text_encoding", False) and info.name not in _NOT_CHARSETS
    return info.name if usable else ""


def _strict(data: bytes, codec: str) -> str | None:
    try:
        text = data.decode(codec)
    except (UnicodeError, LookupError, ValueError):
        return None
    return None if _SURROGATES.search(text) else text


def _mostly_utf8(data: bytes) -> str | None:
    """Text of utf-8 with a few broken bytes (cut in transit), or None where it is no utf-8."""
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    good = sum(1 for c in text if c > "\x7f") - broken
    return text if good > 8 * broken else None
