"""Who writes, as she signs."""

import re
from dataclasses import dataclass

from nlp.fields.lexicon import starts_with_title
from nlp.fields.values import read_email, read_name
from nlp.text.fold import fold, trim


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
