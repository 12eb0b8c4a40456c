"""`init`: what it writes is a configuration that loads, with what was said in it."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot.cli.app import app
from bot.config.load import ConfigError, load, load_to_run
from bot.config.starter import PROVIDERS

PEOPLE = [
    "--reviewer", "Íñigo «El Rápido» Núñez <Inigo@upaep.mx>", "--approver", "direccion@upaep.mx",
    "--provisioner", "TI: redes, y más <ti@upaep.mx>", "--admin", "ti@upaep.mx",
]  # fmt: skip


def run(file: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["--config", str(file), "init", *arguments])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "etc" / "config.yaml"


@pytest.mark.parametrize("provider", list(PROVIDERS))
def test_what_options_say_is_enough(
    file: Path, provider: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = ["--tenant", "t", "--client-id", "c"] if provider == "microsoft" else []
    done = run(file, "--address", "Listas@upaep.mx", "--provider", provider, *PEOPLE, *more)
    assert done.exit_code == 0, done.output
    settings = load(file)
    assert settings.mailbox.address == "listas@upaep.mx"
    assert settings.mailbox.domains == ("upaep.mx",)
    assert settings.imap.host == (PROVIDERS[provider].imap_host or "imap.upaep.mx")
    assert settings.smtp.host == (PROVIDERS[provider].smtp_host or "smtp.upaep.mx")
    assert {(s.name, s.email, s.roles) for s in settings.staff} == {
        ("Íñigo «El Rápido» Núñez", "inigo@upaep.mx", ("reviewer",)),
        ("direccion", "direccion@upaep.mx", ("approver",)),
        ("TI: redes, y más", "ti@upaep.mx", ("provisioner", "admin")),
    }
    assert file.stat().st_mode & 0o777 == 0o644
    with pytest.raises(ConfigError) as wants:  # only the secrets are missing
        load_to_run(file)
    assert all("is missing" in problem for problem in wants.value.problems)
    if provider == "other":
        for server in ("IMAP", "SMTP"):
            monkeypatch.setenv(f"BOT_{server}__PASSWORD", "secreto")
        assert load_to_run(file).imap.password is not None


def test_without_an_approver_there_is_one_stage(file: Path) -> None:
    people = [*PEOPLE[:2], *PEOPLE[4:]]
    assert run(file, "--address", "l@upaep.mx", "--provider", "google", *people).exit_code == 0
    assert load(file).workflow.stages == ("review",)


def test_the_key_may_lie_beside_the_file_or_come_later(file: Path) -> None:
    options = ["--address", "l@upaep.mx", "--key-file", "google.json", *PEOPLE]
    assert run(file, *options).exit_code == 0
    (file.parent / "google.json").write_text("{}")
    assert load(file).imap.oauth.service_account_file == file.parent / "google.json"


def test_a_file_that_is_there_stays(file: Path) -> None:
    file.parent.mkdir()
    file.write_text("staff: []")
    refused = run(file, "--address", "l@upaep.mx", *PEOPLE)
    assert (refused.exit_code, file.read_text()) == (2, "staff: []")
    assert run(file, "--address", "l@upaep.mx", "--force", *PEOPLE).exit_code == 0


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (["--address", "l@upaep.mx"], "--reviewer, --provisioner, --admin"),
        (PEOPLE, "--address"),
        (["--address", "l@upaep.mx", *PEOPLE, "--admin", "nobody"], "'nobody' should be"),
        (["--address", "nonsense", *PEOPLE], "mailbox.address"),
        (["--address", "l@upaep.mx", *PEOPLE, "--admin", "x@gmail.com"], "x@gmail.com is in none"),
    ],
)
def test_what_cannot_work_is_told_and_nothing_is_written(
    file: Path, wrong: list[str], told: str
) -> None:
    done = run(file, *wrong)
    problems = done.exception.problems if isinstance(done.exception, ConfigError) else []
    assert told in done.output + " ".join(problems)
    assert done.exit_code in (1, 2)  # `main` makes 2 of ConfigError
    assert not file.exists()


def test_it_asks_whoever_is_there_and_again_after_a_slip(tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    master, slave = pty.openpty()
    answers = ["l", "l@upaep.mx", "Otro", "other", "", "", "Ana", "Ana <ana@upaep.mx>", "",
               "ti@upaep.mx", "ti@upaep.mx", "", ""]  # fmt: skip
    os.write(master, "".join(f"{answer}\n" for answer in answers).encode())
    done = subprocess.run(
        [sys.executable, "-m", "bot", "--config", str(file), "init"],
        stdin=slave, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    os.close(master)
    os.close(slave)
    assert done.returncode == 0, done.stdout + done.stderr
    settings = load(file)
    assert settings.imap.host == "imap.upaep.mx"
    assert settings.institution.name == "UPAEP"
