"""Whom an order of staff addresses: the area that asks, a colleague, somebody else."""

from collections.abc import Sequence

from nlp.commands.harmless import ADDRESSEE
from nlp.commands.match import Around, is_pause
from nlp.commands.text import CommandSentence, CommandToken
from nlp.text.fold import word_set

INTERROGATIVE = word_set(
    "que si cada cuanto cuantos cuantas como cual cuales quien quienes cuando donde"
)
_AREAS = word_set(
    "area areas solicitante responsable responsables facultad escuela departamento coordinacion"
    " centro instituto oficina biblioteca maestra maestro doctora doctor licenciada licenciado"
    " ingeniera ingeniero interesado interesada profesor profesora solicito"
)
_HEADS = word_set(
    "rector rectora vicerrector vicerrectora director directora decano decana jefe jefa"
)
_NO_QUESTION = word_set("entre con primero antes porque es no fue seria me nos y o")


def behind_addressee(sentence: CommandSentence, at: int, around: Around) -> int:
    """Past "al área", "interna" and the like, where something follows."""
    ends = (e for e in ADDRESSEE.reach(sentence.tokens, at, around) if e < len(sentence.tokens))
    told = [e for e in ends if e == at or not is_pause(sentence.tokens[e - 1])]
    return max(told, default=at)


def is_anothers(sentence: CommandSentence, at: int, place: int) -> bool:
    """Whether an area that is addressed there is not the one that asks: "al área de compras"."""
    keys = [token.key for token in sentence.tokens[place : place + 2]]
    return place > at and keys[0] in ("de", "del") and not INTERROGATIVE & {*keys[1:]}


def of_area(around: Around) -> frozenset[str]:
    """The words that name the area, or who asks for it."""
    return _AREAS | around.requester


def asks_somebody(tokens: Sequence[CommandToken], area: frozenset[str]) -> bool:
    """Whether words behind an order name a person who is not of the area: "al rector"."""
    to = (n + 1 for n, token in enumerate(tokens) if token.key in ("a", "al"))
    return any(_is_somebody(tokens[n : n + 2], area) for n in to)


def _is_somebody(words: Sequence[CommandToken], area: frozenset[str]) -> bool:
    """Whether words behind "a" are a person who is not of the area."""
    named = [w for w in words if w.key not in ("la", "los", "las")][:1]
    return any(w.key not in area and (w.is_capital or w.key in _HEADS) for w in named)


def to_somebody(tokens: Sequence[CommandToken], start: int, area: frozenset[str]) -> bool:
    """ "Preguntar a Ulises …" asks a colleague, not the area."""
    if tokens[start].key in ("a", "al") and start + 1 < len(tokens):
        at = start + 2 if tokens[start + 1].key in ("la", "los", "las", "quien") else start + 1
        whom = tokens[min(at, len(tokens) - 1)]
        return whom.key not in area | INTERROGATIVE  # "preguntarles a qué se refieren"
    following = tokens[start + 1].key if start + 1 < len(tokens) else ""
    return tokens[start].key in _NO_QUESTION and following not in INTERROGATIVE
