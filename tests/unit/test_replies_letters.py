"""Every letter of the core renders, and the samples have the values that it gives."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

import replies
from bot.lists.register import ListEntry
from bot.mail.compose import write
from bot.workflow.case import Case, Move, Ruling, State
from bot.workflow.commands.talk import help_lines
from bot.workflow.context import Reading
from bot.workflow.inbound import decide
from bot.workflow.leave import Leave
from bot.workflow.notification import Letter
from bot.workflow.notifications.mails import (
    accepted,
    alarm,
    command_result,
    confirm,
    decided,
    form,
    guidance,
    list_ready,
    question,
    received,
    rejected,
    status,
)
from bot.workflow.notifications.notices import notices, remark
from bot.workflow.notifications.updates import (
    Change,
    answer,
    answer_to,
    noted,
    responsibility,
    updated,
    withdrawn,
)
from bot.workflow.schedule import notifications as timetable
from bot.workflow.schedule.weekly import summary_letter
from nlp.types import Intent, Order
from tests.builders import (
    ADMIN,
    ANA,
    APPROVER,
    HOUSE,
    NOW,
    REVIEWER,
    case,
    full_form,
    mail,
    notice,
    situation,
)

CALLERS = frozenset((
    "to_name", "folio", "mailbox_name", "mailbox_address", "guidelines_url", "reply_to",
    "reply_addresses",
))  # fmt: skip
RULING = Ruling(
    Move.REJECTED,
    "rodrigo@upaep.mx",
    NOW,
    NOW + dt.timedelta(minutes=10),
    State.REVIEW,
    "Repetida.",
)


def letters() -> list[Letter]:
    complete = case(ruling=RULING, due_on=NOW.date())
    partial = case(State.INCOMPLETE, form=full_form("position", "area", "list_name"))
    bare = case(State.INCOMPLETE, form=full_form(*(f.name for f in HOUSE.form.fields)))
    before = case(form=full_form("sponsor"))
    order = Order("reject", "no procede")
    return [
        form(HOUSE, partial, ("formato.pdf tiene contraseña",)),
        form(HOUSE, bare, first=False),
        received(HOUSE, complete),
        received(HOUSE, bare, corrected=True),
        accepted(HOUSE, complete),
        rejected(HOUSE, complete),
        list_ready(HOUSE, complete, "avisos@upaep.mx"),
        question(complete, "¿Cuántos?"),
        status(HOUSE, mail(), (complete, partial)),
        *(guidance(mail(), intent) for intent in Intent),
        *remark(HOUSE, mail("x" * 5000), "contestó", complete),
        *remark(HOUSE, mail(senders=()), "no se sabe quién", None),
        command_result(REVIEWER, mail(), "Hecho.", ("Una línea.",), case=complete, key=True),
        command_result(REVIEWER, mail(), "No.", done=False, offer=help_lines()),
        confirm(REVIEWER, mail(), complete, order, "RECHAZAR no procede"),
        *decided(HOUSE, complete, REVIEWER, "rechazó la solicitud", [APPROVER]),
        *alarm(HOUSE, "Algo falla", ("Una línea.",)),
        *notices(HOUSE, complete),
        *notices(HOUSE, complete, before, "El área corrigió su solicitud."),
        *notices(HOUSE, replace(complete, state=State.APPROVAL)),
        *notices(HOUSE, replace(complete, state=State.PROVISIONING)),
        *of_the_timetable(complete, partial),
        *of_orders(complete),
    ]


def of_orders(complete: Case) -> list[Letter]:
    away = HOUSE.on(NOW.date(), (Leave(REVIEWER.address.email, NOW.date(), NOW.date(), ANA),))
    lists = tuple(replace(complete, folio=f"CI-2021-{n:04d}") for n in range(70))
    delegation = mail("DELEGAR ana.prado@upaep.mx hasta el 3 de septiembre", REVIEWER.address)
    key = notice(REVIEWER)
    orders = (
        Order("list"), Order("delegate", "ana.prado@upaep.mx hasta el 3 de septiembre"),
        Order("delegate", "nadie"),
    )  # fmt: skip
    done = [
        decide(situation(delegation, house=away, others=lists, notice=key, case=complete,
                         reading=Reading((order,))))
        for order in orders
    ]  # fmt: skip
    return [
        answer(complete, "Sí."),
        answer_to(mail(), "No."),
        noted(complete, "Se reabrió", "Una línea.", quote="por error"),
        withdrawn(complete),
        updated(complete, (Change("Área", "Rectoría"), Change("Cargo", "Jefa", "Jefe"))),
        *responsibility(HOUSE, complete),
        confirm(REVIEWER, mail(), None, Order("delegate", "x"), "DELEGAR x"),
        *(letter for one in done for letter in one.letters),
    ]


def of_the_timetable(complete: Case, partial: Case) -> list[Letter]:
    today = NOW.date() + dt.timedelta(days=9)
    entry = ListEntry("avisos", "avisos@upaep.mx", end_date=today, responsible_email="e@upaep.mx",
                      audience=("students",), frequency="weekly")  # fmt: skip
    weekly = summary_letter(HOUSE, REVIEWER, (complete, partial), {}, (entry,), today)
    assert weekly is not None
    return [
        timetable.area_reminder(HOUSE, partial),
        timetable.expired(HOUSE, partial, 15),
        timetable.staff_reminder(HOUSE, complete, REVIEWER, today),
        timetable.escalation(HOUSE, complete, ADMIN, (REVIEWER,), today),
        timetable.digest(HOUSE, REVIEWER, (complete,) * 14, today, 2, 1),
        timetable.digest(HOUSE, ADMIN, (), today, 1),
        timetable.renewal(entry, today, ""),
        weekly,
    ]


@pytest.mark.parametrize("letter", letters(), ids=lambda letter: letter.template)
def test_a_letter_renders_and_its_sample_has_its_values(letter: Letter) -> None:
    written = write(letter, HOUSE, NOW)
    assert written.subject
    folder = Path(replies.__file__).parent / letter.template
    for path in folder.glob("sample*.yaml"):
        sample = yaml.safe_load(path.read_text(encoding="utf-8"))
        assert set(sample) <= set(letter.values) | CALLERS


def test_every_reply_is_written_by_some_letter() -> None:
    folders = {p.parent.name for p in Path(replies.__file__).parent.glob("*/subject.txt.j2")}
    assert {letter.template for letter in letters()} == folders
