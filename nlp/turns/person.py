"""Whether somebody wants to talk to a person, and not only offers to be called."""

from __future__ import annotations

import re

from nlp.turns.sentences import sentences

_READ = 4_000  # characters
_TALK = r"(?:habl|at[ie]+nd|mar[cq]|llam|comuni[cq]|contact|platic|expli[cq])\w*"
_SOMEBODY = r"(?:alguien|una persona|algun[ao]? persona|un humano|ser humano|por telefono)"
_WANTS = re.compile(
    rf"\b(?:prefer\w+|prefier\w+|quisier\w+|quier\w+|gustaria|necesit\w+|pued\w+|podri\w+|solicit\w+"
    rf"|pido|pedir|favor)\b.{{0,30}}\b{_TALK}.{{0,30}}\b{_SOMEBODY}\b"
    rf"|\b(?:que|si) (?:me |nos )?{_TALK} {_SOMEBODY}\b"
    rf"|\b{_SOMEBODY}\b.{{0,20}}\b(?:me|nos) (?:pued\w+ |podri\w+ )?{_TALK}"
    r"|\b(?:me|nos) (?:pued\w+|podri\w+) (?:marcar|llamar|hablar)\b"
    r"|\b(?:pued\w+|podri\w+) (?:marcar|llamar|hablar)(?:me|nos)\b"
    r"|\b(?:pas|comuniqu|comunic)\w+(?:me|nos) con (?:alguien|una persona|quien)\b"
)
_OFFERS = re.compile(
    r"\b(?:dudas?|aclaracion\w*|cualquier|si (?:hay|hace|tien|requi|neces|gust)\w*)\b"
)


def wants_person(text: str) -> bool:
    """Whether a text asks for a person; "ante cualquier duda me pueden marcar" does not."""
    return any(asks_for_person(said.folded) for said in sentences(text[:_READ].splitlines()))


def asks_for_person(folded: str) -> bool:
    """Whether a sentence does, without capitals and accents."""
    return bool(_WANTS.search(folded)) and not _OFFERS.search(folded)
