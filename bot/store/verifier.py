"""Checks an exported history alone: Python 3.11 or later and its standard library, nothing of ours.

    python verify.py [FOLDER] [--seal SEAL --until MOMENT]

FOLDER holds `events.jsonl` (the lines of the exported cases), `hashes.tsv` (the hashes of all) and
`mails/`. Every line bears a SHA-256 hash of itself and of the hash before it. A seal is a hash of
how all histories ended at a moment; the digest of a day bears that day's. Whoever rewrites a
history, even all of it, cannot make it fit a seal that somebody else keeps in their mail.
"""

import argparse
import datetime as dt
import hashlib
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

START = "0" * 64
"""What the first line of a case bears as the hash before it."""
IMPORTED = "imported"
"""The line that ends what was taken from an old archive: all before it is of that moment."""


class HistoryLine(NamedTuple):
    """What a seal must know of a line."""

    folio: str
    number: int
    at: dt.datetime
    what: str
    hash: str


class Seal(NamedTuple):
    """How many lines there were, and the hash of how each history ended."""

    lines: int
    hash: str


def hash_of(row: Mapping[str, Any]) -> str:
    """The hash that a line must bear."""
    at = row["at"].astimezone(dt.UTC).isoformat(timespec="microseconds")
    names = ("prev_hash", "folio", "number", "what", "actor", "text", "version", "message_id",
             "data")  # fmt: skip
    canonical = json.dumps([at, *(row[name] for name in names)], separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def seal_of(lines: Iterable[HistoryLine], until: dt.datetime) -> Seal:
    """The seal of all that was written before a moment; the lines of a case come in their order."""
    parts = hundreds_of(ends_of(lines, until))
    return seal_of_ends({name: seal_of_ends(ends) for name, ends in parts.items()})


def ends_of(lines: Iterable[HistoryLine], until: dt.datetime) -> dict[str, tuple[int, str]]:
    """Number and hash of the last line of each case that was written before a moment."""
    cases: dict[str, list[HistoryLine]] = {}
    for line in lines:
        cases.setdefault(line.folio, []).append(line)
    ends = {}
    for folio, of_case in cases.items():
        latest = [of_case[0].at, *(line.at for line in of_case if line.what == IMPORTED)][-1]
        for line in of_case:  # none was written before the one above
            latest = max(latest, line.at)
            if latest >= until:
                break
            ends[folio] = (line.number, line.hash)
    return ends


def hundreds_of(ends: Mapping[str, tuple[int, str]]) -> dict[str, dict[str, tuple[int, str]]]:
    """The ends of a hundred cases each, by what their folios begin with."""
    parts: dict[str, dict[str, tuple[int, str]]] = {folio[:-2]: {} for folio in ends}
    for folio, end in ends.items():
        parts[folio[:-2]][folio] = end
    return parts


def seal_of_ends(ends: Mapping[str, tuple[int, str]]) -> Seal:
    """The seal of histories that end so, or of the seals of some of them."""
    told = "".join(f"{folio} {number} {end}\n" for folio, (number, end) in sorted(ends.items()))
    count = sum(number for number, _ in ends.values())
    return Seal(count, hashlib.sha256(told.encode()).hexdigest())


def problems_of(folder: Path) -> list[str]:
    """What is wrong with an export, a line each."""
    known = {(line.folio, line.number): line.hash for line in hashes_in(folder)}
    ends: dict[str, tuple[int, str]] = {}
    found: list[str] = []
    for text in (folder / "events.jsonl").read_text("utf-8").splitlines():
        row = json.loads(text)
        row["at"] = dt.datetime.fromisoformat(row["at"])
        folio, number = row["folio"], row["number"]
        before, place = ends.get(folio, (0, START)), f"{folio}, line {number}"
        if number != before[0] + 1:
            found.append(f"{place}: follows line {before[0]}")
        elif row["prev_hash"] != before[1]:
            found.append(f"{place}: does not follow from the one before")
        if row["hash"] != hash_of(row):
            found.append(f"{place}: was changed")
        if known.get((folio, number)) != row["hash"]:
            found.append(f"{place}: is not the one in hashes.tsv")
        ends[folio] = (number, row["hash"])
    last = dict(sorted(known))  # of each case the highest number, which comes last
    for folio, (number, _) in sorted(ends.items()):
        if last.get(folio, 0) > number:
            found.append(f"{folio}: lines {number + 1} to {last[folio]} are missing")
    for line in (folder / "mails" / "SHA256SUMS").read_text("utf-8").splitlines():
        digest, _, name = line.partition("  ")
        mail = folder / "mails" / name
        if not mail.exists() or hashlib.sha256(mail.read_bytes()).hexdigest() != digest:
            found.append(f"mails/{name}: is missing or was changed")
    return found


def hashes_in(folder: Path) -> Iterator[HistoryLine]:
    """The lines of `hashes.tsv`."""
    for text in (folder / "hashes.tsv").read_text("utf-8").splitlines():
        folio, number, at, what, digest = text.split("\t")
        yield HistoryLine(folio, int(number), dt.datetime.fromisoformat(at), what, digest)


def main(arguments: list[str] | None = None) -> int:
    """Says what it found; 0 where all is whole, 1 where it is not."""
    parser = argparse.ArgumentParser(description="Checks an exported history.")
    parser.add_argument("folder", nargs="?", type=Path, default=Path(__file__).parent)
    parser.add_argument("--seal", default="", help="the seal that a digest bears")
    parser.add_argument("--until", default="", help="its moment, such as 2026-08-17T06:00:00+00:00")
    given = parser.parse_args(arguments)
    try:
        found = problems_of(given.folder)
        if given.seal:
            seal = seal_of(hashes_in(given.folder), dt.datetime.fromisoformat(given.until))
            print(f"{seal.lines} lines before {given.until}, seal {seal.hash}")
            if seal.hash != given.seal.strip().lower():
                found.append("the seal is another one: what was before that moment was rewritten")
    except (KeyError, OSError, TypeError, ValueError) as error:
        found = [f"it cannot be read: {error}"]
    print("\n".join(found) or "the history is whole and was not changed")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
