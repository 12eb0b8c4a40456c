"""`run`, `once`, `check`, `db upgrade`: the service and its surroundings."""

from __future__ import annotations

import signal
from types import FrameType

import typer
from rich.console import Console

from bot.app.build import open_store, service
from bot.app.logs import set_up
from bot.cli.app import WORK_FAILED, app, errors
from bot.config.load import load
from bot.mailbox.check import check_imap, check_smtp
from bot.mailbox.errors import MailboxError
from bot.store import StoreError

database = typer.Typer(help="The database.", no_args_is_help=True)
app.add_typer(database, name="db")
out = Console(highlight=False, markup=False, soft_wrap=True)


@app.command()
def run(context: typer.Context) -> None:
    """The service: watch the inbox, process, send, keep the schedule, until SIGTERM."""
    settings = load(context.obj)
    set_up(as_json=settings.logs.format == "json")
    with service(settings) as running:

        def stop(signum: int, frame: FrameType | None) -> None:
            running.stop()

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, stop)
        running.run()


@app.command()
def once(context: typer.Context) -> None:
    """One pass: fetch all that is new, process, send what is due, exit."""
    settings = load(context.obj)
    set_up(as_json=settings.logs.format == "json")
    with service(settings) as running:
        try:
            running.once()
        except MailboxError as error:
            errors.print(f"mailbox: {error.problem}. {error.advice}")
            raise typer.Exit(WORK_FAILED) from None


@app.command()
def check(context: typer.Context) -> None:
    """Validate the configuration, then try IMAP, SMTP and the database; says what to do."""
    settings = load(context.obj)
    out.print(
        f"ok    config: {context.obj}, {len(settings.staff)} people, {len(settings.form)} fields"
    )
    failed = False
    for result in (check_imap(settings.imap), check_smtp(settings.smtp)):
        out.print(f"{'ok   ' if result.ok else 'FAILS'} {result.line}")
        if result.advice:
            out.print(f"      {result.advice}")
        failed = failed or not result.ok
    try:
        with open_store(settings) as store:
            out.print(f"ok    database: {store.ping()}")
    except StoreError as error:
        out.print(f"FAILS database: {error}")
        out.print("      check database.url, and that its folder or server can be reached")
        failed = True
    if failed:
        raise typer.Exit(WORK_FAILED)


@database.command()
def upgrade(context: typer.Context) -> None:
    """Migrate the database to this version."""
    with open_store(load(context.obj)) as store:
        out.print(f"database: {store.ping()}")
