"""Takes out of an HTML tree what the eye does not see, and what is struck through.

A command in a hidden text is no command, and neither is one that its writer crossed out.
"""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from lxml import etree

from bot.mail.parsing.styles import (
    BLACK,
    WHITE,
    Colour,
    Rules,
    Style,
    alike,
    colour,
    declarations,
    is_transparent,
    length,
    style_sheet,
)

# lxml ships no types: an element is Any.
Element = Any

_NEVER_SHOWN = frozenset({
    "head", "title", "script", "style", "template", "noscript", "object", "datalist", "svg", "math",
    "s", "strike", "del", "meta", "link", "base", "audio", "video", "canvas", "map", "applet",
    "noframes", "frameset", "iframe", "param", "dialog",
})  # fmt: skip
# The only properties that matter here; most styles have none of them.
_TELLING = re.compile(
    r"display|visib|opacity|hide|color|background|font|line-through|indent|position|left|top"
    r"|margin|height|width|clip|transform|filter"
)
_PAINT = frozenset({"bgcolor", "background", "color", "text"})  # attributes of HTML 3
_TINY = 2.0  # pixels
_FAR = -400.0  # pixels off the page
_GONE = "x-gone"


class _Ink(NamedTuple):
    """How text is painted at a point of the tree."""

    text: Colour | None = BLACK
    ground: Colour | None = WHITE
    tiny: bool = False
    clear: bool = False
    visible: bool = True


class _Look(NamedTuple):
    """What the declarations of an element do to it and to the text in it."""

    gone: bool = False
    text: str = ""
    ground: str = ""
    size: str = ""
    picture: bool = False


_PLAIN = _Look()
_Key = tuple[str, str | None, str | None, str | None]  # tag, class, id, style


def remove_hidden(root: Element) -> Rules:
    """Remove from `root` all that is not seen; the rules of its style sheets are returned."""
    rules = style_sheet("\n".join(s.text or "" for s in root.iter("style")))
    looks: dict[_Key, _Look] = {}  # programs repeat a style for every line
    stack: list[tuple[Element, _Ink]] = [(root, _Ink())]
    doomed: list[Element] = []
    while stack:
        element, ink = stack.pop()
        if not isinstance(element.tag, str) or element.tag in _NEVER_SHOWN:
            doomed.append(element)
            continue
        attributes = dict(element.attrib)
        if rules or attributes:
            get = attributes.get
            key = (element.tag, get("class"), get("id"), get("style"))
            look = looks.get(key) or looks.setdefault(key, _look(key, rules))
            if look.gone or "hidden" in attributes:
                doomed.append(element)
                continue
            if look != _PLAIN or not _PAINT.isdisjoint(attributes):
                ink = _ink(element.tag, attributes, look, ink)
        if not ink.visible:
            element.text = None
            for child in element:
                child.tail = None
        stack.extend((child, ink) for child in element)
    for element in doomed:
        if element is root:
            root.clear()
        element.tag = _GONE
    # All at once, by lxml: text moved element by element takes quadratic time and memory.
    etree.strip_elements(root, _GONE, with_tail=False)
    return rules


def _look(attributes: _Key, rules: Rules) -> _Look:
    """What the style of an element says, from the style sheets and from itself."""
    tag, classes, key, inline = attributes
    style: Style = {}
    if rules:
        names = [tag]
        for name in (classes or "").lower().split()[:10]:
            names += [f".{name}", f"{tag}.{name}"]
        if key:
            names += [f"#{key.lower()}", f"{tag}#{key.lower()}"]
        for name in names:
            style |= rules.get(name, {})
    if inline and _TELLING.search(inline.lower()):
        style |= declarations(inline)
    return _read(style) if style else _PLAIN


def _read(style: Style) -> _Look:
    # In `font: 0/0 arial`.
    sizes = (w.partition("/")[0] for w in style.get("font", "").split() if w[0].isdigit())
    return _Look(
        gone=_gone(style),
        text=style.get("color", ""),
        ground=style.get("background-color") or style.get("background", ""),
        size=style.get("font-size") or next(sizes, ""),
        picture="url(" in style.get("background-image", ""),
    )


def _gone(style: Style) -> bool:
    """Whether an element and all that is in it cannot be seen (or is crossed out)."""
    get = style.get
    if get("display") == "none" or get("visibility") in ("hidden", "collapse"):
        return True
    if get("mso-hide", "").startswith("all"):
        return True
    if "line-through" in get("text-decoration", "") + get("text-decoration-line", ""):
        return True
    opacity = length(get("opacity", "1").rstrip("%"))
    if opacity is not None and opacity < 0.1:
        return True
    return _off_page(style) or _no_room(style)


def _off_page(style: Style) -> bool:
    placed = style.get("position") in ("absolute", "fixed", "relative")
    sides = ("text-indent", "margin-left", "margin-top", *(("left", "top") if placed else ()))
    if any((length(style[side]) or 0) <= _FAR for side in sides if side in style):
        return True
    clip = (style.get("clip", "") + style.get("clip-path", "")).replace(" ", "")
    return "rect(0" in clip or "inset(100%" in clip


def _no_room(style: Style) -> bool:
    if "scale(0)" in style.get("transform", "") or "opacity(0" in style.get("filter", ""):
        return True
    if "hidden" not in style.get("overflow", "") + style.get("overflow-y", ""):
        return False
    # max-width: 0 with hidden overflow is a way to shorten visible text, and no hiding place.
    sizes = (length(style.get(name, "")) for name in ("height", "max-height", "width"))
    return any(size is not None and size <= 1 for size in sizes)


def _ink(tag: str, attributes: Mapping[str, str], look: _Look, around: _Ink) -> _Ink:
    """The ink inside an element: what its style or its old-fashioned attributes change."""
    get = attributes.get
    ground = look.ground or get("bgcolor") or ""
    text = look.text or (get("color") if tag == "font" else get("text")) or ""
    if not (ground or text or look.size or look.picture or get("background")):
        return around
    if look.picture or get("background"):
        around = around._replace(ground=None)  # a picture: nothing can be told
    if ground and ground not in ("none", "inherit", "initial") and not is_transparent(ground):
        around = around._replace(ground=colour(ground))
    if text and text not in ("inherit", "initial", "unset", "currentcolor"):
        around = around._replace(text=colour(text), clear=is_transparent(text))
    if look.size:
        pixels = length(look.size)
        if pixels is not None:
            around = around._replace(tiny=pixels <= _TINY)
        elif not look.size.endswith(("em", "%")):
            around = around._replace(tiny=False)
    unseen = around.tiny or around.clear or alike(around.text, around.ground)
    return around._replace(visible=not unseen)
