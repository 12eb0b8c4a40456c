"""Encoded words opened."""

import binascii
import re

from nlp.text.charset import decode

_WORD = re.compile(rb"=\?([!-<>@-~]{1,60})\?([bBqQ])\?([^?\r\n]{0,16000})\?=")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")


def decode_words(raw: bytes) -> str:
    """An unstructured header value: raw 8-bit text and encoded words (RFC 2047) opened.

    Neighbouring words of one charset are joined before they are decoded: senders cut them in the
    middle of a character, against section 5 of the RFC. A word that cannot be opened stays as is.
    """
    if b"=?" not in raw:
        return decode(raw)
    pieces: list[tuple[str, bytes]] = []
    at = 0
    for match in _WORD.finditer(raw):
        data = _open_word(match[2], match[3])
        if data is None:
            continue
        between = raw[at : match.start()]
        if between.strip() or not pieces:
            pieces.append(("", between))
        charset = match[1].decode("ascii").partition("*")[0]
        if pieces and pieces[-1][0].lower() == charset.lower():
            pieces[-1] = (charset, pieces[-1][1] + data)
        else:
            pieces.append((charset, data))
        at = match.end()
    pieces.append(("", raw[at:]))
    return "".join(decode(data, charset) for charset, data in pieces)


def _open_word(encoding: bytes, data: bytes) -> bytes | None:
    if encoding in b"bB":
        data = _NOT_BASE64.sub(b"", data)
        data = data[:-1] if len(data) % 4 == 1 else data
        try:
            return binascii.a2b_base64(data + b"=" * (-len(data) % 4))
        except binascii.Error:
            return None
    return binascii.a2b_qp(data.replace(b"_", b" "), header=True)
