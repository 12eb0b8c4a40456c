"""The disk of the power cuts keeps what POSIX promises, and nothing else for certain."""

import random
from collections.abc import Sequence

import pytest

from tests.power.disk import Create, Disk, Operation, Remove, Sync, Truncate, Write

NAMED: Sequence[Operation] = (Create("a"), Sync(None))


@pytest.mark.parametrize(
    ("done", "found"),
    [
        ([Create("a")], [{}, {"a": b""}]),
        ([Create("a"), Write("a", b"x"), Sync("a")], [{}, {"a": b"x"}]),
        ([*NAMED, Write("a", b"x"), Sync("a")], [{"a": b"x"}]),
        ([*NAMED, Write("a", b"x")], [{"a": b""}, {"a": b"x"}]),
        ([*NAMED, Write("a", b"x"), Write("a", b"y")],
         [{"a": b""}, {"a": b"x"}, {"a": b"\0y"}, {"a": b"xy"}]),
        ([*NAMED, Write("a", b"xy"), Sync("a"), Truncate("a", 0)], [{"a": b""}, {"a": b"xy"}]),
        ([*NAMED, Write("a", b"x" * 512 + b"y")],
         [{"a": b""}, {"a": b"x" * 512}, {"a": b"\0" * 512 + b"y"}, {"a": b"x" * 512 + b"y"}]),
        ([*NAMED, Remove("a")], [{}, {"a": b""}]),
    ],
)  # fmt: skip
def test_any_of_these_is_found(done: list[Operation], found: list[dict[str, bytes]]) -> None:
    disk, chance = Disk(), random.Random(7)
    for operation in done:
        disk.do(operation)
    seen = {tuple(sorted(disk.after_power_cut(chance).items())) for _ in range(200)}
    assert seen == {tuple(sorted(files.items())) for files in found}
