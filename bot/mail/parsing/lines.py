"""A text part as lines that know how deep they are quoted."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import groupby

from bot.mail.documents.tables import HINT_MARK
from bot.mail.parsing.structure import TextPart
from nlp.text.fold import clean
from nlp.text.links import one_address, without_targets

_MARKS = re.compile(r"(?:>[ ]?)+(?!From )")
# GroupWise sets its attribution between arrows, which are no marks of a quote.
_ARROWS = re.compile(r">>> ?(?!>)(?:.{3,300}>>>\s*$|.{0,80}\bin message <)", re.IGNORECASE)
_ANGLE = re.compile(r"[ ]?<(mailto:)?([^<>\s@]{1,64}@[^<>\s]{1,250})>")
_BEHIND_WORDS = re.compile(r"(?<=[\w)»*\"])[ ]?<mailto:[^<>\s]{1,300}>", re.IGNORECASE)
_MENTION = re.compile(r"(?<![\w.])@[^\W\d][^<>@]{0,60}$")
_TELLS_OF_MAIL = re.compile(
    r"^\W*(?:de|from|para|to|cco?|bcc|von|an|responder a|reply-to|organi[zs]ador|organizer)\s?:"
    r"|;|\d:\d\d|wrote|escribi[oó]",
    re.IGNORECASE,
)
_ADDRESS_END = re.compile(r"([\w.+'-]{1,64}@[\w.-]{1,200})\*?$")
# What stands in the plain part for a picture of the HTML part.
_PICTURE = re.compile(
    r"\[(?:cid:|image: ?|imagen: ?)[^\]\n]{0,300}\]"
    r"|\[https?://[^\]\s]{1,300}\.(?:png|jpe?g|gif)[^\]\s]{0,200}\](?:<[^<>\s]{1,500}>)?"
)
_EMPHASIS = re.compile(r"(?<!\w)\*(?=\S)|(?<=\S)\*(?!\w)")
_REST_OF_LINK = re.compile(
    r"\s*(?:\(?https?://\S{1,500}\)?[ >]{0,3}|[^\s=]{0,300}=[^\s)]{1,300}\))$"
)
# What our form in Word explains below a question, on a line of its own or behind it.
HINT = re.compile(rf"(?:\n[ >]{{0,20}}|\s?){HINT_MARK} [^\t\n]{{0,300}}")
_DRAWN = frozenset("-_=*~#")  # a rule ends so, no sentence that is broken off
_NEW_ITEM = re.compile(r"[-–•*·>|#]|\d{1,3}[.)]|[a-zA-Z][.)]\s|.{1,60}?(?:[:=\t]|\s{2}| [-–] )")


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of text; `level` counts the quotes round it, `hint` is what its markup says it is.

    `copied`: it repeats a line of the mail that is answered.
    """

    text: str
    level: int = 0
    hint: str = ""  # "attribution", "signature" or nothing
    copied: bool = False


def plain_lines(part: TextPart) -> list[TextLine]:
    """The lines of a text/plain part: flowed lines joined, quote marks counted and removed."""
    lines = HINT.sub("", clean(part.text)).split("\n")
    if part.flowed:
        return _tidy(_flowed(lines, part.delsp))
    marked = [_marked(line, after) for line, after in zip(lines, [*lines[1:], ""], strict=True)]
    return _tidy(_mended(marked))


def _marked(line: str, after: str = "") -> TextLine:
    match = _MARKS.match(line)
    wrapped = not after.startswith(">") and _ARROWS.match(f"{line} {after}")
    if match is None or _ARROWS.match(line) or wrapped:
        return TextLine(line.rstrip())
    return TextLine(line[match.end() :].rstrip(), match[0].count(">"))


def _mended(lines: list[TextLine]) -> list[TextLine]:
    """With what a program broke off the end of a quoted line, and forgot to mark, put back."""
    mended: list[TextLine] = []
    for number, line in enumerate(lines):
        before = mended[-1] if mended else line
        after = lines[number + 1] if number + 1 < len(lines) else line
        between = not line.level and before.level and after.level
        torn = line.text[:1].islower() and len(before.text) > 50
        if between and (torn or _REST_OF_LINK.match(line.text)):
            mended[-1] = replace(before, text=f"{before.text} {line.text}")
        else:
            mended.append(line)
    return mended


def _flowed(lines: Iterable[str], delsp: bool) -> list[TextLine]:
    """Lines of format=flowed, put together as RFC 3676, section 4 says."""
    found: list[TextLine] = []
    runs: list[str] = []  # the pieces of the line that is not at its end yet
    level = 0
    for line in lines:
        rest = line.lstrip(">")
        depth = len(line) - len(rest)
        rest = rest.removeprefix(" ")  # space-stuffed
        if runs and (depth != level or rest == "-- "):
            found.append(TextLine("".join(runs).rstrip(), level))
            runs = []
        level = depth
        if rest.endswith(" ") and rest != "-- ":
            runs.append(rest[:-1] if delsp else rest)
            continue
        found.append(TextLine(("".join(runs) + rest).rstrip(), level))
        runs = []
    if runs:
        found.append(TextLine("".join(runs).rstrip(), level))
    return [_deeper(line) for line in found]


def _deeper(line: TextLine) -> TextLine:
    """Marks written apart ("> >") are no marks to RFC 3676, but people's programs write them."""
    inner = _marked(line.text) if line.level else line
    return replace(line, text=inner.text, level=line.level + inner.level) if line.level else line


def _tidy(lines: list[TextLine]) -> list[TextLine]:
    """Without what programs add when they turn HTML to text: doubled links, picture names."""
    tidied: list[TextLine] = []
    for line in lines:
        text = line.text
        if "@" in text:
            text = one_address(text)
        elif ":" in text and tidied and tidied[-1].level == line.level:
            text = _without_link(tidied[-1].text, text)
        if "<" in text and "@" in text:
            text = _ANGLE.sub(_no_echo, _typed(text, tidied[-1].text if tidied else "", line.level))
            if text.lstrip().startswith("<") and tidied and tidied[-1].level == line.level:
                text = _without_echo(tidied[-1].text, text)
        if "[" in text:
            text = _PICTURE.sub("", text)
        if text or not line.text:
            tidied.append(line if text is line.text else replace(line, text=text.rstrip()))
    return tidied


def _typed(text: str, above: str, level: int) -> str:
    """`text` without the addresses of links behind words ("escríbanos<mailto:a@x.mx>"), which
    nobody sees; people who are mentioned keep theirs, as does what tells of an earlier mail."""
    told = level or above.rstrip().endswith((";", ",")) or _TELLS_OF_MAIL.search(text[:400])
    return text if told else _BEHIND_WORDS.sub(_mentioned, text)


def _mentioned(link: re.Match[str]) -> str:
    return link[0] if _MENTION.search(link.string, max(0, link.start() - 70), link.start()) else ""


def _no_echo(match: re.Match[str]) -> str:
    """Nothing for an address in brackets that repeats the one before them ("a@x.mx <a@x.mx>"), and
    for a link that writes a mail by itself ("<mailto:a@x.mx?subject=…>")."""
    link, address = match[1], match[2]
    if link and "?" in address:
        return ""
    before = match.string[max(0, match.start() - len(address) - 1) : match.start()]
    if before.rstrip("*").lower().endswith(address.lower()):
        return ""
    return f" <{address}>" if link else match[0]


def _without_echo(before: str, text: str) -> str:
    """`text` without "<address>" at its head where the line before ends with that address."""
    shown = _ADDRESS_END.search(before[-300:])
    stripped = text.lstrip()
    if shown and stripped.lower().startswith(f"<{shown[1].lower()}>"):
        return stripped[len(shown[1]) + 2 :]
    return text


def _without_link(before: str, text: str) -> str:
    """`text` without the link at its head where the line before ends with an address."""
    linked = text.lstrip()[:1] in ("<", "[", "(") and _ADDRESS_END.search(before[-300:])
    return without_targets(text).lstrip() if linked else text


def without_emphasis(lines: list[TextLine]) -> list[TextLine]:
    """Without the asterisks that stand for bold; bullets ("* one") stay."""
    return [
        replace(line, text=_EMPHASIS.sub("", line.text)) if "*" in line.text else line
        for line in lines
        if line.text.strip() != "*"
    ]


def unwrap(lines: list[TextLine], whole: str = "") -> list[TextLine]:
    """Put lines together that a program broke at a margin.

    With `whole`, the same text unbroken (of the HTML part), only what stands there on one line.
    Without, a line was broken where the next word would not have fitted into the margin.
    """
    margins = [] if whole else _margins(lines)
    often = sum(1 for line in lines if 60 < len(line.text) <= 80) > 2
    joined: list[TextLine] = []
    last = 0  # how long the last line was before anything was added to it
    for number, line in enumerate(lines):
        before, text = joined[-1] if joined else TextLine(""), line.text
        broken = False
        if text and last >= 40 and line.level == before.level and before.text[-1:] not in _DRAWN:
            if whole:
                broken = f"{before.text[-40:]} {text[:30]}" in whole
            elif 66 <= margins[number] <= 80 and _goes_on(text, often):
                broken = last + 1 + len(text.split(" ", 1)[0]) > margins[number]
        if broken:
            joined[-1] = replace(before, text=f"{before.text} {text}")
        else:
            joined.append(line)
        last = len(text)
    return joined


def _goes_on(text: str, often: bool) -> bool:
    """Whether a line may be the rest of the one above, and no item of a list or form.

    A capital begins a sentence of its own, unless lines are broken so `often` that it is prose.
    """
    fits = (text[0].isalnum() or text[0] in "¿¡(\"'«“‘") and not _NEW_ITEM.match(text)
    return fits and (often or not text[0].isupper())


def _margins(lines: list[TextLine]) -> list[int]:
    """For each line the length of the longest one of its paragraph."""
    margins: list[int] = []
    for (filled, _), group in groupby(lines, key=lambda line: (bool(line.text), line.level)):
        lengths = [len(line.text) for line in group]
        margins += [max(lengths) if filled else 0] * len(lengths)
    return margins
