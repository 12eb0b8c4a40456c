"""A time limit on what cannot be interrupted: talking to a server or a database that is silent."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")


def within(seconds: float, do: Callable[[], T]) -> T:
    """What `do` returns or raises, from a thread of its own; TimeoutError when it takes longer.

    The thread is then left behind: it ends by itself, or with the process.
    """
    return begin(do)(seconds)


def begin(do: Callable[[], T]) -> Callable[[float], T]:
    """Starts `do` in a thread; gives a function that waits so long for its end, as `within`."""
    future: Future[T] = Future()

    def work() -> None:
        try:
            future.set_result(do())
        except BaseException as error:  # raised again where it is waited for
            future.set_exception(error)

    threading.Thread(target=work, daemon=True).start()
    return lambda seconds: future.result(max(0.0, seconds))
