"""The notifications that the core asks for: one function a reply, its values spelled out."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.workflow.calendar import clock_time, long_date
from bot.workflow.case import Case, State
from bot.workflow.kinds import Check, RequestKind
from bot.workflow.message import Address, ParsedMessage
from bot.workflow.notification import (
    CONFIRM,
    CalendarEntry,
    CaseToken,
    Notification,
    Purpose,
    TokenGrant,
)
from bot.workflow.notifications.days import day_settled, days_gone, days_of
from bot.workflow.notifications.present import Row, is_correction, missing_rows, rows
from bot.workflow.organization import Organization
from bot.workflow.staff import Person, Role
from nlp.types import Command


@dataclass(frozen=True, slots=True)
class Change:
    """A value of the form that was corrected, in words; `before` is empty where there was none."""

    label: str
    value: str
    before: str = ""


@dataclass(frozen=True, slots=True)
class ReadyArgument:
    """A text that is ready to follow a command: its button's `label`, what the button writes, the
    `number` that means the same, and a word on it."""

    number: str
    label: str
    argument: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class CommandHint:
    """A command as offered: what to write, what it does, and whether a text must follow; the
    `argument` that is written with it already, those that are `ready` to be.

    Commands that do not change anything (`changes`) only look something up.
    """

    text: str
    help: str
    needs_text: bool = False
    changes: bool = True
    argument: str = ""
    ready: tuple[ReadyArgument, ...] = ()


@dataclass(frozen=True, slots=True)
class CommandResult:
    """What came of a command, for who gave it: what was done, what comes next, what else can be
    said, and what was `likely` meant; until when a decision can be undone.

    With a `token` the answer carries a fresh capability for the case as it stands now; with
    `case_tokens` for the rows of a mail that numbers cases.
    """

    title: str
    lines: tuple[str, ...] = ()
    done: bool = True
    case: Case | None = None
    offer: tuple[CommandHint, ...] = ()
    likely: CommandHint | None = None
    token: TokenGrant | None = None
    case_tokens: tuple[CaseToken, ...] = ()
    undo_until: str = ""
    calendar: tuple[CalendarEntry, ...] = ()


# --- to the area ------------------------------------------------------------------------------


def form(
    organization: Organization,
    case: Case,
    problems: tuple[str, ...] = (),
    *,
    first: bool = True,
    repeatable: bool = False,
    notes: tuple[str, ...] = (),
    checks: tuple[Check, ...] = (),
) -> Notification:
    """Asks for what is missing; `problems` are attachments that could not be read.

    `notes` answer what was asked beside, or ask which of two fields was meant; `checks` are what
    the area is to know of the kind's rules.

    `repeatable`: the area has just filled something in, so that this asks for less than the last.
    """
    kind = organization.kind(case)
    case = kind.as_told(case)
    all_rows = rows(kind.form, case)
    values = {
        "rows": all_rows,
        "first": first,
        "missing": missing_rows(kind, case),
        "known": tuple(r for r in all_rows if r.value),
        "problems": problems,
        "notes": notes,
        **_to_mend(kind, checks),
        "verb": kind.words(case).verb,
        **about_kind(kind),
    }
    return replace(to_requester("form", case, values), with_form=True, repeatable=repeatable)


def received(
    organization: Organization,
    case: Case,
    *,
    changes: tuple[Change, ...] = (),
    notes: tuple[str, ...] = (),
    checks: tuple[Check, ...] = (),
) -> Notification:
    """Says that the request is complete, and by when it is answered; each time it comes to that.

    After a correction it says what `changes`, and nothing else of the form; `notes` answer what
    was asked beside; `checks` are what the area is to know of the kind's rules.
    """
    case = organization.kind(case).as_told(case)
    answer_by = long_date(case.answer_by) if case.answer_by else ""
    values = summary(organization, case) | {"due_on": answer_by}
    values |= {"changes": changes, "notes": notes} | _to_mend(organization.kind(case), checks)
    return replace(to_requester("received", case, values), repeatable=True)


def accepted(organization: Organization, case: Case) -> Notification:
    """The acceptance, once it can no longer be undone.

    Its conditions are what staff corrected in the form.
    """
    case = organization.kind(case).as_told(case)
    corrected = tuple(
        row for row in rows(organization.kind(case).form, case)
        if row.name in case.form and is_correction(case.form[row.name])
    )  # fmt: skip
    values = summary(organization, case) | {
        "conditions": corrected,
        "accepts": organization.kind(case).has_new_owner(case),
        "proposed": case.requester == organization.mailbox,
    }
    told = replace(to_requester("accepted", case, values), calendar=days_of(organization, case))
    return held(told, case)


def rejected(organization: Organization, case: Case) -> Notification:
    """The rejection with its reason, once it can no longer be undone."""
    case = organization.kind(case).as_told(case)
    reason = case.decision.reason if case.decision else ""
    key = case.decision.reason_key if case.decision else ""
    link = next((one.link for one in organization.reasons if one.key == key), "")
    values = summary(organization, case) | {"reason": reason, "reason_link": link}
    told = to_requester("rejected", case, values)
    return held(replace(told, calendar=days_gone(organization, case)), case)


def question(organization: Organization, case: Case, text: str) -> Notification:
    """A question of staff, relayed."""
    values = {"question": text, **about_kind(organization.kind(case))}
    return replace(to_requester("question", case, values), automatic=False)


def guidance(to: ParsedMessage, intent: str, person: str = "") -> Notification:
    """How to ask, where the guidelines are, and which files could not be read; to who asks for a
    person only that one has been told (`person`)."""
    problems = tuple(a.problem for a in to.attachments if a.problem)
    shown = "person" if person else intent
    return to_writer("guidance", to, {"intent": shown, "person": person, "problems": problems})


# --- to staff ---------------------------------------------------------------------------------


def command_result(
    organization: Organization, person: Person, incoming: ParsedMessage, result: CommandResult
) -> Notification:
    """What came of a person's command, as a mail."""
    token, until, above = result.token, result.undo_until, incoming.message_id
    how = (organization.say("decide.undo_until", until=until),) if until else ()
    values: dict[str, object] = {
        "title": result.title,
        "lines": (*result.lines, *how),
        "done": result.done,
        "commands": result.offer,
        "likely": result.likely,
        "confirmable": bool(result.likely and token and token.waiting),
        "undo_until": until,
    }
    return replace(
        to_staff("command_result", person.address, values, result.case, Purpose.RESULT),
        token=token,
        case_tokens=result.case_tokens,
        calendar=result.calendar,
        in_reply_to=above,
        references=(above,),
    )


def confirm(
    person: Person,
    case: Case | None,
    command: Command,
    says: str,
    *,
    asks: str = "",
    grant: TokenGrant | None = None,
) -> Notification:
    """Asks the registered address whether a command that came without a key is really meant.

    Where `asks` is given it asks that instead, of words that came with one.
    """
    values: dict[str, object] = {
        "command": says, "argument": command.argument or "", "asks": asks
    }  # fmt: skip
    notification = to_staff("confirm", person.address, values, case, Purpose.CONFIRMATION)
    stage, version = (case.state, case.version) if case else ("", 0)
    usual = TokenGrant(person.address.email, stage, version, frozenset({CONFIRM}), (command,))
    return replace(notification, token=grant or usual)


def no_longer_needed(
    organization: Organization, case: Case, by: Address, what: str, at_work: Iterable[Person]
) -> tuple[Notification, ...]:
    """Tells those at work for a case that they need not go on, and by whose word."""
    values: dict[str, object] = {"by": name_and_address(by), "what": what}
    return tuple(
        replace(
            to_staff("decided", one.address, values, case),
            calendar=day_settled(organization, case, one),
        )
        for one in at_work
    )


def alarm(
    organization: Organization, title: str, lines: tuple[str, ...]
) -> tuple[Notification, ...]:
    """Something an administrator must look at."""
    values: dict[str, object] = {"title": title, "lines": lines}
    return tuple(
        to_staff("alarm", p.address, values, None, Purpose.ALARM)
        for p in organization.with_role(Role.ADMIN)
    )


# --- parts ------------------------------------------------------------------------------------


def state_words(case: Case, organization: Organization) -> str:
    """A state as the area may read it."""
    words, joined = organization.kind(case).words(case), case.merged_into
    match case.state:
        case State.PROVISIONING:
            return organization.say("standing.with_provisioner", doing=words.doing)
        case State.CLOSED:
            return words.done
        case State.WITHDRAWN if joined:
            return organization.say("state.joined", folio=joined)
        case state:
            return organization.say(f"state.{state}", folio=joined)


def undo_words(organization: Organization, case: Case) -> str:
    """Until when the case's decision can be undone: "las 14:05 h", or the empty string."""
    decision = case.decision
    if decision is None or decision.goes_out_at <= decision.at:
        return ""
    return organization.say("decide.at", time=clock_time(organization.local(decision.goes_out_at)))


def summary(
    organization: Organization, case: Case, before: Case | None = None
) -> dict[str, object]:
    """What most notifications say of a case."""
    kind = organization.kind(case)
    words = kind.words(case)
    return {
        "rows": _shown(kind, rows(kind.form, case, before), case),
        "requester": display_name(case.requester),
        "requester_email": case.requester.email,
        "due_on": long_date(case.due_on) if case.due_on else "",
        "opened_on": long_date(organization.day(case.opened_at)),
        "name": words.name,
        "area": words.area,
        "verb": words.verb,
        "intent": str(case.intent),
        **about_kind(kind),
        "mail_subject": case.subject,
    }


def about_kind(kind: RequestKind) -> dict[str, object]:
    """What a reply must know of the kind of request it speaks of."""
    return {"kind": kind.name, "thing": kind.noun}


def _to_mend(kind: RequestKind, checks: tuple[Check, ...]) -> dict[str, object]:
    """The checks, and the labels that an answer to those that fail is written with."""
    fields = dict.fromkeys(name for check in checks if not check.passed for name in check.fields)
    return {"checks": checks, "to_mend": tuple(kind.form[name].label for name in fields)}


def _shown(kind: RequestKind, all_rows: tuple[Row, ...], case: Case) -> tuple[Row, ...]:
    """The form as shown; where only a part of it is asked for, not what is empty."""
    topic = kind.topic(case.intent)
    if topic is None or topic.asks is None:
        return all_rows
    return tuple(row for row in all_rows if row.value or row.before)


def to_requester(template: str, case: Case, values: dict[str, object]) -> Notification:
    return Notification(
        template=template,
        to=case.requester,
        values=values,
        folio=case.folio,
        in_reply_to=case.thread[-1] if case.thread else "",
        references=case.thread,
    )


def to_writer(template: str, to: ParsedMessage, values: dict[str, object]) -> Notification:
    if to.sender is None:
        raise ValueError("only a message with one author can be answered")
    return Notification(
        template=template,
        to=to.sender,
        values=values,
        in_reply_to=to.message_id,
        references=(*to.references, to.message_id) if to.message_id else to.references,
    )


def to_staff(
    template: str,
    to: Address,
    values: dict[str, object],
    case: Case | None,
    purpose: Purpose = Purpose.ORDINARY,
) -> Notification:
    """A notification to somebody of the organization; no cap holds it back."""
    folio = case.folio if case else ""
    return Notification(template, to, values, folio, automatic=False, purpose=purpose)


def held(notification: Notification, case: Case) -> Notification:
    """The notification, kept back until the case's decision can no longer be undone."""
    hold = case.decision.goes_out_at if case.decision else None
    return replace(notification, hold_until=hold, automatic=False)


def display_name(address: Address) -> str:
    """A person's name, or their address where none is known."""
    return address.name or address.email


def name_and_address(address: Address) -> str:
    """The same of somebody not of the staff: the name that stands in a mail is of their choice."""
    return f"{address.name} ({address.email})" if address.name else address.email


def staff_name(organization: Organization, email: str) -> str:
    """A member of staff as they are called; the address of somebody who left."""
    person = organization.person(email)
    return display_name(person.address) if person else email
