"""`report`: every figure is counted again from the rows of the database."""

from __future__ import annotations

import csv
import datetime as dt
import io
import random
import re
import sqlite3
from contextlib import closing
from dataclasses import replace
from email import message_from_bytes, policy
from pathlib import Path
from statistics import median
from types import MappingProxyType

import pytest
from typer.testing import CliRunner, Result

from bot.cli import report
from bot.cli.app import app
from bot.config.load import load
from bot.config.organization import organization_of
from bot.report.figures import figures
from bot.report.monthly import monthly_reports
from bot.runtime.scheduler import Scheduler
from bot.store import Store
from bot.workflow.calendar import ClosedDays, business_hours_between
from bot.workflow.case import Case, Decision, Event, Move, State
from bot.workflow.lifecycle import OutboxStatus
from nlp.types import Extraction
from tests.rig.samples import a_case, a_notification
from tests.rig.zone import ZONE

AREAS = ("Biblioteca Central", "Posgrado", "Deportes <b>y</b> Cultura")
AUDIENCES = (("students",), ("staff",), ("students", "parents"))
REASONS = ("Ya existe la lista.", "Falta el visto bueno.")
MONDAY = dt.datetime(2026, 3, 2, 10, tzinfo=ZONE)
OFFICE = (dt.time(9), dt.time(18))
DAY = dt.timedelta(days=1)
LETTER = re.compile(r"<t[dh][^>]*>(.*?)</t[dh]>")


def put(store: Store, case: Case, *events: tuple[str, dt.datetime]) -> None:
    with store.work() as work:
        work.cases.save(case, opens=True)
        for what, at in events:
            work.events.append(case.folio, Event(what, "ana@upaep.mx", what, 1), at)


def a_course(chance: random.Random, number: int) -> tuple[Case, list[tuple[str, dt.datetime]]]:
    """A case of some area in some state, and what happened in it."""
    opened = MONDAY + dt.timedelta(hours=chance.randrange(24 * 120))
    case = a_case(f"CI-2026-{number:04d}", chance.choice(AREAS))
    form = {**case.form, "audience": Extraction(chance.choice(AUDIENCES), "text", "")}
    case = replace(case, opened_at=opened, updated_at=opened, form=MappingProxyType(form))
    at = opened + dt.timedelta(minutes=chance.randrange(6000))
    events = [("opened", opened), ("complete", at)]
    decided = at + dt.timedelta(minutes=chance.randrange(20_000))
    move = chance.choice((Move.APPROVED, Move.REJECTED, None))
    if move is None:
        return replace(case, state=State.REVIEW), events
    if chance.random() < 0.2:
        events += [(str(move), decided), ("undone", decided + dt.timedelta(minutes=3))]
        decided += DAY
    events.append((str(move), decided))
    reason = chance.choice(REASONS) if move is Move.REJECTED else ""
    decision = Decision(move, "r@upaep.mx", decided, decided, State.REVIEW, reason)
    state = State.REJECTED if reason else State.PROVISIONING
    if not reason and chance.random() < 0.5:
        events.append(("provisioned", decided + DAY))
        state = State.CLOSED
    return replace(case, state=state, decision=decision), events


@pytest.fixture
def config(tmp_path: Path) -> Path:
    staff = "[{name: R, email: r@upaep.mx, roles: [reviewer, approver, provisioner, admin]}]"
    file = tmp_path / "config.yaml"
    file.write_text(f"database: {{url: 'sqlite:///bot.db'}}\nstaff: {staff}\n", "utf-8")
    chance = random.Random(7)
    with Store.open(f"sqlite:///{tmp_path}/bot.db") as store:
        for number in range(1, 121):
            case, events = a_course(chance, number)
            put(store, case, *events)
    return file


def bot(config: Path, *arguments: str) -> Result:
    result = CliRunner().invoke(app, ["--config", str(config), "report", *arguments])
    assert result.exit_code == 0, result.output
    return result


def rows(config: Path, *arguments: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(bot(config, "--csv", *arguments).stdout)))


def histories(config: Path) -> dict[str, list[tuple[str, dt.datetime]]]:
    """The events, read past all code of ours."""
    ask = "SELECT folio, what, at FROM event ORDER BY folio, number"
    found: dict[str, list[tuple[str, dt.datetime]]] = {}
    with closing(sqlite3.connect(config.parent / "bot.db")) as database:
        for folio, what, at in database.execute(ask):
            moment = dt.datetime.fromisoformat(at).replace(tzinfo=dt.UTC).astimezone(ZONE)
            found.setdefault(folio, []).append((what, moment))
    return found


def minutes_of_the_office(start: dt.datetime, end: dt.datetime) -> float:
    """Counted minute by minute."""
    closed = ClosedDays("MX")
    count, at = 0, start
    while at < end:
        day = at.date()
        count += 9 <= at.hour < 18 and day.weekday() < 5 and day not in closed
        at += dt.timedelta(minutes=1)
    return count / 60


def test_every_line_is_what_the_history_says(config: Path) -> None:
    told = {row["folio"]: row for row in rows(config)}
    kept = histories(config)
    assert set(told) == set(kept)
    for folio, history in kept.items():
        decision, last, done = "", None, False
        for what, at in history:
            if what in ("approved", "rejected"):
                decision, last, done = what, at, False
            if what == "undone":
                decision, last = "", None
            done = done or (what == "provisioned" and bool(decision))
        assert told[folio]["decision"] == decision
        assert told[folio]["done"] == str(done)
        if last is None:
            assert told[folio]["hours"] == ""
        else:
            complete = next(at for what, at in history if what == "complete")
            assert float(told[folio]["hours"]) == pytest.approx(
                minutes_of_the_office(complete, last), abs=0.02
            )


def test_the_page_adds_them_up(config: Path) -> None:
    page = config.parent / "informe.html"
    bot(config, "--to", str(page))
    text, told = page.read_text("utf-8"), rows(config)
    hours = [float(row["hours"]) for row in told if row["hours"]]
    kept = [row["in_time"] == "True" for row in told if row["in_time"]]
    cells = re.findall(r"<dd>(.*?)</dd>", text)
    assert cells[:4] == [
        str(len(told)),
        *(str(sum(r["decision"] == what for r in told)) for what in ("approved", "rejected", "")),
    ]
    assert cells[4] == f"{median(hours):.1f} h"
    assert cells[6] == f"{100 * sum(kept) / len(kept):.0f} %"
    lines = {cell[0]: cell for line in text.split("<tr>") if (cell := LETTER.findall(line))}
    for area in AREAS[:2]:
        own = [row for row in told if row["area"] == area]
        assert lines[area][1] == str(len(own))
        assert lines[area][2] == str(sum(row["decision"] == "approved" for row in own))
    for month in ("2026-03", "2026-05"):
        assert lines[month][1] == str(sum(row["opened_on"].startswith(month) for row in told))
    for reason in REASONS:
        assert lines[reason][1] == str(sum(row["reason"] == reason for row in told))
    assert page.stat().st_mode & 0o777 == 0o600


def test_the_page_counts_what_was_sent_and_what_was_only_observed(config: Path) -> None:
    page, ends = config.parent / "informe.html", ["sent", "sent", "observed", "sent", "observed"]
    with Store.open(f"sqlite:///{config.parent}/bot.db") as store, store.work() as work:
        for number, status in enumerate(ends):
            mail = replace(a_notification(number), status=OutboxStatus(status))
            work.outbox.queue(mail, MONDAY)
    bot(config, "--to", str(page))
    (line,) = (line for line in page.read_text("utf-8").split("<tr>") if "Formularios" in line)
    assert LETTER.findall(line) == ["Formularios enviados a las áreas", "3", "2"]


def test_the_page_fetches_and_runs_nothing(config: Path) -> None:
    page = config.parent / "informe.html"
    bot(config, "--to", str(page))
    text = page.read_text("utf-8")
    assert not re.search(r"<script|<b>y|\b(?:src|href)=(?![\"']?#)|url\((?!#)|@import", text)
    assert "Deportes &lt;b&gt;y&lt;/b&gt; Cultura" in text


def test_a_period_is_kept_to(config: Path) -> None:
    april = rows(config, "--since", "2026-04-01", "--until", "2026-04-30")
    assert april
    assert {row["opened_on"][:7] for row in april} == {"2026-04"}
    assert april == [row for row in rows(config) if row["opened_on"].startswith("2026-04")]


def test_a_place_that_cannot_be_written_is_told(config: Path) -> None:
    result = CliRunner().invoke(app, ["--config", str(config), "report", "--to", "/nowhere/x.html"])
    assert result.exit_code == 1
    assert "/nowhere/x.html: No such file or directory" in result.stderr


def test_no_request_is_no_trouble() -> None:
    empty = figures((), (), MONDAY.date())
    assert empty.total.received == 0
    assert empty.total.median_hours is None


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        (MONDAY, MONDAY + dt.timedelta(hours=2), 2.0),
        (MONDAY, MONDAY + DAY, 9.0),
        (MONDAY - DAY, MONDAY, 1.0),
        (MONDAY.replace(hour=20), MONDAY.replace(hour=23), 0.0),
        (MONDAY + DAY, MONDAY, 0.0),
        (MONDAY.replace(day=13), MONDAY.replace(day=17), 9.0 - 1 + 1),  # the 16th is a day off
    ],
)
def test_hours_of_the_office(start: dt.datetime, end: dt.datetime, hours: float) -> None:
    assert business_hours_between(start, end, OFFICE, ClosedDays("MX")) == hours


def with_director(config: Path) -> Path:
    config.write_text(config.read_text("utf-8").replace("admin]", "admin, director]"), "utf-8")
    return config


def test_last_month_goes_to_the_director_with_its_page(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    april = dt.datetime(2026, 4, 1, 8, 30, tzinfo=ZONE)
    monkeypatch.setattr(report, "wall_clock", lambda _: lambda: april)
    bot(with_director(config), "--mail")
    in_march = [row for row in rows(config) if row["opened_on"].startswith("2026-03")]
    approved = sum(row["decision"] == "approved" for row in in_march)
    with Store.open(f"sqlite:///{config.parent}/bot.db") as store:
        (queued,) = store.outbox.list()
        mail = message_from_bytes(store.outbox.raw(queued.id) or b"", policy=policy.default)
    assert queued.recipients == ("r@upaep.mx",)
    text = mail.get_body(("plain",)).get_content().splitlines()
    assert mail["Subject"].startswith(f"Informe de marzo de 2026: {len(in_march)} recibidas")
    assert f"Recibidas: {len(in_march)}" in text
    assert f"Aprobadas: {approved}" in text
    (page,) = mail.iter_attachments()
    assert page.get_filename() == "informe-2026-03.html"
    assert "del 1 de abril de 2025 al 31 de marzo de 2026" in page.get_content()


def test_where_nobody_directs_that_is_told(config: Path) -> None:
    done = CliRunner().invoke(app, ["--config", str(config), "report", "--mail"])
    assert done.exit_code == 2
    assert "director" in done.output


def test_the_timetable_mails_the_report_once_a_month(config: Path) -> None:
    organization = organization_of(load(with_director(config)))
    with Store.open(f"sqlite:///{config.parent}/bot.db") as store:
        for days in range(0, 75, 5):
            now = dt.datetime(2026, 2, 27, 12, tzinfo=ZONE) + days * DAY
            Scheduler(store, organization, lambda now=now: now, monthly_reports).run_due()
        reports = [m for m in store.outbox.list() if m.template == "report"]
    told = [organization.day(m.created_at) for m in reports]
    assert told == [dt.date(2026, 3, 4), dt.date(2026, 4, 3), dt.date(2026, 5, 8)]
