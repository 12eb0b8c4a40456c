"""How often, as people say it: "cada quince días", "2 x mes", "todos los lunes", "every two weeks".

A rhythm is a number of days between two mailings; the choices of a form are told from it.
"""

import re
from dataclasses import dataclass

from nlp.text.fold import fold
from nlp.text.numbers import numbers_in

ON_DEMAND = 0
_NAMES = {
    1: "daily", 7: "weekly", 14: "biweekly", 15: "biweekly", 30: "monthly", 60: "bimonthly",
    90: "quarterly", 180: "semester", 360: "yearly", ON_DEMAND: "on_demand",
}  # fmt: skip
_UNITS = {
    "dia": 1, "day": 1, "manana": 1, "tarde": 1, "noche": 1, "semana": 7, "sem": 7, "week": 7,
    "quincena": 15, "mes": 30, "meses": 30, "month": 30, "bimestre": 60, "trimestre": 90,
    "quarter": 90, "cuatrimestre": 120, "semestre": 180, "semester": 180, "ano": 360, "year": 360,
    "term": 180,
}  # fmt: skip
_ADJECTIVES = {
    "diari": 1, "daily": 1, "semanal": 7, "weekly": 7, "quincenal": 15, "biweekly": 15,
    "fortnight": 15, "mensual": 30, "monthly": 30, "bimestral": 60, "bimensual": 60,
    "bimonthly": 60, "trimestral": 90, "quarterly": 90, "cuatrimestral": 120, "semestral": 180,
    "anual": 360, "yearly": 360, "annual": 360,
}  # fmt: skip
_DAYS = (
    r"(?:lunes|martes|miercoles|jueves|viernes|sabados?|domingos?"
    r"|(?:mon|tues|wednes|thurs|fri)days?)"
)
_UNIT = (
    r"(?P<unit>dias?|days?|mananas?|tardes?|noches?|sem(?:anas?)?|weeks?|quincenas?|mes(?:es)?"
    r"|months?|bimestres?|trimestres?|quarters?|cuatrimestres?|semestres?|semesters?|anos?"
    r"|years?|terms?)\b"
)
_COUNT = (
    r"(?P<count>\d{1,2}|un[ao]?|dos|tres|cuatro|cinco|seis|siete|ocho|diez|doce|catorce|quince"
    r"|treinta|one|two|three|four|six|a|otro|other|tercer|un par de|vari[ao]s|alguna)"
)
_THING = (
    r"(?:vez|veces|times?|envios?|correos?|correitos?|mails?|emails?|mensajes?|avis[oi]s?"
    r"|boletin(?:es)?|comunicados?|recordatorios?|ocasion(?:es)?|vecesita|post)"
)
_SPOT = (
    r"(?:inicio|comienzo|principios?|fin|finales|final|cierre|termino|arranque|mediados"
    r"|primer\w*|ultim\w*|segund\w*|tercer\w*)"
)
_WHEN = (
    r"(?:cuando|cdo|segun|conforme|cada que|cada vez que|como|en caso de que|(?<!siempre )si|when"
    r"|whenever|as)"
)
_NEEDED = (
    r"(?:haga falta|hiciera falta|hace falta|ofre\w+|requi\w+|necesi\w+|ocup\w+|presente\w*"
    r"|sea (?:necesario|preciso)|haya\b(?: \w+){0,2}|amerit\w+|surj\w+|needed|required|necessary)"
)
_PATTERNS: tuple[tuple[str, str], ...] = (
    ("once", r"\b(?:por )?(?:unica|sola|esta|una sola) (?:vez|ocasion)\b|\bone[- ]time\b"
             r"|\bonly once\b"),
    ("between", r"\b(?:una? vez |uno |1 )?(?:cada|c/|every|once every|todos? l[oa]s)[ ]?"
                rf"{_COUNT}[ ]{_UNIT}"),
    ("spot", rf"\b(?:a |al |cada |el |los )?{_SPOT}(?: \w+)? de(?:l| cada)?[ ]{_UNIT}"),
    ("times", rf"\b(?:(?:{_COUNT}|once|twice) ?(?:o dos )?(?:(?:sol[oa]|unic[oa]) )?(?:{_THING})?"
              r"(?: sol[oa])?|once|twice)(?: (?:\w+))?? (?:a la|al|por|x|p/|cada|en cada|en el|a"
              rf"|per|each|every) ?{_UNIT}"),
    ("each", rf"\b(?:cada|c/|tod[oa]s l[oa]s|every|each|por|al|a la|x|per)[ ]?(?:una? )?{_UNIT}"),
    ("days", r"\b(?:de )?(?:lunes|mon\w*) a (?:viernes|sabado|domingo)(?!,?(?: de)? \d{1,2}:\d\d)"
             r"|\bcada 24 horas"),
    ("other_day", rf"\b(?:cada|every) (?:segund[oa]|otr[oa]|other) {_DAYS}"
                  r"|\bsemana si (?:y )?(?:una |otra )?(?:semana )?no\b"
                  r"|\blos dias (?:1|uno|primero)[o°]? y (?:15|quince|16)|\bevery other week"),
    ("month_day", rf"\b(?:el |los )?{_SPOT} {_DAYS} (?:de|del|de cada) mes"
                  r"|\bmes si y (?:otro )?mes no"),
    ("weekday", rf"\b(?:cada|todos los|los|los dias|every|on) (?:dias? )?{_DAYS}"),
    ("again", r"\b(?P<same>mes|semana|dia|ano) (?:con|a|tras) (?P=same)\b"),
    ("adjective", r"\b(?P<adjective>diari[oa]s?|daily|semanal\w*|(?:bi-?)?weekly|quincenal\w*"
                  r"|fortnight\w*|(?:bi)?mensual\w*|(?:bi-?)?monthly|bimestral\w*|trimestral\w*"
                  r"|quarterly|cuatrimestral\w*|semestral\w*|anual\w*|yearly|annual\w*"
                  r"|diariamente|(?:sem|quinc|mens|bim|trim)(?=\.))\b(?![\w.-]{0,60}@)"),
    ("need", rf"\b(?:(?:solo|solamente|unicamente|nada mas|nomas|only) )?{_WHEN} "
             rf"(?:(?:se|nos|lo|la) )?(?:(?:vaya|va) (?:a )?)?{_NEEDED}"
             r"|\beventual\w*|\b(?:a|bajo|sobre|por) (?:demanda|necesidad)|\besporadic\w+"
             r"|\bocasional\w*|\bde vez en cuando|\bpor evento\b|\bon demand\b|\boccasional\w*"
             r"|\bsin (?:periodicidad|frecuencia|fecha|calendario) fij\w+"),
)  # fmt: skip
_COMPILED = tuple((name, re.compile(pattern)) for name, pattern in _PATTERNS)
_LONE_NEED = re.compile(
    r"\b(?:(?:solo|nomas) )?(?:cuando|cada (?:que|vez que|convocatoria)|segun|conforme|variable"
    r"|irregular\w*|en (?:casos? de|contingencias?)|dependiendo|de repente|de acuerdo (?:con|a)"
    r"|ante (?:cada|cualquier|una?)|si (?:hay|se necesita))\b"
)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Where a text tells how often; `name` is empty where no usual name fits."""

    start: int
    end: int
    name: str


def rhythms_in(text: str) -> list[Rhythm]:
    """Every rhythm of a text, in order; of two that overlap the longer counts."""
    folded = fold(text)
    found = [
        Rhythm(match.start(), match.end(), _NAMES.get(days, "") if days is not None else "")
        for kind, pattern in _COMPILED
        for match in pattern.finditer(folded)
        if text[match.start() : match.start() + 2].lower() != "sí"  # "siempre sí necesitamos"
        for days in [_days(kind, match)]
    ]
    kept: list[Rhythm] = []
    for rhythm in sorted(found, key=lambda r: (r.start - r.end, r.start)):
        if all(rhythm.end <= other.start or other.end <= rhythm.start for other in kept):
            kept.append(rhythm)
    return sorted(kept, key=lambda r: r.start)


def read_rhythm(text: str) -> str | None:
    """The name of the rhythm that an answer tells, where one fits."""
    found = rhythms_in(text)
    if found:
        names = list(dict.fromkeys(r.name for r in found))
        return names[0] or None
    return "on_demand" if _LONE_NEED.search(fold(text)) else None


def _days(kind: str, match: re.Match[str]) -> int | None:
    """The days between two mailings, or None where no regular rhythm is told."""
    groups = match.groupdict()
    word = groups.get("unit") or ""
    unit = _UNITS.get(word) or _UNITS.get(word.removesuffix("s")) or 0
    match kind:
        case "once":
            return None
        case "between":
            if unit == 1 and groups["count"] in ("ocho", "8"):
                return 7  # "cada ocho días"
            count = _number(groups["count"])
            return None if count is None or not unit else _rounded(count * unit)
        case "spot" | "each":
            return unit or None
        case "times":
            count = 2 if match[0].startswith("twice") else _number(groups["count"] or "una")
            if count is None or not unit or (count > 1 and 30 < unit < 360):
                return None  # "dos veces por semestre" has no usual name
            return _rounded(unit / count)
        case "days":
            return 1
        case "other_day":
            return 14
        case "month_day":
            return 60 if match[0].startswith("mes si") else 30
        case "weekday":
            return 7
        case "again":
            return _UNITS[groups["same"]]
        case "adjective":
            word = groups["adjective"].replace("-", "")
            return next(
                days
                for stem, days in _ADJECTIVES.items()
                if word.startswith(stem) or stem.startswith(word)
            )
    return ON_DEMAND


def _number(word: str) -> int | None:
    if word in ("a", "un", "una", "uno", "one"):
        return 1
    if word in ("otro", "other"):
        return 2
    numbers = numbers_in(word)
    return numbers[0].value if numbers else None


def _rounded(days: float) -> int:
    """Of a period of about so many days: "cada 8 días" is a week, "cada 30 días" a month."""
    return next((d for d in _NAMES if d and abs(d - days) <= 0.034 * d), -1)
