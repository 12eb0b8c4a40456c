"""A new intent is told wherever a table by intent lacks it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from nlp.types import Intent
from tests.builders import ORGANIZATION

ROOT = Path(__file__).parents[2]


def partial_tables(tree: ast.Module) -> Iterator[tuple[str, set[str]]]:
    """Names of dicts that have some intents as keys, and which they lack."""
    for node in ast.walk(tree):
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        table = getattr(node, "value", None)
        if isinstance(target, ast.Name) and isinstance(table, ast.Dict):
            keys = {ast.unparse(key) for key in table.keys if key is not None}
            has = {intent.name for intent in Intent if f"Intent.{intent.name}" in keys}
            if has and len(has) < len(Intent):
                yield target.id, {intent.name for intent in Intent} - has


def test_a_table_that_lacks_an_intent_is_only_asked_with_a_default() -> None:
    found = []
    for path in (*(ROOT / "bot").rglob("*.py"), *(ROOT / "nlp").rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        asked = {ast.unparse(n.value) for n in ast.walk(tree) if isinstance(n, ast.Subscript)}
        found += [(path, name, lacks) for name, lacks in partial_tables(tree) if name in asked]
    assert found == []


def test_every_intent_is_a_topic_of_its_own() -> None:
    """One without a topic would be taken for the last of all, `other`."""
    topics = {topic.intent: topic for topic in ORGANIZATION.topics}
    assert set(Intent) <= set(topics)
    assert len({topic.title for topic in topics.values()}) == len(topics)
    names = [name for topic in topics.values() for name in topic.names]
    assert len(names) == len(set(names))


def test_a_partial_table_is_seen() -> None:
    lacking = dict(partial_tables(ast.parse("T: dict[str, int] = {Intent.OTHER: 1}\nU = {1: 2}")))
    assert lacking.keys() == {"T"}
    assert "OTHER" not in lacking["T"]
    assert len(lacking["T"]) == len(Intent) - 1
