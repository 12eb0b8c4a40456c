"""A private PostgreSQL cluster on a loopback port, thrown away afterwards."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg import sql

from tests.rig.system import (
    LOOPBACK,
    Identity,
    RigError,
    free_port,
    identity,
    private_directory,
    program,
    tail,
)

INSTALLED = Path("/usr/lib/postgresql")
SETTINGS = {
    "listen_addresses": LOOPBACK,
    "max_connections": "100",
}
# The cluster is thrown away: durability is for the tests that kill the bot, not the server.
NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass
class Postgres:
    """A running cluster; the superuser is `bot`, and whoever comes from loopback is trusted."""

    directory: Path
    owner: Identity
    durable: bool = False
    port: int = field(default_factory=free_port)

    @property
    def data(self) -> Path:
        return self.directory / "data"

    def _run(self, name: str, *arguments: str | Path) -> None:
        # Debian keeps the server's programs out of PATH, a folder for each version.
        places = sorted(INSTALLED.glob("*/bin"), key=lambda p: int(p.parent.name), reverse=True)
        # To a file: the server that pg_ctl leaves behind would keep a pipe open for ever.
        output = self.directory / f"{name}.out"
        with output.open("wb") as file:
            done = subprocess.run(
                [program(name, *places), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
                cwd=self.directory,
                timeout=60,
                check=False,
                **self.owner,
            )
        if done.returncode:
            log = [*tail(output), *tail(self.directory / "log")]
            raise RigError(f"{name} failed:\n" + "\n".join(log))

    def create(self) -> None:
        self._run(
            "initdb", "-D", self.data, "-U", "bot", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"
        )

    def start(self) -> None:
        chosen = SETTINGS if self.durable else SETTINGS | NOT_DURABLE
        options = " ".join(f"-c {name}={value}" for name, value in chosen.items())
        options += f" -c port={self.port} -c unix_socket_directories={self.directory}"
        log = self.directory / "log"
        self._run("pg_ctl", "-D", self.data, "-w", "-s", "-l", log, "-o", options, "start")

    def stop(self, mode: str = "fast") -> None:
        """`immediate` is a crash: clients are cut off and the next start recovers."""
        self._run("pg_ctl", "-D", self.data, "-w", "-s", "-m", mode, "stop")

    def restart(self, mode: str = "fast") -> None:
        self.stop(mode)
        self.start()

    def url(self, database: str = "postgres") -> str:
        """As `database.url` of the bot's configuration."""
        return f"postgresql+psycopg://bot@{LOOPBACK}:{self.port}/{database}"

    @contextmanager
    def database(self, name: str) -> Iterator[str]:
        """The URL of an empty database that lasts as long as the block."""
        self._execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield self.url(name)
        finally:
            drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
            self._execute(drop.format(sql.Identifier(name)))

    def _execute(self, statement: sql.Composed) -> None:
        with psycopg.connect(
            host=LOOPBACK, port=self.port, user="bot", dbname="postgres", autocommit=True
        ) as connection:
            connection.execute(statement)


@contextmanager
def running_postgres(*, durable: bool = False) -> Iterator[Postgres]:
    """A cluster for as long as the block lasts; `durable`: what it committed is on the disk."""
    owner = identity("postgres")
    with private_directory("postgres", owner) as directory:
        cluster = Postgres(directory, owner, durable)
        cluster.create()
        cluster.start()
        try:
            yield cluster
        finally:
            cluster.stop("immediate")
