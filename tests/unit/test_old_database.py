"""The database of an earlier version is brought up to date, and everything in it holds."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.mail.parsing import read
from bot.store import Store
from bot.store.codec import case_from_json, case_to_json
from bot.workflow.case import Move, State
from bot.workflow.context import ReplyToken
from bot.workflow.lifecycle import OutboxStatus
from bot.workflow.message import ParsedMessage
from bot.workflow.tokens import digest, tokens_in
from tests.builders import ORGANIZATION
from tests.rig import old_office
from tests.rig.office import PROVISIONER, REVIEWER, REVIEWER_2, answer
from tests.rig.old_office import AT
from tests.rig.received import Received

pytest_plugins = ["tests.rig.fixtures"]

STATES = {
    1: State.EXPIRED, 2: State.CLOSED, 3: State.INCOMPLETE, 4: State.WITHDRAWN, 5: State.REVIEW,
    6: State.APPROVAL, 7: State.PROVISIONING, 8: State.REJECTED, 9: State.REVIEW,
}  # fmt: skip
DETAILS = ("change", "removal")  # beside the rest then, in a place of their own now


@pytest.fixture(params=["sqlite", "postgresql"])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    database = old_office.unpacked(tmp_path)
    url = f"sqlite:///{database}"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_url")
        old_office.copied(database, url)
    with Store.open(url) as store:
        yield store


def presented(store: Store, mail: Received) -> ReplyToken:
    """What is known of the key that an answer to a mail of ours presents."""
    reply = read(answer(mail, "APROBAR").as_bytes())
    assert isinstance(reply, ParsedMessage)
    (key,) = tokens_in(reply, ORGANIZATION)
    with store.work() as work:
        token = work.tokens.get(digest(key))
    assert token is not None
    return token


def test_cases_and_their_histories(old: Store) -> None:
    cases = {int(case.folio[-4:]): case for case in old.records.cases()}
    assert {number: case.state for number, case in cases.items()} == STATES
    for case in cases.values():
        assert old.records.events(case.folio)
        assert old.records.verify(case.folio) == ()
    assert cases[2].form["list_name"].value == "avisos-biblioteca"
    rejected = cases[8].decision
    assert rejected is not None
    assert (rejected.move, rejected.by) == (Move.REJECTED, REVIEWER)
    assert rejected.reason == "la audiencia ya recibe el Correo del Día"
    assert len(rejected.token) == 64


def test_what_was_written_of_a_case_stays_readable_both_ways(tmp_path: Path) -> None:
    with sqlite3.connect(old_office.unpacked(tmp_path)) as connection:
        bodies = [body for (body,) in connection.execute("SELECT body FROM case_")]
    assert len(bodies) == len(STATES)
    for body in bodies:
        before, after = json.loads(body), json.loads(case_to_json(case_from_json(body)))
        if before["ruling"]:  # a decision, too, may tell more now
            after["ruling"] = {name: after["ruling"][name] for name in before["ruling"]}
        assert {name: after[name] for name in before if name not in DETAILS} == {
            name: value for name, value in before.items() if name not in DETAILS
        }


def test_a_whole_case_of_every_field_is_read() -> None:
    """As the version with tables at 0005 wrote it, each key with a value."""
    case = case_from_json(OLD_CASE)
    assert case.decision is not None
    assert (case.decision.token, case.decision.move) == ("f" * 64, Move.APPROVED)
    assert list(case.form) == ["start_date", "audience", "recipients", "area"]
    assert case.form["start_date"].value.isoformat() == "2027-08-16"  # type: ignore[union-attr]
    assert case.form["audience"].value == ("students", "faculty")
    assert case.details == {"change": "remove", "removal": True}
    assert case_from_json(case_to_json(case)) == case


def test_the_outbox_is_whole(old: Store) -> None:
    waiting = old.outbox.list(OutboxStatus.WAITING)
    assert [(m.template, m.attempts) for m in waiting] == [
        ("rejected", 0), ("received", 1), ("review", 0), ("review", 0),
    ]  # fmt: skip
    due = old.outbox.due("new", AT.replace(hour=12), 50)
    assert {m.id for m in due} == {m.id for m in waiting}
    for mail in due:
        old.outbox.sent(mail.id, AT)
        if mail.template == "review":  # its key stands where it belongs again
            token = presented(old, old_office.received(mail.raw))
            assert (token.person, token.folio) == (mail.recipients[0], mail.folio)
    assert old.outbox.list(OutboxStatus.WAITING) == ()


@pytest.mark.parametrize(
    ("name", "person", "folio", "command"),
    [
        ("review", REVIEWER, "CI-2026-0005", None),
        ("confirm", REVIEWER_2, "CI-2026-0005", "reject"),
        ("provisioning", PROVISIONER, "CI-2026-0007", None),
    ],
)
def test_keys_in_mails_are_known(
    old: Store, tmp_path: Path, name: str, person: str, folio: str, command: str | None
) -> None:
    token = presented(old, old_office.mail(tmp_path, name))
    assert (token.person, token.folio, token.consumed_at) == (person, folio, None)
    assert (token.waiting[0].name if token.waiting else None) == command


def test_the_register_and_what_open_cases_ask_for(old: Store) -> None:
    (entry,) = old.register.all()
    assert (entry.address, entry.state) == ("avisos-biblioteca@upaep.mx", "active")
    with old.work() as work:
        assert {c.folio[-1] for c in work.cases.newest_open()} == set("35679")
        assert work.cases.take_folio("CI", 2026) == "CI-2026-0010"


OLD_CASE = json.dumps(
    {
        "folio": "CI-2026-0042", "state": "provisioning", "intent": "change_list",
        "requester": {"email": "ana@upaep.mx", "name": "Ana Ríos"},
        "people": [{"email": "ana@upaep.mx", "name": ""}], "subject": "Lista \udc80",
        "opened_at": "2026-08-17T16:00:00+00:00", "updated_at": "2026-08-17T16:00:00.000001+00:00",
        "form": {
            "area": {"value": "Coro", "source": "form", "evidence": "Área: Coro"},
            "audience": {"value": ["students", "faculty"], "source": "text", "evidence": ""},
            "recipients": {"value": 1850, "source": "staff", "evidence": ""},
            "start_date": {"value": {"date": "2027-08-16"}, "source": "", "evidence": ""},
        },
        "order": ["start_date", "audience", "recipients", "area"],
        "version": 3, "due_on": "2026-08-24", "thread": ["<a@b>", "<c@d>"],
        "assignee": "rodrigo.espino@upaep.mx",
        "ruling": {
            "move": "approved", "by": "nancy.olvera@upaep.mx", "at": "2026-08-17T16:00:00+00:00",
            "goes_out_at": "2026-08-17T16:10:00+00:00", "before": "approval", "reason": "conforme",
            "notice": "f" * 64,
        },
        "asked_by": "valeria.quiroz@upaep.mx", "merged_into": "CI-2026-0001",
        "change": "remove", "removal": True,
    }
)  # fmt: skip
