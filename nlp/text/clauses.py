"""Clauses that tell a purpose or a reason, by the words that open them."""

from __future__ import annotations

import re

from nlp.text.fold import fold

_STOP = (
    r"[.;:()?!\n]|,\s(?=(?:que (?:son|seria|rondan|suman)|son|somos|seria|serian|un[oa]s?"
    r"|aprox|a partir|con un|una vez|cada|y se (?:us|env|mand)|desde|ya que"
    r"|pues|porque|dado|debido|el cual|la cual|los cuales|hoy|actualmente|en total|mas o "
    r"menos|dirigid|a unos|con (?:una|envio|frecuencia)|semanal|mensual|quincenal|de "
    r"lunes)\b)"
    r"|\s(?=(?:ya que|porque|pues|debido a|dado que|puesto que|a partir del|desde el|una vez "
    r"(?:al|por|a la)|cada (?:semana|mes|quince|dos|lunes)|los (?:lunes|martes|miercoles"
    r"|jueves|viernes))\b)|$"
)
_PURPOSE = re.compile(
    r"\b(?:para (?:que (?:podamos|pueda|puedan) )?|pa |con (?:el|la) (?:fin|objeto|objetivo"
    r"|proposito|finalidad|intencion) de |a fin de |con objeto de |con miras a "
    r"|(?:cuyo|su|el|la|nuestro) (?:fin|objeto|objetivo|proposito|finalidad|intencion"
    r"|idea)(?: de la lista| principal)? (?:es|seria|sera|era) (?:el de |la de )?"
    r"|(?:sirve|servia|serviria|servira|servir|usaba|usa|usaria|usara|utiliza|utilizaba"
    r"|utilizaria|ocupa|ocupaba|ocuparia|emplea|empleaba|emplearia|destinaria)\w* para "
    r"|(?:la idea|la intencion|el plan) es )"
    rf"(?P<clause>(?:poder |nada mas |solo )?(?:\w+(?:ar|er|ir)(?:les?|los?|las?|nos|se"
    rf"|selas?|selos?)?)\b.*?)(?={_STOP})"
)
_REASON = re.compile(
    r"\b(?:porque|ya que|pues|debido a que|dado que|puesto que|toda vez que|en virtud de que"
    r"|es que|considerando que|habida cuenta de que"
    r"|(?:la |el )?(?:razon|motivo|problema)(?: \w+){0,8}? es que|por lo siguiente:"
    r"|justificacion:)\s*"
    r"(?P<clause>[^.\n]{15,260})(?=[.\n]|$)"
)
_CHANNEL = re.compile(
    r"(?P<clause>(?:(?<=[.\n] )|(?<=\n)|^)[^.\n]{0,120}\b(?:no|nunca|nadie|ningun|tard|pierd"
    r"|satur|demora)[^.\n]{0,160})"
)
_MEDIA = re.compile(
    r"correo del dia|portal|pantallas?|whats|redes|carteles|canal|medios?\b|tablero|boletin"
    r"|telefono|cuenta (?:institucional|upaep)|se enteran|no (?:les )?lleg"
)


def clauses_in(text: str) -> list[tuple[int, int, str]]:
    """Where a text tells a purpose ("P") or a reason ("J"): (start, end, which)."""
    folded = fold(text)
    found = [(m.start("clause"), m.end("clause"), "P") for m in _PURPOSE.finditer(folded)]
    found += [(m.start("clause"), m.end("clause"), "J") for m in _REASON.finditer(folded)]
    found += [
        (m.start("clause"), m.end("clause"), "C")
        for m in _CHANNEL.finditer(folded)
        if _MEDIA.search(m["clause"])
    ]
    return found
