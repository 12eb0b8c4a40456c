"""Steps at which a bot can be made to die by kill -9, hooked into its libraries from outside.

A step is `before X`, `before commit of X` or `after commit of X` for a statement X of the
database, or `before flag`, `after flag` for the mark on the IMAP server. What concerns SMTP is up
to the sink, see `SmtpSink.at_step`.
"""

from __future__ import annotations

import os
import signal
from typing import Any

from imapclient import IMAPClient
from sqlalchemy import Connection, event
from sqlalchemy.engine import Engine
from sqlalchemy.engine.default import DefaultDialect

STATEMENTS = {
    "receive": ("INSERT INTO message", ""),
    "claim": ("UPDATE message SET", "attempts=(message.attempts + "),
    "settle": ("UPDATE message SET", "status="),
    "flagged": ("UPDATE place SET", "flagged="),
    "outgoing": ("UPDATE outbox SET", "attempts=(outbox.attempts + "),
    "sent": ("UPDATE outbox SET", "sent_at="),
}
"""How the statements of the steps begin, and what they set."""
WHEN = ("before", "before commit of", "after commit of")
STEPS = [
    *(f"{when} {name}" for name in ("receive", "claim", "settle") for when in WHEN),
    "before flag",
    "after flag",
    *(f"{when} {name}" for name in ("flagged", "outgoing", "sent") for when in WHEN),
]


def die_at(step: str, nth: int = 1) -> None:
    """Makes this process die the `nth` time it comes to a step."""
    left = [nth]

    def come(to: str) -> None:
        if to == step:
            left[0] -= 1
            if not left[0]:
                os.kill(os.getpid(), signal.SIGKILL)

    if step not in STEPS:
        raise ValueError(step)
    _watch_database(come)
    _watch_flags(come)


def _watch_database(come: Any) -> None:
    running: set[str] = set()  # the statements of the transaction in progress

    @event.listens_for(Engine, "before_cursor_execute")
    def execute(_c: Connection, _k: object, statement: str, *_: object) -> None:
        changes = statement.partition(" WHERE ")[0]
        for name, (beginning, part) in STATEMENTS.items():
            if changes.startswith(beginning) and part in changes:
                running.add(name)
                come(f"before {name}")

    commit = DefaultDialect.do_commit

    def do_commit(self: DefaultDialect, connection: Any) -> None:
        names = sorted(running)
        running.clear()
        for name in names:
            come(f"before commit of {name}")
        commit(self, connection)
        for name in names:
            come(f"after commit of {name}")

    DefaultDialect.do_commit = do_commit  # type: ignore[method-assign]


def _watch_flags(come: Any) -> None:
    add_flags = IMAPClient.add_flags

    def watched(self: IMAPClient, *arguments: Any, **more: Any) -> Any:
        come("before flag")
        answer = add_flags(self, *arguments, **more)
        come("after flag")
        return answer

    IMAPClient.add_flags = watched
