"""`python -m bench.switched_off ARGUMENTS`: the bot, with one device of speed switched off.

Which one the environment's BENCH_OFF says: a name of DEVICES, or nothing. Each is undone from
outside, so that the bot itself has no switch that nobody needs.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formataddr
from types import ModuleType
from typing import Any

VARIABLE = "BENCH_OFF"
NOTHING = "nothing"


def _put(module: ModuleType, name: str, value: object) -> None:
    """Another value where a module uses a name; raises AttributeError where it uses it no more."""
    getattr(module, name)
    setattr(module, name, value)


# --- before anything is loaded, here and in the process that reads ------------------------------


def collector() -> None:
    """The collector looks at everything, as Python has it."""
    from bot.runtime import collector as device

    device.rest_while_loading = lambda: None
    device.leave_alone_what_is_loaded = lambda: None


def preload() -> None:
    """The process that reads loads its modules and its model by itself, when it is begun."""
    from bot.runtime import forkserver as device

    device.FORKSERVER.set_forkserver_preload([])
    device.start = lambda: None


# --- once the bot is loaded ---------------------------------------------------------------------


def shared_transactions() -> None:
    """Each message is settled in a transaction of its own; reading ahead as before."""
    from dataclasses import replace

    from bot.runtime import build, processor

    _put(build, "ALONE", replace(processor.ALONE, together=1))


def reading_ahead() -> None:
    """A message is handed to the process that reads when the one before is settled."""
    from dataclasses import replace

    from bot.runtime import build, processor

    _put(build, "ALONE", replace(processor.ALONE, ahead=1))


def sent_journal() -> None:
    """An acknowledgement is noted in the database at once."""
    from bot.store.outbox import Outbox

    Outbox.sent = lambda self, mail, at: self._note([(mail, at)])  # type: ignore[method-assign]


def put_off_writes() -> None:
    """Each row is written when it is known, by a statement of its own."""
    from bot.store.transactions import Transaction

    def put_off(self: Transaction, statement: Any, *rows: dict[str, Any]) -> None:
        for row in rows:
            self.connection.execute(statement, row)

    Transaction.put_off = put_off  # type: ignore[method-assign]


def rendered_once() -> None:
    """Colleagues' notices are rendered each for itself: no stand-in for the key, nothing kept."""
    from replies import rendering

    def render(name: str, values: Mapping[str, object], /) -> rendering.Rendered:
        rendering._LAST.clear()
        return known(name, values)

    known, rendering.render = rendering.render, render


def compiled_at_start() -> None:
    """Templates and the form as .docx are made when they are first needed."""
    from bot.mail import compose

    compose.prepare = lambda: None


def hand_made_mime() -> None:
    """Mails are made by the standard library's EmailMessage."""
    from bot.mail import mime
    from bot.workflow.message import Address

    def address(who: Address) -> str:
        return formataddr((who.name, who.email)) if who.name else who.email

    def mail_bytes(
        headers: Iterable[tuple[str, str]], text: str, html: str, *files: mime.File
    ) -> bytes:
        mail = EmailMessage(policy=SMTP)
        for name, value in headers:
            mail[name] = value
        mail.set_content(text, cte="quoted-printable")
        mail.add_alternative(html, subtype="html", cte="quoted-printable")
        for file in files:
            main, _, sub = file.content_type.partition("/")
            mail.add_attachment(file.data, main, sub, filename=file.name)
        return mail.as_bytes()

    mime.words = lambda value: value
    mime.address = address
    mime.mail_bytes = mail_bytes


def zstandard() -> None:
    """What is kept is compressed by zlib, at its fastest."""
    import zlib

    from bot.store import columns, messages

    for module in (columns, messages):
        _put(module, "packed", lambda data: zlib.compress(data, 1))


def known_requests() -> None:
    """What open cases ask for is read with every notice."""
    from bot.store.register import ListRepository

    known = ListRepository.open_requests

    def afresh(self: ListRepository) -> Any:
        self._requested = None
        self._transaction.cache.requested.clear()
        return known(self)

    ListRepository.open_requests = afresh  # type: ignore[method-assign]


def statements_built_once() -> None:
    """Statements that depend on the kind of database are built anew each time."""
    from bot.store import cases, messages, outbox, register, staff, threads, timetable, transactions

    for module in (cases, messages, outbox, register, staff, threads, timetable, transactions):
        for name in ("insert_new", "insert_missing", "add_to", "_insert_own"):
            if hasattr(module, name):
                setattr(module, name, getattr(module, name).__wrapped__)
    threads._insert_unless_owned = threads._insert_unless_owned.__wrapped__  # type: ignore[assignment]


def prefetching() -> None:
    """The next batch is fetched when the one before is settled."""
    from bot.runtime import service

    _put(service, "prefetched", lambda items: (item for item in items))


EARLY: dict[str, Callable[[], None]] = {"collector": collector, "preload": preload}
LATE: dict[str, Callable[[], None]] = {
    device.__name__: device
    for device in (
        shared_transactions, reading_ahead, sent_journal, put_off_writes, rendered_once,
        compiled_at_start, hand_made_mime, zstandard, known_requests,
        statements_built_once, prefetching,
    )
}  # fmt: skip
DEVICES = (*EARLY, *LATE)

OFF = os.environ.get(VARIABLE, NOTHING)
if OFF in EARLY:  # this module is imported by the process that reads, too
    EARLY[OFF]()


def main() -> None:
    """As `bot/__main__.py`."""
    from bot.runtime import collector, forkserver

    if OFF != "preload":
        forkserver.FORKSERVER.set_forkserver_preload(["bench.switched_off", "bot.runtime.ready"])
    collector.rest_while_loading()
    forkserver.start()
    from bot.cli.app import main as run

    if OFF in LATE:
        import bot.runtime.build  # noqa: F401  (what is switched off must be there)

        LATE[OFF]()
    run()


if __name__ == "__main__":
    main()
