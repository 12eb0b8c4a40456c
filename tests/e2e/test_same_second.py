"""Two decide in the same second: one decision; and a history altered by hand is found."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.e2e.requests import FULL
from tests.rig.dovecot import Account
from tests.rig.office import (
    APPROVER,
    AREA,
    REVIEWER,
    REVIEWER_2,
    Office,
    answer,
    open_office,
)
from tests.rig.smtp_sink import SmtpSink
from tests.rig.system import wait_until
from tests.rig.warm import WarmBot

AT_ONCE = 5


@pytest.fixture
def two(
    account: Account, sink: SmtpSink, tmp_path: Path, postgres_url: str, warm: WarmBot
) -> Iterator[tuple[Office, Office]]:
    """Two processes on one mailbox and one PostgreSQL database; they send to the same place."""
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    with open_office(account, sink, first) as one, open_office(account, sink, second) as other:
        for office in (one, other):
            office.warm = warm
            office.settings["database"]["url"] = postgres_url
            office.write_config()
            office.start()
        yield one, other


def decided_by_both(office: Office, account: Account) -> dict[str, str]:
    """Some cases on which both reviewers answer at once; who decided each, by folio."""
    for n in range(AT_ONCE):
        office.write(f"area{n}@upaep.mx", "Formato", FULL.replace("7415", str(7000 + n)))
    replies = []
    for n in range(AT_ONCE):
        for person, command in (REVIEWER, "APROBAR"), (REVIEWER_2, "RECHAZAR ya existe una igual"):
            replies.append(answer(office.mail("review", person, after=n), command, person))
    account.deliver(*(mail.as_bytes() for mail in replies))
    people = (REVIEWER, REVIEWER_2)
    wait_until(
        lambda: sum(office.count("command_result", p) for p in people) >= 2 * AT_ONCE,
        "every command is answered",
        60,
    )
    decided = {}
    for folio in sorted({m.case for m in office.sink.mails if m.template == "review"}):
        of_case = [m for m in office.sink.mails if m.case == folio]
        results = [m for m in of_case if m.template == "command_result"]
        assert sorted(m.recipients[0] for m in results) == sorted(people)
        (late,) = (m for m in results if "Ya decidió" in " ".join(m.text.split()))
        (first,) = (m for m in results if m is not late)
        name = {REVIEWER: "Rodrigo Espino", REVIEWER_2: "Valeria Quiroz"}[first.recipients[0]]
        assert f"Ya decidió {name}" in " ".join(late.text.split())
        decided[folio] = first.recipients[0]
    return decided


def assert_one_decision_each(office: Office, decided: dict[str, str]) -> None:
    assert len(decided) == AT_ONCE
    for folio, who in decided.items():
        shown = office.bot("cases", "show", folio, "--json")
        assert shown.returncode == 0, shown.stdout
        case = json.loads(shown.stdout)
        assert case["verified"]
        taken = [e for e in case["events"] if e["what"] in ("to_approval", "rejected")]
        assert [e["actor"] for e in taken] == [who]
        assert case["state"] == ("approval" if who == REVIEWER else "rejected")
        of_case = [m for m in office.sink.mails if m.case == folio]
        assert sum(m.template == "approval" for m in of_case) == (who == REVIEWER)
        assert sum(m.template == "rejected" for m in of_case) == (who == REVIEWER_2)


def test_two_reviewers_in_the_same_second(office: Office, account: Account) -> None:
    assert_one_decision_each(office, decided_by_both(office, account))


def test_two_reviewers_and_two_processes(two: tuple[Office, Office], account: Account) -> None:
    office, other = two
    assert_one_decision_each(office, decided_by_both(office, account))
    assert office.stop() == other.stop() == 0


def test_an_event_edited_by_hand_is_found(office: Office) -> None:
    office.write(AREA, "Formato", FULL)
    notice = office.mail("review", REVIEWER)
    office.reply(notice, "APROBAR")
    office.mail("approval", APPROVER)
    assert office.stop() == 0
    assert office.bot("cases", "show", notice.case).returncode == 0
    with closing(sqlite3.connect(office.folder / "bot.db")) as database, database:
        edited = database.execute(
            "UPDATE event SET actor = ? WHERE folio = ? AND actor = ?",
            (REVIEWER_2, notice.case, REVIEWER),
        )
        assert edited.rowcount
    shown = office.bot("cases", "show", notice.case, "--json")
    assert shown.returncode == 1
    case = json.loads(shown.stdout)
    assert not case["verified"]
    assert case["problems"]
