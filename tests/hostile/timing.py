"""Whether something takes more than linear time, told from noise by measuring it again."""

from collections.abc import Callable

_AGAIN = 5
Seconds = Callable[[], float]


def grows(whole: Seconds, quarter: Seconds, *, floor: float, most: float) -> bool:
    """Whether the whole takes more than `floor` seconds and `most` times a quarter of it whenever
    it is measured: a neighbour of the machine slows the one and not the other, but not every time.
    """
    return all(whole() > max(floor, most * quarter()) for _ in range(_AGAIN))
