"""The heartbeat of the main loop, and what systemd hears of it."""

import contextlib
import os
import socket
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.observability.heartbeat import Heartbeat, notify, watchdog_seconds


class Loop:
    """A main loop by hand: its clock, its mailbox, what it told."""

    def __init__(self, watchdog: float = 30) -> None:
        self.now, self.connected = 1000.0, False
        self.told: list[str] = []
        self.heartbeat = Heartbeat(
            lambda: self.connected,
            tell=lambda state: self.told.extend(state.splitlines()),
            watchdog=watchdog,
            clock=lambda: self.now,
        )

    def after(self, seconds: float) -> list[str]:
        """Beats once so much later; what was told then."""
        self.now += seconds
        before = len(self.told)
        self.heartbeat.beat()
        return self.told[before:]


def test_ready_is_told_when_the_mailbox_is_open_and_not_before() -> None:
    loop = Loop()
    loop.heartbeat.begin()
    assert loop.told == ["STATUS=Opening the mailbox", "EXTEND_TIMEOUT_USEC=120000000"]
    assert loop.after(11) == ["EXTEND_TIMEOUT_USEC=120000000"]
    loop.connected = True
    assert loop.after(1) == ["READY=1", "STATUS=Watching the mailbox"]
    assert loop.after(9) == ["WATCHDOG=1"]
    loop.connected = False
    assert loop.after(1) == ["STATUS=The mailbox is out of reach; it is tried again"]
    assert loop.after(9) == ["WATCHDOG=1"]  # out of reach is no reason to be restarted


def test_why_the_mailbox_cannot_be_had_stands_in_the_status() -> None:
    loop = Loop()
    loop.heartbeat.begin()
    loop.heartbeat.trouble("imap.upaep.mx refuses\nREADY=1")
    assert loop.after(1) == ["STATUS=Opening the mailbox: imap.upaep.mx refuses READY=1"]
    loop.heartbeat.trouble("imap.upaep.mx refuses\nREADY=1")
    assert loop.after(1) == []
    loop.connected = True
    assert loop.after(1)[:2] == ["READY=1", "STATUS=Watching the mailbox"]
    loop.connected = False
    assert loop.after(1) == ["STATUS=The mailbox is out of reach; it is tried again"]


def test_who_stands_by_is_ready_and_has_nothing_out_of_reach() -> None:
    loop = Loop()
    loop.heartbeat.begin()
    loop.heartbeat.standing_by = True
    told = loop.after(1)
    assert told == ["READY=1", "STATUS=Standing by: another process watches the mailbox"]
    loop.after(500)
    loop.now += 1
    assert (loop.heartbeat.mailbox, loop.heartbeat.out_of_reach) == ("standing by", 0)
    loop.heartbeat.standing_by = False
    assert loop.after(1) == ["STATUS=The mailbox is out of reach; it is tried again"]
    loop.connected = True
    assert loop.after(1)[:2] == ["READY=1", "STATUS=Watching the mailbox"]


def test_the_watchdog_is_fed_at_a_third_of_its_time() -> None:
    loop = Loop(watchdog=30)
    loop.connected = True
    loop.heartbeat.begin()
    fed = [second for second in range(1, 61) if "WATCHDOG=1" in loop.after(1)]
    assert fed == [10, 20, 30, 40, 50, 60]


def test_age_and_reach_are_counted_from_the_last_beat() -> None:
    loop = Loop()
    loop.connected = True
    loop.heartbeat.begin()
    loop.now += 5
    assert (loop.heartbeat.age, loop.heartbeat.out_of_reach) == (5, 0)
    loop.connected = False
    loop.after(2)
    assert (loop.heartbeat.age, loop.heartbeat.out_of_reach) == (0, 7)


def test_another_thread_does_not_cover_up_a_hang() -> None:
    loop = Loop()
    loop.heartbeat.begin()
    loop.now += 100
    before = list(loop.told)
    thread = threading.Thread(target=loop.heartbeat.beat)
    thread.start()
    thread.join()
    assert loop.told == before
    assert loop.heartbeat.age == 100


@pytest.fixture(params=["path", "abstract"])
def listening(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[str, socket.socket]]:
    """A socket as systemd has it, and its name as NOTIFY_SOCKET gives it."""
    monkeypatch.chdir(tmp_path)  # pytest's own paths may be too long for a socket
    name = f"@bot-{uuid.uuid4()}" if request.param == "abstract" else "/proc/self/cwd/notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard:
        heard.bind("\0" + name[1:] if name.startswith("@") else name)
        heard.settimeout(5)
        yield name, heard


def test_systemd_hears_it(listening: tuple[str, socket.socket]) -> None:
    name, heard = listening
    notify("READY=1\nSTATUS=Está lista", {"NOTIFY_SOCKET": name})
    assert heard.recv(4096).decode() == "READY=1\nSTATUS=Está lista"


@pytest.mark.parametrize("name", ["", "relative", "/nowhere/at/all", "@nobody-listens"])
def test_without_a_supervisor_nothing_happens(name: str) -> None:
    notify("READY=1", {"NOTIFY_SOCKET": name})
    notify("READY=1", {})


def test_a_supervisor_that_does_not_read_holds_nothing_up() -> None:
    name = f"@bot-{uuid.uuid4()}"
    with contextlib.closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as deaf:
        deaf.bind("\0" + name[1:])
        for _ in range(5000):
            notify("WATCHDOG=1", {"NOTIFY_SOCKET": name})


@pytest.mark.parametrize(
    ("environment", "seconds"),
    [
        ({}, 0),
        ({"WATCHDOG_USEC": "30000000"}, 30),
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": str(os.getpid())}, 30),
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "1"}, 0),
        ({"WATCHDOG_USEC": "soon"}, 0),
    ],
)
def test_the_watchdogs_time_is_read(environment: dict[str, str], seconds: float) -> None:
    assert watchdog_seconds(environment) == seconds
