"""Answers that give no value: they refer elsewhere, put it off, or leave two open."""

from __future__ import annotations

import re

from nlp.text.fold import fold, squeeze

_LONGEST = 1_000  # characters of an answer that is looked at
_ELSEWHERE = re.compile(
    r"^\W*(?:(?:el|la|l[oa]s) (?:mism[oa]s? )?de siempre|(?:ver|vease|vean|veanse|como|lo que"
    r"|segun|conforme a) .{0,40}(?:correo|mensaje|mail|formato|solicitud) (?:anterior|pasad[oa]"
    r"|previo)|(?:la|el|l[oa]s) que (?:ustedes|uds|usted)\b.{0,40}"
    r"|como (?:ustedes|vean|vea)\b.{0,30}|lo (?:vemos|decidimos) (?:luego|despues).{0,20}"
    r"|igual que .{0,20}|lo mismo .{0,30})\W{0,5}$"
    r"|\b(?:luego|despues|al rato|manana|mas tarde|en la tarde) (?:se l[oa]s?|te|les?|lo|la) \w"
    r"|\b(?:se l[oa]s?|te l[oa]|les) (?:digo|paso|mando|aviso|confirmo) (?:luego|despues|al rato"
    r"|manana|mas tarde)"
    r"|\bno (?:hemos|he|se ha) (?:decidid|definid)|\b(?:dudo|dudamos) (?:aun |todavia )?entre\b"
)
_NOT_YET = re.compile(
    r"^\W*(?:(?:sigue|siguen|esta|queda|aun|todavia|va) )?(?:en )?(?:pendientes?|pdte"
    r"|por (?:definir|confirmar|ver)|tbd|to be \w{1,12}|n/?d)\b.{0,60}$"
    r"|^\W*(?:(?:la|el|l[oa]s?) )?mism[oa]s? (?:que|de)\b.{0,60}$"
    r"|^\W*(?:vease|ver|viene|va|esta) (?:en |el |la |mi |anexo|adjunto|oficio)\b.{0,60}$"
    r"|^\W*(?:es[aeo]|est[aeo]|lo demas|l[oa]s? otr[oa]s?)\b.{0,30}\b(?:luego|despues|falta)\b"
    r"|^\W*ya (?:(?:se|les) )?l[oa]s? (?:habia|di\b|dije|pedi|mande|envie|puse)"
    r"|\bno (?:ha|han) (?:firmado|contestado|respondido|dado)\b"
)
_FIGURE = r"\d[\d.,]{0,11}"
_RANGE = re.compile(
    rf"(?<![\d.,]){_FIGURE} ?(?:o|u|ó|a|-|–|/) ?(?:unos |hasta )?{_FIGURE}(?![\d.,]| ?(?:de |/))"
    r"|\bentre \w{1,20} y \w|\bno (?:se|sabemos|sabria) (?:cuant|exact|bien)"
)
_NO_RANGE = re.compile(
    r"\d ?/ ?\d{1,4} ?/|\d-\d\d-\d|\d ?(?:a|al|-|–) ?\d{1,4} de\b|\bdel? \d"
)  # dates and slugs hold such figures, too
_RHYTHM = r"(?:diari|semanal|quincenal|mensual|bimestral|trimestral|semestral|anual)"
_EITHER = re.compile(
    rf"\b{_RHYTHM}\w* (?:o|u|ó) (?:tal vez |quiza |mejor )?{_RHYTHM}"
    rf"|\bentre (?:la |lo )?{_RHYTHM}\w* y (?:la |lo )?"
)


def no_value(text: str) -> bool:
    """Whether an answer refers elsewhere, or leaves it to others."""
    folded = fold(squeeze(text[:_LONGEST]))
    return bool(_ELSEWHERE.search(folded) or _NOT_YET.search(folded))


def undecided(text: str) -> bool:
    """Whether a text leaves a range open, or one of two."""
    folded = fold(squeeze(text[:_LONGEST]))
    if _EITHER.search(folded):
        return True
    return bool(_RANGE.search(folded)) and not _NO_RANGE.search(folded)
