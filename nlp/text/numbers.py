"""Cardinal numbers as people write them in Spanish: "1,850", "4 100", "5 mil", "medio millar"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from nlp.text.fold import fold

_UNITS = {
    "cero": 0, "un": 1, "uno": 1, "una": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5,
    "seis": 6, "siete": 7, "ocho": 8, "nueve": 9, "diez": 10, "once": 11, "doce": 12,
    "trece": 13, "catorce": 14, "quince": 15, "dieciseis": 16, "diecisiete": 17,
    "dieciocho": 18, "diecinueve": 19, "veinte": 20, "veintiun": 21, "veintiuno": 21,
    "veintiuna": 21, "veintidos": 22, "veintitres": 23, "veinticuatro": 24, "veinticinco": 25,
    "veintiseis": 26, "veintisiete": 27, "veintiocho": 28, "veintinueve": 29, "treinta": 30,
    "cuarenta": 40, "cincuenta": 50, "sesenta": 60, "setenta": 70, "ochenta": 80,
    "noventa": 90, "cien": 100, "ciento": 100, "quinientos": 500, "quinientas": 500,
    "setecientos": 700, "setecientas": 700, "novecientos": 900, "novecientas": 900,
    "doscientos": 200, "doscientas": 200, "trescientos": 300, "trescientas": 300,
    "cuatrocientos": 400, "cuatrocientas": 400, "seiscientos": 600, "seiscientas": 600,
    "ochocientos": 800, "ochocientas": 800,
}  # fmt: skip
_GROUPS = {
    "millar": 1000, "millares": 1000, "centenar": 100, "centenares": 100, "centena": 100,
    "centenas": 100, "docena": 12, "docenas": 12, "decena": 10, "decenas": 10,
    "veintena": 20, "treintena": 30, "cincuentena": 50, "quincena": 15,
}  # fmt: skip
_WORD = "|".join(sorted([*_UNITS, "mil"], key=len, reverse=True))
_GROUP = "|".join(sorted(_GROUPS, key=len, reverse=True))
_DIGITS = r"\d{1,3}(?:[.,'  ]\d{3})+(?!\d)|\d+(?:[.,]\d{1,2}(?=\s?(?:mil|k)\b))?"
_NUMBER = re.compile(
    rf"(?<![\w.@/#-])(?:"
    rf"(?P<half>medio\s+millar|medio\s+centenar|media\s+docena)"
    rf"|(?P<count>(?:{_DIGITS})|(?:{_WORD})(?:\s(?:y\s)?(?:{_WORD})){{0,12}})\s(?P<group>{_GROUP})"
    rf"|(?P<thousands>\d{{1,3}})\smil\s(?P<rest>\d{{3}})(?!\d)"
    rf"|(?P<digits>{_DIGITS})(?:\s?(?P<mil>mil|k))?"
    rf"|(?P<words>(?:{_WORD})(?:\s(?:y\s)?(?:{_WORD})){{0,12}})"
    rf")(?![\w@%]|[/-]\d|\.[a-z]|-[a-z])"
)
_HALVES = {"millar": 500, "centenar": 50, "docena": 6}


@dataclass(frozen=True, slots=True)
class Number:
    """A number and where it stands; `article` marks "un", "una", which may be no number."""

    start: int
    end: int
    value: int
    article: bool = False


def numbers_in(text: str) -> list[Number]:
    """Every cardinal number of a text, in order."""
    found = []
    for match in _NUMBER.finditer(fold(text)):
        value = _value(match)
        if value is not None and value < 10_000_000:
            article = match[0] in ("un", "una", "uno")
            found.append(Number(match.start(), match.end(), value, article))
    return found


def read_integer(text: str) -> int | None:
    """The number that an answer gives: the last where it corrects itself, else the first."""
    numbers = [n for n in numbers_in(text) if not n.article]
    if not numbers:
        return None
    folded = fold(text)
    value = numbers[0].value
    for before, after in pairwise(numbers):
        if _CORRECTS.search(folded, before.end, after.start):
            value = after.value
    return value


_CORRECTS = re.compile(
    r"\b(?:perdon|no|mejor|corrijo|correccion|digo|son|quedan?|quedaron|ya|bueno)\b|\.\.\.|…"
)


def _value(match: re.Match[str]) -> int | None:
    if match["half"]:
        return _HALVES[match["half"].split()[1]]
    if match["group"]:
        count = _count(match["count"])
        return None if count is None else int(count * _GROUPS[match["group"]])
    if match["thousands"]:
        return int(match["thousands"]) * 1000 + int(match["rest"])
    if match["digits"]:
        count = _count(match["digits"])
        return None if count is None else int(count * 1000 if match["mil"] else count)
    return _spelled(match["words"])


def _count(text: str) -> float | None:
    if not text[0].isdigit():
        return _spelled(text)
    if re.fullmatch(r"\d+[.,]\d{1,2}", text):
        return float(text.replace(",", "."))
    digits = re.sub(r"\D", "", text)
    return int(digits) if len(digits) < 10 else None


def _spelled(text: str) -> int | None:
    total = current = 0
    for word in text.split():
        if word == "mil":
            total += max(current, 1) * 1000
            current = 0
        elif word != "y":
            current += _UNITS[word]
    return total + current
