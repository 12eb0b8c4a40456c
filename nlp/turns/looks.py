"""What a sentence claims by what its values look like: numbers, choices, dates, free texts."""

import datetime as dt
import re
from collections.abc import Iterator
from itertools import pairwise

from nlp.fields.lexicon import POSITION_HEADS
from nlp.fields.values import read_choices, read_digits, read_value
from nlp.text.absence import dates_stated
from nlp.text.dates import DateSpan, end_before, ordered
from nlp.text.fold import fold, trim
from nlp.text.numbers import numbers_in
from nlp.text.rhythm import rhythms_in
from nlp.text.tokens import EMAIL
from nlp.turns import bare
from nlp.turns.ground import Ground
from nlp.turns.hints import NOT_SIZE_AFTER, PEOPLE_LABEL, list_names, sizes
from nlp.turns.mentions import NEGATED
from nlp.turns.sentences import Sentence
from nlp.turns.types import Claim
from nlp.turns.values import told_for
from nlp.types import FieldKind, FieldValue, Part

_RANGE = re.compile(r"^ ?(?:o|a|-|–|y) ?$")
_SUM = re.compile(r"\b(?:en total|total|o sea|suman|sumando|son en total|dan)\b")


def numbers(sentence: Sentence, ground: Ground) -> Iterator[Claim]:
    """How many, which extension, which address."""
    yield from _counts(sentence, ground)
    extension = _EXT.search(sentence.folded)
    digits = read_digits(extension[0]) if extension else None
    if extension and digits:
        for name in ground.of_kind(FieldKind.DIGITS):
            yield Claim(name, digits, *extension.span(), 0.8)
    yield from _addresses(sentence, ground)


def _counts(sentence: Sentence, ground: Ground) -> Iterator[Claim]:
    text, folded = sentence.text, sentence.folded
    for name in ground.of_kind(FieldKind.INTEGER):
        others = ground.of_kind(FieldKind.DIGITS)
        only = name in ground.missing and not set(others) & set(ground.missing)
        spans = set(sizes(text, folded))
        spans |= {
            (n.start, n.end)
            for n in numbers_in(text)
            if not n.article
            and n.value > 4
            and (
                _REACHES.search(folded[: n.start])
                or PEOPLE_LABEL.fullmatch(folded[: n.start])
                or (only and _PUT.search(folded[: n.start]))
            )
            and not NOT_SIZE_AFTER.match(folded[n.end : n.end + 50])
        }
        spans = {one for one in spans if not _EXT_BEFORE.search(folded[: one[0]])}
        values = [
            (start, end, read_value(ground.form[name], text[start:end], dt.date.min))
            for start, end in sorted(spans)
        ]
        values = [v for v in values if isinstance(v[2], int)]
        if not values:
            continue
        around = ((v, folded[max(0, v[0] - 30) : v[0]] + folded[v[1] : v[1] + 12]) for v in values)
        total = next((v for v, words in around if _SUM.search(words)), None)
        if total is None and len({v[2] for v in values}) > 1:
            total = _summed(folded, values)
            if total is None:
                continue
        start, end, value = total or values[0]
        named = PEOPLE_LABEL.fullmatch(folded[:start]) is not None
        if value is not None:
            yield Claim(name, value, start, end, 0.85 if named else 0.8, named)


def _addresses(sentence: Sentence, ground: Ground) -> Iterator[Claim]:
    addresses = list(EMAIL.finditer(sentence.text))
    for name in ground.of_kind(FieldKind.EMAIL):
        if _THIS_ADDRESS.search(sentence.folded) and ground.writer.email and not addresses:
            yield Claim(name, ground.writer.email, 0, len(sentence.text), 0.8, True)
        if len(addresses) == 1:
            (found,) = addresses
            yield Claim(name, found[0].lower(), found.start(), found.end(), 0.6)


_REACHES = re.compile(
    r"\b(?:les? llega(?:ria|n)? a|llegamos a|andamos (?:en|por|sobre)|(?:me|nos) (?:dicen|dijeron"
    r"|informan|comentan|confirman) que|(?:el numero|la cantidad|el total) (?:es|seria)(?: de)?"
    r"|lo reciben|la reciben|la recibirian|van a ser|quedo en"
    r"|somos|son|serian|quedan en|van a) (?:como |unos |unas |aproximadamente )?$"
)
_PUT = re.compile(r"\b(?:pong[ao]\w*|pon(?:le|er)\w*|dej(?:e|en)\w*(?: en)?|digamos) (?:unos )?$")
_EXT = re.compile(
    r"\bext(?:ension)?\b[.: ]{0,3}(?:es )?(?:la |el )?(?:numero |no\. ?|#)?"
    r"(?:\d\d \d\d|\d{2,6})\b|\b\d{3,5} (?:es |de )(?:la |mi )?ext(?:ension)?\b"
)
_EXT_BEFORE = re.compile(r"\bext(?:ension)?\b\W*(?:(?:es|la|el|numero)\W+){0,3}$")
_THIS_ADDRESS = re.compile(
    r"\b(?:con|es|desde|sera|seria|uso|usen|y) (?:este mism[oa]|este|el mismo) (?:correo|mail"
    r"|email)\b|\b(?:ese|este) es mi (?:correo|mail|email)\b|\bmi (?:correo|mail|email) es (?:este"
    r"|ese|el mismo)\b|\bes (?:ese|este)(?: mismo)? (?:correo|mail|email)\b|\b(?:del"
    r"|desde el) (?:correo )?que les (?:estoy )?(?:escrib|mand)\w*|\b(?:us|pong|anot"
    r"|registr)\w+ mi (?:mism[oa] )?(?:correo|mail|email)\b|\b(?:correo|mail|email)\b\W{1,3}(?:es "
    r"|seria )?(?:est?e|el mismo)\b.{0,12}\b(?:desde|del?|con) .{0,12}\b(?:escrib|mand|envi)\w*"
)


def _summed(
    folded: str, values: list[tuple[int, int, FieldValue | None]]
) -> tuple[int, int, FieldValue] | None:
    """The sum of counts that are added up: "350 alumnos y 40 profesores"; None for a range."""
    for before, after in pairwise(values):
        between = folded[before[1] : after[0]]
        adds = re.search(r"\b(?:y|mas|e)\b|,", between)
        if _RANGE.match(between) or not adds or len(between) > 60:
            return None
    total = sum(value for _, _, value in values if isinstance(value, int))
    return values[0][0], values[-1][1], total


def choices(sentence: Sentence, ground: Ground) -> Iterator[Claim]:
    """How often; for whom, where "es para …" says so.

    Choices of other kinds are ordinary words, too: their label must stand there.
    """
    for name in ground.of_kind(FieldKind.CHOICE):
        if name == Part.KIND_OF_REQUEST:
            continue
        if name == Part.HOW_OFTEN:
            spans = rhythms_in(sentence.text)
            words = sentence.text[spans[0].start : spans[0].end] if spans else ""
            value = read_value(ground.form[name], words, dt.date.min)
            if value is None or len({r.name for r in spans} - {"", "on_demand"}) > 1:
                continue
            yield Claim(name, value, spans[0].start, spans[0].end, 0.75)
            continue
        keys_found = read_choices(ground.form[name], sentence.text)
        if len(keys_found) == 1:
            yield Claim(name, keys_found[0], 0, len(sentence.text), 0.55)

    for name in ground.of_kind(FieldKind.CHOICES):
        told = told_for(sentence.text, ground.form)
        if told:
            yield Claim(name, told, 0, len(sentence.text), 0.7)


def dates(sentence: Sentence, ground: Ground) -> Iterator[Claim]:
    text, folded = sentence.text, sentence.folded
    ends = ground.ends()
    spans = dates_stated(text, ground.today)
    if not ends or not spans:
        return
    since = [0, *(span.end for span in spans)]
    told = [end_before(folded[max(since[n], s.start - 45) : s.start]) for n, s in enumerate(spans)]
    if len(spans) == 2 and _is_period(folded, *spans) and told not in _REVERSED:
        period = ordered(*spans)
        if "start" in ends and period.start:
            yield Claim(ends["start"], period.start, spans[0].start, spans[0].end, 0.85)
        if "end" in ends and period.end:
            yield Claim(ends["end"], period.end, spans[1].start, spans[1].end, 0.85)
        return
    for span, which in zip(spans, told, strict=True):
        if which and which in ends:
            yield Claim(ends[which], span.date, span.start, span.end, 0.65)


_REVERSED = (["end", "start"], ["end", ""], ["", "start"])


def _is_period(folded: str, first: DateSpan, second: DateSpan) -> bool:
    between = folded[first.end : second.start]
    return len(between) < 40 and bool(
        re.search(
            r"^\W*(?:al?|hasta|y)\b|^ ?[-–—/] ?|\bhasta\b|\btermin\w+|\bal? (?:el )?$"
            r"|\bfin\b",
            between,
        )
    )


_IS_POSITION = re.compile(
    r"\b(?:soy|como|fungo como|trabajo como|(?:ocup|ostent|desempen)\w+ el (?:cargo|puesto) de"
    r"|(?:mi|su) (?:cargo|puesto) (?:es|seria)|ella es|el es|es) (?:el |la "
    r"|l[oa]s )?(?P<position>[a-zñ]{4,20}[^,.;:()\n]{0,60})"
)
_AREA_OF = re.compile(
    r"\b(?:(?:(?:es|somos|soy) )?(?:del?|la) (?:[aá]rea|dependencia|departamento|oficina) (?:de"
    r"|es) (?P<area>[^,.;:()\n]{3,60})"
    r"|(?:es|somos|soy|escribo|escribimos|hablo) (?:de|desde) (?:la |el |los "
    r"|las )?(?P<short>(?:coord|dir|depto|fac|lic|lab|subdir|dpto|ofna)\. [^,.;:()\n]{3,60}))",
    re.IGNORECASE,
)
_BESIDE = re.compile(  # "Decanato de Negocios es el área", "el cargo, Analista de Información"
    r"\W*(?P<value>[^,.;:?!]{3,60}) (?:es|seria|sera) (?:el|la|mi|nuestr[oa]) "
    r"(?P<label>[^,.;:?!]{4,30}?)\W*"
    r"|\W*(?:\d\W+)?(?:el|la|mi) (?P<before>[^,.;:?!]{4,30}), (?P<behind>[^,;:?!]{3,60}?)\W*"
)


def texts(sentence: Sentence, ground: Ground) -> Iterator[Claim]:
    text, folded = sentence.text, sentence.folded
    yield from _beside_labels(text, folded, ground)
    for start, end in list_names(text) if Part.NAME in ground.form else ():
        if "@" not in text[max(0, start - 1) : end]:
            yield Claim(Part.NAME, text[start:end], start, end, 0.7)
    if Part.POSITION in ground.form:
        match = _IS_POSITION.search(folded)
        denied = match and NEGATED.search(folded, max(0, match.start() - 12), match.start())
        if match and not denied and match["position"].split()[0] in POSITION_HEADS:
            start = match.start("position")
            value = trim(_first_clause(text[start : match.end("position")]))
            if fold(value) != "responsable":  # of the list
                yield Claim(Part.POSITION, value, start, start + len(value), 0.7)
    match = _AREA_OF.search(text) if Part.AREA in ground.form else None
    if match:
        at = match.start(match.lastgroup or "area")
        value = trim(_first_clause(match[match.lastgroup or "area"]))
        yield Claim(Part.AREA, value, at, at + len(value), 0.75)


def _beside_labels(text: str, folded: str, ground: Ground) -> Iterator[Claim]:
    told = _BESIDE.fullmatch(folded)
    label = told and ground.labels.exact.get(told["label"] or told["before"])
    if not told or not label:
        return
    start, end = told.span("value" if told["value"] else "behind")
    for name in label.names:
        said = bare.fit(ground.form[name], text[start:end], ground)
        if ground.form[name].kind is FieldKind.TEXT and said.strength >= bare.LIKELY:
            yield Claim(name, dict(said.values)[name] or "", start, end, 0.85, True)


def _first_clause(text: str) -> str:
    cut = re.search(
        r" (?:y|pero|que|con|para|quien|en donde|donde) (?=el\b|la\b|mi\b|yo\b|es\b|sera"
        r"|seria|me\b|su\b|lo\b|nos\b)",
        fold(text),
    )
    return text[: cut.start()] if cut else text


_INNER = re.compile(r"\b(?:ext(?:ension)?|interno|anexo)\b")
_LONG_NUMBER = re.compile(r"(?:\d[ ().-]{0,2}){7,}")


def is_telephone(folded: str) -> bool:
    """Whether a whole telephone number stands there, and no extension: its end is none."""
    return _LONG_NUMBER.search(folded) is not None and _INNER.search(folded) is None


_COUNT = re.compile(r" ?(?:son|somos|serian)\b")


def is_count(folded: str) -> bool:
    """Whether a number behind some words is how many, and no extension: "son 450"."""
    return _COUNT.match(folded) is not None


def counts_several(text: str) -> bool:
    """Whether several are counted, to be added up: "350 alumnos y 40 profesores"."""
    return sum(not number.article for number in numbers_in(text)) > 1
