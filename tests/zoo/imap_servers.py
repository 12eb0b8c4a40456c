"""IMAP servers that hold the mailbox of `USER`, empty at first."""

from __future__ import annotations

import os
import pwd
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.demo import servers as demo
from tests.rig.dovecot import PASSWORD, Account, running_dovecot
from tests.rig.system import LOOPBACK, free_port, give, identity, private_directory
from tests.zoo.running import OWNER, in_namespace, running, unpacked

USER = "bot@upaep.mx"
HASHED = "$1$abcdefgh$cHJi5PXp/ki/ktXzqlk6I1"  # PASSWORD, by crypt(3)


@dataclass(frozen=True)
class Server:
    """Where it listens; used as `tests.rig.dovecot.Dovecot` is. Folders stand below `prefix`."""

    name: str
    port: int
    prefix: str = ""
    host: str = LOOPBACK
    mail_format: str = "the server's own"


@contextmanager
def cyrus(folder: Path, port: int) -> Iterator[str]:
    package = unpacked("cyrus")
    programs = package / "usr/lib/cyrus/bin"
    for name in ("conf", "conf/socket", "conf/proc", "conf/db", "spool"):
        (folder / name).mkdir()
        give(folder / name, identity(OWNER))
    (folder / "imapd.conf").write_text(f"""\
configdirectory: {folder}/conf
partition-default: {folder}/spool
defaultpartition: default
admins: cyrus
cyrus_user: {pwd.getpwuid(identity(OWNER).get("user", os.geteuid())).pw_name}
sasl_pwcheck_method: alwaystrue
sasl_mech_list: PLAIN
allowplaintext: yes
unixhierarchysep: yes
virtdomains: off
autocreate_quota: 0
idlesocket: {folder}/conf/socket/idle
servername: localhost
""")
    own = f"-C {folder}/imapd.conf"
    (folder / "cyrus.conf").write_text(f"""\
START {{
}}
SERVICES {{
  imap cmd="{programs}/imapd {own}" listen="{LOOPBACK}:{port}" prefork=0 proto="tcp4"
}}
EVENTS {{
}}
DAEMON {{
  idled cmd="{programs}/idled {own}"
}}
""")
    command = [programs / "master", "-C", folder / "imapd.conf", "-M", folder / "cyrus.conf",
               "-p", folder / "conf/pid"]  # fmt: skip
    libraries = {"LD_LIBRARY_PATH": str(package / "usr/lib/x86_64-linux-gnu")}
    with running(command, port, folder / "out", libraries):
        yield ""


@contextmanager
def courier(folder: Path, port: int) -> Iterator[str]:
    home = folder / "home"
    for name in ("", "Maildir", "Maildir/cur", "Maildir/new", "Maildir/tmp"):
        (home / name).mkdir()
        give(home / name, identity(OWNER))
    owner = identity(OWNER)
    of_user = (f"uid={owner['user']}", f"gid={owner['group']}", f"home={home}",
               f"mail={home}/Maildir", f"imappw={HASHED}")  # fmt: skip
    (folder / "userdb").write_text(f"{USER}\t{'|'.join(of_user)}\n")
    (folder / "userdb").chmod(0o600)
    (folder / "authdaemonrc").write_text(
        'authmodulelist="authuserdb"\nauthmodulelistorig="authuserdb"\ndaemons=2\n'
        "authdaemonvar=/run/courier/authdaemon\nsubsystem=mail\nDEBUG_LOGIN=0\n"
    )
    script = f"""
mkdir -p -m 755 /run/courier /run/courier/authdaemon
cp {folder}/userdb {folder}/authdaemonrc /etc/courier
makeuserdb
/usr/lib/courier/courier-authlib/authdaemond &
while [ ! -S /run/courier/authdaemon/socket ]; do sleep 0.05; done
set -a; . /etc/courier/imapd
IMAP_CAPABILITY="$IMAP_CAPABILITY AUTH=PLAIN"; IMAP_IDLE_TIMEOUT=1 # else it looks once a minute
set +a
exec couriertcpd -address={LOOPBACK} -maxprocs=40 -maxperip=40 -nodnslookup -noidentlookup \\
    {port} /usr/lib/courier/courier/imaplogin /usr/bin/imapd Maildir
"""
    with running(in_namespace(folder, unpacked("courier"), script, {}), port, folder / "out"):
        yield "INBOX."


@contextmanager
def mailutils(folder: Path, port: int) -> Iterator[str]:
    owner, home = identity(OWNER), folder / "home"
    for name in ("home", "domains", "run"):
        (folder / name).mkdir()
        give(folder / name, owner)
    name, _, domain = USER.partition("@")
    of_user = (name, HASHED, str(owner["user"]), str(owner["group"]), "", str(home),
               f"maildir:{home}/INBOX")  # fmt: skip
    (folder / "domains" / domain).write_text(":".join(of_user) + "\n")
    (folder / "conf").write_text(f"""\
pidfile {folder}/run/pid;
mode daemon;
foreground yes;
server {LOOPBACK}:{port} {{ single-process no; }};
virtdomain {{ passwd-dir {folder}/domains; }};
auth {{
  authentication clear; authentication virtdomain:generic;
  authorization clear; authorization virtdomain;
}};
mailbox {{ mailbox-type maildir; mailbox-pattern "maildir:{home}/INBOX"; }};
namespace personal {{ prefix "" {{ delimiter "/"; directory "{home}"; mailbox-type maildir; }}; }};
logging {{ syslog no; }};
""")
    command = [unpacked("mailutils") / "usr/sbin/imap4d", "--no-site-config",
               f"--config-file={folder}/conf", "--foreground"]  # fmt: skip
    with running(command, port, folder / "out"):
        yield ""


@contextmanager
def pymap(folder: Path, port: int) -> Iterator[str]:
    server = demo._ImapThread(port)
    server.start()
    try:
        yield ""
    finally:
        server.stop()


LOGINS = {"pymap": (demo.USER, demo.PASSWORD), "cyrus": ("bot", PASSWORD)}
SERVERS = {"cyrus": cyrus, "courier": courier, "mailutils": mailutils, "pymap": pymap}


@contextmanager
def mailbox(name: str) -> Iterator[Account]:
    """The mailbox on a server of its own."""
    if name == "dovecot":
        with running_dovecot() as dovecot:
            yield dovecot.account(USER)
        return
    port = free_port()
    with private_directory(name, {}) as folder:
        folder.chmod(0o755)
        with SERVERS[name](folder, port) as prefix:
            user, password = LOGINS.get(name, (USER, PASSWORD))
            yield Account(Server(name, port, prefix), user, password)  # type: ignore[arg-type]
