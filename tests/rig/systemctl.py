"""Stands in for systemctl where no systemd runs: it starts and stops what a unit describes.

Of it it knows User, WorkingDirectory, Environment and LoadCredential; a start is over with READY.
"""

from __future__ import annotations

import os
import pwd
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

STATE = Path(os.environ["RIG_STATE"])
SECONDS = 60


def main() -> None:
    verb, *names = [word for word in sys.argv[1:] if not word.startswith("--")]
    for name in names:
        unit = Path(f"/etc/systemd/system/{name}.service").read_text("utf-8")
        if verb in ("start", "enable"):
            start(name, unit)
        elif verb == "stop":
            stop(name)
        else:
            sys.exit(f"systemctl {verb}: not known here")


def values(unit: str, key: str) -> list[str]:
    return re.findall(rf"^{key}=(.+)$", unit, re.MULTILINE)


def start(name: str, unit: str) -> None:
    user = pwd.getpwnam(values(unit, "User")[0])
    secrets = STATE / "credentials"
    shutil.rmtree(secrets, ignore_errors=True)
    secrets.mkdir(mode=0o755)
    for one in values(unit, "LoadCredential"):
        key, _, source = one.partition(":")
        (secrets / key).write_bytes(Path(source).read_bytes())
        (secrets / key).chmod(0o400)
        os.chown(secrets / key, user.pw_uid, user.pw_gid)
    given = [one.replace("%d", str(secrets)) for one in values(unit, "Environment")]
    notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    (STATE / "notify").unlink(missing_ok=True)
    notify.bind(str(STATE / "notify"))
    (STATE / "notify").chmod(0o666)
    environment = dict(one.split("=", 1) for one in given)
    environment |= {"PATH": os.defpath, "NOTIFY_SOCKET": str(STATE / "notify")}
    with (STATE / "journal").open("ab") as journal:
        process = subprocess.Popen(
            shlex.split(values(unit, "ExecStart")[0]), cwd=values(unit, "WorkingDirectory")[0],
            user=user.pw_uid, group=user.pw_gid, extra_groups=[], umask=0o077, env=environment,
            stdin=subprocess.DEVNULL, stdout=journal, stderr=journal, start_new_session=True,
        )  # fmt: skip
    (STATE / name).write_text(str(process.pid))
    notify.settimeout(SECONDS)
    while b"READY=1" not in notify.recv(65_536):
        if process.poll() is not None:
            sys.exit(f"{name} has ended")


def stop(name: str) -> None:
    pid = int((STATE / name).read_text())
    os.kill(pid, signal.SIGTERM)
    for _ in range(SECONDS * 20):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    sys.exit(f"{name} does not end")


if __name__ == "__main__":
    main()
