"""How people speak of a request for a list."""

from __future__ import annotations

from bot.lists.request import asked_for, is_removal
from bot.workflow.case import Case
from bot.workflow.kinds import CaseWords, Noun
from nlp.types import Intent
from replies.phrases import say

NOUN = Noun.of("list")


def words(case: Case) -> CaseWords:
    """What is to be done to which list, for which area."""
    is_change = case.intent == Intent.CHANGE_LIST
    doing = "removal" if is_removal(case) else case.intent
    return CaseWords(
        verb=say(f"lists.verb.{doing}"),
        name=_text(case, "list_name"),
        area=_text(case, "area"),
        asks_for=asked_for(case),
        doing=say("lists.doing.change" if is_change else "lists.doing.made"),
        done=say("lists.done.change" if is_change else "lists.done.made"),
    )


def _text(case: Case, field: str) -> str:
    return str(case.form[field].value) if field in case.form else ""
