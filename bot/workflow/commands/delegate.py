"""DELEGAR: somebody acts with another's role for some days."""

from __future__ import annotations

import datetime as dt
import re

from bot.workflow.calendar import plain_date
from bot.workflow.case import Case
from bot.workflow.commands.answers import refused, told
from bot.workflow.commands.registry import ANY_STATE, Act, order
from bot.workflow.context import Beside, Decision
from bot.workflow.leave import Leave
from bot.workflow.message import Address
from bot.workflow.notification import Letter
from bot.workflow.notifications.mails import display_name, to_staff
from bot.workflow.notifications.notices import STAGES, notice
from bot.workflow.organization import House, Person, Role
from nlp.fields.values import EMAIL
from nlp.text.dates import dates_in

LONGEST = dt.timedelta(days=366)
MOST_NOTICES = 20  # of open cases, for who starts to stand in
_NOBODY = re.compile(r"\s*(?:a )?(?:nadie|fin|terminar)\b", re.IGNORECASE)
_WORKING = frozenset({Role.REVIEWER, Role.APPROVER, Role.PROVISIONER})


@order(
    "delegate",
    "DELEGAR",
    ("delegate",),
    dict.fromkeys(ANY_STATE, _WORKING),
    argument="text",
    needs_text=True,
    button=False,
    subject="nothing",
    verbs=("delegar/deleg",),
)
def delegate(act: Act) -> Decision:
    """Otra persona actúa por usted: su correo y hasta cuándo; DELEGAR nadie lo termina."""
    today = act.situation.now.date()
    if not act.person.own_roles & _WORKING:
        return refused(act, "Solo se delega una función propia; la suya es delegada.")
    if _NOBODY.match(act.argument):
        return _ended(act, today)
    found = EMAIL.findall(act.argument)
    to = Address(found[0].lower().rstrip(".")) if len(found) == 1 else None
    if to is None:
        return refused(act, "Falta un correo, y solo uno: DELEGAR correo hasta fecha.")
    dates = dates_in(EMAIL.sub(" ", act.argument), today)
    why = _why_not(act, to, [span.date for span in dates], today)
    if why:
        return refused(act, why)
    first = dates[0].date if len(dates) == 2 else today
    known = act.situation.house.person(to.email)
    leave = Leave(act.person.address.email, first, dates[-1].date, known.address if known else to)
    return _delegated(act, leave, today)


def _why_not(act: Act, to: Address, days: list[dt.date], today: dt.date) -> str:
    """What is wrong with a delegation, in Spanish; empty where nothing is."""
    house = act.situation.house
    if to.email == act.person.address.email:
        return "No puede delegar en usted."
    if not house.is_institutional(to) or to.email.partition("+")[0] in _own(house):
        return f"{to.email} no es una dirección de una persona de la universidad."
    if len(days) not in (1, 2):
        return "Falta hasta cuándo: DELEGAR correo hasta fecha, como «hasta el 3 de mayo»."
    if days[-1] < max(today, days[0]):
        return f"El {plain_date(days[-1])} ya pasó."
    if days[-1] > today + LONGEST:
        return "Se puede delegar por un año como máximo."
    return ""


def _own(house: House) -> tuple[str, str]:
    return house.mailbox.email, house.mailbox.email.partition("@")[0]


def _delegated(act: Act, leave: Leave, today: dt.date) -> Decision:
    to, me = leave.delegate, act.person.address
    assert to is not None  # noqa: S101  (a delegation)
    until = plain_date(leave.last)
    since = (
        f"del {plain_date(leave.first)} al {until}" if leave.first > today else f"hasta el {until}"
    )
    result = told(
        act,
        f"Delegó su función en {to.email} {since}.",
        "Ya se lo avisamos. Usted también puede seguir decidiendo.",
        "Para terminarlo antes, escriba DELEGAR nadie.",
    )
    house = act.situation.house.on(leave.first, (*act.situation.house.leaves, leave))
    person = house.person(to.email)
    values: dict[str, object] = {
        "by": display_name(me),
        "period": since,
        "roles": role_words(act.person.own_roles),
    }
    letters = (result, to_staff("delegated", to, values, None))
    waiting = _waiting(act, house, person) if leave.first <= today and person else ()
    why = f"{me.email} delegates to {to.email}"
    return Decision(why, act.about, letters=letters, leaves=(leave,), beside=waiting)


def _waiting(act: Act, house: House, person: Person) -> tuple[Beside, ...]:
    """Notices of what waits for the role now, for who starts to stand in."""
    by = display_name(act.person.address)
    return tuple(
        Beside(case, letters=(_notice(house, case, person, by),), changes=False)
        for case in act.situation.others
        if _may(case, person)
    )[:MOST_NOTICES]


def _may(case: Case, person: Person) -> bool:
    if case.state not in STAGES or STAGES[case.state][1] not in person.lent:
        return False
    return not case.is_own_request_of(person.address.email, *person.stands_for)


def _notice(house: House, case: Case, person: Person, by: str) -> Letter:
    return notice(house, case, person, note=f"La atiende usted por encargo de {by}.")


def _ended(act: Act, today: dt.date) -> Decision:
    me = act.person.address
    mine = [x for x in act.situation.house.leaves if x.person == me.email and x.delegate]
    if not mine:
        return refused(act, "No tiene ninguna delegación vigente.")
    over = today - dt.timedelta(days=1)
    ended = tuple(Leave(x.person, x.first, over, x.delegate) for x in mine)
    names = ", ".join(x.delegate.email for x in mine if x.delegate)
    result = told(act, "Terminó su delegación.", f"{names} ya no actúa por usted.")
    letters = [result]
    for leave in mine:
        if leave.delegate:
            values: dict[str, object] = {
                "by": display_name(me), "period": "",
                "roles": role_words(act.person.own_roles),
            }  # fmt: skip
            letters.append(to_staff("delegated", leave.delegate, values, None))
    why = f"{me.email} ends a delegation"
    return Decision(why, act.about, letters=tuple(letters), leaves=ended)


def role_words(roles: frozenset[Role]) -> str:
    """Roles as people call them."""
    names = {
        Role.REVIEWER: "revisión (Comunicación Interna)",
        Role.APPROVER: "aprobación (Dirección General)",
        Role.PROVISIONER: "creación de listas (Plataforma Tecnológica)",
    }
    return " y ".join(words for role, words in names.items() if role in roles)
