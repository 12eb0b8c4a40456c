"""The little of CSS that decides whether the eye sees a text."""

import re
from collections.abc import Mapping
from functools import lru_cache

Style = dict[str, str]
Rules = Mapping[str, Style]  # by simple selector: "p", ".x", "#x", "p.x"
Colour = tuple[int, int, int]

BLACK: Colour = (0, 0, 0)
WHITE: Colour = (255, 255, 255)
_NAMED: Mapping[str, Colour] = {
    "black": BLACK, "white": WHITE, "windowtext": BLACK, "window": WHITE, "red": (255, 0, 0),
    "snow": (255, 250, 250), "ivory": (255, 255, 240), "ghostwhite": (248, 248, 255),
    "whitesmoke": (245, 245, 245), "floralwhite": (255, 250, 240), "mintcream": (245, 255, 250),
    "azure": (240, 255, 255), "blue": (0, 0, 255), "green": (0, 128, 0), "gray": (128, 128, 128),
    "grey": (128, 128, 128), "silver": (192, 192, 192), "navy": (0, 0, 128),
}  # fmt: skip
_NUMBER = re.compile(r"([+-]?\d{0,9}\.?\d{1,9})\s*(px|pt|em|rem|ex|%|cm|mm|in|pc|vw|vh)?")
_RGB = re.compile(r"rgba?\(\s*([\d.%\s,/]{5,40})\)")
_HEX = re.compile(r"#([0-9a-f]{8}|[0-9a-f]{6}|[0-9a-f]{3,4})\b")
_SELECTOR = re.compile(r"(?:[a-z][a-z0-9]{0,15})?(?:[.#][\w-]{1,60})?")
_PIXELS = {"px": 1.0, "pt": 4 / 3, "cm": 37.8, "mm": 3.78, "in": 96.0, "pc": 16.0, "": 1.0}
_CSS_CHARS = 60_000  # more style sheet than this is not read


def declarations(text: str) -> Style:
    """`color: red; font-size: 0` as a dict, names and values in lower case."""
    found: Style = {}
    for declaration in text[:4_000].lower().split(";"):
        name, colon, value = declaration.partition(":")
        if colon:
            found[name.strip()] = value.replace("!important", "").strip()
    return found


def style_sheet(css: str) -> Rules:
    """The rules of a style sheet outside @media, by the last simple selector of each."""
    rules: dict[str, Style] = {}
    preludes: list[str] = []
    pieces = re.split(r"([{}])", css[:_CSS_CHARS].replace("<!--", ""))
    for text, brace in zip(pieces[::2], pieces[1::2], strict=False):  # the last has no brace
        if brace == "{":
            preludes.append(text.strip())
            continue
        prelude = preludes.pop() if preludes else ""
        if preludes or prelude.startswith("@"):
            continue  # for small screens, print or fonts
        style = declarations(text)
        for selector in prelude.rpartition("*/")[2].split(","):
            last = (selector.split() or [""])[-1].lower()
            whole = len(selector.split()) == 1
            # Of "div p" only a class or an id can be told apart from every other p.
            if _SELECTOR.fullmatch(last) and last and (whole or last[0] in ".#"):
                rules.setdefault(last, {}).update(style)
    return rules


def length(value: str) -> float | None:
    """Pixels of an absolute length; None where it is relative or no length."""
    match = _NUMBER.match(value.strip())
    if match is None:
        return None
    number = float(match[1])
    unit = match[2] or ""
    return 0.0 if number == 0 else None if unit not in _PIXELS else number * _PIXELS[unit]


@lru_cache(maxsize=1_024)
def colour(value: str) -> Colour | None:
    """The colour that `value` names; None where that is not known."""
    value = value.strip().lower()
    if value in _NAMED:
        return _NAMED[value]
    if match := _HEX.search(value):
        digits = match[1] if len(match[1]) > 4 else "".join(c * 2 for c in match[1])
        return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)
    if match := _RGB.search(value):
        parts = re.split(r"[\s,/]+", match[1].strip())[:3]
        if len(parts) == 3:
            red, green, blue = (_channel(part) for part in parts)
            return red, green, blue
    return None


def is_transparent(value: str) -> bool:
    """Whether a colour lets everything through: "transparent", rgba(…, 0), #rrggbb00."""
    if value.strip() == "transparent":
        return True
    if match := _RGB.search(value):
        parts = re.split(r"[\s,/]+", match[1].strip())
        return len(parts) == 4 and length(parts[3].rstrip("%")) == 0
    match = _HEX.search(value)
    return bool(match) and len(match[1]) == 8 and match[1].endswith("00") if match else False


def alike(one: Colour | None, other: Colour | None) -> bool:
    """Whether text of one colour cannot be told from a ground of the other."""
    if one is None or other is None:
        return False
    return all(abs(a - b) <= 16 for a, b in zip(one, other, strict=True))


def _channel(part: str) -> int:
    number = _NUMBER.match(part)
    value = float(number[1]) if number else 0.0
    return max(0, min(255, round(value * 2.55 if part.endswith("%") else value)))
