"""What operators are given, docs/operating.md and the unit of systemd, fits the program."""

import datetime as dt
import re
from configparser import RawConfigParser
from pathlib import Path

import pytest

from bot.config.load import load
from bot.config.settings import MonitoringSettings
from bot.observability.health import Health
from bot.observability.heartbeat import Heartbeat
from bot.store import Store
from tests.rig.zone import ZONE

UNIT = Path("docs/systemd/upaep-list-bot.service").read_text("utf-8")
PAGE = Path("docs/operating.md").read_text("utf-8")


def test_the_metrics_are_those_on_the_page(tmp_path: Path) -> None:
    with Store.open(f"sqlite:///{tmp_path}/bot.db") as store:
        heartbeat = Heartbeat(lambda: True, tell=lambda _: None)
        now = dt.datetime(2021, 6, 21, 9, 0, tzinfo=ZONE)
        health = Health(store, heartbeat, MonitoringSettings(), lambda: now)
        shown = {f"{m.name}{'_total' * (m.type == 'counter')}" for m in health.collect()}
    told = set(re.findall(r"^\| `(bot_\w+?)(?:\{\w+\})?` \|", PAGE, re.MULTILINE))
    assert told == {name for name in shown if name.startswith("bot_")}


def test_the_unit_sets_keys_that_there_are(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    credentials = dict(re.findall(r"^LoadCredential=([\w-]+):(\S+)$", UNIT, re.MULTILINE))
    for name in credentials:
        (tmp_path / name).write_text(f"secret of {name}", "utf-8")
    given = dict(re.findall(r"^Environment=(BOT_\w+)=(\S+)$", UNIT, re.MULTILINE))
    assert given
    for name, value in given.items():
        monkeypatch.setenv(name, value.replace("%d", str(tmp_path)))
    settings = load(Path("config.yaml"))
    for server in (settings.imap, settings.smtp):
        assert server.password is not None
    assert settings.imap.password != settings.smtp.password


def test_the_watchdog_is_as_patient_as_health_and_restarts_what_it_ends() -> None:
    unit = RawConfigParser(strict=False)
    unit.read_string(UNIT)
    service = unit["Service"]
    assert service["Type"] == "notify"
    assert float(service["WatchdogSec"]) >= MonitoringSettings().stalled_seconds
    assert service["Restart"] == "on-failure"
