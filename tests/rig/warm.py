"""The bot as processes that start at once: one that has loaded everything forks the others.

`WarmBot` is the test's side; run as a module this file is the other side, which reads one JSON
request a line and answers each with a line. A forked process runs the real command line.
"""

from __future__ import annotations

import datetime as dt
import importlib
import json
import os
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any, Self

REPOSITORY = Path(__file__).parents[2]
NO_PAUSES: Mapping[str, float] = {}
NOTHING_MORE: Mapping[str, str] = {}


class WarmBot:
    """Starts bots; for one test session."""

    def __enter__(self) -> Self:
        self._lock = Lock()
        self._server = subprocess.Popen(
            [sys.executable, "-m", __name__],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=REPOSITORY,
            # A pool of threads does not survive a fork.
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        )  # fmt: skip
        self._ask({})  # answered when all is loaded
        return self

    def __exit__(self, *_: object) -> None:
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        self._server.stdin.close()
        self._server.wait(10)
        self._server.stdout.close()

    def start(
        self,
        arguments: Sequence[str],
        log: Path,
        *,
        errors: Path | None = None,
        environment: Mapping[str, str] = NOTHING_MORE,
        pauses: Mapping[str, float] = NO_PAUSES,
        dies: tuple[str, int] | None = None,
    ) -> WarmProcess:
        """Runs the bot with these arguments; what it prints goes to `log`.

        `errors` is for what it prints there, if not the same; `environment` is added to the test's.
        `pauses` sets constants, such as `bot.runtime.outbox_sender.FIRST_PAUSE`, to so many
        seconds; `dies` names a step of `tests.rig.dying` and how often it is passed.
        """
        request = {
            "arguments": list(arguments), "log": str(log), "errors": str(errors or log),
            "environment": dict(environment), "pauses": dict(pauses), "dies": dies,
        }  # fmt: skip
        return WarmProcess(self, self._ask(request))

    def _ask(self, request: dict[str, Any]) -> Any:
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        with self._lock:
            self._server.stdin.write(json.dumps(request).encode() + b"\n")
            self._server.stdin.flush()
            return json.loads(self._server.stdout.readline())


@dataclass
class WarmProcess:
    """A bot that was started; used like a `subprocess.Popen`."""

    server: WarmBot
    pid: int
    status: int | None = None

    def poll(self) -> int | None:
        """Its exit status, below 0 for the signal that ended it; None while it runs."""
        if self.status is None:
            self.status = self.server._ask({"poll": self.pid})
        return self.status

    def wait(self, seconds: float) -> int:
        """Its exit status when it has ended."""
        deadline = time.monotonic() + seconds
        while (status := self.poll()) is None:
            if time.monotonic() > deadline:
                raise TimeoutError(f"the bot still runs after {seconds:g} s")
            time.sleep(0.01)
        return status

    def send_signal(self, number: signal.Signals) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


def _serve() -> None:
    _load()
    for line in sys.stdin:
        request = json.loads(line)
        answer = None
        if "poll" in request:
            pid, status = os.waitpid(request["poll"], os.WNOHANG)
            answer = os.waitstatus_to_exitcode(status) if pid else None
        elif request:
            answer = os.fork()
            if not answer:
                _become_bot(request)
        print(json.dumps(answer), flush=True)


def _load() -> None:
    """Everything that takes time to import, and what is made on first use."""
    import alembic.command
    import sqlalchemy.dialects.postgresql
    import typer.main

    from bot.cli.app import COMMANDS, app
    from bot.mail import compose
    from bot.runtime import forkserver

    assert alembic.command
    assert sqlalchemy.dialects.postgresql
    for name in COMMANDS:
        typer.main.get_group(app).get_command(None, name)
    forkserver.start()
    compose.prepare()


def _share_forkserver() -> None:
    """All bots have their readers of the one server, which is not theirs to look after."""
    from multiprocessing import forkserver

    forkserver.ensure_running = forkserver._forkserver.ensure_running = lambda: None


def _become_bot(request: dict[str, Any]) -> None:
    status = 1
    try:
        _share_forkserver()
        out, errors = (
            os.open(request[name], os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
            for name in ("log", "errors")
        )
        nothing = os.open(os.devnull, os.O_RDONLY)
        for old, new in ((nothing, 0), (out, 1), (errors, 2)):
            os.dup2(old, new)
        os.environ.update(request["environment"])
        sys.argv = ["bot", *request["arguments"]]
        for name, seconds in request["pauses"].items():
            _set_pause(name, seconds)
        if request["dies"]:
            from tests.rig.dying import die_at

            die_at(*request["dies"])
        from bot.cli.app import main

        main()
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _set_pause(name: str, seconds: float) -> None:
    module, _, constant = name.rpartition(".")
    imported = importlib.import_module(module)
    is_span = isinstance(getattr(imported, constant), dt.timedelta)
    setattr(imported, constant, dt.timedelta(seconds=seconds) if is_span else seconds)


if __name__ == "__main__":
    _serve()
