"""`outbox`: what waits to be sent, what failed."""

from __future__ import annotations

import sys
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from bot.cli.app import WORK_FAILED, app
from bot.cli.rows import print_csv, print_json
from bot.config.load import load
from bot.config.organization import organization_of
from bot.observability.terminal import complain, print_table, say, shown
from bot.runtime.build import open_store, wall_clock
from bot.workflow.lifecycle import OutboxMessage

outbox_app = typer.Typer(help="Outgoing mail: what waits, what failed; show, retry, discard.")
app.add_typer(outbox_app, name="outbox")

COLUMNS = (
    "number", "folio", "template", "recipients", "status", "attempts", "created_at", "not_before",
    "sent_at", "reason",
)  # fmt: skip


@outbox_app.callback(invoke_without_command=True)
def outbox(
    context: typer.Context,
    everything: Annotated[bool, typer.Option("--all", help="Also what was sent.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON array.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="CSV with a header line.")] = False,
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
    if as_json:
        print_json(_plain(e, zone) for e in entries)
    elif as_csv:
        print_csv(COLUMNS, (_plain(e, zone) for e in entries))
    else:
        organization = organization_of(settings)
        print_table(
            ("N.º", "Folio", "Plantilla", "Para", "Estado", "Intentos", "Desde", "Motivo"),
            [
                (str(e.id), e.folio, e.template, ", ".join(e.recipients),
                 organization.say(f"table.mail.{e.status}"), str(e.attempts),
                 f"{e.not_before.astimezone(zone):%d/%m/%Y %H:%M}", e.last_error)
                for e in entries
            ],
            unbroken=(0, 1),
        )  # fmt: skip


@outbox_app.command()
def show(
    context: typer.Context,
    number: int,
    as_it_is: Annotated[
        bool, typer.Option("--raw", help="Byte by byte, for a file; never for a terminal.")
    ] = False,
) -> None:
    """The source of a mail, without the keys it carries."""
    with open_store(load(context.obj)) as store:
        raw = store.outbox.raw(number)
    if raw is None:
        _unknown(number)
    elif as_it_is:
        sys.stdout.buffer.write(raw)
    else:
        sys.stdout.write(shown(raw.decode("utf-8", "backslashreplace")))


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
    if number is not None and not count:
        _unknown(number)
    say(f"{count} mail(s) back in line")


@outbox_app.command()
def discard(context: typer.Context, number: int) -> None:
    """Never send a mail that waits or failed."""
    settings = load(context.obj)
    with open_store(settings) as store:
        count = store.outbox.discard(number, wall_clock(settings)())
    if not count:
        _unknown(number)
    say(f"mail {number} discarded")


def _unknown(number: int) -> None:
    complain(f"{number}: there is no such mail to do this with; `outbox` lists them")
    raise typer.Exit(WORK_FAILED)


def _plain(mail: OutboxMessage, zone: ZoneInfo) -> dict[str, Any]:
    created, sent = mail.created_at, mail.sent_at
    return {
        "number": mail.id,
        "folio": mail.folio,
        "template": mail.template,
        "recipients": mail.recipients,
        "status": str(mail.status),
        "attempts": mail.attempts,
        "created_at": created.astimezone(zone).isoformat() if created else "",
        "not_before": mail.not_before.astimezone(zone).isoformat(),
        "sent_at": sent.astimezone(zone).isoformat() if sent else "",
        "reason": mail.last_error,
    }
