"""Requester commands in natural words: cancel, resume, accept, renew, drop; clear or likely."""

import re
from collections.abc import Sequence
from dataclasses import replace

from nlp.turns.sentences import Sentence
from nlp.turns.types import CommandInProse, RequesterCommand

# What somebody wants something of: the request, or the list.
_CASE = r"(?:solicitud|tramite|peticion|folio|proceso|pedido|gestion|request)"
_THING = rf"(?:{_CASE}|lista?)"
_STOP = (
    r"(?:(?:cancel|anul|retir|par)(?:ar|en|an|e|emos|amos|o)|cancel|withdraw|archiv(?:ar|en)"
    r"|suspend(?:er|an)|detener|detengan|cerrar|cierren|desist\w+"
    r"|no (?:procedan|continuen|sigan) con)"
)
_RULES = r"(?:lineamientos|condiciones|reglas|reglamento|politicas|guidelines|rules)"
_NEED = (
    r"(?:necesit\w+|requer\w+|requier\w+|ocup\w+|usar\w*|hac\w+ falta|hara falta|hace falta"
    r"|(?:sera|es|va a ser) necesari\w+|interes\w+|queremos|quiero|vamos a \w+)"
)


def _said(*ways: str) -> re.Pattern[str]:
    return re.compile("|".join(ways))


_CLEAR: tuple[tuple[RequesterCommand, re.Pattern[str]], ...] = (
    (RequesterCommand.CANCEL, _said(
        rf"\b{_STOP} (?:\w+ ){{0,4}}?{_THING}\b(?! de (?!distribucion))",
        rf"\b(?:dej\w+|queda\w*) sin efecto (?:\w+ ){{0,2}}?{_THING}\b",
        rf"\b(?:den|dar|damos|doy|darl[ao]) (?:de baja|por (?:cancelad|cerrad|terminad"
        rf"|concluid)\w+) (?:\w+ ){{0,2}}?{_CASE}\b",
        r"\bdesist(?:o|imos)\b|\bl[ao] (?:cancel|retir|anul)amos\b",
        r"\b(?:cancel(?:e|en|ar|emos|en?me|enos)|anul(?:e|en|ar)|retir(?:e|en|ar)"
        r"|deten(?:er|gan?))l[ao]\b",
        r"^\W*(?:por favor\W+|favor de )?cancel(?:ar|en|e|ado|ada)\W*(?:por ?fa(?:vor)?"
        r"|gracias|muchas gracias)?\W*$",
    )),
    (RequesterCommand.ACCEPT, _said(
        rf"\b(?:acept\w+|de acuerdo|conform\w+|comprom\w+|cumplir\w*|respetar\w*|apegar\w*"
        rf"|agree|accept)\b.{{0,60}}\b{_RULES}\b",
        rf"\b{_RULES}\b.{{0,60}}\b(?:acept\w+|de acuerdo|conform\w+|comprom\w+|cumplir\w*"
        rf"|respetar\w*|apegar\w*)\b",
        r"^\W*(?:si[, ]+)?(?:(?:los )?acept(?:o|amos|ado|ada|ados)|leido y acept\w+"
        r"|enterad[oa]s? y (?:de acuerdo|acept\w+|conforme)|por este medio acept\w+)\b",
    )),
    (RequesterCommand.RENEW, _said(
        r"\b(?:renov(?:ar|arla|acion|emos)|renuev\w+|renew|(?:extend|prorrog|ampli)\w+ (?:la "
        r"|su |nuestra )?(?:vigencia|lista)\b|(?:extiend|prorrog)\w+l[ao]\b"
        r"|(?:la )?(?:seguimos|sigo|continuamos|vamos a seguir|seguiremos) (?:usando"
        r"|utilizando|ocupando|necesitando)\w*"
        r"|(?:que )?(?:siga|continue|permanezca) (?:activ|vigent|funcion)\w*)\b"
    )),
    (RequesterCommand.DROP, _said(
        r"\b(?:(?:dar|den|darla|denla|darlo|damos|pueden dar\w*|podemos dar\w*) de baja",
        r"baja (?:de la lista|definitiva|por favor)",
        r"(?:elimin|borr|desactiv|delet|remov)\w+ (?:\w+ )?lista?",
        r"(?:elimin|borr|desactiv)\w+l[ao]",
        r"ya no la (?:usamos|utilizamos|ocupamos|uso|utilizo|ocupo))\b|^\W*baja\W*$",
    )),
    (RequesterCommand.RESUME, _said(
        r"\b(?:(?:reanud|retom|reabr|reactiv|resum|reopen)\w*|sigue en pie"
        r"|segu?i(?:mos|go) interesad[oa]s?|siempre si (?:la|lo|vamos|queremos"
        r"|quiero|necesit\w+|requer\w+|nos)"
        r"|(?:seguimos|sigamos|continu\w+|contin\w+) con (?:la solicitud|el tramite)"
        r"|queremos (?:continuar|seguir))\b"
    )),
)  # fmt: skip
_LIKELY: tuple[tuple[RequesterCommand, re.Pattern[str]], ...] = (
    (RequesterCommand.CANCEL, _said(
        rf"\b(?:ya|siempre|finalmente|al final|por el momento|de momento) no (?:\w+ ){{0,3}}?"
        rf"(?:{_NEED}|va a hacer falta|pedir\w*|la pedimos|procede|seguir\w*|continuar\w*)",
        r"^\W*(?:hola\W+)?(?:(?:(?:mejor )?siempre no|ya no|mejor ya no|olvid\w+|dej\w+lo asi"
        r"|mejor lo dejamos|lo dejamos asi|gracias|muchas gracias|por favor)\b\W*)+$",
        r"\b(?:ya (?:lo|la) (?:resolvimos|resolvi|solucionamos|arreglamos)",
        r"(?:lo|la) (?:resolvimos|solucionamos|arreglamos) (?:con|por|de)",
        r"(?:tenemos|encontramos) otra (?:solucion|alternativa|opcion|manera|forma)",
        rf"no (?:sigamos|sigan|continuemos) con (?:(?:lo de|la|el|esta|nuestra"
        rf"|mi) ){{1,2}}{_THING}",
        r"sin efecto|hagan caso omiso|pueden ignorar|olviden (?:la|mi|nuestra|esto)",
        r"no (?:sera|va a ser) necesari\w+|se suspendio|ya ni (?:la|lo)",
        r"(?:don.?t|do not|no longer|won.?t) need",
        r"(?:quisiera|quisieramos|podemos|podriamos|puedo) cancelar\w*)\b",
    )),
    (RequesterCommand.ACCEPT, _said(
        r"^\W*(?:enterad[oa]s?|de acuerdo|conforme|recibido y de acuerdo|ok de acuerdo)\b"
        r".{0,40}$",
    )),
    (RequesterCommand.RENEW, _said(
        r"\b(?:un ano mas|otro ano|(?:extend|ampli)\w+ un (?:ano|semestre)"
        r"|por otro (?:ano|semestre|periodo)|si,? (?:por favor"
        r"|la necesitamos|la ocupamos)|still (?:us\w+|need)|another year)\b",
    )),
    (RequesterCommand.DROP, _said(
        r"\bno (?:\w+ ){0,3}(?:renov|renuev)\w+"
        r"|\bya no (?:la |se )?(?:usa|utiliza|ocupa|necesit\w+|requier\w+)\w*",
    )),
    (RequesterCommand.RESUME, _said(
        r"\b(?:siempre si|si la (?:vamos a )?(?:necesit|quer|requer|requier|ocup)\w+"
        r"|(?:todavia|aun) la (?:necesit|quer|ocup)\w+|seguimos necesit\w+"
        r"|otra vez la necesit\w+|volv\w+ a (?:necesit|requer|ocup)\w+)\b",
    )),
)  # fmt: skip
_NOT = re.compile(r"\b(?:no|nunca|ni|sin) (?:\w+ ){0,3}$")
_IF = re.compile(
    r"\b(?:si (?:no|se|hay|es|est[eoa]s?|van?|me|nos|tard\w+|pued\w+|algun\w*)|en caso de"
    r"|puedo|podemos|se puede|antes de|(?:estamos|estoy|andamos) (?:viendo|pensando|valorando"
    r"|considerando|evaluando)"
    r"|como (?:puedo|podemos|le hago)|pasaria si|a menos que|quiza|tal vez|a lo mejor|todavia lo)\b"
)
_ANYWAY = re.compile(r"\bgracias de tod[oa]s (?:modos|formas|maneras)\b")
_MOST = 40  # words of a sentence that says a command plainly


def commands_in(said: Sequence[Sentence]) -> dict[int, CommandInProse]:
    """What the writer wants to become of it, by the place of the sentence; one for each.

    What two sentences say is clear: "siempre no, olvídenlo. Ya no queremos la lista".
    """
    found = {n: one for n, sentence in enumerate(said) if (one := _command(sentence)) is not None}
    doubted = any(_IF.search(sentence.folded) for sentence in said)
    told = [one.command for one in found.values()]
    return {
        n: replace(one, clear=one.clear or (told.count(one.command) > 1 and not doubted))
        for n, one in found.items()
    }


def _command(sentence: Sentence) -> CommandInProse | None:
    folded = sentence.folded
    for clear, table in ((True, _CLEAR), (False, _LIKELY)):
        for command, pattern in table:
            match = pattern.search(folded)
            if match is None or _NOT.search(folded, max(0, match.start() - 25), match.start()):
                continue
            said_twice = len(pattern.findall(folded)) > 1  # "ya no hace falta, lo resolvimos"
            said_twice = said_twice or (
                command is RequesterCommand.CANCEL and _ANYWAY.search(folded) is not None
            )
            sure = (
                (clear or said_twice)
                and not _IF.search(folded[: match.end()])
                and len(folded.split()) <= _MOST
            )
            if sentence.asks:
                asked = re.search(r"\b(?:pueden|podrian|me|nos|favor|please)\b", folded)
                sure = sure and bool(asked) and not _IF.search(folded)
            return CommandInProse(command, sure, sentence.text)
    return None
