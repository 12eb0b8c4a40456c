"""`report`: figures of a period, as a page or as CSV."""

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.app import app, give_up
from bot.cli.rows import Since, print_csv, write_private
from bot.config.load import Settings, load
from bot.config.organization import organization_of
from bot.observability.terminal import say
from bot.report.figures import Course, Scope
from bot.report.monthly import counted, courses, monthly_reports, page_of
from bot.runtime.database import open_store, wall_clock
from bot.runtime.enqueue import post

DAY = "%Y-%m-%d"
COLUMNS = [
    "folio", "opened_on", "area", "audience", "decision", "reason", "hours", "in_time", "done",
]  # fmt: skip


@app.command()
def report(
    context: typer.Context,
    file: Annotated[Path, typer.Option("--to", help="Where the page is written.")] = Path(
        "report.html"
    ),
    since: Since = None,
    until: Annotated[
        dt.datetime | None, typer.Option(formats=[DAY], help="Opened on this day or earlier.")
    ] = None,
    as_csv: Annotated[
        bool, typer.Option("--csv", help="A line for each request on standard output instead.")
    ] = False,
    mail: Annotated[
        bool, typer.Option("--mail", help="Send last month's to the directors instead.")
    ] = False,
) -> None:
    """Figures: received, decided, how fast, by area, audience and month; a page to print.

    On the first business day of a month `run` mails it by itself to who has the role director.
    """
    settings = load(context.obj)
    if mail:
        _mail(settings)
        return
    organization, today = organization_of(settings), wall_clock(settings)().date()
    first, last = since.date() if since else None, until.date() if until else today
    if first and first > last:
        raise typer.BadParameter(
            f"the period ends on {last}, before it begins", param_hint="--since"
        )
    scope = Scope(first, last, today)
    with open_store(settings) as store:
        found = courses(store, scope, organization)
        if as_csv:
            print_csv(COLUMNS, (_plain(one) for one in found))
            return
        html = page_of(store, counted(store, found, scope), scope, organization)
    try:
        write_private(file, html)
    except OSError as error:
        give_up(f"{file}: {error.strerror}")
    say(f"{len(found):,} requests: {file}")


def _mail(settings: Settings) -> None:
    organization, now = organization_of(settings), wall_clock(settings)()
    with open_store(settings) as store:
        mails = monthly_reports(store, organization, now.date())
        if not mails:
            raise typer.BadParameter("nobody has the role director; give it to somebody of `staff`")
        with store.work() as work:
            post(work, mails, organization, now)
    say(f"{len(mails)} mail(s) in the outbox; `run` or `once` sends them")


def _plain(one: Course) -> dict[str, object]:
    return {
        "folio": one.folio,
        "opened_on": one.opened_on.isoformat(),
        "area": one.area,
        "audience": one.audience,
        "decision": one.decision,
        "reason": one.reason,
        "hours": None if one.hours is None else f"{one.hours:.2f}",
        "in_time": one.kept,
        "done": one.is_done,
    }
