"""docs/security.md says of each attack which test shows what comes of it: those tests exist."""

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
FILES = {
    "e2e": "test_attacks.py", "noa": "test_not_acted_on.py", "dec": "test_deciding.py",
    "area": "test_area.py", "reg": "test_register.py", "cmd": "test_staff_commands.py",
    "fair": "test_fair.py", "afr": "test_attacked_afresh.py", "orph": "test_orphans.py",
}  # fmt: skip
"""What the page calls the files of tests/e2e."""
FILE = "|".join(FILES)


def rows() -> list[tuple[str, str]]:
    """What was tried, and the tests that are named for it."""
    page = (TESTS.parent / "docs" / "security.md").read_text("utf-8")
    table = page.partition("| tried |")[2].partition("\n\n")[0].splitlines()[2:]
    return [(cells[1].strip(), cells[-2].strip()) for cells in (row.split("|") for row in table)]


def attackers() -> list[tuple[str, str]]:
    """Who attacks, and each thing that they can or cannot do, with its tests."""
    page = (TESTS.parent / "docs" / "security.md").read_text("utf-8")
    table = page.partition("| who |")[2].partition("\n\n")[0].splitlines()[2:]
    cells = [(row.split("|")[1].strip(), cell) for row in table for cell in row.split("|")[2:4]]
    return [(who, part) for who, cell in cells for part in re.split(r"(?<=\));", cell)]


@pytest.mark.parametrize(("who", "does"), attackers())
def test_what_an_attacker_can_do_and_what_not_names_its_tests(who: str, does: str) -> None:
    named = re.findall(rf"\(((?:{FILE}|`unit/)[^()]*)\)", does)
    assert named, f"{who}: {does}"
    for tests in named:
        test_an_attack_names_its_tests(who, tests)


@pytest.mark.parametrize(("tried", "named"), rows())
def test_an_attack_names_its_tests(tried: str, named: str) -> None:
    source = ""
    for word, name in re.findall(rf"\b({FILE})\b|`([^`]+)`", named):
        if word:
            source = (TESTS / "e2e" / FILES[word]).read_text("utf-8")
        elif name.endswith(".py"):
            source = (TESTS / name).read_text("utf-8")
        else:
            assert re.search(rf"def test_\w*{name.replace('*', '')}\w*\(", source), name
    assert source or named == "the same", tried
