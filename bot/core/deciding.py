"""The one question of the core: what is to be done with a message that the guard let through."""

from __future__ import annotations

from bot.core.orders.carry_out import carry_out, is_for_staff
from bot.core.requests import answer_area
from bot.core.situation import Decision, Situation


def decide(situation: Situation) -> Decision:
    """What a message leads to: a staff order carried out or refused, or an area answered."""
    person = situation.staff
    if person is not None and is_for_staff(situation):
        return carry_out(situation, person)
    return answer_area(situation)
