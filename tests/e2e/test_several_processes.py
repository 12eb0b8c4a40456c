"""Several `run` on one mailbox and one PostgreSQL database: one watches, all work."""

from __future__ import annotations

import random
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.rig.books import (
    Books,
    WrittenMail,
    assert_books_balance,
    correspondence,
    expected,
    figures,
    wait_until_settled,
)
from tests.rig.dovecot import Account
from tests.rig.office import Office, open_office
from tests.rig.smtp_sink import SmtpSink
from tests.rig.system import wait_until
from tests.rig.warm import WarmBot

Offices = Callable[[int], list[Office]]


@pytest.fixture
def offices(
    account: Account, sink: SmtpSink, tmp_path: Path, postgres_url: str, warm: WarmBot
) -> Iterator[Offices]:
    """Makes so many processes, not yet started."""
    made: list[Office] = []

    def make(count: int) -> list[Office]:
        for n in range(count):
            folder = tmp_path / str(n)
            folder.mkdir()
            with open_office(account, sink, folder) as office:
                office.warm = warm
                office.settings["database"]["url"] = postgres_url
                office.settings["imap"]["poll_seconds"] = 0.5
                office.settings["limits"] = {"remarks_per_hour": 1_000_000}
                office.write_config()
                made.append(office)
        return made

    yield make
    for office in made:
        if office.process is not None:
            office.process.kill()


def watches(office: Office) -> bool:
    won, lost = (office.log().rfind(w) for w in ("watch.won", "watch.another_process_has_it"))
    return won > lost


def settled_by(office: Office) -> int:
    return office.log().count("message.settled")


def test_one_watches_and_another_takes_over(offices: Offices, kinds: dict[str, Books]) -> None:
    """Also in mid-work: what the killed one held is worked on by the other."""
    one, other = offices(2)
    mails = correspondence(40, "two")
    one.start()
    other.start()
    assert watches(one)
    assert not watches(other)
    one.account.deliver(*(mail.raw for mail in mails[:20]))
    wait_until(lambda: settled_by(one) + settled_by(other) >= 20, "the first half is settled")
    assert settled_by(one)
    assert settled_by(other)
    one.account.deliver(*(mail.raw for mail in mails[20:]))
    before = settled_by(one)
    wait_until(lambda: settled_by(one) > before, "the watcher is at it", step=0.002)
    assert one.stop(signal.SIGKILL) == -signal.SIGKILL
    died = time.monotonic()
    wait_until(lambda: watches(other), "the other watches")
    assert time.monotonic() - died < 3
    wait_until_settled(other, mails)
    assert other.stop() == 0
    assert_books_balance(other, expected(kinds, mails), losses=1)


def test_others_are_told_of_work_at_once(offices: Offices) -> None:
    """The watcher is busy with its mail server; nobody waits for the next look."""
    one, other = offices(2)
    one.start()
    other.pauses["bot.runtime.service.STAND_BY"] = 60
    other.start()
    mails = correspondence(20, "told", ("full",))
    one.account.deliver(*(mail.raw for mail in mails))
    wait_until(lambda: settled_by(one) + settled_by(other) >= len(mails), "all settled", 20)
    assert settled_by(other)
    assert one.stop() == other.stop() == 0


def work_and_die(
    workers: list[Office], mails: list[WrittenMail], seed: int, kills: int, seconds: float
) -> int:
    """Delivers the mails bit by bit while workers die and are started again; how many died."""
    chance, killed = random.Random(seed), 0
    for worker in workers:
        worker.launch()
    portions = [mails[n :: kills + 1] for n in range(kills + 1)]
    workers[0].account.deliver(*(mail.raw for mail in portions[0]))
    for portion in portions[1:]:
        workers[0].account.deliver(*(mail.raw for mail in portion))
        time.sleep(chance.uniform(0.2, 2.0) * seconds)
        victim = chance.choice(workers)
        assert victim.stop(signal.SIGKILL) == -signal.SIGKILL
        victim.launch()
        killed += 1
    return killed


@pytest.mark.soak
@pytest.mark.parametrize(("messages", "kills"), [(1_000, 20), (10_000, 100)])
def test_four_workers_killed_at_random(
    offices: Offices, kinds: dict[str, Books], messages: int, kills: int
) -> None:
    workers = offices(4)
    for worker in workers:
        worker.pauses = {}
    mails = correspondence(messages, f"four{messages}")
    killed = work_and_die(workers, mails, 20210618, kills, seconds=1)
    wait_until_settled(workers[0], mails, 1800)
    for worker in workers:
        assert worker.stop() == 0
    books = expected(kinds, mails)
    shares = ", ".join(str(settled_by(worker)) for worker in workers)
    print(f"\n4 workers, {killed} kills: {figures(workers[0], books)}; settled by each: {shares}")
    assert_books_balance(workers[0], books, losses=killed)
