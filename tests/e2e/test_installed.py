"""Installed as software is: a wheel, its program, outside the checkout."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.rig.office import REPOSITORY

MAILS = REPOSITORY / "tests" / "mails" / "human"
STAFF = "[{name: R, email: r@upaep.mx, roles: [reviewer, approver, provisioner, admin]}]"


# Typer looks at the shell above it, which make starts; here the one named is meant.
ANY_SHELL = {"_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what `pip install .` installs; the wheel lies beside it."""
    folder = tmp_path_factory.mktemp("installed")
    source = folder / "source"  # what is built leaves nothing in the checkout
    source.mkdir()
    for name in ("bot", "nlp", "replies"):
        kept = shutil.ignore_patterns("__pycache__")
        shutil.copytree(REPOSITORY / name, source / name, ignore=kept)
    texts = ("pyproject.toml", "requirements.txt", "requirements-ocr.txt", "README.md", "LICENSE")
    for name in texts:
        shutil.copy(REPOSITORY / name, source)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    for command in (
        ["wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, source],
        ["install", "--no-deps", "--no-index", "--find-links", folder, "--target",
         folder / "site", "upaep-list-bot"],
    ):  # fmt: skip
        done = subprocess.run([*pip, *command], capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stdout + done.stderr
    return folder / "site"


def run(installed: Path, folder: Path, *arguments: str | Path) -> str:
    done = subprocess.run(
        [sys.executable, installed / "bin" / "upaep-list-bot", *arguments],
        cwd=folder, env={**os.environ, "PYTHONPATH": str(installed), **ANY_SHELL},
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_program_works_where_there_is_no_checkout(installed: Path, tmp_path: Path) -> None:
    assert run(installed, tmp_path, "--version") == "upaep-list-bot 0.2.0\n"
    assert "upaep-list-bot" in run(installed, tmp_path, "--show-completion", "bash")
    (tmp_path / "config.yaml").write_text(f"staff: {STAFF}\n", "utf-8")
    mails = sorted(MAILS.glob("*.eml"))[:5]
    told = run(installed, tmp_path, "explain", "--json", *mails)
    assert all(json.loads(line)["intent"] for line in told.splitlines())
    assert "tables at" in run(installed, tmp_path, "db", "create")
    assert json.loads(run(installed, tmp_path, "cases", "--json")) == []


def test_the_wheel_holds_what_runs_and_not_what_it_was_trained_on(installed: Path) -> None:
    (wheel,) = installed.parent.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    for wanted in ("nlp/model/fields.crfsuite.gz", "replies/style.css", "bot/lists/form.yaml",
                   "bot/config/starter.yaml.j2", "bot/demo/story.yaml"):  # fmt: skip
        assert wanted in names
    tracked = subprocess.run(
        ["git", "ls-files", "bot", "nlp", "replies"], cwd=REPOSITORY, capture_output=True, text=True
    ).stdout.splitlines()
    left_out = set(tracked) - set(names)
    assert {name for name in left_out if "/corpus/" not in name} == set()
    assert not [name for name in names if "/corpus/" in name or "__pycache__" in name]
