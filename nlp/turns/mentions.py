"""The fields that a sentence names by their labels, and what links a label to its value."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from nlp.fields.labels import Label, Labels
from nlp.text.fold import word_set

# Labels that are ordinary words in a sentence: they name a free text only before a colon.
ORDINARY = word_set(
    "que quien para lista nombre uso usos objeto contenido por porque fin fines solicitud "
    "tramite tipo peticion va a parte de solicita director directora jefe jefa titular "
    "contacto razon funcion quienes unidad centro escuela facultad direccion instituto "
    "departamento coordinacion oficina motivo plantel entidad remitente operador categoria "
    "apoya depto autorizo"
) | {
    "por que",
    "va a",
    "parte de",
    "a quien",
    "a quienes",
    "que necesita",
    "que pide",
    "quienes somos",
}
LINK = re.compile(
    r"(?: ?\([^()]{0,60}\))?(?: de (?:la|nuestra|esta) lista)?(?: (?:correct[oa]|buen[oa]"
    r"|nuev[oa]|actual|real|complet[oa]|exact[oa]"
    r"|definitiv[oa]|propuest[oa]|mi[oa]?|nuestr[oa]))?(?:,? (?:que|q) (?!es\b"
    r"|sea\b)[^.;:]{3,90}?,?(?= (?:es|son|seria|sera)\b))?(?: ?(?P<link>[:=]|[-–—] |,? ?(?:(?:que"
    r"|q) )?\b(?:es|son|seria|serian|sera|seran|queda(?:ria|ra)?(?: como| en)?|va a ser|van a ser"
    r"|debe ser|tambien es|ponga\w*|pongan\w*|se llam(?:a|aria|ara)|(?:nos )?l[ao] (?:da|dara"
    r"|otorga|firma)(?: en su lugar| ahora| hoy)?|corre a cargo de|a cargo de|esta a cargo de"
    r"|(?:es|seria|sera) de(?= \d)|corresponde a|(?:baste|basta) (?:con )?decir que|(?:estriba"
    r"|radica"
    r"|consiste) en que)\b:?))? ?(?:(?:el|la|los|las) de (?=\w))?"
)
# "Cambien el objetivo por: …", "la frecuencia cámbienla a mensual"
FUNCTION = word_set(
    "que no se en es por para con al lo como mi su ya esta muy mas un una si les nos le me te "
    "aun solo"
)

# Labels that are words of any sentence: they correct only beside words that say so.
CASUAL = word_set(
    "solicitud tramite peticion tipo lista quien "
    "son total totales numero num no aprox aproximado aproximadamente cantidad desde hasta "
    "inicio inicia empieza comienza fin final termina termino vence correo mail email al "
    "plazo fechas periodo telefono tel contacto arranque padron tamano volumen quienes para "
    "publico va a autoriza apoya aprueba respalda avala encargado encargada director jefe"
)


@dataclass(frozen=True, slots=True)
class LabelMention:
    """A field named in a sentence by one of its labels."""

    start: int
    end: int
    label: Label
    text: str


_WORD = re.compile(r"[a-z0-9ñ]+")


def mentions_in(folded: str, labels: Labels) -> list[LabelMention]:
    """The fields that a sentence names, the longest label at each place."""
    return longest(folded, 7, lambda text, count: exactly(text, count, labels))


def exactly(text: str, count: int, labels: Labels) -> Label | None:
    """The label that words are to the letter; one short or common word is none."""
    return labels.exact.get(text) if count > 1 or (len(text) > 2 and text not in FUNCTION) else None


def longest(
    folded: str, most: int, label_of: Callable[[str, int], Label | None]
) -> list[LabelMention]:
    """The labels in a text, of at most so many words, the longest at each place."""
    words = [(m.start(), m.end(), m[0]) for m in _WORD.finditer(folded)]
    found: list[LabelMention] = []
    at = 0
    while at < len(words):
        step = 1
        for count in range(min(most, len(words) - at), 0, -1):
            text = " ".join(word for _, _, word in words[at : at + count])
            label = label_of(text, count)
            if label is not None:
                found.append(LabelMention(words[at][0], words[at + count - 1][1], label, text))
                step = count
                break
        at += step
    return found


NEGATED = re.compile(r"\b(?:no|ni|sin|nunca|tampoco|todavia no|aun no) (?:\w+ ){0,2}$")
