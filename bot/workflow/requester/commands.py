"""Requester commands: what an area may say in one clear line, read as carefully as staff's."""

import re
from dataclasses import replace

from bot.workflow.organization import Organization
from nlp.text.fold import plain
from nlp.types import CommandGrammar

CANCEL, ACCEPT, RESUME = "cancel", "accept", "resume"

COMMANDS = (
    CommandGrammar(
        CANCEL,
        (
            "cancelen", "cancele", "ya no la necesitamos", "ya no la necesito",
            "ya no la requerimos", "ya no la requiero", "ya no se necesita", "ya no se requiere",
            "ya no es necesaria", "ya no hace falta", "ya no la vamos a necesitar",
            "deseo cancelar", "deseamos cancelar", "quiero cancelar", "queremos cancelar",
            "favor de cancelar", "cancel",
        ),
        argument="text",
        decides=True,
        verbs=("cancelar",),
    ),
    CommandGrammar(
        ACCEPT,
        ("acepto los lineamientos", "acepto las condiciones", "acepto el compromiso",
         "aceptamos los lineamientos", "aceptamos las condiciones"),
        decides=True,
        verbs=("aceptar",),
    ),
    CommandGrammar(
        RESUME,
        ("reabrir", "reabran", "sigue en pie", "seguimos interesados"),
        decides=True,
        verbs=("reanudar", "retomar"),
    ),
)  # fmt: skip
"""What may be said about any request."""


def grammar(organization: Organization) -> tuple[CommandGrammar, ...]:
    """All that somebody may say in one clear line.

    Two of them in one mail are none; with a condition or a doubt it goes to triage: a person looks
    at it.
    """
    own = (command.grammar for kind in organization.kinds for command in kind.commands)
    more = (word for kind in organization.kinds for word in kind.cancel_words)
    cancel, *others = COMMANDS
    cancel = replace(cancel, words=(*cancel.words, *more))
    return organization.said_here((cancel, *others, *own))


_HOW_IT_GOES = re.compile(
    r"\b(?:como|en que|que tal) (?:va|van|anda|sigue|siguen|quedo)\b(?! a )"
    r"|\bque (?:paso|ha pasado|sucedio) con (?:mi|la|nuestra|el|esa)\b"
    r"|\bya (?:hay|tienen|salio) (?:la |alguna )?(?:respuesta|noticias?|novedad(?:es)?)\b"
)
SHORT = 25  # words; a longer message has more to say


def asks_how_it_goes(text: str) -> bool:
    """Whether a short message asks how a request goes: "¿Cómo va?"."""
    said = plain(text)
    return len(said.split()) <= SHORT and bool(_HOW_IT_GOES.search(said))
