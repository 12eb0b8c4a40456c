"""A digest that was answered to all: whoever got the answer got the keys of all its rows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.mail.compose import write
from bot.mail.parsing import Limits
from bot.runtime.enqueue import post
from bot.runtime.parser_process import ParserProcess
from bot.runtime.processor import ALONE, Processor
from bot.store import Store
from bot.workflow.context import REVOKED
from bot.workflow.lifecycle import OutboxMessage
from bot.workflow.schedule.notifications import digest
from bot.workflow.tokens import digest as kept_of
from bot.workflow.tokens import reply_address
from tests.builders import ANA, NOW, ORGANIZATION, REVIEWER, case
from tests.rig.samples import fetched, receive


@pytest.fixture(scope="module")
def reader() -> Iterator[ParserProcess]:
    with ParserProcess(ORGANIZATION, Limits(), 60) as opened:
        yield opened


def revoked_after(
    path: Path, reader: ParserProcess, text: str, cc: str = "", rows: int = 3
) -> list[bool]:
    """Which keys of a digest are revoked once it is answered: its own, then those of its rows."""
    keys: list[str] = []

    def written(*about: object) -> OutboxMessage:
        letter = write(*about)  # type: ignore[arg-type]
        keys.extend(letter.keys)
        return letter

    cases = tuple(case(folio=f"CI-2021-{number:04d}") for number in range(1, rows + 1))
    with Store.open(f"sqlite:///{path / 'bot.db'}") as store:
        with store.work() as work:
            for one in cases:
                work.cases.save(one, opens=True)
            letter = digest(ORGANIZATION, REVIEWER, cases, NOW.date())
            post(work, (letter,), ORGANIZATION, NOW, writer=written)
        head = (
            f"From: {REVIEWER.address.email}\r\nTo: {reply_address(ORGANIZATION, '', keys[0])}\r\n"
            f"Cc: {cc}\r\nSubject: Re: Hoy\r\nMessage-ID: <1@upaep.mx>\r\n"
        )
        receive(store, fetched(1, f"{head}\r\n{text}\r\n".encode()))
        claimed = store.messages.claim("w", NOW, 9)
        processor = Processor(store, reader, ORGANIZATION, lambda: NOW, ALONE)
        assert list(processor.process(claimed))
        with store.work() as work:
            tokens = [work.tokens.get(kept_of(key)) for key in keys]
    return [token is not None and token.stage == REVOKED for token in tokens]


@pytest.mark.parametrize(
    "text", ["Ojo con la de Finanzas.", "RECHAZAR 2, 3 listas ya existen", "LISTA", "APROBAR 1"]
)
def test_all_its_keys_are_dead_whatever_the_answer_says(
    tmp_path: Path, reader: ParserProcess, text: str
) -> None:
    assert revoked_after(tmp_path, reader, text, ANA.email) == [True] * 4


def test_the_key_of_an_only_row_is_dead_too(tmp_path: Path, reader: ParserProcess) -> None:
    assert revoked_after(tmp_path, reader, "APROBAR", ANA.email, rows=1)[1]


def test_an_answer_to_us_alone_leaves_them(tmp_path: Path, reader: ParserProcess) -> None:
    assert not any(revoked_after(tmp_path, reader, "Ojo con la de Finanzas."))
