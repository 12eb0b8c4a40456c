"""What a notice tells besides the form, from the core to what people read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from bot.lists.findings import MOST_EARLIER, ReviewContext, earlier, findings
from bot.lists.guidelines import Guidelines
from bot.lists.lookalikes import Lookalike
from bot.lists.register import ListEntry, ListState
from bot.mail.compose import write
from bot.runtime.enqueue import notices_as_mails
from bot.store import Store
from bot.workflow.case import Case, Decision, Move, State
from bot.workflow.notifications.notices import notices
from nlp.types import Extraction, Intent
from tests.builders import NOW, ORGANIZATION, case, full_form

TODAY = NOW.date()
USUAL = Guidelines()
LISTS = (
    ListEntry("avisos-biblioteca", "avisos-biblioteca@upaep.mx", ListState.HISTORICAL,
              area="Biblioteca Central", responsible="Hilda Carreón",
              end_date=dt.date(2021, 6, 18)),
    ListEntry("becas", "becas@upaep.mx", audience=("students",), frequency="weekly"),
)  # fmt: skip


def asking(**changes: Any) -> Case:
    form = dict(full_form()) | {"list_name": Extraction("avisos-biblioteca", "text", "")}
    return case(form=MappingProxyType(form), **changes)


def rejected(folio: str, reason: str, opened: dt.datetime = NOW) -> Case:
    decision = Decision(Move.REJECTED, "r@upaep.mx", NOW, NOW, State.REVIEW, reason)
    return asking(folio=folio, state=State.REJECTED, decision=decision, opened_at=opened)


# --- earlier requests -------------------------------------------------------------------------


def test_earlier_requests_newest_first_once_each_with_their_outcome() -> None:
    old = rejected("CI-2021-0001", "por\n duplicidad", NOW - dt.timedelta(days=30))
    new = asking(folio="CI-2021-0041", state=State.CLOSED, intent=Intent.REINSTATE_LIST)
    own = asking()
    lines = earlier(ORGANIZATION, own, (old, new, own, old))
    assert [(e.folio, e.date, e.what, e.outcome) for e in lines] == [
        ("CI-2021-0041", "16 de agosto de 2021", "restablecer avisos-biblioteca",
         "aceptada; la lista existe"),
        ("CI-2021-0001", "17 de julio de 2021", "crear avisos-biblioteca",
         "rechazada: por duplicidad"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("intent", "verb"),
    [
        (Intent.CREATE_LIST, "crear"),
        (Intent.REINSTATE_LIST, "restablecer"),
        (Intent.CHANGE_LIST, "cambiar"),
    ],
)
def test_what_was_asked_for(intent: Intent, verb: str) -> None:
    (line,) = earlier(ORGANIZATION, asking(), (asking(folio="CI-2021-0001", intent=intent),))
    assert line.what == f"{verb} avisos-biblioteca"


@pytest.mark.parametrize("state", State)
def test_every_outcome_has_words(state: State) -> None:
    (line,) = earlier(ORGANIZATION, asking(), (asking(folio="CI-2021-0001", state=state),))
    assert line.outcome


def test_earlier_requests_are_bounded_in_number_and_length() -> None:
    many = tuple(rejected(f"CI-2021-{n:04d}", "x " * 4000) for n in range(1, 31))
    lines = earlier(ORGANIZATION, asking(), many)
    assert len(lines) == MOST_EARLIER
    assert all(len(line.outcome) < 200 for line in lines)


# --- together ---------------------------------------------------------------------------------


def test_a_reinstatement_tells_its_list_apart_from_those_that_resemble_it() -> None:
    found = findings(
        asking(intent=Intent.REINSTATE_LIST), ORGANIZATION, ReviewContext(LISTS), TODAY, USUAL
    )
    assert found["lookalikes"] == ()
    assert getattr(found["withdrawn"], "name", "") == "avisos-biblioteca"
    created = findings(asking(), ORGANIZATION, ReviewContext(LISTS), TODAY, USUAL)
    (one,) = created["lookalikes"]  # type: ignore[misc,attr-defined]
    assert isinstance(one, Lookalike)
    assert one.where == "dada de baja en 2021"
    assert created["withdrawn"] is None


@pytest.mark.parametrize(
    ("state", "shows"),
    [(State.REVIEW, "checks"), (State.APPROVAL, "checks"), (State.PROVISIONING, "work_order")],
)
def test_who_decides_gets_findings_and_who_creates_the_list_a_work_order(
    kept: Store, state: State, shows: str
) -> None:
    with kept.work() as work:
        asked = notices(ORGANIZATION, asking(state=state))
        notification = notices_as_mails(work, asked, ORGANIZATION, NOW)[0]
    assert notification.values[shows]
    assert {"checks", "work_order"} & set(notification.values) == {shows}


# --- loaded -----------------------------------------------------------------------------------


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path}/bot.db") as store:
        with store.work() as work:
            work.lists.save(*LISTS)
            work.cases.take_folio("CI", 2021)
            work.cases.save(asking(folio="CI-2021-0001", subject="antes"), opens=True)
        yield store


def test_a_notice_tells_of_the_register_and_of_other_cases(kept: Store) -> None:
    with kept.work() as work:
        asked = notices(ORGANIZATION, asking())
        notifications = notices_as_mails(work, asked, ORGANIZATION, NOW)
    mail = write(notifications[0], ORGANIZATION, NOW).raw.decode("ascii")
    assert "CI-2021-0001" in mail
    assert "avisos-biblioteca@upaep.mx" in mail
    assert notifications[0].values["saturation"]


def test_what_is_known_around_a_case_is_looked_up_once(
    kept: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, looked_up = notices(ORGANIZATION, asking()), []
    with kept.work() as work:
        everything = work.lists.known()
        monkeypatch.setattr(work.lists, "known", lambda: looked_up.append(1) or everything)
        assert len(notices_as_mails(work, asked, ORGANIZATION, NOW)) == 2
    assert len(looked_up) == 1
