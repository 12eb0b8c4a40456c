"""A history that cannot be rewritten unseen: an export is checked alone, by an old seal too."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import json
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import text
from typer.testing import CliRunner

from bot.cli.app import app
from bot.runtime.scheduler import Scheduler
from bot.store import Store, events, verifier
from bot.store.verifier import HistoryLine, seal_of
from bot.workflow.case import Event
from bot.workflow.organization import Organization
from tests.builders import ADMIN, ORGANIZATION, REVIEWER, case
from tests.rig.samples import fetched, receive
from tests.rig.zone import ZONE

MONDAY = dt.datetime(2021, 8, 16, 10, 0, tzinfo=ZONE)
DAY = dt.timedelta(days=1)
FOLIOS = ("CI-2021-0001", "CI-2021-0002")


def bot(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["--config", str(folder / "config.yaml"), *arguments])


def add(store: Store, folio: str, what: str, at: dt.datetime) -> None:
    with store.work() as work:
        work.events.append(folio, Event("note", "ana@upaep.mx", what, 1), at)


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """Two cases, each with two lines of Monday and one of Tuesday; a mail of the first."""
    staff = "[{name: R, email: r@upaep.mx, roles: [reviewer, approver, provisioner, admin]}]"
    file = tmp_path / "config.yaml"
    file.write_text(f"database: {{url: 'sqlite:///bot.db'}}\nstaff: {staff}\n", "utf-8")
    with Store.open(f"sqlite:///{tmp_path}/bot.db") as store:
        for _ in FOLIOS:
            with store.work() as work:
                folio = work.cases.take_folio("CI", 2021)
                work.cases.save(case(folio=folio), opens=True)
        for folio in FOLIOS:
            for day, words in ((0, "pide una lista"), (0, "rechazó"), (1, "deshizo: ñandú")):
                add(store, folio, words, MONDAY + day * DAY)
        (message,) = receive(store, fetched(1))
        with store._writing() as connection:
            connection.execute(
                text("UPDATE message SET folio = :folio WHERE id = :id"),
                {"folio": FOLIOS[0], "id": message.id},
            )
    return tmp_path


def exported(office: Path, *what: str, name: str = "out") -> Path:
    folder = office / name
    done = bot(office, "cases", "export", *what, "--to", str(folder))
    assert done.exit_code == 0, done.output
    return folder


@dataclass
class Told:
    """What the verifier says, and how it ends."""

    returncode: int
    stdout: str


def check(folder: Path, *arguments: str) -> Told:
    """The verifier, here in this process; it is the file that is exported."""
    assert (folder / "verify.py").read_bytes() == Path(verifier.__file__).read_bytes()
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        status = verifier.main([str(folder), *arguments])
    return Told(status, said.getvalue())


def digest_of(office: Path, day: dt.datetime) -> tuple[str, str]:
    """The seal that a morning's digest bears, and its moment."""
    with Store.open(f"sqlite:///{office}/bot.db") as store, store.work():
        began = day.replace(hour=0)
        return store.records.seal(began).hash, began.astimezone(dt.UTC).isoformat()


def test_an_export_is_checked_alone(office: Path) -> None:
    whole = exported(office)
    done = subprocess.run(  # by a Python that sees nothing of ours
        [sys.executable, "-I", "-S", str(whole / "verify.py")],
        capture_output=True, text=True, timeout=120, cwd="/",
    )  # fmt: skip
    assert done.stdout == "the history is whole and was not changed\n"
    assert len(list((whole / "mails").glob("*.eml"))) == 1
    one = exported(office, FOLIOS[1].lower(), name="one")
    rows = (one / "events.jsonl").read_text("utf-8").splitlines()
    assert {json.loads(row)["folio"] for row in rows} == {FOLIOS[1]}
    seal, until = digest_of(office, MONDAY + DAY)
    for folder in (whole, one):  # the hashes of the other cases are enough
        assert check(folder, "--seal", seal, "--until", until).returncode == 0
    assert (whole.stat().st_mode | (whole / "events.jsonl").stat().st_mode) & 0o077 == 0


def test_the_verifier_is_short_and_knows_nothing_of_ours() -> None:
    source = Path(verifier.__file__).read_text("utf-8")
    assert len(source.splitlines()) <= 150
    assert "import bot" not in source
    assert "from bot" not in source


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("events.jsonl", "rechaz", "aprob"),
        ("events.jsonl", "2021-08-16", "2021-08-15"),
        ("hashes.tsv", "note", "note\t"),
        ("mails/SHA256SUMS", "CI-2021-0001", "CI-2021-0009"),
    ],
)
def test_a_changed_export_is_noticed(office: Path, name: str, old: str, new: str) -> None:
    folder = exported(office)
    file = folder / name
    file.write_text(file.read_text("utf-8").replace(old, new), "utf-8")
    assert check(folder).returncode == 1


def test_a_line_cut_off_is_noticed(office: Path) -> None:
    folder = exported(office)
    file = folder / "events.jsonl"
    file.write_text("".join(file.read_text("utf-8").splitlines(keepends=True)[:-1]), "utf-8")
    assert "lines 3 to 3 are missing" in check(folder).stdout


def test_a_database_rewritten_whole_is_caught_by_one_old_digest(office: Path) -> None:
    old = {day: digest_of(office, MONDAY + day * DAY) for day in (1, 2)}
    with Store.open(f"sqlite:///{office}/bot.db") as store:
        lines = [(line.event, line.at) for line in store.records.events(FOLIOS[1])]
        lines[1] = (replace(lines[1][0], text="aprobó"), lines[1][1])
        with store._writing() as connection:  # chain, ends and all
            connection.execute(text("DELETE FROM event WHERE folio = :f"), {"f": FOLIOS[1]})
            events.write(connection, FOLIOS[1], lines)
        assert store.records.verify(FOLIOS[1]) == ()
    folder = exported(office)
    assert check(folder).returncode == 0  # by itself it looks whole
    for seal, until in old.values():
        told = check(folder, "--seal", seal, "--until", until)
        assert told.returncode == 1
        assert "was rewritten" in told.stdout


def test_what_comes_later_changes_no_old_seal(office: Path) -> None:
    seal, until = digest_of(office, MONDAY + DAY)
    with Store.open(f"sqlite:///{office}/bot.db") as store:
        add(store, FOLIOS[0], "mañana", MONDAY + 2 * DAY)
        add(store, FOLIOS[0], "un reloj atrasado", MONDAY - DAY)
    assert check(exported(office), "--seal", seal, "--until", until).returncode == 0


def test_what_is_taken_in_from_an_archive_is_of_the_day_it_was_taken_in() -> None:
    old = MONDAY - 300 * DAY
    lines = (
        HistoryLine("CI-2020-0001", 1, old, "opened", "a" * 64),
        HistoryLine("CI-2020-0001", 2, MONDAY, "imported", "b" * 64),
        HistoryLine("CI-2020-0001", 3, MONDAY + DAY, "note", "c" * 64),
    )
    assert seal_of(lines, MONDAY) == seal_of((), MONDAY)
    assert seal_of(lines, MONDAY + DAY).lines == 2


def sealed(store: Store, organization: Organization) -> list[str]:
    """To whom Tuesday's digest went with a seal."""
    for now in (MONDAY, MONDAY + DAY):
        Scheduler(store, organization, lambda now=now: now).run_due()  # type: ignore[misc]
    with store._reading() as connection:
        found = connection.execute(text("SELECT recipient FROM outbox WHERE template = 'digest'"))
        return sorted(row.recipient for row in found)


@pytest.mark.parametrize("to_admins", [False, True])
def test_a_days_digest_bears_its_seal(office: Path, to_admins: bool) -> None:
    organization = replace(ORGANIZATION, seals_to_admins=to_admins)
    with Store.open(f"sqlite:///{office}/bot.db") as store:
        people = sealed(store, organization)
        with store._reading() as connection:
            found = connection.execute(text("SELECT id FROM outbox WHERE template = 'digest'"))
            numbers = [row.id for row in found]
        mails = [store.outbox.raw(number) or b"" for number in numbers]
    seal, _ = digest_of(office, MONDAY + DAY)
    assert REVIEWER.address.email in people
    assert (ADMIN.address.email in people) is to_admins
    assert all(seal.encode() in mail for mail in mails)
