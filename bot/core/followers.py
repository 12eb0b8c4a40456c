"""Who else on the area's side hears of a case: letters of their own, never a shared one."""

from __future__ import annotations

from dataclasses import replace

from bot.core.case import Case
from bot.core.house import House
from bot.core.letter import Letter
from bot.core.message import Address

MOST = 10


def followers(house: House, case: Case) -> tuple[Address, ...]:
    """The people of a case besides the requester, nobody from outside, at most MOST."""
    known = {p.email: p for p in case.people}
    known.pop(case.requester.email, None)
    return tuple(p for p in known.values() if house.is_institutional(p))[:MOST]


def with_followers(house: House, case: Case, letter: Letter) -> tuple[Letter, ...]:
    """A letter to the requester, and the same to everybody who follows the case."""
    return (letter, *(replace(letter, to=other) for other in followers(house, case)))


def responsible_apart(house: House, case: Case) -> Address | None:
    """Who will answer for the list, where they neither asked for it nor were in copy."""
    found = case.form.get("responsible")
    address = Address(case.responsible, str(found.value) if found else "")
    known = not address.email or case.belongs_to(address.email)
    return None if known or not house.is_institutional(address) else address
