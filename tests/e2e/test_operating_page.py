"""docs/operating.md, followed to the letter: its commands, on its paths, as the user that it makes.

In a mount namespace of its own, so that /etc, /opt and /var are copies that are gone afterwards.
There is no systemd in it: `tests.rig.systemctl` starts what the unit says. `make install` is given
the packages that the tests run with.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.requests import PROSE
from tests.rig.dovecot import Account
from tests.rig.office import AREA, REPOSITORY, compose
from tests.rig.smtp_sink import SmtpSink
from tests.rig.system import free_port, private_directory

PAGE = (REPOSITORY / "docs" / "operating.md").read_text("utf-8")
COPIED = ("/etc", "/opt", "/var/lib", "/var/backups", "/root")
OVERLAY = "mount -t overlay overlay -o lowerdir={0},upperdir={1}/up,workdir={1}/work {0}"
NOT_ALLOWED = 77  # to mount anything
ALONE = ("--mount", "--pid", "--fork", "--kill-child", "--mount-proc")
STUBS = {
    "sudo": 'if [ "$1" = -u ]; then exec runuser -u "$2" -- "${@:3}"; fi; exec "$@"',
    "sudoedit": 'exec {python} {state}/edit.py "$1"',
    "systemctl": 'exec env RIG_STATE={state} {python} {rig}/systemctl.py "$@"',
    "make": "ln -sfn {venv} .venv",
}
EDIT = """
import sys, pathlib, yaml
file = pathlib.Path(sys.argv[1])
settings = yaml.safe_load(file.read_text())
for section, values in {changes!r}.items():
    settings.setdefault(section, {{}}).update(values)
file.write_text(yaml.safe_dump(settings, allow_unicode=True))
"""


def blocks(section: str) -> str:
    """The commands of a section of the page, in their order."""
    text = PAGE.partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    fenced = re.findall(r"^```(\w*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return "".join(code for language, code in fenced if not language)


def script(state: Path) -> str:
    init = (
        "init --address comunicacion.interna@upaep.mx --provider other --imap-host localhost "
        "--smtp-host localhost --reviewer r@upaep.mx --provisioner p@upaep.mx --admin a@upaep.mx"
    )
    install = blocks("Install and start").replace("…", f"{state}/source")
    install = re.sub(r"config\.yaml init$", f"config.yaml {init}", install, flags=re.MULTILINE)
    install = re.sub(
        r"^(sudo install .*/dev/stdin .*)$", r"printf secret | \1", install, flags=re.M
    )
    answered = f"until grep -q smtp.sent {state}/journal; do sleep 0.1; done"
    mounts = [f"mkdir {state}/copies", f"mount -t tmpfs none {state}/copies"]
    for number, folder in enumerate(COPIED):
        upper = f"{state}/copies/{number}"
        mounts += [f"mkdir -p {upper}/up {upper}/work", OVERLAY.format(folder, upper)]
    return "\n".join([
        f"{' && '.join(mounts)} || exit {NOT_ALLOWED}",
        f"chmod 755 /root; export PATH={state}/bin:$PATH",
        install, answered,
        blocks("Backup"), blocks("Upgrade"),
        "bot cases --csv",
        "stat -c %a:%U /var/backups/upaep-list-bot/* /var/lib/upaep-list-bot/bot.db",
        "sudo systemctl stop upaep-list-bot",
        "true",  # else the shell, who is to bury what ends, would become the last command
    ])  # fmt: skip


@pytest.mark.soak
@pytest.mark.skipif(os.geteuid() != 0, reason="makes a user and copies of system folders")
def test_the_page_leads_to_a_service_that_answers_and_can_be_restored(
    account: Account, sink: SmtpSink
) -> None:
    account.deliver(compose(AREA, "Lista", PROSE).as_bytes())
    with private_directory("page", {}) as state:
        state.chmod(0o755)
        ca = state / "ca.pem"
        ca.write_bytes(account.server.certificates.ca_file.read_bytes())
        changes = {
            "imap": {"host": "localhost", "port": account.server.tls_port, "ca_file": str(ca),
                     "username": account.username, "password_file": "imap-password",
                     "since": "all"},
            "smtp": {"host": sink.host, "port": sink.port, "security": "none", "username": "",
                     "password_file": "smtp-password"},
            "database": {"url": "sqlite:////var/lib/upaep-list-bot/bot.db"},
            "logs": {"format": "json"},
            "monitoring": {"port": free_port()},
        }  # fmt: skip
        (state / "edit.py").write_text(EDIT.format(changes=changes), "utf-8")
        (state / "bin").mkdir()
        names = {"python": sys.executable, "state": state, "rig": REPOSITORY / "tests" / "rig",
                 "venv": sys.prefix}  # fmt: skip
        for name, text in STUBS.items():
            stub = state / "bin" / name
            for key, value in names.items():
                text = text.replace(f"{{{key}}}", shlex.quote(str(value)))
            stub.write_text(f"#!/bin/bash\n{text}\n", "utf-8")
            stub.chmod(0o755)
        safe = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "safe.directory",
                "GIT_CONFIG_VALUE_0": "*"}  # fmt: skip
        for git in (
            ["clone", "-q", REPOSITORY, "source"],
            ["-C", "source", "checkout", "-qB", "main"],
        ):
            subprocess.run(["git", *git], cwd=state, check=True, env={**os.environ, **safe})
        done = subprocess.run(
            ["unshare", *ALONE, "bash", "-euo", "pipefail", "-c", script(state)],
            capture_output=True, text=True, timeout=240, cwd=state,
            env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8", **safe},
        )  # fmt: skip
        journal = state / "journal"
        log = journal.read_text("utf-8") if journal.exists() else ""
    if done.returncode == NOT_ALLOWED or done.stderr.startswith("unshare:"):
        pytest.skip("no mount namespaces here")
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}\n{log[-3000:]}"
    assert f",{AREA}," in done.stdout
    assert done.stdout.splitlines()[-2:] == ["600:upaep-list-bot"] * 2
    assert [mail.template for mail in sink.mails] == ["form"]  # started three times, answered once
