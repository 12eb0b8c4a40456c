"""From a full mailbox to every reply sent, beside what its steps cost by themselves.

usage: python -m bench.end_to_end [--messages N] [--workers N] [--postgres] [--pinned] [--no-floor]
"""

from __future__ import annotations

import argparse
import logging
import os
import re
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.request import urlopen

from sqlalchemy import create_engine, text

from bench.floor import floor
from bench.mails import mixed
from bench.processes import cpu_seconds, family, peak_mb, share_mb
from bot.observability.logs import set_up
from bot.runtime.collector import leave_alone_what_is_loaded
from tests.rig.dovecot import Account, running_dovecot
from tests.rig.office import Office, open_office
from tests.rig.postgres import running_postgres
from tests.rig.smtp_sink import SmtpSink
from tests.rig.system import free_port

LOOK_SECONDS = 0.1
WAITING = (
    "SELECT 1 FROM message WHERE status='received' LIMIT 1",
    "SELECT 1 FROM outbox WHERE status='waiting' LIMIT 1",
)
APART = "Apart"  # the folder where mail waits until the bots are up


@contextmanager
def offices(
    messages: int, workers: int, *, postgres: bool
) -> Iterator[tuple[list[Office], str, list[bytes]]]:
    """Bots not yet started over one full mailbox, the URL of another database, and the mail."""
    with ExitStack() as stack:
        dovecot = stack.enter_context(running_dovecot())
        sink = stack.enter_context(SmtpSink())
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        url, other = f"sqlite:///{folder / 'bot.db'}", f"sqlite:///{folder / 'floor.db'}"
        if postgres:
            cluster = stack.enter_context(running_postgres(durable=True))
            url = stack.enter_context(cluster.database("bot"))
            other = stack.enter_context(cluster.database("floor"))
        account = dovecot.account("bench@upaep.mx")
        raws = list(mixed(messages))
        account.deliver(*raws)
        with account.client("INBOX"):
            pass  # the server makes its index when the folder is first opened
        if postgres:
            with account.client() as client:
                client.create_folder(APART)
            move_all(account, "INBOX", APART)
        found = []
        for number in range(workers):
            own = folder / str(number)
            own.mkdir()
            office = stack.enter_context(open_office(account, sink, own))
            office.settings["database"]["url"] = url
            office.settings["logs"] = {"format": "json"}
            office.settings["limits"] = {"replies_per_day_total": 1_000_000}
            office.settings["monitoring"] = {"port": free_port()}
            office.write_config()
            found.append(office)
        yield found, other, raws


def move_all(account: Account, source: str, target: str) -> None:
    """All mail of a folder at once into another (RFC 6851)."""
    with account.client(source) as client:
        client.move("1:*", target)


@contextmanager
def kept_to(core: int | None) -> Iterator[None]:
    """What is started within the block stays on one core (on any, where none is named)."""
    any_core = os.sched_getaffinity(0)
    os.sched_setaffinity(0, any_core if core is None else {sorted(any_core)[core % len(any_core)]})
    try:
        yield
    finally:
        os.sched_setaffinity(0, any_core)


def run(office: Sequence[Office], messages: int, *, apart: bool, pinned: bool) -> dict[str, float]:
    """Starts the bots; figures once all is settled and sent.

    `apart`: they find their mailbox empty, and are given the mail when all of them are up.
    `pinned`: each has a core of its own, as far as they go; the servers may use any.
    """
    engine = create_engine(office[0].settings["database"]["url"])
    sink = office[0].sink
    start, started = time.perf_counter(), time.time()
    for number, one in enumerate(office):
        with kept_to(number if pinned else None):
            one.start()
    at_start = _cpu(office)
    if apart:
        move_all(office[0].account, APART, "INBOX")
    watching = time.perf_counter()

    def is_done() -> bool:
        """Whether nothing is left; asks no more than it must, for it takes time from the bots."""
        with engine.connect() as connection:
            if any(connection.scalar(text(ask)) for ask in WAITING):
                return False
            return bool(connection.scalar(text("SELECT count(*) FROM message")) == messages)

    while not is_done():
        time.sleep(LOOK_SECONDS)
    end = time.perf_counter()
    used, idle = _cpu(office), at_start
    figures = {
        "seconds": end - start,
        "seconds working": end - watching,
        "seconds to the first mail": sink.mails[0].at - started,
        "mails sent": len(sink.mails),
        "CPU ms: main": 1000 * (used[0] - idle[0]) / messages,
        "CPU ms: reading": 1000 * (used[1] - idle[1]) / messages,
        "peak MB": max(_summed(peak_mb, office)),
        "PSS MB": max(_summed(share_mb, office)),
        **_steps(office[0], messages),
    }
    for one in office:
        one.stop()
    engine.dispose()
    return figures


def _summed(measure: Callable[[int], float], office: Sequence[Office]) -> list[float]:
    """Of each bot, over all its processes."""
    return [sum(map(measure, family(one.process.pid))) for one in office if one.process]


def _steps(office: Office, messages: int) -> dict[str, float]:
    """Milliseconds a message in each step of the first bot, as it tells at /metrics."""
    url = f"http://127.0.0.1:{office.settings['monitoring']['port']}/metrics"
    with urlopen(url, timeout=10) as answer:
        page = answer.read().decode()
    found = re.findall(r'^bot_step_seconds_sum\{step="(\w+)"\} (\S+)$', page, re.MULTILINE)
    return {f"step ms: {name}": 1000 * float(seconds) / messages for name, seconds in found}


def _cpu(office: Sequence[Office]) -> tuple[float, float]:
    """Seconds that the main processes and those that read for them have used."""
    pids = [list(family(one.process.pid)) for one in office if one.process]
    main = sum(cpu_seconds(one[0]) for one in pids)
    return main, sum(cpu_seconds(pid) for one in pids for pid in one[1:])


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(prog="python -m bench.end_to_end")
    parser.add_argument("--messages", type=int, default=1000)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--no-floor", action="store_true")
    parser.add_argument("--pinned", action="store_true")
    asked = parser.parse_args()
    set_up(as_json=True, least=logging.WARNING)
    with offices(asked.messages, asked.workers, postgres=asked.postgres) as (bots, other, raws):
        figures = run(bots, asked.messages, apart=asked.postgres, pinned=asked.pinned)
        for name, value in figures.items():
            print(f"{name:20} {value:9.2f}")
        print(f"{'messages/s':20} {asked.messages / figures['seconds working']:9.1f}")
        print(f"{'with the start':20} {asked.messages / figures['seconds']:9.1f}")
        if asked.no_floor:
            return
        sent = bots[0].sink.mails
        leave_alone_what_is_loaded()  # the steps alone are to have no less than the bot has
        steps = floor(bots[0].account, other, bots[0].sink, sent, raws)
    total = sum(steps.values())
    for name, seconds in steps.items():
        print(f"floor: {name:13} {1000 * seconds / asked.messages:9.2f} ms a message")
    print(f"floor: {'added up':13} {1000 * total / asked.messages:9.2f} ms a message")
    print(
        f"throughput / floor   {total / figures['seconds working']:9.2f}"
        f"   {total / figures['seconds']:.2f} with the start"
    )


if __name__ == "__main__":
    main()
