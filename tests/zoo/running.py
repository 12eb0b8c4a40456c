"""Mail servers of Debian, run from where `.ci/install-mail-servers` unpacked them.

Each gets a folder of its own and a port on loopback. Those that want accounts or paths of their own
see them in a mount namespace, where their package lies over the system: that takes root.
"""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest

from tests.rig.system import RigError, answers, tail, wait_until

UNPACKED = Path("/opt/mail-servers")
OWNER = "dovecot"  # an account without any rights that every machine with the tests' packages has


def unpacked(name: str) -> Path:
    """Where a server lies; a test that wants one that is not there is skipped, and says so."""
    place = UNPACKED / name
    if not place.is_dir():
        pytest.skip(f"{name} is not there: run .ci/install-mail-servers {name}")
    return place


@cache
def _mounts() -> bool:
    """Whether a file system can be laid over another here, in a mount namespace."""
    script = (
        "mount -t tmpfs none /run && cd /run && mkdir up work &&"
        " mount -t overlay overlay -o lowerdir=/etc,upperdir=up,workdir=work /etc"
    )
    tried = subprocess.run(["unshare", "--mount", "sh", "-c", script], capture_output=True)
    return tried.returncode == 0


@contextmanager
def running(
    command: Sequence[object],
    port: int,
    log: Path,
    environment: Mapping[str, str] | None = None,
    **identity: object,
) -> Iterator[None]:
    """A server for as long as the block lasts, with all that it starts."""
    with log.open("wb") as out:
        process = subprocess.Popen(
            [str(word) for word in command], stdin=subprocess.DEVNULL, stdout=out, stderr=out,
            cwd=log.parent, start_new_session=True, env={**os.environ, **(environment or {})},
            **identity,
        )  # fmt: skip

    def is_up() -> bool:
        if process.poll() is not None:
            raise RigError(f"it ended: {' '.join(tail(log))}")
        return answers(port)

    try:
        wait_until(is_up, f"{command[0]} answers: {log}", 20)
        yield
    finally:
        for number in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(process.pid, number)
                process.wait(5)
            except (ProcessLookupError, subprocess.TimeoutExpired):
                continue


def in_namespace(
    folder: Path, package: Path, script: str, accounts: Mapping[str, str]
) -> list[str]:
    """The command of a shell script that sees a package's files, and accounts, as installed.

    `accounts` gives for new names whose numbers they have. What is written outside of `folder` is
    gone with the script.
    """
    if not _mounts():
        pytest.skip(f"{package.name} runs in a mount namespace, which is denied here")
    lines = ["set -e", f"mount -t tmpfs none {folder}/mnt", f"cd {folder}/mnt"]
    for name in ("etc", "var"):
        lines += [
            f"mkdir -p {name}-up {name}-work {package}/{name}",
            f"mount -t overlay overlay -o lowerdir={package}/{name}:/{name},"
            f"upperdir=$PWD/{name}-up,workdir=$PWD/{name}-work /{name}",
        ]
    lines += [f"mount -t overlay overlay -o lowerdir={package}/usr:/usr /usr"]
    lines += ["mount -t tmpfs none /run"]
    for name, like in accounts.items():
        for file in ("passwd", "group"):
            lines.append(f"sed -n 's/^{like}:/{name}:/p' /etc/{file} >>/etc/{file}")
    (folder / "mnt").mkdir()
    file = folder / "run.sh"
    file.write_text("\n".join([*lines, f"cd {shlex.quote(str(folder))}", script]))
    return ["unshare", "--mount", "sh", str(file)]
