"""Work in a thread of its own: done when it falls due, or at a nudge."""

import threading
from collections.abc import Callable
from typing import Self

Look = Callable[[Callable[[], bool]], float]
"""Does what is due, and tells the seconds until the next look; asks whether it is to stop."""


class Nudged:
    """Looks again and again while the block lasts; a nudge shortens the wait."""

    def __init__(self, name: str, look: Look) -> None:
        self._name, self._look = name, look
        self._nudged, self._stopping = threading.Event(), threading.Event()

    def __enter__(self) -> Self:
        self._stopping.clear()
        self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self.nudge()
        self._thread.join()

    def nudge(self) -> None:
        """There may be something to do."""
        self._nudged.set()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._nudged.clear()
            self._nudged.wait(self._look(self._stopping.is_set))
