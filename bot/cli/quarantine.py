"""`quarantine`: messages that could not be processed."""

from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from bot.cli.app import app
from bot.cli.rows import AsCsv, AsItIs, AsJson, headers, plain, print_source, printed, tell_done
from bot.config.load import load
from bot.observability.terminal import print_table
from bot.runtime.database import open_store

quarantine_app = typer.Typer(help="Messages that could not be processed: show, retry, discard.")
app.add_typer(quarantine_app, name="quarantine")

UNKNOWN = "{}: not in the quarantine, which `quarantine` lists, or nowhere to be had"
COLUMNS = ("number", "received_at", "size", "attempts", "message_id", "reason")


@quarantine_app.callback(invoke_without_command=True)
def quarantine(context: typer.Context, as_json: AsJson = False, as_csv: AsCsv = False) -> None:
    """Messages that could not be processed, with the reason."""
    if context.invoked_subcommand is not None:
        return
    settings = load(context.obj)
    zone = ZoneInfo(settings.institution.zone)
    with open_store(settings) as store:
        found = store.records.quarantine()
    rows = (plain(m, COLUMNS, zone, number=m.id) for m in found)
    if not printed(COLUMNS, rows, as_json, as_csv):
        print_table(
            headers("quarantine"),
            [
                (str(m.id), f"{m.received_at.astimezone(zone):%d/%m/%Y %H:%M}", f"{m.size:,}",
                 m.reason)
                for m in found
            ],
            unbroken=(0, 2),
        )  # fmt: skip


@quarantine_app.command()
def show(context: typer.Context, number: int, as_it_is: AsItIs = False) -> None:
    """The source of a message; what would steer the terminal is shown as a sign for it."""
    with open_store(load(context.obj)) as store:
        raw = store.records.raw(number)
    print_source(raw, as_it_is, UNKNOWN.format(number))


@quarantine_app.command()
def retry(
    context: typer.Context,
    number: Annotated[int | None, typer.Argument(help="One message; all otherwise.")] = None,
) -> None:
    """Read again, and fetch again what never came whole, at the next pass of `run` or `once`."""
    with open_store(load(context.obj)) as store:
        count = store.records.retry(number)
    done = number is None or count
    tell_done(done, f"{count} message(s) to be read again", UNKNOWN.format(number))


@quarantine_app.command()
def discard(context: typer.Context, number: int) -> None:
    """Settle a message for good, unread."""
    with open_store(load(context.obj)) as store:
        count = store.records.discard(number)
    tell_done(count, f"message {number} discarded", UNKNOWN.format(number))
