"""Answers that leave a range open, or one of two."""

import re

from nlp.text.fold import fold, squeeze

_LONGEST = 1_000  # characters of an answer that is looked at
_FIGURE = r"\d[\d.,]{0,11}"
_RANGE = re.compile(
    rf"(?<![\d.,]){_FIGURE} ?(?:o|u|ó|a|-|–|/) ?(?:unos |hasta )?{_FIGURE}(?![\d.,]| ?(?:de |/))"
    r"|\bentre (?:\d|cien|mil|\w{1,10}(?:cient[oa]s|enta|inta|einte)\b)\S{0,9} y \w"
    r"|\bno (?:se|sabemos|sabria) (?:cuant|exact|bien)"
)
_NO_RANGE = re.compile(
    r"\b[a-z]{1,20}-\d|\d ?/ ?\d{1,4} ?/|\d-\d\d-\d|\d ?(?:a|al|-|–) ?\d{1,4} de\b|\bdel? \d"
)  # dates and slugs hold such figures, too
_RHYTHM = r"(?:diari|semanal|quincenal|mensual|bimestral|trimestral|semestral|anual)"
_EITHER = re.compile(
    rf"\b{_RHYTHM}\w* (?:o|u|ó) (?:tal vez |quiza |mejor )?{_RHYTHM}"
    rf"|\bentre (?:la |lo )?{_RHYTHM}\w* y (?:la |lo )?"
    r"|\bde (?!20\d\d a)\d{3,6} a \d{3,6}\b(?! de)"
)


def undecided(text: str) -> bool:
    """Whether a text leaves a range open, or one of two."""
    folded = fold(squeeze(text[:_LONGEST]))
    if _EITHER.search(folded):
        return True
    return bool(_RANGE.search(folded)) and not _NO_RANGE.search(folded)
