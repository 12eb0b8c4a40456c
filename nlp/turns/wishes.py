"""Wishes of a requester in natural words: cancel, resume, accept, renew, drop; clear or likely."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nlp.turns.sentences import Sentence
from nlp.turns.types import Wish, Wished

_NEED = (
    r"(?:necesit\w+|requer\w+|requier\w+|ocup\w+|usar\w*|hac\w+ falta|sera necesari\w+"
    r"|es necesari\w+|hara falta|hace falta|interes\w+|queremos|quiero"
    r"|vamos a (?:necesitar|ocupar|requerir|usar|pedir|querer))"
)

_CLEAR: tuple[tuple[Wish, re.Pattern[str]], ...] = (
    (
        Wish.CANCEL,
        re.compile(
            r"\b(?:cancel(?:ar|en|e|emos|amos|o)(?: por favor)? (?:la|mi|nuestra|esta|este|el"
            r"|dicha|todo)(?: \w+)? ?(?:solicitud|lista|tramite|peticion|folio|proceso|pedido)"
            r"|cancel(?:enla|enlo|arla|arlo|enmela|emela|enmelo)"
            r"|cancelacion de (?:la|mi|nuestra|esta) (?:solicitud|lista|peticion)|desist\w+"
            r"|retir(?:ar|en|o|amos|arla|enla|emos) (?:la|mi|nuestra|esta) (?:solicitud"
            r"|peticion)"
            r"|(?:den|dar|damos|doy) (?:de baja|por (?:cancelad|cerrad|terminad"
            r"|concluid)\w+)(?: (?:la|mi|nuestra|esta|el))? (?:solicitud|tramite|peticion|folio)"
            r"|(?:pueden|favor de|podrian) (?:cerrar|dar por cerrad\w+|archivar) (?:el|la|mi"
            r"|este|esta|nuestra) (?:folio|solicitud|tramite|peticion)"
            r"|(?:cierren|archiven) (?:el|la|mi|este|esta|nuestra) (?:folio|solicitud|tramite"
            r"|peticion))\b|^\W*(?:por favor\W+|favor de )?cancel(?:ar|en|e|ado"
            r"|ada)\W*(?:por favor|gracias|muchas gracias)?\W*$"
        ),
    ),
    (
        Wish.ACCEPT,
        re.compile(
            r"^\W*(?:si[, ]+)?(?:acept(?:o|amos|ado|ada|ados)|leido y acept\w+"
            r"|enterad[oa]s? y (?:de acuerdo|acept\w+|conforme)|de acuerdo con (?:los"
            r"|las) (?:lineamientos|condiciones|reglas)"
            r"|(?:estoy|estamos) (?:enterad[oa]s? y )?de acuerdo con (?:los|las) (?:lineamientos"
            r"|condiciones|reglas)|confirm\w+ que acept\w+|por este medio acept\w+"
            r"|conform\w+ con (?:los|las) lineamientos)\b"
        ),
    ),
    (
        Wish.RENEW,
        re.compile(
            r"\b(?:renov(?:ar|arla|acion|emos)|renuev\w+|(?:extend|prorrog|ampli)\w+ (?:la |su "
            r"|nuestra )?(?:vigencia|lista)\b|(?:si|aun|todavia)?,? ?(?:la )?(?:seguimos|sigo"
            r"|continuamos|vamos a seguir|seguiremos) (?:usando|utilizando|ocupando"
            r"|necesitando)\w*)\b"
        ),
    ),
    (
        Wish.DROP,
        re.compile(
            r"\b(?:(?:dar|den|darla|denla|darlo|damos|pueden dar\w*"
            r"|podemos dar\w*) de baja(?: la lista)?|baja (?:de la lista|definitiva|por favor)"
            r"|elimin(?:ar|en|enla|arla) la lista|ya no la (?:usamos|utilizamos|ocupamos|uso"
            r"|utilizo|ocupo))\b|^\W*baja\W*$"
        ),
    ),
    (
        Wish.RESUME,
        re.compile(
            r"\b(?:reanud(?:ar|en|emos|enla|o|amos)|retom(?:ar|en|emos|o|amos|enla)|reabr(?:ir"
            r"|an|irla|anla)|reactiv(?:ar|en|enla|arla|emos)|sigue en pie"
            r"|seguimos interesad[oa]s|sigo interesad[oa]|siempre si (?:la|lo|vamos|queremos"
            r"|quiero|necesit\w+|requer\w+|nos)"
            r"|seguimos con (?:la solicitud|el tramite)|(?:continu"
            r"|contin)\w+ con (?:la solicitud|el tramite)|queremos (?:continuar|seguir))\b"
        ),
    ),
)
_LIKELY: tuple[tuple[Wish, re.Pattern[str]], ...] = (
    (
        Wish.CANCEL,
        re.compile(
            rf"\b(?:ya|siempre|finalmente|al final|por el momento"
            rf"|de momento) no (?:\w+ ){{0,3}}?(?:{_NEED}|va a ser necesari\w+|va a hacer falta"
            rf"|pedir\w*|la pedimos|procede|seguir\w*|continuar\w*)"
            r"|^\W*(?:hola\W+)?(?:siempre no|ya no|mejor ya no|olvid\w+|dej\w+lo asi"
            r"|mejor lo dejamos|lo dejamos asi)\W*(?:gracias|muchas gracias|por favor)?\W*$"
            r"|\b(?:ya (?:lo|la) (?:resolvimos|resolvi|solucionamos|arreglamos)|(?:lo"
            r"|la) (?:resolvimos|solucionamos|arreglamos) (?:con|por|de)"
            r"|ya tenemos otra (?:solucion|alternativa|opcion)|encontramos otra (?:solucion"
            r"|manera|forma|opcion)|sin efecto|hagan caso omiso|pueden ignorar|olviden (?:la|mi"
            r"|nuestra|esto)|no (?:sera|va a ser) necesari\w+|se suspendio|queda sin efecto"
            r"|(?:quisiera|quisieramos|podemos|podriamos|puedo) cancelar\w*)\b"
        ),
    ),
    (
        Wish.ACCEPT,
        re.compile(
            r"^\W*(?:enterad[oa]s?|de acuerdo|conforme|recibido y de acuerdo"
            r"|ok de acuerdo)\b.{0,40}$"
        ),
    ),
    (
        Wish.RENEW,
        re.compile(
            r"\b(?:un ano mas|otro ano|por otro (?:ano|semestre|periodo)|si,? (?:por favor"
            r"|la necesitamos|la ocupamos))\b"
        ),
    ),
    (Wish.DROP, re.compile(r"\bya no (?:la |se )?(?:usa|utiliza|ocupa|necesit\w+|requier\w+)\w*")),
    (
        Wish.RESUME,
        re.compile(
            r"\b(?:siempre si|si la (?:necesitamos|necesito|queremos|requerimos)"
            r"|todavia la (?:necesitamos|necesito|queremos)|aun la (?:necesitamos|necesito)"
            r"|seguimos necesit\w+|otra vez la necesit\w+)\b"
        ),
    ),
)
_NOT = re.compile(r"\b(?:no|nunca|ni|sin) (?:\w+ ){0,2}$")
_IF = re.compile(
    r"\b(?:si (?:no|se|hay|es|no se puede|me|nos)|en caso de|puedo|podemos|se puede|antes de"
    r"|como (?:puedo|podemos|le hago)|pasaria si|a menos que|quiza|tal vez)\b"
)


def wishes_in(said: Sequence[Sentence]) -> dict[int, Wished]:
    """What the writer wants to become of it, by the place of the sentence; one for each."""
    found: dict[int, Wished] = {}
    for number, sentence in enumerate(said):
        one = _wish(sentence)
        if one is not None:
            found[number] = one
    return found


def _wish(sentence: Sentence) -> Wished | None:
    folded = sentence.folded
    for clear, table in ((True, _CLEAR), (False, _LIKELY)):
        for wish, pattern in table:
            match = pattern.search(folded)
            if match is None or _NOT.search(folded, max(0, match.start() - 25), match.start()):
                continue
            said_twice = len(pattern.findall(folded)) > 1  # "ya no hace falta, lo resolvimos"
            sure = (
                (clear or said_twice)
                and not _IF.search(folded[: match.end()])
                and len(folded.split()) <= 40
            )
            if sentence.asks:
                sure = (
                    sure
                    and bool(re.search(r"\b(?:pueden|podrian|me|nos|favor)\b", folded))
                    and not _IF.search(folded)
                )
            return Wished(wish, sure, sentence.text)
    return None
