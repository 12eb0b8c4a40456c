"""Questions of a requester: about a field, the date, the stage, who has it; for a person."""

import re
from collections.abc import Mapping, Sequence

from nlp.text.fold import fold, word_set
from nlp.turns.ground import Ground
from nlp.turns.mentions import mentions_in
from nlp.turns.people import people_in
from nlp.turns.sentences import Sentence, sentences
from nlp.turns.types import Question, QuestionTopic

_ABOUT = re.compile(
    r"\W*(?:y )?(?:sobre|en cuanto a|(?:con )?respecto|acerca|del?|en|lo de|para)"
    r"(?:[ \"“«]+\w+){1,6}\W*$"
)
_WAITS = re.compile(
    r"\b(?:sigo|seguimos|continuo|continuamos) (?:en espera|esperando)\b"
    r"|\bdar(?:le)? seguimiento a\b"
)
_PLAIN = re.compile(
    r"^\W*(?:(?:hola|buen\w+ (?:dias?|tardes|noches)|disculp\w+|perdon|oig\w+|una (?:duda|pregunta"
    r"|consulta)|duda|pregunta)\b[ ,:.]*)*(?:que|cual|cuando|cuanto|como|quien|donde|por que"
    r"|para cuando|en que|a quien|a que)\b(?! (?:dice|decia|este|esten|tenga|le|les|la|lo) (?:bien"
    r"|buen|excelente|lindo))"
)
_READ = 4_000  # characters
_TALK = r"(?:habl|at[ie]+nd|mar[cq]|llam|comuni[cq]|contact|platic|expli[cq])\w*"
_SOMEBODY = r"(?:alguien|una persona|algun[ao]? persona|un humano|ser humano|por telefono)"
_WANTS = re.compile(
    rf"\b(?:prefer\w+|prefier\w+|quisier\w+|quier\w+|gustaria|necesit\w+|pued\w+|podri\w+|solicit\w+"
    rf"|pido|pedir|favor)\b.{{0,30}}\b{_TALK}.{{0,30}}\b{_SOMEBODY}\b"
    rf"|\b(?:que|si) (?:me |nos )?{_TALK} {_SOMEBODY}\b"
    rf"|\b{_SOMEBODY}\b.{{0,20}}\b(?:me|nos) (?:pued\w+ |podri\w+ )?{_TALK}"
    r"|\b(?:me|nos) (?:pued\w+|podri\w+) (?:marcar|llamar|hablar)\b"
    r"|\b(?:pued\w+|podri\w+) (?:marcar|llamar|hablar)(?:me|nos)\b"
    r"|\b(?:pas|comuniqu|comunic)\w+(?:me|nos) con (?:alguien|una persona|quien)\b"
    r"|\b(?:me|nos) (?:van a|va a) (?:marcar|llamar|atender)\b|\bespero (?:su|la) llamada\b"
    r"|\b(?:quien|con quien) (?:me|nos) (?:llama|marca|va a (?:llamar|marcar|atender)"
    r"|pued[ae] (?:ayudar|atender|apoyar|resolver))\b"
    r"|\bnadie (?:me|nos) (?:ha |han )?(?:resuelve|resuelto|atiende|atendido|hace caso)\b"
)
_NUMBER = re.compile(
    r"\b(?:(?:ext(?:ension)?|tel(?:efono)?|cel(?:ular)?|numero|movil)[ .:]{0,3}|(?:al|a la|en la) )"
    r"(?:(?:ext(?:ension)?|tel(?:efono)?|cel(?:ular)?|numero)[ .:]{0,3})?"
    r"(?P<number>\d(?:[ ().-]{0,2}\d){3,12})(?!\d)"
)
_OFFERS = re.compile(
    r"\b(?:dudas?|aclaracion\w*|cualquier|si (?:hay|hace|tien|requi|neces|gust)\w*)\b"
)

_DOUBT = re.compile(
    r"\b(?:no (?:me queda|nos queda|tengo|tenemos|veo) (?:muy |nada )?clar\w+|no (?:entiendo"
    r"|entendi|entendemos|comprendo|se|sabemos) (?:bien |muy bien )?(?:que|como|cual|cuando|quien"
    r"|a que|si|lo|el|la|en)\b|(?:tengo|tenemos|una|mi|con la|me surge una|nos surge una) dudas?\b"
    r"|me (?:orientan|explican|podrian explicar|pueden explicar|aclaran)|(?:podrian|pueden|podria"
    r"|puede) (?:decirme|decirnos|indicarme|orientarme|explicarme|informarme)|quisiera saber"
    r"|me gustaria saber|queria preguntar\w*|pregunto si|quiero saber|a que se refier\w+"
    r"|me (?:pueden )?confirman?r? (?:si|cual|cuando|que (?:dia|fecha)|quien|por favor))"
)
_ITSELF = re.compile(  # what the field is, whatever else is known of the request
    r"\b(?:que (?:\w+ ){0,3}(?:pong\w+|pon\w+|escrib\w+|anot\w+|va|van|lleva|significa|quiere decir"
    r"|debo|debe|es|se (?:pone|escribe|anota))|a quien (?:\w+ ){0,2}(?:pong|anot|escrib"
    r"|consider)\w+|como (?:\w+ ){0,3}(?:llen\w+|pong\w+|contest\w+|justific\w+|redact\w+"
    r"|escrib\w+)|pongo|ponemos|a que se refier\w+|obligatori\w+|forzos\w+|ejemplo|dudas?|(?:no"
    r"|explic|aclar|entiend|entend)\w* (?:\w+ ){0,3}(?:clar|entiend|entend|comprend)\w+)\b"
)
_FILLING = re.compile(
    r"\b(?:(?:debo|tengo que|hay que|puedo|puede|podemos|debe|es necesario|pued\w+ ser|tiene que"
    r"|sirve|vale|basta|se puede|quien (?:puede|debe|tiene)|una? firma|nomas))\b"
)
_WHEN = re.compile(
    r"\b(?:cuanto (?:\w+ ){0,3}(?:tard\w+|tiempo|demor\w+|dur\w+|falta)"
    r"|(?:para )?cuando (?:\w+ ){0,3}(?:estar\w+|esta|sabr\w+|tendr\w+|tenemos|tengo|queda\w*"
    r"|respond\w+|contest\w+|sale|saldr\w+|nos|me|dan|avisan|la tend\w+|seria)|(?:que|cual) (?:dia"
    r"|fecha)|fecha (?:de respuesta|estimada|probable|limite)|en cuantos dias|cuantos dias"
    r"|tarda\w* (?:mucho|tanto)|que tanto tarda\w*|a mas tardar|ya (?:mero|casi|merito)|falta mucho"
    r"|how long|when|en que tiempo|cuanto (?:se )?(?:tarda|lleva))\b"
)
_HOW_IT_GOES = re.compile(
    r"\b(?:como (?:va|van|anda|sigue|vamos|quedo)|en que (?:va|quedo|quedamos|estatus|etapa|paso"
    r"|punto|situacion)|que (?:paso|ha pasado|sucedio|novedad\w*)|e?status|ya (?:la"
    r"|lo) estan (?:cre|hac|revis|vi|atend)\w+|ya (?:hay|tienen|salio|saben|quedo|esta|fue"
    r"|la (?:aprob|autoriz|revis)\w+|lo (?:vieron|revisaron)|se (?:aprobo|autorizo|resolvio))"
    r"|algun\w* (?:novedad\w*|avance\w*|noticia\w*|respuesta)|(?:hay|tienen) (?:novedad\w*"
    r"|noticia\w*|avance\w*|respuesta)|les? llego|lo? recibieron|si (?:lo )?recibieron"
    r"|recibieron (?:mi|el|la|los)|sigo (?:en espera|esperando)|seguimos (?:en espera|esperando)"
    r"|que (?:\w+ ){0,5}(?:sigue|procede|falta\w*|debo|debemos|hace falta|(?:queda|esta) pendiente"
    r"|necesitan (?:de|para)|mas necesitan)|falta algo|hace falta algo|falta algun|avance"
    r"|seguimiento|en donde va|donde va|(?:any|some) (?:news|updates?)|how is)\b"
)
_WHO = re.compile(
    r"\b(?:who (?:decides|approves|has)|quien (?:\w+ ){0,3}(?:decide|autoriza|revisa|aprueba"
    r"|dictamina|lo ve|la ve|lo tiene|(?:la|tiene (?:\w+ ){0,2}(?:mi|la|nuestra)) (?:tiene"
    r"|solicitud|tramite|peticion)|me atiende|es usted|eres|contesta|esta|puede atender\w*|lleva)"
    r"|con quien|a quien (?:me dirijo|le|puedo|debo)|(?:eres|es) (?:un|una) (?:robot|maquina"
    r"|persona|bot)|de quien depende|en manos de quien)\b"
)
_LOOSE = word_set(
    "que quien para solicitud tramite tipo lista nombre son hasta desde total correo va a fin "
    "numero por"
)

_INTERROGATIVE = frozenset({"a quien", "a quienes", "por que", "quienes"})


def questions_in(said: Sequence[Sentence], ground: Ground) -> dict[int, Question]:
    """The questions of a turn by the place of their sentence."""
    found: dict[int, Question] = {}
    for number, sentence in enumerate(said):
        doubt = _DOUBT.search(sentence.folded)
        waits = _WAITS.search(sentence.folded)
        if asks_for_person(sentence.folded):
            found[number] = Question(QuestionTopic.OTHER, sentence.text)
        elif sentence.asks or doubt or waits or _plain(sentence):
            found[number] = _question(sentence, _topic(said, number, found, ground), ground)
    return found


def _topic(
    said: Sequence[Sentence], number: int, found: Mapping[int, Question], ground: Ground
) -> str:
    """The field that a question names, or what leads to it does: "Sobre el visto bueno, ¿…?"."""
    folded = said[number].folded
    named = _field(folded, ground, _LOOSE | _INTERROGATIVE)
    if not named and number:
        before = said[number - 1]
        leads = before.text.rstrip()[-1:] in (",", ":") or _ABOUT.match(before.folded)
        named = _field(before.folded, ground) if leads else ""
        named = named or (found[number - 1].field if number - 1 in found else "")
    return named or _field(folded, ground)


def _plain(sentence: Sentence) -> bool:
    """A question without its marks, "como va mi solicitud", that names nobody."""
    folded = sentence.folded
    short = len(folded.split()) <= 14 and not people_in(sentence.text)
    asked = (_WHEN, _HOW_IT_GOES, _WHO, _ITSELF, _FILLING)
    return short and bool(_PLAIN.match(folded)) and any(one.search(folded) for one in asked)


def _question(sentence: Sentence, named: str, ground: Ground) -> Question:
    folded, text = sentence.folded, sentence.text
    wanted = named in ground.missing and (_FILLING.search(folded) or _DOUBT.search(folded))
    if named and (wanted or _ITSELF.search(folded)):
        return Question(QuestionTopic.FIELD, text, named)
    if _WHEN.search(folded):
        return Question(QuestionTopic.DATE, text)
    if _WHO.search(folded):
        return Question(QuestionTopic.WHO, text)
    if _HOW_IT_GOES.search(folded):
        return Question(QuestionTopic.STAGE, text)
    if named and named in ground.missing:
        return Question(QuestionTopic.FIELD, text, named)
    return Question(QuestionTopic.OTHER, text)


def _field(folded: str, ground: Ground, loose: frozenset[str] = _LOOSE) -> str:
    """The field that a question names: one that is asked for, rather than one that is known."""
    names = [
        (mention.label.official, name)
        for mention in mentions_in(folded, ground.labels)
        if mention.text not in loose
        for name in mention.label.names
        if name in ground.form
    ]
    asked = [name for _, name in names if name in ground.missing]
    official = [name for sure, name in names if sure]
    return next(iter([*asked, *official, *(name for _, name in names)]), "")


def wants_person(text: str) -> bool:
    """Whether a text asks for a person; "ante cualquier duda me pueden marcar" does not."""
    return any(asks_for_person(said.folded) for said in sentences(text[:_READ].splitlines()))


def number_to_call(text: str) -> str:
    """The telephone or extension that a text, or the signature below it, gives; empty where none
    is told."""
    number = _NUMBER.search(fold(text[:_READ]))
    return number["number"] if number else ""


def asks_for_person(folded: str) -> bool:
    """Whether a folded sentence asks for a person, and not only in case of a doubt."""
    return bool(_WANTS.search(folded)) and not _OFFERS.search(folded)
