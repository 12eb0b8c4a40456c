"""A first mail that asks for several lists: the first of them, and what it says of the others."""

from __future__ import annotations

import re
from dataclasses import replace

from nlp.text.fold import fold
from nlp.types import BlockKind, Message

_SEVERAL = re.compile(r"\b(?:dos|2|tres|3|cuatro|4|un par de) (?:nuevas )?listas\b")
_ITEM = re.compile(r"\s{0,8}(?:\d{1,2} ?[.)-]|[a-d][.)]|[-•*–])\s+(?=\S)")
_ORDINAL = re.compile(
    r"(?:la |una )?(?:primera|segunda|tercera|otra)\b(?! vez| parte| semana| quincena)"
)
# "Lista 1", "SOLICITUD 2:" above the lines of each.
_HEAD = re.compile(
    r"\W{0,4}(?:lista|solicitud|list|request) (?:n(?:o|um(?:ero)?)?\.? ?|# ?)?"
    r"(?:[1-4]|[a-d]|un[ao]|dos|tres|one|two)\b\W{0,4}(?:$|(?<=:) ?\S)"
)
_FIELD = re.compile(r"[^:]{2,40}:")
_READ = 6_000  # characters
_TWO = 2  # what stands before the items, and one of them: no several


def first_of_several(message: Message) -> tuple[Message, tuple[str, ...]]:
    """The message with the first list that it asks for alone, and the words of the others."""
    text = message.new_text[:_READ]
    if not _SEVERAL.search(fold(f"{message.subject}\n{text}")):
        return message, ()
    lines = text.split("\n")
    ways = (_headed(lines), _parts(lines, _ITEM), _parts(_in_sentences(text), _ORDINAL))
    items = next((found for found in ways if len(found) > _TWO), [])
    if not items:
        return message, ()
    before, first, *others = items
    alone = [b for b in message.blocks if b.kind is not BlockKind.NEW]
    kept = next((b for b in message.blocks if b.kind is BlockKind.NEW), None)
    if kept is None:
        return message, ()
    blocks = (replace(kept, text=f"{before}\n{first}".strip()), *alone)
    return replace(message, blocks=blocks), tuple(others)


def _in_sentences(text: str) -> list[str]:
    return re.split(r"(?<=[.;:])\s+|\n+", text)


def _headed(lines: list[str]) -> list[str]:
    """What stands before the first head, and each head with all below it."""
    found: list[list[str]] = [[]]
    for line in lines:
        if _HEAD.match(fold(line)):
            found.append([])
        found[-1].append(line)
    return ["\n".join(one).strip() for one in found]


def _parts(pieces: list[str], opens: re.Pattern[str]) -> list[str]:
    """What stands before the first item, and each item; nothing where they are a form's lines."""
    found: list[list[str]] = [[]]
    closed = False
    for piece in pieces:
        if opens.match(fold(piece)):
            found.append([piece])
            closed = False
        elif not piece.strip():
            closed = len(found) > 1
        elif not closed:
            found[-1].append(piece)
    items = ["\n".join(one).strip() for one in found]
    bare = [opens.sub("", fold(item), count=1) for item in items[1:]]
    return [] if sum(bool(_FIELD.match(item)) for item in bare) * 2 > len(bare) else items
