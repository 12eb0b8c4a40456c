"""An HTML tree made shallow: what lays it out calls itself once for each level."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import etree

# lxml ships no types: an element is Any.
Element = Any

_DEEPEST = 200  # levels; a long correspondence quoted again and again has more
_Piece = tuple[str, dict[str, str], str | None]


def make_shallow(root: Element) -> None:
    """Put what stands deeper than `_DEEPEST` levels side by side, in the order of the text."""
    for top in _at_the_limit(root):
        pieces = list(_pieces(top))
        del top[:]
        for tag, attributes, text in pieces:
            _child(top, tag, attributes).text = text


def _child(top: Element, tag: str, attributes: dict[str, str]) -> Element:
    """A new element; the parser takes names that cannot be given again ("td€")."""
    try:
        return etree.SubElement(top, tag, attributes)
    except ValueError:
        return etree.SubElement(top, "span")


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
    """Each run of text inside `top`, with the tag that it stood in: blocks stay blocks."""
    for event, element in etree.iterwalk(top, events=("start", "end")):
        if element is top:
            continue
        if event == "start":
            yield element.tag, dict(element.attrib), element.text
        elif element.tail:
            around = element.getparent()
            yield ("span" if around is top else around.tag), {}, element.tail
