"""Header blocks above earlier messages ("De: … Enviado: … Para: … Asunto: …"), and separators.

All patterns work on single folded lines of bounded length; none can run away.
"""

import re
from collections.abc import Sequence

from bot.mail.parsing.lines import TextLine
from bot.mail.parsing.opening import Opening, Place, skip_blank
from nlp.text.fold import fold

# Labels of the header block that mail programs write above the message they quote or forward, by
# what they tell: Spanish and English, then what a program in another language writes.
_ROLES = {
    "from": ("de", "from", "remitente", "von", "da", "van", "fra", "fran", "od", "expediteur",
             "от кого", "от", "发件人"),
    "sent": ("enviado", "enviado el", "enviada el", "enviados", "sent", "fecha de envio",
             "gesendet", "envoye", "inviato", "verzonden", "sendt", "skickat", "wyslano",
             "enviada em", "envoye le", "message du", "отправлено", "发送时间"),
    "date": ("fecha", "date", "fecha y hora", "datum", "data", "dato", "дата"),
    "to": ("para", "to", "a", "cc", "cco", "bcc", "con copia", "con copia para", "an", "aan", "til",
           "till", "do", "destinataire", "copie a", "copia a", "кому", "收件人"),
    "subject": ("asunto", "subject", "betreff", "objet", "oggetto", "onderwerp", "emne", "amne",
                "temat", "assunto", "sujet", "тема", "主题"),
    "other": ("importancia", "importance", "prioridad", "priority", "datos adjuntos", "attachments",
              "archivos adjuntos", "adjuntos", "responder a", "reply-to", "categorias", "risposta",
              "beantwoorden - aan", "repondre a"),
}  # fmt: skip
_ROLE = {label: role for role, labels in _ROLES.items() for label in labels}
_LABEL = re.compile(r"[\s*_|]*([^\W\d_][^:：*_<>@\t]{0,24}?)[\s*_]*[:：](?!//)")
_TIME = re.compile(r"\d{1,2}[:.]\d{2}")
_PRIVATE = re.compile(r"[^\W\d_][^@<>]{0,80}<?[^\s<>@]{1,64}@[^\s<>]{1,200}>?\s*$")
_DATE_ALONE = re.compile(r"\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4},? \d{1,2}:\d\d.{0,20}$")

_FORWARD = re.compile(
    r"(?:begin forwarded message|пересылаемое сообщение"
    r"|(?:inicio|comienzo|principio) del mensaje reenviado"
    r"|empieza el mensaje reenviado|mensaje reenviado|forwarded message|correo reenviado"
    r"|forwarded by|reenviado por|debut du message transfere|message transfere)\b(.{0,80})$"
)
_ORIGINAL = re.compile(
    r"(?:mensaje original|original message|correo original|reply message|mensaje anterior"
    r"|(?:(?:inicio|comienzo|principio) del )?mensaje citado"
    r"|mensaje de respuesta|ursprungliche nachricht|antwort nachricht|message d'origine"
    r"|oprindelig besked|message original|messaggio originale|mensagem original|原始邮件"
    r"|(?:mensaje de|message from) .{3,120}?(?=[ \-]*$))(.{0,60})$"
)
_RULE = re.compile(r"[_\-=*\u2014\u2013\u2010]{8,}$")
_DASHES = re.compile(r"[\-=*_\u2014\u2013\u2010]{2,}\s*")
_BLOCK = 30  # lines of a header block
_LONGEST_BLOCK = 2_000  # of one that shows whom it went to


def separated(place: Place) -> Opening | None:
    """A separator: one that says what it is, or a rule with a header block below."""
    lines, at, text = place.lines, place.at, place.folded
    dashes = _DASHES.match(text)
    if dashes and place.sentences[1:] and place.sentences[1].dashed:  # broken over two lines
        at, text = at + 1, f"{text} {fold(lines[at + 1].text).strip()}"
    words = text[dashes.end() :] if dashes else text
    for pattern, forward in ((_FORWARD, True), (_ORIGINAL, None)):
        match = pattern.match(words)
        # In prose ("mensaje reenviado por mi jefa") there are no dashes and more words.
        if match and (dashes or match[1].strip() in ("", ":")):
            below = skip_blank(lines, at + 1)
            block = _block(place, below, sure=True)
            closed = bool(dashes) and words.endswith(("-", "‐", "—", "_", "=", "*"))
            if block is None and not closed and match[1].strip() != ":":
                return None
            end, author = (block.end, block.author) if block else (at + 1, "")
            return Opening(end, "headers", forward, author)
    if _RULE.match(text):
        block = _block(place, skip_blank(lines, at + 1))
        return block and Opening(block.end, "headers", None, block.author)
    return None


def header_block(place: Place) -> Opening | None:
    """A block of header lines from a line on.

    A memorandum ("De: … Para: … Asunto: …") looks alike: without an address in the From line, or
    a line that tells when it was sent, it is somebody's text.
    """
    return _block(place, place.at) if label_role(place.line.text) else None


def stacked(place: Place) -> Opening | None:
    """The head of Notes: an author, a moment, and labels each above what it tells."""
    lines, at = place.lines, place.at
    private = "@" in place.folded and _PRIVATE.match(place.folded)
    if not (private or place.layout.names_recipient(place.folded)):
        return None
    below = skip_blank(lines, at + 1)
    if below >= len(lines) or not _DATE_ALONE.match(fold(lines[below].text[:80]).strip()):
        return None
    labels = [
        number
        for number in range(below + 1, min(below + _BLOCK, len(lines)))
        if fold(lines[number].text[:30]).strip(" :*") in _ROLE
    ]
    told = {_ROLE[fold(lines[number].text[:30]).strip(" :*")] for number in labels}
    if not {"to", "subject"} <= told:
        return None
    end = skip_blank(lines, labels[-1] + 1) + 1
    return Opening(min(end, len(lines)), "headers", None, place.folded)


def _block(place: Place, at: int, *, sure: bool = False) -> Opening | None:
    """The block that starts at line `at`; `sure` where something else says that it is one.

    Only what is one for certain is followed through hundreds of lines of recipients.
    """
    found = _scanned(place, at, _BLOCK, sure=sure)
    if found is None or found.end < at + _BLOCK:
        return found
    return _scanned(place, at, _LONGEST_BLOCK, sure=sure)


def _scanned(place: Place, at: int, most: int, *, sure: bool) -> Opening | None:
    lines = place.lines
    roles: dict[str, str] = {}
    last = ""
    end = at
    for number in range(at, min(at + most, len(lines))):
        text = lines[number].text
        role = label_role(text)
        if lines[number].level != lines[at].level:
            break
        if role:
            roles.setdefault(role, text)
            last, end = role, number + 1
        elif not text.strip():
            below = skip_blank(lines, number)
            spaced = below < len(lines) and label_role(lines[below].text)
            if not roles or not spaced or "subject" in roles or below - number > 1:
                break
        elif not (
            roles
            and (
                _continues(last, lines[number - 1].text, text)
                or any(label_role(line.text) for line in lines[number + 1 : number + 2])
            )  # below the end of a long value
        ):
            break
        else:
            end = number + 1
    author = fold(roles.get("from", ""))
    if "from" not in roles or len(roles) < (2 if sure else 3):
        return None
    told = "sent" in roles or "@" in author or _TIME.search(roles.get("date", ""))
    if not sure and not told and not place.layout.names_recipient(author):
        return None
    return Opening(end, "headers", None, author)


def label_role(text: str) -> str:
    """What a line of a header block tells ("from", "to", …), or nothing."""
    match = _LABEL.match(text[:60])
    return _ROLE.get(fold(match[1]).strip(), "") if match else ""


def label_of(text: str) -> tuple[str, str]:
    """The same with what stands behind the label; two empty strings where there is none."""
    match, role = _LABEL.match(text[:60]), label_role(text)
    return (role, text[match.end() :].strip(" *\t")) if match and role else ("", "")


def _continues(last: str, before: str, text: str) -> bool:
    """Whether a line without a label goes on with the one before it."""
    if last in ("to", "from") and (before.rstrip().endswith((",", ";", "<")) or "@" in text[:200]):
        return len(text) < 300
    return text[:1] in (" ", "\t", "<") and len(text) < 300 and last != "other"


def has_labels(lines: Sequence[TextLine]) -> bool:
    """Whether any of the lines is one of a header block."""
    return any(label_role(line.text) for line in lines)
