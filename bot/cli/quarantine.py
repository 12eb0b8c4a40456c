"""`quarantine`: messages that could not be processed."""

from __future__ import annotations

import sys
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.cli.app import WORK_FAILED, app, errors
from bot.config.load import load
from bot.runtime.build import open_store

quarantine_app = typer.Typer(help="Messages that could not be processed: show, retry, discard.")
app.add_typer(quarantine_app, name="quarantine")
out = Console(highlight=False, markup=False)


@quarantine_app.callback(invoke_without_command=True)
def quarantine(context: typer.Context) -> None:
    """Messages that could not be processed, with the reason."""
    if context.invoked_subcommand is not None:
        return
    with open_store(load(context.obj)) as store:
        found = store.records.quarantine()
    table = Table("N.º", "Recibido", "Tamaño", "Motivo")
    for m in found:
        table.add_row(str(m.id), f"{m.received_at:%d/%m/%Y %H:%M}", f"{m.size:,}", m.reason)
    out.print(table)


@quarantine_app.command()
def show(context: typer.Context, number: int) -> None:
    """The raw message, as it came."""
    with open_store(load(context.obj)) as store:
        raw = store.records.raw(number)
    if raw is None:
        _unknown(number)
    else:
        sys.stdout.buffer.write(raw)


@quarantine_app.command()
def retry(
    context: typer.Context,
    number: Annotated[int | None, typer.Argument(help="One message; all otherwise.")] = None,
) -> None:
    """Read again at the next pass of `run` or `once`."""
    with open_store(load(context.obj)) as store:
        count = store.records.retry(number)
    if number is not None and not count:
        _unknown(number)
    out.print(f"{count} message(s) to be read again")


@quarantine_app.command()
def discard(context: typer.Context, number: int) -> None:
    """Settle a message for good, unread."""
    with open_store(load(context.obj)) as store:
        count = store.records.discard(number)
    if not count:
        _unknown(number)
    out.print(f"message {number} discarded")


def _unknown(number: int) -> None:
    errors.print(f"{number}: not in the quarantine, or not had in full; `quarantine` lists it")
    raise typer.Exit(WORK_FAILED)
