"""A new mail that goes on with an open case of its writer: with which, or that nothing tells."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.workflow.case import UNDECIDED, Case
from bot.workflow.context import Context
from bot.workflow.message import ParsedMessage
from bot.workflow.organization import Organization
from nlp.text.fold import fold
from nlp.turns.sentences import word_at
from nlp.types import Prediction

_GOES_ON = re.compile(
    r"\b(?:complement\w+|faltaban?|faltantes?|pendientes?|(?:mi|nuestra|la) solicitud"
    r"|que (?:solicit|ped)\w+|hace rato|les (?:mande|envie|escribi)\w*|en seguimiento)\b"
)
_ANOTHER = re.compile(r"\b(?:otra|nueva|segunda|distinta|adicional)\b(?! vez)")
_AGAIN = re.compile(
    r"\b(?:(?:segunda|otra|nueva) vez|(?:correo|mensaje|mail) anterior|no (?:les|te|le) lleg\w+"
    r"|sig(?:o|ue|uimos) necesit\w+|vuelvo a|volvemos a|de nuevo|reenvi\w+)\b"
)


def joined(
    cases: Iterable[Case], mail: ParsedMessage, prediction: Prediction, organization: Organization
) -> Case | None:
    """The open case that a new mail goes on with: it gives what was missing, or asks for the same.

    With several open cases nothing tells which.
    """
    open_cases = [case for case in cases if case.state in UNDECIDED]
    said = fold(f"{mail.subject}\n{mail.text}")
    another = _ANOTHER.search(said) is not None
    named = [case for case in open_cases if _names(organization.kind(case).words(case).name, said)]
    again = _AGAIN.search(said) is not None
    if len(named) == 1 and (not another or again or named[0].intent == prediction.intent):
        return named[0]
    return open_cases[0] if _goes_on(said) and len(open_cases) == 1 else None


def may_be_of_several(context: Context) -> tuple[Case, ...]:
    """The open cases of which a new mail may go on with any: it names none, and nothing new."""
    open_cases = tuple(case for case in context.cases if case.state in UNDECIDED)
    said = fold(f"{context.incoming.subject}\n{context.incoming.text}")
    if len(open_cases) < 2 or not _goes_on(said):
        return ()
    kind = context.organization.kind(open_cases[0])
    told = {n: v for n, v in context.prediction.fields.items() if n in kind.form}
    return () if kind.name_of(open_cases[0], told) else open_cases


def _goes_on(said: str) -> bool:
    return _GOES_ON.search(said) is not None and _ANOTHER.search(said) is None


def _names(name: str, said: str) -> bool:
    return bool(name) and word_at(said, fold(name)) >= 0
