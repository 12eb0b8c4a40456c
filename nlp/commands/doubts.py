"""What makes a command no command: conditions, hesitation, other times, other people, withdrawal.

Only an argument is free text, so only there are doubts looked for; a command without argument
stands among known phrases or is none. The same signs explain to the writer what was unclear.
"""

import re
from dataclasses import dataclass

from nlp.text.fold import fold
from nlp.types import Doubt

READ = 1_500

_CONDITION = re.compile(
    r"\b(?:a menos que|siempre (?:que|y cuando)|salvo que|a (?:reserva|condicion) de"
    r"|con tal (?:de )?que"
    r"|en caso de que|hasta (?:que|tanto|nuevo aviso)|en cuanto|una vez que|mientras no"
    r"|condicionad\w+"
    r"|con la condicion|sujet[oa] a|pendiente de|dependiendo|el dia (?:en )?que"
    r"|(?:nomas|nada mas) que \w+|if|unless|until|provided)\b"
)
_HESITATION = re.compile(
    r"\b(?:creo|supongo|tal vez|quizas?|a lo mejor|no se(?= (?:si|que|como|bien|\W)|\W*$)"
    r"|no estoy segur\w+|no estamos segur\w+"
    r"|me inclino|yo diria|pienso que|habria que|me parece|dudo|tengo dudas?|mmm+|^casi"
    r"|posiblemente|probablemente|convendria|maybe|i think|not sure)\b"
)
_LATER = re.compile(
    r"\b(?:(?<!(?:en|de) la )(?<!por la )manana|luego|despues|mas tarde|al rato|en un rato"
    r"|la proxima semana|el lunes|el martes|el miercoles|el jueves|el viernes|todavia no"
    r"|aun no|por ahora|por el momento|en su momento|tomorrow|later|not yet|yet)\b"
)
_PAST = re.compile(
    r"\b(?:ayer|anteayer|el (?:mes|año|ano) pasado|la semana pasada|hace (?:un|dos|tres|unos"
    r"|unas|\d)"
    r"|la vez pasada|la otra vez|en su momento|anteriormente|antes de|en (?:enero|febrero|marzo"
    r"|abril"
    r"|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|20\d\d)|last (?:week|year))\b"
)
_EVALUATION = re.compile(
    r"\b(?:diria|no tiene caso|no vale la pena|no sirve|es lo que\b|no es lo|seria|serian"
    r"|habria|podria|podriamos|deberia|deberiamos|tendria|convendria|daria|haria"
    r"|pareceria|preferiria|me parece|nos da|nos daria|nos (?:va|van) a|me gustaria|implica"
    r"|significa|no (?:me|nos) (?:corresponde|toca|parece|conviene|late|gusta)|no es (?:lo que"
    r"|buena"
    r" idea|opcion|la idea|facil|cosa)|es (?:un error|precipitado|complicado|dificil|injusto"
    r"|exagerado|demasiado)|o (?:no|si|que))\b"
)
_WITHDRAWN = re.compile(
    r"\b(?:mejor no|siempre no|olvid(?:en|a|e|enlo|alo)(?: (?:lo|esto|eso|mi))?|ignor(?:en|a|e"
    r"|ar)\b"
    r"|no (?:me |le |les )?hagan? caso|haz caso omiso|hagan caso omiso"
    r"|me (?:equivoque|confundi|adelante|precipite|arrepenti)"
    r"|fue (?:un )?error"
    r"|por error|dej(?:en|a|e)(?:me|nos)|perm[ií]t(?:an|e|a)(?:me|nos)|esper(?:en|a|ame|enme"
    r"|emos|e)\b"
    r"|la (?:reviso|veo|checo|pienso|consulto)|lo (?:reviso|veo|checo|pienso|consulto)|retiro"
    r"|me retracto|correccion|corrijo|rectifico|cambie de (?:opinion|idea)|todavia no|aun no"
    r"|ya vi que (?:no|si)|no,? esper\w+|bueno,? mejor|pensandolo bien|(?:al|el) reves|digo,"
    r"|never ?mind|scratch that|ignore|disregard|on second thought|wait)\b"
)
_OTHERS = re.compile(
    r"^(?:por|de|segun) (?:(?:el|la|los|las|su|mi|nuestr[oa]) )?(?:comite|consejo|rector\w*"
    r"|decan\w+"
    r"|director\w*|direccion|jef[ea]\w*|junta|vicerrector\w*|mtr[oa]|dr|dra|lic|ing|patronato"
    r"|abogad\w+"
    r"|juridico|coordinador\w*|coordinacion|secretari[oa]|tecnologia|comision|departamento"
    r"|equipo de)\b"
)
_UNLESS = re.compile(
    r"\b(?:a menos que|salvo que|excepto (?:si|que)|con la condicion de que)\b"
    r"|^\W*(?:siempre (?:que|y cuando)|en caso de que|en cuanto|una vez que|mientras)\b"
)
_BUT = re.compile(
    r"\W*(?:pero|aunque|sin embargo|o |mejor|bueno|aun|todavia|no todavia|no aun|casi)\b"
)
# What takes a command back opens a sentence: "Perdón, era para otra", "No, esperen".
_TAKEN_BACK = re.compile(
    r"\W*(?:(?:no|bueno|ay|digo|perdon|ups)\W+){0,3}"
    r"(?:mejor no|siempre no|olvid\w+|ignor(?:en|a|e|ar|enlo)\b|no (?:me |le |les )?hagan? caso"
    r"|(?:haz|hagan) (?:caso omiso|de cuenta)|miento\b|me equivoque|fue (?:un )?error|por error"
    r"|retiro\b|me retracto"
    r"|cambie de (?:opinion|idea)|(?:aunque )?pensandolo bien|(?:al|el) reves"
    r"|o (?:bueno|mejor|mas bien|no)\b|bueno,? mejor|era (?:para |de |la |el )?otr[oa]"
    r"|(?:todavia|aun) no\W*$"
    r"|(?:la|lo) (?:reviso|veo|checo|pienso|consulto)\b"
    r"|(?:esper(?:en|a|e|ame|enme|enos)|aguant(?:en|a|e)|detenga\w*|dej(?:en|a|e)(?:me|nos|l[ao])"
    r"|permit(?:an|e|a)(?:me|nos))(?:\W+\w+){0,2}\W*$"
    r"|never ?mind|scratch that|ignore|disregard|on second thought|wait)"
)
_OVER = re.compile(
    r"\b(?:mejor no|siempre no|olvid(?:en|a|e|enlo|alo)\b|ignor(?:en|a|e|enlo)\b|caso omiso"
    r"|no (?:me |le |les )?hagan? caso|(?:haz|hagan) de cuenta|me equivoque|me retracto"
    r"|cambie de (?:opinion|idea)|era (?:para |de )?(?:la |el )?(?:otr[oa]|de)\b|pensandolo bien"
    r"|no,? esper\w+)\b"
)
_SHORT = 14  # words of a sentence that takes a command back
_SORRY = re.compile(r"\W*(?:perdon|disculp|sorry|ups|bueno,? (?:mejor|no)|no,)")
_UNSURE = re.compile(
    r"^\W*(?:mmm|no se (?:si|que)\b|creo que no|no estoy|no estamos)"
    r"|[,.(;…] ?(?:(?:creo|supongo|tal vez|quizas?|a lo mejor|no se|me parece)\W*(?:$|que\b)"
    r"|o no\b|o eso|pendiente de|a reserva|aunque pensandolo|pensandolo bien)"
)
_NOT_YET = re.compile(
    r"\W*(?:pero |aunque |primero )?(?:no l[oae]s? (?:mand|envi|rechac|public|avis|notifi)"
    r"|(?:confirmen|verifiquen|chequen|revisen|consulten) (?:primero|antes|con)\b"
    r"|(?:primero|antes) (?:confirmen|verifiquen|chequen|revisen|consulten)\b)"
    r"|.{0,60}\btodavia\W*$"
)
_FOR_ASSENT = re.compile(
    r"\W*(?:\w+\W*){1,2}$|\W*(?:o (?:no|si|que)|verdad|cierto|(?:les|te|le) parece|como (?:ven|ves)"
    r"|que opin\w+|estan? (?:bien|de acuerdo)|no crees|no creen)\b"
)
_NO_REASON = re.compile(
    r"\W*(?:no|nada|ja(?:ja)+|je(?:je)+|pruebas?|test|(?:es|fue|era) (?:una )?(?:broma|prueba)"
    r"|broma"
    r"|mentira|x+|(?:la|el|esta|esa|este|ese|las|los) \d+"
    r"|(?:la|esta|el|una) (?:solicitud|lista|peticion) del? \w+(?: \w+){0,2}"
    r"|(?:todas|ambas|las dos|la otra|esta|esa))\W*"
)
_NOT_THIS = re.compile(
    r"(?:la|el|lo|las|los|esa|ese) (?:del?|otr[oa]s?|anterior\w*|primer\w*|segund\w*|que)\b"
)
_NOT_NOW = re.compile(r"(?:para |hasta |a partir de )?" + _LATER.pattern.removeprefix(r"\b"))
_REPORTED = re.compile(
    r"^\W*(?:dice|dicen|dijo|segun|me (?:dijo|dijeron|dicen|cuentan)|o eso|al parecer|aparentemente"
    r"|supuestamente|entiendo)\b|\ben (?:el|la) (?:comite|junta|consejo|sesion|reunion)\b"
)
_INDIRECT = re.compile(
    r"\b(?:dice|dicen|indic\w+|explic\w+|aclar\w+|sab\w+|senal\w+|especific\w+|mencion\w+|precis\w+"
    r"|claro|const\w+|detall\w+|definen?|inform\w+|justific\w+|preguntar\w*) si\b"
)
# Of the word itself, not of the request: "RECHAZAR no es lo que queremos".
_OF_THE_WORD = re.compile(
    r"\W{0,9}(?:no es l[oa] que|no,|no mejor|.{0,40}\bmejor (?:pregunt|aprob|autori))"
)
_OF_IT = re.compile(r"es (?:muy|lo)\b")
_FEW = 4  # words
_AT_LENGTH = 12  # words
_SI = re.compile(r"\bsi\b(?! (?:bien|mism[oa]))")

_CHECKS = (
    (Doubt.CONDITION, _CONDITION),
    (Doubt.HESITATION, _HESITATION),
    (Doubt.LATER, _LATER),
    (Doubt.WITHDRAWN, _WITHDRAWN),
)
_NEGATED = re.compile(
    r"\b(?:no|ni|nunca|jamas|tampoco|not|don'?t|never"
    r"|sin(?! (?:mas|otro|ningun|problema|inconveniente|objecion|duda)))\b"
)
_ASK_OTHERS = re.compile(
    r"\b(?:favor de|que l[ao] |te toca|le toca|puedes|pueden|podrias|podrian|segun)\b"
)


@dataclass(frozen=True, slots=True)
class ReasonText:
    """The free text of a decision, folded: what follows its word, and the sentences below.

    `apart` tells that a colon, dash or line end parts it from the word, `shouted` that the word
    is in capitals: then words of time, place or doubt in it speak of the request.
    """

    first: str
    below: tuple[str, ...] = ()
    apart: bool = False
    shouted: bool = False


def of_free_reason(reason: ReasonText) -> Doubt | None:
    """Why a decision with this reason is not clear, if it is not.

    Only what is said of the decision itself counts: that it is taken back, hangs on something,
    is asked about or is not sure. Whatever else the reason says is for the area.
    """
    first = reason.first[:READ]
    if _NO_REASON.fullmatch(" ".join((first, *reason.below))[:READ]):
        return Doubt.UNCLEAR
    if _TAKEN_BACK.match(first) or any(_takes_back(sentence) for sentence in reason.below):
        return Doubt.WITHDRAWN
    if _SORRY.match(first):
        return Doubt.WITHDRAWN
    if any(_AFTERTHOUGHT.search(sentence) for sentence in reason.below):
        return Doubt.HESITATION
    if any("?" in s and _FOR_ASSENT.match(s.strip("¿? ")) for s in reason.below):
        return Doubt.QUESTION
    plain = any("?" not in s for s in reason.below)
    plain = plain or len(first.partition("¿")[0].split()) > _FEW  # it says why, and asks besides
    parted = reason.apart or (reason.shouted and not _FOR_ASSENT.match(first.strip("¿? ")))
    if ("?" in first or "¿" in first) and not (parted and plain):
        return Doubt.QUESTION
    if _UNLESS.search(first) or _conditional(first, apart=reason.apart):
        return Doubt.CONDITION
    length = len(" ".join((first, *reason.below)).split())
    told_at_length = reason.apart and reason.shouted and length > _AT_LENGTH
    if (not told_at_length and _UNSURE.search(first)) or any(
        _NOT_YET.match(sentence) for sentence in reason.below
    ):
        return Doubt.HESITATION
    if reason.apart:
        return None
    if _BUT.match(first):
        return Doubt.HESITATION
    return _of_shouted(first) if reason.shouted else _of_told_along(first)


# What follows a reason and is none: the writer's second thoughts, and what waits.
_AFTERTHOUGHT = re.compile(
    r"\b(?:(?:dej|esper|aguant)(?:en|e)me|denme|l[oa] (?:retomo|reconsidero|reviso|leo)"
    r"|les (?:digo|confirmo) (?:luego|en|cuando|manana|despues)|no l[oa] (?:mand|proces|envi)\w+"
    r"|no se crean|me la regresan|antes de que salga|dice lo contrario)\b"
)
_SENTENCE = re.compile(r"[.;!?…\n]+")
_FOUND_OUT = re.compile(
    r"\b(?:ya l[oa]s? encontre|ya vi que|no hace falta|olvid\w+ (?:la|mi|esa) pregunta"
    r"|(?:bueno|aunque|pero|no),? (?:mejor no|esper\w+)|cancelo|no l[oa]s? (?:mand|envi)\w+)\b"
)


def refuses(folded: str) -> bool:
    """Whether what follows an order opens by refusing it: ", mejor no"."""
    return _REFUSES.match(folded) is not None


_REFUSES = re.compile(r"\W*(?:(?:mejor|siempre|bueno),? )?no\b(?! (?:era|es) )")


def is_taken_back(text: str) -> bool:
    """Whether what follows the first sentence of a text takes it back: "… Ah, ya lo encontré"."""
    parts = _SENTENCE.split(fold(text))[1:]
    return any(_FOUND_OUT.search(part) or _takes_back(part.strip()) for part in parts)


def _takes_back(sentence: str) -> bool:
    """Whether a sentence below a decision takes it back."""
    short = len(sentence.split()) <= _SHORT and "?" not in sentence
    return bool(_TAKEN_BACK.match(sentence) or (short and _OVER.search(sentence)))


def _of_shouted(text: str) -> Doubt | None:
    """The doubts of a reason behind a word in capitals."""
    if _OTHERS.match(text):
        return Doubt.OTHERS
    if _NOT_THIS.match(text):
        return Doubt.FOLIO
    if _NOT_NOW.match(text) and len(text.split()) <= _FEW:
        return Doubt.LATER
    return Doubt.HESITATION if _OF_THE_WORD.match(text) else None


def _of_told_along(text: str) -> Doubt | None:
    """The doubts of a reason that nothing parts from the command."""
    if _OF_IT.match(text):
        return Doubt.HESITATION
    if _WITHDRAWN.search(text):
        return Doubt.WITHDRAWN
    if _CONDITION.search(text):
        return Doubt.CONDITION
    if _HESITATION.search(text) or _EVALUATION.search(text):
        return Doubt.HESITATION
    if _OTHERS.match(text) or _REPORTED.search(text):
        return Doubt.OTHERS
    if _NOT_THIS.match(text):
        return Doubt.FOLIO
    if _NOT_NOW.match(text):
        return Doubt.LATER
    return Doubt.PAST if _PAST.search(text[:40]) else None


def _conditional(text: str, *, apart: bool) -> bool:
    """Whether "si …" makes the command hang on something."""
    for found in _SI.finditer(text):
        before = text[: found.end()]
        if _INDIRECT.search(before[-40:]):
            continue
        opens = not text[: found.start()].strip(" ¿,:-(")
        if apart and opens and "," in text[found.end() :]:
            continue  # "RECHAZAR: si quieren avisar, que usen el Correo del Día"
        parted = text[: found.start()].rstrip()[-1:] in (",", "(", ".", ";")
        if apart and not opens and not parted:
            continue
        return True
    return False


_HANGS = re.compile(
    r"\b(?:pero|aunque|sin embargo|eso si|excepto|salvo|(?:nada|solo) ?mas que|solo que"
    r"|con (?:la|una) (?:condicion|salvedad)|con eso|hasta|falta\w*|cambi\w+|corrig\w+|corrij\w+"
    r"|corregi\w+|correccion\w*|ajust\w+|modifi\w+|agreg\w+|quit\w+"
    r"|que (?:sea|sean|quede\w*|se llame|diga|lleve\w*|vaya\w*))\b"
)
_IF_RAW = re.compile(
    r"(?<!s[eé] )\b[Ss]i (?!adelante|procede|va\b|vale|gracias|claro|bien|de acuerdo|se\b)\w"
)


def hangs(text: str) -> bool:
    """Whether a condition or a change in a text as written keeps an assent from being one to the
    request as it stands."""
    return depends(text) or bool(_HANGS.search(fold(text)))


def depends(text: str) -> bool:
    """Whether a text as written names a condition."""
    return bool(_CONDITION.search(fold(text)) or _IF_RAW.search(text))


def explain(text: str) -> Doubt:
    """The likeliest cause why a folded text gave no command."""
    head = text[:400]
    if not head.strip():
        return Doubt.EMPTY
    if "?" in head or "¿" in head:
        return Doubt.QUESTION
    for why, pattern in _CHECKS:
        if pattern.search(head):
            return why
    if re.search(r"^si\b|\w,? si\b(?! *[,.])", head):
        return Doubt.CONDITION
    if _ASK_OTHERS.search(head):
        return Doubt.OTHERS
    if _NEGATED.search(head[:60]):
        return Doubt.NEGATION
    return Doubt.PAST if _PAST.search(head) else Doubt.UNCLEAR
