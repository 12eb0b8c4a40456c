"""The notices that ask somebody to act, each with a capability of its own."""

from __future__ import annotations

from dataclasses import replace

from bot.core.case import Case, State
from bot.core.findings import UNKNOWN
from bot.core.house import House, Person, Role
from bot.core.letter import Letter, NoticeFor
from bot.core.letters import held, staff_name, summary, to_staff
from bot.core.orders.registry import offered

STAGES = {
    State.REVIEW: ("review", Role.REVIEWER),
    State.APPROVAL: ("approval", Role.APPROVER),
    State.PROVISIONING: ("provisioning", Role.PROVISIONER),
}
"""Which reply goes to which role when a case comes to a state."""


def notices(
    house: House, case: Case, before: Case | None = None, note: str = ""
) -> tuple[Letter, ...]:
    """One notice for everybody who may act at the case's stage; none where nobody must.

    `before` marks what changed since the last one; `note` is a line of news on top. Whoever asked
    for the list gets none: nobody decides on a request of their own.
    """
    if case.state not in STAGES:
        return ()
    template, role = STAGES[case.state]
    return tuple(
        notice(house, case, person, template, before, note)
        for person in house.with_role(role)
        if not case.is_own_request_of(person.address.email)
    )


def notice(
    house: House,
    case: Case,
    person: Person,
    template: str = "",
    before: Case | None = None,
    note: str = "",
) -> Letter:
    """The notice of the case's present stage for one person."""
    values = summary(house, case, before) | {
        **UNKNOWN,  # what is known around the case is added when the notice is posted
        "note": note,
        "orders": offered(person, case),
        "recommended_by": staff_name(house, case.ruling.by) if case.ruling else "",
    }
    letter = to_staff(template or STAGES[case.state][0], person.address, values, case)
    letter = replace(letter, notice=NoticeFor(person.address.email, case.state, case.version))
    return held(letter, case) if case.state is State.PROVISIONING else letter
