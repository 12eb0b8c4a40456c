"""Reminders, expiry, digests and summaries through IMAP and SMTP, by a clock that is moved."""

import re
import time
from email.utils import parsedate_to_datetime
from html import unescape
from urllib.parse import unquote

from bot.store import Store
from tests.e2e.requests import FULL, PROSE
from tests.rig.office import (
    ADMIN,
    APPROVER,
    AREA,
    REVIEWER,
    REVIEWER_2,
    HandClock,
    Office,
    in_process,
)
from tests.rig.smtp_sink import Received
from tests.rig.zone import ZONE

QUIET = 0.6  # seconds in which the bot looks at its timetable several times


def body(mail: Received) -> str:
    part = mail.message.get_body(("html",))
    assert part is not None
    return str(part.get_content())


def buttons(mail: Received) -> list[tuple[str, str]]:
    """The address and the text of every mail that a button of this one opens."""
    links = re.findall(r'href="mailto:([^"?]+)\?([^"]*)"', body(mail))
    return [(to, unquote(unescape(rest).partition("body=")[2])) for to, rest in links]


def quiet(office: Office) -> list[str]:
    """The templates of all mail once nothing more comes."""
    time.sleep(QUIET)
    return [m.template for m in office.sink.mails]


def test_an_area_that_does_not_answer(closed: Office, clock: HandClock) -> None:
    with in_process(closed, clock):
        closed.write(AREA, "Lista para la biblioteca", PROSE)
        form = closed.mail("form", AREA)
        clock.set("2026-08-20 08:59")
        assert quiet(closed) == ["form"]
        clock.set("2026-08-20 09:00")
        reminder = closed.mail("reminder", AREA)
        clock.set("2026-08-26 17:59")
        closed.mail("reminder", AREA, after=1)
        clock.set("2026-09-07 09:10")
        expired = closed.mail("expired", AREA)
        clock.set("2026-10-07 09:10")
        assert [t for t in quiet(closed) if t != "summary"] == [
            "form", "reminder", "reminder", "expired",
        ]  # fmt: skip
    lines = [line.strip() for line in reminder.text.splitlines()]
    assert "Cargo:" in lines
    assert "Área solicitante:" not in lines
    assert reminder.case == expired.case == form.case
    assert form.message["Message-ID"] != reminder.message["Message-ID"]
    assert parsedate_to_datetime(str(reminder.message["Date"])).astimezone(ZONE).hour == 9
    assert '"expired"' in closed.bot("cases", "--json").stdout


def test_a_digest_is_answered_with_one_of_its_buttons(closed: Office, clock: HandClock) -> None:
    with in_process(closed, clock):
        closed.write(AREA, "Formato", FULL)
        first = closed.mail("review", REVIEWER)
        closed.write("otra@upaep.mx", "Formato", FULL.replace("Biblioteca", "Hemeroteca"))
        second = closed.mail("review", REVIEWER, after=1)
        clock.set("2026-08-18 08:30")
        digest = closed.mail("digest", REVIEWER)
        closed.mail("digest", REVIEWER_2)
        assert closed.count("digest") == 2
        assert digest.text.index(first.case) < digest.text.index(second.case)
        of_second = [b for b in buttons(digest) if second.case.lower() in b[0]]
        to, text = next(b for b in of_second if b[1] == "APROBAR")
        closed.write(REVIEWER, f"Re: [{second.case}]", text, To=to)
        assert closed.mail("approval", APPROVER).case == second.case
        clock.set("2026-08-19 08:31")
        assert first.case in closed.mail("digest", REVIEWER, after=1).text
        assert second.case in closed.mail("digest", APPROVER).text
        assert second.case not in closed.mail("digest", REVIEWER, after=1).text


def test_restarted_and_asleep(closed: Office, clock: HandClock) -> None:
    with in_process(closed, clock):
        closed.write(AREA, "Formato", FULL)
        closed.mail("review", REVIEWER)
        closed.mail("review", REVIEWER_2)
        clock.set("2026-08-18 08:30")
        closed.mail("digest", REVIEWER_2)
    clock.set("2026-08-18 08:31")
    with in_process(closed, clock):
        quiet(closed)
        assert closed.count("digest") == 2
    clock.set("2026-08-20 11:00")  # slept through two of them
    with in_process(closed, clock):
        closed.mail("digest", REVIEWER_2, after=1)
        clock.set("2026-08-20 11:30")
        quiet(closed)
    assert closed.count("digest", REVIEWER) == closed.count("digest", REVIEWER_2) == 2


def test_an_answer_that_is_late(closed: Office, clock: HandClock) -> None:
    with in_process(closed, clock):
        closed.write(AREA, "Formato", FULL)
        closed.mail("review", REVIEWER)
        clock.set("2026-08-21 09:00")  # due on Monday the 24th
        due = closed.mail("reminder", REVIEWER)
        clock.set("2026-08-25 09:00")
        overdue = closed.mail("reminder", REVIEWER, after=1)
        clock.set("2026-08-26 09:00")
        escalation = closed.mail("escalation", ADMIN)
        clock.set("2026-09-02 09:00")
        closed.mail("escalation", ADMIN, after=1)
        quiet(closed)
        assert (closed.count("reminder", REVIEWER), closed.count("escalation")) == (2, 2)
        closed.write(REVIEWER_2, "", "LISTA atrasadas")
        assert overdue.case in closed.mail("case_list", REVIEWER_2).text
        closed.reply(overdue, "RECHAZAR porque duplica otra lista")
        assert "duplica otra lista" in closed.mail("rejected", AREA).text
    assert "vence" in due.text
    assert "Rodrigo Espino y Valeria Quiroz" in " ".join(escalation.text.split())


def test_days_off_do_not_count_and_an_admin_hands_it_over(closed: Office, clock: HandClock) -> None:
    """Wednesday the 16th is a holiday of Mexico, Friday the 18th one of the university."""
    closed.settings["workflow"]["holidays"] = ["2026-09-18"]
    closed.write_config()
    clock.set("2026-09-14 16:00")
    with in_process(closed, clock):
        closed.write(AREA, "Formato", FULL)
        notice = closed.mail("review", REVIEWER)
        received = " ".join(closed.mail("received", AREA).text.split())
        assert "a más tardar el miércoles 23 de septiembre de 2026" in received
        for day_off in ("2026-09-16 08:31", "2026-09-18 10:00", "2026-09-19 10:00"):
            clock.set(day_off)
            assert not {"digest", "reminder"} & set(quiet(closed))
        closed.reply(notice, f"ASIGNAR {REVIEWER_2}")
        closed.mail("review", REVIEWER_2, after=1)
        clock.set("2026-09-22 09:00")
        assert "vence mañana" in " ".join(closed.mail("reminder", REVIEWER_2).text.split())
        quiet(closed)
        assert closed.count("reminder", REVIEWER) == 0
        clock.set("2026-09-25 09:00")
        escalation = closed.mail("escalation", ADMIN)
        assert "Valeria Quiroz" in escalation.text
        closed.reply(escalation, f"ASIGNAR {REVIEWER}")
        fresh = closed.mail("review", REVIEWER, after=1)
        assert "Guardia le asignó esta solicitud" in fresh.text
        closed.reply(fresh, "APROBAR")
        assert closed.mail("approval", APPROVER).case == notice.case


def test_the_weekly_summary(closed: Office, clock: HandClock) -> None:
    with in_process(closed, clock):
        closed.write(AREA, "Formato", FULL)
        notice = closed.mail("review", REVIEWER)
        closed.reply(notice, "RECHAZAR porque duplica otra lista")
        closed.mail("rejected", AREA)
        clock.set("2026-08-24 08:30")
        summary = closed.mail("summary", REVIEWER)
        closed.mail("summary", REVIEWER_2)
        clock.set("2026-08-25 08:30")
        quiet(closed)
        assert closed.count("summary") == 2
    assert summary.subject.startswith("Resumen de la semana: 1 recibida, 1 respondida")
    assert "█" in summary.text


def test_the_process_itself_keeps_the_timetable(closed: Office) -> None:
    closed.start()
    assert closed.stop() == 0
    with Store.open(closed.settings["database"]["url"]) as store, store.work() as work:
        names = {"summary", f"digest:{REVIEWER}", f"digest:{ADMIN}"}
        assert work.timetable.jobs(names).keys() == names
