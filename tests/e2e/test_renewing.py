"""What goes on after a long time: a list's period ends, an expired request is taken up again."""

import json
from typing import Any

from tests.e2e.requests import FULL, PROSE, REST
from tests.rig.office import (
    APPROVER,
    AREA,
    PROVISIONER,
    REVIEWER,
    HandClock,
    Office,
    in_process,
)
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
        folio = through(closed, 2, KEPT)
        closed.reply(dropped, "BAJA")
        assert "Dar de baja" in closed.mail("review", REVIEWER, after=3).text
        other = through(closed, 3, DROPPED)

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
