"""SMTP servers that hand on to the tests' sink, refuse one address, and take 300,000 bytes."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.rig.smtp_sink import Received, SmtpSink
from tests.rig.system import LOOPBACK, free_port, identity, private_directory
from tests.zoo.running import OWNER, in_namespace, running, unpacked

REFUSED = "nadie@upaep.mx"
MOST_BYTES = 300_000


@dataclass(frozen=True)
class Relay:
    """A server before the sink; used as the sink is where mail is handed in."""

    port: int
    sink: SmtpSink
    host: str = LOOPBACK

    @property
    def mails(self) -> list[Received]:
        return self.sink.mails


@contextmanager
def postfix(folder: Path, sink: SmtpSink, port: int) -> Iterator[None]:
    package = unpacked("postfix")
    programs = package / "usr/lib/postfix"
    (folder / "conf").mkdir()
    settings = {
        "compatibility_level": "3.6",
        "queue_directory": folder / "queue",
        "data_directory": folder / "data",
        "command_directory": package / "usr/sbin",
        "daemon_directory": programs / "sbin",
        "shlib_directory": programs,
        "mail_owner": OWNER,
        "setgid_group": "dovenull",
        "import_environment": "MAIL_CONFIG LD_LIBRARY_PATH",
        "maillog_file": folder / "log",
        "maillog_file_prefixes": folder,
        "myhostname": "mail.upaep.mx",
        "mydestination": "",
        "relayhost": f"[{sink.host}]:{sink.port}",
        "inet_interfaces": LOOPBACK,
        "inet_protocols": "ipv4",
        "alias_maps": "",
        "mynetworks": "127.0.0.0/8",
        "smtp_host_lookup": "native",
        "smtp_dns_support_level": "disabled",
        "message_size_limit": MOST_BYTES,
        "smtpd_relay_restrictions": "permit_mynetworks, reject",
        "smtpd_recipient_restrictions": f"check_recipient_access inline:{{{{{REFUSED} = 550 5.1.1 "
        "no such user}}, permit",
    }
    lines = "".join(f"{name} = {value}\n" for name, value in settings.items())
    (folder / "conf/main.cf").write_text(lines)
    (folder / "conf/master.cf").write_text(
        f"{LOOPBACK}:{port} inet n - n - - smtpd\npostlog unix-dgram n - n - 1 postlogd\n"
        "cleanup unix n - n - 0 cleanup\nqmgr unix n - n 300 1 qmgr\n"
        "rewrite unix - - n - - trivial-rewrite\nsmtp unix - - n - - smtp\n"
        "bounce unix - - n - 0 bounce\ndefer unix - - n - 0 bounce\ntrace unix - - n - 0 bounce\n"
        "anvil unix - - n - 1 anvil\nscache unix - - n - 1 scache\nretry unix - - n - - error\n"
        "error unix - - n - - error\nproxymap unix - - n - - proxymap\n"
        "flush unix n - n 1000? 0 flush\nshowq unix n - n - - showq\n"
    )
    for name in ("queue", "data"):
        (folder / name).mkdir()
    for name in (
        "active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "maildrop",
        "pid", "private", "public", "saved", "trace",
    ):  # fmt: skip
        (folder / "queue" / name).mkdir(mode=0o755 if name in ("pid", "public") else 0o700)
        if name != "pid":
            shutil.chown(folder / "queue" / name, OWNER, OWNER)
    shutil.chown(folder / "data", OWNER, OWNER)
    command = [programs / "sbin/master", "-c", folder / "conf", "-d"]
    own = {"LD_LIBRARY_PATH": str(programs), "MAIL_CONFIG": str(folder / "conf")}
    with running(command, port, folder / "out", own):
        yield


@contextmanager
def exim(folder: Path, sink: SmtpSink, port: int) -> Iterator[None]:
    for name in ("spool", "logs"):
        (folder / name).mkdir()
        shutil.chown(folder / name, OWNER, OWNER)
    (folder / "exim.conf").write_text(f"""\
spool_directory = {folder}/spool
log_file_path = {folder}/logs/%slog
pid_file_path = {folder}/spool/pid
primary_hostname = mail.upaep.mx
daemon_smtp_ports = {port}
local_interfaces = {LOOPBACK}
tls_advertise_hosts =
host_lookup =
keep_environment =
never_users =
message_size_limit = {MOST_BYTES}
smtp_accept_queue_per_connection = 0
acl_smtp_rcpt = rcpt
acl_smtp_data = accept
begin acl
rcpt:
  deny recipients = {REFUSED}
       message = no such user
  accept
begin routers
all:
  driver = manualroute
  transport = on
  route_list = * {sink.host}::{sink.port} byname
  self = send
begin transports
on:
  driver = smtp
  allow_localhost
""")
    script = f"exec exim4 -C {folder}/exim.conf -bdf -q1m"
    own = in_namespace(folder, unpacked("exim"), script, {"Debian-exim": OWNER})
    with running(own, port, folder / "out"):
        yield


@contextmanager
def opensmtpd(folder: Path, sink: SmtpSink, port: int) -> Iterator[None]:
    (folder / "smtpd.conf").write_text(f"""\
smtp max-message-size {MOST_BYTES}
table refused {{ {REFUSED} }}
listen on {LOOPBACK} port {port} hostname mail.upaep.mx
action onward relay host smtp://{sink.host}:{sink.port}
match from any for rcpt-to <refused> reject
match from any for any action onward
""")
    script = (
        "mkdir -p /var/lib/opensmtpd/empty /var/spool/smtpd; chmod 711 /var/spool/smtpd\n"
        f"exec smtpd -d -f {folder}/smtpd.conf"
    )
    accounts = {"opensmtpd": OWNER, "opensmtpq": "dovenull"}
    with running(
        in_namespace(folder, unpacked("opensmtpd"), script, accounts), port, folder / "out"
    ):
        yield


SERVERS: dict[str, Callable[..., object]] = {
    "postfix": postfix, "exim": exim, "opensmtpd": opensmtpd,
}  # fmt: skip


@contextmanager
def relay(name: str, sink: SmtpSink) -> Iterator[Relay]:
    """One of the servers, before this sink."""
    port = free_port()
    identity(OWNER)  # raises where there is no such account
    with private_directory(name, {}) as folder:
        folder.chmod(0o755)
        with SERVERS[name](folder, sink, port):  # type: ignore[attr-defined]
            yield Relay(port, sink)
