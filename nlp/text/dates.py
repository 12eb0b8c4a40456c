"""Dates and periods of validity as people write them in Spanish, to the day."""

import datetime as dt
import re
from calendar import monthrange
from dataclasses import dataclass

from nlp.text.fold import fold
from nlp.text.numbers import numbers_in

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "enero ene january jan", "febrero feb february", "marzo mar march",
            "abril abr april apr", "mayo may", "junio jun june", "julio jul july",
            "agosto ago august aug", "septiembre setiembre sept sep set september",
            "octubre oct october", "noviembre nov november", "diciembre dic december dec",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
_DAY_WORDS = {
    "primero": 1, "uno": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7,
    "ocho": 8, "nueve": 9, "diez": 10, "once": 11, "doce": 12, "trece": 13, "catorce": 14,
    "quince": 15, "dieciseis": 16, "diecisiete": 17, "dieciocho": 18, "diecinueve": 19,
    "veinte": 20, "veintiuno": 21, "veintidos": 22, "veintitres": 23, "veinticuatro": 24,
    "veinticinco": 25, "veintiseis": 26, "veintisiete": 27, "veintiocho": 28, "veintinueve": 29,
    "treinta y uno": 31, "treinta": 30,
}  # fmt: skip
WEEKDAYS = ("lunes", "martes", "miercoles", "jueves", "viernes", "sabado", "domingo")

_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_FIRST = frozenset(["sept", "june", "july", "mayo", "may", "jan", "apr", "aug", "dec"])
_FULL = "|".join(name for name in _MONTHS if len(name) > 4 or name in _FIRST)
_WORDS = "|".join(sorted(_DAY_WORDS, key=len, reverse=True))
_LAST = r"ultimo(?:\sdia)?"
_DAY = rf"(?:\d{{1,2}}(?:[°º]|er|ro|o|st|nd|rd|th)?\.?|{_WORDS}|{_LAST})"
_YEAR = r"(?:20\d\d(?!\d)|dos mil veinti\w{2,6}|dos mil (?:dieci\w+|veinte|treinta)\b)"
_LATER = (
    r"\s(?:de|del)(?:l?\s(?:proximo|siguiente)(?:\sano)?|\sano\s(?:proximo|siguiente|entrante|"
    r"que\s(?:viene|entra)))|\s(?:of\s)?next\syear"
)
_DATE = re.compile(
    rf"\b(?<!/)(?:"
    rf"(?P<iso>\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}})(?!\d)"
    rf"|(?P<run>20\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))(?!\d)"
    rf"|(?P<day0>\d{{1,2}})(?P<month0>{_MONTH})(?P<year0>(?:20)?\d\d)(?!\d)"
    rf"|(?P<numeric>\d{{1,2}}\s?[-/.]\s?\d{{1,2}}\s?[-/.]\s?(?:\d{{4}}|\d{{2}}))(?![\d/])"
    rf"|(?P<day>{_DAY})(?:\s?[-/.]\s?|\s+(?:dias?\s+)?(?:(?:del?|d|of)\s+(?:mes\s+de\s+)?)?)"
    rf"(?P<month>{_MONTH})\b\.?"
    rf"(?:(?:\s?[-/.,]\s?|,?\s+(?:(?:del?|d)\s+)?(?:ano\s+)?)(?P<year>{_YEAR})"
    rf"|[-/.](?P<short>\d\d)(?!\d)|\s(?:de|del)\s(?P<short2>\d\d)(?!\d|\s+de)"
    rf"|\s(?P<short3>2\d)(?=\s*(?:$|[,;.)/\n-]|al?\b|hasta|y\b|fin\b|termin|to\b|\s\s))"
    rf"|(?P<later>{_LATER}))?"
    rf"|(?P<month1>{_FULL}|(?:{_MONTH})(?=\.?\s\d{{1,2}},?\s20\d\d))\.?\s(?:the\s)?"
    rf"(?P<day1>\d{{1,2}})(?:st|nd|rd|th)?(?![\d/])(?:,?\s(?:de\s|del\s)?(?P<year1>20\d\d))?"
    rf"|(?P<slash>\d{{1,2}}/\d{{1,2}})(?![\d/%])"
    rf"|(?P<weekday>{'|'.join(WEEKDAYS)})\s(?P<day2>\d{{1,2}})(?!\d|\s?[-/:]|\sh|\sde\s(?!cada))"
    rf")"
)
_SHARED = re.compile(
    rf"\b(?P<first>{_DAY})\s(?:al?|hasta\sel"
    rf"|y\sel|to)\s(?:dia\s)?(?={_DAY}\s(?:de\s)?(?:{_MONTH})\b)"
)


@dataclass(frozen=True, slots=True)
class DateSpan:
    """A date and where it stands. `dated` tells that its year was written."""

    start: int
    end: int
    date: dt.date
    dated: bool


def dates_in(text: str, today: dt.date) -> list[DateSpan]:
    """Every date of a text, in order; one without a year is the next such day from `today`."""
    folded = fold(text)
    found: list[DateSpan] = []
    for match in _DATE.finditer(folded):
        span = _span(match, today)
        if span is None:
            continue
        shared = _shared(folded, match, span, today)
        if shared and not (found and shared.start < found[-1].end):
            found.append(shared)
        found.append(span)
    return found


def _span(match: re.Match[str], today: dt.date) -> DateSpan | None:
    year: int | None = None
    if match["iso"]:
        year, month, day = (int(part) for part in re.split(r"\D+", match["iso"]))
    elif run := match["run"]:
        year, month, day = int(run[:4]), int(run[4:6]), int(run[6:])
    elif match["month0"]:
        day, month, year = int(match["day0"]), _MONTHS[match["month0"]], _year_of(match["year0"])
    elif match["numeric"]:
        day, month, year = (int(part) for part in re.split(r"\D+", match["numeric"]))
        year = year + 2000 if year < 100 else year
    elif match["month"]:
        day, month = _day(match["day"]), _MONTHS[match["month"]]
        year = _year_of(match["year"] or match["short"] or match["short2"] or match["short3"])
        if match["later"]:
            year = today.year + 1
    elif match["month1"]:
        day, month, year = int(match["day1"]), _MONTHS[match["month1"]], _year_of(match["year1"])
    elif match["slash"]:
        day, month = (int(part) for part in match["slash"].split("/"))
    else:
        date = _next_day(int(match["day2"]), today)
        return DateSpan(match.start(), match.end(), date, False) if date else None
    date = resolve(day, month, year, today)
    return DateSpan(match.start(), match.end(), date, year is not None) if date else None


def _shared(folded: str, match: re.Match[str], span: DateSpan, today: dt.date) -> DateSpan | None:
    """The first day of "del 1 al 15 de diciembre", which borrows month and year."""
    before = folded[max(0, match.start() - 24) : match.end()]
    offset = max(0, match.start() - 24)
    shared = None
    for candidate in _SHARED.finditer(before):
        if offset + candidate.end() == match.start():
            shared = candidate
    if shared is None:
        return None
    year = span.date.year if span.dated else None
    date = resolve(_day(shared["first"]), span.date.month, year, today)
    start = offset + shared.start("first")
    return DateSpan(start, offset + shared.end("first"), date, span.dated) if date else None


def _year_of(written: str | None) -> int | None:
    if not written:
        return None
    year = int(written) if written.isdigit() else numbers_in(written)[0].value
    return year + 2000 if year < 100 else year


LAST_DAY = 0
"""Stands for the last day of a month."""


def _day(text: str) -> int:
    digits = re.match(r"\d+", text)
    return int(digits[0]) if digits else _DAY_WORDS.get(text, LAST_DAY)


def resolve(day: int, month: int, year: int | None, today: dt.date) -> dt.date | None:
    """The date meant; without a year that of `today`, or the next where it would be past."""
    years = (year,) if year is not None else (today.year, today.year + 1)
    for candidate in years:
        try:
            date = dt.date(candidate, month, day or monthrange(candidate, month)[1])
        except ValueError:
            continue
        if year is not None or date >= today:
            return date if 2000 <= date.year < 2100 else None
    return None


def _next_day(day: int, today: dt.date) -> dt.date | None:
    month = today.replace(day=1)
    for _ in range(3):
        try:
            date = month.replace(day=day)
        except ValueError:
            date = dt.date.min
        if date >= today:
            return date
        month = (month + dt.timedelta(days=32)).replace(day=1)
    return None


_ENDS = re.compile(
    r"(?:hasta|\bal?|fin|termin\w*|vence|concluye|acaba|-|/)\W*(?:el\W+)?(?:dia\W+)?$"
)
_STARTS = re.compile(
    r"(?:partir|desde|inici\w*|comienz\w*|comenza\w*|arranc\w*|del?)\W*(?:del?\W+"
    r"|el\W+)*(?:dia\W+)?$"
)
_WEEKDAY_BEFORE = re.compile(rf"(?:{'|'.join(WEEKDAYS)}),?\s*$")


_START_OR_END = re.compile(
    r"(?P<start>a partir (?:de(?:l)?|de el)|desde|inici\w*|comenz\w*|comienz\w*|comenza\w*"
    r"|arranc\w*|arranque|empez\w*|empieza)|(?P<end>hasta|termin\w*|venc\w*|expir\w*|conclu\w*"
    r"|acab\w*|cierre|pase|pasenla|pasarla|ampli\w*|extend\w*|prorrog\w*)"
)
_GAP = re.compile(
    r"[\s,:(]*(?:(?:el|al|del|de|en|dia|proximo|proxima|este|mismo|es|seria|sera|que|se"
    r"|propone|fecha|" + "|".join(WEEKDAYS) + r")[\s,:]*)*$"
)
# "Empezamos hasta el …": not before that day, as Mexicans say it.
_NOT_BEFORE = re.compile(r"(?: a)?(?: \w+(?:ar|er|ir)(?:l[oae]s?)?)? hasta(?: el)?(?: dia)? ?")


def end_before(before: str) -> str:
    """Whether the folded words before a date make it "start" or "end"; empty where neither."""
    for match in _START_OR_END.finditer(before):
        if _GAP.match(before, match.end()) or _NOT_BEFORE.fullmatch(before, match.end()):
            return match.lastgroup or ""
    return ""


@dataclass(frozen=True, slots=True)
class Period:
    """A validity: its first and last day, as far as written."""

    start: dt.date | None = None
    end: dt.date | None = None


def read_period(text: str, today: dt.date) -> Period:
    """The validity that an answer gives: "del 1 de agosto al 15 de diciembre"."""
    dates = dates_in(text, today)
    if not dates:
        return Period()
    folded = fold(text)
    if len(dates) == 1:
        before = _WEEKDAY_BEFORE.sub("", folded[max(0, dates[0].start - 80) : dates[0].start])
        if _ENDS.search(before) and not _STARTS.search(before):
            return Period(end=dates[0].date)
        return Period(start=dates[0].date)
    return ordered(dates[0], dates[1])


def ordered(start: DateSpan, end: DateSpan) -> Period:
    """Two dates as a period; unwritten years are chosen so that it ends after it starts."""
    first, last = start.date, end.date
    if first > last:
        if not end.dated:
            last = _moved(last, first.year + (last.replace(year=first.year) < first))
        elif not start.dated:
            first = _moved(first, last.year - (first.replace(year=last.year) > last))
    return Period(first, last)


_MONTHS_ONLY = re.compile(
    rf"(?<![\w/])(?<!\d )(?<!\d de )(?<!entre )"
    rf"(?P<first>{_MONTH})\b\.?(?:\s(?:del?\s)?(?:(?P<first_year>20\d\d)|(?:este|presente) ano))?"
    rf"(?:,\s|\s?(?:a|al|hasta|y|-|–|—|/))(?:(?:^|(?<=\s)|\s)(?:hasta|termin\w+|acab\w+"
    rf"|conclu\w+))?"
    rf"(?:\s(?:a|en|el))?(?:\s(?:fin|fines|finales)\sde)?\s?"
    rf"(?P<last>{_MONTH})\b\.?(?:\s(?:del?\s)?(?P<last_year>20\d\d)|{_LATER}"
    rf"|\sdel\sque\s(?:entra|viene))?"
)


_SHORT_MONTHS = re.compile(r"[a-z]{3}\.?[-–—/][a-z]{3}\b")
_TERM = re.compile(
    r"\b(?:semestre|cuatrimestre|trimestre)s? (?:de )?(?:otono|primavera|verano|invierno)\b"
)
_WHOLE_YEAR = re.compile(r"\btodo (?:el )?(?:ano )?(?:de )?(?P<year>20\d\d)\b")


def whole_months(text: str, today: dt.date) -> Period | None:
    """The months of "de septiembre a julio": from the first day of one to the last of the other.

    Only where somebody was asked for a period: no day is written.
    """
    folded = fold(text)
    match = _MONTHS_ONLY.search(folded)
    if match is not None and _TERM.search(folded) and _SHORT_MONTHS.search(match[0]):
        return None  # "semestre otoño (ago-dic)" is no period to the day
    if match is None:
        if not (alone := _WHOLE_YEAR.search(folded)):
            return None
        begins = dt.date(int(alone["year"]), 1, 1)
        return Period(begins, begins.replace(month=12, day=31))
    first, last = _MONTHS[match["first"]], _MONTHS[match["last"]]
    written = match["last_year"]
    year = int(match["first_year"]) if match["first_year"] else None
    if year is None and written:
        year = int(written) - (last < first)
    start = resolve(1, first, year, today.replace(day=1))
    if start is None:
        return None
    ends_in = int(written) if written else start.year + (last < first)
    end = resolve(LAST_DAY, last, ends_in, today)
    return Period(start, end) if end and end > start else None


def _moved(date: dt.date, year: int) -> dt.date:
    try:
        return date.replace(year=year)
    except ValueError:  # 29 February
        return date.replace(year=year, day=28)
