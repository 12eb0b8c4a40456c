"""Days for calendars: opened in three programs' parsers, changed and cancelled, never answered."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import ics
import pytest
import vobject
from icalendar import Calendar

from bot.config.load import load
from bot.config.organization import organization_of
from bot.lists.notifications import renewal
from bot.lists.register import ListEntry
from bot.lists.request import REMOVAL
from bot.mail.compose import write
from bot.mail.parsing import read
from bot.workflow.case import Case, State
from bot.workflow.message import ParsedMessage
from bot.workflow.notification import Notification
from bot.workflow.notifications.days import day_settled
from bot.workflow.notifications.mails import accepted, no_longer_needed, rejected
from bot.workflow.notifications.notices import notices
from bot.workflow.organization import Organization
from bot.workflow.schedule.notifications import staff_reminder
from bot.workflow.screening.rules import screen
from nlp.types import Intent
from tests.builders import (
    ANA,
    APPROVER,
    NOW,
    ORGANIZATION,
    REVIEWER,
    asked,
    case,
    found,
    full_form,
)

END = dt.date(2022, 8, 31)
LATER = NOW + dt.timedelta(days=3)


def accepted_case(name: str = "avisos-biblioteca", **changes: object) -> Case:
    form = {**full_form(), "list_name": found(name), "end_date": found(END)}
    return case(State.PROVISIONING, form=form, **changes)


def files(
    notification: Notification, organization: Organization = ORGANIZATION, now: dt.datetime = NOW
) -> list[EmailMessage]:
    written = write(notification, organization, now)
    mail = email.message_from_bytes(written.raw, policy=email.policy.default)
    assert isinstance(mail, EmailMessage)
    parts = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    return [part for part in parts if isinstance(part, EmailMessage)]


def content(part: EmailMessage) -> bytes:
    data = part.get_payload(decode=True)
    assert isinstance(data, bytes)
    return data


def events(notification: Notification, now: dt.datetime = NOW) -> dict[str, dict[str, object]]:
    """What stands in its files, by UID."""
    told = {}
    for part in files(notification, now=now):
        calendar = Calendar.from_ical(content(part))
        assert part.get_param("method") == calendar["method"]
        for event in calendar.walk("VEVENT"):
            told[str(event["uid"])] = {
                "method": str(calendar["method"]),
                "sequence": int(event["sequence"]),
                "status": str(event["status"]),
                "start": event.decoded("dtstart"),
                "end": event.decoded("dtend"),
                "title": str(event["summary"]),
            }
    return told


def test_three_parsers_read_the_same_days() -> None:
    (part,) = files(accepted(ORGANIZATION, accepted_case()))
    assert part.get_content_disposition() == "attachment"
    text = content(part).decode("utf-8")
    calendar = Calendar.from_ical(text)
    by_icalendar = {
        str(e["uid"]): (e.decoded("dtstart"), e.decoded("dtend"), str(e["summary"]))
        for e in calendar.walk("VEVENT")
    }
    by_vobject = {
        str(e.uid.value): (e.dtstart.value, e.dtend.value, e.summary.value)
        for e in vobject.readOne(text).vevent_list
    }
    by_ics = {
        e.uid: (e.begin.date(), e.begin.date() + e.duration, e.name)
        for e in ics.Calendar(text).events
    }
    assert by_icalendar == by_vobject == by_ics
    days = sorted((start, end) for start, end, _ in by_icalendar.values())
    day = dt.timedelta(days=1)
    assert days == [(END - 30 * day, END), (END, END + day)]
    assert {title for _, _, title in by_icalendar.values()} == {
        "Termina la vigencia de la lista avisos-biblioteca",
        "Renovar o dar de baja la lista avisos-biblioteca",
    }
    problems = [error for event in calendar.walk("VEVENT") for error in event.errors]
    assert problems == []
    assert all(len(line) <= 75 for line in content(part).split(b"\r\n"))


def test_nobody_is_invited_to_what_is_published() -> None:
    text = content(files(accepted(ORGANIZATION, accepted_case()))[0])
    assert b"METHOD:PUBLISH" in text
    assert b"ATTENDEE" not in text
    assert b"mailto:comunicacion.interna@upaep.mx" in text.replace(b"\r\n ", b"")


def test_a_renewal_moves_the_same_days_and_a_withdrawal_takes_them_out() -> None:
    first = events(accepted(ORGANIZATION, accepted_case()))
    entry = ListEntry(
        "Avisos-Biblioteca", "avisos-biblioteca@upaep.mx", end_date=END.replace(year=2023)
    )
    asked_again = events(renewal(ORGANIZATION, entry, NOW.date()), LATER)
    removal = replace(accepted_case(), intent=Intent.CHANGE_LIST, details={REMOVAL: True})
    gone = events(accepted(ORGANIZATION, removal), LATER + dt.timedelta(minutes=1))
    assert first.keys() == asked_again.keys() == gone.keys()
    for uid in first:
        sequences = [told[uid]["sequence"] for told in (first, asked_again, gone)]
        assert sequences == sorted(set(sequences))  # type: ignore[type-var]
        assert [told[uid]["method"] for told in (first, asked_again, gone)] == [
            "PUBLISH", "PUBLISH", "CANCEL",
        ]  # fmt: skip
        assert gone[uid]["status"] == "CANCELLED"
    assert {told["end"] for told in asked_again.values()} != {
        told["end"] for told in first.values()
    }


def test_the_day_promised_goes_to_staff_follows_a_slip_and_ends_with_the_decision() -> None:
    waiting = case(due_on=dt.date(2021, 8, 23), entered={"review": NOW})
    notice = asked(notices(ORGANIZATION, waiting))[0]
    ((uid, told),) = events(notice).items()
    assert (told["start"], told["method"]) == (dt.date(2021, 8, 23), "PUBLISH")
    assert str(told["title"]).startswith("Responder CI-2021-0042")
    slipped = replace(waiting, promised=dt.date(2021, 8, 26))
    reminder = staff_reminder(ORGANIZATION, slipped, REVIEWER, dt.date(2021, 8, 24))
    assert events(reminder, LATER)[uid]["start"] == dt.date(2021, 8, 26)
    over = replace(slipped, state=State.REJECTED)
    (word,) = no_longer_needed(ORGANIZATION, over, ANA, "la canceló", [REVIEWER])
    assert events(word, LATER)[uid]["method"] == "CANCEL"
    assert day_settled(ORGANIZATION, over, APPROVER) == ()  # it never came to them
    assert day_settled(ORGANIZATION, slipped, REVIEWER) == ()  # it still waits for them


def test_what_was_accepted_and_is_rejected_after_all_is_taken_out() -> None:
    never = rejected(ORGANIZATION, replace(accepted_case(), state=State.REJECTED))
    assert never.calendar == ()
    after_all = replace(accepted_case(entered={"provisioning": NOW}), state=State.REJECTED)
    assert {told["method"] for told in events(rejected(ORGANIZATION, after_all)).values()} == {
        "CANCEL"
    }


def test_switched_off_nothing_goes_along(tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    config.write_text(
        "calendar: {area: false, staff: false}\nstaff:\n"
        "- {name: Una, email: una@upaep.mx, roles: [reviewer, approver, provisioner, admin]}\n"
    )
    off = replace(organization_of(load(config)), staff=ORGANIZATION.staff)
    waiting = case(due_on=NOW.date(), entered={"review": NOW})
    entry = ListEntry("avisos", "avisos@upaep.mx", end_date=END)
    mails = [
        accepted(off, accepted_case()),
        renewal(off, entry, NOW.date()),
        *asked(notices(off, waiting), off),
        *no_longer_needed(
            off, replace(waiting, state=State.WITHDRAWN), ANA, "la canceló", [REVIEWER]
        ),
    ]
    assert [mail.calendar for mail in mails] == [()] * len(mails)


def test_a_name_out_of_a_mail_adds_nothing_to_the_calendar() -> None:
    name = "x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:otro\r\nSUMMARY:a;b,c\\n\x07\u202e"
    (part,) = files(accepted(ORGANIZATION, accepted_case(name)))
    for read_ics in (Calendar.from_ical, vobject.readOne, ics.Calendar):
        read_ics(content(part).decode("utf-8"))
    calendar = Calendar.from_ical(content(part))
    assert len(calendar.walk("VEVENT")) == 2
    assert not any("\x07" in str(e["summary"]) or "\u202e" in str(e["summary"])
                   for e in calendar.walk("VEVENT"))  # fmt: skip


def reply_to_a_calendar(subject: str, kind: str, body: str = "", name: str = "") -> ParsedMessage:
    """What calendar programs write back, from a reviewer."""
    disposition = f'Content-Disposition: attachment; filename="{name}"\n' if name else ""
    raw = f"""From: Rodrigo Espino <{REVIEWER.address.email}>
To: comunicacion.interna@upaep.mx
Subject: {subject}
Message-ID: <answer-1@upaep.mx>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/plain; charset=utf-8

{body}
--b
Content-Type: {kind}
{disposition}
BEGIN:VCALENDAR
METHOD:REPLY
VERSION:2.0
BEGIN:VEVENT
UID:fecha-ci-2021-0042@upaep.mx
SEQUENCE:1
ATTENDEE;PARTSTAT=ACCEPTED:mailto:rodrigo@upaep.mx
DTSTAMP:20210816T160000Z
SUMMARY:Responder CI-2021-0042
END:VEVENT
END:VCALENDAR
--b--
"""
    mail = read(raw.replace("\n", "\r\n").encode())
    assert isinstance(mail, ParsedMessage)
    return mail


@pytest.mark.parametrize(
    "incoming",
    [
        reply_to_a_calendar("Aceptado: Responder CI-2021-0042", "text/calendar; method=REPLY"),
        reply_to_a_calendar(
            "Aceptado: Responder CI-2021-0042", 'text/calendar; method="reply"', "Aceptado", "a.ics"
        ),
        reply_to_a_calendar("Aceptada: Responder CI-2021-0042", "text/calendar", "", "invite.ics"),
        reply_to_a_calendar("Accepted: Responder CI-2021-0042", "application/ics", "", "x.ics"),
        reply_to_a_calendar("Rechazado: Responder CI-2021-0042", "text/calendar; method=REPLY"),
        reply_to_a_calendar("Responder CI-2021-0042", "text/calendar; method=REPLY", "Sí", "r.ics"),
        reply_to_a_calendar("Provisional: Responder CI-2021-0042", "text/calendar"),
    ],
    ids=lambda mail: mail.subject,
)
def test_an_answer_to_a_day_decides_nothing_and_bothers_nobody(incoming: ParsedMessage) -> None:
    screened = screen(incoming, ORGANIZATION)
    assert screened is not None
    assert screened.kind == "calendar"
    assert (screened.relayed, screened.doubtful) == (False, False)
