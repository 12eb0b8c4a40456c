"""What the bot does for people before they ask, through IMAP and SMTP, by a clock that is moved."""

from __future__ import annotations

from tests.e2e.requests import FULL
from tests.rig.office import AREA, REVIEWER, HandClock, Office, in_process


def test_an_area_mends_its_request_before_staff_look_at_it(
    closed: Office, clock: HandClock
) -> None:
    with in_process(closed, clock):
        faulty = FULL.replace("15 de agosto de 2028", "15 de agosto de 2030")
        closed.write(AREA, "Formato", faulty)
        received = closed.mail("received", AREA)
        assert "✗ Vigencia. La vigencia es de 1,095 días" in " ".join(received.text.split())
        closed.reply(received, "Que termine antes:\n\nVigencia (fin): 15 de agosto de 2028")
        mended = closed.mail("received", AREA, after=1)
        assert "✓ Vigencia. La vigencia es de 365 días" in " ".join(mended.text.split())
        assert "✗" not in mended.text
        notice = closed.mail("review", REVIEWER, after=1)
        assert "✓ Vigencia" in notice.text


def test_a_reason_of_the_catalogue_reaches_the_area_whole(closed: Office, clock: HandClock) -> None:
    closed.settings["rejection_reasons"] = [
        {"key": "full", "name": "Saturación", "text": "Se aceptaría con un envío al mes."},
        {"key": "same", "name": "Ya existe", "text": "Pida a Deportes que la comparta."},
    ]
    closed.write_config()
    with in_process(closed, clock):
        closed.write(AREA, "Formato", FULL)
        notice = closed.mail("review", REVIEWER)
        assert "- RECHAZAR 2: Ya existe" in notice.text
        closed.reply(notice, "RECHAZAR 2: La llevan ellos desde mayo.")
        rejected = closed.mail("rejected", AREA)
    told = " ".join(rejected.text.split())
    assert "Pida a Deportes que la comparta. La llevan ellos desde mayo." in told
    report = closed.bot("report", "--csv").stdout
    assert "Ya existe" in report


def test_a_promise_that_slips_is_owned_up_to_and_every_stage_is_told(
    closed: Office, clock: HandClock
) -> None:
    with in_process(closed, clock):
        closed.write(AREA, "Formato", FULL)
        received = closed.mail("received", AREA)
        assert "● Recibida 17 ago · ● Revisión 17 ago · ○ Aprobación · ○ Lista" in received.text
        notice = closed.mail("review", REVIEWER)
        clock.set("2026-08-24 16:00")  # due that day
        slipped = closed.mail("progress", AREA)
        assert "tardará más" in slipped.text
        assert "jueves 27 de agosto de 2026" in " ".join(slipped.text.split())
        clock.set("2026-08-25 17:00")
        closed.reply(notice, "APROBAR")
        moved = closed.mail("progress", AREA, after=1)
        assert "ahora la tiene Dirección General" in " ".join(moved.text.split())
        assert "● Aprobación 25 ago" in moved.text
        assert closed.count("progress", AREA) == 2
