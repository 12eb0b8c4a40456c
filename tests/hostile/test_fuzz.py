"""Thousands of damaged mails through reading and understanding: no crash, no hang, no feast.

A mail that fails is named by its number: `python -m tests.hostile.test_fuzz 1234` shows what it is.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.cli.explain import as_dict
from bot.mail.parsing import Limits
from bot.runtime.analyzer import Analyzer
from bot.store.identity import content_hash, message_id_of
from bot.workflow.message import UnparseableMessage
from tests.builders import NOW, ORGANIZATION
from tests.hostile.mails import HEAD, SENDER, SUBJECT
from tests.hostile.mutate import mutant, seeds
from tests.hostile.reader import CrashError, HangError, ParserProcess

HANG = 5.0  # seconds by the clock
MEGABYTES = 600
SHORT, LONG = 400, 50_000


@dataclass(slots=True)
class Tally:
    """What came out of a run of mutants."""

    outcomes: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    slowest: tuple[float, int] = (0.0, -1)
    largest: tuple[float, int] = (0.0, -1)

    def take(self, number: int, reader: ParserProcess) -> None:
        """Read one mutant and note what happens."""
        try:
            answer = reader.read(mutant(number), HANG)
        except (HangError, CrashError) as error:
            self.failures.append(f"{number}: {error}")
            return
        told = answer.told
        outcome = answer.problem or told["automatic"] or told["intent"]
        self.outcomes[outcome] += 1
        self.slowest = max(self.slowest, (answer.seconds, number))
        self.largest = max(self.largest, (answer.megabytes, number))
        if answer.problem.startswith("no se pudo leer"):
            self.failures.append(f"{number}: understanding raised: {answer.problem}")
        if answer.megabytes > MEGABYTES:
            self.failures.append(f"{number}: {answer.megabytes:.0f} MB")


def run(numbers: range) -> Tally:
    tally = Tally()
    with ParserProcess() as reader:
        for number in numbers:
            tally.take(number, reader)
    return tally


def show(tallies: list[Tally]) -> None:
    """Print the counts."""
    outcomes = sum((tally.outcomes for tally in tallies), Counter())
    for outcome, count in outcomes.most_common():
        print(f"{count:7,}  {outcome}")
    failures = [failure for tally in tallies for failure in tally.failures]
    seconds, slow = max(tally.slowest for tally in tallies)
    megabytes, large = max(tally.largest for tally in tallies)
    print(f"{outcomes.total() + len(failures):7,}  messages of {len(seeds())} seeds")
    print(f"{len(failures):7,}  crashed, hung over {HANG:g} s or took over {MEGABYTES} MB")
    print(f"slowest {seconds:.2f} s (number {slow}), most memory {megabytes:.0f} MB ({large})")


def test_damaged_mails() -> None:
    """The first ones of those that the long run reads."""
    tally = run(range(SHORT))
    assert tally.failures == []
    assert tally.outcomes.total() == SHORT
    assert len(tally.outcomes) > 8  # they are not all refused, nor all read alike


@pytest.mark.soak
def test_fifty_thousand_damaged_mails(capsys: pytest.CaptureFixture[str]) -> None:
    """In two processes at once, each reading one after the other."""
    halves = (range(0, LONG, 2), range(1, LONG, 2))
    with ThreadPoolExecutor(2) as both:
        tallies = list(both.map(run, halves))
    with capsys.disabled():
        print()
        show(tallies)
    assert [failure for tally in tallies for failure in tally.failures] == []


def test_a_number_is_always_the_same_mail() -> None:
    assert mutant(7) == mutant(7)
    assert len({mutant(number) for number in range(200)}) > 180


@cache
def analyzer() -> Analyzer:
    return Analyzer(ORGANIZATION, Limits())


def check(raw: bytes) -> None:
    """What holds for every message whatsoever."""
    analysis = analyzer().analyse(raw, NOW)
    told = as_dict("x.eml", analysis, ORGANIZATION)
    line = json.dumps(told, ensure_ascii=False)
    assert len((line + "\n").encode().splitlines()) == 1
    assert json.loads(line) == told
    assert set(told) >= {"file", "from", "subject", "attachments", "automatic", "intent",
                         "confidence", "fields", "missing", "command", "folio", "text"}  # fmt: skip
    assert told["from"] is None or told["from"] == told["from"].strip() != ""
    if isinstance(analysis.mail, UnparseableMessage):
        assert not analysis.mail.reason.startswith("no se pudo leer"), "understanding raised"
    assert len(content_hash(raw)) == 64
    assert "\n" not in message_id_of(raw)


@given(st.integers(10**6, 10**9))
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_mutant(number: int) -> None:
    check(mutant(number))


@given(st.binary(max_size=3_000))
@example(b"")
@example(b"\0")
@example(b"From: a@b\xe2\x80\xa8\n\n\xe2\x80\xa8\xc2\x85\x0b\x0c")
@settings(max_examples=300, deadline=None)
def test_any_bytes(raw: bytes) -> None:
    check(raw)
    check(HEAD + b"\n" + raw)


LINES = st.sampled_from(
    ["Área:", "Responsable: Ana Paz", "ext. 7163", "Solicitamos una lista", "para alumnos",
     "del 30/02/2021 al 99 de enero", "unos 1,850", "1.", "[x] Creación", "APROBAR", "RECHAZAR por",
     "> De: a@b.c", "--", "Saludos", "\t|", "CI-2021-0042", "porque", "al mes", "\u202e", "\ud800",
     "\u2028", "0" * 400, "١٢٣", "²³", "9" * 30 + " de mayo", "el 31 de junio", "x@" * 9]
)  # fmt: skip


@given(st.lists(LINES | st.text(max_size=30), max_size=40), st.sampled_from(["plain", "html"]))
@settings(max_examples=400, deadline=None)
def test_any_words(lines: list[str], kind: str) -> None:
    """Forms, dates, numbers and commands that nobody would write."""
    text = ("\n" if kind == "plain" else "<br>").join(lines).encode("utf-8", "surrogatepass")
    check(HEAD + f"Content-Type: text/{kind}; charset=utf-8\n\n".encode() + text)


@given(st.binary(max_size=500), st.sampled_from(["depth", "headers", "size"]))
@settings(max_examples=30, deadline=None)
def test_what_cannot_be_read_tells_its_sender_and_subject(tail: bytes, how: str) -> None:
    more = {
        "depth": b"Content-Type: message/rfc822\n\n" * 100,
        "headers": b"X: y\n" * 2_000,
        "size": b"\n" * (Limits().lines * 2 + 1),
    }[how]
    told = as_dict("x.eml", analyzer().analyse(HEAD + more + tail, NOW), ORGANIZATION)
    assert told["problem"].startswith("El mensaje tiene demasiad")
    assert (told["from"], told["subject"]) == (SENDER, SUBJECT)


if __name__ == "__main__":
    sys.stdout.buffer.write(mutant(int(sys.argv[1])))
