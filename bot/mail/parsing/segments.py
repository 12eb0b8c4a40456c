"""Splits the lines of a body into blocks: new text, quotes, forwards, attributions, signatures."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, islice

from bot.mail.parsing.armour import without_armour
from bot.mail.parsing.header_blocks import has_labels
from bot.mail.parsing.layout import Layout
from bot.mail.parsing.lines import TextLine
from bot.mail.parsing.opening import Opening
from bot.mail.parsing.openings import detached, is_forward, opening
from bot.mail.parsing.own_mail import recognised, unmarked
from bot.mail.parsing.restored import restored
from bot.mail.parsing.signatures import looks_written, split_signature
from nlp.types import Block, BlockKind

Piece = tuple[BlockKind, str]
_INDENTED = re.compile(r" {1,4}\S")
# A rule somebody drew, or what says that something was left out: at an end it tells nothing.
_DRAWN = re.compile(
    r"(?:[-_*=~#\u2500\u2014\u2013]{2,200}|\+{3,200}|[\[(](?:\.{2,3}|\u2026|snip)[\])])?$"
)
_DELIMITER = re.compile(r"\s*-- ?\s*$")


def split(lines: Sequence[TextLine], layout: Layout) -> tuple[Block, ...]:
    """The blocks of a body, in order; blank lines round a block are dropped."""
    lines = restored(without_armour(lines), layout.sent)
    lines = recognised(_unquoted(detached(unmarked(lines, layout), layout), layout), layout)
    blocks: list[Block] = []
    above = ""
    for kind, group in groupby(_pieces(lines, layout), key=lambda piece: piece[0]):
        texts = [text for _, text in group]
        if kind is BlockKind.SIGNATURE and looks_written(texts, first=True):
            kind = BlockKind.NEW  # typed inside what the program marked as signature
        if kind is BlockKind.NEW and above and all(map(_DELIMITER.match, filter(None, texts))):
            kind = BlockKind.SIGNATURE  # Gmail puts its delimiter before what it marks as one
        if kind is BlockKind.NEW:
            more = any(block.kind is BlockKind.NEW for block in blocks)
            signed = bool(blocks) and blocks[-1].kind is BlockKind.SIGNATURE
            blocks += split_signature(texts, layout.author, above, more=more, signed=signed)
        else:
            blocks += _block(kind, texts)
        above = next((text for text in reversed(texts) if text.strip()), above)
    return tuple(_undrawn(merged(blocks)))


def _undrawn(blocks: Iterable[Block]) -> Iterator[Block]:
    """The blocks, new text without what is only drawn at its ends, unless it frames a part."""
    for block in blocks:
        if block.kind is BlockKind.NEW:
            lines = block.text.split("\n")
            framed = Counter(lines)
            told = [
                n
                for n, s in enumerate(lines)
                if s and (framed[s] > 1 or not _DRAWN.match(s.strip()))
            ]
            block = replace(block, text="\n".join(lines[told[0] : told[-1] + 1] if told else ()))
        if block.text:
            yield block


def merged(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """The blocks, with neighbours of one kind put together."""
    groups = groupby(blocks, key=lambda block: block.kind)
    return tuple(Block(kind, "\n\n".join(b.text for b in group)) for kind, group in groups)


def _block(kind: BlockKind, texts: Sequence[str]) -> Iterator[Block]:
    text = "\n".join(texts).strip("\n")
    if text.strip():
        yield Block(kind, text)


def _unquoted(lines: Sequence[TextLine], layout: Layout) -> Sequence[TextLine]:
    """Lines with a mark are no quote where nothing is answered and nothing introduces them: a
    form that somebody indents with ">", a single "> 300 alumnos"."""
    quoted = [n for n, line in enumerate(lines) if line.level and line.text]
    if not quoted or layout.prefix or any(line.level > 1 for line in lines):
        return lines
    if any(opening(lines, n, layout) for n in range(quoted[-1] + 1)):
        return lines
    return [replace(line, level=0) for line in lines]


@dataclass(slots=True)
class _Place:
    """What lines are at a point of the text."""

    marked: BlockKind = BlockKind.QUOTE  # lines with quote marks
    rest: BlockKind = BlockKind.NEW  # lines without
    indented: bool = False  # `rest` holds for indented lines only (Yahoo)

    def enter(self, found: Opening, body: BlockKind, level: int, lines: Sequence[TextLine]) -> None:
        """Go on after the lines that introduce, at `level`, a message of kind `body`."""
        below = list(islice((one for one in lines[found.end :] if one.text.strip()), 2))
        after = below[0] if below else TextLine("")
        if level:
            self.marked = body if found.forward else self.marked
        elif after.level:
            self.marked = body
        elif self.rest is not BlockKind.QUOTE:
            nested = self.rest is BlockKind.FORWARD and found.style == "headers"
            self.rest = BlockKind.FORWARD if nested else body
            if self.rest is BlockKind.FORWARD:
                self.marked = self.rest  # what is marked there is handed on with it
            # Of some mails Yahoo indents the first line alone.
            self.indented = found.style == "wrote" and all(_INDENTED.match(s.text) for s in below)

    def kind_of(self, line: TextLine) -> BlockKind:
        if line.copied:
            return BlockKind.QUOTE
        if line.level:
            return self.marked
        if self.indented and not line.text.startswith(" "):
            self.rest, self.indented = BlockKind.NEW, False
        signed = line.hint == "signature" and self.rest is BlockKind.NEW
        return BlockKind.SIGNATURE if signed else self.rest


def _pieces(lines: Sequence[TextLine], layout: Layout) -> Iterator[Piece]:
    """Every line with its kind; blank lines go with the lines before them."""
    place = _Place()
    kind = BlockKind.NEW
    at = level = 0
    while at < len(lines):
        line = lines[at]
        # Inside marks only the first lines introduce; what follows them is all quoted.
        fresh = not line.level or level < line.level or kind is BlockKind.ATTRIBUTION
        fresh = fresh and not line.copied
        found = (_hinted(lines, at, layout) or opening(lines, at, layout)) if fresh else None
        if found is not None:
            forward = is_forward(found, layout) and place.rest is not BlockKind.QUOTE
            if found.style == "wrote" and place.rest is not BlockKind.NEW:
                forward = False  # what was handed on quotes something itself
            place.enter(found, BlockKind.FORWARD if forward else BlockKind.QUOTE, line.level, lines)
            kind = BlockKind.ATTRIBUTION
            yield from ((kind, other.text) for other in lines[at : found.end])
            at, level = found.end, line.level
            continue
        if line.text.strip():
            kind, level = place.kind_of(line), line.level
        yield kind, line.text
        at += 1


def _hinted(lines: Sequence[TextLine], at: int, layout: Layout) -> Opening | None:
    """The opening that HTML marks up at line `at`, with all that belongs to it."""
    if lines[at].hint != "attribution":
        return None
    end = at
    while end < len(lines) and lines[end].hint == "attribution":
        end += 1
    openings = (opening(lines[:end], n, layout) for n in range(at, end))
    told = next((o for o in openings if o), None)
    if told is not None:
        return Opening(max(end, told.end), told.style, told.forward, told.author)
    return Opening(end, "headers" if has_labels(lines[at:end]) else "wrote")
