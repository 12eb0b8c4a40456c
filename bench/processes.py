"""What a process and its children have used so far, as the kernel counts (Linux)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


def family(pid: int) -> Iterator[int]:
    """A process and all its descendants."""
    yield pid
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            yield from family(int(child))


def cpu_seconds(pid: int) -> float:
    """User and system time of one process."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def share_mb(pid: int) -> float:
    """What one process holds now, pages that several share divided among them (PSS)."""
    return _mb(pid, "smaps_rollup", "Pss:")


def peak_mb(pid: int) -> float:
    """The most memory one process ever held."""
    return _mb(pid, "status", "VmHWM:")


def _mb(pid: int, file: str, name: str) -> float:
    for line in Path(f"/proc/{pid}/{file}").read_text().splitlines():
        if line.startswith(name):
            return int(line.split()[1]) / 1024
    return 0.0
