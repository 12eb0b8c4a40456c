"""Numbers as people write and dictate them: "1,850", "5 mil", "medio millar", "two hundred".

What is dictated digit by digit ("siete tres cero nueve") is no amount, but a run of digits.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from nlp.text.fold import fold, word_list

_UNITS = {
    word: value
    for value, written in enumerate(
        word_list(
            "cero/zero un/uno/una/one dos/two tres/three cuatro/four cinco/five seis/six "
            "siete/seven ocho/eight nueve/nine diez/ten once/eleven doce/twelve trece/thirteen "
            "catorce/fourteen quince/fifteen dieciseis/sixteen diecisiete/seventeen "
            "dieciocho/eighteen diecinueve/nineteen veinte/twenty veintiun/veintiuno/veintiuna "
            "veintidos veintitres veinticuatro veinticinco veintiseis veintisiete veintiocho "
            "veintinueve"
        )
    )
    for word in written.split("/")
}
_UNITS |= {
    word: 10 * value
    for value, written in enumerate(
        word_list(
            "treinta/thirty cuarenta/forty cincuenta/fifty sesenta/sixty setenta/seventy "
            "ochenta/eighty noventa/ninety cien/ciento"
        ),
        3,
    )
    for word in written.split("/")
}
_UNITS |= {
    f"{stem}ient{ending}": 100 * value
    for stem, value in {
        "dosc": 2, "tresc": 3, "cuatroc": 4, "quin": 5, "seisc": 6, "setec": 7, "ochoc": 8,
        "novec": 9,
    }.items()
    for ending in ("os", "as")
}  # fmt: skip
_TIMES = {"mil": 1000, "thousand": 1000, "hundred": 100}
_GROUPS = {
    "millar": 1000, "millares": 1000, "centenar": 100, "centenares": 100, "centena": 100,
    "centenas": 100, "docena": 12, "docenas": 12, "decena": 10, "decenas": 10,
    "veintena": 20, "treintena": 30, "cincuentena": 50, "dozen": 12,
}  # fmt: skip
_HALVES = {"millar": 500, "centenar": 50, "docena": 6, "ciento": 50}
_ARTICLES = frozenset({"un", "una", "uno", "one"})
_WORD = "|".join(sorted([*_UNITS, *_TIMES], key=len, reverse=True))
_RUN = rf"(?:{_WORD})(?:[ -](?:y |and )?(?:{_WORD})){{0,12}}"
_GROUP = "|".join(sorted(_GROUPS, key=len, reverse=True))
_DIGITS = (
    r"\d{1,3}(?:[.,'] ?\d{3})+(?!\d)|\d{1,3} \d{3}(?! ?\d)|\d+(?:[.,]\d{1,2}(?=\s?(?:mil|k)\b))?"
)
_NUMBER = re.compile(
    rf"\b(?<![.@/#-])(?:"
    rf"medi[oa] (?P<half>{'|'.join(_HALVES)})"
    rf"|(?P<count>(?:{_DIGITS})|{_RUN})\s(?P<group>{_GROUP})"
    rf"|(?P<thousands>\d{{1,3}})\smil\s(?P<rest>\d{{3}})(?!\d)"
    rf"|(?P<digits>{_DIGITS})(?:\s?(?P<mil>mil|k))?"
    rf"|(?P<words>{_RUN})"
    rf")(?![\w@%]|[/-]\d|\.[a-z]|-[a-z])"
)


@dataclass(frozen=True, slots=True)
class Number:
    """A number and where it stands; `article` marks "un", "una", which may be no number.

    `digits` holds what was dictated digit by digit; that is no amount.
    """

    start: int
    end: int
    value: int
    article: bool = False
    digits: str = ""


def numbers_in(text: str) -> list[Number]:
    """Every cardinal number of a text, in order."""
    return [n for n in numerals_in(text) if not n.digits]


def numerals_in(text: str) -> list[Number]:
    """Every number of a text, with those that are dictated digit by digit."""
    found = []
    for match in _NUMBER.finditer(fold(text)):
        start, end = match.span()
        if match["words"]:
            said = list(_cardinals(match["words"]))
            if len(said) > 1:
                digits = "".join(map(str, said))
                if 3 <= len(digits) <= 10 and max(said) < 1000:
                    found.append(Number(start, end, int(digits), digits=digits))
                continue
            found.append(Number(start, end, said[0], match[0] in _ARTICLES))
        elif (value := _value(match)) is not None and value < 10_000_000:
            found.append(Number(start, end, value))
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
    r"\b(?:perdon|no|mejor|corrijo|correccion|digo|son|quedan?|quedaron|ya|bueno|sorry)\b"
    r"|\.\.\.|…|="
)


def _value(match: re.Match[str]) -> int | None:
    if match["half"]:
        return _HALVES[match["half"]]
    if match["group"]:
        count = _count(match["count"])
        return None if count is None else int(count * _GROUPS[match["group"]])
    if match["thousands"]:
        return int(match["thousands"]) * 1000 + int(match["rest"])
    count = _count(match["digits"])
    return None if count is None else int(count * 1000 if match["mil"] else count)


def _count(text: str) -> float | None:
    if not text[0].isdigit():
        said = list(_cardinals(text))
        return said[0] if len(said) == 1 else None
    if re.fullmatch(r"\d+[.,]\d{1,2}", text):
        return float(text.replace(",", "."))
    digits = re.sub(r"\D", "", text)
    return int(digits) if len(digits) < 10 else None


def _cardinals(text: str) -> Iterator[int]:
    """The numbers of a run of words: a new one begins where a word cannot go on with the last."""
    total = current = 0
    room = 10_000  # what still fits: after "setenta" a unit does, after "siete" nothing
    begun = False
    for word in text.replace("-", " ").split():
        if word in ("y", "and"):
            continue
        if word in _TIMES:
            times = _TIMES[word]
            if times == 1000 and total:  # "(entre) dos mil y tres mil" are two
                yield total
                total = 0
            current = max(current, 1) * times
            if times == 1000:
                total, current = total + current, 0
            room, begun = times, True
            continue
        value = _UNITS[word]
        if value >= room or (begun and value == 0):
            yield total + current
            total = current = 0
        current += value
        begun = True
        room = 100 if value >= 100 else 10 if value >= 20 and value % 10 == 0 else 1
    yield total + current
