"""Reasons and aims told in whole sentences, where the form asks for them."""

import re
from collections.abc import Collection, Sequence

from nlp.kinds.put_off import put_off as put_off_in_words
from nlp.text.fold import fold, squeeze, trim
from nlp.turns.sentences import Sentence
from nlp.turns.voice import of_others, offers_contact, put_off
from nlp.types import Part

_REASON = re.compile(
    r"\b(?:porque|xq|pq|ya que|debido a|dado que|puesto que|(?<!verdad )(?:es|resulta) (?:que|q))\b"
    r"|^\W*pues (?:que|porque|no|es|ya)\b|\b(?:nadie|casi nadie|pocos"
    r"|muchos no) (?:\w+ ){0,3}(?:lee|leen|ve|ven|abre|abren|revisa|entera)\w*"
    r"|\bno (?:\w+ ){0,2}(?:basta|bastan|alcanza|alcanzan|llega|llegan|sirve|sirven|permite"
    r"|permiten|segmenta|podemos (?:segmentar|llegar)|hay (?:otra|manera|forma)|funciona|funcionan"
    r"|lee|leen|revisan|abren|ven|es suficiente|son suficientes|tienen acceso|nos enteramos"
    r"|se enteran)|\b(?:correo del dia|redes|portal|pantallas|whats\w*|carteles|tableros?|boletin"
    r"|canales?|telegram|facebook|teams|classroom|medios)\b.{0,90}\b(?:no|nadie|pierd\w+|tard\w+"
    r"|satur\w+|poc[oa]s?|insuficient\w+|lent\w+|revuelt\w+|mezcl\w+|ignor\w+|muy general\w*|ni)\b"
    r"|\b(?:no|nadie|ni)\b.{0,60}\b(?:correo del dia|redes|portal|pantallas|whats\w*|carteles"
    r"|tableros?|boletin|canales|medios)\b|\bse (?:nos )?pierd\w+|\bsatur\w+"
)
_OF_THE_PROCESS = re.compile(
    r"\b(?:tramite|tardan?|tardado|su respuesta|esperando|llevamos|insist\w+|me urge|nos urge"
    r"|oficina|formato|formulario|contrasena|archivo|extension|vacaciones|no entiendo|no pude"
    r"|no he podido|les mando|les envio|en cuanto|contest(?!ador)\w+|consult\w+|pregunt\w+|reviso"
    r"|dejen?me|permitan?me|les (?:aviso|digo|paso)|lo platico|mi jef[ea]"
    r"|(?<!se )(?<!que )(?:ya|les?|l[oa]s?) (?:cambie|corregi|modifique|llene)"
    r"|(?:se|te) l[oa]s? (?:paso|debo|confirmo|comparto"
    r"|ha(?:go|cemos|re|remos) llegar (?:el|luego|hoy|manana|despues)|(?:mando|envio|digo) (?:el"
    r"|luego|hoy))|regres\w+|lo lleno"
    r"|lo checo)\b"
)
_LONGEST = 1_000  # characters
_AIM = re.compile(
    r"^\W*(?:(?:es|seria|sirve|la queremos|la usariamos|se usara|la usaremos|la necesitamos"
    r"|queremos|servira|serviria|la ocupamos) )?para (?:que )?\w+|^\W*(?:queremos|quisieramos"
    r"|deseamos|buscamos|pretendemos|la idea es|con el fin de) (?!saber|pregunt|pedir|consult"
    r"|correg|cambi|agreg|cancel|continu)\w+(?:ar|er|ir)(?:les?|nos|l[oa]s?)?\b"
)
_LEAD = re.compile(
    r"^\W*(?:(?:(?:si+,? )?(?:(?:salvo|excepto|menos|pero) )?(?:y )?(?:la|mi|nuestra) justific\w*"
    r"[^:;.]{1,60}(?=:)|(?:ya )?(?:se )?l[ao]s? (?:di|dimos|puse|mande|escribi|envie|habia \w+)\b"
    r"[^:;.]{0,40}(?=:)|(?:como|ya) (?:(?:ya|se|les?|l[oa]s?|te) ){1,3}(?:puse|pusimos|dije|dijimos"
    r"|mand\w+|escrib\w+|envi\w+|coment\w+|explic\w+|habia\w* \w+)\b[^:;.,]{0,60}(?=[:;.,])"
    r"|(?:quedo cortad|esta mal|esta incomplet)\w*(?=:)"
    r"|les? (?:coment|explic|dij|mencion)\w+\b[^:;.,]{0,40}(?=[:;.,])"
    r"|(?:debe|deberia|tiene que) decir que"
    r"|bueno|pues|y|mire\w*|miren|fijense que|la verdad|le cuento|les cuento"
    r"|en cuanto a la justificacion|sobre la justificacion|(?:la|nuestra|mi|como"
    r"|y la) (?:justif\w*|razon|motivo)(?: por (?:la|el) (?:cual|que)[^.;]{0,60}?)?(?: (?:es"
    r"|seria|estriba en|radica en|consiste en|baste decir))?(?: (?:que|q))?|justificacion"
    r"|por que no bastan los (?:otros )?(?:canales|medios)(?: existentes)?)\b[ ,:.]*)*"
    r"(?:(?:es (?:que|q)|es porque|porque|xq|pq|seria que|es|ya que|que|baste decir que"
    r"|resulta que|debido a que)\b[ ,:]*)?"
)


def reasons_in(
    said: Sequence[Sentence], spent: Collection[int], wanted: Sequence[str]
) -> dict[str, tuple[tuple[int, ...], str]]:
    """The sentences that give a reason or an aim: for each such field their places and words."""
    found: dict[str, tuple[tuple[int, ...], str]] = {}
    free = [n for n in range(len(said)) if n not in spent and not said[n].asks]
    if Part.REASON in wanted:
        run = _run(said, free, lambda one: gives_reason(one.text))
        if run and tuple(wanted) == (Part.REASON,):
            run = _grown(said, free, run)
        if run:
            found[Part.REASON] = (run, _words(said, run))
            free = [n for n in free if n not in run]
    if Part.PURPOSE in wanted:
        run = _run(said, free, lambda one: len(one.text.split()) > 2 and _AIM.match(one.folded))
        if run:
            found[Part.PURPOSE] = (run, bare_aim(_words(said, run)))
    return found


_ASIDE = 8  # words; what is shorter goes on with nothing
_BECAUSE = re.compile(r",? (?:porque|ya que|pues|dado que|debido a que|puesto que) ")
_FOR = re.compile(
    r"^\W*(?:(?:es|sería|seria|sirve|la queremos|la usaríamos|la usariamos|se usará|se usara"
    r"|la usaremos|la necesitamos|servirá|servira|la ocupamos) )?para (?!que\b)"
    r"|^\W*(?:queremos|quisiéramos|deseamos|buscamos) (?=\w{2,}[aei]r)",
    re.IGNORECASE,
)


def bare_aim(text: str) -> str:
    """An aim without the words that only lead to it: "la queremos para", "queremos"."""
    return trim(_FOR.sub("", text))


def aim_and_reason(text: str) -> tuple[str, str] | None:
    """Both, where one sentence tells them: "para difundir …, porque el Correo del Día no …"."""
    text = squeeze(text)[:_LONGEST]
    folded = fold(text)
    because = _BECAUSE.search(folded)
    if because is None or _AIM.match(folded) is None or not gives_reason(text[because.end() :]):
        return None
    return bare_aim(text[: because.start()]), without_lead(text[because.end() :])


def _run(said: Sequence[Sentence], free: Sequence[int], gives: object) -> tuple[int, ...]:
    """The first neighbouring sentences that give it; one between two that do belongs to them."""
    hits = [n for n in free if gives(said[n])]  # type: ignore[operator]
    if not hits:
        return ()
    run = [hits[0]]
    for number in hits[1:]:
        if number - run[-1] == 1:
            run.append(number)
        else:
            break
    return tuple(run)


def _grown(said: Sequence[Sentence], free: Collection[int], run: Sequence[int]) -> tuple[int, ...]:
    """The run and what stands around it: where nothing else is asked for, it belongs there."""
    first, last = run[0], run[-1]
    while first - 1 in free and not of_the_process(said[first - 1].folded):
        first -= 1
    while last + 1 in free and _goes_on(said[last + 1]):
        last += 1
    return (*range(first, run[0]), *run, *range(run[-1] + 1, last + 1))


def _goes_on(sentence: Sentence) -> bool:
    """Whether it may go on with a reason: no aside, nothing about the request or the writer."""
    if len(sentence.text.split()) < _ASIDE or of_the_process(sentence.folded):
        return False
    return not (put_off(sentence) or offers_contact(sentence) or of_others(sentence))


def gives_reason(text: str) -> bool:
    """Whether words say why other ways do not serve."""
    folded = fold(squeeze(text))[:_LONGEST]
    if len(folded.split()) < 5 or of_the_process(folded):
        return False
    return _REASON.search(folded) is not None


def told_later(text: str) -> bool:
    """Whether words, or those that lead them, put a reason off: "se omite aquí, por …"."""
    return put_off_in_words(text.partition(",")[0]) and not gives_reason(text)


def of_the_process(folded: str) -> bool:
    """Whether words speak of how the request goes, of the form or of the writer's day."""
    return _OF_THE_PROCESS.search(folded[:_LONGEST]) is not None


def without_lead(text: str) -> str:
    """A reason without the words that only announce it: "es que", "la justificación es que"."""
    lead = _LEAD.match(fold(squeeze(text)))
    rest = trim(squeeze(text)[lead.end() :]) if lead else ""
    return rest or trim(text)


def _words(said: Sequence[Sentence], run: Sequence[int]) -> str:
    return without_lead(" ".join(said[n].text for n in run))
