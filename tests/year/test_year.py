"""Worlds of the whole service: what must hold holds, and the same seed gives the same world."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from bot.store import Outbox, Store
from bot.workflow.schedule import reminding
from tests.year import world as world_module
from tests.year.plan import Event, plan
from tests.year.world import START, World

SEEDS = int(os.environ.get("YEAR_SEEDS", "50"))
MAILS_AN_ASK = 7  # that one request leads to, about


def lived(seed: int, events: Sequence[Event], days: int) -> World:
    memory = Path("/dev/shm")  # what a power cut loses is no matter here
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as place:
        return World(seed, Path(place), events, days).live()


def shrunk(events: Sequence[Event], fails: Callable[[Sequence[Event]], bool]) -> Sequence[Event]:
    """As few of the events as still fail: ever smaller ranges of them are left out."""
    size = len(events) // 2
    while size:
        start = 0
        while start < len(events):
            fewer = [*events[:start], *events[start + size :]]
            if fails(fewer):
                events = fewer
            else:
                start += size
        size //= 2
    return events


def hold(seed: int, days: int, asks: int) -> World:
    """Lives a world; where something does not hold, its story is told as shortly as it may be."""
    events = plan(seed, START, days, asks)
    world = lived(seed, events, days)
    if world.broken:
        kind = world.broken.partition(":")[0]
        few = shrunk(events, lambda some: lived(seed, some, days).broken.partition(":")[0] == kind)
        story = "\n".join(lived(seed, few, days).trace[-60:])
        pytest.fail(f"seed {seed}, {days} days: {world.broken}\n{len(few)} events:\n{story}")
    return world


def test_the_same_seed_gives_the_same_weeks_and_all_holds() -> None:
    one, other = (hold(5, days=12, asks=3) for _ in range(2))
    assert len(one.expected) > 20
    assert sum(one.fired.values()) > 10
    assert one.digest == other.digest


def test_a_failure_shrinks_to_what_it_needs() -> None:
    events = plan(1, START, 60, 20)
    needed = {events[7], events[-9]}
    assert set(shrunk(events, lambda some: needed <= set(some))) == needed


@pytest.mark.soak
@pytest.mark.parametrize(
    ("where", "name", "instead", "found"),
    [
        (Outbox, "sent", lambda *_: None, "sent again"),
        (Store, "release_dead", lambda *_: 0, "nobody has settled"),
        (reminding, "_for_promise", lambda *_: (), "passes"),
        (world_module, "turn_of", lambda *_: "", "read after"),
    ],
)
def test_a_fault_in_the_service_is_found(
    where: object, name: str, instead: object, found: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(where, name, instead)
    assert any(found in lived(n, plan(n, START, 60, 15), 60).broken for n in range(3))


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(100, 100 + SEEDS))
def test_a_month(seed: int) -> None:
    hold(seed, days=30, asks=8)


@pytest.mark.soak
def test_a_year_of_an_office() -> None:
    world = hold(2027, days=365, asks=3000 // MAILS_AN_ASK)
    assert len(world.expected) > 2500
