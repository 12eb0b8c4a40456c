"""Text as the eye reads it: encoded words opened, invisible and control characters gone."""

from __future__ import annotations

import binascii
import re
import unicodedata

from bot.mail.parsing.charset import decode

# Zero-width and formatting characters, soft hyphens, bidirectional controls (they show text in
# another order than it is stored) and tag characters: nothing that a reader sees.
_UNSEEN = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202c"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff"
)
# These turn what follows round: what is stored is not what is seen, so a mark stands for them.
_OVERRIDES = "\u202d\u202e"
_CONTROLS = "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"
_ENDS = "\r\x0b\x0c\x85\u2028\u2029"
_BLANKS = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u2800\u3000"
_UNUSABLE = "\ud800-\udfff\ue000-\uf8ff"  # surrogates and the private use area
_DROP = re.compile(f"[{_UNSEEN}{_CONTROLS}]")
_ODD = re.compile(f"[{_UNSEEN}{_OVERRIDES}{_CONTROLS}{_ENDS}{_BLANKS}{_UNUSABLE}]")
_LINE_END = re.compile(f"\r\n?|[{_ENDS}]")
_BLANK = re.compile(f"[{_BLANKS}]")
# Word writes bullets and ticked boxes as characters of its symbol fonts, in the private use area.
_SYMBOLS = str.maketrans({
    "\uf0b7": "•", "\uf0a7": "•", "\uf0d8": "•", "\uf0fe": "☒", "\uf0fd": "☒", "\uf053": "☒",
    "\uf052": "☒", "\uf0a8": "☐", "\uf06f": "☐", "\uf071": "☐", "\uf0fc": "✓", "\uf0fb": "✗",
})  # fmt: skip
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_ACCENTS = re.compile("[\u0300-\u036f]+")
_NO_LETTER = re.compile(r"[\W_]+")
_MARKED = re.compile(f"[\ud800-\udfff{_OVERRIDES}]")
_WORD = re.compile(rb"=\?([!-<>@-~]{1,60})\?([bBqQ])\?([^?\r\n]{0,16000})\?=")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")


def clean(text: str) -> str:
    """`text` with \\n line ends and plain blanks, without what cannot be seen."""
    text = text.replace("\r\n", "\n")
    if _ODD.search(text):
        text = _BLANK.sub(" ", scrub(_LINE_END.sub("\n", text)))
    return unicodedata.normalize("NFC", text)


def scrub(text: str) -> str:
    """`text` without invisible, control and private characters; blanks stay as they are."""
    if not _ODD.search(text):
        return text
    text = _MARKED.sub("\ufffd", _DROP.sub("", text))
    return _PRIVATE.sub("", text.translate(_SYMBOLS)) if _PRIVATE.search(text) else text


def one_line(text: str, limit: int = 4_000) -> str:
    """`text` cleaned, on one line, blanks collapsed, cut at `limit` characters."""
    return " ".join(clean(text[: limit * 4]).split())[:limit].rstrip()


def fold(text: str) -> str:
    """Lower case, no accents: what two spellings of a word have in common."""
    if text.isascii():
        return text.lower()
    return _ACCENTS.sub("", unicodedata.normalize("NFKD", text.lower()))


def letters(text: str) -> str:
    """Only the folded letters and digits of `text`: layout and gluing make no difference."""
    return _NO_LETTER.sub("", fold(text))


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
