"""Text as the eye reads it and as it is compared: the one place that knows what cannot be seen."""

import re
import unicodedata
from functools import lru_cache

# Formatting characters (category Cf), fillers and variation selectors: nothing that a reader sees.
# A test holds that every Cf character of Unicode stands here or among the overrides.
INVISIBLE = (
    "\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u17b4\u17b5"
    "\u180b-\u180f\u200b-\u200f\u202a-\u202c\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\ufff9-\ufffb\ufffe\uffff\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
# These turn what follows round: what is stored is not what is seen, so a mark stands for them.
OVERRIDES = "\u202d\u202e"
# What shows what follows in another order than it is stored, and the marks of a direction alone.
TURNS = "\u202a-\u202e\u2066-\u2069"
DIRECTIONS = f"\u061c\u200e\u200f{TURNS}"
CONTROLS = "\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f"
_ENDS = "\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029"
_BLANKS = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u2800\u3000"
_UNUSABLE = "\ud800-\udfff\ue000-\uf8ff"  # surrogates and the private use area
_LIGATURES = "\ufb00-\ufb04"
_DROP = re.compile(f"[{INVISIBLE}{CONTROLS}]")
_ODD = re.compile(f"[{INVISIBLE}{OVERRIDES}{CONTROLS}{_ENDS}{_BLANKS}{_UNUSABLE}{_LIGATURES}]")
# All of that, but for tabs and line feeds: for what is written, not read.
UNSEEN = f"{INVISIBLE}{OVERRIDES}\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029"
LINE_END = re.compile(f"\r\n?|[{_ENDS}]")
_BLANK = re.compile(f"[{_BLANKS}]")
# Word writes bullets and ticked boxes as characters of its symbol fonts, in the private use area;
# PDF has letters that are written as one.
_SYMBOLS = str.maketrans({
    "\uf0b7": "•", "\uf0a7": "•", "\uf0d8": "•", "\uf0fe": "☒", "\uf0fd": "☒", "\uf053": "☒",
    "\uf052": "☒", "\uf0a8": "☐", "\uf06f": "☐", "\uf071": "☐", "\uf0fc": "✓", "\uf0fb": "✗",
    "\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl",
})  # fmt: skip
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_MARKED = re.compile(f"[\ud800-\udfff{OVERRIDES}]")
# Normalising sorts a run of combining marks, which may take quadratic time: no more of them than
# UAX #15 allows in text that is "stream-safe" are kept. No mark is a letter or a digit (\w).
_MARKS_ALLOWED = 30
_MARKS = re.compile(rf"[^\w\s\x00-\x7f]{{{_MARKS_ALLOWED + 1},}}")
_WORD = re.compile(r"[^\W_]+")
MAX_COMPARED = 400  # characters of somebody's text that are compared


def compose(text: str) -> str:
    """Letters and their accents as one character each (NFC), in linear time."""
    if text.isascii() or _is_latin(text):
        return text
    return unicodedata.normalize("NFC", _MARKS.sub(_fewer, text))


def _is_latin(text: str) -> bool:
    """Whether all of it is Latin 1, where every letter is composed."""
    try:
        return bool(text.encode("latin-1"))
    except UnicodeEncodeError:
        return False


def _fewer(run: re.Match[str]) -> str:
    kept, marks = [], 0
    for char in run[0]:
        marks = marks + 1 if unicodedata.combining(char) else 0
        if marks <= _MARKS_ALLOWED:
            kept.append(char)
    return "".join(kept)


def clean(text: str) -> str:
    """`text` with \\n line ends and plain blanks, without what cannot be seen, composed."""
    text = text.replace("\r\n", "\n")
    if _ODD.search(text):
        text = _BLANK.sub(" ", scrub(LINE_END.sub("\n", text)))
    return compose(text)


def scrub(text: str) -> str:
    """`text` without invisible, control and private characters; blanks stay as they are."""
    if not _ODD.search(text):
        return text
    text = _MARKED.sub("\ufffd", _DROP.sub("", text))
    return _PRIVATE.sub("", text.translate(_SYMBOLS))


class _Folded(dict[int, int]):
    """What each character is folded to: one for one, so that offsets stay."""

    def __missing__(self, code: int) -> int:
        bare = unicodedata.normalize("NFKD", chr(code)).lower()
        bare = "".join(c for c in bare if not unicodedata.combining(c))
        self[code] = ord(bare) if len(bare) == 1 else code
        return self[code]


_FOLDED = _Folded(
    {code: code for code in range(128)}
    | dict(zip(map(ord, "’‘´`“”«»„–—−‐‑\t"), map(ord, '\'\'\'\'"""""----- '), strict=True))
)
_MICRO, _MU = "\u00b5", "\u03bc"  # the only sign of Latin 1 that is folded to one outside it
_FOLDED_LATIN = bytes(_FOLDED[code] if chr(code) != _MICRO else code for code in range(256))


def fold(text: str) -> str:
    """Lower case without accents, of the same length as `text`; quotes, dashes, blanks plain."""
    lowered = text.lower()
    if len(lowered) != len(text):  # a few letters grow when lowered ("İ")
        lowered = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    if lowered.isascii():
        return lowered.replace("\t", " ")
    try:  # bytes are translated ten times as fast as characters
        latin = lowered.replace(_MICRO, _MU).encode("latin-1")
        return latin.translate(_FOLDED_LATIN).decode("latin-1")
    except UnicodeEncodeError:
        return lowered.translate(_FOLDED)


def word_list(words: str) -> list[str]:
    """Words parted by blanks."""
    return words.split()


def word_set(words: str) -> frozenset[str]:
    """The same as a set."""
    return frozenset(words.split())


@lru_cache(maxsize=8192)  # the same names are compared with every request
def words(text: str) -> tuple[str, ...]:
    """The folded words of a text, as it is compared; a hyphen parts them as a blank does."""
    folded = fold(compose(text[:MAX_COMPARED]))
    if not folded.isascii():
        folded = "".join(c for c in folded if not unicodedata.combining(c))
    return tuple(_WORD.findall(folded))


@lru_cache(maxsize=8192)
def plain(text: str) -> str:
    """A text as it is compared: its words, one blank between them."""
    return " ".join(words(text))


def letters(text: str) -> str:
    """Only the folded letters and digits of `text`: layout and gluing make no difference."""
    return "".join(_WORD.findall(fold(text)))


def squeeze(text: str) -> str:
    """On one line with single spaces."""
    return " ".join(text.split())


def one_line(text: str, limit: int = 4_000) -> str:
    """`text` cleaned, on one line, blanks collapsed, cut at `limit` characters."""
    return squeeze(clean(text[: limit * 4]))[:limit].rstrip()


_EDGE = " \t\n\r.,;:|*_=~·•\"'“”«»‘’<>¡¿"


def trim(text: str) -> str:
    """On one line, without the punctuation, quotes and emphasis around it."""
    text = squeeze(text).strip(_EDGE + "-–—")
    if text.endswith(")") and "(" not in text:
        text = text[:-1].rstrip(_EDGE)
    if text.startswith("(") and ")" not in text:
        text = text[1:].lstrip(_EDGE)
    if text.startswith("(") and text.endswith(")") and text.count("(") == 1:
        text = text[1:-1].strip(_EDGE)
    return text


# Of a scanned sheet: "1 , 4 0 0".
_SPACED = re.compile(r"(?<![^\s:(|])\d(?: [,.](?= \d)| \d(?!\d)){2,12}(?![\w/-])")


def readable(text: str) -> str:
    """`text` cleaned, its figures in one piece."""
    return _SPACED.sub(lambda spaced: spaced[0].replace(" ", ""), clean(text))
