"""The power goes at any moment: nothing that was promised is undone, nothing is torn.

The real store works on a real folder under strace; then the folder is rebuilt as a disk may hold
it after a power cut, thousands of times, and opened anew.
"""

from __future__ import annotations

import random
import shutil
import sqlite3
from pathlib import Path

import pytest

from bot.store import Store
from bot.store.errors import StoreError
from tests.power.disk import Disk, Operation, Said
from tests.power.office import MAILS
from tests.power.tracing import trace
from tests.rig.samples import INBOX, LEASE, NOW

MOMENTS = 10_000
DATABASE = "bot.db"


def promised(operations: list[Operation]) -> dict[str, set[int]]:
    """What was said so far: word → numbers."""
    said: dict[str, set[int]] = {}
    for operation in operations:
        if isinstance(operation, Said):
            word, number = operation.what.split()
            said.setdefault(word, set()).add(int(number))
    return said


def broken_promises(folder: Path, said: dict[str, set[int]]) -> list[str]:
    """What a new start on this folder finds missing of what was said."""
    try:
        store = Store.open(f"sqlite:///{folder / DATABASE}")
    except StoreError as error:
        return [f"does not open: {error}"]
    wrong = []
    with store:
        store.release_dead(lambda _: False)
        if store.messages.last_uid(INBOX) < max(said.get("received", {0})):
            wrong.append("a received mail is lost")
        cases = {c.folio for c in store.records.cases()}
        if len(cases) < len(said.get("settled", ())):
            wrong.append("a settled case is lost")
        wrong += [f"the chain of {folio} is torn" for folio in cases if store.records.verify(folio)]
        due = {mail.id for mail in store.outbox.due("next", NOW, MAILS, LEASE)}
        wrong += [f"mail {mail} is sent twice" for mail in due & said.get("sent", set())]
        waiting = said.get("settled", set()) - {m.id for m in store.outbox.list()}
        wrong += [f"mail {mail} is lost" for mail in waiting]
    with sqlite3.connect(folder / DATABASE) as connection:
        (told,) = connection.execute("PRAGMA integrity_check").fetchone()
    connection.close()
    return wrong if told == "ok" else [*wrong, told]


def rebuild(folder: Path, files: dict[str, bytes]) -> None:
    for file in folder.iterdir():
        file.unlink()
    for name, content in files.items():
        if not name.endswith("-shm"):  # shared memory: no start after a power cut believes it
            (folder / name).write_bytes(content)


@pytest.mark.soak
@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is missing: apt install strace")
def test_no_power_cut_undoes_what_was_promised(tmp_path: Path) -> None:
    worked, found = tmp_path / "worked", tmp_path / "found"
    worked.mkdir()
    found.mkdir()
    operations = trace(["-m", "tests.power.office", f"sqlite:///{worked / DATABASE}"], worked)
    assert len(promised(operations)["sent"]) == MAILS
    assert len(operations) >= MOMENTS
    chance = random.Random(7)
    disk = Disk()
    for moment, operation in enumerate(operations):
        disk.do(operation)
        rebuild(found, dict(disk.after_power_cut(chance)))
        wrong = broken_promises(found, promised(operations[: moment + 1]))
        assert wrong == [], f"cut after operation {moment}, {operation!r:.200}"
    print(f"\n{len(operations)} moments, a power cut at each: nothing promised was undone")
