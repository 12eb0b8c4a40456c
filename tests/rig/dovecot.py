"""A private Dovecot (2.3): own configuration, own ports, own directory, no privileges.

Every user name exists, with password `PASSWORD`, and has its own mailbox: tests share one server
and take a name each.
"""

from __future__ import annotations

import grp
import itertools
import os
import pwd
import signal
import subprocess
import time
from collections.abc import Container, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from imapclient import IMAPClient

from tests.rig.dovecot_config import CONFIGURATION, OAUTH, OAUTH_PASSDB
from tests.rig.system import (
    LOOPBACK,
    Identity,
    RigError,
    answers,
    free_port,
    give,
    identity,
    private_directory,
    program,
    tail,
    wait_until,
)
from tests.rig.tls import Certificates, make_certificates

PASSWORD = "secret"


@dataclass
class Dovecot:
    """A running server; see `running_dovecot`."""

    directory: Path
    certificates: Certificates
    mail_format: str = "maildir"
    introspection_url: str = ""
    extra: str = ""
    port: int = field(default_factory=free_port)
    tls_port: int = field(default_factory=free_port)
    host: str = LOOPBACK

    def __post_init__(self) -> None:
        self.owner: Identity = identity("dovecot")
        self._master: subprocess.Popen[bytes] | None = None

    @property
    def configuration(self) -> Path:
        return self.directory / "dovecot.conf"

    def start(self) -> None:
        uid = self.owner["user"] if self.owner else os.geteuid()
        account = pwd.getpwuid(uid)
        location = {"maildir": "maildir:~/Maildir", "sdbox": "sdbox:~/sdbox"}[self.mail_format]
        self.configuration.write_text(
            CONFIGURATION.format(
                loopback=self.host,
                directory=self.directory,
                user=account.pw_name,
                group=grp.getgrgid(account.pw_gid).gr_name,
                location=location,
                certificate=self.certificates.certificate,
                key=self.certificates.key,
                password=PASSWORD,
                port=self.port,
                tls_port=self.tls_port,
                oauth_mechanisms=" xoauth2 oauthbearer" if self.introspection_url else "",
                oauth=OAUTH.format(directory=self.directory) if self.introspection_url else "",
                extra=self.extra,
            )
        )
        (self.directory / "oauth2.conf").write_text(OAUTH_PASSDB.format(url=self.introspection_url))
        for name in ("run", "state", "mail"):
            (self.directory / name).mkdir(exist_ok=True)
            give(self.directory / name, self.owner)
        with (self.directory / "stderr").open("wb") as errors:
            self._master = subprocess.Popen(
                [program("dovecot"), "-F", "-c", self.configuration],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                **self.owner,
            )
        try:
            wait_until(self._ready, "Dovecot answers")
        except RigError as error:
            self.stop()
            raise RigError("\n".join([str(error), *self.log()])) from None

    def _ready(self) -> bool:
        if self._master is None or self._master.poll() is not None:
            raise RigError("Dovecot ended at once")
        return answers(self.port) and answers(self.tls_port)

    def stop(self) -> None:
        """End the server and with it every connection."""
        if self._master is not None and self._master.poll() is None:
            self._master.terminate()
            try:
                self._master.wait(10)
            except subprocess.TimeoutExpired:
                self._master.kill()
                self._master.wait()
        self._master = None

    def restart(self) -> None:
        self.stop()
        self.start()

    def log(self) -> Sequence[str]:
        return [*tail(self.directory / "log"), *tail(self.directory / "stderr")]

    def doveadm(self, *arguments: str, fine: Container[int] = (0,)) -> str:
        """Run Dovecot's own tool on this instance; `fine` are the statuses that are no error."""
        done = subprocess.run(
            [program("doveadm"), "-c", self.configuration, *arguments],
            capture_output=True,
            text=True,
            cwd=self.directory,
            timeout=30,
            check=False,
            **self.owner,
        )
        if done.returncode not in fine:
            raise RigError(f"doveadm {' '.join(arguments)}: {done.stderr.strip()}")
        return done.stdout

    def account(self, username: str) -> Account:
        """A mailbox; it comes into being with its first use."""
        return Account(self, username)


@dataclass(frozen=True)
class Account:
    """One user's mail on the server, seen from the outside of the bot."""

    server: Dovecot
    username: str
    password: str = PASSWORD

    _serial = itertools.count()

    @property
    def home(self) -> Path:
        return self.server.directory / "mail" / self.username

    @contextmanager
    def client(self, folder: str = "") -> Iterator[IMAPClient]:
        """A person's own connection, with `folder` selected where one is named."""
        with IMAPClient(self.server.host, self.server.port, ssl=False, timeout=20) as client:
            client.normalise_times = False
            client.login(self.username, self.password)
            if folder:
                client.select_folder(folder)
            yield client

    def append(self, *raws: bytes, folder: str = "INBOX", flags: Sequence[str] = ()) -> None:
        """Put messages in by IMAP."""
        with self.client() as client:
            for raw in raws:
                client.append(folder, raw, flags)

    def deliver(self, *raws: bytes) -> None:
        """Put messages straight into the Maildir, as a delivery agent does: fast for thousands."""
        if self.server.mail_format != "maildir":
            self.append(*raws)
            return
        maildir = self._maildir()
        for raw in raws:
            name = f"{int(time.time())}.M{next(self._serial)}P{os.getpid()}.rig"
            path = maildir / "tmp" / name
            path.write_bytes(raw)
            path.chmod(0o644)
            give(path, self.server.owner)
            path.rename(maildir / "new" / name)

    def _maildir(self) -> Path:
        maildir = self.home / "Maildir"
        for path in (self.home, maildir, *(maildir / part for part in ("tmp", "cur", "new"))):
            if not path.exists():
                path.mkdir()
                give(path, self.server.owner)
        return maildir

    def messages(self, folder: str = "INBOX") -> dict[int, bytes]:
        """UID and bytes of all that lies in a folder."""
        with self.client(folder) as client:
            found = client.fetch(client.search("ALL"), ["BODY.PEEK[]"])
            return {uid: parts[b"BODY[]"] for uid, parts in found.items()}

    def flags(self, folder: str = "INBOX") -> dict[int, set[str]]:
        """UID and flags of all that lies in a folder, \\Recent left out."""
        with self.client(folder) as client:
            found = client.get_flags(client.search("ALL"))
            return {
                uid: {flag.decode() for flag in flags} - {"\\Recent"}
                for uid, flags in found.items()
            }

    def set_uid_validity(self, value: int, folder: str = "INBOX") -> None:
        """What a restored backup or a recreated folder looks like to a client."""
        self.server.doveadm(
            "mailbox", "update", "--uid-validity", str(value), "-u", self.username, folder
        )

    def kick(self) -> None:
        """Log this user's connections out, with a BYE; there may be none at this moment."""
        self.server.doveadm("kick", self.username, fine=(0, os.EX_NOHOST))

    def kill_connections(self) -> None:
        """End this user's connections without a word, as a crash of the server does."""
        for line in self.server.doveadm("who", "-1", self.username).splitlines()[1:]:
            # username proto pid ip: the processes are children of our own master.
            os.kill(int(line.split()[2]), signal.SIGKILL)


@contextmanager
def running_dovecot(
    mail_format: str = "maildir", introspection_url: str = "", extra: str = ""
) -> Iterator[Dovecot]:
    """A server for as long as the block lasts; `extra` is appended to its configuration."""
    owner = identity("dovecot")
    with private_directory("dovecot", owner) as directory:
        certificates = make_certificates(directory)
        give(certificates.key, owner)
        server = Dovecot(directory, certificates, mail_format, introspection_url, extra)
        server.start()
        try:
            yield server
        finally:
            server.stop()
