"""Greetings, thanks and farewells, and where the writer signs: words that say nothing else."""

import re
from collections.abc import Sequence

from nlp.text.fold import fold, squeeze
from nlp.text.links import without_links
from nlp.text.numbers import numbers_in
from nlp.text.rhythm import rhythms_in
from nlp.turns.people import people_in
from nlp.turns.types import Writer

_GREETING = re.compile(
    r"^\W*(?:(?:hol+a+s*|buen(?:[oa]s?)? (?:dias?|tardes?|noches?)|buen[oa]s|que tal|estimad[oa]s?"
    r"|apreciable\w*|que onda|saludos|muy buen[oa]s (?:dias|tardes|noches)|excelente (?:dia"
    r"|tarde))\b(?: (?:a tod[oa]s|tod[oa]s|equipo(?: de)?(?: comunicacion(?: interna)?)?"
    r"|comunicacion(?: interna)?|licenciad[oa]s?|colegas|companer[oa]s|amig[oa]s|senor\w*|(?:lic"
    r"|ing|mtr[oa]|dr|dra)\.?(?: \w+)?|de nuevo|nuevamente|otra vez|buen[oa]s? (?:dias?|tardes?"
    r"|noches?)|dia|tarde))* ?[,.:;!¡)]* ?)+"
)
_THANKS = re.compile(
    r"\b(?:gracias|agradezc\w+|agradecemos|agradecid[oa]s?|mil gracias|thank)\b|[🙏👍🙌❤😊👌]"
)
# Thanks that go on with what is wrong: "Gracias, nada más que la extensión es otra".
_GOES_ON = re.compile(
    r"\b(?:gracias?|thanks?|thank you)\b.{0,90}?\b(?:pero|aunque|salvo|eso si|but|except"
    r"|(?:solo|solamente|nada mas|nomas|unicamente) (?:que|falta))\b"
)
_COURTESY = re.compile(
    r"^\W*(?:(?:(?:clar|perfect|buen|excelent|amab|rapid|eficient|lind|gentil)\w{0,3}isim[oa]s?|super|ah+|[au]y|wow"
    r"|bravo|esta bien|felicidades|ni modo|orale|perfecto|excelente|ok|okay|va|vale|listo"
    r"|enterad[oa]s?|(?:de )?recibid[oa]"
    r"|de acuerdo(?: con (?:los datos|todo|la informacion))?|(?:muy|que) bien|genial|entendid[oa]"
    r"|sale|claro(?: que si)?|bien|igualmente|(?:muy )?amables?|acus(?:o|amos) (?:de )?recib\w+"
    r"|(?:excelente|buen|gran) (?:servicio|trabajo|atencion|apoyo|gestion)|son (?:(?:muy|l[oa]s?"
    r"|un[oa]s) )?(?:amabl|eficient|mejor|maxim|geni|grand|rapid)\w*|que (?:rapid|amabl|eficient"
    r"|buen|bonit|lind|padr|maravill|alegri|emocion|gust|chid)\w*"
    r"(?: (?:servicio|atencion|respuesta))?|todo (?:esta |se ve "
    r"|queda )?(?:ok|correcto|bien|perfecto|en orden)|sin cambios|asi (?:dejen?l[oa]|esta bien"
    r"|queda bien|quedamos)|(?:los datos|la informacion) (?:estan?|son|es) (?:bien|correct[oa]s?)"
    r"|great|perfect|noted|(?:have a )?(?:nice|great|good) (?:day|week\w*|one)|best(?: regards"
    r"| wishes)?|(?:kind )?regards|cheers)\b\W*)*(?:(?:(?:muchas|muchisimas|mil|de antemano"
    r"|infinitas|tantas|nuevamente|y|pues) )*(?:gracias?|thanks?|thank you)\b.{0,90}|(?:te|les|le"
    r"|se los|se lo|os)? ?(?:agradezco|agradecemos|agradeciendo)\b.{0,120}|(?:(?:reciban?|un|con un"
    r"|mis|nuestros|les (?:mando|envio)|le (?:mando|envio)) )?(?:(?:un|muy|atentos|cordial(?:es)?"
    r"|afectuosos?|mis|nuestros) )*(?:saludos?|abrazos?|cordialmente|atentamente|atte)\b.{0,80}"
    r"|(?:quedo|quedamos|estoy|estamos) (?:muy |a (?:la|su|sus)|atent|al (?:pendiente|tanto)"
    r"|pendiente|en espera|a disposicion|en contacto).{0,100}|(?:sin (?:mas|otro)|cualquier (?:cosa"
    r"|duda|aclaracion|comentario)|(?:que (?:tengan?|pasen?|esten?)|tengan?|pasen|les deseo|bonito"
    r"|buen|excelente|feliz|lindo) (?:un |una |muy |buen|bonit|excelent|lind|feliz|dia|tarde|noche"
    r"|fin|inicio|semana)).{0,110}|espero (?:su|sus|tu|que (?:este|esten|se encuentr)|haber"
    r"|no haya).{0,90}|hasta (?:luego|pronto)|buen (?:dia|fin).{0,40}|bendiciones|slds|bye"
    r"|dios l[eo]s? bendiga.{0,30}|enviado (?:desde|con|a traves).{0,60}|sent from.{0,40}"
    r"|obtener outlook.{0,40}|get outlook.{0,40}|(?:aqui|ahi|ahora|abajo|a continuacion)? ?(?:les?"
    r"|te)? ?(?:van|estan|mando|envio|paso|comparto|dejo|contesto|respondo|anexo|adjunto"
    r"|complemento) (?:los |la |lo |mis |el |las |l[oa]s )?(?:datos|informacion|respuestas?"
    r"|que (?:falta\w*|me pid\w+|solicit\w+)|faltante\w*|solicitad\w+|formato|formulario"
    r"|correcci\w+).{0,80}|(?:(?:una )?disculp\w+|perdon) (?:la|el|por|las|mi)(?: la| las)?"
    r" (?:demora|hora|tardanza|retraso|molestia\w*|tardar\w*|molestar\w*|no (?:contestar|responder)"
    r"|lata|inconvenien\w+).{0,60}|)\W*$"
)


_TELLING = 5  # words of a clause that tells something
_LONG = 400  # characters of a line in which a greeting stands
_LINKED = 1_500  # of one with the links that programs write into it
_COURTEOUS = 200  # characters of the longest line of mere courtesy
_NAME_WORDS = 6  # of a name alone in a line
_MOST_SIGNED = 6  # filled lines of a name and what stands below it, at the end


def without_greeting(line: str) -> str:
    """A line without the greeting at its head."""
    line = line if "\t" in line else squeeze(line)
    match = _GREETING.match(fold(line[:_LONG]))
    if match is None:
        return line
    if line.rstrip().endswith((":", ",")) and len(line) < 90 and not re.search(r"\d", line):
        return ""
    rest = line[match.end() :]
    if re.match(r" ?[a-zñáéíóú]+ ?[,.:]? ?$", rest.lower()) and len(rest.split()) <= 2:
        return ""
    return rest


def says_thanks(text: str) -> bool:
    """Whether a text thanks."""
    return _THANKS.search(fold(text)) is not None


def is_courtesy(text: str) -> bool:
    """Whether a line or sentence is courtesy alone."""
    text = without_links(text[:_LINKED])
    folded = squeeze(fold(text))
    if len(folded) > _COURTEOUS:
        return False
    if not re.search(r"\w", folded):
        return True
    if "?" in text or _GOES_ON.search(folded) or _says_more(folded):
        return False
    _, _, behind = text.replace(";", ",").partition(", ")
    behind = behind.removeprefix("y ").removeprefix("pero ")
    if len(behind.split()) >= _TELLING and not is_courtesy(behind):
        return False  # "Gracias, a mis alumnos les llega todo duplicado"
    first, *others = STOP.split(text)
    told = [first, *(part for part in others if not _is_short(part))]
    return all(_COURTESY.match(squeeze(fold(part))) for part in told)


STOP = re.compile(r"(?<=[.!;]) +")


def _is_short(part: str) -> bool:
    """Whether what stands behind a stop is a few words, or a name: "Saludos. Dra. Ana Ruiz"."""
    words = part.split()
    return len(words) < 4 or all(w[0].isupper() for w in words if len(w) > 3)


_CLAUSE = re.compile(
    r"[,;:.!] (?:y |que |ya |pues |bueno |entonces )*(?=(?:son|somos|es|sera\w*|seria\w*|va|van"
    r"|queda\w*|el|la|los|mi|desde|hasta|del|un[oa]s|aprox\w*|como|cada|\d+"
    r"|(?P<changes>cambi\w+|corri[jg]\w+|pong\w+|anot\w+|agreg\w+|quit\w+))\b)"
)


def _says_more(folded: str) -> bool:
    """Whether a clause behind the courtesy tells something: "Gracias, son 420 alumnos"."""
    clause = _CLAUSE.search(folded)
    if clause is None:
        return False
    rest = folded[clause.end() :]
    return bool(
        clause["changes"] or rhythms_in(rest) or any(not n.article for n in numbers_in(rest))
    )


_TO_ALL = (
    r"si+,? (?:a|en) (?:todo|todos|todas|ambos|ambas|l[oa]s (?:dos|tres|cuatro)"
    r"|lo que (?:me |nos )?preguntan)"
    r"|(?:si+,? )?(?:es[oa]s|est[oa]s) (?:si )?son (?:mis|los|nuestros) datos"
    r"|yes,? th(?:ose|ese) are (?:my|the|our) (?:data|details)"
    r"|(?:yes|si),? (?:that.?s|that is|both are|they are|it is) (?:correct|right|fine)"
)
_YES_WORDS = (
    rf"(?:{_TO_ALL}|si+|sip|claro|claro que si|asi es|correcto|confirmo|confirmado|de acuerdo|ok"
    r"|okay|adelante|exacto|afirmativo|es correcto|por favor si|si por favor|yo soy|soy yo|yes)"
)
_YES = re.compile(
    rf"^\W*(?:{_YES_WORDS}\b[ ,.!]{{0,3}}){{1,3}}(?:gracias|por favor|confirmo|es correcto|adelante"
    r"|asi es|muchas gracias|claro|correcto|(?:envi|mand|hag)\w{1,4}l[oa]s?(?: asi| por favor)?"
    r"|asi(?: esta bien)?|tal cual|eso(?: es| quise decir)?|procedan?)?\W{0,9}$"
)
_YES_AND = re.compile(
    rf"^\W*(?:{_YES_WORDS}(?:,? (?:correcto|es correcto|confirmo|asi es|por favor|gracias))?[.!;]+"
    rf" |(?:{_TO_ALL})\b[ ,.;:!]*)(?=\S)|^\W*(?:{_TO_ALL})\W*$"
)


def without_yes(text: str) -> str:
    """A text without the yes to all that opens it: "Sí, correcto. Va lo demás: …"."""
    yes = _YES_AND.match(fold(text[:_LONG]))
    return text[yes.end() :] if yes else text


_NO = re.compile(
    r"^\W*(?:no|nop|no gracias|para nada|negativo|mejor no|todavia no|aun no"
    r"|no por favor)\b\W{0,3}(?:gracias|muchas gracias)?\W{0,9}$"
)


def agreement(texts: Sequence[str]) -> bool | None:
    """A plain yes or no, on the first line that says anything; None where it is neither or asks."""
    first = squeeze(fold(next((text for text in texts if text.strip()), "")[:_LONG]))
    if "?" in first:
        return None
    if _YES.match(first):
        return True
    return False if _NO.match(first) else None


_OPENING = re.compile(
    r"^\W*(?:(?:ya(?: (?:entendi|vi|quedo claro))?|ah+|oh|ok|okay|perfecto|listo|bueno|claro"
    r"|gracias|entendid[oa]|entiendo|enterad[oa]|de acuerdo|va|vale|got it|it.s|it is|entonces|pues"
    r"|mire|miren|(?:te|les?) (?:paso|mando|dejo|contesto|comparto)(?: (?:los datos"
    r"|lo que falta\w*))?|(?:ahi|aqui) (?:va|estan?)n?|disculpen?|perdon|una disculpa|si|correcto"
    r"|muy bien)\b[ ,.:;!]*)+(?:(?:es|seria|sera|son|serian) )?"
)


def without_opening(text: str) -> str:
    """A sentence without what only opens it: "Ya entendí, es …"."""
    match = _OPENING.match(fold(text))
    return text[match.end() :] if match and match.end() < len(text) else text


_WAITING = re.compile(r"\bqued(?:o|amos)\b")
_CLOSES = re.compile(
    r"^\W*(?:(?:muchas|mil|de antemano|y)? ?gracias|saludos?|atte|atentamente|cordialmente"
    r"|un (?:saludo|abrazo)|quedo|quedamos|sin (?:mas|otro)|bonito|buen|excelente|reciban?|slds"
    r"|agradezco)\b"
)


def signed_off(texts: Sequence[str], writer: Writer) -> int:
    """Where the writer's name, and what stands below it, begins; the length where it does not."""
    names = _names(writer)
    filled = [n for n, text in enumerate(texts) if text.strip()]
    near = filled[-_MOST_SIGNED] if len(filled) > _MOST_SIGNED else 0  # the block at the end
    told = max((n for n, t in enumerate(texts) if len(t) > 90 or "?" in t), default=-1)
    above = False
    closed = False
    for number, text in enumerate(texts):
        bare = squeeze(text).strip(" *_-–—.,|")
        if not bare:
            continue
        apart = number >= near and (number == 0 or not texts[number - 1].strip())
        if number > told and above and (closed or apart) and _is_name(bare, names, closed):
            return number
        if number > told and number >= near and _is_glued(texts, number):
            return number
        if is_courtesy(text):
            closed = closed or number > 0 or says_thanks(text)
            above = above or says_thanks(text) or bool(_WAITING.search(fold(text)))
        else:
            above = True
            closed = False
        if _CLOSES.match(fold(bare[:_COURTEOUS])):
            closed = True
            above = above or number > 0
    return len(texts)


_TELEPHONE = re.compile(
    r"\W{0,4}(?:tel(?:efono)?s?|cel(?:ular)?|movil|conmutador|whats\w{0,5}|[tcm])\b[ .:]{0,3}"
    r"\W{0,4}\+?\d|\W{0,4}\+?(?:\d[ .()-]{0,3}){10,13}(?!\d)"
)


def opens_telephone(text: str) -> bool:
    """Whether a line begins with a telephone, which no form asks for: "Tel. 222 229 9400"."""
    return _TELEPHONE.match(fold(text[:_COURTEOUS])) is not None


def _is_glued(texts: Sequence[str], number: int) -> bool:
    """Whether a name, right below labelled answers, has a telephone below: a signature."""
    if not number or ":" not in texts[number - 1] or number + 1 == len(texts):
        return False
    name, below = texts[number], texts[number + 1]
    alone = ":" not in name and len(name.split()) <= _NAME_WORDS
    return alone and len(people_in(name)) == 1 and opens_telephone(below)


def _names(writer: Writer) -> frozenset[str]:
    local = writer.email.partition("@")[0]
    words = re.split(r"[ ._-]+", fold(f"{writer.name} {local}"))
    return frozenset(w for w in words if len(w) > 2)


def _is_name(bare: str, names: frozenset[str], closed: bool) -> bool:
    head = re.split(r"[|,·/]| [-–—] ", bare)[0]
    if ":" in head:
        return False  # an answer: "Responsable: Lucía Barrera"
    words = [w.strip(".") for w in fold(head).split()]
    telling = [w for w in words if len(w) > 3]
    if telling and len(words) <= 6 and any(w in names for w in telling):
        return True
    people = people_in(head)
    return closed and bool(people) and len(words) <= 6
