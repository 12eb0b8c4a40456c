"""Memory: what the garbage collector need not look at, and what is given back at once."""

import ctypes
import gc

YOUNG = 20_000  # objects made before it looks at them; a message makes thousands that die at once
LARGE = 2**18  # bytes of a block that is taken from the system by itself, and given back with it
_MMAP_THRESHOLD, _ARENA_MAX = -3, -8  # of mallopt(3), in glibc


def rest_while_loading() -> None:
    """For the beginning of a process that lives long, until it calls the other one.

    Looking at all that is made while it loads takes a fifth of the time of loading. And it keeps
    no room for large messages that are gone: left to itself, glibc raises its bound with each large
    block that is freed, and what lies below that stays: after a few mails of 24 MB, hundreds of MB.
    """
    gc.disable()
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # other libraries have none
    if mallopt is not None:
        mallopt(_MMAP_THRESHOLD, LARGE)
        mallopt(_ARENA_MAX, 2)


def leave_alone_what_is_loaded() -> None:
    """For when a process has all its modules and models: they are looked at no more.

    Looking at them again and again takes a tenth of the time of a process that is busy with mail.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 10, 10)
    gc.enable()
