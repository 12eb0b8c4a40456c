"""`demo`: the tour on embedded servers, with the real bot as a process in between."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
import yaml
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn

from bot.app.build import wall_clock
from bot.cli.app import WORK_FAILED, app
from bot.cli.cases import case_table
from bot.demo.page import write_page
from bot.demo.people import MAILBOX, STAFF
from bot.demo.servers import HOST, PASSWORD, USER, MailWorld
from bot.demo.tour import Tour
from bot.store import Store


@app.command()
def demo(
    keep: Annotated[
        bool, typer.Option("--keep", help="Leave the servers and the bot running to play with.")
    ] = False,
    out: Annotated[Path, typer.Option("--out", help="Where the page goes.")] = Path("demo-output"),
) -> None:
    """The tour: sample areas write, sample staff decide, the real bot in between."""
    console = Console(highlight=False)
    page = out / "conversacion.html"
    with tempfile.TemporaryDirectory() as folder, MailWorld(MAILBOX, wall_clock) as world:
        config = _write_config(Path(folder), world)
        with _running_bot(config, Path(folder) / "log.txt", console):
            try:
                Tour(world, console, wall_clock).play()
            except TimeoutError as error:
                console.print(
                    f"[red]{error}[/red]\n{(Path(folder) / 'log.txt').read_text()[-3000:]}"
                )
                raise typer.Exit(WORK_FAILED) from None
            finally:
                write_page(world.delivered, page)
            with Store.open(f"sqlite:///{folder}/bot.db") as store:
                console.print()
                console.print(case_table(store.records.cases()))
            console.print(f"\nLa conversación, como la vio cada quien: {page.resolve()}")
            if keep:
                _keep_running(console, world, page, config)


def _write_config(folder: Path, world: MailWorld) -> Path:
    password = folder / "imap-password"
    password.write_text(PASSWORD, encoding="utf-8")
    server = {"host": HOST, "security": "none"}
    settings = {
        "mailbox": {"address": MAILBOX},
        "imap": {
            **server, "port": world.imap_port, "username": USER, "password_file": str(password),
            "poll_seconds": 2,  # pymap does not tell an IDLE of what came just before it
        },
        "smtp": {**server, "port": world.smtp_port},
        "database": {"url": f"sqlite:///{folder}/bot.db"},
        "staff": STAFF,
        "workflow": {"undo_minutes": 0.05},
    }  # fmt: skip
    config = folder / "config.yaml"
    config.write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")
    return config


@contextmanager
def _running_bot(config: Path, log: Path, console: Console) -> Iterator[None]:
    """`run` as the process it is in earnest, ended with SIGTERM."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("BOT_")}
    with log.open("wb") as file:
        process = subprocess.Popen(  # noqa: S603  (our own interpreter and file)
            [sys.executable, "-m", "bot", "--config", str(config), "run"],
            stdout=file, stderr=file, env=environment,
        )  # fmt: skip
    try:
        with Progress(SpinnerColumn(), TextColumn("{task.description}"), transient=True,
                      console=console) as progress:  # fmt: skip
            progress.add_task("El bot carga su modelo y se conecta…")
            while "imap.connected" not in log.read_text():
                if process.poll() is not None:
                    console.print(log.read_text()[-3000:])
                    raise typer.Exit(WORK_FAILED)
                time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait(30)


def _keep_running(console: Console, world: MailWorld, page: Path, config: Path) -> None:
    console.print(
        f"\nTodo sigue encendido; Ctrl+C termina.\n"
        f"  SMTP {HOST}:{world.smtp_port}  (escriba a {MAILBOX}, sin contraseña)\n"
        f"  IMAP {HOST}:{world.imap_port}  (usuario «{USER}», contraseña «{PASSWORD}»)\n"
        f"  python -m bot --config {config} cases\n"
        f"La página se actualiza sola en {page.resolve()}"
    )
    shown = len(world.delivered)
    try:
        while True:
            time.sleep(1)
            if len(world.delivered) != shown:
                shown = len(world.delivered)
                write_page(world.delivered, page)
    except KeyboardInterrupt:
        console.print("Hasta luego.")
