"""Where an earlier message begins: attribution lines, header blocks, separators.

All patterns work on single folded lines of bounded length; none can run away.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.mail.parsing.lines import Line
from bot.mail.parsing.words import fold

# Labels of the header block that Outlook, Gmail, Zimbra, Thunderbird and others write above the
# message they quote or forward, by what they tell.
_ROLES = {
    "from": ("de", "from", "remitente", "von", "da"),
    "sent": ("enviado", "enviado el", "enviada el", "enviados", "sent", "fecha de envio"),
    "date": ("fecha", "date", "fecha y hora"),
    "to": ("para", "to", "a", "cc", "cco", "bcc", "con copia", "con copia para"),
    "subject": ("asunto", "subject"),
    "other": ("importancia", "importance", "prioridad", "priority", "datos adjuntos", "attachments",
              "archivos adjuntos", "adjuntos", "responder a", "reply-to", "categorias"),
}  # fmt: skip
_ROLE = {label: role for role, labels in _ROLES.items() for label in labels}
_LABEL = re.compile(r"[\s*_|]*([A-Za-zÁÉÍÓÚáéíóú-][^:*_<>@\t]{0,24}?)[\s*_]*:[*_]*(?:\s|$)")

_WROTE = r"(?:escribio|wrote|ha escrito|escribia|ecrit|escreveu|schrieb)"
_OPENING = re.compile(r"(?:el|on|al|le|em|am)\b|\d{4}-\d\d-\d\d|[-*]{2,4} ?(?:el|on) ")
_ENDING = re.compile(_WROTE + r"\s*:?[\s*\-]*$")
_MOMENT = re.compile(r"\d{1,2}[:.]\d{2}|\d{4}|\d{1,2}[/.-]\d{1,2}[/.-]\d{2}")
# "Ana <ana@x.mx> escribió:" and "Ana escribió el 28/06/21 a las 09:00:"
_AUTHOR_FIRST = re.compile(
    r"[^:]{2,120}<[^<>\s]{3,200}>.{0,60}" + _WROTE + r".{0,60}:\s*$"
    r"|[^:]{2,120} " + _WROTE + r" (?:el|on|en|a las)\b.{0,60}\d.{0,30}:\s*$"
)
_FORWARD = re.compile(
    r"(?:begin forwarded message|(?:inicio|comienzo|principio) del mensaje reenviado"
    r"|empieza el mensaje reenviado|mensaje reenviado|forwarded message|correo reenviado"
    r"|forwarded by|reenviado por)\b(.{0,80})$"
)
_ORIGINAL = re.compile(r"(?:mensaje original|original message|correo original)\b(.{0,60})$")
_RULE = re.compile(r"[_\-=*\u2014\u2013]{8,}$")
_DASHES = re.compile(r"[\-=*_\u2014\u2013]{2,}\s*")

# A cheap look at a raw line: what cannot pass here is no opening.
_MAYBE = re.compile(
    r"[\s*_|]*(?:el|on|al|le|em|am|de|from|enviad[oa]s?|sent|fecha|date|para|to|asunto|subject"
    r"|remitente|von|da|begin|inicio|comienzo|principio|empieza|mensaje|forwarded|correo|reenviado"
    r"|original|cco?|bcc)\b|\s*[-_=*\u2014\u2013]{2}|\s*\d{4}-\d\d",
    re.IGNORECASE,
)
_VERBS = ("scrib", "wrote", "scrito", "crit", "screve", "chrieb")

MAX_LINE = 600  # a longer line is prose
_WRAPPED = 4  # lines over which a program breaks an attribution
_BLOCK = 30  # lines of the longest header block


@dataclass(frozen=True, slots=True)
class Opening:
    """The lines that introduce an earlier message: up to line `end`, exclusive.

    `style` is "wrote" for an attribution, "headers" for a header block. `forward` is True where the
    lines say so, None where they leave it open. `author` is the text of the From line, folded.
    """

    end: int
    style: str
    forward: bool | None = None
    author: str = ""


def opening(lines: Sequence[Line], at: int) -> Opening | None:
    """The opening that starts at line `at`, or None."""
    line = lines[at].text
    if len(line) >= MAX_LINE:
        return None
    if not _MAYBE.match(line) and not any(verb in line for verb in _VERBS):
        return None
    text = fold(line).strip()
    return _separated(lines, at, text) or header_block(lines, at) or _attribution(lines, at, text)


def _separated(lines: Sequence[Line], at: int, text: str) -> Opening | None:
    """A separator: one that says what it is, or a rule with a header block below."""
    dashes = _DASHES.match(text)
    words = text[dashes.end() :] if dashes else text
    for pattern, forward in ((_FORWARD, True), (_ORIGINAL, None)):
        match = pattern.match(words)
        # In prose ("mensaje reenviado por mi jefa") there are no dashes and more words.
        if match and (dashes or match[1].strip() in ("", ":")):
            below = _skip_blank(lines, at + 1)
            block = header_block(lines, below, sure=True)
            if block is None and not dashes and match[1].strip() != ":":
                return None
            end, author = (block.end, block.author) if block else (at + 1, "")
            return Opening(end, "headers", forward, author)
    if _RULE.match(text):
        block = header_block(lines, _skip_blank(lines, at + 1))
        return block and Opening(block.end, "headers", None, block.author)
    return None


def header_block(lines: Sequence[Line], at: int, *, sure: bool = False) -> Opening | None:
    """A block of header lines from `at` on; `sure` where something else says that it is one.

    A memorandum ("De: … Para: … Asunto: …") looks alike: without an address in the From line, or
    a line that tells when it was sent, it is somebody's text.
    """
    roles: dict[str, str] = {}
    last = ""
    end = at
    for number in range(at, min(at + _BLOCK, len(lines))):
        text = lines[number].text
        role = label_role(text)
        if lines[number].level != lines[at].level:
            break
        if role:
            roles.setdefault(role, text)
            last, end = role, number + 1
        elif not text.strip():
            below = _skip_blank(lines, number)
            spaced = below < len(lines) and label_role(lines[below].text)
            if not roles or not spaced or "subject" in roles or below - number > 1:
                break
        elif not (roles and _continues(last, lines[number - 1].text, text)):
            break
        else:
            end = number + 1
    author = fold(roles.get("from", ""))
    if "from" not in roles or len(roles) < (2 if sure else 3):
        return None
    if not sure and "sent" not in roles and "@" not in author:
        return None
    return Opening(end, "headers", None, author)


def label_role(text: str) -> str:
    """What a line of a header block tells ("from", "to", …), or nothing."""
    match = _LABEL.match(text[:60])
    return _ROLE.get(fold(match[1]).strip(), "") if match else ""


def _continues(last: str, before: str, text: str) -> bool:
    """Whether a line without a label goes on with the one before it."""
    if last in ("to", "from") and (before.rstrip().endswith((",", ";", "<")) or "@" in text[:200]):
        return len(text) < 300
    return text[:1] in (" ", "\t", "<") and len(text) < 300 and last != "other"


def _attribution(lines: Sequence[Line], at: int, text: str) -> Opening | None:
    """ "El lun, 28 jun 2021 a las 09:00, Ana (<ana@x.mx>) escribió:", on one to four lines."""
    if _AUTHOR_FIRST.match(text):
        return Opening(at + 1, "wrote", author=text)
    if not _OPENING.match(text):
        return None
    joined = ""
    for number in range(at, min(at + _WRAPPED, len(lines))):
        line = lines[number]
        if not line.text.strip() or line.level != lines[at].level:
            return None
        joined = f"{joined} {fold(line.text[:MAX_LINE]).strip()}"
        if _ENDING.search(joined[-40:]):
            sure = _MOMENT.search(joined) and (joined.endswith((":", "-")) or "@" in joined)
            return Opening(number + 1, "wrote", author=joined) if sure else None
        if len(joined) > MAX_LINE:
            return None
    return None


def _skip_blank(lines: Sequence[Line], at: int) -> int:
    while at < len(lines) and not lines[at].text.strip():
        at += 1
    return at
