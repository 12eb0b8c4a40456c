"""A change, a renewal or the end of a list: what is said of it, and what the register is told."""

from __future__ import annotations

import datetime as dt
import html
from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from types import MappingProxyType

import pytest

from bot.lists.guidelines import Guidelines, checks
from bot.lists.load import saturation
from bot.lists.provisioning import work_order
from bot.lists.records import KIND
from bot.lists.register import ListEntry, ListState
from bot.lists.request import REGISTER, REMOVAL, has_new_owner
from bot.mail.compose import write
from bot.workflow.calendar import long_date
from bot.workflow.case import Case, State
from bot.workflow.context import Link
from bot.workflow.inbound import decide
from bot.workflow.message import Address
from bot.workflow.notifications.mails import state_words
from bot.workflow.outcome import Outcome
from nlp.types import Command, Extraction, FieldValue, Intent, ParsedCommands, Prediction
from tests.builders import (
    ANA,
    FORM,
    NOW,
    ORGANIZATION,
    PROVISIONER,
    SAY,
    case,
    context,
    found,
    mail,
    notice,
    notifications_of,
    turn,
)

USUAL = Guidelines()
START, END = dt.date(2021, 8, 30), dt.date(2022, 8, 30)
ENTRY = ListEntry(
    "avisos", "avisos@upaep.mx", area="Biblioteca", responsible="Elvira Santoyo",
    responsible_email="elvira.santoyo@upaep.mx", audience=("students",), recipients=450,
    frequency="weekly", start_date=START, end_date=END,
)  # fmt: skip


def change(state: State = State.PROVISIONING, removal: bool = False, **news: FieldValue) -> Case:
    """A case about ENTRY; `news` are the values that its mail gave."""
    known: dict[str, FieldValue] = {
        "area": "Biblioteca", "responsible": "Elvira Santoyo", "email": "elvira.santoyo@upaep.mx",
        "list_name": "avisos", "audience": ("students",), "recipients": 450,
        "frequency": "weekly", "start_date": START, "end_date": END,
    }  # fmt: skip
    form = {n: Extraction(v, REGISTER, "avisos@upaep.mx") for n, v in known.items()}
    form |= {n: Extraction(v, "text", "") for n, v in news.items()}
    made = case(state, form=MappingProxyType(form), details={REMOVAL: removal})
    return replace(made, intent=Intent.CHANGE_LIST)


def done(about: Case, address: str) -> Outcome:
    return decide(
        replace(
            context(mail(f"HECHO {address}", PROVISIONER.address), case=about, link=Link.TOKEN),
            token=notice(PROVISIONER, about.state, folio=about.folio),
            staff_commands=ParsedCommands((Command("done", address),)),
            records={KIND: (ENTRY,)},
        )
    )


def entries(outcome: Outcome) -> list[ListEntry]:
    """What the register is told."""
    return [record for record in outcome.records if isinstance(record, ListEntry)]


def test_a_list_that_moves_leaves_its_old_address() -> None:
    old, new = entries(done(change(), "novedades@upaep.mx"))
    assert (old.key, old.state) == (ENTRY.key, ListState.WITHDRAWN)
    assert "novedades@upaep.mx" in old.note
    assert (new.key, new.state) == ("novedades@upaep.mx", ListState.ACTIVE)


def test_only_the_list_itself_is_withdrawn() -> None:
    assert not done(change(removal=True), "novedades@upaep.mx").records
    (entry,) = entries(done(change(removal=True), "Avisos@upaep.mx"))
    assert (entry.key, entry.state) == (ENTRY.key, ListState.WITHDRAWN)


@pytest.mark.parametrize(
    ("about", "asked"),
    [
        (change(), False),
        (change(end_date=dt.date(2023, 8, 30)), False),
        (change(responsible="Ramiro Ledesma"), True),
        (change(email="ramiro@upaep.mx"), True),
        (change(removal=True, email="ramiro@upaep.mx"), False),
        (case(), True),
    ],
)
def test_only_who_is_new_is_asked_to_accept(about: Case, asked: bool) -> None:
    assert has_new_owner(about) is asked


SECRETS = ("elvira", "santoyo", "450", "semanal", "30 de agosto", "2022", "biblioteca", "novedades")


def asked_by(sender: Address, **changes: object) -> Outcome:
    """Somebody asks to change ENTRY, naming it and saying that 500 are to get it."""
    wanted = {"list_name": Extraction("Avisos", "text", ""), "recipients": found(500)}
    made = context(
        mail("Quiero cambiar la lista Avisos: que llegue a 500.", sender),
        prediction=Prediction(Intent.CHANGE_LIST, 0.99, wanted),
        records={KIND: (replace(ENTRY, folio="CI-2020-0007", purpose="las novedades"),)},
    )
    return decide(replace(made, **changes))  # type: ignore[arg-type]


def told(done: Outcome, to: Address) -> str:
    """The text that somebody reads, in lower case, without the folio."""
    mails = [x for x in done.notifications if x.to == to]
    assert mails
    texts = [message_from_bytes(write(x, ORGANIZATION, NOW).raw, policy=default) for x in mails]
    bodies = [t.get_body(("plain",)) for t in texts] + [t.get_body(("html",)) for t in texts]
    read = " ".join(str(body.get_content()) for body in bodies if body)
    return html.unescape(read).lower().replace("ci-2021-0042", "")


def test_who_does_not_answer_for_a_list_is_told_what_they_wrote_and_no_more() -> None:
    done = asked_by(ANA)
    assert done.case is not None
    assert done.case.form["email"].value == ENTRY.responsible_email  # staff see all of it
    heard = told(done, ANA)
    assert "500" in heard
    day = long_date(done.case.due_on).lower() if done.case.due_on else ""
    assert not [secret for secret in SECRETS if secret in heard.replace(day, "")]
    notes = [str(x.values["note"]) for x in notifications_of(done) if x.template == "review"]
    assert notes
    assert all("no es quien figura como responsable" in note for note in notes)
    (word,) = (x for x in done.notifications if x.to.email == ENTRY.responsible_email)
    assert ANA.email in repr(word.values)
    assert "que llegue a 500" not in repr(word.values)  # none of their words
    then = context(mail("Mejor mensual."), case=done.case, link=Link.THREAD,
                   turn=turn(corrections={"frequency": "monthly"}))  # fmt: skip
    corrected = decide(then)
    assert corrected.case is not None
    assert corrected.case.form["frequency"].value == "monthly"
    heard = told(corrected, ANA)
    assert "mensual" in heard
    assert not [secret for secret in SECRETS if secret in heard.replace(day, "")]


def test_no_responsible_outside_is_written_to() -> None:
    outside = replace(ENTRY, responsible_email="elvira@empresa.example")
    done = asked_by(ANA, records={KIND: (outside,)})
    assert done.opens
    assert not [x for x in done.notifications if x.to.email == outside.responsible_email]


@pytest.mark.parametrize("took_part", [True, False])
def test_who_answers_for_it_or_asked_for_it_is_told_all(took_part: bool) -> None:
    own = case(State.CLOSED, folio="CI-2020-0007")
    responsible = Address(ENTRY.responsible_email, ENTRY.responsible)
    done = asked_by(ANA, cases=(own,)) if took_part else asked_by(responsible)
    assert "semanal" in told(done, ANA if took_part else responsible)
    assert not [x for x in notifications_of(done) if "no es quien figura" in repr(x.values)]


def test_a_change_is_not_asked_for_what_the_register_does_not_keep() -> None:
    today = NOW.date()
    assert [c.name for c in checks(change(), ORGANIZATION, USUAL, today) if not c.passed] == []
    longer = checks(change(end_date=dt.date(2029, 1, 1)), ORGANIZATION, USUAL, today)
    assert [c.name for c in longer if not c.passed] == ["Vigencia"]
    assert checks(change(removal=True), ORGANIZATION, USUAL, today) == ()


def test_the_load_without_a_list() -> None:
    other = replace(ENTRY, name="otra", address="otra@upaep.mx")
    (load,) = saturation(SAY, change(removal=True), (ENTRY, other), FORM)
    assert (load.mailings_per_week_now, load.after) == (2.0, 1.0)


def test_how_it_stands_in_words() -> None:
    assert "cambio" in state_words(change(), ORGANIZATION)
    assert "lista" in state_words(case(State.PROVISIONING), ORGANIZATION)
    joined = replace(case(State.WITHDRAWN), merged_into="CI-2021-0007")
    assert state_words(joined, ORGANIZATION) == "unida a CI-2021-0007"


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("avisos-biblioteca", "avisos-biblioteca@upaep.mx"),
        ("Avisos", "avisos@upaep.mx"),
        ("Avisos@upaep.mx", "avisos@upaep.mx"),
        ("avisos@gmail.com", "avisos@upaep.mx"),
        ("Avisos de la Biblioteca", "la que convenga a «Avisos de la Biblioteca»"),
    ],
)
def test_the_work_order_proposes_an_address(name: str, address: str) -> None:
    about = case(State.PROVISIONING)
    form = {**about.form, "list_name": Extraction(name, "text", "una lista")}
    lines = {
        x.label: x.value
        for x in work_order(ORGANIZATION, USUAL, replace(about, form=MappingProxyType(form)))
    }
    assert lines["Dirección"] == address


def test_the_work_order_of_a_change_has_the_address_of_the_register() -> None:
    lines = {x.label: x.value for x in work_order(ORGANIZATION, USUAL, change())}
    assert lines["Dirección"] == "avisos@upaep.mx"
    assert lines["Quién puede enviar"] == "solo elvira.santoyo@upaep.mx"
    assert {x.label for x in work_order(ORGANIZATION, USUAL, change(removal=True))} == {
        "Dirección",
        "Responsable",
    }


def test_a_new_responsible_who_is_taken_back_leaves_nothing_of_theirs() -> None:
    elvira = Address("elvira.santoyo@upaep.mx", "Elvira Santoyo")
    theirs = {"responsible": found("Ramiro Ledesma"), "email": found("ramiro@upaep.mx"),
              "position": found("Jefe"), "phone_ext": found("7001")}  # fmt: skip
    wanted = {"list_name": Extraction("avisos", "text", ""), **theirs}
    asked = context(
        mail("Cambia el responsable.", elvira), records={KIND: (ENTRY,)},
        prediction=Prediction(Intent.CHANGE_LIST, 0.99, wanted),
    )  # fmt: skip
    first = decide(asked).case
    assert first is not None
    assert has_new_owner(first)
    back = turn(corrections={"responsible": "Elvira Santoyo"})
    then = context(mail("Sigue Elvira.", elvira), case=first, link=Link.THREAD, turn=back)
    last = decide(then).case
    assert last is not None
    assert (last.text("responsible"), last.text("email")) == (ENTRY.responsible, elvira.email)
    assert not {"position", "phone_ext"} & {*last.form}
    assert not has_new_owner(last)


@pytest.mark.parametrize(
    ("name", "at", "kept", "asks"),
    [
        ("Gabriela Sosa", State.REVIEW, True, True),  # shown as not confirmed while people decide
        ("Gabriela Sosa", State.INCOMPLETE, False, False),  # asked for in the form
        ("Elvira Santoyo", State.REVIEW, True, False),
    ],
)
def test_what_belongs_to_who_was_named_before_does_not_stay_silently(
    name: str, at: State, kept: bool, asks: bool
) -> None:
    said = turn(corrections={"responsible": name})
    done = decide(context(mail(name), case=case(at), link=Link.THREAD, turn=said))
    assert done.case is not None
    assert ({"email", "position", "phone_ext"} <= {*done.case.form}) is kept
    words = SAY("requester.not_told", labels="")[:20]
    assert any(words in notice.note for notice in done.notices) is asks
