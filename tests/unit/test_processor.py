"""Several messages in one transaction: a bad one is split out, the others are settled."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Lock

import pytest

from bot.mail.parsing import Limits
from bot.runtime.analysis import MessageAnalysis
from bot.runtime.parser_process import ParserProcess
from bot.runtime.processor import ALONE, SHARED, BatchPolicy, Processor
from bot.store import Store
from bot.workflow.lifecycle import InboundMessage
from tests.builders import NOW, ORGANIZATION
from tests.e2e.requests import PROSE
from tests.rig.samples import fetched, receive

pytest_plugins = ["tests.rig.fixtures", "tests.rig.store"]


@pytest.fixture(scope="module")
def reader() -> Iterator[ParserProcess]:
    with ParserProcess(ORGANIZATION, Limits(), 60) as opened:
        yield opened


def take_in(store: Store, count: int) -> None:
    for number in range(1, count + 1):
        head = f"From: area{number}@upaep.mx\r\nSubject: Lista\r\nMessage-ID: <{number}@upaep.mx>"
        receive(store, fetched(number, f"{head}\r\n\r\n{PROSE}".encode()))


def failing_at(*calls: int) -> Callable[[], dt.datetime]:
    """A clock that is asked once for each message, and breaks at some of the calls."""
    numbers = iter(range(1, 1000))

    def clock() -> dt.datetime:
        if next(numbers) in calls:
            raise ZeroDivisionError
        return NOW

    return clock


def settled(
    store: Store, reader: ParserProcess, clock: Callable[[], dt.datetime], how: BatchPolicy
) -> int:
    processor = Processor(store, reader, ORGANIZATION, clock, how)
    return sum(len(some.settled) for some in processor.process(store.messages.claim("w", NOW, 50)))


# The third message: with the others, and again alone.
@pytest.mark.parametrize(("batch_policy", "calls"), [(ALONE, (3, 6)), (SHARED, (3,))])
def test_a_bad_one_is_split_out(
    database_url: str, reader: ParserProcess, batch_policy: BatchPolicy, calls: tuple[int, ...]
) -> None:
    with Store.open(database_url) as store:
        take_in(store, 5)
        assert settled(store, reader, failing_at(*calls), batch_policy) == 5
        counted = store.records.counters()
        assert counted.messages == {"done": 4, "failed": 1}
        (bad,) = store.records.quarantine()
        assert (bad.id, bad.reason) == (3, "no se pudo procesar (ZeroDivisionError)")
        templates = [entry.template for entry in store.outbox.list()]
        assert sorted(templates) == ["alarm", *["form"] * 4]
        assert [c.folio for c in reversed(store.records.cases())] == [
            f"CI-{NOW.year}-{n:04d}" for n in range(1, 5)
        ]


def test_what_broke_once_is_tried_again_alone(tmp_path: Path, reader: ParserProcess) -> None:
    with Store.open(f"sqlite:///{tmp_path / 'bot.db'}") as store:
        take_in(store, 5)
        assert settled(store, reader, failing_at(3), ALONE) == 5
        assert store.records.counters().messages == {"done": 5}
        assert len(store.outbox.list()) == 5


def test_nothing_is_read_while_others_wait_to_settle(
    tmp_path: Path, reader: ParserProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A turn, and mail that came before under the same id, may take as long as they like."""
    settling, waited = Lock(), []

    def analyse(message: InboundMessage) -> MessageAnalysis:
        waited.append(settling.locked())
        return ParserProcess.analyse(reader, message)

    monkeypatch.setattr(reader, "analyse", analyse)
    head = "From: area@upaep.mx\r\nSubject: Lista\r\nMessage-ID: <{}@upaep.mx>\r\n{}\r\n{}"
    answers = "In-Reply-To: <1@upaep.mx>\r\n"
    mails = [("1", "", PROSE), ("1", "", "Otra cosa."), ("2", answers, "Extensión: 7999")]
    with Store.open(f"sqlite:///{tmp_path / 'bot.db'}") as store:
        for number, mail in enumerate(mails, 1):
            receive(store, fetched(number, head.format(*mail).encode()))
        slow = Processor(
            store, reader, ORGANIZATION, lambda: NOW, SHARED, settling=settling, reads_apart=True
        )
        assert len(list(slow.process(store.messages.claim("w", NOW, 50)))) == 3
        *_, case = store.records.cases()
    assert waited == [False, False]
    assert case.form["phone_ext"].value == "7999"


def test_one_that_ended_many_processes_is_set_aside(tmp_path: Path, reader: ParserProcess) -> None:
    with Store.open(f"sqlite:///{tmp_path / 'bot.db'}") as store:
        take_in(store, 2)
        for life in range(20):
            assert len(store.messages.claim(f"dead{life}", NOW, 1)) == 1
            store.messages.claims.release(f"dead{life}")
        assert settled(store, reader, lambda: NOW, ALONE) == 1
        (bad,) = store.records.quarantine()
        assert bad.reason == "el proceso terminó 20 veces al leerlo"
        assert settled(store, reader, lambda: NOW, ALONE) == 1
        assert store.records.counters().messages == {"done": 1, "failed": 1}


def mail(text: str, sender: str = "area@upaep.mx", subject: str = "Lista", more: str = "") -> bytes:
    head = f"From: {sender}\r\nSubject: {subject}\r\nMessage-ID: <1@upaep.mx>\r\n{more}"
    return f"{head}\r\n{text}".encode()


def folios(database_url: str, reader: ParserProcess, *raws: bytes) -> int:
    """How many cases these mails open, come one after the other."""
    with Store.open(database_url) as store:
        for number, raw in enumerate(raws, 1):
            receive(store, fetched(number, raw))
        settled(store, reader, lambda: NOW, SHARED)
        return len(store.records.cases())


FOOTER = "\r\n\r\nEste mensaje fue analizado por MailScanner y no contiene virus."
OTHER = PROSE.replace("Biblioteca Central", "Facultad de Enfermería")
QUOTED = (
    "Content-Transfer-Encoding: quoted-printable\r\nContent-Type: text/plain; charset=utf-8\r\n"
)


@pytest.mark.parametrize(
    ("raws", "cases"),
    [
        ((mail(PROSE), mail(PROSE + FOOTER, subject="[EXT] Lista")), 1),
        ((mail(PROSE), mail(PROSE.replace("ó", "=C3=B3"), more=QUOTED)), 1),
        ((mail(PROSE), mail(OTHER)), 2),
        ((mail(PROSE, "otra@upaep.mx"), mail(PROSE)), 2),
    ],
    ids=["tagged, with a footer", "encoded anew", "other words", "somebody else's"],
)
def test_one_mail_that_comes_twice_is_one_case(
    database_url: str, reader: ParserProcess, raws: tuple[bytes, ...], cases: int
) -> None:
    assert folios(database_url, reader, *raws) == cases


def test_a_stranger_under_somebody_s_message_id_keeps_nobody_out(
    database_url: str, reader: ParserProcess
) -> None:
    first = mail(PROSE).replace(b"<1@", b"<0@")
    cites = mail(f"Sobre CI-{NOW.year}-0001", "fuera@example.com", f"[CI-{NOW.year}-0001]")
    answer = mail("Va.", more="In-Reply-To: <1@upaep.mx>\r\n").replace(b"ID: <1@", b"ID: <2@")
    with Store.open(database_url) as store:
        for number, raw in enumerate((first, cites, mail(OTHER), answer), 1):
            receive(store, fetched(number, raw))
        settled(store, reader, lambda: NOW, SHARED)
        second = f"CI-{NOW.year}-0002"
        assert len(store.records.cases()) == 2
        assert [m.id for m in store.records.messages(second)] == [3, 4]
