"""Every notification of the core renders, and the samples have the values that it gives."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from email import message_from_bytes
from pathlib import Path

import pytest
import yaml

import replies
from bot.lists.misuse import complaint_told
from bot.lists.notifications import (
    list_ready,
    owner_asked,
    owner_unknown,
    renewal,
    responsibility,
    weekly,
)
from bot.lists.register import ListEntry
from bot.lists.request import ORPHAN
from bot.mail.compose import write
from bot.report.figures import figures
from bot.report.monthly import _values as month_values
from bot.workflow.case import Case, Decision, Inquiry, Move, State
from bot.workflow.commands.grants import case_grant
from bot.workflow.commands.talk import help_lines
from bot.workflow.context import ROWS, Original, ReplyToken
from bot.workflow.inbound import decide
from bot.workflow.inquiries import inquiry_mail
from bot.workflow.lifecycle import OutboxMessage
from bot.workflow.message import Address, HandedOn
from bot.workflow.notification import Notification
from bot.workflow.notifications.mails import (
    CommandResult,
    accepted,
    alarm,
    command_result,
    confirm,
    form,
    guidance,
    no_longer_needed,
    question,
    received,
    rejected,
    to_staff,
)
from bot.workflow.notifications.notices import notices, triage
from bot.workflow.notifications.status import status
from bot.workflow.notifications.updates import (
    WANTED,
    Change,
    answer,
    answer_to,
    noted,
    on_its_way,
    updated,
    withdrawn,
)
from bot.workflow.schedule import notifications as timetable
from bot.workflow.schedule.weekly import weekly_summary
from bot.workflow.staff import Leave
from nlp.types import Command, Intent, NumberedCommand, NumberedCommands, ParsedCommands, Prediction
from tests.builders import (
    ADMIN,
    ANA,
    APPROVER,
    FORM,
    NOW,
    ORGANIZATION,
    REVIEWER,
    asked,
    case,
    context,
    full_form,
    mail,
    notice,
    notifications_of,
)

CALLERS = frozenset((
    "to_name", "institution", "units", "channels", "folio", "mailbox_name", "mailbox_address",
    "guidelines_url", "privacy_url", "reply_to",
    "reply_addresses", "flood", "progress",
))  # fmt: skip
COMPLAINT = mail(
    "Reporto esto.",
    handed_on=(HandedOn(Address("eventos@upaep.mx", "Eventos"), ("a@upaep.mx", "b@upaep.mx")),),
)
DECISION = Decision(
    Move.REJECTED,
    "rodrigo@upaep.mx",
    NOW,
    NOW + dt.timedelta(minutes=10),
    State.REVIEW,
    "Repetida.",
)


def notifications() -> list[Notification]:
    complete = case(decision=DECISION, due_on=NOW.date())
    partial = case(State.INCOMPLETE, form=full_form("position", "area", "list_name"))
    bare = case(State.INCOMPLETE, form=full_form(*(f.name for f in FORM.fields)))
    before = case(form=full_form("sponsor"))
    command = Command("reject", "no procede")
    return [
        form(ORGANIZATION, partial, ("formato.pdf tiene contraseña",)),
        form(ORGANIZATION, bare, first=False),
        received(ORGANIZATION, complete),
        received(ORGANIZATION, bare, changes=(Change("Cargo", "Jefa", "Directora"),)),
        accepted(ORGANIZATION, complete),
        rejected(ORGANIZATION, complete),
        list_ready(ORGANIZATION, complete, "avisos@upaep.mx"),
        question(ORGANIZATION, complete, "¿Cuántos?"),
        status(ORGANIZATION, mail(), (complete, partial), NOW),
        status(ORGANIZATION, mail(), (complete,), NOW),
        *(guidance(mail(), intent) for intent in Intent),
        *complaint_told(context(COMPLAINT)),
        *decide(
            context(
                mail("INVITAR", REVIEWER.address),
                token=notice(
                    REVIEWER,
                    folio="",
                    stage="remark",
                    version=0,
                    message=7,
                    commands=frozenset({"invite"}),
                ),
                staff_commands=ParsedCommands((Command("invite"),)),
                original=Original(7, COMPLAINT, Prediction(Intent.REPORT_MISUSE, 1.0, {})),
            )
        ).notifications,
        *triage(ORGANIZATION, mail("x" * 5000), "contestó", complete),
        *triage(ORGANIZATION, mail(senders=()), "no se sabe quién", None),
        command_result(
            ORGANIZATION,
            REVIEWER,
            mail(),
            CommandResult(
                "Hecho.",
                ("Una línea.",),
                case=complete,
                token=case_grant(ORGANIZATION, REVIEWER, complete),
            ),
        ),
        command_result(
            ORGANIZATION,
            REVIEWER,
            mail(),
            CommandResult("No.", done=False, offer=help_lines(ORGANIZATION)),
        ),
        confirm(REVIEWER, complete, command, "RECHAZAR no procede"),
        *no_longer_needed(ORGANIZATION, complete, ANA, "canceló la solicitud", [APPROVER]),
        *timetable.observed(
            ORGANIZATION,
            ((OutboxMessage("CI-2021-0042", "form", "", (ANA.email,), "", b"", NOW), "Lista"),),
            2,
            NOW.date(),
        ),
        *alarm(ORGANIZATION, "Algo falla", ("Una línea.",)),
        *asked(notices(ORGANIZATION, complete)),
        *asked(notices(ORGANIZATION, complete, before, "El área corrigió su solicitud.")),
        *asked(notices(ORGANIZATION, replace(complete, state=State.APPROVAL))),
        *asked(notices(ORGANIZATION, replace(complete, state=State.PROVISIONING))),
        *of_the_timetable(complete, partial),
        *of_commands(complete),
    ]


def of_commands(complete: Case) -> list[Notification]:
    away = ORGANIZATION.on(
        NOW.date(), (Leave(REVIEWER.address.email, NOW.date(), NOW.date(), ANA),)
    )
    lists = tuple(replace(complete, folio=f"CI-2021-{n:04d}") for n in range(70))
    delegation = mail("DELEGAR ana.prado@upaep.mx hasta el 3 de septiembre", REVIEWER.address)
    key = notice(REVIEWER)
    commands = (
        Command("list"), Command("delegate", "ana.prado@upaep.mx hasta el 3 de septiembre"),
        Command("delegate", "nadie"),
    )  # fmt: skip
    done = [
        decide(context(delegation, organization=away, other_cases=lists, case=complete,
                       token=replace(key, waiting=(command,)),
                       staff_commands=ParsedCommands((Command("confirm"),))))
        for command in commands
    ]  # fmt: skip
    rows = replace(
        context(mail("APROBAR 9", REVIEWER.address), organization=ORGANIZATION),
        token=ReplyToken("r" * 64, "", REVIEWER.address.email, ROWS, 0, frozenset(), NOW),
        numbered=NumberedCommands((NumberedCommand(9, Command("approve")),)),
    )
    return [
        answer(complete, "Sí."),
        inquiry_mail(ORGANIZATION, complete, Inquiry("consent", ANA, "alumnos", NOW)),
        answer_to(mail(), "No."),
        noted(complete, "Se reabrió", "Una línea.", quote="por error"),
        withdrawn(ORGANIZATION, complete),
        on_its_way(complete, "Pasó a la siguiente etapa", "Una línea."),
        updated(complete, (Change("Área", "Rectoría"), Change("Cargo", "Jefa", "Jefe"))),
        *responsibility(ORGANIZATION, complete),
        confirm(REVIEWER, None, Command("delegate", "x"), "DELEGAR x"),
        *decide(rows).notifications,
        *(notification for one in done for notification in notifications_of(one)),
    ]


def of_the_timetable(complete: Case, partial: Case) -> list[Notification]:
    today = NOW.date() + dt.timedelta(days=9)
    entry = ListEntry("avisos", "avisos@upaep.mx", end_date=today, responsible_email="e@upaep.mx",
                      audience=("students",), frequency="weekly")  # fmt: skip
    of_lists = weekly((entry,), ORGANIZATION, today)
    summary = weekly_summary(ORGANIZATION, REVIEWER, (complete, partial), {}, of_lists, today)
    assert summary is not None
    orphan = replace(partial, details={ORPHAN: "e@upaep.mx"})
    assigned = replace(complete, state=State.APPROVAL)
    return [
        timetable.area_reminder(ORGANIZATION, partial),
        timetable.area_reminder(ORGANIZATION, replace(partial, details={WANTED: "¿Cómo le hago?"})),
        timetable.expired(ORGANIZATION, partial, 15),
        timetable.staff_reminder(ORGANIZATION, complete, REVIEWER, today),
        timetable.escalation(ORGANIZATION, complete, ADMIN, (REVIEWER,), today),
        timetable.digest(ORGANIZATION, REVIEWER, (complete,) * 14, today, 2, 1),
        # Assigned to who may only ask: one button a row.
        timetable.digest(ORGANIZATION, REVIEWER, (assigned,) * 2, today),
        timetable.digest(ORGANIZATION, ADMIN, (), today, 1),
        to_staff(
            "report", ADMIN.address, month_values(figures([], (), today), today, ORGANIZATION), None
        ),
        renewal(ORGANIZATION, entry, today),
        owner_asked(ORGANIZATION, orphan),
        owner_unknown(ORGANIZATION, orphan, REVIEWER),
        summary,
    ]


@pytest.mark.parametrize(
    "notification", notifications(), ids=lambda notification: notification.template
)
def test_a_notification_renders_and_its_sample_has_its_values(notification: Notification) -> None:
    written = write(notification, ORGANIZATION, NOW)
    assert message_from_bytes(written.raw)["Subject"]
    folder = Path(replies.__file__).parent / notification.template
    for path in folder.glob("sample*.yaml"):
        sample = yaml.safe_load(path.read_text(encoding="utf-8"))
        assert set(sample) <= set(notification.values) | CALLERS


def test_every_reply_is_written_for_some_notification() -> None:
    folders = {p.parent.name for p in Path(replies.__file__).parent.glob("*/subject.txt.j2")}
    assert {notification.template for notification in notifications()} == folders
