"""The cage: what the process that reads mail may still do once it has loaded: compute, and answer.

A parser that a mail takes over finds no secret, no network, no way to make, change or begin
anything, and nothing to read but programs. The kernel holds it: seccomp lets through what
computing needs of the system and nothing else, Landlock keeps other files unread.
"""

import contextlib
import ctypes
import os
import platform
import resource
import struct
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path

DATA_BYTES = 2**30  # of memory; with half of it a PDF of photographed pages could not be read
FILES = 64  # open ones, besides those that are

_libc = ctypes.CDLL(None, use_errno=True)

# System calls that are let through, by their numbers on x86-64 and on 64-bit ARM (-1: none).
_ALLOWED = {
    "read": (0, 63), "write": (1, 64), "close": (3, 57), "stat": (4, -1), "fstat": (5, 80),
    "lstat": (6, -1), "poll": (7, -1), "lseek": (8, 62), "mmap": (9, 222), "mprotect": (10, 226),
    "munmap": (11, 215), "brk": (12, 214), "rt_sigaction": (13, 134), "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139), "pread64": (17, 67), "readv": (19, 65), "writev": (20, 66),
    "access": (21, -1), "select": (23, -1), "sched_yield": (24, 124), "mremap": (25, 216),
    "madvise": (28, 233), "dup": (32, 23), "nanosleep": (35, 101), "getitimer": (36, 102),
    "setitimer": (38, 103), "getpid": (39, 172), "exit": (60, 93), "uname": (63, 160),
    "fcntl": (72, 25), "getcwd": (79, 17), "readlink": (89, -1), "gettimeofday": (96, 169),
    "getrusage": (98, 165), "sysinfo": (99, 179), "times": (100, 153), "getuid": (102, 174),
    "getgid": (104, 176), "geteuid": (107, 175), "getegid": (108, 177), "getppid": (110, 173),
    "sigaltstack": (131, 132), "arch_prctl": (158, -1), "gettid": (186, 178), "futex": (202, 98),
    "sched_getaffinity": (204, 123), "getdents64": (217, 61), "set_tid_address": (218, 96),
    "restart_syscall": (219, 128), "clock_gettime": (228, 113), "clock_getres": (229, 114),
    "clock_nanosleep": (230, 115), "exit_group": (231, 94), "newfstatat": (262, 79),
    "readlinkat": (267, 78), "faccessat": (269, 48), "pselect6": (270, 72), "ppoll": (271, 73),
    "set_robust_list": (273, 99), "getrandom": (318, 278), "membarrier": (324, 283),
    "statx": (332, 291), "rseq": (334, 293), "faccessat2": (439, 439),
}  # fmt: skip
_OPEN, _OPENAT, _CLONE = (2, -1), (257, 56), (56, 220)
_IOCTL, _TGKILL = (16, 29), (234, 131)
_NOT_THERE = {"clone3": (435, 435), "openat2": (437, 437)}  # so that the older ones are used
_ARCHES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}

_EPERM, _ENOSYS = 1, 38
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_CLONE_THREAD = 0x10000
_TERMINAL = (0x5401, 0x5413, 0x5450, 0x5451)  # TCGETS, TIOCGWINSZ, FIONCLEX, FIOCLEX: they ask

_LANDLOCK_CREATE, _LANDLOCK_ADD, _LANDLOCK_RESTRICT = 444, 445, 446
_READ_FILE, _READ_DIR = 1 << 2, 1 << 3


def lock_up(*keep: int) -> tuple[str, ...]:
    """Shuts this process in, for good; the layers that this kernel does not have.

    To be called by its only thread. Only standard error and the files numbered in `keep` stay open.
    """
    os.environ.clear()
    _close_all_but(keep)
    soft = max((2, *keep)) + FILES
    for limit, most in (
        (resource.RLIMIT_DATA, DATA_BYTES),
        (resource.RLIMIT_NOFILE, soft),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):  # it is lower already
            resource.setrlimit(limit, (most, most))
    _libc.prctl(38, 1, 0, 0, 0)  # PR_SET_NO_NEW_PRIVS
    missing = []
    if not _restrict_files():
        missing.append("landlock")
    if not _restrict_calls():
        missing.append("seccomp")
    return tuple(missing)


def _close_all_but(keep: Iterable[int]) -> None:
    null = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1):
        os.dup2(null, standard)
    at = 3
    for number in (*sorted(keep), 65_536):
        os.closerange(at, number)
        at = number + 1


# --- files --------------------------------------------------------------------------------------


def _readable() -> Iterator[Path]:
    """Where programs, their data and time zones are."""
    for name in ("stdlib", "platstdlib", "purelib", "platlib"):
        yield Path(sysconfig.get_path(name))
    yield Path(sys.base_prefix, "lib")
    for name in ("bot", "nlp", "replies"):
        spec = find_spec(name)
        if spec is not None:
            yield from map(Path, spec.submodule_search_locations or ())
    yield from map(Path, (
        "/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/usr/share/zoneinfo",
        "/etc/ld.so.cache", "/etc/localtime", "/etc/mime.types",
    ))  # fmt: skip


def _restrict_files() -> bool:
    """Landlock: nothing may be read but programs, nothing made, changed or executed."""
    version = _libc.syscall(_LANDLOCK_CREATE, None, 0, 1)
    if version < 1:
        return False
    rights = 13 + sum(version >= v for v in (2, 3, 5))  # the kinds that this version knows
    attribute = struct.pack(
        "=QQQ", (1 << rights) - 1, 3 if version >= 4 else 0, 3 if version >= 6 else 0
    )
    size = 8 + 8 * ((version >= 4) + (version >= 6))
    ruleset = _libc.syscall(_LANDLOCK_CREATE, attribute, size, 0)
    if ruleset < 0:
        return False
    try:
        for path in _readable():
            with contextlib.suppress(OSError):
                _allow_reading(ruleset, path)
        return bool(_libc.syscall(_LANDLOCK_RESTRICT, ruleset, 0) == 0)
    finally:
        os.close(ruleset)


def _allow_reading(ruleset: int, path: Path) -> None:
    place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    rights = _READ_FILE | (_READ_DIR if path.is_dir() else 0)
    _libc.syscall(_LANDLOCK_ADD, ruleset, 1, struct.pack("=Qi", rights, place), 0)
    os.close(place)


# --- system calls -------------------------------------------------------------------------------


def _restrict_calls() -> bool:
    """seccomp: what is not let through fails with an error, as if it were forbidden."""
    known = _ARCHES.get(platform.machine())
    if known is None:
        return False
    program = _program(*known)
    filters = ctypes.create_string_buffer(program)
    header = struct.pack("HP", len(program) // 8, ctypes.addressof(filters))  # struct sock_fprog
    return bool(_libc.prctl(22, 2, header, 0, 0) == 0)  # PR_SET_SECCOMP, SECCOMP_MODE_FILTER


def _program(arch: int, audit: int) -> bytes:
    """The filter, in the bytecode of BPF (linux/filter.h): a few steps for each call."""
    allow, forbid = _answer(0x7FFF0000), _answer(0x00050000 | _EPERM)
    steps = [_load(4), _equal(audit, 1, 0), forbid, _load(0)]
    for numbers in _ALLOWED.values():
        steps += _on(numbers[arch], [allow])
    for numbers in _NOT_THERE.values():
        steps += _on(numbers[arch], [_answer(0x00050000 | _ENOSYS)])
    for numbers, argument in ((_OPEN, 1), (_OPENAT, 2)):
        reads = [_load(16 + 8 * argument), _has(_WRITES, 0, 1), forbid, allow]
        steps += _on(numbers[arch], reads)
    steps += _on(_CLONE[arch], [_load(16), _has(_CLONE_THREAD, 1, 0), forbid, allow])
    asks = [step for request in _TERMINAL for step in (_equal(request, 0, 1), allow)]
    steps += _on(_IOCTL[arch], [_load(24), *asks, forbid])
    steps += _on(_TGKILL[arch], [_load(16), _equal(os.getpid(), 1, 0), forbid, allow])
    return b"".join([*steps, forbid])


def _on(number: int, then: list[bytes]) -> list[bytes]:
    """Steps for one call; each of them ends with an answer."""
    return [] if number < 0 else [_equal(number, 0, len(then)), *then]


def _load(offset: int) -> bytes:
    """Takes a word of struct seccomp_data: the call, the machine, or half an argument."""
    return struct.pack("HBBI", 0x20, 0, 0, offset)


def _equal(value: int, if_so: int, else_: int) -> bytes:
    return struct.pack("HBBI", 0x15, if_so, else_, value)


def _has(bits: int, if_so: int, else_: int) -> bytes:
    return struct.pack("HBBI", 0x45, if_so, else_, bits)


def _answer(value: int) -> bytes:
    return struct.pack("HBBI", 0x06, 0, 0, value)
