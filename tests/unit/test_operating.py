"""What operators are given, docs/operating.md and the unit of systemd, fits the program."""

import datetime as dt
import json
import re
import shlex
import shutil
import subprocess
import sys
from configparser import RawConfigParser
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from bot.cli.app import COMMANDS, app
from bot.config.load import load, load_to_run
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


# --- deploy: as far as it can be tried without building images ---------------------------------


def words_of(instruction: str) -> list[list[str]]:
    """The JSON arrays of an instruction of the Containerfile."""
    text = Path("deploy/Containerfile").read_text("utf-8").replace("\\\n", " ")
    found = re.findall(rf"{instruction}\s+(\[.*\])$", text, re.MULTILINE)
    return [json.loads(one) for one in found]


def test_the_image_runs_commands_that_there_are_and_not_as_root() -> None:
    text = Path("deploy/Containerfile").read_text("utf-8")
    (begin,), (health,), (then,) = words_of("ENTRYPOINT"), words_of("  CMD"), words_of("^CMD")
    assert begin[0] == "upaep-list-bot"
    assert health[: len(begin)] == begin
    assert {then[0], health[len(begin)]} <= set(COMMANDS)
    assert text.rindex("\nUSER 10001") < text.rindex("\nENTRYPOINT")
    for source in re.findall(r"^COPY (?!--from)(.+) \S+$", text, re.MULTILINE):
        assert all(Path(name).exists() for name in source.split())


def test_compose_names_keys_and_secrets_that_there_are(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    services = yaml.safe_load(Path("deploy/compose.yaml").read_text("utf-8"))
    bot = services["services"]["bot"]
    assert set(bot["secrets"]) <= set(services["secrets"])
    assert bot["healthcheck"]["test"] == ["CMD", *words_of("  CMD")[0]]
    for name, value in bot["environment"].items():
        if name.endswith("_FILE"):
            secret = tmp_path / Path(value).name
            assert secret.name in bot["secrets"]
            secret.write_text("secret", "utf-8")
            value = str(secret)
        monkeypatch.setenv(name, value)
    settings = load(Path("config.yaml"))
    assert settings.database.password is not None
    assert settings.database.url.startswith("postgresql+psycopg://bot@database/")
    assert Path(bot["build"]["dockerfile"]).exists()


def test_with_oauth_no_password_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    lines = Path("docs/systemd/oauth.conf").read_text("utf-8").splitlines()
    assert lines.index("LoadCredential=") < lines.index("Environment=")
    (tmp_path / "google.json").write_text("{}", "utf-8")
    for line in lines:
        if found := re.fullmatch(r"Environment=(BOT_\w+)=(\S+)", line):
            monkeypatch.setenv(found[1], found[2].replace("%d", str(tmp_path)))
    settings = load_to_run(Path("config.yaml"))  # which logs in by oauth2-google
    assert settings.imap.oauth.service_account_file == tmp_path / "google.json"


@pytest.mark.parametrize("drop_in", [False, True])
def test_systemd_finds_nothing_wrong_with_the_unit(tmp_path: Path, drop_in: bool) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd is not installed here")
    unit = tmp_path / "upaep-list-bot.service"
    program = re.sub(r"/opt/upaep-list-bot/.venv/bin/python", sys.executable, UNIT)
    unit.write_text(program.replace("file:///opt/upaep-list-bot", "file:///tmp"), "utf-8")
    if drop_in:
        folder = tmp_path / "upaep-list-bot.service.d"
        folder.mkdir()
        shutil.copy("docs/systemd/oauth.conf", folder)
    done = subprocess.run(
        [analyze, "verify", "--man=no", unit], capture_output=True, text=True, timeout=60
    )
    mistakes = re.compile(r"Unknown|Invalid|Failed to (?:parse|resolve)|not absolute")
    told = [line for line in done.stderr.splitlines() if mistakes.search(line)]
    assert told == []


# --- the pages name commands that there are -----------------------------------------------------

PAGES = ("README.md", *(f"docs/{name}.md" for name in (
    "operating", "configuration", "providers", "primera-semana")))  # fmt: skip
_COMMAND = re.compile(
    r"(?:[A-Z_]+=\S+ )*(?:(?:\S*python|\S*python3) -m bot|bot|upaep-list-bot)"
    r"(?: --config \S+)? ([a-z][^|#&]*)"
)


def commands_on(page: str) -> list[list[str]]:
    """What stands in code on a page and calls the program, without what it is called by."""
    text = Path(page).read_text("utf-8")
    blocks = re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    code = [line.strip() for block in blocks for line in block.splitlines()]
    code += re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.M | re.S))
    found = (_COMMAND.fullmatch(one.partition("#")[0].strip()) for one in code)
    return [shlex.split(match[1].replace("…", "")) for match in found if match]


@pytest.mark.parametrize("page", PAGES)
def test_every_command_on_the_pages_is_one_with_its_options(page: str) -> None:
    found = commands_on(page)
    assert found
    for words in found:
        assert words[0] in COMMANDS, f"{page}: no command in {words}"
        command: Any = typer.main.get_group(app).get_command(None, words[0])
        rest = words[1:]
        while rest and rest[0] in getattr(command, "commands", {}):
            command = command.commands[rest.pop(0)]
        known = {name for parameter in command.params for name in parameter.opts}
        said = {word.split("=")[0] for word in rest if word.startswith("--")}
        assert said <= known | {"--help", "--version"}, f"{page}: {words}"
