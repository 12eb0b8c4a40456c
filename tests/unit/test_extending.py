"""docs/extending.md is carried out as it stands, each section in a copy of its own."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "extending.md").read_text("utf-8")
_BLOCK = re.compile(
    r'^```\w+ (?P<how>\w+)(?: "(?P<line>[^\n]*)")?(?: (?P<path>\S+))?\n(?P<text>.*?)^```$',
    re.M | re.S,
)


@dataclass(frozen=True)
class Section:
    """One extension: what is written where, and the check at its end."""

    title: str
    text: str

    def __str__(self) -> str:
        return self.title

    def carry_out(self, root: Path) -> str:
        """Writes its blocks; gives back the check."""
        check = ""
        for block in _BLOCK.finditer(self.text):
            if block["how"] == "check":
                check += block["text"]
            else:
                _write(root / block["path"], block["how"], block["line"] or "", block["text"])
        return check


def _write(path: Path, how: str, line: str, text: str) -> None:
    if how == "create":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return
    before = path.read_text("utf-8")
    if how == "append":
        path.write_text(f"{before}\n\n{text}", "utf-8")
        return
    lines = before.splitlines(keepends=True)
    (at,) = [n for n, one in enumerate(lines) if one.startswith(line)]
    lines.insert(at + (how == "after"), text)
    path.write_text("".join(lines), "utf-8")


SECTIONS = [
    Section(title, text)
    for title, text in re.findall(r"^## ([^\n]+)\n(.*?)(?=^## |\Z)", PAGE, re.M | re.S)
]


@pytest.mark.parametrize("section", SECTIONS, ids=str)
def test_it_is_done_as_the_page_says(section: Section, tmp_path: Path) -> None:
    for folder in ("bot", "nlp", "replies", "tests/rig"):
        shutil.copytree(ROOT / folder, tmp_path / folder)  # with what is compiled of it
    written = re.findall(r" (tests/unit/\S+)$", section.text, re.M)
    for file in ("tests/__init__.py", "tests/builders.py", *written):
        (tmp_path / file).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / file, tmp_path / file)
    check = section.carry_out(tmp_path)
    assert check
    done = subprocess.run(
        [sys.executable, "-c", check], cwd=tmp_path, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr


def test_every_place_of_the_table_has_its_section() -> None:
    rows = re.findall(r"^\| ([^|]+) \| [^|]+ \|$", PAGE, re.M)[2:]
    told = [s.title.lower() for s in SECTIONS]
    assert len(rows) == len(told)
    assert all(any(t.startswith(" ".join(row.split()[:2])) for t in told) for row in rows)
