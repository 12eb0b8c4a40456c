"""An HTML part as lines: what the eye sees, quotes and signatures told by their markup.

The tree is prepared (hidden text out, tables flattened, quotes marked by characters of the private
use area) and laid out by inscriptis, which then needs no style at all.
"""

import re
from typing import Any

from inscriptis.css_profiles import STRICT_CSS_PROFILE
from inscriptis.html_engine import Inscriptis
from inscriptis.model.config import ParserConfig
from lxml import etree

from bot.mail.parsing.depth import make_shallow
from bot.mail.parsing.hidden import remove_hidden
from bot.mail.parsing.limits import RefusedError
from bot.mail.parsing.lines import HINT, TextLine
from bot.mail.parsing.marks import BLANK, MARKS, Marks, mark
from bot.mail.parsing.styles import Rules
from bot.mail.parsing.tables import CELL, flatten_tables
from nlp.text.fold import clean, scrub
from replies.phrases import say

# lxml ships no types: an element is Any.
Element = Any

_DECLARATION = re.compile(r"<\?xml[^>]{0,200}\?>", re.IGNORECASE)
# References that may stand for something unseen, or for one of our marks.
_ENTITY = re.compile(
    r"&(?!(?:nbsp|amp|[lg]t|quot|[aeiouAEIOU](?:acute|uml)|[nN]tilde|iexcl|iquest);)"
)
_SPLIT = re.compile(f"([{MARKS}])")
# Lines are read without what indents them; lists in lists would make of it more than of text.
_BLOCK = STRICT_CSS_PROFILE["div"]
_CONFIG = ParserConfig(css={**STRICT_CSS_PROFILE, "x-table": _BLOCK, "ul": _BLOCK, "ol": _BLOCK})
_TOO_DEEP = say("unreadable.html_depth")
_NO_MARGIN = re.compile(r"margin(?:-top)?:\s*0")
_INLINE = frozenset({
    "br", "span", "o:p", "b", "i", "u", "em", "strong", "font", "a", "img", "small", "p",
})  # fmt: skip


def html_lines(source: str) -> list[TextLine]:
    """The visible lines of an HTML document, however broken.

    Raises RefusedError where it is nested deeper than libxml2 can follow (2,048 levels).
    """
    root = _tree(source)
    if root is None:
        return []
    every = list(root.iter())  # as long as they are referred to, lxml need not make them again
    rules = remove_hidden(root)
    mark(root)
    make_shallow(root)
    flatten_tables(root)
    _prepare(root, rules)
    text = Inscriptis(root, _CONFIG).get_text()
    del every
    return _read_marks(text)


def _tree(source: str) -> Element | None:
    source = _DECLARATION.sub("", clean(source), count=1)
    if not source.strip():
        return None
    parser = etree.HTMLParser(remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        root = etree.fromstring(source, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None
    if parser.error_log.filter_types(etree.ErrorTypes.ERR_RESOURCE_LIMIT):
        raise RefusedError(_TOO_DEEP)  # all that follows is lost
    if root is None:
        return None
    if not _ENTITY.search(source):
        return root
    for element in root.iter():  # what entities stood for, our marks among it, so nobody fakes them
        if element.text and not element.text.isascii():
            element.text = scrub(element.text)
        if element.tail and not element.tail.isascii():
            element.tail = scrub(element.tail)
    return root


def _prepare(root: Element, rules: Rules) -> None:
    """Say by tags what styles said: lines of Outlook and Word, preformatted text, empty lines."""
    flat = rules.get("p", {})
    flat_p = "margin" in flat or "margin-top" in flat
    for rule in list(root.iter("hr")):
        rule.text, rule.tag = BLANK, "div"
    for element in list(root.iter("p", "div")):
        style = (element.get("style") or "").lower()
        if "white-space" in style and "pre" in style.partition("white-space")[2][:12]:
            element.tag = "pre"
        elif _is_blank(element):
            tail = element.tail
            element.clear()
            element.text, element.tail, element.tag = BLANK, tail, "div"
        elif element.tag == "p" and (
            flat_p or (element.get("class") or "").startswith("Mso") or _NO_MARGIN.search(style)
        ):
            element.tag = "div"
    etree.strip_attributes(root, "*")


def _is_blank(element: Element) -> bool:
    """Whether a block is an empty line: it holds a line break or a blank that takes room."""
    if len(element) > 4 or any(child.tag not in _INLINE for child in element):
        return False
    text = "".join(element.itertext())
    return not text.strip() and ("\xa0" in text or " " in text or element.find(".//br") is not None)


def _read_marks(text: str) -> list[TextLine]:
    lines: list[TextLine] = []
    marks = Marks()
    for line in text.split("\n"):
        for piece in _SPLIT.split(line) if _SPLIT.search(line) else (line,):
            if marks.take(piece):
                continue
            if piece.strip() or piece is line:
                told = clean(piece.replace(CELL, "\t").replace(BLANK, "")).strip()
                shown = HINT.sub("", told)
                if told and not shown:
                    continue
                lines.append(TextLine(shown, marks.level, marks.hint))
    return lines
