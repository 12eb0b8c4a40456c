"""What templates do to values: make them safe to show, and lay text out."""

import re
from urllib.parse import quote

from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup, escape

from nlp.text.fold import LINE_END, UNSEEN

WIDTH = 76

_UNSEEN = re.compile(f"[{UNSEEN}]")
_SPECIAL = re.compile(f"{_UNSEEN.pattern}|{LINE_END.pattern}")
_PARAGRAPH = re.compile(r"\n\s*\n")
_FOLIO = re.compile(r"\b[A-Za-z]{1,8}-20\d{2}-\d{4,9}\b")
_LINK = re.compile(
    r"(?:\b[a-z][a-z0-9+.-]{0,20}:(?=\S)(?://)?|\bwww\."
    r"|(?<![@\w.])[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8}/)\S*",
    re.IGNORECASE,
)
_JOINT = re.compile(r":(?=\S)|\.(?=\w)")
_APART = "\u200c"  # zero width non-joiner
_ODD = re.compile(r"[^\w\s.,;()&/+'’-]+")


class Own(str):
    """A text of ours: its links are meant to be followed."""

    __slots__ = ()


@pass_eval_context
def visible(context: EvalContext, value: object) -> object:
    """A value without characters that hide or turn around what stands beside them.

    In HTML the links in it are no links: mail programs make what looks like one clickable, and
    nothing that a stranger wrote may look like a button of ours.
    """
    if type(value) is not str:  # markup was made of clean values
        return value
    return unlinked(_clean(value)) if context.autoescape else _clean(value)


def unlinked(value: str) -> str:
    """Text whose addresses of pages are read as before, but not taken for links."""
    if ":" not in value and "." not in value:
        return value
    return _LINK.sub(lambda link: _JOINT.sub(rf"\g<0>{_APART}", link[0]), value)


def inline(value: str, most: int = 0) -> str:
    """A value on one line; cut after `most` characters, where told."""
    line = " ".join(_clean(value).split())
    return f"{line[: most - 1].rstrip()}…" if most and len(line) > most else line


def brief(value: str, most: int = 60) -> str:
    """What of a stranger's words may stand in a subject: few, plain, citing no folio."""
    return inline(_ODD.sub(" ", _FOLIO.sub(" ", inline(value))), most)


def breaks(value: str) -> Markup:
    """Text in HTML, escaped, its line breaks kept."""
    lines = unlinked(_clean(value)).strip("\n").split("\n")
    return Markup("<br>\n").join(escape(line) for line in lines)


def marked(value: str, mark: str = "    ") -> str:
    """Text with a mark before every line, so that it cannot pass for ours; nothing is wrapped."""
    lines = _clean(value).strip("\n").split("\n")
    return "\n".join(f"{mark}{line}".rstrip() for line in lines)


def wrap(text: str, indent: str = "") -> str:
    """Prose as paragraphs of at most WIDTH columns, `indent` before all lines but the first."""
    return "\n\n".join(_filled(p.split(), indent) for p in _PARAGRAPH.split(text.strip()))


def adds(evidence: str, value: str) -> bool:
    """Whether a quotation tells more than the value read from it."""
    return bool(evidence.strip()) and inline(value).casefold() not in inline(evidence).casefold()


def capital(value: str) -> str:
    """A sentence with a capital at its start."""
    return value[:1].upper() + value[1:]


def tidy(text: str) -> str:
    """A text body: one blank line at most twice in a row, one line end at its end."""
    return re.sub(r"\n{4,}", "\n\n\n", text).strip() + "\n"


def mailto(address: str, subject: str, body: str) -> str:
    """A `mailto:` link that opens a mail with the command already written (RFC 6068)."""
    body = body.replace("\n", "\r\n")
    return Own(f"mailto:{quote(address, safe='@+')}?subject={quote(subject)}&body={quote(body)}")


def _filled(words: list[str], indent: str) -> str:
    lines, line = [], ""
    for word in words:
        if line and len(line) + 1 + len(word) > WIDTH:
            lines.append(line)
            line = indent + word
        else:
            line = f"{line} {word}" if line else word
    return "\n".join([*lines, line])


def _clean(value: str) -> str:
    if (value.isascii() and value.isprintable()) or not _SPECIAL.search(value):
        return value
    return _UNSEEN.sub("", LINE_END.sub("\n", value))


FILTERS = (inline, brief, breaks, marked, wrap, adds, capital)
