"""Which parts of a message count as its content, as runs of lines to read."""

from __future__ import annotations

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


WRAPPED = 45  # characters; shorter pieces of a line may be somebody's correction

_HANDED_OVER = re.compile(
    r"\b(?:reenv(?:io|ia|iamos)|remito|turno|canalizo|traslado|hago llegar|hace llegar|hacen "
    r"llegar|me llego|me paso|me pasaron"
    r"|paso|comparto|mando|dejo|envio|adjunto)\b.{0,60}\b(?:solicitud|peticion|formato"
    r"|requerimiento|mensaje|correo|necesita|datos)"
    r"|\b(?:atender|tramitar|dar (?:tramite|curso|seguimiento|atencion)|procesar"
    r"|revisar)\b.{0,60}\b(?:abajo|solicitud|peticion|siguiente|esto|correo)"
    r"|\b(?:lo|la|el correo|la solicitud|la peticion|los datos|el mensaje|el formato) (?:de"
    r"|que (?:viene|esta|sigue|va)|que aparece) (?:mas )?(?:abajo|enseguida|a continuacion)"
    r"|\bver (?:mas )?abajo|\bfyi\b|\bpara (?:su|lo que) (?:tramite|atencion|proceda)"
    r"|\bsolicitud (?:que|de)\b|\bdatos (?:de|van) abajo|\blo de abajo"
)
_BACKGROUND = re.compile(
    r"\b(?:(?:aviso|comunicado|invitacion|convocatoria|cartel|boletin|circular|nota"
    r"|lineamientos) (?:de|que \w+) abajo"
    r"|les? llego|recibieron|si (?:ya )?(?:hay|tienen) respuesta|rebot\w+|con base en|de "
    r"acuerdo con el (?:aviso|correo)|como (?:ven|pueden ver|referencia|antecedente)"
    r"|antecedente|evidencia|a raiz d|en seguimiento|estatus|status|no he (?:tenido"
    r"|recibido))"
)
_TEMPLATE = re.compile(
    r"siguiente formato|creacion / restablecimiento|necesitamos|necesito|favor de (?:llenar"
    r"|contestar|completar|responder)|responder a este correo|por que no bastan los canales "
    r"existentes"
    r"|datos (?:que faltan|faltantes|siguientes)|siguientes datos|inicio, fin|indique|llene"
    r"|complete"
)
_ELSEWHERE = re.compile(
    r"\basi (?:lo )?(?:lleno|llenaron|quedo)|ejemplo|fue (?:aprobada|rechazada|autorizada)"
    r"|recibimos su (?:solicitud|formato)|como referencia|muestra"
)
_ANSWERED = re.compile(
    r"\b(?:contest|respond|respuesta|llen[eoa]|complet|relleno|rellen|entre lineas|mismo "
    r"formato|sobre el (?:original|mismo|correo|suyo)|aqui (?:mismo|abajo|arriba)|abajo"
    r"|arriba|en (?:azul|rojo|negritas|mayusculas)|va el formato|intercal)"
)


def bodies_of(message: Message, labels: Labels) -> list[Body]:
    """The runs of lines that count, the message's own first, then attachments."""
    own = _own(message, labels)
    bodies = [own] if own.lines else []
    forward = _forwarded(message.blocks)
    if forward:
        bodies.insert(0, Body(forward, "text", forwarded=True))
    for document in message.documents:
        lines = tuple(Line(text) for text in readable(document.text).split("\n"))
        bodies.append(Body(lines[:_MOST_LINES], document.name))
    return bodies


def new_text(blocks: tuple[Block, ...]) -> str:
    """What the sender typed."""
    return "\n".join(b.text for b in blocks if b.kind is BlockKind.NEW)


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
    has_quote = False
    sent = _Sent(message.answered)
    for block in message.blocks:
        if block.kind is BlockKind.NEW:
            lines += [Line(text) for text in readable(block.text).split("\n")]
        elif block.kind is BlockKind.QUOTE:
            has_quote = True
            lines += [
                Line(text, quoted=True, copied=sent.holds(text))
                for text in readable(block.text).split("\n")
            ]
        elif lines:
            lines.append(Line(""))
    if not has_quote:
        return Body(tuple(lines), "text")
    counts = _quote_counts(lines, labels)
    return Body(tuple(lines), "text", quoted_counts=counts)


def _quote_counts(lines: list[Line], labels: Labels) -> bool:
    """Whether the answers on the lines of the quoted form are the sender's."""
    typed = fold("\n".join(line.text for line in lines if not line.quoted))
    quoted = fold("\n".join(line.text for line in lines if line.quoted))
    if _ELSEWHERE.search(quoted):
        return False
    own = sum(
        any(s.label is not None and s.answer.strip() for s in segments(line.text, labels))
        for line in lines
        if not line.quoted
    )
    if own >= 4:
        return False
    return bool(_TEMPLATE.search(quoted) or _ANSWERED.search(typed))


def _forwarded(blocks: tuple[Block, ...]) -> tuple[Line, ...]:
    """The lines of a mail that the sender hands over as the request."""
    forwards = [b for b in blocks if b.kind is BlockKind.FORWARD and b.text.strip()]
    if not forwards:
        return ()
    typed = fold(readable(new_text(blocks)))
    words = len(re.findall(r"\w{2,}", typed))
    handed = words < 4 or (_HANDED_OVER.search(typed) and not _BACKGROUND.search(typed))
    if not handed:
        return ()
    return tuple(Line(text) for b in forwards for text in readable(b.text).split("\n"))
