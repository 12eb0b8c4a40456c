"""The bot's reading in a child process: it may hang, crash or eat memory, and that is told."""

from __future__ import annotations

import contextlib
import json
import os
import select
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

ROOT = Path(__file__).parents[2]
START = 60  # seconds to load the models


class HangError(Exception):
    """A message was not read in time."""


class CrashError(Exception):
    """The process died of a message."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came out of a message, the seconds of computing, and the peak of memory.

    `told` is the line of `explain --json`; `problems` are those of its attachments.
    """

    told: dict[str, Any]
    seconds: float
    megabytes: float
    problems: list[str] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return str(self.told["text"])

    @property
    def problem(self) -> str:
        """Why the message could not be read; empty where it could."""
        return str(self.told.get("problem", ""))


class ParserProcess:
    """Reads messages in one child process, in which the next message follows the last."""

    def __init__(self) -> None:
        self._child = self._start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def read(self, raw: bytes, seconds: float = 30) -> Answer:
        """What is understood of `raw`.

        Raises HangError where that takes longer than `seconds` by the clock, and CrashError.
        """
        line = self._ask(raw, seconds)
        answer: dict[str, Any] = json.loads(line)
        assert "\n" not in json.dumps(answer["told"], ensure_ascii=False)
        return Answer(**answer)

    def _ask(self, raw: bytes, seconds: float) -> bytes:
        requests, answers = self._child.stdin, self._child.stdout
        assert requests is not None
        assert answers is not None
        try:
            requests.write(len(raw).to_bytes(8, "big") + raw)
            requests.flush()
        except BrokenPipeError as error:
            raise self._crash() from error
        ready, _, _ = select.select([answers], [], [], seconds)
        if not ready:
            self._stop()
            self._child = self._start()
            raise HangError(f"no answer within {seconds} s")
        line = answers.readline()
        if not line.endswith(b"\n"):
            raise self._crash()
        return line

    def _crash(self) -> CrashError:
        status = self._child.wait()
        self._stop()
        self._child = self._start()
        return CrashError(f"the process ended with status {status}")

    @staticmethod
    def _start() -> subprocess.Popen[bytes]:
        child = subprocess.Popen(
            [sys.executable, "-m", "tests.hostile.child"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | {"OMP_NUM_THREADS": "1"},
        )
        assert child.stdout is not None
        ready, _, _ = select.select([child.stdout], [], [], START)
        assert ready, "the reading process did not start"
        assert child.stdout.readline() == b"ready\n"
        return child

    def _stop(self) -> None:
        self._child.kill()
        self._child.wait()
        for pipe in (self._child.stdin, self._child.stdout):
            if pipe is not None:
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()
