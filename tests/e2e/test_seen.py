"""The running bot as it is seen from outside: its log, /metrics, /healthz, systemd, `check`."""

import json
import re
import socket
import sqlite3
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from statistics import median

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.e2e.requests import FULL, PROSE, REST
from tests.rig.dovecot import Account
from tests.rig.office import (
    APPROVER,
    AREA,
    PROVISIONER,
    REVIEWER,
    REVIEWER_2,
    Office,
    open_office,
)
from tests.rig.smtp_sink import SmtpSink
from tests.rig.system import free_port, private_directory, wait_until
from tests.rig.warm import WarmBot


class Supervisor:
    """The end of systemd's socket: what the service told it.

    It listens in a thread of its own, as systemd does: the kernel keeps ten datagrams, and what
    comes while these wait is lost.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(path))
        self.told: list[str] = []
        self.fed_at: list[float] = []
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        while (datagram := self._socket.recv(4096)) != self._END:
            lines = datagram.decode().splitlines()
            self.told += lines
            self.fed_at += [time.monotonic()] * lines.count("WATCHDOG=1")

    _END = b"END"

    def close(self) -> None:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            sender.sendto(self._END, str(self.path))
        self._thread.join()
        self._socket.close()


@pytest.fixture
def supervisor() -> Iterator[Supervisor]:
    with private_directory("notify", {}) as folder:
        one = Supervisor(folder / "socket")
        yield one
        one.close()


@pytest.fixture
def seen(
    account: Account, sink: SmtpSink, tmp_path: Path, supervisor: Supervisor, warm: WarmBot
) -> Iterator[Office]:
    """An office, not yet started, whose bot logs JSON, is monitored and has a supervisor."""
    with open_office(account, sink, tmp_path) as office:
        office.warm = warm
        office.settings["logs"] = {"format": "json"}
        office.settings["monitoring"] = {"port": free_port(), "imap_down_seconds": 1}
        office.write_config()
        office.environment = {
            "NOTIFY_SOCKET": str(supervisor.path), "WATCHDOG_USEC": "1500000",
        }  # fmt: skip
        yield office


def get(office: Office, path: str) -> tuple[int, str]:
    url = f"http://127.0.0.1:{office.settings['monitoring']['port']}{path}"
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def metrics(office: Office) -> dict[str, float]:
    """Every sample by its name and labels, as `name{label}`."""
    status, page = get(office, "/metrics")
    assert status == 200
    return {
        sample.name + "".join(f"{{{value}}}" for value in sample.labels.values()): sample.value
        for family in text_string_to_metric_families(page)
        for sample in family.samples
    }


def health(office: Office) -> dict[str, object]:
    told: dict[str, object] = json.loads(get(office, "/healthz")[1])
    return told


def lines(office: Office) -> list[dict[str, object]]:
    return [json.loads(line) for line in office.log().splitlines()]


def at_rest(counted: dict[str, float]) -> bool:
    """Whether nothing waits, and all that was settled is counted: that is done a moment later."""
    settled = (v for k, v in counted.items() if k.startswith("bot_messages_settled_total"))
    waiting = counted["bot_messages_waiting"] + counted["bot_outbox_waiting"]
    return not waiting and sum(settled) == counted["bot_messages_received_total"]


def converse(office: Office) -> None:
    """A request from prose to the list, with machines and noise in between."""
    office.write(AREA, "Lista para la biblioteca", PROSE)
    office.reply(office.mail("form", AREA), REST)
    notice = office.mail("review", REVIEWER)
    office.account.deliver(notice.message.as_bytes())  # ours, come back with its key
    office.account.deliver(b"\x00\xff" * 500)
    office.reply(notice, "No sé, ¿qué opina Ricarda?")
    office.reply(notice, "APROBAR")
    office.reply(office.mail("approval", APPROVER), "Se aprueba, gracias.")
    office.reply(office.mail("provisioning", PROVISIONER), "HECHO novedades@upaep.mx")
    office.mail("list_ready", AREA)


def test_the_log_tells_whose_line_it_is_and_nothing_that_was_written(
    seen: Office, supervisor: Supervisor
) -> None:
    seen.start()
    converse(seen)
    wait_until(lambda: at_rest(metrics(seen)), "all settled and sent", step=0.1)
    counted = metrics(seen)
    assert seen.stop() == 0

    told = lines(seen)
    settled = [line for line in told if line["event"] == "message.settled"]
    assert {line["status"] for line in settled} == {"done", "ignored", "failed"}
    of_messages = [line for line in told if "message" in line]
    assert len(of_messages) >= len(settled)
    nameless = [line for line in of_messages if "message_id" not in line]
    assert [line["status"] for line in nameless if "status" in line] == ["failed"]  # it has none
    of_people = [line for line in settled if line["status"] == "done"]
    assert all(re.fullmatch(r"CI-\d{4}-\d{4}", str(line["case"])) for line in of_people)
    sent = [line for line in told if line["event"] == "smtp.sent"]
    assert sent
    assert all(line["mail"] and line["template"] for line in sent)
    assert {line["template"] for line in sent if "case" not in line} <= {"alarm"}

    (own,) = (line for line in settled if "•••@" in str(line.get("message_id")))
    assert own["status"] == "ignored"

    log = seen.log()
    keys = {
        key
        for mail in seen.sink.mails
        for header in ("Message-ID", "Reply-To")
        for key in re.findall(r"\.([a-z2-7]{20})@", str(mail.message[header]))
    }
    assert len(keys) >= 4
    written = [
        *(line for text in (PROSE, REST) for line in text.splitlines() if len(line) > 12),
        "Elvira", "biblioteca", "Ricarda", "opina", "Traceback", seen.account.password,
    ]  # fmt: skip
    assert [secret for secret in (*keys, *written) if secret in log] == []
    assert not re.search(r"(?<![\d.])7415(?!\d)", log)  # clocks and ports have such digits, too

    assert counted["bot_messages_received_total"] == len(settled)
    by_status = {s: counted[f"bot_messages_settled_total{{{s}}}"] for s in ("done", "failed")}
    assert by_status == {"done": len(of_people), "failed": 1}
    assert counted["bot_messages_failed"] == 1
    assert counted["bot_cases{closed}"] == 1
    mails = {k: v for k, v in counted.items() if k.startswith("bot_mails_sent_total")}
    assert mails["bot_mails_sent_total{review}"] >= len({REVIEWER, REVIEWER_2})
    assert counted["bot_imap_connected"] == counted["bot_database_up"] == 1
    assert counted["bot_outbox_waiting"] == counted["bot_outbox_oldest_seconds"] == 0
    for step in ("fetch", "receive", "read", "settle", "deliver", "flag"):
        assert counted[f"bot_step_seconds_count{{{step}}}"] > 0, step

    wait_until(lambda: "STOPPING=1" in supervisor.told, "its last word arrives", 10)
    heard = supervisor.told
    assert heard.index("READY=1") < heard.index("STOPPING=1")
    assert heard.count("WATCHDOG=1") >= 2


def test_a_hang_of_the_main_loop_starves_the_watchdog(seen: Office, supervisor: Supervisor) -> None:
    seen.start()
    assert seen.process is not None
    wait_until(lambda: len(supervisor.fed_at) > 8, "it is fed while idle", 60)
    gaps = [after - before for before, after in pairwise(supervisor.fed_at)]
    assert median(gaps) < 1.5 / 2  # at less than half of what it allows
    # A writer that keeps the database from everybody is a hang as the main loop knows it.
    with sqlite3.connect(seen.folder / "bot.db", isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        seen.write(AREA, "Formato", FULL)
        time.sleep(0.8)
        before = supervisor.told.count("WATCHDOG=1")
        time.sleep(1.2)
        assert supervisor.told.count("WATCHDOG=1") == before
        age = health(seen)["last_round_seconds"]
        assert isinstance(age, float)
        assert age > 1.2
        other.execute("ROLLBACK")
    wait_until(lambda: supervisor.told.count("WATCHDOG=1") > before, "fed again", 10)
    seen.mail("received", AREA)
    assert seen.stop() == 0


def test_check_asks_the_running_service(seen: Office) -> None:
    nobody = seen.bot("check")
    assert (nobody.returncode, "ok    service: none runs" in nobody.stdout) == (0, True)
    asked = seen.bot("check", "--service")
    assert (asked.returncode, "FAILS service: none runs" in asked.stdout) == (1, True)

    seen.start()
    status, told = get(seen, "/healthz")
    assert (status, json.loads(told)["status"]) == (200, "ok"), told
    assert get(seen, "/")[0] == 404
    asked = seen.bot("check", "--service")
    assert (asked.returncode, "ok    service: runs" in asked.stdout) == (0, True), asked.stdout
    assert "imap" not in asked.stdout
    second = seen.bot("run")
    assert second.returncode == 1
    assert "SQLite is for one" in second.stderr
    assert "Traceback" not in second.stderr


def failing(office: Office) -> bool:
    """Whether /healthz says so; not yet while nobody answers."""
    try:
        return get(office, "/healthz")[0] == 503
    except urllib.error.URLError:
        return False


def test_a_mailbox_out_of_reach_is_told_and_the_service_is_not_ready(
    seen: Office, supervisor: Supervisor
) -> None:
    seen.settings["imap"]["port"] = free_port()
    seen.write_config()
    seen.launch()
    wait_until(lambda: failing(seen), "health says so", 30, step=0.1)
    assert "the mailbox has been out of reach for" in str(health(seen)["problems"])
    assert metrics(seen)["bot_imap_connected"] == 0
    assert "READY=1" not in supervisor.told
    assert any(line.startswith("EXTEND_TIMEOUT_USEC=") for line in supervisor.told)
    asked = seen.bot("check", "--service")
    assert (asked.returncode, "FAILS service: the mailbox" in asked.stdout) == (1, True)
    assert seen.stop() == 0


def test_without_a_port_nothing_listens_and_check_says_so(seen: Office) -> None:
    seen.settings["monitoring"] = {}
    seen.write_config()
    asked = seen.bot("check", "--service")
    assert asked.returncode == 2
    assert "monitoring.port" in asked.stderr
