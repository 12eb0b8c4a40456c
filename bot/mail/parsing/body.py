"""The text of a message as blocks: from the part that tells it best, checked against the other."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.mail.parsing.html import html_lines
from bot.mail.parsing.layout import Layout
from bot.mail.parsing.limits import Limits
from bot.mail.parsing.lines import TextLine, plain_lines, unwrap, without_emphasis
from bot.mail.parsing.segments import split
from bot.mail.parsing.structure import TextPart
from nlp.text.fold import clean, fold, letters
from nlp.types import WRITTEN, Block, new_text

Blocks = tuple[Block, ...]
# What `visible_text` is where the other part shows nothing new at all: no command, and not empty.
NOTHING_VISIBLE = "(sin texto visible)"
_LINK = re.compile(r"<?https?://[^\s<>]{1,2000}>?")
# What a plain part says that only tells that there is an HTML part.
_STUB = re.compile(
    r"(?:su|tu|your|este|this) (?:cliente|programa|lector|navegador|e-?mail|mail|correo|mensaje"
    r"|message)\b.{0,60}\bhtml\b|\bhtml\b.{0,40}(?:format|viewer|compatible)"
)


@dataclass(frozen=True, slots=True)
class BodyText:
    """The blocks, and the other reading of the new text where there is one (else empty)."""

    blocks: Blocks
    visible_text: str = ""


def read_body(
    plain: tuple[TextPart, ...], html: tuple[TextPart, ...], layout: Layout, limits: Limits
) -> BodyText:
    """The body told by the two views of `structure.Structure` (the same tuple: one view)."""
    if plain == html:
        return BodyText(_bounded(split(_lines(plain, limits), layout), limits))
    html_rows = _lines(html, limits)
    source = "\n".join(line.text for line in html_rows)
    plain_rows = _plain_rows(plain, source, limits)
    by_plain, by_html = split(plain_rows, layout), split(html_rows, layout)
    typed, shown = new_text(by_plain), new_text(by_html)
    if not any(line.text for line in plain_rows) or (
        len(typed) < 300 and _STUB.search(fold(clean(typed)))
    ):
        return BodyText(_bounded(by_html, limits))
    agreed = _agreed(by_plain, by_html)
    if agreed is not None:
        return BodyText(_bounded(agreed, limits))
    if _tells_more(shown, typed):
        return BodyText(_bounded(by_html, limits), typed or NOTHING_VISIBLE)
    return BodyText(_bounded(by_plain, limits), shown[: limits.text_chars] or NOTHING_VISIBLE)


def _lines(parts: tuple[TextPart, ...], limits: Limits) -> list[TextLine]:
    found: list[TextLine] = []
    for part in _shortened(parts, limits):
        if part.html:
            found += html_lines(part.text)
        else:
            lines = plain_lines(part)
            found += lines if part.flowed else unwrap(lines)
    return _cut(found, limits)


def _plain_rows(parts: tuple[TextPart, ...], source: str, limits: Limits) -> list[TextLine]:
    """The lines of the plain view, mended with the help of the HTML view's text."""
    plain = (part for part in _shortened(parts, limits) if not part.html)
    lines = [line for part in plain for line in plain_lines(part)]
    if "*" not in source:
        lines = without_emphasis(lines)
    return _cut(unwrap(lines, source), limits)


def _shortened(parts: tuple[TextPart, ...], limits: Limits) -> Iterator[TextPart]:
    """The parts, as far as all of them together are within bounds."""
    plain, html, tags = limits.text_chars, limits.html_chars, limits.html_tags
    for part in parts:
        text = part.text[: html if part.html else plain]
        if part.html:
            *within, rest = text.split("<", tags)
            text = "<".join([*within, rest.partition("<")[0]])
            html, tags = html - len(text), tags - len(within)
        else:
            plain -= len(text)
        yield replace(part, text=text)


def _cut(lines: list[TextLine], limits: Limits) -> list[TextLine]:
    lines = lines[: limits.text_lines]
    left = limits.text_chars
    for number, line in enumerate(lines):
        if len(line.text) > left:
            return [*lines[:number], replace(line, text=line.text[:left])]
        left -= len(line.text) + 1
    return lines


def _bounded(blocks: Blocks, limits: Limits) -> Blocks:
    return tuple(Block(b.kind, b.text[: limits.text_chars]) for b in blocks)


def _agreed(by_plain: Blocks, by_html: Blocks) -> Blocks | None:
    """The better of two readings that tell the same, or None.

    HTML where it has a table, or marks more of the words as a signature or an addition. Where the
    same words are split in two ways, one of the readings missed where the quote begins: the one
    with less new text is right.
    """
    plain, html = _essence(by_plain), _essence(by_html)
    if plain == html:
        table = any("\t" in block.text for block in by_html)
        marked = len(letters(new_text(by_html))) < len(letters(new_text(by_plain)))
        return by_html if table or marked else by_plain
    if plain.startswith(html) and plain[len(html) :] in _essence(by_html, everything=True):
        return by_html
    if html.startswith(plain) and html[len(plain) :] in _essence(by_plain, everything=True):
        return by_plain
    return None


def _essence(blocks: Blocks, *, everything: bool = False) -> str:
    """The letters of what the sender wrote, signature and all: layout and links left out."""
    return letters(
        _LINK.sub("", "\n".join(b.text for b in blocks if everything or b.kind in WRITTEN))
    )


def _tells_more(shown: str, typed: str) -> bool:
    """Whether HTML shows all the words of the plain part and more of them, or in a table."""
    seen, written = Counter(_tokens(shown)), Counter(_tokens(typed))
    if shown.count("\t") > 1 and "\t" not in typed:
        return sum((written & seen).values()) >= 0.8 * sum(written.values())
    return bool(seen) and not written - seen


def _tokens(text: str) -> list[str]:
    return re.findall(r"\w+", fold(_LINK.sub("", text)))
