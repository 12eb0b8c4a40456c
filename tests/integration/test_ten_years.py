"""What the bot does each day takes no longer after ten years (`bench/ten_years.py`)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import event

from bench.ten_years import LARGE, SMALL, Office, fill, ratios
from bot.store import Store

AT_ONCE = 10  # instructions between two ticks


def steps(url: str, do: Callable[[Office], None]) -> int:
    """How many instructions of SQLite's machine something takes: the same on any machine."""
    office, ticks = Office(url), [0]

    def tick() -> int:
        ticks[0] += 1
        return 0

    office.store._writer.dispose()
    event.listen(
        office.store._writer, "connect", lambda c, _: c.set_progress_handler(tick, AT_ONCE)
    )
    do(office)  # what a process has to learn once it has learnt
    ticks[0] = 0
    do(office)
    office.store.close()
    return ticks[0] * AT_ONCE


@pytest.fixture(scope="module")
def databases(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The same office after a week and after seven."""
    folder = tmp_path_factory.mktemp("years")
    urls = [f"sqlite:///{folder}/{mails}.db" for mails in (SMALL, 7 * SMALL)]
    for url, mails in zip(urls, (SMALL, 7 * SMALL), strict=True):
        with Store.open(url) as store:
            fill(store, mails)
    return urls


@pytest.mark.parametrize(
    "do",
    [
        Office.begin,
        Office.lookalikes,
        Office.digest,
        Office.minute,
        Office.report,
        Office.health,
    ],
)
def test_the_database_works_no_more_for_a_longer_history(
    databases: list[str], do: Callable[[Office], None]
) -> None:
    before, after = (steps(url, do) for url in databases)
    assert before > 0
    assert after <= 1.5 * before


@pytest.mark.soak
def test_ten_years_take_as_long_as_a_week(tmp_path: Path) -> None:
    bars = dict.fromkeys(("start", "first answer", "notice", "look-alikes"), 1.5)
    bars |= {"each minute": 1.5, "report of a week": 1.5, "digest": 1.5, "health": 1.5}
    taken = {name: large / small for name, small, large in ratios(tmp_path, LARGE, 15)}
    assert {name: taken[name] for name, bar in bars.items() if taken[name] > bar} == {}
