"""New words against those that we hold: "donde dice X debe decir Y"."""

import re
from collections.abc import Iterator

from nlp.fields.values import read_name
from nlp.text.fold import fold, squeeze, trim
from nlp.turns.ground import Ground
from nlp.turns.people import people_in
from nlp.turns.sentences import Sentence, word_at
from nlp.turns.types import GivenValue
from nlp.types import FieldKind

_WORDS = (FieldKind.TEXT, FieldKind.NAME, FieldKind.LONG_TEXT)
_INSTEAD = re.compile(
    r"\ben (?:lugar|vez|sustitucion) d?e?l? ?(?:el |la |los )?[\"“']?$|\bsustituy\w+ (?:a |al )?$"
)
_SAYS = re.compile(
    r"\b(?:donde dice|dice|decia|puse|pusieron|aparece|viene"
    r"|anotaron)(?: que)?(?: es)?:? ?(?:el |la )?[\"“']?$"
)
_NOT = re.compile(r"\b(?:no|ya no|ni)(?: (?:es|era|sera|seria|son|como|la|el|de))*:? ?[\"“']?$")
_CHANGES = re.compile(
    r"\b(?:cambi\w+|sustitu\w+|reempla[cz]\w+|modifi\w+)(?: \w+){0,3} ?(?:de |a |el |la )?[\"“']?$"
)
_THEN = re.compile(
    r"^[\"”']?[ ,;:.]*(?:por favor[ ,]*)?(?:(?:y|pero) )?(?:(?:favor de "
    r"|hay que )?(?:pong\w+|poner|sea|es|seria|sera|va|iria|queda\w*|(?:debe|deberia"
    r"|tiene que) (?:decir|ser|ir)"
    r"|que diga|que sea|usen|dejen|escriban|anoten|ahora es|sino|por|a)\b ?(?:que sea "
    r"|como |a nombre del? |a |que )?(?:el |la )?|-> ?|→ ?)?[:\"“']? ?"
)


def by_old_words(sentence: Sentence, ground: Ground) -> Iterator[GivenValue]:
    """A free text or a name that stands against the words we hold: "donde dice X debe decir Y"."""
    folded = sentence.folded
    for name, known in ground.known.items():
        if name not in ground.form or ground.form[name].kind not in _WORDS:
            continue
        place = _place_of(fold(squeeze(str(known))), folded, ground.form[name].kind)
        if place is None:
            continue
        start, end = place
        left, right = folded[:start], folded[end:]
        new = ""
        if any(one.search(left) for one in (_INSTEAD, _SAYS, _CHANGES, _NOT)):
            then = _THEN.match(right)
            new = sentence.text[end + (then.end() if then else 0) :]
            if not re.search(r"\w", new) or _NO_VALUE.match(right):
                new = _before(sentence.text[: len(left)], left)
        new = _as_value(new, ground.form[name].kind)
        if new and fold(new) not in fold(str(known)):
            value = _put_in(str(known), sentence.text[start:end], new, ground.form[name].kind)
            yield GivenValue(name, value, sentence.text, old=sentence.text[start:end], sure=0.95)


_INSTEAD_OR_NOT = re.compile(r"\b(?:y )?(?:en (?:lugar|vez|sustitucion)|no|ya no|ni)\b[^,;]{0,25}$")
_LEADS = re.compile(
    r"\b(?:pon\w+|es|sea|seria|sera|debe (?:decir|ser)|queda\w*|que diga|como|a)"
    r" (?:el |la )?[\"“']?"
)
# What goes on behind the old words, and is no new value: "…, no X, fue error mío".
_NO_VALUE = re.compile(
    r"^[ ,;.]*(?:como|fue(?:ron)?|y (?:son|somos)|son|somos|por (?:error|equivocacion)|perdon"
    r"|disculp\w+|asi)\b"
)
_NEAR = 40  # characters before a name in which what denies it stands


def _before(text: str, left: str) -> str:
    """The new words where they come first: "ponga Y en vez de X", "es Y, no X"."""
    near = max(0, len(left) - _NEAR)
    cut = _INSTEAD_OR_NOT.search(left[near:])
    head = text[: near + cut.start()].rstrip(" ,;(") if cut else ""
    verbs = list(_LEADS.finditer(fold(head)))
    return head[verbs[-1].end() :] if verbs else head


def _place_of(known: str, folded: str, kind: FieldKind) -> tuple[int, int] | None:
    """Where the sentence cites what we hold: whole, or a telling part of it."""
    at = folded.find(known)
    if at >= 0 and len(known) > 2:
        return at, at + len(known)
    words = known.split()
    if kind is FieldKind.NAME:
        for size in range(len(words) - 1, 0, -1):
            for first in range(len(words) - size + 1):
                part = " ".join(words[first : first + size])
                at = word_at(folded, part) if len(part) > 3 else -1
                if at >= 0:
                    return at, at + len(part)
        return None
    for quoted in re.finditer(r"[\"“«']([^\"”»'\n]{3,80})[\"”»']", folded):
        if quoted[1] in known:
            return quoted.start(1), quoted.end(1)
    return None


_IS = re.compile(r"^\W*(?:(?:ahora|hoy|ya) )?(?:soy|es|será|sería) (?:(?:el|la) )?", re.IGNORECASE)


_BEHIND = re.compile(
    r"[;]|, (?:por favor|gracias|(?:y )?(?:que|ya|son|somos|es|era|estaba|fue|pero|pues|porque"
    r"|así|no|me|nos|se|les?|lo|luego)\b)|\. "
)


_POLITE = re.compile(r" ?(?:,? ?por favor|,? ?gracias)\W*$", re.IGNORECASE)


def _as_value(text: str, kind: FieldKind) -> str:
    text = _IS.sub("", squeeze(text))
    if kind is FieldKind.NAME:
        people = people_in(text)
        return people[0].name if people else read_name(text) or ""
    cut = _BEHIND.search(text)
    return trim(_POLITE.sub("", text[: cut.start()] if cut else text))


def _put_in(known: str, old: str, new: str, kind: FieldKind) -> str:
    """The value with the corrected words in it; of a name a lone word replaces a lone word."""
    if fold(squeeze(old)) == fold(squeeze(known)):
        return new
    if kind is FieldKind.NAME and len(new.split()) > 1:
        return new
    at = fold(known).find(fold(old))
    return known[:at] + new + known[at + len(old) :] if at >= 0 else new
