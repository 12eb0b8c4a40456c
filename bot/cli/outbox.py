"""`outbox`: what waits to be sent, what failed."""

from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from bot.cli.app import app
from bot.cli.rows import AsCsv, AsItIs, AsJson, headers, plain, print_source, printed, tell_done
from bot.config.load import load
from bot.observability.terminal import print_table
from bot.runtime.database import open_store, wall_clock
from replies import phrases

outbox_app = typer.Typer(help="Outgoing mail: what waits, what failed; show, retry, discard.")
app.add_typer(outbox_app, name="outbox")

UNKNOWN = "{}: there is no such mail to do this with; `outbox` lists them"
COLUMNS = (
    "number", "folio", "template", "recipients", "status", "attempts", "created_at", "not_before",
    "sent_at", "reason",
)  # fmt: skip


@outbox_app.callback(invoke_without_command=True)
def outbox(
    context: typer.Context,
    everything: Annotated[bool, typer.Option("--all", help="Also what was sent.")] = False,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """What waits to be sent and what failed, with the reason."""
    if context.invoked_subcommand is not None:
        return
    settings = load(context.obj)
    zone = ZoneInfo(settings.institution.zone)
    with open_store(settings) as store:
        entries = [
            e for e in store.outbox.list() if everything or e.status in ("waiting", "failed")
        ]
    rows = (plain(e, COLUMNS, zone, number=e.id, reason=e.last_error) for e in entries)
    if not printed(COLUMNS, rows, as_json, as_csv):
        print_table(
            headers("outbox"),
            [
                (str(e.id), e.folio, e.template, ", ".join(e.recipients),
                 phrases.say(f"table.mail.{e.status}"), str(e.attempts),
                 f"{e.not_before.astimezone(zone):%d/%m/%Y %H:%M}", e.last_error)
                for e in entries
            ],
            unbroken=(0, 1),
        )  # fmt: skip


@outbox_app.command()
def show(context: typer.Context, number: int, as_it_is: AsItIs = False) -> None:
    """The source of a mail, without the keys it carries."""
    with open_store(load(context.obj)) as store:
        raw = store.outbox.raw(number)
    print_source(raw, as_it_is, UNKNOWN.format(number))


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
    done = number is None or count
    tell_done(done, f"{count} mail(s) back in line", UNKNOWN.format(number))


@outbox_app.command()
def discard(context: typer.Context, number: int) -> None:
    """Never send a mail that waits or failed."""
    settings = load(context.obj)
    with open_store(settings) as store:
        count = store.outbox.discard(number, wall_clock(settings)())
    tell_done(count, f"mail {number} discarded", UNKNOWN.format(number))
