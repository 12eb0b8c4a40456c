"""What strangers wrote reaches the operator's terminal, and other programs, as text."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cli.rows import cell, print_csv, print_json
from bot.observability.terminal import complain, print_table, say, shown, spinning

HOSTILE = "[/b] [bold red]x[/] [link=https://evil.example]aquí[/link] :smile: \x1b]0;t\x07 \x9b31m"
STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def test_nothing_is_markup_and_nothing_steers(capsys: pytest.CaptureFixture[str]) -> None:
    say(HOSTILE, (HOSTILE, "bold"))
    print_table([HOSTILE], [[HOSTILE]], title=HOSTILE)
    complain(HOSTILE)
    told = capsys.readouterr()
    assert told.out.count("[link=https://evil.example]aquí[/link]") >= 2
    assert "[/b] [bold red]x[/]" in told.err
    assert ":smile:" in told.err
    assert not STEERING.search(told.out + told.err)
    assert "␛]0;t␇ \\u009b31m" in told.err


def test_nothing_spins_where_nobody_looks_on(capsys: pytest.CaptureFixture[str]) -> None:
    with spinning("…"):
        say("done")
    assert capsys.readouterr().out == "done\n"


def test_a_table_may_be_empty(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(("Folio", "Área"), [], unbroken=(0,))
    assert "Folio" in capsys.readouterr().out


@pytest.mark.parametrize("columns", [20, 40, 80, 200])
def test_a_narrow_window_cuts_nothing(
    columns: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    area = "Dirección General de Promoción y Comunicación Estratégica"
    headers = ("Folio", "Estado", "Área", "Solicitante", "Abierto", "Responder")
    row = ("CI-2021-0042", "incomplete", area, "a" * 30 + "@upaep.mx", "21/06/2021", "28/06/2021")
    print_table(headers, [row], unbroken=(0, 1, 4, 5))
    out = capsys.readouterr().out
    assert "…" not in out
    for number in (0, 1, 4, 5):
        assert row[number] in out
    cells = [line.split("│") for line in out.splitlines() if "│" in line]
    assert "".join(cell[4].strip() for cell in cells) == row[3]


@given(st.text())
def test_what_is_shown_steers_nothing_and_loses_nothing(text: str) -> None:
    seen = shown(text)
    assert not STEERING.search(seen)
    seen.encode("utf-8")
    rest = iter(seen)
    assert all(c in rest for c in text if c.isprintable())


@pytest.mark.parametrize(
    "text",
    [
        "=1+1", "+1", "-1", "@SUM(1)", " =1", "\t=1", "\u00a0=1", "\ufeff=1", '"=1', "'=1",
        "a;=1", "a; =1", "a,=1", "a\t=1", "a|=1", "a\n=1", "a\r=1", "a;\n=1", "a\u2028;=1", "＝1",
        "a\x0b;=1", "a;\x00=1",
    ],
)  # fmt: skip
def test_no_cell_is_a_formula_however_the_file_is_cut(text: str) -> None:
    written = cell(text)
    assert len(written.splitlines()) == 1
    for piece in re.split(r"[;,|\t]", written):
        assert not re.match(r"[\s\"\ufeff]*[=+\-@＝]", piece)


@pytest.mark.parametrize("text", ["Biblioteca - Puebla", "a@upaep.mx", "1+1", "x; y", "a, b=c"])
def test_plain_cells_stay_as_they_are(text: str) -> None:
    assert cell(text) == text


def test_what_other_programs_read_is_whole(capsys: pytest.CaptureFixture[str]) -> None:
    print_json([{"text": HOSTILE + "\u202e\x9b"}])
    out = capsys.readouterr().out
    assert not STEERING.search(out.rstrip("\n"))
    assert json.loads(out) == [{"text": HOSTILE + "\u202e\x9b"}]
    print_csv(["a", "b"], [{"a": "=1;\n=2", "b": ("x", "y")}])
    rows = list(csv.reader(io.StringIO(capsys.readouterr().out)))
    assert rows[1][1] == "x y"
    assert rows[1][0] == "'=1; '=2"


def test_every_exception_from_a_rule_of_security_says_why() -> None:
    root = Path(__file__).parents[2]
    bare = [
        f"{path.relative_to(root)}:{number}: {line.strip()}"
        for package in ("bot", "nlp", "replies")
        for path in sorted((root / package).rglob("*.py"))
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if re.search(r"noqa: S\d+\s*$", line)
    ]
    assert not bare
