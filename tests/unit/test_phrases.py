"""The catalogue of sentences and the code that says them agree, both ways."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.workflow.phrases import Phrases
from nlp.types import Doubt
from replies.phrases import phrases

ROOT = Path(__file__).parents[2]
ALWAYS = {"institution", "reviewer", "approver", "provisioner", "rules_since", "rules_year"}


def said() -> Iterator[tuple[str, str, set[str] | None]]:
    """Where a sentence is said: its key (a pattern, where part of it is computed), its values."""
    for path in sorted((ROOT / "bot").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and node.args and _is_say(node.func, path):
                where = f"{path.relative_to(ROOT)}:{node.lineno}"
                names = {k.arg for k in node.keywords}
                values = None if None in names else {str(name) for name in names}
                key = node.args[0]
                for one in (key.body, key.orelse) if isinstance(key, ast.IfExp) else (key,):
                    yield where, _key(one, where), values


def _is_say(called: ast.expr, path: Path) -> bool:
    if isinstance(called, ast.Name):  # the command line has a `say` of its own
        of_catalogue = ("import Phrases", "from replies.phrases import say")
        return called.id == "say" and any(text in path.read_text("utf-8") for text in of_catalogue)
    return isinstance(called, ast.Attribute) and called.attr == "say"


def _key(node: ast.expr, where: str) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    assert isinstance(node, ast.JoinedStr), f"{where}: a key is a string that can be read here"
    return "".join(str(v.value) if isinstance(v, ast.Constant) else "*" for v in node.values)


def matching(pattern: str) -> set[str]:
    before, star, after = pattern.partition("*")
    if not star:
        return {pattern} & set(phrases())
    return {k for k in phrases() if k.startswith(before) and k.endswith(after) and k != before}


def asked(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name} - ALWAYS


def test_what_is_said_is_in_the_catalogue_with_its_values() -> None:
    for where, pattern, values in said():
        keys = matching(pattern)
        assert keys, f"{where}: no sentence {pattern}"
        for key in keys:
            if values is not None:
                assert asked(phrases()[key]) <= values, f"{where}: {key} asks for more"


def test_every_sentence_is_said_somewhere() -> None:
    used = set().union(*(matching(pattern) for _, pattern, _ in said()))
    assert set(phrases()) == used


def test_there_is_a_sentence_for_each_doubt_and_no_other() -> None:
    told = {key for key in phrases() if key.startswith("doubt.")}
    assert told == {f"doubt.{doubt}" for doubt in Doubt}


def test_every_reply_has_a_name_for_people() -> None:
    replies = {path.parent.name for path in (ROOT / "replies").glob("*/sample.yaml")}
    assert {key for key in phrases() if key.startswith("mail.")} == {f"mail.{r}" for r in replies}


def test_what_people_wrote_is_never_a_format() -> None:
    say = Phrases({"told": "{who} dijo {what}"}, {"reviewer": "Comunicación"})
    assert say("told", who="{reviewer}", what="{0.__class__}") == "{reviewer} dijo {0.__class__}"
    with pytest.raises(KeyError):
        say("told", who="Ana")
