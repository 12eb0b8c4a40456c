"""Sentences of a turn."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nlp.fields.lexicon import is_title
from nlp.fields.passages import unwrap
from nlp.text.fold import fold, squeeze, word_set

LONGEST = 1_000  # characters; what goes on longer without a stop is read in pieces


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with single spaces, its folded text of the same length, whether it asks."""

    text: str
    folded: str
    asks: bool = False


def sentence(text: str) -> Sentence:
    """A text as one sentence."""
    text = squeeze(text)[:LONGEST]
    asks = "¿" in text or text.rstrip(' "”»)').endswith("?")
    return Sentence(text, fold(text), asks)


_END = re.compile(r"(?<![.!?;…])[.!?;…]+[\"”»)]{0,3} | (?=¿)")
_SHORT = word_set(
    "ext aprox num vo bo tel av depto p ej cel dir coord fac lic univ edif of ofna secr sria"
    " asist aux admin gral grales serv servs dpto sept sep oct nov dic ene feb mar abr jun jul"
    " ago hrs"
)


def sentences(lines: Sequence[str]) -> list[Sentence]:
    """The sentences of a run of lines; what a program wrapped is put together again."""
    found: list[Sentence] = []
    for paragraph in unwrap("\n".join(lines)).split("\n"):
        found += [sentence(piece) for piece in _cut(squeeze(paragraph)) if piece.strip()]
    told = [n for n, one in enumerate(found) if one.folded.startswith("que ") and not one.asks]
    for number in told if len(told) > 1 else ():  # "Dice: Que es para … . Que sale a diario."
        found[number] = sentence(found[number].text[4:])
    return found


def _cut(paragraph: str) -> Iterator[str]:
    start = 0
    for match in _END.finditer(paragraph):
        before = fold(paragraph[max(start, match.start() - 30) : match.start()]).rpartition(" ")[2]
        following = paragraph[match.end() : match.end() + 1]
        if match[0][:1] == "." and not _ends(before.strip('("“«.'), following):
            continue
        yield from _pieces(paragraph[start : match.end()])
        start = match.end()
    yield from _pieces(paragraph[start:])


def _pieces(text: str) -> Iterator[str]:
    while len(text) > LONGEST:
        at = text.rfind(" ", 1, LONGEST)
        at = at if at > 0 else LONGEST
        yield text[:at]
        text = text[at:]
    yield text


def _ends(word: str, following: str) -> bool:
    """Whether the point after a word ends the sentence, and not only the word."""
    if is_title(word) or is_title(word + ".") or word in _SHORT:
        return False
    if word == "no":  # "los externos no. Y …", but "No. 12"
        return not following.isdigit()
    if len(word) < 2 and not word.isdigit():
        return False
    return not following.islower() or len(word) > 4 or word.isdigit()


def word_at(text: str, words: str) -> int:
    """Where words stand in a text as whole words; -1 where they do not."""
    at = text.find(words)
    while at >= 0:
        end = at + len(words)
        if not text[at - 1 : at].isalnum() and not text[end : end + 1].isalnum():
            return at
        at = text.find(words, at + 1)
    return at
