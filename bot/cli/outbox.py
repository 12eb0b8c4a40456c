"""`outbox`: what waits to be sent, what failed."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.cli.app import app
from bot.config.load import load
from bot.runtime.build import open_store, wall_clock

outbox_app = typer.Typer(help="Outgoing mail: what waits, what failed.")
app.add_typer(outbox_app, name="outbox")
out = Console(highlight=False, markup=False)


@outbox_app.callback(invoke_without_command=True)
def outbox(
    context: typer.Context,
    everything: Annotated[bool, typer.Option("--all", help="Also what was sent.")] = False,
) -> None:
    """What waits to be sent and what failed, with the reason."""
    if context.invoked_subcommand is not None:
        return
    with open_store(load(context.obj)) as store:
        entries = store.outbox.list()
    table = Table("N.º", "Folio", "Plantilla", "Para", "Estado", "Intentos", "Desde", "Motivo")
    for e in entries:
        if everything or e.status in ("waiting", "failed"):
            table.add_row(
                str(e.id), e.folio, e.template, ", ".join(e.recipients), e.status,
                str(e.attempts), f"{e.not_before:%d/%m/%Y %H:%M}", e.last_error,
            )  # fmt: skip
    out.print(table)


@outbox_app.command()
def retry(
    context: typer.Context,
    number: Annotated[
        int | None, typer.Argument(help="One mail; all that failed otherwise.")
    ] = None,
) -> None:
    """Put failed mail back into line."""
    with open_store(load(context.obj)) as store:
        count = store.outbox.retry(wall_clock(), number)
    out.print(f"{count} mail(s) back in line")
