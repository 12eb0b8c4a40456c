"""Dates of somebody's absence: the days of a vacation are no validity of what is asked for.

"Estaré de vacaciones del 21 al 31 de diciembre", "por el receso …", "regreso el …", "during my
leave": what tells that people are away takes the dates behind it in its sentence, and those right
before it, until the sentence speaks of something else again.
"""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from nlp.text.dates import DateSpan, dates_in
from nlp.text.fold import fold

_AWAY = (
    r"(?:(?:de|mis|nuestras|sus|mi|nuestro|su|un|una|en|con|el|la|los|unos|dias? de"
    r"|periodo de)\s){0,4}"
    r"(?:vacaciones|periodo vacacional|receso|licencia|incapacidad|incapacitad[oa]s?|permiso|viaje"
    r"|comision(?: de servicio)?|comisionad[oa]s?|descanso|descansando|asueto|sabatico"
    r"|ano sabatico|reposo|maternidad|paternidad|gravidez|convalecencia|congreso|estancia|ausentes?"
    r"|duelo|luto|baja (?:medica|por)|puente|cerrad[oa]s?|sin labores"
    r"|fuera(?! (?:de (?:servicio|linea|operacion|uso)|del? (?:alcance|plazo)))"
    r"|(?:por )?(?:maternidad|paternidad)|viajando|ooo|home office)\b"
)
_SELF = (
    r"(?:est(?:oy|are|aremos|amos)|(?:me|nos) encuentr\w+|(?:me|nos) encontrar\w+|and(?:o|are"
    r"|amos|aremos)|(?:voy|vamos) a (?:estar|salir|tomar|tener|andar)"
    r"|(?:me|nos) (?:voy|vamos|ire|iremos|toca\w*|dieron|otorgaron|autorizaron)|sal(?:go|imos|dre"
    r"|dremos)|t(?:engo|enemos|endre|endremos)|tom(?:o|amos|are|aremos)|goz\w+|disfrut\w+"
    r"|entr(?:o|amos|are|aremos)|inicio|iniciamos|solicite|pedi|viene|vienen|viajo|viajare)"
)
_OTHER = (
    r"(?:est(?:a|ara|an|aran)|se encuentra\w*|anda|sal(?:e|dra|en|dran)|se (?:va|van|ira)"
    r"|t(?:iene|ienen|endra)|toma|tomara|va a estar|van a estar|entra|cuenta)"
)
_NEVER = (
    r"no (?:voy a |vamos a )?(?:est(?:oy|are|aremos|amos|ar)|(?:me|nos) encuentr\w+|labor(?:o|are"
    r"|amos|aremos|ara|aran|a|an)|trabaj(?:o|are|amos|aremos|a|an)|(?:hay|habra|ten(?:go|dre"
    r"|dremos)) (?:acceso|senal|internet|clases|labores|actividades|nadie|personal|atencion)"
    r"|podre|podremos|revis(?:o|are|aremos|amos)|contest(?:o|are|aremos)|asist(?:o|ire|iremos)"
    r"|abrimos|abriremos|vengo|vendre|vendremos|iremos|ire)"
)
_THERE = r"no (?:esta|estara|estaran|se encuentra) (?:en (?:la |su )?oficina|presente|disponible)"
_BACK = (
    r"(?:regres(?:o|are|amos|aremos|a|ara|an|aran|ando)|vuelv(?:o|e)|volv(?:ere|emos|eremos|era)"
    r"|(?:me|nos|se) (?:re)?(?:incorpor|integr)\w+|(?:re)?incorporar(?:me|nos)|retorn(?:o|are|amos"
    r"|aremos)|reanud(?:o|are|amos|aremos|an) (?:labores|actividades|clases)"
    r"|(?:mi|nuestro|su) (?:regreso|retorno|vuelta|reincorporacion)|de (?:vuelta|regreso))"
    r"(?! (?:a|para) (?!labor|trabaj|clases|actividad|la oficina|oficina|partir|mi|el))"
)
_NAMED = (
    r"(?:(?:mi|mis|nuestra|nuestras|nuestro) (?:ausencias?|vacaciones|periodo vacacional|licencia"
    r"|incapacidad|permiso|receso|viaje|comision|sabatico|descanso)"
    r"|(?:por|en|debido al?|con motivo del?|a causa del?)\s(?:(?:el|los|las|la|un|una)\s)?"
    r"(?:receso|vacaciones|periodo vacacional|asueto|dias inhabiles|incapacidad|licencia"
    r"|maternidad|puente)|su (?:ausencia|incapacidad|licencia)|me ausent\w+|nos ausent\w+"
    r"|(?:me|nos) (?:cubr|supl)\w+|suspension de (?:labores|clases|actividades)|(?:la|el|toda la)"
    r" (?:universidad|oficina|institucion|campus|area|departamento|direccion) (?:cierra|cerrara)"
    r"|cerr(?:amos|aremos) (?:por|la oficina|labores|actividades)|dias? inhabil(?:es)?"
    r"|periodo inhabil)"
)
_ENGLISH = (
    r"(?:(?:i|we)(?:'ll| will|'m| am|'re| are)(?: be| not be)?(?: going)?(?: to be)? (?:out|away"
    r"|off|on|travell?ing|unavailable|in the office|back|returning)|out of (?:the |my )?office"
    r"|(?:my|our) (?:absence|leave|vacations?|holidays?|time off)|on (?:annual |sick |maternity )?"
    r"(?:leave|vacation|pto)|back (?:on|in|at)|(?:i|we) (?:will )?return|ooo)"
)
_CUE = re.compile(
    rf"\b(?:{_OTHER}(?:\s(?!la |lista)[\w.]{{1,20}}){{0,2}}?\s{_AWAY}|{_THERE}"
    rf"|{_SELF}(?:\s[\w.]{{1,20}}){{0,3}}?\s{_AWAY}|{_NEVER}|{_BACK}|{_NAMED}|{_ENGLISH})\b"
)
# What else a sentence may go on to speak of; from there on its dates are no longer the absence's.
_TURNS = re.compile(
    r"\b(?:listas?|vigen\w+|vigencia|validez|necesit\w+|requer\w+|requier\w+|quer\w+|quier\w+"
    r"|solicit(?:o|amos|ud)|funcion(?:e|ar|ara|aria)\w*|activ(?:a|ar|e|arla|ada)|utiliz\w+"
    r"|(?:empez|comenz|arranc|inici)(?:amos|ariamos|aremos|emos|ando|aria|ara)|dure|boletin\w*|cambi\w+|corr[ei]\w+|pong\w+"
    r"|envios?|periodo de (?:la|uso)|evento)\b"
)
_LASTS = re.compile(r"\b(?:vigen\w+|valid[ao]|activ[ao]|activar\w*|funcion\w+|dur(?:e|a|aria))\b")
_WHILE = re.compile(r"\b(?:mientras|durante|cuando|en lo que|while|during)\W*$")
# Cut in the text as written: a capital behind the point, and no title or short form before it.
_SENTENCE = re.compile(
    r"[!?;\n]|(?:(?<=\d)|(?<=[\w)]{4})(?<!Mtr[oa])(?<!Prof)(?<!Profa)(?<!Psic))"
    r"\.(?=\s+[^\sa-zà-öø-ÿ]|\s*$)"
)
_JOINS = re.compile(
    r"\s{0,4}(?:(?:,? ?y )?(?:hasta|al?)|y|-|–|to|until)\s{0,4}(?:(?:el|dia)\s{0,4})?$"
)
_LEADS = re.compile(
    r"(?:(?:del?|desde|entre|el|los?|al|a partir|hasta|dias?|from|on|until)\s){1,6}$"
)
_CLAUSE = re.compile(
    r"(?:^|[,:(—–\n-]|\b(?:y|e|que|pero|porque|pues|como|and|but|since|as|because))\s{0,4}$"
)
_BETWEEN = re.compile(
    r"[\s,]{0,4}(?:(?:yo|ya|nosotros|tod[oa]s|que|y|el personal|la oficina|me|nos|no|se|inclusive"
    r"|dr|dra|mtr[oa]|lic|ing)[\s,.]{1,4}){0,4}$"
)


def dates_stated(text: str, today: dt.date) -> list[DateSpan]:
    """Every date of a text but those of somebody's absence, as `dates_in` gives them."""
    spans = dates_in(text, today)
    if not spans:
        return []
    folded = fold(text)
    away = {span for start, end in _sentences(text) for span in _away(folded, spans, start, end)}
    return [span for span in spans if span not in away]


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    ends = [match.end() for match in _SENTENCE.finditer(text)]
    yield from pairwise([0, *ends, len(text)])


def _away(folded: str, spans: Sequence[DateSpan], start: int, end: int) -> Iterator[DateSpan]:
    """The dates of one sentence that tell of an absence."""
    mine = [span for span in spans if start <= span.start < end]
    if not mine or _CUE.search(folded[start:end]) is None:
        return
    for cue in _CUE.finditer(folded, start, end):
        before = folded[start : cue.start()]
        subordinate = _WHILE.search(before[-20:]) or _WHILE.search(cue[0][:9])
        if subordinate and _LASTS.search(before):
            continue
        turn = _TURNS.search(folded, cue.end(), end)
        stop = turn.start() if turn else end
        yield from (span for span in mine if cue.end() <= span.end and span.start < stop)
        yield from _right_before(folded, mine, start, cue.start())


def _right_before(
    folded: str, spans: Sequence[DateSpan], start: int, at: int
) -> Iterator[DateSpan]:
    """The dates that lead to an absence at `at`: "Del 21 al 31 de diciembre estaré …"."""
    run: list[DateSpan] = []
    for span in reversed([one for one in spans if one.end <= at]):
        between = folded[span.end : run[-1].start if run else at]
        if not (_JOINS.match(between) if run else _BETWEEN.match(between)):
            break
        run.append(span)
    if run:
        lead = folded[start : run[-1].start][-80:]
        if _CLAUSE.search(_LEADS.sub("", lead)):
            yield from run
