"""Quotes, attributions and signatures as mail programs mark them up in HTML."""

import re
from itertools import islice
from typing import Any

from lxml import etree

# lxml ships no types: an element is Any.
Element = Any

# Characters of the private use area, each on a line of its own, that say what the lines between
# them are. They are cleaned from what people send before the tree is built.
_QUOTE, _QUOTE_END = "\ue0a1", "\ue0a2"
_INTRO, _INTRO_END = "\ue0a3", "\ue0a4"
_SIGN, _SIGN_END = "\ue0a5", "\ue0a6"
BLANK = "\ue0a8"  # an empty line
MARKS = f"{_QUOTE}-{_SIGN_END}"

_QUOTE_CLASSES = frozenset({"yahoo_quoted", "protonmail_quote", "zmail_extra", "tutanota_quote"})
_QUOTE_IDS = frozenset(
    {"olk_src_body_section", "isforwardcontent", "mail-editor-reference-message-container"}
)
_INTRO_CLASSES = frozenset({"gmail_attr", "moz-cite-prefix", "hotmail_quote_header"})
_INTRO_IDS = frozenset({"divrplyfwdmsg", "x_divrplyfwdmsg", "reply-intro", "replybody1"})
_SIGN_CLASSES = frozenset(
    {"gmail_signature", "moz-signature", "protonmail_signature_block", "signature-block"}
)
_SIGN_IDS = frozenset({
    "signature", "x_signature", "signature-block", "ms-outlook-mobile-signature",
    "applemailsignature",
    "x_ms-outlook-mobile-signature", "ymail_android_signature", "zimbra-signature",
})  # fmt: skip
# The line that Outlook draws above the header block of the message below.
_OUTLOOK_RULE = re.compile(
    r"border-top:\s*solid\s*#(?:e1e1e1|b5c4df)|border-top:\s*1pt solid rgb\(225"
)


def mark(root: Element) -> None:
    """Write the marks into the tree."""
    for link in list(root.iter("a")):
        _spell_mention(link)
    for element in list(root.iter("div", "blockquote", "p", "span", "table", "td", "pre")):
        if len(element.attrib) == 0:
            continue
        classes = set((element.get("class") or "").lower().split())
        key = (element.get("id") or "").lower()
        style = (element.get("style") or "").lower()
        if _is_quote(element, classes, key, style):
            _enclose(element, _QUOTE, _QUOTE_END)
        elif classes & _INTRO_CLASSES or key in _INTRO_IDS or _OUTLOOK_RULE.search(style):
            _enclose(element, _INTRO, _INTRO_END)
        elif classes & _SIGN_CLASSES or key in _SIGN_IDS:
            _enclose(element, _SIGN, _SIGN_END)


def _spell_mention(link: Element) -> None:
    """Write the address of a mention ("@Ana") out: it stands only in the link."""
    target = link.get("href") or ""
    if not target.lower().startswith("mailto:"):
        return
    first = (text for text in islice(link.itertext(), 20) if text.strip())
    if next(first, "").strip().startswith("@"):
        address = etree.SubElement(link, "span")
        address.text = f" <{target[7:].partition('?')[0][:300]}>"


def _is_quote(element: Element, classes: set[str], key: str, style: str) -> bool:
    if classes & _QUOTE_CLASSES or key in _QUOTE_IDS:
        return True
    if element.tag != "blockquote":
        return False
    # A bare blockquote is how Gmail and Outlook indent what somebody types.
    lined = "border-left" in style and "border-left:none" not in style.replace(" ", "")
    cited = (element.get("type") or "").lower() == "cite" or element.get("cite") is not None
    return cited or lined or any("quote" in name for name in classes)


def _enclose(element: Element, start: str, end: str) -> None:
    first = etree.Element("div")
    first.text, first.tail = start, element.text
    element.text = None
    element.insert(0, first)
    etree.SubElement(element, "div").text = end


class Marks:
    """Which marks are open at a point of the text."""

    def __init__(self) -> None:
        self.level = 0
        self._intro = 0
        self._sign = 0

    @property
    def hint(self) -> str:
        return "attribution" if self._intro else "signature" if self._sign else ""

    def take(self, piece: str) -> bool:
        """Note a mark; False where `piece` is none."""
        steps = {
            _QUOTE: (1, 0, 0), _QUOTE_END: (-1, 0, 0), _INTRO: (0, 1, 0), _INTRO_END: (0, -1, 0),
            _SIGN: (0, 0, 1), _SIGN_END: (0, 0, -1),
        }.get(piece)  # fmt: skip
        if steps is None:
            return False
        self.level = max(0, self.level + steps[0])
        self._intro = max(0, self._intro + steps[1])
        self._sign = max(0, self._sign + steps[2])
        return True
