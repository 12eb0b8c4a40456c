"""People named in a sentence, and the part that each plays: who answers for it, who backs it."""

import re
from dataclasses import dataclass
from functools import cache

from nlp.fields.lexicon import AREA_HEADS, POSITION_HEADS, is_title, strip_titles
from nlp.fields.tagger import MODEL, Names
from nlp.fields.values import read_name
from nlp.text.fold import fold, squeeze, word_set
from nlp.turns.mentions import FUNCTION
from nlp.types import Part

_CAP = r"[A-ZÁÉÍÓÚÑÜ][\w'’]{1,40}"
_TITLE = r"(?:[A-Za-zÁÉÍÓÚáéíóú]{1,12}\.(?: ?[A-Z]\.){0,3} ?)"
_JOIN = r"(?:de |del |de la |de los |y |la )"
_NAMED = re.compile(rf"{_TITLE}{{0,3}}{_CAP}(?: {_JOIN}?{_CAP}){{0,5}}")
# "el dr mendez", "la maestra rosa lima": a title makes a name of small letters.
_TITLED = re.compile(
    r"\b(?:dra?|mtr[oa]|lic|ing|arq|maestr[oa]|doctora?|profa?|cp|licenciad[oa]|ingenier[oa])\b\.?"
    r" (?!en\b|de\b|del\b|que\b|y\b|con\b|por\b|el\b|la\b|es\b)[a-zñ'\-]{3,20}"
    r"(?: (?!que\b|y\b|es\b|lo\b|la\b|el\b|nos\b|da\b|ya\b|no\b|con\b|para\b|por\b|en\b|como\b|a\b"
    r"|autoriz|respald|aval|aprueb|apoy|esta\b|quien\b|sera\b"
    r"|seria\b)(?:de (?:la )?)?[a-zñ'\-]{3,20}){0,4}"
)
_NO_PERSON = word_set(
    "hola buenas buenos buen estimados estimadas estimado estimada gracias saludos "
    "comunicacion correo lunes martes miercoles jueves viernes sabado domingo enero febrero "
    "marzo abril mayo junio julio agosto septiembre setiembre octubre noviembre diciembre "
    "upaep universidad teams whatsapp outlook gmail google excel word zoom atentamente folio "
    "visto vo vobo responsable cargo puesto extension frecuencia vigencia justificacion "
    "objetivo destinatarios nombre lista area numero tipo vicerrectoria sistema portal "
    "promocion enviado adjunto anexo perdon disculpe disculpen corrijo correccion favor por "
    "para con el la los las lo en un una yo mi mis su sus nuestro nuestra es son que quien "
    "cuando como donde si no ya ahora mejor pongan ponga cambien cambie siempre somos seria "
    "sera de del al este esta ese esa ella nosotros ustedes usted bienestar ciencias derecho "
    "medicina enfermeria arquitectura comite fe"
)


@dataclass(frozen=True, slots=True)
class NamedPerson:
    """A person's name in a text, without titles, and where it stands with them."""

    start: int
    end: int
    name: str
    titled: bool = False


def people_in(text: str) -> list[NamedPerson]:
    """The people that a text names, in order."""
    found: list[NamedPerson] = []
    folded = fold(text)
    for match in _NAMED.finditer(text):
        person = _person(text, match.start(), match.end())
        if person is not None:
            found.append(person)
    for match in _TITLED.finditer(folded):
        if not any(p.start < match.end() and match.start() < p.end for p in found):
            name = read_name(text[match.start() : match.end()])
            if name:
                found.append(NamedPerson(match.start(), match.end(), name, titled=True))
    return sorted(found, key=lambda p: p.start)


_WORDS = re.compile(r"\w{2}")
_DAY = re.compile(r"(?:\d|\bde|\bel) ?$", re.IGNORECASE)  # "5 de Abril", "el Domingo"


def _person(text: str, start: int, end: int) -> NamedPerson | None:
    called = False  # by a month or day that is a given name: "Abril", "Domingo"
    while True:
        words = text[start:end].split()
        if not words:
            return None
        first = fold(words[0]).strip(".")
        alone = len(words) == 2 and not _WORDS.search(text[:start] + text[end:])
        called = (len(words) > 2 or alone) and "g" in _names().kind(first)
        called = called and not _DAY.search(text[:start])
        if (first in _NO_PERSON and not called) or (
            first in POSITION_HEADS and not is_title(first)
        ):
            if len(words) == 1:
                return None
            start = text.index(words[1], start + len(words[0]))
            continue
        break
    whole = text[start:end]
    bare = strip_titles(whole)
    head = fold(bare).split()[0].strip(".") if bare.split() else ""
    titled = bare != whole or any(
        map(is_title, fold(text[max(0, start - 14) : start]).split()[-1:])
    )
    if not head or head in AREA_HEADS or head in POSITION_HEADS:
        return None
    if head in _NO_PERSON and not called:
        return None
    name = read_name(whole)
    if name is None or (len(name.split()) < 2 and not titled):
        return None
    return NamedPerson(start, end, squeeze(name), titled)


# Words of who backs a request, before or after the name.
BACKS = re.compile(
    r"\b(?:visto bueno|v(?:is)?to\.? ?b(?:ue)?no|vo\.? ?bo\b|vobo|autoriz(?:a|o|ara|aria|ado|ada"
    r"|acion|ando)\b|respald(?:a|o|ara|aria|ado|ada|ando|ar)\b|aval(?:a|o|ara|aria|ado|ada)?\b"
    r"|aprueba\b|aprob(?:o|ado|ada|ara|acion)\b|apoya(?:ra)? (?:la|esta|nuestra) (?:solicitud"
    r"|peticion|lista)|quien (?:nos |me |l[ao] )?apoya\b|anuencia|(?:esta|estan?) de acuerdo"
    r"|firma(?:ra|ria)?\b|luz verde|da(?:ra|n|ria)? el (?:ok|si)|dio el (?:ok|si)|otorga|(?:approv"
    r"|endors|authori[sz])e[sd]?|(?:back|support)(?:s|ed)|signs? off)\b"
)
SENDS = re.compile(
    r"\b(?:responsables?|responsible|in charge|encargad[oa]s?|a cargo|titular de la lista"
    r"|(?:quien|que|la que|el que) (?:\w+ ){0,2}(?:enviara|envia|enviaria|mandara|manda|mandaria"
    r"|maneja\w*|opera\w*|administra\w*|va a (?:enviar|mandar|manejar|operar))|(?:hara|haria"
    r"|hace|har) los envios|los envios l[oe]s (?:hara|haria|hace)|va a (?:enviar|mandar"
    r"|manejar) (?:los (?:correos|mensajes|avisos|envios)|la lista)\b|enviara los (?:correos"
    r"|mensajes|avisos)|mandara los (?:correos|mensajes|avisos)|\bl[oa]s? (?:manda|envia|lleva"
    r"|opera|maneja|administra|usa|mandaria|enviaria|llevaria)\b|se (?:encarga\w*|hara cargo"
    r"|ocupa\w*)|(?:la|los|lo) (?:enviara|mandara|manejara|operara|administrara))\b"
)
PLAYED = ((Part.BACKER, BACKS), (Part.RESPONSIBLE, SENDS))


# The writer backs it: "lo autorizo yo", "soy yo quien firma", "va con mi aval".
_BACKING = r"(?:doy|otorgo|firmo|autorizo|respaldo|apruebo|avalo|apoyo)"
_BACKED = r"(?:visto bueno|vobo|vo\.? bo\.?|aval|respaldo|autorizacion|anuencia)"
_I_BACK = re.compile(
    rf"\b(?:yo (?:mism[oa] |tambien )?(?:se |l[oa]s? |les? |el ){{0,2}}{_BACKING}\b"
    rf"|(?:l[oa]s?|les|el) {_BACKING} (?:yo|personalmente|como|en mi calidad)\b"
    rf"|{_BACKING} yo\b"
    r"|(?:soy|seria|sere) yo (?:mism[oa] )?(?:quien|[el]l?a? que) (?:l[oa]s? |el )?"
    r"(?:da|otorga|firma|autoriza|respalda|aprueba|avala)\b"
    rf"|(?:tiene|lleva|va|cuent[ae]n?) (?:con )?mi (?:propi[oa] )?{_BACKED}"
    rf"|(?:doy|otorgo|damos) (?:mi|el|nuestro) (?:propi[oa] )?{_BACKED}"
    rf"|(?:el|la) (?:suscrit[oa]|que suscribe|abajo firmante)\b.{{0,20}}\b(?:otorg|d)a\b"
    rf".{{0,20}}\b{_BACKED}"
    rf"|{_BACKED} [^.;]{{0,20}}(?:mi[oa]|yo|por mi cuenta|a mi cargo|de mi parte)\b)"
)


def writer_backs(folded: str) -> bool:
    """Whether the writer says that the backing is hers: "el visto bueno lo doy yo"."""
    match = _I_BACK.search(folded)
    return match is not None and not re.search(
        r"\b(?:no|ni|tampoco|si|cuando) (?:\w+ ){0,2}$", folded[: match.start()]
    )


def namelike(text: str) -> bool:
    """Whether words typed in small letters may be a person's name: one of them is a given name, or
    most are names; "anda de viaje" is none."""
    words = fold(text).split()
    names = [_names().kind(word) for word in words if len(word) > 3]
    return (
        2 <= len(words) <= 5
        and all(re.fullmatch(r"[a-zñ'.-]{2,20}", w) for w in words)
        and not (set(words) & FUNCTION)
        and (any("g" in name for name in names) or sum(map(bool, names)) * 2 > len(names))
    )


def made_of(address: str, name: str) -> bool:
    """Whether an address is made of a person's name: "ana.ruiz@…"."""
    local = fold(address.partition("@")[0])
    parts = [part for part in re.split(r"[._-]", local) if len(part) > 2]
    return bool(parts) and all(part in fold(name) for part in parts[:2])


@cache
def _names() -> Names:
    return Names.read(MODEL / "names.txt")


def named_person(part: str, cut: str) -> str | None:
    """The person that an answer names: "el director de la facultad, el Dr. Méndez"."""
    people = people_in(cut) or people_in(part)
    if people:
        return people[0].name
    name = read_name(cut)
    return name if name and namelike(name) else None
