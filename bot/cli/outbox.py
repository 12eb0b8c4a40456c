"""`outbox`: what waits to be sent, what failed."""

from __future__ import annotations

from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from bot.cli.app import app
from bot.config.load import load
from bot.observability.terminal import print_table, say
from bot.runtime.build import open_store, wall_clock

outbox_app = typer.Typer(help="Outgoing mail: what waits, what failed.")
app.add_typer(outbox_app, name="outbox")


@outbox_app.callback(invoke_without_command=True)
def outbox(
    context: typer.Context,
    everything: Annotated[bool, typer.Option("--all", help="Also what was sent.")] = False,
) -> None:
    """What waits to be sent and what failed, with the reason."""
    if context.invoked_subcommand is not None:
        return
    settings = load(context.obj)
    zone = ZoneInfo(settings.institution.zone)
    with open_store(settings) as store:
        entries = store.outbox.list()
    print_table(
        ("N.º", "Folio", "Plantilla", "Para", "Estado", "Intentos", "Desde", "Motivo"),
        [
            (str(e.id), e.folio, e.template, ", ".join(e.recipients), e.status,
             str(e.attempts), f"{e.not_before.astimezone(zone):%d/%m/%Y %H:%M}", e.last_error)
            for e in entries
            if everything or e.status in ("waiting", "failed")
        ],
    )  # fmt: skip


@outbox_app.command()
def retry(
    context: typer.Context,
    number: Annotated[
        int | None, typer.Argument(help="One mail; all that failed otherwise.")
    ] = None,
) -> None:
    """Put failed mail back into line."""
    settings = load(context.obj)
    with open_store(settings) as store:
        count = store.outbox.retry(wall_clock(settings)(), number)
    say(f"{count} mail(s) back in line")
