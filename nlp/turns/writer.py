"""The writer's own "yo", as rules tell it, and how she signs."""

import re
from dataclasses import dataclass

from nlp.fields.lexicon import starts_with_title
from nlp.fields.values import read_email, read_name
from nlp.text.fold import fold, trim

_SELF = re.compile(
    r"\byo (?:mism[oa] )?(?:(?:tambien|sigo|seguire|seguiria|quedo|quedare|quedaria|fungire"
    r"|fungiria|actuare|sere|seria|soy)\b.{0,25}?(?:responsable|encargad[oa]|titular|cargo)"
    r"|me (?:hago|hare|haria|encargo|encargare|encargaria|ocupo|ocupare|responsabilizo)|respondo"
    r"|respondere|asumo|los? (?:mand|envi|har)|la (?:oper|administr|manej|llev)|hago los envios"
    r"|har[ei]a? los envios|mand[oa]\b|enviar)|\bsigo (?:siendo )?yo\b|\b"
    r"(?:responsable|encargad[oa])s?(?: de (?:los |la )?\w+)?,? (?:soy|seria|sere|sigo siendo"
    r"|seguire siendo|quedo|quedaria) (?:yo|un servidor|una servidora|la que|quien)"
    r"|\b(?:sere|seria|soy|quedo|quedaria|sigo siendo|seguire siendo|fungire como|seguire como"
    r"|quedo yo como|me quedo como) (?:yo )?(?:el|la|como)? ?(?:responsable|encargad[oa])\b"
    r"|\b(?:responsable|encargad[oa])(?: \w+){0,3} (?:sere|seria|soy|sigo siendo) yo"
    r"|\bbajo mi (?:responsabilidad|cargo)|\bme (?:hago|hare|haria) (?:cargo|responsable)"
    r"|\bme encargo (?:yo|de)|\bme encargar[ei]a? (?:yo|de)|\b(?:responsable|encargad[oa]|envios?"
    r"|a cargo)\b.{0,30}\b(?:un servidor|una servidora|de mi parte|(?:la|el|lo) (?:que|quien) "
    r"(?:suscribe|firma|escribe))|\b(?:el|la) (?:suscrit[oa]|que suscribe|abajo firmante) "
    r"(?:\w+ ){0,3}(?:responsable|encargad[oa])|\b(?:un servidor|una servidora"
    r"|quien (?:suscribe|esto escribe)) (?:\w+ ){0,4}(?:responsable|encargad[oa]|envios?)"
    r"|\ba mi (?:nombre|cargo)\b|\b(?:responsable|encargad[oa]):? yo\b|\bmis (?:demas )?datos "
    r"(?:van|estan|vienen|aparecen|son|como responsable)\b.{0,30}\b(?:firma|abajo|pie)"
    r"|\bdatos .{0,40}\b(?:mi|la) firma|\b(?:responsable|encargad[oa])\b.{0,25}\b"
    r"(?:ver firma|en la firma|en mi firma|(?:la|el) que suscribe|quien suscribe)"
)
_NOT_SELF = re.compile(
    r"\bno (?:soy|sere|seria|quiero ser|puedo|sigo)\b|\bya no\b|\byo no\b|\bdej[oe] de\b"
    r"|\b(?:esta|estaba|sigue|aparece|aparezca|quiten?|quitenme) (?:\w+ ){0,2}a mi nombre"
    r"|\bya no aparezca a mi"
)


def writer_is_responsible(text: str) -> bool:
    """Whether the writer says "yo": that the sending will be hers."""
    folded = fold(text)
    for match in _SELF.finditer(folded):
        before = re.split(r"[.;!?\n]", folded[max(0, match.start() - 40) : match.start()])[-1]
        if not _NOT_SELF.search(before + folded[match.start() : match.end() + 15]):
            return True
    return False


@dataclass(frozen=True, slots=True)
class WriterDetails:
    """Who writes, by her signature."""

    name: str | None = None
    position: str | None = None
    email: str | None = None
    phone_ext: str | None = None


_POSITION = re.compile(
    r"(?:\w+ ){0,2}?(?:jef[ea]|coordinador|director|subdirector|secretari|asistente|auxiliar"
    r"|analista|gestor|encargad|president|vicepresident|vocal|tesorer|curador|bibliotecari|promotor"
    r"|productor|administrador|tecnic|prefect|psicolog|orientador|abogad|docente|profesor|becari"
    r"|supervisor|ejecutiv|enlace|capturista|recepcionista|archivista|editor|entrenador|capellan"
    r"|decan|vicedecan|rector|tutor|medic|enfermer|investigador|consejer|asesor|gerente|titular"
    r"|responsable|capitan|disenador|programador|contador|instructor|maestr|chef|oficial|delegad"
    r"|jardiner|guardia|cronista|lider|pasante|residente|alumn)"
)
_SIGNED_NAME = re.compile(
    r"(?:[A-ZÁÉÍÓÚÑÜ][\w'’.]*|de|del|la|los|y)(?:\s+(?:[A-ZÁÉÍÓÚÑÜ][\w'’.]*|de|del|la|los|y)){1,6}"
)


def writer_of(signature: str) -> WriterDetails:
    """The writer as she signs."""
    name = position = None
    for line in signature.split("\n"):
        line = trim(line)
        if not line:
            continue
        head = re.split(r" ?[|,·] ?| [-–—] ", line)
        if name is None:
            bare = read_name(head[0])
            if bare and _SIGNED_NAME.fullmatch(bare) and not starts_with_title(bare):
                folded = fold(head[0])
                if not _POSITION.match(folded) and not re.match(
                    r"(?:facultad|direccion|departamento|coordinacion|centro|enviado|obtener"
                    r"|sent|un |mil |muchas )",
                    folded,
                ):
                    name = bare
                    rest = [part for part in head[1:] if _POSITION.match(fold(part))]
                    position = trim(rest[0]) if rest else None
        elif position is None and _POSITION.match(fold(line)) and len(line) < 70:
            position = trim(head[0])
    extension = re.search(r"\bext(?:ensi[oó]n)?[.: ]*(\d{3,6})\b", signature, re.IGNORECASE)
    number = extension[1] if extension else None
    return WriterDetails(name, position, read_email(signature), number)
