"""Who else on the area's side hears of a case: letters of their own, never a shared one."""

from __future__ import annotations

from dataclasses import replace

from bot.lists.register import REGISTER
from bot.workflow.case import Case
from bot.workflow.message import Address
from bot.workflow.notification import Letter
from bot.workflow.organization import House
from nlp.types import Intent

MOST = 10


def followers(house: House, case: Case) -> tuple[Address, ...]:
    """The people of a case besides the requester, nobody from outside, at most MOST."""
    known = {p.email: p for p in case.people}
    known.pop(case.requester.email, None)
    return tuple(p for p in known.values() if house.is_institutional(p))[:MOST]


def with_followers(house: House, case: Case, letter: Letter) -> tuple[Letter, ...]:
    """A letter to the requester, and the same to everybody who follows the case."""
    return (letter, *(replace(letter, to=other) for other in followers(house, case)))


def with_everybody(house: House, case: Case, letter: Letter) -> tuple[Letter, ...]:
    """The same, and to who answers for the list, who may not have asked for it."""
    apart = responsible_apart(house, case)
    letters = with_followers(house, case, letter)
    return (*letters, replace(letter, to=apart)) if apart else letters


def has_new_responsible(case: Case) -> bool:
    """Whether somebody is to answer for a list who did not before: they are asked to accept."""
    if case.removal:
        return False
    answers = (case.form.get("responsible"), case.form.get("email"))
    changed = any(found is not None and found.source != REGISTER for found in answers)
    return case.intent is not Intent.CHANGE_LIST or changed


def responsible_apart(house: House, case: Case) -> Address | None:
    """Who will answer for the list, where they neither asked for it nor were in copy."""
    found = case.form.get("responsible")
    address = Address(case.responsible, str(found.value) if found else "")
    known = not address.email or case.belongs_to(address.email)
    return None if known or not house.is_institutional(address) else address
