"""`report`: figures of a period, as a page or as CSV."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.app import app, give_up
from bot.cli.rows import print_csv, write_private
from bot.config.load import load
from bot.config.organization import organization_of
from bot.observability.terminal import say
from bot.report.figures import MILESTONES, Course, Milestone, Scope, course, figures
from bot.runtime.database import open_store, wall_clock
from bot.store import Store
from bot.workflow.organization import Organization

DAY = "%Y-%m-%d"
COLUMNS = (
    "folio",
    "opened_on",
    "area",
    "audience",
    "decision",
    "reason",
    "hours",
    "in_time",
    "done",
)


@app.command()
def report(
    context: typer.Context,
    file: Annotated[Path, typer.Option("--to", help="Where the page is written.")] = Path(
        "report.html"
    ),
    since: Annotated[
        dt.datetime | None, typer.Option(formats=[DAY], help="Opened on this day or later.")
    ] = None,
    until: Annotated[
        dt.datetime | None, typer.Option(formats=[DAY], help="Opened on this day or earlier.")
    ] = None,
    as_csv: Annotated[
        bool, typer.Option("--csv", help="A line for each request on standard output instead.")
    ] = False,
) -> None:
    """Figures: received, decided, how fast, by area, audience and month; a page to print."""
    settings = load(context.obj)
    organization, today = organization_of(settings), wall_clock(settings)().date()
    scope = Scope(
        since.date() if since else None,
        until.date() if until else today,
        today,
    )
    with open_store(settings) as store:
        courses = _courses(store, scope, organization)
        if as_csv:
            print_csv(COLUMNS, (_plain(one) for one in courses))
            return
        html = _page(store, courses, scope, organization)
    try:
        write_private(file, html)
    except OSError as error:
        give_up(f"{file}: {error.strerror}")
    say(f"{len(courses):,} requests: {file}")


def _courses(store: Store, scope: Scope, organization: Organization) -> list[Course]:
    """Those opened in the period, oldest first."""
    moments = store.records.moments(MILESTONES)
    found = [
        course(case, [Milestone(*one) for one in moments.get(case.folio, ())], organization)
        for case in reversed(store.records.cases())
    ]
    first = scope.since or dt.date.min
    return [one for one in found if first <= one.opened_on <= scope.until]


def _page(store: Store, courses: list[Course], scope: Scope, organization: Organization) -> str:
    from bot.report.page import page  # here: plots take a second to load

    done = {**store.records.sent(), "corrections": len(store.records.corrections())}
    counted = figures(courses, store.register.all(), scope.made_on)
    return page(counted, scope, organization, done)


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
