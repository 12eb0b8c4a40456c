"""What every reader of a turn stands on: its context, the labels of the form, what staff asked."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from nlp.fields.labels import Label, Labels, labels_of
from nlp.turns.mentions import CASUAL, mentions_in
from nlp.turns.people import PLAYED
from nlp.turns.sentences import Sentence, sentences
from nlp.turns.types import TurnContext, Writer
from nlp.turns.values import values_in
from nlp.types import FieldKind, FieldValue, Form, Part

_ASKS = re.compile(r"(?:a |para |cada )?(?:cuan|quien|que|donde)")  # words of any question
_HOW_MANY = re.compile(
    r"\bcuant[oa]s (?:\w+ ){0,4}?(?:destinatari\w+|correos|recib\w+|llegar\w*|suscript\w+"
    r"|contactos|son|serian|seran|somos|integran|tiene la lista|habra)\b|\b(?:numero|total|cifra)\b"
)
_HOW_OFTEN = re.compile(r"\b(?:cada cuanto|seguido|cuantas veces)\b")
_WHOM = re.compile(r"\b(?:a|para) quien(?:es)?\b|\bquienes (?:la |lo )?reciben\b")
_UNTIL = re.compile(r"\b(?:hasta (?:cuando|que)|cuando (?:termina|acaba|vence|concluye))\b")
_SINCE = re.compile(r"\b(?:desde cuando|cuando (?:empieza|inicia|arranca|comienza))\b")
_NAMED = re.compile(r"\b(?:como (?:se llama|quieren que se llame)|que nombre)\b")


@dataclass(frozen=True, slots=True)
class Ground:
    """The context of a turn, who writes it and on which day; the labels of its form.

    `asked` are the fields that a question of staff is about.
    """

    context: TurnContext
    labels: Labels
    writer: Writer
    today: dt.date
    asked: tuple[str, ...] = ()

    @property
    def form(self) -> Form:
        return self.context.form

    @property
    def known(self) -> Mapping[str, FieldValue]:
        return self.context.known

    @property
    def missing(self) -> tuple[str, ...]:
        return self.context.missing

    @property
    def open(self) -> tuple[str, ...]:
        """The fields that answers may be for: those asked for first, then those without a value."""
        rest = (f.name for f in self.form.fields if f.name not in self.known)
        return tuple(dict.fromkeys((*self.missing, *self.asked, *rest)))

    def named_in(self, folded: str) -> set[str]:
        """The fields that a sentence names by their labels."""
        return {name for one in mentions_in(folded, self.labels) for name in one.label.names}

    def kinds_of(self, label: Label) -> set[FieldKind]:
        """The kinds of the fields that a label asks for."""
        return {self.form[name].kind for name in label.names if name in self.form}

    def of_kind(self, kind: FieldKind) -> list[str]:
        """The fields of a kind, by name."""
        return [field.name for field in self.form.of_kind(kind)]

    def ends(self) -> dict[str, str]:
        """The two dates of the period that the form asks for: "start" and "end"."""
        fields = (f for f in self.form.of_kind(FieldKind.DATE) if f.period)
        return {field.period: field.name for field in fields}


def ground_of(context: TurnContext, writer: Writer, today: dt.date) -> Ground:
    """The ground of a turn."""
    return Ground(context, labels_of(context.form), writer, today)


def asked_by_staff(ground: Ground) -> tuple[str, ...]:
    """The fields that staff's question is about; free texts are never rewritten by an answer."""
    said = sentences(ground.context.question.splitlines())
    found = [name for sentence in said for name in _named(sentence, ground)]
    return tuple(dict.fromkeys(n for n in found if ground.form[n].kind is not FieldKind.LONG_TEXT))


def _named(sentence: Sentence, ground: Ground) -> Iterator[str]:
    folded, form = sentence.folded, ground.form
    for mention in mentions_in(folded, ground.labels):
        if mention.text not in CASUAL and not _ASKS.match(mention.text):
            yield from (name for name in mention.label.names if name in form)
    if _HOW_MANY.search(folded):
        yield from ground.of_kind(FieldKind.INTEGER)
    if _HOW_OFTEN.search(folded) and Part.HOW_OFTEN in form:
        yield Part.HOW_OFTEN
    if _WHOM.search(folded):
        yield from ground.of_kind(FieldKind.CHOICES)
    if "por que" not in folded:  # "¿son 350 o es aproximado?" asks for a value, "¿por qué?" not
        for value in values_in(sentence.text, form, ground.today):
            known = (n for n in value.fields if ground.known.get(n) == value.value)
            yield from [Part.HOW_OFTEN] if Part.HOW_OFTEN in value.fields else known
    if re.search(r"\bquien\b", folded):
        yield from (part for part, says in PLAYED if part in form and says.search(folded))
    ends = ground.ends()
    if _UNTIL.search(folded) and "end" in ends:
        yield ends["end"]
    if _SINCE.search(folded) and "start" in ends:
        yield ends["start"]
    if _NAMED.search(folded) and Part.NAME in form:
        yield Part.NAME
