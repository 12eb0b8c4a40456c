"""In which voice a sentence speaks: of the request itself, or of others, the past, what may be."""

import re
from collections.abc import Sequence

from nlp.kinds.put_off import put_off as reads_put_off
from nlp.turns.sentences import Sentence
from nlp.types import FieldKind

# Another office, another list, other people.
_OTHERS = re.compile(
    r"\b(?:la|el) (?:facultad|escuela|direccion|departamento|coordinacion|centro"
    r"|oficina)\b[^,.;]{2,60}?"
    r"\b(?:ya )?tienen? una\b|\bla tienen? (?:ell[oa]s|otr[oa]s)\b|\botr[oa]s? (?:area|facultad"
    r"|lista|dependencia|departamento|escuela|direccion|oficina"
    r"|universidad|compan\w+|persona|colega)\w*|\b(?:en|a) (?:la |el )?[^,.;]{2,60}\b(?:ya tienen?"
    r"|tienen|les dieron|les autorizaron|se la dieron|si se la|les aprobaron|mandan|envian|usan)\b"
    r"|\bun(?:a)? (?:colega|compan\w+|amig[oa]|conocid[oa])\b|\bya tienen una lista\b|\btheirs\b"
    r"|\btambien (?:pidio|pidieron|solicitaron|van a pedir|quieren)\b"
)
_THOSE_OF = re.compile(
    r"\b(?:para|en|a) l[ao]s? de [A-ZÁÉÍÓÚÑ]|^\W*[Ee]n (?:la "
    r"|el )?[A-ZÁÉÍÓÚÑ][\w ]{2,40}? (?:son|hay|tienen|ya|mandan|la|lo)\b|"
    r"\b(?:[Ll][oa]s|[Gg]ente|[Cc]hic[oa]s|[Cc]ompañer[oa]s|[Cc]olegas|[Aa]mig[oa]s|[Vv]ecin[oa]s)"
    r" de (?:la |el )?[A-ZÁÉÍÓÚÑ][^,.;]{2,60}\b(?:mand|env[ií]|tien|usa|ya les?|les? (?:dier"
    r"|autoriz"
    r"|aprob)|hacen|llevan|pid|son\b|reciben)"
    # One word with a capital and what it does: another office, "Psicología ya tiene la suya".
    r"|(?:^\W*|\b(?:y|pero|que|a|porque) )(?!(?:Se|Ya|Nos|No|Que|Hoy|Esta|Este|Ella|Él|Usted|Lo"
    r"|La)\b)"
    r"[A-ZÁÉÍÓÚÑ][a-záéíóúñ]{3,20} (?:ya |s[ií] |nada más |también )?(?:tienen?|escriben?|usan?"
    r"|reciben?|pidi[oó]|le dieron|le autorizaron)\b|\b(?:la|el|las|los) suy[oa]s?\b"
)
_PAST = re.compile(
    r"\b(?:el|la) (?:ano|semestre|mes|ciclo|semana|periodo|vez|generacion|edicion) (?:pasad[oa]"
    r"|anterior)\b|\b(?:anteriormente|antiguamente|en (?:el )?20[01]\d|en 202[0-4]"
    r"|hace (?:\w+ )?(?:anos?|meses|tiempo|un ano))\b|\b(?:l[oa]|el|quien|q"
    r"|que)? ?(?:\w+ )?(?:estaba|tuvo|llevaba|mandaba|tenia|era|eran) antes\b|\bantes (?:era|eran"
    r"|estaba|tenia)\b|\b(?:eramos|mandabamos|enviabamos|teniamos|usabamos|haciamos|llegabamos"
    r"|tenia|habia)\b"
)
# A day or a number of something that happens once: no validity, no size of a list.
_EVENT = re.compile(
    r"\b(?:open house|talleres|convocatoria|suscripcion)\b"
    r"|\b(?:evento|congreso|foro|feria|simposio|conferencia|ceremonia|jornada|(?:re)?encuentro"
    r"|esperamos (?:\w{1,12} ){0,2}?\d{1,6}|graduacion|inauguracion|torneo|concierto|aniversario"
    r"|junta|reunion|cita|invitad[oa]s|asistentes|boda|festival|examen\w*|inscripcion\w*"
    r"|primer (?:correo|envio|mensaje|aviso|boletin)|vacaciones|estare fuera|fuera de la oficina"
    r"|me urge|nos urge|corre prisa|de urgencia|a mas tardar|antes del|cumplo|nos vemos|platicamos"
    r"|hable con|(?<!se )llam[eo]\b|marqu[eo]\b|visita|expo|les (?:llam|marc|marqu|escrib|mand|envi"
    r"|contest)(?:e|i|imos|amos)\b|obra|funcion|partido|misa|retiro)\b"
)
_LATER = re.compile(
    r"\bse l[oa]s? deb(?:o|emos)\b|\b(?:luego|despues|mas tarde|mas al rato|al rato|en la tarde"
    r"|por la tarde|manana|en un rato"
    r"|en cuanto|la proxima semana|pronto|en breve|el (?:lunes|martes|miercoles|jueves|viernes)"
    r"|estos dias|unos dias)\b[^.;]{0,60}\b(?:mand\w+|envi\w+|pas[oe]\w*|complet\w+|llen\w+"
    r"|confirm\w+|contest\w+|respond\w+|avis\w+)\b|\b(?:mand\w+|envi\w+|pas[oe]|complet\w+|llen\w+"
    r"|confirm\w+|contest\w+)\b[^.;]{0,40}\b(?:luego|despues|mas tarde|al rato|en la tarde|manana"
    r"|en un rato|en cuanto|la proxima semana|en breve)\b"
)
_SUPPOSED = re.compile(
    r"\b(?:quiza|quizas|tal vez|a lo mejor|podria\w*|pudiera\w*|pudieramos|habria que|depende"
    r"|no (?:se|sabemos|sabria\w*|estoy segur[oa]|estamos segur[oa]s|recuerdo|tengo claro)"
    r"|(?:todavia|aun) no|falta (?:definir|confirmar|ver)|por (?:definir|confirmar)|si (?:ustedes"
    r"|uds?|usted) (?:\w+ ){0,2}(?:ven|creen|considera\w*|gusta\w*|quieren|dicen)"
    r"|si (?:se(?! puede\W*$)|es|no|fuera|hubiera|hay|puede|pueden|quieren|prefieren|necesitan|hace"
    r"|lo|la|nos)|si (?:\w{1,20} ){0,4}(?!para\b)\w{1,20}(?:ar|ier)a(?:n|mos|s)?|ojala"
    r"|me gustaria que|imagino|estamos viendo|estoy viendo|o sea que|supongo|suponiendo"
    r"|estamos pensando|pensando en)\b"
)
# Said to be polite: it leaves nothing open.
_IF_YOU_PLEASE = re.compile(
    r",? ?\bsi (?:(?:ustedes|asi) )?"
    r"(?:l[aeo]s? (?:\w+ )?(?:(?:consider|parec|estim|juzg)\w*|cre[ae]n?|ven?)"
    r"(?: (?:ustedes|conveniente|prudente|pertinente|oportuno|adecuado|bien|correcto|posible))*"
    r"|no (?:hay|tienen|ven|existe|hubiera) (?:ningun )?inconveniente"
    r"|no es (?:mucha )?molestia)(?:\W*$|, )"
)
_CONTACT = re.compile(
    r"\b(?:dudas?|aclaracion\w*|cualquier cosa|conmigo|a (?:sus|tus|mis) ordenes|me (?:encuentran"
    r"|localizan|pueden)|informes|contact\w+|comuni\w+ con|marcar\w*|llamar\w*|copia a|cc a"
    r"|le copio|les copio|marco copia|esten enterad|este enterad|hablar con)\b"
)


_CALLS = re.compile(
    r"\b(?:llam[eoa]\w*|marqu[eo]\w*|marc(?:ar|a|o|an|aron|amos)\w*|contest(?:a|an|o|aron)\b"
    r"|celular|whatsapp|esta semana|por (?:hoy|ahora|estos dias)|temporalmente|est(?:oy|are|amos"
    r"|aremos) en la|me encuentr\w+)\b"
)
_BACKS = re.compile(
    r"\b(?:visto bueno|vo\.? ?bo\b|vobo|autoriza\b|autorizo\b|autorizad[oa] por|respalda\w*"
    r"|avala\w*|aprueba\b|aprobo\b)"
)
# What stands in a count that is not of whom a list is for.
_OTHER_COUNT = re.compile(
    r"\b(?:(?:ayer|antier|anteayer) (?:vacun|atend|recib|capacit|entrevist|llam|visit|evalu)\w+"
    r"|entre (?:es[oa]s|l[oa]s|ell[oa]s) (?:\d+ )?hay|en el equipo|registros? (?:repetid"
    r"|duplicad)\w*|repetid[oa]s"
    r"|duplicad[oa]s"
    r"|somos una \w+ de|somos un \w+ de|en total somos en"
    r"|correos? (?:recibid|al dia|diarios)|de ustedes a|se mando|se envio|mandaron|enviaron"
    r"|salio|nos falt\w+ \d|pendientes|l[eo]s? (?:marco|llamo|busco)|a las \d{1,2}(?::\d\d)?)\b"
)
_WAITS = re.compile(
    r"\b(?:esper\w+|regres\w+|vuelv\w+|avisan|avisaran|avisen|resuelv\w+|respond\w+|contest\w+"
    r"|licencia|incapacidad|curso escolar)\b"
)


# Whoever is still to be asked backs nothing yet: "le pregunté a X quién firma".
_PENDING = re.compile(
    r"\b(?:se l[oa]s? (?:pido|pedimos|pedire|pediremos)|(?:pregunt|consult)(?:e|amos|are|aremos"
    r"|ando|ado|arle)|averigu\w+|(?:voy|vamos) a (?:ver"
    r"|buscar|pedir\w*|hablar|preguntar\w*|consultar\w*)|buscando|esper(?:o|amos|ando)|pedirle"
    r"|solicitarle|checar\w*|(?:aun|todavia) l[oa]s? \w+|(?<!ya )l[oa]s? (?:veo|vemos|consulto"
    r"|reviso|checo) con|les? confirm(?:o|amos|are\w*) (?:el|la|luego|despues|manana)\b"
    r"|(?:todavia|aun) no|falta que"
    r"|en cuanto|cuando (?:regres|vuelv|lleg|pued)\w+|en tramite con|dijo que no(?! hay| tiene)"
    r"|no (?:va|van|quiere|quiso|puede|pudo) (?:a )?(?:dar|firmar|autorizar|respaldar|avalar))\b"
)
_GIVEN = re.compile(
    r"\b(?:dijo que si|acept\w+|(?<!les )(?<!le )confirmo\b|confirmaron|esta de acuerdo"
    r"|me dijo que(?! no(?! hay| tiene))"
    r"|ya (?:me |nos )?(?:lo |la )?(?:dio|autoriz\w+|firm\w+|aprob\w+))\b"
    r"|\bya (?:l[oa] |l[oa]s )?(?:pregunt|consult|averigu|cheque|vi)(?:e|i|amos|imos)?"
    r"(?: (?:aqui|ahi|con|en)(?: \w+){0,3})?\W*(?:,|\by\b|$)"
)


def pending(sentence: Sentence) -> bool:
    """Whether somebody named in it is still to be asked, or to answer."""
    return bool(_PENDING.search(sentence.folded)) and not _GIVEN.search(sentence.folded)


def of_others(sentence: Sentence) -> bool:
    """Whether a sentence tells of somebody else's list, or of earlier times."""
    return bool(
        _OTHERS.search(sentence.folded)
        or _THOSE_OF.search(sentence.text)
        or _PAST.search(sentence.folded)
    )


def of_an_event(sentence: Sentence) -> bool:
    """Whether its dates and numbers may be those of something that happens once."""
    return bool(_EVENT.search(sentence.folded))


def put_off(sentence: Sentence) -> bool:
    """Whether it promises something for later."""
    return bool(_LATER.search(sentence.folded))


def is_put_off(sentence: Sentence) -> bool:
    """The same, or whether its words read so."""
    return put_off(sentence) or reads_put_off(sentence.text)


def supposes(sentence: Sentence) -> bool:
    """Whether it says what may be, what is not known, what depends."""
    return bool(_SUPPOSED.search(_IF_YOU_PLEASE.sub("", sentence.folded)))


def offers_contact(sentence: Sentence) -> bool:
    """Whether it tells whom to call or who is to know: nobody's part in the list."""
    return bool(_CONTACT.search(sentence.folded))


def speaks_against(kind: FieldKind, sentence: Sentence, named: bool) -> bool:
    """Whether the voice of a sentence forbids to take a value of this kind from it.

    `named` tells that the sentence names the field: then an event beside it does not matter.
    """
    folded = sentence.folded
    if sentence.asks or of_others(sentence):
        return True
    match kind:
        case FieldKind.NAME:
            return pending(sentence) or (offers_contact(sentence) and not _BACKS.search(folded))
        case FieldKind.EMAIL | FieldKind.DIGITS:
            return offers_contact(sentence) or bool(_CALLS.search(folded))
        case FieldKind.INTEGER:
            if _OTHER_COUNT.search(folded):
                return True
    if kind in (FieldKind.DATE, FieldKind.INTEGER, FieldKind.CHOICE, FieldKind.CHOICES):
        if supposes(sentence) or (put_off(sentence) and not named):
            return True
        if kind is FieldKind.DATE and _WAITS.search(folded) and not named:
            return True
        return kind is not FieldKind.CHOICE and of_an_event(sentence) and not named
    return put_off(sentence) and not named


_OF_ANOTHER_MATTER = re.compile(
    r"\bno tienen? (?:nada )?que ver con (?:est[ea]|la|nuestr[ao]|mi|lo nuestro)\b"
    r"|\b(?:eso|esto|aquello) (?:era|es|fue) (?:para|de) (?:otr[oa]|la otra|el otro|un[ao]? )"
)


def disowned(told: Sequence[Sentence]) -> set[int]:
    """The sentences that are of another matter, as they or the next ones say."""
    those = {n for n, one in enumerate(told) if _OF_ANOTHER_MATTER.search(one.folded)}
    return those | {n - 1 for n in those if n}


def tells(sentence: Sentence) -> bool:
    """Whether a sentence says something of this request, as a fact."""
    return not (sentence.asks or of_others(sentence) or put_off(sentence) or supposes(sentence))
