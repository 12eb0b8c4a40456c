"""How people speak of a request for a list."""

from __future__ import annotations

from bot.lists.request import asked_for, is_removal
from bot.workflow.case import Case
from bot.workflow.kinds import CaseWords, Noun
from nlp.types import Intent

NOUN = Noun("lista", "lista de distribución", "una lista de distribución", "la lista")
_VERBS: dict[str, str] = {Intent.REINSTATE_LIST: "restablecer", Intent.CHANGE_LIST: "cambiar"}
_MADE = ("aceptada; se está creando la lista", "aceptada; la lista está lista")
_CHANGED = ("aceptada; se está haciendo el cambio", "aceptada y hecha")


def words(case: Case) -> CaseWords:
    """What is to be done to which list, for which area."""
    doing, done = _CHANGED if case.intent == Intent.CHANGE_LIST else _MADE
    return CaseWords(
        verb="dar de baja" if is_removal(case) else _VERBS.get(case.intent, "crear"),
        name=_text(case, "list_name"),
        area=_text(case, "area"),
        asks_for=asked_for(case),
        doing=doing,
        done=done,
    )


def _text(case: Case, field: str) -> str:
    return str(case.form[field].value) if field in case.form else ""
