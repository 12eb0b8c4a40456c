"""A command loads what it needs: nobody waits for the reader of mail to see a list of cases."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
import typer.main

from bot.cli.app import COMMANDS, app
from bot.store import Store

ROOT = Path(__file__).parents[2]
LOADED = """
import json, sys
from bot.cli.app import main
try:
    main()
except SystemExit:
    pass
print(json.dumps(sorted(sys.modules)))
"""
READING = {
    "spacy", "thinc", "docx", "openpyxl", "pypdf", "lxml", "mailparser", "bot.mail.parsing",
    "rapidfuzz", "pycrfsuite", "nlp.fields", "nlp.text.dates", "nlp.commands",
    "bot.lists.kind", "bot.workflow.commands", "bot.workflow.screening.wording",
}  # fmt: skip
SERVING = {"imapclient", "prometheus_client", "bot.runtime.processor", "bot.runtime.build"}
MAKING = {
    "alembic",
    "jinja2",
    "holidays",
    "sqlalchemy.dialects.postgresql",
    "sqlalchemy.orm",
    "matplotlib",
    "scipy",
}
STORE = {"sqlalchemy", "pydantic"}


def loaded(tmp_path: Path, *arguments: str) -> set[str]:
    """The modules that a command had loaded when it was done."""
    file = tmp_path / "config.yaml"
    staff = "[{name: R, email: r@upaep.mx, roles: [reviewer, approver, provisioner, admin]}]"
    parts = "database: {url: 'sqlite:///bot.db'}", "monitoring: {port: 9}", f"staff: {staff}"
    file.write_text("\n".join(parts), "utf-8")
    Store.open(f"sqlite:///{tmp_path}/bot.db").close()
    done = subprocess.run(
        [sys.executable, "-c", LOADED, "--config", file, *arguments],
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize(
    ("arguments", "left_out"),
    [
        (["--help"], READING | SERVING | MAKING | STORE),
        (["cases"], READING | SERVING | MAKING),
        (["outbox", "--json"], READING | SERVING | MAKING),
        (["check", "--service"], READING | SERVING | MAKING | {"sqlalchemy", "bot.mail"}),
    ],
)
def test_a_command_loads_nothing_that_it_does_not_need(
    tmp_path: Path, arguments: list[str], left_out: set[str]
) -> None:
    found = loaded(tmp_path, *arguments)
    assert "typer" in found
    assert found & left_out == set()


def test_who_writes_mail_does_not_load_what_reads_pdf() -> None:
    code = "import sys, bot.mail.compose; print('pypdf' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert done.stdout.strip() == "False", done.stderr


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_where_it_is_said_to_be(name: str) -> None:
    group = typer.main.get_group(app)
    command = group.get_command(None, name)
    assert command.name == name
    assert command.get_short_help_str()


def test_no_command_is_left_out() -> None:
    group = typer.main.get_group(app)
    for name in COMMANDS:
        group.get_command(None, name)
    assert set(typer.main.get_group(app).commands) == set(COMMANDS)


def imported(file: Path) -> set[str]:
    """The packages whose modules a file imports."""
    nodes = list(ast.walk(ast.parse(file.read_text("utf-8"))))
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [str(node.module) for node in nodes if isinstance(node, ast.ImportFrom)]
    return {name.partition(".")[0] for name in names}


def test_what_runs_needs_nothing_that_only_developers_have() -> None:
    text = (ROOT / "requirements.txt").read_text("utf-8")
    required = {name.lower() for name in re.findall(r"^([\w.-]+)", text, re.MULTILINE)}
    files = [file for room in ("bot", "nlp", "replies") for file in (ROOT / room).rglob("*.py")]
    found = set().union(*(imported(file) for file in files if "training" not in file.parts))
    distributions = packages_distributions()
    extra = {"rapidocr", "pi_heif"}  # `ocr`: imported only where it is installed
    foreign = found - sys.stdlib_module_names - {"bot", "nlp", "replies"} - extra
    assert len(foreign) > 20
    for name in foreign:
        assert {one.lower() for one in distributions[name]} & required, name
