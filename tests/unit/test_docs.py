"""What the docs name exists: files, links, the terms of the glossary."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "bench").glob("*.md")])
TRACKED = set(
    subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.splitlines()
)  # fmt: skip
FOLDERS = {str(parent) for name in TRACKED for parent in Path(name).parents}
OURS = ("bot/", "nlp/", "replies/", "tests/", "bench/", "docs/", ".ci/")


def named(page: Path) -> list[str]:
    """Paths of the repository that a page names, links resolved from where it stands."""
    text = page.read_text("utf-8")
    found = [p for p in re.findall(r"`([\w./*-]+)`", text) if p.startswith(OURS)]
    links = re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", text)
    return found + [str((page.parent / link).resolve().relative_to(ROOT)) for link in links]


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_no_reference_dangles(page: Path) -> None:
    if page.name == "CHANGELOG.md":
        return  # it speaks of its time
    for path in named(page):
        if "NAME" in path:  # stands for any
            path = path.replace("NAME", "*")
        if "*" in path:
            assert list(ROOT.glob(path)), path
        else:
            assert path.rstrip("/") in TRACKED | FOLDERS, path


def terms() -> list[tuple[str, str]]:
    rows = re.findall(
        r"^\| ([^|]+) \| [^|]+ \| ([^|]+) \|$", (ROOT / "docs/concepts.md").read_text("utf-8"), re.M
    )
    return [(term, where) for term, where in rows if "`" in where]


@pytest.mark.parametrize(("term", "where"), terms())
def test_a_concept_is_called_so_where_it_lives(term: str, where: str) -> None:
    files = re.findall(r"`([^`]+)`", where)
    text = "\n".join((ROOT / file).read_text("utf-8") for file in files).lower()
    for word in re.split(r", | and ", term):
        assert word.lower().removesuffix("s") in text or word.replace(" ", "").lower() in text, word
