"""What goes on after a long time: a list's period ends, an expired request is taken up again."""

import json
from email.message import EmailMessage
from typing import Any

from icalendar import Calendar

from tests.e2e.requests import FULL, PROSE, REST
from tests.rig.office import (
    APPROVER,
    AREA,
    PROVISIONER,
    REVIEWER,
    HandClock,
    Office,
    compose,
    in_process,
)
from tests.rig.smtp_sink import Received
from tests.rig.system import wait_until

ELVIRA, RAMIRO = "elvira.santoyo@upaep.mx", "ramiro.ledesma@upaep.mx"
KEPT, DROPPED = "novedades-biblioteca@upaep.mx", "novedades-hemeroteca@upaep.mx"
OTHER = FULL.replace("Biblioteca", "Hemeroteca").replace("biblioteca", "hemeroteca")


def through(office: Office, number: int, address: str) -> str:
    """The review of that number (from 0) taken all the way to HECHO; its folio."""
    notice = office.mail("review", REVIEWER, after=number)
    office.reply(notice, "APROBAR")
    office.reply(office.mail("approval", APPROVER, after=number), "APROBAR")
    office.reply(office.mail("provisioning", PROVISIONER, after=number), f"HECHO {address}")
    office.mail("command_result", PROVISIONER, after=number)
    return notice.case


def ics(mail: Received) -> bytes:
    """The calendar file of a mail."""
    parts = (p for p in mail.message.walk() if p.get_content_type() == "text/calendar")
    data = next(parts).get_payload(decode=True)
    assert isinstance(data, bytes)
    return data


def days(mail: Received) -> dict[str, int]:
    """What the calendar file of a mail holds: the SEQUENCE of each UID."""
    found = Calendar.from_ical(ics(mail)).walk("VEVENT")
    return {str(event["uid"]): int(event["sequence"]) for event in found}


def answer_of_a_calendar(sender: str, to: Received) -> EmailMessage:
    """What a calendar program writes back to who published a day."""
    mail = compose(sender, "Aceptado: Responder", "")
    answer = ics(to).replace(b"METHOD:PUBLISH", b"METHOD:REPLY").decode("utf-8")
    mail.add_attachment(answer, subtype="calendar", params={"method": "REPLY"})
    return mail


def register(office: Office) -> dict[str, Any]:
    return {entry["address"]: entry for entry in json.loads(office.bot("lists", "--json").stdout)}


def state(office: Office, folio: str) -> str:
    shown = office.bot("cases", "show", folio, "--json")
    assert shown.returncode == 0, shown.stdout + shown.stderr
    return str(json.loads(shown.stdout)["state"])


def test_asked_before_the_end_one_is_renewed_and_one_is_dropped(
    closed: Office, clock: HandClock
) -> None:
    with in_process(closed, clock):
        closed.write(AREA, "Formato", FULL)
        through(closed, 0, KEPT)
        closed.write(RAMIRO, "Formato", OTHER.replace(ELVIRA, RAMIRO))
        through(closed, 1, DROPPED)
        assert {e["end_date"] for e in register(closed).values()} == {"2028-08-15"}

        clock.set("2028-07-14 17:59")  # a Friday; 30 days before the end is a Sunday
        closed.mail("summary", REVIEWER)
        assert closed.count("renewal") == 0
        clock.set("2028-07-17 09:00")
        kept, dropped = closed.mail("renewal", ELVIRA), closed.mail("renewal", RAMIRO)
        assert KEPT in kept.text
        assert "RENOVAR" in kept.text
        closed.reply(kept, "RENOVAR")
        renewing = closed.mail("review", REVIEWER, after=2)
        assert "Renovar la lista" in renewing.text
        in_calendar, later = days(closed.mail("accepted", AREA)), days(kept)
        assert in_calendar.keys() == later.keys()
        assert all(later[uid] > was for uid, was in in_calendar.items())
        folio = through(closed, 2, KEPT)
        closed.reply(dropped, "BAJA")
        assert "Dar de baja" in closed.mail("review", REVIEWER, after=3).text
        closed.receive(answer_of_a_calendar(REVIEWER, closed.mail("review", REVIEWER, after=3)))
        other = through(closed, 3, DROPPED)
        assert b"METHOD:CANCEL" in ics(closed.mail("accepted", RAMIRO, after=1))

        clock.set("2028-08-08 09:00")  # 7 days before the end there was
        closed.mail("summary", REVIEWER, after=1)
        assert closed.count("renewal") == 2
        clock.set("2029-07-16 09:00")
        closed.mail("renewal", ELVIRA, after=1)
        assert closed.count("renewal") == 3
    assert state(closed, folio) == state(closed, other) == "closed"
    lists = register(closed)
    assert (lists[KEPT]["state"], lists[KEPT]["end_date"]) == ("active", "2029-08-15")
    assert lists[DROPPED]["state"] == "withdrawn"


def test_an_expired_request_is_taken_up_with_what_was_missing(
    closed: Office, clock: HandClock
) -> None:
    first, rest = REST.split("Nombre de la lista")
    with in_process(closed, clock):
        closed.write(AREA, "Lista para la biblioteca", PROSE)
        closed.mail("form", AREA)
        clock.set("2026-09-07 09:10")
        expired = closed.mail("expired", AREA)
        folio = expired.case
        assert state(closed, folio) == "expired"

        clock.set("2026-10-05 11:00")
        closed.reply(expired, first)
        again = closed.mail("form", AREA, after=1)
        assert again.case == folio
        assert state(closed, folio) == "incomplete"

        clock.set("2026-10-06 12:00")
        closed.reply(again, f"Nombre de la lista{rest}")
        notice = closed.mail("review", REVIEWER)
        assert notice.case == folio
        assert "Elvira Santoyo" in notice.text
        closed.reply(notice, "APROBAR")
        assert closed.mail("approval", APPROVER).case == folio
        wait_until(lambda: state(closed, folio) == "approval", "the case went on", 20)
    assert closed.count("expired") == 1
