"""A hundred hostile mails of all kinds beside twenty honest ones: what it costs, and whom.

Part of `make soak`; prints the figures that docs/hostile-mail.md tells.
"""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.e2e.requests import FULL, PROSE
from tests.e2e.test_fair import MARKS
from tests.hostile.mails import HEAD, plain, with_file
from tests.hostile.test_bombs import FILES, READ, REFUSED, SAID
from tests.rig.office import Office, compose

pytestmark = pytest.mark.soak

MIB = 2**20
SECONDS, MEGABYTES = 5.0, 600
KINDS: list[Callable[[], bytes]] = [
    *(make for make, _ in REFUSED.values()),
    *(make for make, _ in READ.values()),
    *(lambda n=name, m=make: with_file(n, m(), SAID) for name, make, _ in FILES.values()),  # type: ignore[misc]
    lambda: with_file("formato.docx", MARKS),
    lambda: plain("a" + "\u0301\u0327" * 200_000),
    lambda: plain("a7" * 200_000 + "%41=\n" * 50_000),
]


def memory(root: int) -> float:
    """Megabytes that a process and all its children hold, what they share counted once."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        children.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    total, waiting = 0, [root]
    while waiting:
        pid = waiting.pop()
        waiting += children.get(pid, [])
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1024


@contextmanager
def watched(office: Office) -> Iterator[list[float]]:
    """The most memory seen while the block lasts, as the one item of a list."""
    most, over = [0.0], threading.Event()

    def watch() -> None:
        while not over.wait(0.1):
            if office.process is not None:
                most[0] = max(most[0], memory(office.process.pid))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield most
    finally:
        over.set()
        watcher.join()


@pytest.fixture
def alone(closed: Office) -> Office:
    """A bot as it is started by an operator, all of whose memory is its own."""
    closed.warm = None
    return closed


@pytest.mark.parametrize("senders", ["one", "many"])
def test_a_hundred_hostile_mails_beside_twenty_honest_ones(alone: Office, senders: str) -> None:
    author = next(line for line in HEAD.split(b"\n") if line.lower().startswith(b"from:"))
    makes = itertools.islice(itertools.cycle(KINDS), 100)
    for number, make in enumerate(makes):
        name = "ruido" if senders == "one" else f"ruido{number}"
        raw = make().replace(author, f"From: {name}@upaep.mx".encode(), 1)
        alone.account.deliver(b"X-N: %d\n" % number + raw)
    first, then = ([f"area{n}@upaep.mx" for n in some] for some in (range(10), range(10, 20)))
    with watched(alone) as most:
        alone.start()
        took = []
        for area in first + then:
            began = time.monotonic()
            text, template = (PROSE, "form") if area in first else (FULL, "received")
            alone.account.deliver(compose(area, f"Lista de {area}", text).as_bytes())
            alone.mail(template, area, seconds=60)
            took.append(time.monotonic() - began)
            time.sleep(1)
    print(f"\n{senders}: slowest {max(took):.1f} s of 20, most memory {most[0]:.0f} MB")
    assert most[0] < MEGABYTES
    if senders == "many" and max(took) == took[0] > SECONDS:
        pytest.xfail("the first one waits longer: docs/hostile-mail.md says how long, and for what")
    assert max(took) < SECONDS


def test_thirty_mails_of_24_megabytes(alone: Office) -> None:
    for number in range(30):
        mail = compose(f"grande{number}@upaep.mx", f"Lista {number}", f"{PROSE}\n{number}")
        mail.add_attachment(bytes([number]) * 17 * MIB, maintype="application", subtype="zip",
                            filename="archivo.zip")  # fmt: skip
        alone.account.deliver(mail.as_bytes())
    with watched(alone) as most:
        alone.start()
        alone.mail("form", "grande29@upaep.mx", seconds=900)
    print(f"\n30 mails of 24 MB: most memory {most[0]:.0f} MB")
    assert most[0] < MEGABYTES
