"""A database of ten years beside one of the office's last week: what takes longer, and how much.

usage: python -m bench.ten_years [--mails N] [--rounds N]

Both hold the same open cases, the same lists in use and the same last week; the large one all that
came before, too: 500,000 mails of 60,000 cases, and the lists that were withdrawn.
"""

from __future__ import annotations

import argparse
import datetime as dt
import itertools
import logging
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

from sqlalchemy import insert

from bench.mails import ANSWERS, WISHES, _written, short_request
from bot.lists import findings
from bot.lists.guidelines import Guidelines
from bot.lists.register import ListEntry, ListState
from bot.mail import compose
from bot.mail.parsing import Limits
from bot.observability.logs import set_up
from bot.report.figures import Scope
from bot.report.monthly import counted, courses
from bot.runtime import forkserver
from bot.runtime.parser_process import ParserProcess
from bot.runtime.processor import ALONE, Processor
from bot.runtime.scheduler import RETENTION, Scheduler
from bot.store import Store
from bot.store.cases import _row as case_row
from bot.store.cases import count_states
from bot.store.claims import own_name
from bot.store.columns import packed
from bot.store.events import ChainHead
from bot.store.events import _row as event_row
from bot.store.identity import id_hash
from bot.store.tables import CASE, EVENT, JOB, MESSAGE, NOTICE, OUTBOX, PARTICIPANT, PLACE, THREAD
from bot.workflow.case import Case, Decision, Event, Move, State
from bot.workflow.lifecycle import FetchedMessage, ImapFolder
from bot.workflow.message import Address
from bot.workflow.organization import Retention
from bot.workflow.schedule.notifications import HistorySeal
from nlp.types import Intent
from tests.builders import ORGANIZATION, found, full_form
from tests.rig.zone import ZONE

NOW = dt.datetime(2027, 3, 2, 11, tzinfo=ZONE)
CASE_EVERY = dt.timedelta(minutes=87)  # 60,000 in ten years
MAILS_OF_CASE, WRITTEN_OF_CASE = 4, 4
SMALL, LARGE = 1_000, 500_000
OPEN, ACTIVE_LISTS, PEOPLE = 40, 300, 3_000
OPEN_STATES = (State.REVIEW, State.INCOMPLETE, State.APPROVAL, State.REVIEW, State.PROVISIONING)
ENDS = (State.CLOSED, State.REJECTED, State.CLOSED, State.WITHDRAWN)
STEPS = ("opened", "completed", "complete", "notice", "approved", "provisioned", "told", "thanks")
FOLDER = ImapFolder("bench@upaep.mx", "INBOX", 7)
AT_ONCE = 2_000  # cases
KEEPS_A_YEAR = replace(ORGANIZATION, retention=Retention(mail=dt.timedelta(days=365)))

Rows = dict[Any, list[dict[str, Any]]]


# --- the database ---------------------------------------------------------------------------------


def fill(store: Store, mails: int) -> None:
    """So many mails in and out, the last ones a moment ago."""
    cases = mails * 12 // 100
    machines = mails // 2 - cases * MAILS_OF_CASE
    mail = packed(short_request(0))
    for first in range(0, cases, AT_ONCE):
        rows: Rows = {table: [] for table in (CASE, EVENT, PARTICIPANT, THREAD, MESSAGE, PLACE)}
        rows |= {OUTBOX: [], NOTICE: []}
        for number in range(first, min(first + AT_ONCE, cases)):
            _add_case(rows, number, cases - number, mail)
        _write(store, rows)
    passed = [_message(cases * MAILS_OF_CASE + n, NOW, None, mail) for n in range(machines)]
    _write(store, {MESSAGE: passed})
    withdrawn = cases // 6
    lists = [_list(number, ListState.ACTIVE) for number in range(ACTIVE_LISTS)]
    lists += [_list(ACTIVE_LISTS + n, ListState.WITHDRAWN) for n in range(withdrawn)]
    with store.work() as work:
        work.lists.save(*lists)
        work.cases.take_folio("CI", NOW.year)
    asked = [
        f"renewal:{one.key}:{one.end_date}:{n}" for one in lists[ACTIVE_LISTS:] for n in (30, 7)
    ]
    if asked:
        _write(store, {JOB: [{"name": name, "last_run": NOW} for name in asked]})


def _write(store: Store, rows: Rows) -> None:
    with store._writing() as connection:
        for table, some in rows.items():
            if some:
                connection.execute(insert(table), some)
        count_states(connection, Counter(row["state"] for row in rows.get(CASE, ())))


def _add_case(rows: Rows, number: int, from_end: int, mail: bytes) -> None:
    """A case with its mail and history; `from_end` is 1 for the newest."""
    opened = NOW - CASE_EVERY * from_end
    case = _case(from_end, opened)
    head = ChainHead()
    for step, what in enumerate(STEPS):
        event = Event(what, "bot", "Una línea de la historia de la solicitud.", 1)
        row = event_row(case.folio, head, event, opened + step * dt.timedelta(minutes=5))
        head = ChainHead(row["number"], row["hash"])
        rows[EVENT].append(row)
    end = {"revision": len(STEPS), "events": head.length, "head": head.hash, "opened_at": opened}
    rows[CASE].append(case_row(case) | end)
    rows[PARTICIPANT].append({"folio": case.folio, "email": case.requester.email})
    for part in range(MAILS_OF_CASE):
        message = _message(number * MAILS_OF_CASE + part, opened, case.folio, mail)
        rows[MESSAGE].append(message)
        place = {"mailbox": FOLDER.mailbox, "folder": FOLDER.folder, "uidvalidity": 7}
        rows[PLACE].append(
            place | {"uid": message["id"], "message": message["id"], "flagged": True}
        )
        rows[THREAD].append(_thread(case.folio, message["message_id"]))
    for part in range(WRITTEN_OF_CASE):
        written = _written_mail(number * WRITTEN_OF_CASE + part, opened, case, mail)
        rows[OUTBOX].append(written)
        rows[THREAD].append(_thread(case.folio, written["message_id"]))
    for part in range(3):
        rows[NOTICE].append(_token(f"{case.folio} {part}", case, opened))


def _case(from_end: int, opened: dt.datetime) -> Case:
    is_open = from_end <= OPEN
    state = OPEN_STATES[from_end % 5] if is_open else ENDS[from_end % 4]
    area, name, purpose = WISHES[from_end % len(WISHES)]
    who = Address(f"persona{from_end % PEOPLE}@upaep.mx", f"Persona {from_end % PEOPLE}")
    of_this = {
        "area": found(f"{area} {from_end % 60}"),
        "list_name": found(f"{name}-{from_end}"),
        "purpose": found(f"{purpose} de la generación {from_end}"),
    }
    reason, at = "La lista ya existe con otro nombre.", opened + dt.timedelta(hours=1)
    decision = Decision(Move.REJECTED, "rodrigo@upaep.mx", at, at, State.REVIEW, reason)
    return Case(
        folio=f"CI-{opened.year}-{900_000 - from_end:06d}",
        state=state,
        intent=Intent.CREATE_LIST,
        requester=who,
        people=(who,),
        subject="Solicitud de lista",
        opened_at=opened,
        updated_at=opened + dt.timedelta(hours=2),
        form=MappingProxyType({**full_form(), **of_this}),
        due_on=NOW.date() + dt.timedelta(days=5),
        thread=(f"<in-{from_end}@upaep.mx>",),
        decision=decision if state is State.REJECTED else None,
        entered=MappingProxyType({str(state): opened}),
    )


def _message(number: int, at: dt.datetime, folio: str | None, raw: bytes) -> dict[str, Any]:
    message_id = f"<old-{number}@upaep.mx>"
    return {
        "id": number + 1, "message_id": message_id, "content_hash": id_hash(message_id),
        "size": 1500, "whole": True, "received_at": at, "status": "done" if folio else "ignored",
        "reason": "" if folio else "machine", "attempts": 1, "folio": folio, "claimed_by": None,
        "claimed_until": None, "turn": id_hash(f"{number % PEOPLE}"), "slow": False, "raw": raw,
    }  # fmt: skip


def _written_mail(number: int, at: dt.datetime, case: Case, raw: bytes) -> dict[str, Any]:
    message_id, to = f"<out-{number}@upaep.mx>", case.requester.email
    return {
        "folio": case.folio, "message": None, "template": "form", "sender": "bench@upaep.mx",
        "recipient": to, "recipients": f'["{to}"]', "message_id": message_id,
        "message_id_hash": id_hash(message_id), "secret": None, "automatic": True, "alarm": False,
        "created_at": at, "not_before": at, "status": "sent", "attempts": 1, "next_try_at": at,
        "last_error": "", "sent_at": at, "charged": to, "held_back": False, "raw": raw,
    }  # fmt: skip


def _thread(folio: str, message_id: str) -> dict[str, Any]:
    return {"message_id_hash": id_hash(message_id), "folio": folio, "own": True}


def _token(name: str, case: Case, at: dt.datetime) -> dict[str, Any]:
    return {
        "key_hash": id_hash(name), "folio": case.folio, "message": None,
        "person": "rodrigo@upaep.mx", "stage": str(case.state), "version": 1, "order_name": None,
        "order_argument": None, "created_at": at, "spent_at": None, "commands": "approve",
        "void_at": None, "rows": None,
    }  # fmt: skip


def _list(number: int, state: ListState) -> ListEntry:
    area, name, purpose = WISHES[number % len(WISHES)]
    return ListEntry(
        name=f"{name} {number}",
        address=f"{name}-{number}@upaep.mx",
        state=state,
        area=f"{area} {number % 60}",
        responsible=f"Persona {number % PEOPLE}",
        responsible_email=f"persona{number % PEOPLE}@upaep.mx",
        audience=("students",) if number % 2 else ("faculty", "staff"),
        frequency="monthly",
        end_date=NOW.date() + dt.timedelta(days=200 + number % 100),
        purpose=f"{purpose} del grupo {number}",
    )


# --- what is measured -----------------------------------------------------------------------------


class Office:
    """The bot on one of the databases, without servers."""

    def __init__(self, url: str, reader: ParserProcess | None = None) -> None:
        """Without a `reader` no mail is settled."""
        self.url, self.store = url, Store.open(url)
        self.clock = lambda: NOW
        self.processor = (
            None
            if reader is None
            else Processor(self.store, reader, ORGANIZATION, self.clock, ALONE)
        )
        self.scheduler = Scheduler(self.store, ORGANIZATION, self.clock)
        self.scheduler.begin()
        self._numbers = itertools.count(int(time.time()))  # a folder may be kept

    def start(self) -> None:
        with Store.open(self.url) as store:
            store.release_dead(lambda worker: worker == own_name())
            Scheduler(store, ORGANIZATION, self.clock).begin()
            store.messages.last_uid(FOLDER)

    def begin(self) -> None:
        self.scheduler.begin()

    def first_answer(self) -> None:
        number = next(self._numbers)
        mail = _written(700_000 + number, "Lista", "Buen día, quisiera una lista de distribución.")
        self.settle(mail.as_bytes())

    def notice(self) -> None:
        number = next(self._numbers)
        answers = {
            **ANSWERS,
            "Nombre de la lista": f"novedades-{number}",
        }
        text = "\n".join(f"{label}: {value}" for label, value in answers.items())
        self.settle(_written(800_000 + number, "Formato", f"Buen día:\n\n{text}").as_bytes())

    def settle(self, raw: bytes) -> None:
        fetched = FetchedMessage(900_000 + next(self._numbers), raw, len(raw), NOW)
        (new,) = self.store.messages.take_in(FOLDER, [fetched], NOW)
        (claimed,) = self.store.messages.claim(own_name(), NOW, 1)
        assert claimed.id == new.id
        assert self.processor is not None
        for _ in self.processor.process([claimed]):
            pass

    def lookalikes(self) -> None:
        with self.store.work() as work:
            case = _case(next(self._numbers) % 3 * 5 + 10, NOW)
            case = replace(case, state=State.REVIEW)
            around = findings.load(work, case)
            findings.findings(case, ORGANIZATION, around, NOW.date(), Guidelines())

    def digest(self) -> None:
        look = self.scheduler._look(NOW)
        self._digest(look, cache(look._seal))

    def digest_without_seal(self) -> None:
        self._digest(self.scheduler._look(NOW), lambda: HistorySeal(1, "0" * 64, NOW.isoformat()))

    def _digest(self, look: Any, seal: Callable[[], HistorySeal]) -> None:
        look._attempt("digest", partial(look._digest, ORGANIZATION.staff[0], seal))

    def minute(self) -> None:
        self.scheduler.run_due()

    def report(self) -> None:
        scope = Scope(NOW.date() - dt.timedelta(days=7), NOW.date(), NOW.date())
        counted(self.store, courses(self.store, scope, ORGANIZATION), scope)

    def health(self) -> None:
        self.store.records.unsettled()
        self.store.outbox.overdue_since(NOW)
        self.store.outbox.untried_since(NOW)

    def retention(self) -> None:
        look = Scheduler(self.store, KEEPS_A_YEAR, self.clock)._look(NOW)
        look._attempt(RETENTION, look._retain)


MEASURES: dict[str, Callable[[Office], None]] = {
    "start": Office.start,
    "first answer": Office.first_answer,
    "notice": Office.notice,
    "look-alikes": Office.lookalikes,
    "digest without its seal": Office.digest_without_seal,
    "digest": Office.digest,
    "each minute": Office.minute,
    "report of a week": Office.report,
    "health": Office.health,
    "retention, a step": Office.retention,
}


def ratios(folder: Path, mails: int, rounds: int) -> Iterator[tuple[str, float, float]]:
    """Each measure with its median seconds on the small database and on the large one."""
    forkserver.start()
    compose.prepare()
    urls = [f"sqlite:///{folder}/{name}.db" for name in ("small", "large")]
    for url, count in zip(urls, (SMALL, mails), strict=True):
        if Path(url.removeprefix("sqlite:///")).exists():
            continue
        with Store.open(url) as store:
            fill(store, count)
    with ParserProcess(ORGANIZATION, Limits(), 30.0) as reader:
        offices = [Office(url, reader) for url in urls]
        for name, measure in MEASURES.items():
            taken: list[list[float]] = [[], []]
            for round_ in range(rounds + 2):
                for office, times in zip(offices, taken, strict=True):
                    began = time.perf_counter()
                    measure(office)
                    if round_ > 1:
                        times.append(time.perf_counter() - began)
            small, large = map(statistics.median, taken)
            yield name, small, large
        for office in offices:
            office.store.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mails", type=int, default=LARGE)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args()
    set_up(as_json=True, least=logging.WARNING)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        for name, small, large in ratios(asked.folder or Path(folder), asked.mails, asked.rounds):
            print(
                f"{name:20} {small * 1000:9.2f} ms {large * 1000:9.2f} ms {large / small:6.2f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
