"""Streams of messages: in bounded batches, and made while the ones before are worked on."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterable, Iterator
from queue import Full, Queue
from typing import TypeVar

T = TypeVar("T")

LOOK_UP_SECONDS = 0.1  # how often a full hand asks whether anybody still wants more


BATCH_BYTES = 8 * 2**20
"""Of messages held together, unless a single one is larger."""


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
    made: Queue[tuple[bool, T | BaseException | None]] = Queue(maxsize=1)
    wanted = threading.Event()
    wanted.set()

    def put(entry: tuple[bool, T | BaseException | None]) -> bool:
        while wanted.is_set():
            try:
                made.put(entry, timeout=LOOK_UP_SECONDS)
            except Full:
                continue
            return True
        return False

    def make() -> None:
        try:
            for item in items:
                if not put((True, item)):
                    return
            put((False, None))
        except BaseException as error:  # it is raised where the items are asked for
            put((False, error))

    thread = threading.Thread(target=make, name="one ahead", daemon=True)
    thread.start()
    try:
        while True:
            is_item, item = made.get()
            if is_item:
                yield item  # type: ignore[misc]  # an item, not an error: the flag says so
            elif isinstance(item, BaseException):
                raise item
            else:
                return
    finally:
        wanted.clear()
        thread.join()
