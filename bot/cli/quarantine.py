"""`quarantine`: messages that could not be processed."""

from __future__ import annotations

import sys
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from bot.cli.app import WORK_FAILED, app
from bot.config.load import load
from bot.observability.terminal import complain, print_table, say, shown
from bot.runtime.build import open_store

quarantine_app = typer.Typer(help="Messages that could not be processed: show, retry, discard.")
app.add_typer(quarantine_app, name="quarantine")


@quarantine_app.callback(invoke_without_command=True)
def quarantine(context: typer.Context) -> None:
    """Messages that could not be processed, with the reason."""
    if context.invoked_subcommand is not None:
        return
    settings = load(context.obj)
    zone = ZoneInfo(settings.institution.zone)
    with open_store(settings) as store:
        found = store.records.quarantine()
    print_table(
        ("N.º", "Recibido", "Tamaño", "Motivo"),
        [
            (str(m.id), f"{m.received_at.astimezone(zone):%d/%m/%Y %H:%M}", f"{m.size:,}", m.reason)
            for m in found
        ],
    )


@quarantine_app.command()
def show(
    context: typer.Context,
    number: int,
    as_it_came: Annotated[
        bool, typer.Option("--raw", help="Byte by byte, for a file; never for a terminal.")
    ] = False,
) -> None:
    """The source of a message; what would steer the terminal is shown as a sign for it."""
    with open_store(load(context.obj)) as store:
        raw = store.records.raw(number)
    if raw is None:
        _unknown(number)
    elif as_it_came:
        sys.stdout.buffer.write(raw)
    else:
        sys.stdout.write(shown(raw.decode("utf-8", "backslashreplace")))


@quarantine_app.command()
def retry(
    context: typer.Context,
    number: Annotated[int | None, typer.Argument(help="One message; all otherwise.")] = None,
) -> None:
    """Read again, and fetch again what never came whole, at the next pass of `run` or `once`."""
    with open_store(load(context.obj)) as store:
        count = store.records.retry(number)
    if number is not None and not count:
        _unknown(number)
    say(f"{count} message(s) to be read again")


@quarantine_app.command()
def discard(context: typer.Context, number: int) -> None:
    """Settle a message for good, unread."""
    with open_store(load(context.obj)) as store:
        count = store.records.discard(number)
    if not count:
        _unknown(number)
    say(f"message {number} discarded")


def _unknown(number: int) -> None:
    complain(f"{number}: not in the quarantine, which `quarantine` lists, or nowhere to be had")
    raise typer.Exit(WORK_FAILED)
