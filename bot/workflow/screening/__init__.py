"""The one guard: what is never answered (`screen`) and what is never sent (`may_send`)."""

from bot.workflow.screening.outbox import (
    Cause,
    HeldBack,
    Recent,
    SendCounts,
    counts_for_all,
    flood_of,
    held_back,
    held_from_staff,
    may_send,
)
from bot.workflow.screening.rules import RULES, Rule, Screened, screen

__all__ = [
    "RULES",
    "Cause",
    "HeldBack",
    "Recent",
    "Rule",
    "Screened",
    "SendCounts",
    "counts_for_all",
    "flood_of",
    "held_back",
    "held_from_staff",
    "may_send",
    "screen",
]
