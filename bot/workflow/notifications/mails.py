"""The letters that the core asks for: one function a reply, its values spelled out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.workflow.calendar import clock_time, long_date
from bot.workflow.case import Case, State
from bot.workflow.followers import has_new_responsible
from bot.workflow.message import Address, Incoming
from bot.workflow.notification import Letter, NoticeFor
from bot.workflow.notifications.present import Row, is_correction, missing_rows, rows, verb
from bot.workflow.organization import House, Person, Role
from nlp.types import Intent, Order


@dataclass(frozen=True, slots=True)
class OrderLine:
    """An order as offered: what to write, what it does, and whether a text must follow.

    Orders that do not change anything (`changes`) only look something up.
    """

    text: str
    help: str
    needs_text: bool = False
    changes: bool = True


# --- to the area ------------------------------------------------------------------------------


def form(
    house: House,
    case: Case,
    problems: tuple[str, ...] = (),
    *,
    first: bool = True,
    news: bool = False,
) -> Letter:
    """Asks for what is missing; `problems` are attachments that could not be read.

    `news`: the area has just filled something in, so that this asks for less than the one before.
    """
    values = {
        "rows": rows(house.form, case),
        "first": first,
        "missing": missing_rows(house.form, case),
        "known": tuple(r for r in rows(house.form, case) if r.value),
        "problems": problems,
        "verb": verb(case),
    }
    return replace(to_area("form", case, values), with_form=True, news=news)


def received(house: House, case: Case, *, corrected: bool = False) -> Letter:
    """Says that the request is complete, and by when it is answered; each time it comes to that."""
    values = summary(house, case) | {"corrected": corrected}
    return replace(to_area("received", case, values), news=True)


def accepted(house: House, case: Case) -> Letter:
    """The acceptance, once it can no longer be undone.

    Its conditions are what staff corrected in the form.
    """
    corrected = tuple(
        row for row in rows(house.form, case)
        if row.name in case.form and is_correction(case.form[row.name])
    )  # fmt: skip
    values = summary(house, case) | {
        "conditions": corrected,
        "accepts": has_new_responsible(case),
    }
    return held(to_area("accepted", case, values), case)


def rejected(house: House, case: Case) -> Letter:
    """The rejection with its reason, once it can no longer be undone."""
    reason = case.ruling.reason if case.ruling else ""
    return held(to_area("rejected", case, summary(house, case) | {"reason": reason}), case)


def list_ready(house: House, case: Case, address: str) -> Letter:
    """Tells the area that its list exists, and the rules that come with it."""
    letter = to_area("list_ready", case, summary(house, case) | {"address": address})
    return replace(letter, automatic=False)


def question(case: Case, text: str) -> Letter:
    """A question of staff, relayed."""
    return replace(to_area("question", case, {"question": text}), automatic=False)


def status(house: House, to: Incoming, cases: tuple[Case, ...]) -> Letter:
    """How the sender's own requests stand: news each time, whoever asks again wants to know."""
    lines = tuple(
        {
            "folio": c.folio,
            "area": str(c.form["area"].value) if "area" in c.form else "",
            "state": state_words(c, house),
            "missing": tuple(r.label for r in missing_rows(house.form, c)),
        }
        for c in cases
    )
    return replace(_answer("status", to, {"cases": lines}), news=True)


def guidance(to: Incoming, intent: Intent) -> Letter:
    """How to ask, and where the guidelines are."""
    return _answer("guidance", to, {"intent": str(intent)})


# --- to staff ---------------------------------------------------------------------------------


def command_result(
    person: Person,
    incoming: Incoming,
    title: str,
    lines: tuple[str, ...] = (),
    *,
    done: bool = True,
    case: Case | None = None,
    offer: tuple[OrderLine, ...] = (),
    key: bool = False,
) -> Letter:
    """What came of an order: what was done, what comes next, what else can be said.

    With `key` the answer carries a fresh capability for the case as it stands now.
    """
    values: dict[str, object] = {
        "title": title,
        "lines": lines,
        "done": done,
        "orders": offer,
        "undo_until": undo_words(case) if case and key and done else "",
    }
    letter = to_staff("command_result", person.address, values, case)
    if key and case:
        notice = NoticeFor(person.address.email, case.state, case.version)
        letter = replace(letter, notice=notice)
    return replace(letter, in_reply_to=incoming.message_id, references=(incoming.message_id,))


def confirm(
    person: Person, incoming: Incoming, case: Case | None, order: Order, says: str
) -> Letter:
    """Asks the registered address whether an order that came without a key is really meant."""
    values: dict[str, object] = {"order": says, "argument": order.argument or ""}
    letter = to_staff("confirm", person.address, values, case)
    stage, version = (case.state, case.version) if case else ("", 0)
    return replace(letter, notice=NoticeFor(person.address.email, stage, version, order))


def decided(
    house: House, case: Case, by: Person, what: str, others: Iterable[Person]
) -> tuple[Letter, ...]:
    """Tells everybody else concerned who decided what, once each."""
    people = {p.address.email: p for p in others if p.address.email != by.address.email}
    values: dict[str, object] = {"by": display_name(by.address), "what": what}
    return tuple(to_staff("decided", p.address, values, case) for p in people.values())


def alarm(house: House, title: str, lines: tuple[str, ...]) -> tuple[Letter, ...]:
    """Something an administrator must look at."""
    values: dict[str, object] = {"title": title, "lines": lines}
    return tuple(to_staff("alarm", p.address, values, None) for p in house.with_role(Role.ADMIN))


# --- parts ------------------------------------------------------------------------------------


def state_words(case: Case, house: House) -> str:
    """A state as the area may read it."""
    changes = case.intent is Intent.CHANGE_LIST
    match case.state:
        case State.INCOMPLETE:
            return "esperamos los datos que faltan"
        case State.REVIEW:
            return "en revisión por Comunicación Interna"
        case State.APPROVAL:
            return "en aprobación por la Dirección General"
        case State.PROVISIONING:
            making = "se está haciendo el cambio" if changes else "se está creando la lista"
            return f"aceptada; {making}"
        case State.CLOSED:
            return "aceptada y hecha" if changes else "aceptada; la lista está lista"
        case State.REJECTED:
            return "no fue aceptada"
        case State.WITHDRAWN:
            return f"unida a {case.merged_into}" if case.merged_into else "retirada por ustedes"
        case State.EXPIRED:
            return "cerrada por falta de respuesta"


def undo_words(case: Case) -> str:
    """Until when the case's ruling can be undone: "las 14:05 h", or the empty string."""
    ruling = case.ruling
    if ruling is None or ruling.goes_out_at <= ruling.at:
        return ""
    return f"las {clock_time(ruling.goes_out_at)}"


def summary(house: House, case: Case, before: Case | None = None) -> dict[str, object]:
    """What most letters say of a case."""
    return {
        "rows": _shown(rows(house.form, case, before), case),
        "requester": display_name(case.requester),
        "requester_email": case.requester.email,
        "due_on": long_date(case.due_on) if case.due_on else "",
        "opened_on": long_date(case.opened_at.date()),
        "list_name": str(case.form["list_name"].value) if "list_name" in case.form else "",
        "area": str(case.form["area"].value) if "area" in case.form else "",
        "verb": verb(case),
        "reinstatement": case.intent is Intent.REINSTATE_LIST,
        "change": case.intent is Intent.CHANGE_LIST,
        "mail_subject": case.subject,
    }


def _shown(all_rows: tuple[Row, ...], case: Case) -> tuple[Row, ...]:
    """The form as shown; of a change not what the register does not keep and nobody is asked."""
    if case.intent is not Intent.CHANGE_LIST:
        return all_rows
    return tuple(row for row in all_rows if row.value or row.before)


def to_area(template: str, case: Case, values: dict[str, object]) -> Letter:
    return Letter(
        template=template,
        to=case.requester,
        values=values,
        folio=case.folio,
        in_reply_to=case.thread[-1] if case.thread else "",
        references=case.thread,
    )


def _answer(template: str, to: Incoming, values: dict[str, object]) -> Letter:
    if to.sender is None:
        raise ValueError("only a message with one author can be answered")
    return Letter(
        template=template,
        to=to.sender,
        values=values,
        in_reply_to=to.message_id,
        references=(*to.references, to.message_id) if to.message_id else to.references,
    )


def to_staff(template: str, to: Address, values: dict[str, object], case: Case | None) -> Letter:
    """A letter to somebody of the house; no cap holds it back."""
    folio = case.folio if case else ""
    return Letter(template=template, to=to, values=values, folio=folio, automatic=False)


def held(letter: Letter, case: Case) -> Letter:
    """The letter, kept back until the case's decision can no longer be undone."""
    hold = case.ruling.goes_out_at if case.ruling else None
    return replace(letter, hold_until=hold, automatic=False)


def display_name(address: Address) -> str:
    """A person's name, or their address where none is known."""
    return address.name or address.email


def staff_name(house: House, email: str) -> str:
    """A member of staff as they are called; the address of somebody who left."""
    person = house.person(email)
    return display_name(person.address) if person else email
