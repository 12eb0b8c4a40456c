"""Boxes and ticks as forms draw them, brought to two characters: ☒ is ticked, ☐ is not."""

import re

CHECKED = "☒"
UNCHECKED = "☐"

# Symbol fonts put pictures where other fonts have letters. Code points as in the fonts'
# character tables; Word writes them plain or moved to the private use area (F000 and up).
_WINGDINGS = {0x6F: "☐", 0x71: "☐", 0x72: "☐", 0xA8: "☐", 0x78: "☒", 0xFD: "☒", 0xFE: "☒"}
_WINGDINGS |= {0xFB: "✗", 0xFC: "✓"}
_WINGDINGS_2 = {0xA3: "☐", 0x2A: "☐", 0x51: "☒", 0x52: "☒", 0x53: "☒", 0x54: "☒"}
_WINGDINGS_2 |= {0x50: "✓", 0x4F: "✗"}
_WEBDINGS = {0x63: "☐", 0x61: "✓", 0x72: "✗"}
_FONTS = {"wingdings": _WINGDINGS, "wingdings 2": _WINGDINGS_2, "webdings": _WEBDINGS}

_INVITATION = re.compile(
    r"\W*(?:elija|elige|seleccion[ea]|escoja|escoge|choose|select)\b", re.IGNORECASE
)

# What Word shows in a content control until it is filled in. In .docx it is marked as such; in
# what other programs make of the document it is text like any other.
_PROMPT = re.compile(
    r"\b(?:haga clic|haz clic|pulse)(?: o (?:pulse|toque))? aquí(?: o pulse)?(?: para (?:escribir"
    r"|introducir|especificar)(?: (?:texto|una fecha))?)?\.?|\bclick (?:or tap )?(?:here )?to ente"
    r"r (?:text|a date)\.?|\belija un elemento\.?|\bchoose an item\.?",
    re.IGNORECASE,
)


def glyph(font: str | None, code: str | None) -> str:
    """The character that `code` (hexadecimal, as in w:sym) draws in a symbol font, or ''."""
    table = _FONTS.get((font or "").lower(), _WINGDINGS)
    try:
        return table.get(int(code or "", 16) & 0xFF, "")
    except ValueError:
        return ""


def translate(font: str | None, text: str) -> str:
    """The text of a run set in `font`: unchanged unless the font is a symbol font."""
    table = _FONTS.get((font or "").lower())
    if table is None:
        return text
    return "".join(table.get(ord(c) & 0xFF, c if c.isspace() else "") for c in text)


def is_prompt(text: str) -> bool:
    """Whether a drop-down still shows its invitation («Elija un elemento») and no answer."""
    return bool(_INVITATION.match(text)) or not text.strip(" -–—.…_")


def without_prompts(text: str) -> str:
    """Text without the prompts of content controls that nobody filled in."""
    return _PROMPT.sub("", text)


_MADE_UP = re.compile(
    r"(?:(?:cuadro|casilla|campo|lista)(?: de)?[ _]?)?"
    r"(?:text(?:o|field|box)?|check ?box|verificación|combinada|desplegable|combo ?box|dropdown"
    r"|list ?box|group|grupo|radio ?button|button|bot[oó]n|undefined|field|campo|untitled|fill"
    r"|toggle|signature|firma|image|row)?[ _.-]{0,3}\d*(?:[ _.#\[\]\d-]*)",
    re.IGNORECASE,
)


def is_made_up(name: str) -> bool:
    """Whether a form field bears a name that a program gave it (Text1, Cuadro de texto 2)."""
    return bool(_MADE_UP.fullmatch(name[:100]))
