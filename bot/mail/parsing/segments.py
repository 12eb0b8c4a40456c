"""Splits the lines of a body into blocks: new text, quotes, forwards, attributions, signatures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from bot.mail.parsing.lines import Line
from bot.mail.parsing.quotes import Opening, label_role, opening
from bot.mail.parsing.signatures import looks_written, split_signature
from bot.mail.parsing.words import fold
from nlp.types import Block, BlockKind

_PREFIX = re.compile(r"\s*(?:\[[^\]]{0,40}\]\s*)?([a-z]{1,5})(?:\s?\[?\d{1,3}\]?)?\s*:")
_REPLY = frozenset({"re", "resp", "aw", "r", "sv"})
_FORWARD = frozenset({"rv", "fw", "fwd", "reenv", "renv", "wg", "tr", "enc", "i"})

Piece = tuple[BlockKind, str]


@dataclass(frozen=True, slots=True)
class Setting:
    """What the head of a message says that helps to split its text.

    `recipients` are the bare addresses it was sent to, `author` the sender's name and address.
    """

    subject: str = ""
    recipients: frozenset[str] = frozenset()
    author: str = ""

    @property
    def prefix(self) -> str:
        """The first prefix of the subject that says answer or forward, folded; perhaps none."""
        match = _PREFIX.match(fold(self.subject[:80]))
        return match[1] if match and match[1] in _REPLY | _FORWARD else ""

    def is_forward(self, found: Opening) -> bool:
        """Whether the message that `found` introduces is handed on, not answered.

        The subject says so; where it does not, an answer quotes what one of its recipients wrote.
        """
        if found.forward is not None:
            return found.forward
        if self.prefix or found.style == "wrote":
            return self.prefix in _FORWARD
        if "@" not in found.author:
            return False
        return not any(recipient in found.author for recipient in self.recipients)


def split(lines: Sequence[Line], setting: Setting) -> tuple[Block, ...]:
    """The blocks of a body, in order; blank lines round a block are dropped."""
    lines = _unquote_lone(lines, setting)
    blocks: list[Block] = []
    above = ""
    for kind, group in groupby(_pieces(lines, setting), key=lambda piece: piece[0]):
        texts = [text for _, text in group]
        if kind is BlockKind.SIGNATURE and looks_written(texts, first=True):
            kind = BlockKind.NEW  # typed inside what the program marked as signature
        if kind is BlockKind.NEW:
            blocks += split_signature(texts, setting.author, above)
        else:
            blocks += _block(kind, texts)
        above = next((text for text in reversed(texts) if text.strip()), above)
    return merged(blocks)


def merged(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """The blocks, with neighbours of one kind put together."""
    groups = groupby(blocks, key=lambda block: block.kind)
    return tuple(Block(kind, "\n\n".join(b.text for b in group)) for kind, group in groups)


def _block(kind: BlockKind, texts: Sequence[str]) -> Iterator[Block]:
    text = "\n".join(texts).strip("\n")
    if text.strip():
        yield Block(kind, text)


def _unquote_lone(lines: Sequence[Line], setting: Setting) -> Sequence[Line]:
    """A single line with a mark is no quote where nothing is answered ("> 300 alumnos")."""
    if setting.prefix:
        return lines
    quoted = [n for n, line in enumerate(lines) if line.level and line.text]
    if len(quoted) != 1 or any(opening(lines, n) for n in range(max(0, quoted[0] - 6), quoted[0])):
        return lines
    if opening(lines, quoted[0]):
        return lines
    return [Line(line.text, 0, line.hint) for line in lines]


@dataclass(slots=True)
class _Place:
    """What lines are at a point of the text."""

    marked: BlockKind = BlockKind.QUOTE  # lines with quote marks
    rest: BlockKind = BlockKind.NEW  # lines without
    indented: bool = False  # `rest` holds for indented lines only (Yahoo)

    def enter(self, found: Opening, body: BlockKind, lines: Sequence[Line]) -> None:
        """Go on after the lines that introduce a message of kind `body`."""
        level = lines[found.end - 1].level
        after = next((line for line in lines[found.end :] if line.text.strip()), Line(""))
        if level:
            self.marked = body if found.forward else self.marked
        elif after.level:
            self.marked = body
        elif self.rest is not BlockKind.QUOTE:
            nested = self.rest is BlockKind.FORWARD and found.style == "headers"
            self.rest = BlockKind.FORWARD if nested else body
            self.indented = found.style == "wrote" and after.text.startswith(" ")

    def kind_of(self, line: Line) -> BlockKind:
        if line.level:
            return self.marked
        if self.indented and not line.text.startswith(" "):
            self.rest, self.indented = BlockKind.NEW, False
        signed = line.hint == "signature" and self.rest is BlockKind.NEW
        return BlockKind.SIGNATURE if signed else self.rest


def _pieces(lines: Sequence[Line], setting: Setting) -> Iterator[Piece]:
    """Every line with its kind; blank lines go with the lines before them."""
    place = _Place()
    kind = BlockKind.NEW
    at = level = 0
    while at < len(lines):
        line = lines[at]
        # Inside marks only the first lines introduce; what follows them is all quoted.
        fresh = not line.level or level < line.level or kind is BlockKind.ATTRIBUTION
        found = (_hinted(lines, at) or opening(lines, at)) if fresh else None
        if found is not None:
            forward = setting.is_forward(found) and place.rest is not BlockKind.QUOTE
            if found.style == "wrote" and place.rest is not BlockKind.NEW:
                forward = False  # what was handed on quotes something itself
            place.enter(found, BlockKind.FORWARD if forward else BlockKind.QUOTE, lines)
            kind = BlockKind.ATTRIBUTION
            yield from ((kind, other.text) for other in lines[at : found.end])
            at, level = found.end, line.level
            continue
        if line.text.strip():
            kind, level = place.kind_of(line), line.level
        yield kind, line.text
        at += 1


def _hinted(lines: Sequence[Line], at: int) -> Opening | None:
    """The opening that HTML marks up at line `at`, with all that belongs to it."""
    if lines[at].hint != "attribution":
        return None
    end = at
    while end < len(lines) and lines[end].hint == "attribution":
        end += 1
    told = next((o for o in (opening(lines[:end], n) for n in range(at, end)) if o), None)
    if told is not None:
        return Opening(max(end, told.end), told.style, told.forward, told.author)
    headers = any(label_role(line.text) for line in lines[at:end])
    return Opening(end, "headers" if headers else "wrote")
