"""The process that reads: whatever it dies of, everything is answered, in order."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.mail.parsing import Limits
from bot.runtime.analyzer import Analyzer
from bot.runtime.fairness import SHARE, Allowance
from bot.runtime.parser_process import ParserProcess, PutOffError
from bot.workflow.lifecycle import InboundMessage
from bot.workflow.message import ParsedMessage, UnparseableMessage
from nlp.types import Intent
from tests.builders import NOW, ORGANIZATION
from tests.rig.system import wait_until

ROOT = Path(__file__).parents[2]
HEAVY = b"From: ana@upaep.mx\r\nSubject: Pesado\r\nContent-Type: text/html\r\n\r\n" + (
    b"<p>hola <b>a todos</b></p>\n" * 50_000
)


def light(number: int) -> bytes:
    head = f"From: area{number}@upaep.mx\r\nSubject: Lista {number}\r\n\r\n"
    return head.encode() + b"Solicitamos crear una lista."


def job(raw: bytes) -> InboundMessage:
    return InboundMessage(0, raw, NOW)


@pytest.fixture(scope="module")
def reader() -> Iterator[ParserProcess]:
    with ParserProcess(ORGANIZATION, Limits(), 30) as opened:
        yield opened


def subjects(analyses: Iterator[object]) -> list[str]:
    return [analysis.mail.subject for analysis in analyses]  # type: ignore[attr-defined]


def test_it_reads_what_is_read_here(reader: ParserProcess) -> None:
    raws = [light(1), b"Subject: Re: [CI-2021-0042]\r\nIn-Reply-To: <x@y>\r\n\r\nYa no", b"", b"\0"]
    here = Analyzer(ORGANIZATION, Limits())
    there = list(reader.analyse_all(map(job, raws), 9))
    assert there == [here.analyse(raw, NOW) for raw in raws]
    assert there[0].prediction.intent == Intent.CREATE_LIST


def test_many_come_back_in_order_and_one_may_be_asked_for_between(reader: ParserProcess) -> None:
    found = []
    for number, analysis in enumerate(reader.analyse_all((job(light(n)) for n in range(100)), 9)):
        found.append(analysis.mail.subject)
        if number == 50:
            assert reader.analyse(job(light(1234))).mail.subject == "Lista 1234"
    assert found == [f"Lista {n}" for n in range(100)]


def test_whoever_stops_asking_leaves_nothing_behind(reader: ParserProcess) -> None:
    analyses = reader.analyse_all((job(light(n)) for n in range(100)), 9)
    assert next(analyses).mail.subject == "Lista 0"
    analyses.close()
    assert reader.analyse(job(light(7))).mail.subject == "Lista 7"


def test_one_that_takes_too_long_is_told_and_the_others_are_read() -> None:
    with ParserProcess(ORGANIZATION, Limits(), 0.2) as hasty:
        raws = [light(1), HEAVY, light(2)]
        before, heavy, after = hasty.analyse_all(map(job, raws), 9)
    assert isinstance(before.mail, ParsedMessage)
    assert isinstance(after.mail, ParsedMessage)
    assert isinstance(heavy.mail, UnparseableMessage)
    assert heavy.mail.reason == "tardó más de 0.2 segundos en leerse"
    assert (heavy.mail.sender, heavy.mail.subject) == ("ana@upaep.mx", "Pesado")


def test_what_takes_more_than_its_senders_share_is_put_off() -> None:
    """And what else of theirs is in hand; the others are read."""
    jobs = [
        InboundMessage(n, raw, NOW, turn=turn)
        for n, (raw, turn) in enumerate(
            [(HEAVY, "x"), (light(1), "a"), (light(2), "x"), (light(3), "b"), (light(4), "x")]
        )
    ]
    allowance = Allowance()
    allowance.charge("x", SHARE - 0.4)
    with ParserProcess(ORGANIZATION, Limits(), 30, allowance) as common:
        readings = [reading for reading in common.read_all(jobs, 9) if reading is not None]
        with pytest.raises(PutOffError):
            common.analyse(jobs[2])
        assert isinstance(common.analyse(jobs[1]).mail, ParsedMessage)
    put_off = {reading.message.id for reading in readings if reading.analysis is None}
    assert put_off == {0, 2, 4}
    assert [r.message.id for r in readings if r.analysis is not None] == [1, 3]


def test_who_sends_much_is_put_off_after_their_share() -> None:
    jobs = [InboundMessage(n, light(n), NOW, turn="x" if n % 2 else "a") for n in range(40)]
    allowance = Allowance()
    allowance.charge("x", SHARE - 0.13)
    with ParserProcess(ORGANIZATION, Limits(), 30, allowance) as common:
        readings = [reading for reading in common.read_all(jobs, 9) if reading is not None]
    assert sorted(reading.message.id for reading in readings) == list(range(40))
    read = {reading.message.id for reading in readings if reading.analysis is not None}
    assert {n for n in range(40) if n % 2 == 0} <= read
    assert len(read) < 40


def test_a_death_from_outside_costs_nothing() -> None:
    with ParserProcess(ORGANIZATION, Limits(), 30) as mortal:
        analyses = mortal.analyse_all((job(light(n)) for n in range(60)), 9)
        found = [next(analyses).mail.subject]
        os.kill(mortal.pid, signal.SIGKILL)
        found += subjects(analyses)
    assert found == [f"Lista {n}" for n in range(60)]


def test_a_message_that_it_dies_of_twice_is_given_up() -> None:
    with ParserProcess(ORGANIZATION, Limits(), 30) as mortal:

        def kill_twice() -> None:
            killed = [0]
            for _ in range(2):
                wait_until(lambda: mortal.pid not in killed and mortal._ready, "one reads", 60)
                killed.append(mortal.pid)
                os.kill(mortal.pid, signal.SIGKILL)

        mortal.analyse(job(light(0)))
        killer = threading.Thread(target=kill_twice)
        analyses = mortal.analyse_all(map(job, [HEAVY, light(1)]), 9)
        killer.start()
        heavy, after = analyses
        killer.join()
    assert isinstance(heavy.mail, UnparseableMessage)
    assert heavy.mail.reason == "el proceso que lo leía terminó dos veces"
    assert after.mail.subject == "Lista 1"


def test_it_ends_with_whoever_started_it() -> None:
    with ParserProcess(ORGANIZATION, Limits(), 30) as opened:
        opened.analyse(job(light(1)))
        pid = opened.pid
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


NO_PLACE = """
import tempfile
from bot.runtime.parser_process import ParserProcess, ParserProcessError
from bot.mail.parsing import Limits
from tests.builders import ORGANIZATION

tempfile.tempdir = "/nowhere"  # the server that readers are forked from needs a place
try:
    ParserProcess(ORGANIZATION, Limits(), 30)
except ParserProcessError as error:
    print(error)
"""


def test_it_tells_why_it_cannot_be_started() -> None:
    done = subprocess.run(
        [sys.executable, "-c", NO_PLACE], capture_output=True, text=True, timeout=60
    )
    assert done.stdout.startswith("the process that reads mail cannot be started: No such file")
    assert done.stderr == ""


def test_without_a_usable_model_it_says_what_to_do(tmp_path: Path) -> None:
    for folder in ("bot", "replies"):
        (tmp_path / folder).symlink_to(ROOT / folder)
    (tmp_path / "nlp").mkdir()
    for part in (ROOT / "nlp").iterdir():
        if part.name != "model":
            (tmp_path / "nlp" / part.name).symlink_to(part)
    (tmp_path / "a.eml").write_bytes(light(1))
    command = [sys.executable, "-m", "bot", "--config", str(ROOT / "config.yaml")]
    done = subprocess.run(
        [*command, "explain", "a.eml", "a.eml"],
        cwd=tmp_path, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 1
    assert "run `python -m nlp train`" in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
