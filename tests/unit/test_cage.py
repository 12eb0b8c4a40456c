"""The process that reads is a cage: a mail that took it over could do nothing but answer."""

from __future__ import annotations

import json
import os
import pickle
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from bot.mail.parsing import Limits
from bot.runtime.analyzer import Analyzer
from bot.runtime.parser_process import ParserProcess
from bot.workflow.lifecycle import InboundMessage
from bot.workflow.message import UnparseableMessage
from tests.builders import NOW, ORGANIZATION
from tests.hostile.mails import with_file
from tests.unit.attachment_files import SAMPLES, docx, p, tnef
from tests.unit.taken_over import HostileLimits, LyingLimits, Outside

SECRET = "contraseña-del-buzón"
HOSTILE = InboundMessage(1, b"From: a@upaep.mx\r\nSubject: x\r\n\r\nx", NOW)


def tried_by(outside: Outside) -> dict[str, str]:
    with ParserProcess(ORGANIZATION, HostileLimits(outside=outside), 20) as reader:
        mail = reader.analyse(HOSTILE).mail
    assert isinstance(mail, UnparseableMessage)
    found: dict[str, str] = json.loads(mail.reason)
    return found


def test_hostile_code_in_it_gets_nowhere(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(SECRET)
    tmp_path.chmod(0o777)
    with socket.create_server(("127.0.0.1", 0)) as server:
        outside = Outside(str(tmp_path), os.getpid(), server.getsockname()[1])
        told = tried_by(outside)
        assert told.pop("files that are open") == "few"
        assert told.pop("environment") == "empty"
        assert [name for name, how in told.items() if how == "done"] == []
        # Without the cage every one of these is a way out: the attempts are real ones.
        alone = run_free(outside)
    ways = {"read a file", "list a folder", "make a file", "connect", "run a program", "fork",
            "make a temporary file", "make memory a file", "make a local socket"}  # fmt: skip
    assert ways <= {name for name, how in alone.items() if how == "done"}


def run_free(outside: Outside) -> dict[str, str]:
    """The same attempts in a process that nothing holds, but for those that would end it."""
    code = (
        "import json, os, signal, sys\n"
        "from tests.unit import taken_over as t\n"
        "os.kill = os.execv = lambda *_: None\n"
        "os.fork = lambda fork=os.fork: fork() or os._exit(0)\n"
        f"outside = t.Outside({outside.folder!r}, os.getpid(), {outside.port})\n"
        "print(json.dumps(t.attempts(outside)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    Path("/tmp/new-by-a-mail").unlink(missing_ok=True)
    found: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
    return found


class Bomb:
    """Would run in whoever unpickles it."""

    def __reduce__(self) -> tuple[object, ...]:
        return os._exit, (13,)


@pytest.mark.parametrize(
    "answer",
    [pickle.dumps(Bomb()), b"", b"{}", b'{"analysis": {"mail": 7}, "seconds": 1}', b"[" * 100_000],
)
def test_what_it_answers_is_data(answer: bytes) -> None:
    with ParserProcess(ORGANIZATION, LyingLimits(answer=answer), 20) as reader:
        mail = reader.analyse(HOSTILE).mail
    assert isinstance(mail, UnparseableMessage)
    assert mail.reason == "el proceso que lo leía terminó dos veces"


def test_it_reads_as_ever() -> None:
    """What is imported on first use can be, in there: for files of every kind, odd mails, too."""
    files = [*sorted(SAMPLES.iterdir()), SAMPLES / "x.docx"]
    made = {"x.docx": docx(p("Área: Biblioteca")), "winmail.dat": tnef(html="<p>Hola</p>")}
    raws = [with_file(file.name, made.get(file.name) or file.read_bytes()) for file in files]
    raws.append(with_file("winmail.dat", made["winmail.dat"]))
    raws += [path.read_bytes() for path in sorted(SAMPLES.parent.rglob("*.eml"))]
    here = Analyzer(ORGANIZATION, Limits())
    with ParserProcess(ORGANIZATION, Limits(), 20) as reader:
        jobs = [InboundMessage(number, raw, NOW) for number, raw in enumerate(raws)]
        there = list(reader.analyse_all(jobs, 9))
    assert len(there) > 100
    assert there == [here.analyse(raw, NOW) for raw in raws]


def test_the_server_it_is_forked_from_never_had_the_secrets() -> None:
    code = (
        "import multiprocessing.forkserver as f, pathlib, os\n"
        "from bot.runtime import forkserver\n"
        "forkserver.start()\n"
        "print(pathlib.Path(f'/proc/{f._forkserver._forkserver_pid}/environ').read_text())\n"
        "print(os.environ['BOT_IMAP__PASSWORD'] == '" + SECRET + "')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True,
        env={**os.environ, "BOT_IMAP__PASSWORD": SECRET},
    )  # fmt: skip
    assert SECRET not in done.stdout
    assert done.stdout.endswith("True\n")
