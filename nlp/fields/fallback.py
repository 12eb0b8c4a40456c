"""What regular phrases of a request say where the tagger passed over it: whom, how many, what for.

These rules only add: to a field that is empty, or the other half of a coordination ("alumnos y
egresados") of which one was found.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from nlp.fields.hints import NOT_SIZE_AFTER, NOT_SIZE_BEFORE, sizes
from nlp.fields.lexicon import AREA_HEADS, POSITION_HEADS, audiences_in
from nlp.fields.prose import Candidate
from nlp.fields.values import read_name
from nlp.fields.vetoes import MEMBERS
from nlp.text.fold import fold, squeeze
from nlp.text.numbers import Number, numbers_in
from nlp.types import Form

_LIMIT = 12_000  # a request is no longer than this
_SURE = 0.5
_DET = r"(?:l[oa]s|el|la|sus?|nuestr[oa]s?|mis?|tod[oa]s(?: l[oa]s)?|vari[oa]s)"
# What stands between two audiences that are named together.
_AND = re.compile(
    rf"(?: \w+)?(?:,| [yeou]| y/o|, [yeo])(?: tambien)?(?: (?:a|al|con|para))?"
    rf"(?: {_DET}(?: \w+)?| contactos| publicos?| personas)? "
)
_TO = re.compile(
    rf"(?:\b(?:dirigid[oa]s? al?|dirigir(?:nos|me|se) al?|lleg\w+ al?"
    rf"|(?:escrib|mand|envi|avis|inform|invit|convoc)\w+ al?|comunicar(?:nos|me|se)? con"
    rf"|\w{{2,}}(?:ar|er|ir)(?:les?|nos)? (?:a|con)|integrad[oa] por|entre|para)"
    rf"|\b(?:destinatari[oa]s|publico):) (?:{_DET} )?$"
)
_OWN = frozenset({"area", "list_name", "position", "responsible", "sponsor", "email"})


def added(
    text: str, kept: Sequence[Candidate], filled: frozenset[str], form: Form
) -> list[Candidate]:
    """The candidates that regular phrases add to those of the tagger."""
    text = text[:_LIMIT]
    there = filled | {item.field for item in kept}
    found: list[Candidate] = []
    if "audience" in form and "audience" not in filled:
        found += _audience(text, kept)
    if "recipients" in form and "recipients" not in there:
        found += _recipients(text, kept)
    if "purpose" in form and "purpose" not in there:
        found += _purpose(text)
    if "sponsor" in form and "sponsor" not in there:
        found += _sponsor(text)
    return found


def _audience(text: str, kept: Sequence[Candidate]) -> list[Candidate]:
    folded = fold(text)
    named = _nouns([m for m in audiences_in(text) if _is_whom(text, folded, m, kept)])
    spans = [(c.start, c.end) for c in kept if c.field == "audience"]
    if spans:
        chosen = {m for m in named if any(m[0] < end and start < m[1] for start, end in spans)}
    else:
        numbers = [n for n in numbers_in(text) if not n.article and n.value >= 5]
        chosen = {m for m in named if _TO.search(folded[max(0, m[0] - 45) : m[0]])}
        chosen |= {m for m in named if _counted(folded, m, numbers)}
    joined = [m for at, m in enumerate(named) if m in chosen or _joins(folded, at, named, chosen)]
    return [Candidate("audience", (key,), start, end, _SURE) for start, end, key in joined]


def _nouns(mentions: Sequence[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """The mentions, a second that only describes the first ("alumnos visitantes") within it."""
    found: list[tuple[int, int, str]] = []
    for start, end, key in mentions:
        if found and start == found[-1][1] + 1:
            found[-1] = (found[-1][0], end, found[-1][2])
        else:
            found.append((start, end, key))
    return found


def _is_whom(
    text: str, folded: str, mention: tuple[int, int, str], kept: Sequence[Candidate]
) -> bool:
    """Whether an audience's word is one here: no part of a name, no member to add or drop."""
    start, end, _ = mention
    if text[start].isupper() or text[start - 1 : start] in ("-", "_", "@", ".", '"', "'", "“"):
        return start == 0
    if text[end : end + 1] in ("-", "_", "@"):
        return False
    if any(c.field in _OWN and c.start < end and start < c.end for c in kept):
        return False
    return MEMBERS.search(folded[max(0, start - 45) : start]) is None


def _counted(folded: str, mention: tuple[int, int, str], numbers: Sequence[Number]) -> bool:
    return any(
        n.end < mention[0] <= n.end + 25
        and re.fullmatch(rf" (?:de )?(?:{_DET} )?(?:\w+ )?", folded[n.end : mention[0]])
        and not NOT_SIZE_BEFORE.search(folded[max(0, n.start - 30) : n.start])
        and not NOT_SIZE_AFTER.match(folded[n.end : n.end + 50])
        for n in numbers
    )


def _joins(
    folded: str,
    at: int,
    named: Sequence[tuple[int, int, str]],
    chosen: set[tuple[int, int, str]],
) -> bool:
    """Whether a chain of "y" and commas ties an audience to one that was found."""
    for step in (-1, 1):
        here = at
        while 0 <= here + step < len(named) and abs(here - at) < 6:
            first, second = sorted((named[here], named[here + step]))
            if not _AND.fullmatch(folded[first[1] : second[0]]):
                break
            here += step
            if named[here] in chosen:
                return True
    return False


_ROUND = re.compile(r"\s*(?:aprox\w*|en total|mas o menos)\b")


def _recipients(text: str, kept: Sequence[Candidate]) -> list[Candidate]:
    """The only number that counts people."""
    folded = fold(text)
    strong = {h.start for h in sizes(text, folded) if h.strong}
    numbers = [
        n
        for n in numbers_in(text)
        if not n.article
        and n.value >= 5
        and (n.start in strong or _ROUND.match(folded[n.end : n.end + 20]))
        and not NOT_SIZE_BEFORE.search(folded[max(0, n.start - 30) : n.start])
        and not any(c.start < n.end and n.start < c.end for c in kept)
    ]
    if len({n.value for n in numbers}) != 1:
        return []
    first = numbers[0]
    return [Candidate("recipients", first.value, first.start, first.end, _SURE)]


_USED_FOR = re.compile(
    r"\b(?:us[aeoá]\w*|utiliz\w+|ocup\w+|emple\w+|serv[ií]\w*|sirv\w+)(?: \w+){0,2} (?:para|pa) "
    r"(?P<what>\w{2,}(?:ar|er|ir)(?:les?|nos|l[oa]s|me)?\b[^.,;:\n()?!¿¡]{6,160})",
    re.IGNORECASE,
)
_THEN = re.compile(
    r"\s(?:cada|todos los|todas las|una vez|desde|a partir|porque|ya que|pero|y (?:la|nos|me|se"
    r"|son|somos|ahora))\s"
)


def _purpose(text: str) -> list[Candidate]:
    """What a list is said to be used for."""
    match = _USED_FOR.search(text)
    if match is None:
        return []
    what = match["what"]
    then = _THEN.search(fold(what))
    what = what[: then.start()] if then else what
    if len(what.split()) < 3:
        return []
    start = match.start("what")
    return [Candidate("purpose", squeeze(what), start, start + len(what), _SURE)]


_CAP = r"[A-ZÁÉÍÓÚÑ][a-záéíóúñü'’]+"
_BACKED = re.compile(
    r"\b(?:[Vv]isto bueno|[Vv]o\. ?[Bb]o\.?|respaldo|aval|autorizaci[oó]n) de(?:l| la)? "
    rf"(?P<name>(?:[A-Z]\w{{0,6}}\. ?){{0,2}}{_CAP}(?: (?:de |del |de la )?{_CAP}){{1,4}})"
)


def _sponsor(text: str) -> list[Candidate]:
    """Whose approval is named as such."""
    match = _BACKED.search(text)
    name = read_name(match["name"]) if match else None
    if match is None or name is None or len(name.split()) < 2:
        return []
    head = fold(name).split()[0]
    if head in AREA_HEADS or head in POSITION_HEADS:
        return []
    return [Candidate("sponsor", name, match.start("name"), match.end("name"), _SURE)]
