"""`mode: observe` and `pilot`: who is written to, and who hears of what is not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli.app import app
from bot.config.load import ConfigError, load
from bot.config.organization import reach_of
from bot.runtime.enqueue import notices_as_mails, post
from bot.runtime.scheduler import Scheduler
from bot.store import Store
from bot.workflow.message import Address
from bot.workflow.notification import StageNotice
from bot.workflow.notifications.mails import alarm, received
from bot.workflow.organization import Organization
from bot.workflow.reach import Reach
from bot.workflow.schedule.notifications import observed
from bot.workflow.screening.outbox import Cause
from tests.builders import ADMIN, ANA, NOW, ORGANIZATION, REVIEWER, case
from tests.rig.system import free_port
from tests.unit.test_config import STAFF, write

DAY = dt.timedelta(days=1)
OLGA = Address("olga@upaep.mx", "Olga")
OBSERVING = replace(ORGANIZATION, reach=Reach(observes=True, observers=(OLGA,)))


def piloting(*pilot: str) -> Organization:
    return replace(ORGANIZATION, reach=Reach(pilot=pilot, observers=(OLGA,)))


@pytest.mark.parametrize(
    ("pilot", "included"),
    [
        ((), True),
        (("ana.prado@upaep.mx",), True),
        (("upaep.mx",), True),
        (("@upaep.mx",), True),
        (("mx",), True),
        (("aep.mx",), False),
        (("upaep.edu.mx",), False),
        (("prado@upaep.mx",), False),
    ],
)
def test_a_pilot_names_addresses_and_domains(pilot: tuple[str, ...], included: bool) -> None:
    assert Reach(pilot=pilot).includes(ANA.email) is included
    assert not Reach(observes=True, pilot=pilot).includes(ANA.email)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path}/bot.db") as opened:
        yield opened


def told(store: Store, organization: Organization, about: str | None = None) -> dict[str, str]:
    """What becomes of mail about Ana's case, and of mail about somebody's message."""
    with store.work() as work:
        one = case(folio=work.cases.take_folio("CI", 2021))
        work.cases.save(one, opens=True)
        notice = StageNotice(one, REVIEWER)
        asked = notices_as_mails(work, [notice], organization, NOW)
        post(work, (received(organization, one), *asked), organization, NOW, one)
        cause = Cause(about) if about else None
        post(work, alarm(organization, "Algo pasó", ()), organization, NOW, cause=cause)
    return {mail.template: mail.status for mail in store.outbox.list()}


def test_who_only_observes_writes_to_nobody_and_keeps_no_key(store: Store) -> None:
    assert told(store, OBSERVING) == dict.fromkeys(("received", "review", "alarm"), "observed")
    assert store.outbox.due("w", NOW + DAY, 50) == ()
    with store.work() as work:
        assert work.tokens.asked() == {}


def test_a_case_of_the_pilot_is_live_for_all_who_work_on_it(store: Store) -> None:
    live = told(store, piloting(ANA.email), "otra@upaep.mx")
    assert live == {"received": "waiting", "review": "waiting", "alarm": "observed"}


def test_outside_the_pilot_it_is_only_noted(store: Store) -> None:
    noted = told(store, piloting("upaep.edu.mx"), REVIEWER.address.email)
    assert noted == {"received": "observed", "review": "observed", "alarm": "waiting"}


@pytest.mark.parametrize("organization", [OBSERVING, piloting("upaep.edu.mx")])
def test_observers_hear_of_it_once_a_day(store: Store, organization: Organization) -> None:
    def run(moment: dt.datetime) -> None:
        Scheduler(store, organization, lambda: moment).run_due()

    run(NOW - dt.timedelta(minutes=1))
    told(store, organization)
    morning = (NOW + DAY).replace(hour=8, minute=30)
    for moment in (morning, morning + dt.timedelta(hours=1)):
        run(moment)
    (digest,) = (m for m in store.outbox.list() if m.template == "observed")
    assert (digest.recipients, digest.status) == ((OLGA.email,), "waiting")
    raw = store.outbox.raw(digest.id) or b""
    text = message_from_bytes(raw, policy=default).get_body(("plain",)).get_content()
    assert "el acuse de recibo para ana.prado@upaep.mx" in text
    assert "CI-2021-0001" in text


def test_with_no_observer_the_administrators_hear_of_it(store: Store) -> None:
    organization = replace(ORGANIZATION, reach=Reach(observes=True))
    (notification,) = observed(organization, (), 1, NOW.date())
    assert notification.to == ADMIN.address


def test_the_configuration_says_who(tmp_path: Path) -> None:
    settings = load(write(tmp_path, mode="observe", pilot=["UPAEP.edu.mx"], observer="o@upaep.mx"))
    assert reach_of(settings) == Reach(True, ("upaep.edu.mx",), (Address("o@upaep.mx"),))
    watching = {"name": "O", "email": "o@upaep.mx", "roles": ["observer"]}
    settings = load(write(tmp_path, staff=[*STAFF, watching]))
    assert reach_of(settings).observers == (Address("o@upaep.mx", "O"),)
    assert reach_of(settings).is_whole


@pytest.mark.parametrize(
    ("trial", "told"),
    [
        ({}, ""),
        (
            {"mode": "observe", "observer": "o@upaep.mx"},
            "nobody is answered; each morning of the rest hears: o@upaep.mx",
        ),
        (
            {"pilot": ["a@upaep.mx"]},
            "only a@upaep.mx is answered; each morning of the rest hears: the admins",
        ),
    ],
)
def test_check_says_that_it_is_a_trial(tmp_path: Path, trial: dict[str, object], told: str) -> None:
    file = write(tmp_path, monitoring={"port": free_port()}, **trial)
    options = ["check", "--service", "--seconds", "5"]  # no service runs, and nothing else is tried
    done = CliRunner().invoke(app, ["--config", str(file), *options])
    assert ("trial" in done.output) is bool(told)
    assert told in done.output


@pytest.mark.parametrize("wrong", [{"mode": "watch"}, {"pilot": ["not an address"]}])
def test_what_is_no_mode_and_no_pilot_is_told(tmp_path: Path, wrong: dict[str, object]) -> None:
    with pytest.raises(ConfigError) as caught:
        load(write(tmp_path, **wrong))
    assert "should be" in caught.value.problems[0]


@pytest.mark.parametrize(
    ("organization", "asked"),
    [(OBSERVING, 0), (piloting("upaep.edu.mx"), 0), (piloting("upaep.mx"), 2), (ORGANIZATION, 2)],
)
def test_a_start_asks_nobody_about_what_is_only_observed(
    store: Store, organization: Organization, asked: int
) -> None:
    with store.work() as work:
        one = case(folio=work.cases.take_folio("CI", 2021))
        work.cases.save(one, opens=True)
    for _ in range(2):
        Scheduler(store, organization, lambda: NOW).begin()
    assert len(store.outbox.list()) == asked
