"""A line that opens with a label and no sign behind it: "cargo jefa de acervo", "frec mensual"."""

import re

from nlp.fields.answers import values_of
from nlp.fields.labels import Label, Labels, normal
from nlp.kinds.put_off import put_off
from nlp.text.fold import fold
from nlp.text.lines import strip_bullet
from nlp.turns.ground import Ground
from nlp.turns.looks import counts_several, is_telephone
from nlp.turns.me import POINTS_TO_SIGNATURE
from nlp.turns.mentions import FUNCTION, ORDINARY, mentions_in
from nlp.turns.people import named_person
from nlp.turns.sentences import sentence
from nlp.turns.undecided import one_of_several
from nlp.turns.voice import pending
from nlp.types import FieldKind, FieldValue


def glued_claim(line: str, ground: Ground) -> dict[str, FieldValue]:
    """What a short line gives that opens with a label: "cargo jefa de acervo", "frec mensual"."""
    text = strip_bullet(line).strip()
    words = text.split()
    if POINTS_TO_SIGNATURE.search(fold(text)):
        return {}
    if not 1 < len(words) <= 40 or text.endswith("?"):
        return {}
    for count in range(min(6, len(words) - 1), 0, -1):
        head = " ".join(words[:count])
        label = ground.labels.exact.get(normal(head)) or abbreviated(head, ground.labels)
        if label is None or normal(head) in ORDINARY or head.rstrip()[-1:] in ",;":
            continue
        rest = " ".join(words[count:])
        if not _may_follow(head, rest, label, ground) or put_off(rest):
            return {}
        values = {}
        for name, value in values_of(label, rest, True, ground.form, ground.today).items():
            if ground.form[name].kind is FieldKind.NAME:
                open_ = one_of_several(rest) or pending(sentence(rest))
                person = None if open_ else named_person(rest, rest)
                if person is None:
                    continue
                value = person
            if ground.form[name].kind is FieldKind.TEXT:
                value = bare_name(str(value))
            if ground.form[name].kind is FieldKind.DIGITS and is_telephone(fold(rest)):
                continue
            if ground.form[name].kind is FieldKind.INTEGER and counts_several(rest):
                continue
            values[name] = value
        return values
    return {}


def _may_follow(head: str, rest: str, label: Label, ground: Ground) -> bool:
    """Whether the words behind a label are its answer, and not a sentence about it."""
    kinds = ground.kinds_of(label)
    wanted = any(n in ground.open for n in label.names)
    first = fold(rest).split()[0]
    if kinds & {FieldKind.TEXT, FieldKind.LONG_TEXT}:
        pointed = head.rstrip().endswith((".", "–", "-"))
        if (
            not wanted
            or (len(rest.split()) > 9 and not pointed)
            or first in FUNCTION - {"de", "para"}
        ):
            return False
        return pointed or FieldKind.LONG_TEXT not in kinds
    if kinds & {FieldKind.INTEGER, FieldKind.DIGITS} and any(
        set(mention.label.names) - set(label.names)
        for mention in mentions_in(fold(rest), ground.labels)
    ):
        return False  # "Es la extensión. De destinatarios, 310"
    return len(rest.split()) <= 12 and not re.search(r"\b(?:no|que|es|son|ya|esta)\b", fold(rest))


_SHORT_FOR = {
    "no": "numero",
    "num": "numero",
    "nro": "numero",
    "bno": "bueno",
    "vto": "visto",
    "q": "que",
}


def abbreviated(text: str, labels: Labels) -> Label | None:
    """The label whose words a text cuts short: "no. de dest", "visto bno", "fec. inicio"."""
    words = [_SHORT_FOR.get(w, w) for w in normal(text).split()]
    if len(words) < 2 or len(words) > 6 or any(len(w) < 2 for w in words):
        return None
    for known, label in labels.exact.items():
        theirs = known.split()
        if len(theirs) == len(words) and all(
            a == b or (len(a) > 2 and b.startswith(a)) for a, b in zip(words, theirs, strict=True)
        ):
            return label
    return None


def bare_name(text: str) -> str:
    """A name without the article before it: "el Centro de Estudios"."""
    match = re.match(
        r"(?:(?:(?:el|la) )?mism[oa][,:] |(?:el|la|los|las) (?=[A-ZÁÉÍÓÚÑ])|de (?=\w))", text
    )
    return text[match.end() :] if match else text
