"""The one guard: what is never answered (`screen`) and what is never sent (`may_send`)."""

from bot.workflow.screening.outbox import SendCounts, counts_for_all, flood_of, may_send
from bot.workflow.screening.rules import RULES, Rule, Screened, screen

__all__ = [
    "RULES",
    "Rule",
    "Screened",
    "SendCounts",
    "counts_for_all",
    "flood_of",
    "may_send",
    "screen",
]
