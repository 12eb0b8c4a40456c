"""docs/security.md says of each attack which test shows what comes of it: those tests exist."""

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
FILES = {
    "e2e": "test_attacks.py", "noa": "test_not_acted_on.py", "dec": "test_deciding.py",
    "area": "test_area.py", "reg": "test_register.py", "cmd": "test_staff_commands.py",
}  # fmt: skip
"""What the page calls the files of tests/e2e."""


def rows() -> list[tuple[str, str]]:
    """What was tried, and the tests that are named for it."""
    page = (TESTS.parent / "docs" / "security.md").read_text("utf-8")
    table = page.partition("| tried |")[2].partition("\n\n")[0].splitlines()[2:]
    return [(cells[1].strip(), cells[-2].strip()) for cells in (row.split("|") for row in table)]


@pytest.mark.parametrize(("tried", "named"), rows())
def test_an_attack_names_its_tests(tried: str, named: str) -> None:
    source = ""
    for word, name in re.findall(r"\b(e2e|noa|dec|area|reg|cmd)\b|`([^`]+)`", named):
        if word:
            source = (TESTS / "e2e" / FILES[word]).read_text("utf-8")
        elif name.endswith(".py"):
            source = (TESTS / name).read_text("utf-8")
        else:
            assert re.search(rf"def test_\w*{name.replace('*', '')}\w*\(", source), name
    assert source or named == "the same", tried
