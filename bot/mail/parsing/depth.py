"""An HTML tree made shallow: what lays it out calls itself once for each level."""

from collections.abc import Iterator
from typing import Any

from lxml import etree

from bot.mail.parsing.tables import BLOCKS

# lxml ships no types: an element is Any.
Element = Any

_DEEPEST = 200  # levels; a long correspondence quoted again and again has more
_Piece = tuple[str, str | None]


def make_shallow(root: Element) -> None:
    """Put what stands deeper than `_DEEPEST` levels side by side: its text, line by line."""
    for top in _at_the_limit(root):
        pieces = list(_pieces(top))
        del top[:]
        for tag, text in pieces:
            etree.SubElement(top, tag).text = text


def _at_the_limit(root: Element) -> list[Element]:
    """The elements at the deepest level allowed that have others inside."""
    found: list[Element] = []
    depth = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if event == "start" and depth == _DEEPEST and len(element):
            found.append(element)
    return found


def _pieces(top: Element) -> Iterator[_Piece]:
    """The runs of text inside `top`, and an empty block where one begins or ends."""
    for event, element in etree.iterwalk(top, events=("start", "end")):
        if element is top:
            continue
        if element.tag == "br":
            if event == "start":
                yield "br", None
        elif element.tag in BLOCKS:
            yield "div", None
        text = element.text if event == "start" else element.tail
        if text:
            yield "span", text
