"""Streams of messages: in bounded batches, and made while the ones before are worked on."""

from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar, cast

T = TypeVar("T")

BATCH_BYTES = 8 * 2**20
"""Of messages held together, unless a single one is larger."""
_END = object()


def batches(
    items: Iterable[T | None], count: int, size_of: Callable[[T], int]
) -> Iterator[list[T]]:
    """Items in groups that are bounded in number and in bytes; None or a failure ends a group."""
    batch: list[T] = []
    size = 0
    try:
        for item in items:
            if item is not None:
                batch.append(item)
                size += size_of(item)
            if batch and (item is None or len(batch) >= count or size >= BATCH_BYTES):
                yield batch
                batch, size = [], 0
    except Exception:
        if batch:
            yield batch
        raise
    if batch:
        yield batch


def prefetched(items: Iterable[T]) -> Generator[T]:
    """The items, in order; one more is made, in another thread, than was asked for.

    Raises what making them raises. Whoever stops asking waits for the one that is being made.
    """
    source = iter(items)
    with ThreadPoolExecutor(1, "one ahead") as thread:
        ahead = thread.submit(next, source, _END)
        while (item := ahead.result()) is not _END:
            ahead = thread.submit(next, source, _END)
            yield cast("T", item)
