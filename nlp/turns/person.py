"""Whether somebody wants to talk to a person, and not only offers to be called."""

from __future__ import annotations

import re

from nlp.text.fold import fold
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
    r"|\b(?:me|nos) (?:van a|va a) (?:marcar|llamar|atender)\b|\bespero (?:su|la) llamada\b"
    r"|\b(?:quien|con quien) (?:me|nos) (?:llama|marca|va a (?:llamar|marcar|atender)"
    r"|pued[ae] (?:ayudar|atender|apoyar|resolver))\b"
    r"|\bnadie (?:me|nos) (?:ha |han )?(?:resuelve|resuelto|atiende|atendido|hace caso)\b"
)
_NUMBER = re.compile(
    r"\b(?:(?:ext(?:ension)?|tel(?:efono)?|cel(?:ular)?|numero|movil)[ .:]{0,3}|(?:al|a la|en la) )"
    r"(?:(?:ext(?:ension)?|tel(?:efono)?|cel(?:ular)?|numero)[ .:]{0,3})?"
    r"(?P<number>\d(?:[ ().-]{0,2}\d){3,12})(?!\d)"
)
_OFFERS = re.compile(
    r"\b(?:dudas?|aclaracion\w*|cualquier|si (?:hay|hace|tien|requi|neces|gust)\w*)\b"
)


def wants_person(text: str) -> bool:
    """Whether a text asks for a person; "ante cualquier duda me pueden marcar" does not."""
    return any(asks_for_person(said.folded) for said in sentences(text[:_READ].splitlines()))


def number_to_call(text: str) -> str:
    """The telephone or extension that a text, or the signature below it, gives; empty where none
    is told."""
    number = _NUMBER.search(fold(text[:_READ]))
    return number["number"] if number else ""


def asks_for_person(folded: str) -> bool:
    """Whether a sentence does, without capitals and accents."""
    return bool(_WANTS.search(folded)) and not _OFFERS.search(folded)
