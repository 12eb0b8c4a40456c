"""The text of a command as words and sentences, each word knowing where it stands; its folio.

Everything is linear in the text: patterns are bounded and read every character once.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from nlp.text.fold import TURNS, fold, word_set
from nlp.text.fold import clean as fold_clean
from nlp.text.folios import LIKE_FOLIO, folios_in
from nlp.text.links import one_address
from nlp.types import BlockKind, CommandGrammar, Message

_FOLIO_DIGITS = 9
_NAMES_A_CASE = frozenset(("folio", "solicitud", "caso", "tramite"))
_BETWEEN = frozenset(("la", "el", "lo", "de", "del", "con", "no", "num", "numero", "#", ".", ","))

READ = 6_000  # characters of new text; what is longer is no command
WRAPPED = 55  # at which programs may have cut a line (RFC 5322 mail near 72 to 78)
PEEK = 700  # in which the first command must stand; most mail is dismissed here

_TAMPERED = re.compile(f"[\u0334-\u0338\u20d0-\u20f0{TURNS}]")  # struck, or shown turned
_MAILTO = re.compile(r"<?mailto:([^\s<>?]{1,200})[^\s<>]{0,200}>?", re.IGNORECASE)
_LINK = re.compile(r"[ \t]?<https?://[^\s<>]{1,500}>", re.IGNORECASE)
_TOKEN = re.compile(
    r"(?P<email>[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8})"
    rf"|(?P<folio>\b{LIKE_FOLIO}\b)"
    r"|(?P<dots>\.{2,}|…)"
    r"|(?P<smile>[:;]-?[)D])"
    r"|(?P<word>[^\W_]+)"
    r"|(?P<breaks>(?<!\s)\s*\n\s*\n\s*|(?<![ \t])[ \t]*\n[ \t]*)"
    r"|(?P<sign>[^\s\w]|_)"
)
# A point after these is no end of a sentence.
_SHORTENED = word_set(
    "sr sra srta dr dra mtro mtra lic ing arq prof profa pbro psic cp qfb ext tel cel num p d s "
    "atte vo bo art fac depto dir coord"
)
_DOUBLED = re.compile(r"(.)\1+")
_DRAWN_OUT = re.compile(r"([^\W\d_])\1{2,}")  # "graciasss", "xfaaa"
_SOFT_C, _SOFT_G = re.compile(r"c(?=[ei])"), re.compile(r"g(?=[ei])")
_SOUNDS = str.maketrans({"v": "b", "z": "s", "ç": "s"})


@lru_cache(maxsize=4096)
def sound(key: str) -> str:
    """What common misspellings of a folded word have in common: "aprovar", "corrige"."""
    return _DOUBLED.sub(r"\1", _SOFT_G.sub("j", _SOFT_C.sub("s", key.translate(_SOUNDS))))


@dataclass(frozen=True, slots=True)
class CommandToken:
    """One word or sign; `start` and `end` are offsets in the cleaned text."""

    kind: str
    raw: str
    key: str
    start: int
    end: int

    @property
    def is_capital(self) -> bool:
        return self.kind == "word" and self.raw[0].isupper()

    @property
    def is_shouted(self) -> bool:
        return self.kind == "word" and len(self.raw) > 2 and self.raw.isupper()


@dataclass(frozen=True, slots=True)
class CommandSentence:
    """Tokens up to an end mark; `end` is the mark ("." "!" "?" "…" ";" or "").

    `line` tells that it starts a line, `paragraph` that it starts after a blank one.
    """

    tokens: tuple[CommandToken, ...]
    end: str
    line: bool
    paragraph: bool

    @property
    def start(self) -> int:
        return self.tokens[0].start

    @property
    def stop(self) -> int:
        return self.tokens[-1].end

    @property
    def asks(self) -> bool:
        return self.end == "?" or any(t.key in "¿?" for t in self.tokens if t.kind == "sign")


def is_tampered(text: str) -> bool:
    """Whether signs stand in the text that make it look other than it reads."""
    return _TAMPERED.search(text) is not None


def clean(text: str) -> str:
    """Text as the eye reads it, links as their text."""
    text = one_address(fold_clean(text[: READ * 2]))
    if "<" in text or "mailto:" in text.lower():
        text = _LINK.sub("", _MAILTO.sub(r"<\1>", text))
    return text.strip()


def tokenise(text: str) -> list[CommandToken]:
    """The words and signs of a cleaned text."""
    found = []
    folded = fold(text[:READ])
    drawn_out = _DRAWN_OUT.search(folded) is not None
    for match in _TOKEN.finditer(text[:READ]):
        kind, raw = match.lastgroup or "sign", match[0]
        start, end = match.span()
        key = raw
        if kind == "breaks":
            key = "\n\n" if raw.count("\n") > 1 else "\n"
        elif kind == "word":
            key = folded[start:end]
            key = _DRAWN_OUT.sub(r"\1", key) if drawn_out else key
        found.append(CommandToken(kind, raw, key, start, end))
    return found


def sentences(text: str) -> list[CommandSentence]:
    """The sentences of a cleaned text; a line end closes one unless the line was only wrapped."""
    tokens = tokenise(text)
    found: list[CommandSentence] = []
    run: list[CommandToken] = []
    line = paragraph = True
    line_start = 0

    def close(mark: str) -> None:
        nonlocal run, line, paragraph
        if run:
            found.append(CommandSentence(tuple(run), mark, line, paragraph))
            line = paragraph = False
        elif found and mark in "?!…" and mark:
            last = found[-1]
            worst = mark if last.end != "?" else "?"
            found[-1] = CommandSentence(last.tokens, worst, last.line, last.paragraph)
        run = []

    for at, token in enumerate(tokens):
        if token.kind == "breaks":
            following = tokens[at + 1] if at + 1 < len(tokens) else None
            if token.key == "\n" and run and _wraps(token, line_start, following):
                line_start = token.end
                continue
            close("")
            line, paragraph, line_start = True, paragraph or token.key == "\n\n", token.end
        elif token.kind == "dots" or token.key == "…":
            close("…")
        elif token.kind == "sign" and token.key in ".!?;":
            if token.key == "." and run and _is_short(run[-1]):
                continue
            close(token.key)
        else:
            run.append(token)
    close("")
    return found


def _is_short(token: CommandToken) -> bool:
    if token.kind != "word":
        return False
    return token.key in _SHORTENED or (len(token.raw) == 1 and token.raw.isupper())


def _wraps(token: CommandToken, line_start: int, following: CommandToken | None) -> bool:
    """Whether a line end only wraps a long line."""
    if following is None or token.start - line_start < WRAPPED:
        return False
    return following.kind == "word" and following.raw[0].islower()


def threads_disagree(message: Message, folio: str) -> bool:
    """Whether what is quoted cites folios, but not the one of this thread."""
    if not folio:
        return False
    quoted = " ".join(b.text[:5_000] for b in message.blocks if b.kind is BlockKind.QUOTE)[:20_000]
    cited = (folios_in(quoted), folios_in(message.subject[:500]))
    return any(known and folio.upper() not in known for known in cited)


def short_folio(sentence: CommandSentence, words: CommandGrammar) -> int | None:
    """The number of a case named right behind the command: "rechazar la 0040", "la solicitud 40".

    A bare number counts only with the zeros that folios have in front.
    """
    stems = tuple(verb.partition("/")[0][:-2] for verb in words.verbs) + words.words
    behind, named = False, False
    for token in sentence.tokens[:9]:
        digits = token.raw if token.raw.isascii() and token.raw.isdigit() else ""
        if behind and digits and (named or digits.startswith("0")) and len(digits) <= _FOLIO_DIGITS:
            return int(digits)
        if behind and token.key in _NAMES_A_CASE:
            named = True
        elif token.key.startswith(stems):
            behind, named = True, False
        elif not (behind and token.key in _BETWEEN):
            behind = False
    return None


def names_folio(sentence: CommandSentence) -> bool:
    """Whether the folio stands right behind the command, and so is what is decided on."""
    return any(t.kind == "folio" for t in sentence.tokens[:5])
