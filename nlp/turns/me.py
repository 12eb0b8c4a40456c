"""Answers that mean the writer: "yo", "la misma que escribe", "ver mi firma"."""

import re

from nlp.fields.labels import Labels
from nlp.fields.writer import writer_is_responsible
from nlp.text.fold import fold
from nlp.turns.mentions import mentions_in
from nlp.turns.people import people_in
from nlp.turns.sentences import sentences
from nlp.turns.types import Writer
from nlp.turns.writer import writer_of
from nlp.types import FieldKind, FieldValue, Part

_ME = re.compile(
    r"^\W*(?:(?:soy|sere|seria|seguire siendo|voy a ser|quedo|sigo siendo) )?(?:yo|yo mism[oa]"
    r"|un[ao]? servidora?|su servidora?|servidora?|(?:l[ao]|el|esta"
    r"|este)(?: mism[oa])?(?: (?:persona|que|quien|correo|de este correo))+ (?:escribe|suscribe"
    r"|firma|manda este correo|envia este correo|les escribe|esta escribiendo)|(?:el"
    r"|la) mism[oa] (?:de|desde) (?:este correo|el que escribo|donde escribo|mi firma)|este mismo"
    r"|esta misma|el mismo|desde (?:el|este) (?:que|correo)|quien (?:les )?(?:escribe|suscribe"
    r"|firma)|mi persona|conmigo|ver firma|este correo|(?:el |l[oa]s? )?mi[oa]s?|pong\w+me a mi"
    r"|(?:(?:l[oa]s?|el|es) ){0,2}(?:de|que)? ?(?:ya )?(?:aparece|viene|esta|pone|dice|figura"
    r"|va)?n? ?(?:de|en|abajo en|al pie de)? ?(?:mi|la|esta) firma)\b"
)


POINTS_TO_SIGNATURE = re.compile(r"\b(?:mi|la) firma\b")
_SIGNED = frozenset((Part.RESPONSIBLE, Part.POSITION, Part.EMAIL, Part.EXTENSION))


def as_signed(line: str, labels: Labels) -> list[str]:
    """A line with its sentences that point to the signature as an answer for each field that they
    name: "El puesto y la extensión son los de mi firma"."""
    if not POINTS_TO_SIGNATURE.search(fold(line)):
        return [line]
    answers: list[str] = []
    for one in sentences([line]):
        named = mentions_in(one.folded, labels) if POINTS_TO_SIGNATURE.search(one.folded) else []
        told = [one.text[m.start : m.end] for m in named if _SIGNED.issuperset(m.label.names)]
        whole = one.asks or " no " in one.folded or writer_is_responsible(one.text)
        answers += [one.text] if whole or not told else [f"{name}: de mi firma" for name in told]
    return answers


def says_me(text: str) -> bool:
    """Whether an answer means the writer: "yo", "la misma que escribe", "este mismo"."""
    folded = fold(text)
    return len(text.split()) <= 14 and _ME.match(folded) is not None and " no " not in folded


def of_writer(kind: FieldKind, writer: Writer) -> FieldValue | None:
    """What the writer's From and signature give to a field of this kind."""
    signed = writer_of(writer.signature) if writer.signature else None
    if kind is FieldKind.NAME:
        return longer_name(writer.name, (signed.name if signed else "") or "") or None
    if kind is FieldKind.EMAIL:
        return writer.email or (signed.email if signed else None)
    if kind is FieldKind.DIGITS:
        return signed.phone_ext if signed else None
    if kind is FieldKind.TEXT:
        return signed.position if signed else None
    return None


def longer_name(one: str, other: str) -> str:
    """The fuller of two spellings of a person's name; the first where they are different people."""
    mine, theirs = set(fold(one).split()), set(fold(other).split())
    return other if mine < theirs else one


_BESIDE = 3  # characters between a name and its extension
_NEAR = 40  # characters around an extension in which it is said to be the writer's
_EXTENSION = re.compile(r"\bext(?:ension)?\W{0,3}(\d{2,6})\b")
_OTHER_WORD = re.compile(r"\b(?!ext\b|extension\b)[a-z]{2,}")
_OWN = re.compile(
    r"\b(?:mi|mia|nuestr\w*|es|era|ahora|nuev\w*|buen\w*|favor|cambi\w*|corr[ei]\w*|actual\w*"
    r"|equivoc\w*|error|pon\w*|qued\w*)\b"
)


# "La extensión de Saúl es 7340", "la de mi jefe es la 7340".
_THEIRS = re.compile(
    r"\b(?:ext(?:ension)?|la) del? (?P<who>(?!responsable\b|contacto\b|la lista\b)[^,;.:\d]{2,50}?)"
    r" (?:es|era|seria)(?: la| el)? (?P<digits>\d{2,6})\b"
)


def is_said_of_another(text: str, digits: str, responsible: str) -> bool:
    """Whether a text says whose an extension is, and that is not the responsible: "La extensión de
    Saúl es 7340"."""
    theirs = {*fold(responsible).split()}
    told = [m for m in _THEIRS.finditer(fold(text)) if m["digits"] == digits]
    return any(not {*one["who"].split()} & theirs for one in told)


def of_somebody_else(text: str, digits: str, responsible: str) -> bool:
    """Whether an extension stands in a line about an office or another person, where nothing says
    that it is the writer's: "confirmar con la Mtra. Zaira Ajalpan, ext. 7702"; or right behind the
    name of who is not the responsible: "se queda Abel Toxqui (ext. 7302)"."""
    for line in text.splitlines():
        folded = fold(line)
        found = next((one for one in _EXTENSION.finditer(folded) if one[1] == digits), None)
        if found:
            people, theirs = people_in(line), {*fold(responsible).split()}
            named = [one for one in people if 0 <= found.start() - one.end <= _BESIDE]
            if named and not {*fold(named[-1].name).split()} & theirs:
                return True
            if any({*fold(one.name).split()} & theirs for one in people):
                return False  # "La responsable ahora es …, ext. 7622"
            behind = re.split(r"[.)]", folded[found.end() : found.end() + _NEAR])[0]
            around = folded[max(0, found.start() - _NEAR) : found.start()] + behind
            return len(_OTHER_WORD.findall(folded)) > 1 and not _OWN.search(around)
    return False
