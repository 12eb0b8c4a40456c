"""What a disk may hold after a power cut.

POSIX promises that what was written to a file is there once fsync() of the file returned, and that
a new, renamed or removed name is once fsync() of its folder did. Of all else any part may be there
or not: each write whole, torn between sectors, or not at all, and in any order.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

SECTOR = 512


@dataclass(frozen=True)
class Create:
    """A name of the folder, for an empty file."""

    name: str


@dataclass(frozen=True)
class Write:
    """Bytes at a place of a file; without a place at its end."""

    name: str
    data: bytes
    at: int | None = None


@dataclass(frozen=True)
class Truncate:
    """A file has so many bytes from now on."""

    name: str
    size: int


@dataclass(frozen=True)
class Remove:
    """A name is gone."""

    name: str


@dataclass(frozen=True)
class Sync:
    """A file reached the disk; without a name the folder did."""

    name: str | None


@dataclass(frozen=True)
class Said:
    """What the program told the world: from here on it must be true after a power cut."""

    what: str


Operation = Create | Write | Truncate | Remove | Sync | Said


@dataclass
class _File:
    durable: bytearray = field(default_factory=bytearray)
    pending: list[Write | Truncate] = field(default_factory=list)
    size: int = 0  # as the program sees it

    def change(self, change: Write | Truncate) -> None:
        if isinstance(change, Write):
            at = self.size if change.at is None else change.at
            change = Write(change.name, change.data, at)
            self.size = max(self.size, at + len(change.data))
        else:
            self.size = change.size
        self.pending.append(change)

    def sync(self) -> None:
        for change in self.pending:
            _apply(self.durable, change)
        self.pending.clear()

    def after_power_cut(self, chance: random.Random) -> bytes:
        content = bytearray(self.durable)
        for change in self.pending:
            for part in _survives(change, chance):
                _apply(content, part)
        return bytes(content)


class Disk:
    """A folder, as a program's operations leave it."""

    def __init__(self) -> None:
        self._seen: dict[str, _File] = {}
        self._durable: dict[str, _File] = {}
        self._moves: list[tuple[str, _File | None]] = []

    def do(self, operation: Operation) -> None:
        """Carries out an operation of the program."""
        match operation:
            case Create(name):
                self._move(name, _File())
            case Remove(name):
                self._move(name, None)
            case Write() | Truncate():
                self._seen[operation.name].change(operation)
            case Sync(None):
                _name(self._durable, self._moves)
                self._moves.clear()
            case Sync(str(name)):
                self._seen[name].sync()
            case Said():
                pass

    def after_power_cut(self, chance: random.Random) -> Mapping[str, bytes]:
        """Name → content of one of the folders that may be found then."""
        found = dict(self._durable)
        _name(found, [move for move in self._moves if chance.random() < 0.5])
        return {name: file.after_power_cut(chance) for name, file in found.items()}

    def _move(self, name: str, file: _File | None) -> None:
        move = (name, file)
        _name(self._seen, [move])
        self._moves.append(move)


def _name(names: dict[str, _File], moves: Iterable[tuple[str, _File | None]]) -> None:
    for name, file in moves:
        if file is None:
            names.pop(name, None)
        else:
            names[name] = file


def _survives(change: Write | Truncate, chance: random.Random) -> Iterable[Write | Truncate]:
    """The parts of a change that reach the disk: none, all, or some sectors of a write."""
    fate = chance.random()
    if fate < 0.4:
        return []
    if fate < 0.8 or isinstance(change, Truncate):
        return [change]
    assert change.at is not None
    sectors, start = [], change.at
    end = start + len(change.data)
    while start < end:
        stop = min(end, (start // SECTOR + 1) * SECTOR)
        if chance.random() < 0.5:
            part = change.data[start - change.at : stop - change.at]
            sectors.append(Write(change.name, part, start))
        start = stop
    return sectors


def _apply(content: bytearray, change: Write | Truncate) -> None:
    if isinstance(change, Truncate):
        content[change.size :] = bytes(max(0, change.size - len(content)))
        return
    assert change.at is not None
    content.extend(bytes(max(0, change.at - len(content))))
    content[change.at : change.at + len(change.data)] = change.data
