"""A text that stands in the form, told anew in plain words: "el objetivo quedó mal. Es: …"."""

import re
from collections.abc import Sequence
from dataclasses import replace

from nlp.text.fold import trim
from nlp.turns.ground import Ground
from nlp.turns.mentions import CASUAL, ORDINARY, mentions_in
from nlp.turns.sentences import Sentence
from nlp.turns.types import GivenValue
from nlp.turns.voice import of_others
from nlp.types import FieldKind, Part

_QUOTED = re.compile(r"[\"“«]([^\"”»]{2,900})[\"”»]")
_OPENS, _CLOSES = re.compile(r"[\"“«]"), re.compile(r"[\"”»]")
_MOST = 8  # sentences of a text
_CITES = re.compile(r"\b(?:donde|dice|decia|en (?:lugar|vez)|sustitu\w+|reempla\w+)\b")
_POLITE = r"(?:,? ?(?:por favor|porfa|solo|solamente|nada mas|unicamente|asi|tal cual))*"
# What leads to the new words: a colon, or a quotation mark, must follow.
_LEADS = re.compile(
    r"\b(?:(?:lo correcto |el correcto |la correcta )?(?:es|era|seria|sera)"
    r"|(?:debe|debia|deberia|tiene que|que)n? ?(?:decir|diga|ser|quedar|quede|ir)"
    r"|(?:dej|pong|qued|cambi|corrij|escrib|anot)\w+(?: (?:el|la|mi|nuestr[oa]|es[ea]) \w+)?)"
    rf"{_POLITE}(?: (?:como|por|a|en|con))?{_POLITE} ?(?::|(?=[\"“«]))"
)
# Of a short text the words themselves may follow, where the field is said to be wrong.
_IS = re.compile(
    r"[,;.:](?: y)? (?:es|(?:debe|deberia) (?:ser|decir)|va|queda(?:ria)?) (?:solo |la |el )?"
    r"|\bcambi\w+ (?:el|la|mi|nuestr[oa]) \w{4,20} (?:a|por) "
)
_BECAUSE = re.compile(r"\bmal: es (?:que |porque )?")
_WRONG = re.compile(
    r"\b(?:mal\b|revuelt\w+|incorrect\w+|error|equivocad\w+|quit\w+|sobra\w*|corrij\w+|corrig\w+"
    r"|no es\b|cambi\w+)"
)
_BEHIND = re.compile(
    r",? ?\b(?:nada mas|unicamente|solamente|solo|por favor|gracias|a secas)\b.*$|[,;.]? ?[:;][)(]$"
)


def restated(
    told: Sequence[Sentence], ground: Ground
) -> tuple[dict[int, GivenValue], list[Sentence]]:
    """The texts that sentences tell anew, by the places of the sentences that this accounts for,
    and the sentences with nothing where such a text stands: it says nothing of another field."""
    found: dict[int, GivenValue] = {}
    left = list(told)
    before: str | None = None  # the field that the sentence before names
    for number, sentence in enumerate(told):
        named = _named(sentence, ground)
        field, after = named or before, number
        before = named
        if number in found or field is None or sentence.asks or of_others(sentence):
            continue
        place = _place_of(sentence, ground.form[field].kind, bool(named))
        if place is None:
            continue
        start, end = place
        pieces = [(number, start, end)]
        if end < 0:  # what is quoted, or told below, is of several sentences
            pieces = _further(told, number, start, ground)
            after = pieces[-1][0]
        value = trim(" ".join(told[n].text[a:b].strip() for n, a, b in pieces)).strip('"“”«» ')
        if not value:
            continue
        one = GivenValue(field, value, " ".join(told[n].text for n, _, _ in pieces), sure=0.95)
        found |= dict.fromkeys(range(number, after + 1), one)
        if not named:
            found.setdefault(number - 1, one)
        for n, a, b in pieces:
            text, folded = (t[:a] + " " * (b - a) + t[b:] for t in (left[n].text, left[n].folded))
            left[n] = replace(left[n], text=text, folded=folded)
    return found, left


def _further(
    told: Sequence[Sentence], number: int, start: int, ground: Ground
) -> list[tuple[int, int, int]]:
    """The pieces of a text that begins in a sentence and ends in a later one: up to the closing
    quotation mark, or, of one told below its colon, as long as nothing names a field."""
    quoted = _OPENS.match(told[number].text, start) is not None
    pieces = [(number, start, len(told[number].text))]
    for n, sentence in enumerate(told[number + 1 : number + 1 + _MOST], number + 1):
        closing = _CLOSES.search(sentence.text) if quoted else None
        if closing is not None:
            return [*pieces, (n, 0, closing.start())]
        if not quoted and (
            sentence.asks or _WRONG.search(sentence.folded)
            or any(m.text not in CASUAL | ORDINARY
                   for m in mentions_in(sentence.folded, ground.labels))
        ):  # fmt: skip
            break
        pieces.append((n, 0, len(sentence.text)))
    return pieces[:1] if quoted else pieces


def _named(sentence: Sentence, ground: Ground) -> str | None:
    """The one text of the form that a sentence names."""
    outside = _QUOTED.sub(lambda m: " " * len(m[0]), sentence.folded)
    lead = _LEADS.search(outside) if ":" in outside else None
    outside = outside[: lead.end()] if lead else outside  # no more is the text itself
    names = {
        name
        for mention in mentions_in(outside, ground.labels)
        if mention.text not in ORDINARY
        for name in mention.label.names
        if name in ground.known and name != Part.NAME
    }
    texts = {n for n in names if ground.form[n].kind in (FieldKind.TEXT, FieldKind.LONG_TEXT)}
    return next(iter(texts)) if len(texts) == 1 else None


def _place_of(sentence: Sentence, kind: FieldKind, named: bool) -> tuple[int, int] | None:
    """Where the new words stand; no end where they go on behind the sentence."""
    folded = sentence.folded
    if _CITES.search(folded) or len(_QUOTED.findall(folded)) > 1:
        return None  # words against words: "donde dice X debe decir Y"
    lead = _LEADS.search(folded)
    if lead is not None:
        start = lead.end() + len(folded[lead.end() :]) - len(folded[lead.end() :].lstrip())
        quoted = _QUOTED.match(folded, start)
        if quoted is not None:
            return quoted.start(1), quoted.end(1)
        goes_on = start == len(folded) or _OPENS.match(folded, start)
        return start, -1 if goes_on else len(folded)
    told = _BECAUSE if kind is FieldKind.LONG_TEXT else _IS
    says = list(told.finditer(folded)) if named and _WRONG.search(folded) else []
    if not says or kind is FieldKind.LONG_TEXT:
        return (says[0].end(), len(folded)) if says else None
    start = says[-1].end()
    behind = _BEHIND.search(folded, start)
    end = behind.start() if behind else len(folded)
    return (start, end) if 0 < len(folded[start:end].split()) <= 9 else None
