"""The one guard: what is never answered (`screen`) and what is never sent (`may_send`)."""

from bot.core.screening.outbox import SendCounts, may_send
from bot.core.screening.rules import RULES, Rule, Screened, screen

__all__ = ["RULES", "Rule", "Screened", "SendCounts", "may_send", "screen"]
