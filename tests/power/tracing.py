"""What a program writes, syncs and names in a folder, in order, as strace saw it."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.power.disk import Create, Operation, Remove, Said, Sync, Truncate, Write

CALLS = (
    "openat,unlink,unlinkat,write,pwrite64,ftruncate,fsync,fdatasync,"
    "rename,renameat2,pwritev,pwritev2,writev,fallocate,copy_file_range,sendfile"
)
"""All by which a file can change; those of the second line are not understood."""
_CALL = re.compile(r"\d+ +(\w+)\((?:\d+<([\\x0-9a-f]*)>)?(.*)\) += \d")
_TEXT = re.compile(r'"([\\x0-9a-f]*)"')


def trace(command: list[str], folder: Path) -> list[Operation]:
    """Runs Python with these arguments and gives what it did in `folder`.

    Lines of its standard output are what it says. Raises CalledProcessError where it fails,
    ValueError for a call that is not understood.
    """
    log, said = folder.parent / "trace", folder.parent / "said"
    strace = ["strace", "-f", "-y", "-xx", "-s", "2000000", "-o", str(log), "-e", f"trace={CALLS}"]
    with said.open("wb") as out:
        subprocess.run([*strace, sys.executable, *command], stdout=out, check=True)
    return list(_operations(log, folder, said))


def _operations(log: Path, folder: Path, said: Path) -> Iterator[Operation]:
    names: set[str] = set()
    inside = folder.as_posix().encode().hex()
    with log.open(encoding="ascii") as lines:
        for line in lines:
            if call := _CALL.match(line):
                yield from _operation(*call.groups(), folder, said, names)  # type: ignore[misc]
            elif "unfinished" in line and inside in line.replace("\\x", ""):
                raise ValueError("two threads write at once: their order is not known")


def _operation(
    call: str, file: str | None, rest: str, folder: Path, said: Path, names: set[str]
) -> Iterator[Operation]:
    path = Path((_bytes(file) if file else _text(rest)).decode())
    if path == said:
        yield from map(Said, _text(rest).decode().splitlines())
    elif path == folder and call in ("fsync", "fdatasync"):
        yield Sync(None)
    elif path.parent != folder:
        return
    elif call == "openat":
        if "O_CREAT" in rest and path.name not in names:
            names.add(path.name)
            yield Create(path.name)
    elif path.name in names:
        if call.startswith("unlink"):
            names.remove(path.name)
        yield _change(call, path.name, rest)


def _change(call: str, name: str, rest: str) -> Operation:
    last = rest.rpartition(", ")[2]
    match call:
        case "unlink" | "unlinkat":
            return Remove(name)
        case "write":
            return Write(name, _text(rest))
        case "pwrite64":
            return Write(name, _text(rest), int(last))
        case "ftruncate":
            return Truncate(name, int(last))
        case "fsync" | "fdatasync":
            return Sync(name)
    raise ValueError(f"{call} of {name} is not understood")


def _text(rest: str) -> bytes:
    text = _TEXT.search(rest)
    return _bytes(text[1]) if text else b""


def _bytes(hexed: str) -> bytes:
    return bytes.fromhex(hexed.replace("\\x", ""))
