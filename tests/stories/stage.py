"""The office in which stories are played: real servers, the service in this process."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.store import Store
from tests.rig.dovecot import Account, Dovecot
from tests.rig.office import STAFF, HandClock, in_process, open_office
from tests.rig.smtp_sink import SmtpSink
from tests.rig.zone import ZONE
from tests.stories.player import APPROVER_2, REVIEWER_3, Judged, Stage, play_all
from tests.stories.story import Story

TICK = 5.0  # seconds; the clock stands still, nothing falls due by itself
MONDAY = dt.datetime(2026, 8, 17, 10, 0, tzinfo=ZONE)
MORE_STAFF = (
    {"name": "Jimena Rueda", "email": REVIEWER_3, "roles": ["reviewer"]},
    {"name": "Octavio Lemus", "email": APPROVER_2, "roles": ["approver"]},
)
# Many stories in one hour: no cap is to hold back what one of them would get.
NO_CAPS = {
    "same_reply_per_day": 1_000,
    "replies_per_hour": 10_000,
    "replies_per_day_total": 100_000,
    "remarks_per_sender": 1_000,
    "notices_per_sender": 1_000,
    "remarks_per_hour": 10_000,
    "cases_per_hour": 1_000,
}


@contextmanager
def open_stage(account: Account, folder: Path, undo: int = 0) -> Iterator[Stage]:
    """An office for stories; with `undo` minutes a decision waits."""
    with (
        SmtpSink() as sink,
        open_office(account, sink, folder, undo_minutes=undo, value_threshold=0.95) as office,
    ):
        office.settings["imap"]["poll_seconds"] = 0.5
        office.settings["limits"] = NO_CAPS
        office.settings["staff"] = [*STAFF, *MORE_STAFF]
        office.write_config()
        clock = HandClock(MONDAY)
        with (
            in_process(office, clock, tick_seconds=TICK),
            Store.existing(office.settings["database"]["url"]) as store,
        ):
            yield Stage(office, clock, store)


def play_on(server: Dovecot, home: Path, told: Iterable[Story]) -> Iterator[tuple[str, Judged]]:
    """Plays all stories, in an office for each time that a decision waits in."""
    told = list(told)
    for undo in sorted({story.undo for story in told}):
        place = home / f"undo-{undo}"
        place.mkdir()
        with open_stage(server.account(f"stories{undo}@upaep.mx"), place, undo) as stage:
            mine = [story for story in told if story.undo == undo]
            yield from zip((story.id for story in mine), play_all(stage, mine), strict=True)
