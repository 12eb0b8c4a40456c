"""/healthz and /metrics over real sockets, and `check` asking them."""

import datetime as dt
import http.client
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.config.settings import MonitoringSettings
from bot.errors import CheckResult
from bot.observability.health import Health
from bot.observability.heartbeat import Heartbeat
from bot.observability.metrics import step, timed
from bot.observability.monitor import AT_ONCE, MonitorError, monitored
from bot.observability.probe import all_within, check_service
from bot.store import Store
from bot.workflow.lifecycle import FetchedMessage, OutboxMessage
from tests.rig.samples import receive
from tests.rig.system import answers, free_port, wait_until
from tests.rig.zone import ZONE

NOW = dt.datetime(2021, 6, 21, 9, 0, tzinfo=ZONE)


class Scene:
    """A service that only stands still: its store, its loop's clock, its mailbox."""

    def __init__(self, folder: Path, **limits: float) -> None:
        self.file = folder / "bot.db"
        self.store = Store.open(f"sqlite:///{self.file}")
        self.clock, self.connected = 1000.0, True
        heartbeat = Heartbeat(
            lambda: self.connected, tell=lambda _: None, watchdog=0, clock=lambda: self.clock
        )
        heartbeat.begin()
        self.settings = MonitoringSettings(port=free_port(), **limits)
        self.problem, self.in_trouble = "", False
        self.health = Health(self.store, heartbeat, self.settings, lambda: NOW, self)

    def get(self, path: str = "/healthz", method: str = "GET") -> tuple[int, str]:
        connection = http.client.HTTPConnection(self.settings.host, self.settings.port, timeout=10)
        connection.request(method, path)
        answer = connection.getresponse()
        body = answer.read().decode()
        connection.close()
        return answer.status, body

    def problems(self) -> list[str]:
        status, body = self.get()
        told = json.loads(body)
        assert (status, told["status"]) == ((503, "failing") if told["problems"] else (200, "ok"))
        found: list[str] = told["problems"]
        return found

    def samples(self) -> dict[str, float]:
        _, page = self.get("/metrics")
        families = text_string_to_metric_families(page)
        return {s.name: s.value for f in families for s in f.samples}


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    made = Scene(tmp_path, stalled_seconds=60, imap_down_seconds=120)
    with monitored(made.settings, made.health):
        yield made
    made.store.close()


def queue(store: Store, name: str, not_before: dt.datetime) -> None:
    mail = OutboxMessage(
        folio="", template="form", sender="a@upaep.mx", recipients=("b@upaep.mx",),
        message_id=f"<{name}@upaep.mx>", raw=b"x", not_before=not_before,
    )  # fmt: skip
    with store.work() as work:
        work.outbox.queue(mail, NOW - dt.timedelta(hours=1))


def test_all_is_well(scene: Scene) -> None:
    status, body = scene.get()
    assert status == 200
    assert json.loads(body) == {
        "status": "ok", "problems": [], "imap": "connected", "database": "ok",
        "last_round_seconds": 0, "outbox_oldest_seconds": 0, "waiting": 0, "failed": 0,
    }  # fmt: skip


def test_a_loop_that_hangs_is_told(scene: Scene) -> None:
    scene.clock += 60
    assert scene.problems() == []
    scene.clock += 1
    assert scene.problems() == ["the main loop has not come round for 61 s"]


def test_a_mailbox_out_of_reach_is_told_after_a_while(scene: Scene) -> None:
    scene.connected = False
    assert scene.problems() == []
    assert scene.samples()["bot_imap_connected"] == 0
    scene.clock += 121
    assert "the mailbox has been out of reach for 121 s" in scene.problems()
    scene.connected = True
    assert "mailbox" not in str(scene.problems())


def test_a_database_that_fails_is_told_and_its_numbers_are_left_out(scene: Scene) -> None:
    assert scene.samples()["bot_database_up"] == 1
    assert "bot_outbox_waiting" in scene.samples()
    scene.store.close()
    for file in scene.file.parent.glob("bot.db*"):
        file.unlink()
    scene.file.mkdir()
    (problem,) = scene.problems()
    assert problem.startswith("the database fails: ")
    samples = scene.samples()
    assert samples["bot_database_up"] == 0
    assert "bot_outbox_waiting" not in samples
    assert "bot_messages_waiting" not in samples
    assert json.loads(scene.get()[1])["failed"] is None


def test_what_waits_and_how_late_it_is(scene: Scene) -> None:
    receive(
        scene.store,
        FetchedMessage(1, b"Message-ID: <1@x>\n\nx", 0),
        FetchedMessage(2, b"Message-ID: <2@x>\n\ny", 0, problem="too big"),
    )
    queue(scene.store, "late", NOW - dt.timedelta(seconds=90))
    queue(scene.store, "held", NOW + dt.timedelta(minutes=10))
    samples = scene.samples()
    assert samples["bot_messages_waiting"] == 1
    assert samples["bot_messages_failed"] == 1
    assert samples["bot_outbox_waiting"] == 2
    assert samples["bot_outbox_oldest_seconds"] == 90
    told = json.loads(scene.get()[1])
    assert (told["waiting"], told["failed"], told["outbox_oldest_seconds"]) == (1, 1, 90)


def test_a_mail_server_that_does_not_let_the_bot_in_is_told_at_once(scene: Scene) -> None:
    scene.problem = "535 no"
    assert scene.problems() == ["the mail server does not let the bot in: 535 no"]


def test_mail_that_is_late_is_told_where_the_server_is_to_blame(scene: Scene) -> None:
    """Not where one recipient's server puts one mail off: the others go out."""
    queue(scene.store, "late", NOW - dt.timedelta(minutes=16))
    late = ["mail has been waiting to go out for 960 s"]
    assert scene.problems() == late  # nobody tries it
    scene.store.outbox.deferred(1, NOW, "451 later", NOW + dt.timedelta(minutes=5))
    assert scene.problems() == []
    scene.in_trouble = True
    assert scene.problems() == late


def test_steps_are_timed(scene: Scene) -> None:
    def seconds(name: str) -> tuple[float, float]:
        _, page = scene.get("/metrics")
        found = {
            s.name: s.value
            for f in text_string_to_metric_families(page)
            for s in f.samples
            if s.labels == {"step": name}
        }
        return found["bot_step_seconds_count"], found["bot_step_seconds_sum"]

    count, total = seconds("settle")
    with step("settle"):
        time.sleep(0.02)
    with pytest.raises(ZeroDivisionError), step("settle"):
        raise ZeroDivisionError
    assert seconds("settle")[0] == count + 2
    assert seconds("settle")[1] >= total + 0.02

    count, total = seconds("fetch")
    assert list(timed("fetch", (i for i in range(3) if not time.sleep(0.01)))) == [0, 1, 2]
    assert seconds("fetch")[0] == count + 3
    assert seconds("fetch")[1] >= total + 0.03


def test_nothing_but_get_and_nothing_but_two_pages(scene: Scene) -> None:
    assert scene.get("/metrics?x=1")[0] == 200
    assert scene.get("/../etc/passwd")[0] == 404
    for method in ("POST", "PUT", "DELETE", "TRACE"):
        assert scene.get("/healthz", method)[0] == 501


def test_clients_that_say_nothing_do_not_pile_up(scene: Scene) -> None:
    address = (scene.settings.host, scene.settings.port)
    silent = [socket.create_connection(address, 10) for _ in range(AT_ONCE)]
    time.sleep(0.2)
    with socket.create_connection(address, 10) as one_more:
        assert one_more.recv(1) == b""  # hung up on
    for connection in silent:
        connection.close()
    time.sleep(0.2)
    assert scene.get()[0] == 200


def test_port_0_listens_nowhere_and_one_that_cannot_be_had_is_told(scene: Scene) -> None:
    with monitored(MonitoringSettings(), scene.health):
        pass
    elsewhere = MonitoringSettings.model_construct(port=free_port(), host="192.0.2.1")
    with (
        pytest.raises(MonitorError, match=r"192.0.2.1 port \d+ cannot be used"),
        monitored(elsewhere, scene.health),
    ):
        pass


def test_a_taken_port_is_asked_for_until_it_is_free(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.observability.monitor.RETRY_SECONDS", 0.05)
    made = Scene(tmp_path)
    with socket.socket() as other:
        other.bind((made.settings.host, made.settings.port))
        other.listen()
        with monitored(made.settings, made.health):
            pass  # it ends though it waits
        waiting = monitored(made.settings, made.health)
        waiting.__enter__()
    wait_until(lambda: answers(made.settings.port), "it listens")
    assert made.get()[0] == 200
    waiting.__exit__(None, None, None)
    made.store.close()


def test_the_port_is_free_again_afterwards(tmp_path: Path) -> None:
    made = Scene(tmp_path)
    for _ in range(2):
        with monitored(made.settings, made.health):
            assert made.get()[0] == 200
    assert not answers(made.settings.port)
    made.store.close()


# --- check ------------------------------------------------------------------------------------


def test_check_says_what_the_service_answered(scene: Scene) -> None:
    assert check_service(scene.settings, 5).ok
    scene.clock += 1000
    told = check_service(scene.settings, 5)
    assert not told.ok
    assert told.line == "service: the main loop has not come round for 1000 s"


def test_that_no_service_runs_is_a_failure_only_where_one_must() -> None:
    settings = MonitoringSettings(port=free_port())
    assert check_service(settings, 5).ok
    assert not check_service(settings, 5, must_run=True).ok


@contextmanager
def answering(words: bytes) -> Iterator[MonitoringSettings]:
    """Something else on the port, that takes one connection and says these words."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(5)
        settings = MonitoringSettings(port=server.getsockname()[1])
        if not words:
            yield settings
            return

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(words)

        thread = threading.Thread(target=serve)
        thread.start()
        yield settings
        thread.join()


@pytest.mark.parametrize(
    "words",
    [
        b"220 mail.example ESMTP\r\n",
        b"HTTP/1.0 200 OK\r\n\r\n<html>",
        b"HTTP/1.0 200 OK\r\n\r\n[]",
        b'HTTP/1.0 200 OK\r\n\r\n{"problems": 3, "last_round_seconds": "x"}',
    ],
)
def test_another_program_on_the_port_is_not_believed(words: bytes) -> None:
    with answering(words) as settings:
        told = check_service(settings, 5)
    assert (told.ok, told.line) == (False, "service: what answers is not the bot")


def test_a_service_that_hangs_is_waited_for_no_longer_than_said() -> None:
    with answering(b"") as settings:
        told = check_service(settings, 0.2)
    assert (told.ok, told.line) == (False, "service: no answer within 0.2 s")


def test_everything_is_looked_at_at_once_and_within_the_time() -> None:
    def after(seconds: float, name: str) -> Callable[[], CheckResult]:
        def look() -> CheckResult:
            time.sleep(seconds)
            return CheckResult(True, name)

        return look

    began = time.monotonic()
    looks = {"imap": after(30, "imap"), "smtp": after(0.1, "smtp"), "database": after(0.1, "db")}
    results = list(all_within(0.4, looks))
    assert time.monotonic() - began < 15  # half of what the slowest takes
    assert [r.ok for r in results] == [False, True, True]
    assert results[0].line == "imap: no answer within 0.4 s"
