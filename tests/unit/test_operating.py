"""What operators are given, docs/operating.md and the unit of systemd, fits the program."""

import datetime as dt
import json
import re
from configparser import RawConfigParser
from pathlib import Path

import pytest
import yaml

from bot.config.load import load
from bot.config.settings import MonitoringSettings
from bot.observability.health import Health
from bot.observability.heartbeat import Heartbeat
from bot.store import Store
from tests.rig.zone import ZONE

UNIT = Path("docs/systemd/upaep-list-bot.service").read_text("utf-8")
MONITORING = Path("docs/monitoring")
PAGE = Path("docs/operating.md").read_text("utf-8")


def metrics(folder: Path) -> set[str]:
    """The names that /metrics shows."""
    with Store.open(f"sqlite:///{folder}/bot.db") as store:
        heartbeat = Heartbeat(lambda: True, tell=lambda _: None)
        now = dt.datetime(2021, 6, 21, 9, 0, tzinfo=ZONE)
        health = Health(store, heartbeat, MonitoringSettings(), lambda: now)
        return {f"{m.name}{'_total' * (m.type == 'counter')}" for m in health.collect()}


def test_the_metrics_are_those_on_the_page(tmp_path: Path) -> None:
    shown = metrics(tmp_path)
    told = set(re.findall(r"^\| `(bot_\w+?)(?:\{\w+\})?` \|", PAGE, re.MULTILINE))
    assert told == {name for name in shown if name.startswith("bot_")}


def test_alerts_and_the_dashboard_ask_for_metrics_that_there_are(tmp_path: Path) -> None:
    rules = yaml.safe_load((MONITORING / "alerts.yml").read_text("utf-8"))["groups"][0]["rules"]
    panels = json.loads((MONITORING / "grafana.json").read_text("utf-8"))["panels"]
    asked = [rule["expr"] for rule in rules]
    asked += [target["expr"] for panel in panels for target in panel["targets"]]
    known = metrics(tmp_path) | {"bot_step_seconds_bucket", "process_resident_memory_bytes"}
    known |= {"process_start_time_seconds"}
    for expression in asked:
        named = set(re.findall(r"\b(?:bot|process)_\w+", expression))
        assert named, expression
        assert named <= known, expression
    assert {name for name in known if name.startswith("bot_")} - {"bot_step_seconds"} <= {
        name for expression in asked for name in re.findall(r"\bbot_\w+", expression)
    }
    assert len({panel["id"] for panel in panels}) == len(panels)


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
