"""Which parts of a message count as its content, as runs of lines to read."""

import re
from dataclasses import dataclass

from nlp.fields.labels import Labels
from nlp.text.fold import fold, readable
from nlp.text.lines import Line, segments
from nlp.types import Block, BlockKind, Message

_MOST_LINES = 1500  # a form is found in the first lines of a sheet or nowhere


@dataclass(frozen=True, slots=True)
class Body:
    """Lines to read and their source; `quoted_counts` where answers stand on a quoted form."""

    lines: tuple[Line, ...]
    source: str
    quoted_counts: bool = False
    forwarded: bool = False


MOST_GLUED = 20_000  # characters that are searched for labels run into answers
WRAPPED = 45  # characters; shorter pieces of a line may be somebody's correction

_TEMPLATE = re.compile(
    r"siguiente formato|creacion / restablecimiento|necesitamos|necesito|favor de "
    r"(?:llenar|contestar|completar|responder)|responder a este correo|por que no bastan los"
    r" canales existentes|datos (?:que faltan|faltantes|siguientes)|siguientes datos|inicio, fin"
    r"|indique|llene|complete"
)
_ANSWERED = re.compile(
    r"\b(?:contest|respond|respuesta|llen[eoa]|complet|relleno|rellen|entre lineas|mismo "
    r"formato|sobre el (?:original|mismo|correo|suyo)|aqui (?:mismo|abajo|arriba)|abajo"
    r"|arriba|en (?:azul|rojo|negritas|mayusculas)|va el formato|intercal)"
)


def bodies_of(message: Message, labels: Labels, handed: bool = True) -> list[Body]:
    """The runs of lines that count: a forwarded mail where it is `handed` over, the message's own,
    attachments."""
    own = _own(message, labels)
    forward = _forwarded(message.blocks, labels) if handed else ()
    bodies = [Body(forward, "text", forwarded=True)] if forward else []
    if own.lines or not forward:  # the subject may say all
        bodies.append(own if own.lines else Body((Line(""),), "text"))
    return bodies + [
        Body(_lines(document.text, labels)[:_MOST_LINES], document.name)
        for document in message.documents
    ]


def _lines(text: str, labels: Labels) -> tuple[Line, ...]:
    """The lines of a text; where labels run into the answers before them, each on its own."""
    text = readable(text)
    if len(_COLON.findall(text[:MOST_GLUED])) >= 3:
        text = _COLON.sub(": ", text[:MOST_GLUED]) + text[MOST_GLUED:]
    if len(labels.glued.findall(text[:MOST_GLUED])) >= 3:
        text = labels.glued.sub("\n", text[:MOST_GLUED]) + text[MOST_GLUED:]
    return tuple(Line(line) for line in text.split("\n"))


_COLON = re.compile(r"(?<=\w) dos puntos (?=\w)", re.IGNORECASE)  # as it is dictated


class _Sent:
    """The mail that a message answers, to tell what is quoted from it unchanged."""

    def __init__(self, text: str) -> None:
        self._lines = frozenset(fold(line) for line in readable(text).split("\n"))
        self._whole = " ".join(fold(text).split())

    def holds(self, line: str) -> bool:
        """Whether a line stands there, whole or as a long piece: clients wrap what they quote."""
        folded = fold(line)
        return folded in self._lines or (len(folded) >= WRAPPED and folded in self._whole)


def _own(message: Message, labels: Labels) -> Body:
    lines: list[Line] = []
    sent = _Sent(message.answered)
    for block in message.blocks:
        if block.kind is BlockKind.NEW:
            lines += _lines(block.text, labels)
        elif block.kind is BlockKind.QUOTE:
            lines += [
                Line(text, quoted=True, copied=sent.holds(text))
                for text in readable(block.text).split("\n")
            ]
        elif lines:
            lines.append(Line(""))
    counts = not quotes_another(message) and _quote_counts(lines, labels)
    return Body(tuple(lines), "text", quoted_counts=counts)


def quotes_us(message: Message) -> bool:
    """Whether the mail that is quoted, or what introduces it, names us."""
    quoted = [b.text for b in message.blocks if b.kind in (BlockKind.QUOTE, BlockKind.ATTRIBUTION)]
    return any(name in it or name in it.lower() for name in message.ours for it in quoted)


def quotes_another(message: Message) -> bool:
    """Whether a line tells who wrote what is quoted, and it is neither us nor the writer."""
    lines = [b.text for b in message.blocks if b.kind is BlockKind.ATTRIBUTION and "@" in b.text]
    hers = bool(message.sender) and any(message.sender in line for line in lines)
    return bool(lines) and not hers and not quotes_us(message)


def _quote_counts(lines: list[Line], labels: Labels) -> bool:
    """Whether the answers on the lines of the quoted form are the sender's."""
    if not any(line.quoted for line in lines):
        return False
    typed = fold("\n".join(line.text for line in lines if not line.quoted))
    quoted = fold("\n".join(line.text for line in lines if line.quoted))
    told = _TEMPLATE.search(quoted) or _ANSWERED.search(typed)
    if not told:
        return False
    own = sum(
        any(s.label is not None and s.answer.strip() for s in segments(line.text, labels))
        for line in lines
        if not line.quoted
    )
    return own < 4


def _forwarded(blocks: tuple[Block, ...], labels: Labels) -> tuple[Line, ...]:
    """The lines of the forwarded mails."""
    return tuple(
        line
        for block in blocks
        if block.kind is BlockKind.FORWARD and block.text.strip()
        for line in _lines(block.text, labels)
    )
