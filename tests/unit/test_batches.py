"""Batches are bounded; what is made ahead is the same, in order, and leaves nothing behind."""

import threading
from collections.abc import Iterator

import pytest

from bot.runtime.batches import BATCH_BYTES, batches, prefetched


def test_batches_are_bounded_in_number_and_in_bytes() -> None:
    sizes = [1, 1, 1, BATCH_BYTES, 1, BATCH_BYTES // 2, BATCH_BYTES // 2, 1]
    found = list(batches(sizes, 3, lambda size: size))
    half = BATCH_BYTES // 2
    assert found == [[1, 1, 1], [BATCH_BYTES], [1, half, half], [1]]
    assert list(batches([], 3, int)) == []


def test_the_next_is_made_while_one_is_worked_on() -> None:
    made = [threading.Event() for _ in range(3)]

    def items() -> Iterator[int]:
        for number, event in enumerate(made):
            event.set()
            yield number

    coming = prefetched(items())
    assert next(coming) == 0
    assert made[1].wait(10)
    assert list(coming) == [1, 2]


def test_an_error_comes_after_the_items_before_it() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise ZeroDivisionError

    coming = prefetched(items())
    assert next(coming) == 1
    with pytest.raises(ZeroDivisionError):
        next(coming)


def test_whoever_stops_asking_leaves_no_thread() -> None:
    before = threading.active_count()
    coming = prefetched(range(10**9))
    assert next(coming) == 0
    coming.close()
    assert threading.active_count() == before
