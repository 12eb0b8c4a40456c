"""Answers that leave a range open, or one of two."""

import re

from nlp.text.fold import fold, squeeze
from nlp.text.slugs import PART

_LONGEST = 1_000  # characters of an answer that is looked at
_FIGURE = r"\d[\d.,]{0,11}(?: ?mil\b)?"
_RANGE = re.compile(
    rf"(?<![\d.,]){_FIGURE} ?(?:o|u|a|-|–|/) ?(?:unos |hasta )?{_FIGURE}(?![\d.,]| ?(?:de |/))"
    r"|\bentre (?:\d|cien|mil|\w{1,10}(?:cient[oa]s|enta|inta|einte| mil)\b)\S{0,9}(?: mil)? y \w"
    rf"|\bbetween {_FIGURE} and\b|\bno (?:se|sabemos|sabria) (?:cuant|exact|bien)"
)
_NO_RANGE = re.compile(
    r"\b[a-z]{1,20}-\d|\d ?/ ?\d{1,4} ?/|\d-\d\d-\d|\d ?(?:a|al|-|–) ?\d{1,4} de\b|\bdel? \d"
)  # dates and slugs hold such figures, too
_RHYTHM = r"(?:diari|semanal|quincenal|mensual|bimestral|trimestral|semestral|anual)"
_MONTH = r"(?:ene|feb|mar|abr|may|jun|jul|ago|sep|oct|nov|dic|jan|apr|aug|dec)[a-z]{0,7}"
_EITHER = re.compile(
    rf"\b{_RHYTHM}\w* [ou] (?:tal vez |quiza |mejor )?{_RHYTHM}"
    rf"|\bentre (?:la |lo )?{_RHYTHM}\w* y (?:la |lo )?"
    r"|\bde (?!20\d\d a)\d{3,6} a \d{3,6}\b(?! de)"
    rf"|\b\d{{1,2}}(?: de)? {_MONTH}[.,]? (?:de \d{{4}},? )?(?:o|u|or)"
    rf" (?:el |del )?\d{{1,2}}(?: de)? {_MONTH}"
)
_NAMES = re.compile(rf"-{PART} [ou] {PART}-{PART}")
_TITLED = r"(?i:(?:(?:el|la|de|dra?|mtr[oa]|lic|ing)\.? ){0,2})[A-ZÁÉÍÓÚÑ]"
_WHO = re.compile(
    rf"[A-ZÁÉÍÓÚÑ][\w.]{{1,30}},? (?:o|u|ó|or) {_TITLED}"
    rf"|\b[Ee]ntre {_TITLED}\w{{1,30}}(?: [A-ZÁÉÍÓÚÑ]\w{{1,30}}){{0,3}} y {_TITLED}"
)


def one_of_several(text: str) -> bool:
    """Whether a text leaves open which of several people: "el Dr. Rivas o la Mtra. Luz"."""
    return _WHO.search(squeeze(text[:_LONGEST])) is not None


def undecided(text: str) -> bool:
    """Whether a text leaves a range open, or one of two."""
    folded = fold(squeeze(text[:_LONGEST]))
    if _EITHER.search(folded) or _NAMES.search(folded):
        return True
    return bool(_RANGE.search(folded)) and not _NO_RANGE.search(folded)
