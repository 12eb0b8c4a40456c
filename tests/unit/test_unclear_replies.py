"""Replies of staff that hesitate, ask, depend or tell of others: nothing is decided by them."""

from __future__ import annotations

import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.workflow.commands import carry_out  # noqa: F401  (fills the table of commands)
from bot.workflow.commands.registry import vocabulary
from nlp.commands import parse_commands
from nlp.types import Block, BlockKind, Message
from tests.builders import ORGANIZATION

DECIDES = {"approve", "reject", "done", "undo"}
WORDS = vocabulary(ORGANIZATION)

_VERBS = st.sampled_from(["aprobar", "aprobarla", "autorizar", "rechazar", "rechazarla", "denegar"])
_DONE = st.sampled_from(["aprobada", "autorizada", "rechazada", "denegada"])
_WHO = st.sampled_from(["Nancy", "la directora", "el comité", "mi jefa", "Rodrigo", "Tecnología"])
_WHEN = st.sampled_from(["mañana", "el lunes", "al rato", "la próxima semana", "en cuanto pueda"])
_IF = st.sampled_from(
    ["firme el director", "bajen la frecuencia", "manden el oficio", "cambien el nombre"]
)
_GREETING = st.sampled_from(["", "Hola, ", "Buen día. ", "Estimados: ", "Gracias por el aviso. "])
_FAREWELL = st.sampled_from(["", "\n\nSaludos", "\n\nQuedo atento", "\nGracias", "\n\nJimena"])


@st.composite
def unclear(draw: st.DrawFn) -> str:
    verb, done, who = draw(_VERBS), draw(_DONE), draw(_WHO)
    said = draw(
        st.sampled_from(
            [
                f"No sé si {verb}.",
                f"Creo que habría que {verb}, pero no estoy segura.",
                f"¿Qué opinan, {verb} o no?",
                f"Antes de {verb} quisiera hablar con {who}.",
                f"{who} dice que la va a {verb}.",
                f"Según {who} ya está {done}.",
                f"La podríamos {verb} si {draw(_IF)}.",
                f"Yo la daría por {done} siempre que {draw(_IF)}.",
                f"La pienso {verb} {draw(_WHEN)}.",
                f"{draw(_WHEN).capitalize()} veo si la {verb}.",
                f"Me inclino por {verb}, pero decidan ustedes.",
                f"¿Ya la {verb} {who}?",
                f"Falta que {who} la vea para {verb}.",
                f"No me toca {verb} a mí.",
                f"Me da igual {verb} o dejarla así.",
                f"Aún no está {done}, falta {who}.",
                f"{who}, ¿tú la puedes {verb}?",
                f"Parece que quedó {done} en la junta, confírmenme.",
            ]
        )
    )
    return draw(_GREETING) + said + draw(_FAREWELL)


@settings(max_examples=500, deadline=None)
@given(unclear())
def test_an_unclear_reply_decides_nothing(text: str) -> None:
    blocks = (Block(BlockKind.NEW, text),)
    message = Message("Re: [CI-2026-0042] Lista", blocks, dt.date(2026, 8, 17), is_reply=True)
    found = parse_commands(message, WORDS, folio="CI-2026-0042", writer="Jimena Toriz")
    assert not [one for one in found.commands if one.name in DECIDES]
    assert found.commands or found.why
