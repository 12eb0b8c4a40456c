"""`lists`: the register of authorised lists, and the import of those from before the bot."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import asdict, fields
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli.app import WORK_FAILED, WRONG_USE, app, give_up
from bot.cli.rows import AsCsv, AsJson, headers, printed
from bot.config.form import to_form
from bot.config.load import load
from bot.config.organization import organization_of
from bot.lists.csv_import import ListSheet, NoHeaderError, read_list_csv
from bot.lists.register import Import, ListEntry, ListState, take_in
from bot.observability.terminal import complain, print_table, say
from bot.runtime.database import open_store, wall_clock
from bot.workflow.notifications.present import show
from bot.workflow.organization import Organization
from nlp.text.fold import fold

lists_app = typer.Typer(help="The register of lists: list, filter, import those of before the bot.")
app.add_typer(lists_app, name="lists")

MAX_FILE = 20_000_000  # bytes
COLUMNS = tuple(field.name for field in fields(ListEntry))


@lists_app.callback(invoke_without_command=True)
def lists(
    context: typer.Context,
    state: Annotated[ListState | None, typer.Option(help="Only lists in this state.")] = None,
    area: Annotated[str, typer.Option(help="A part of the area's name.")] = "",
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """The register of lists: list and filter."""
    if context.invoked_subcommand is not None:
        return
    settings = load(context.obj)
    with open_store(settings) as store:
        found = [
            entry
            for entry in store.register.all()
            if state in (None, entry.state) and fold(area) in fold(entry.area)
        ]
    if not printed(COLUMNS, (_plain(e) for e in found), as_json, as_csv):
        _print_lists(found, organization_of(settings))


@lists_app.command("import")
def import_(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A CSV file.")],
    state: Annotated[
        ListState, typer.Option(help="What they are; historical: withdrawn when the rules began.")
    ] = ListState.HISTORICAL,
) -> None:
    """Take in lists from before the bot; doing it again changes nothing."""
    settings = load(context.obj)
    organization = organization_of(settings)
    if file.stat().st_size > MAX_FILE:
        give_up(f"{file}: is larger than {MAX_FILE // 1_000_000} MB", WRONG_USE)
    try:
        form, today = to_form(settings.form), wall_clock(settings)().date()
        ended = settings.institution.lists_withdrawn_on if state is ListState.HISTORICAL else None
        sheet = read_list_csv(file.read_bytes(), form, today, state, ended)
    except NoHeaderError:
        give_up(f"{file}: {organization.say('lists_file.no_header')}", WRONG_USE)
    with open_store(settings) as store, store.work() as work:
        outcome = take_in(work.lists.all(), sheet.entries)
        work.lists.save(*outcome.to_save)
    _tell(sheet, outcome, organization)
    if any(not problem.kept for problem in sheet.problems):
        raise typer.Exit(WORK_FAILED)


def _print_lists(found: Iterable[ListEntry], organization: Organization) -> None:
    kind = organization.kinds[0]

    def audience(entry: ListEntry) -> str:
        told = entry.audience
        return show(kind.form[kind.reaches], told) if kind.reaches else ", ".join(told)

    print_table(
        headers("lists"),
        [
            (entry.name, entry.address, organization.say(f"lists.state.{entry.state}"), entry.area,
             entry.responsible or entry.responsible_email, audience(entry), entry.folio)
            for entry in found
        ],
        unbroken=(6,),
    )  # fmt: skip


def _tell(sheet: ListSheet, outcome: Import, organization: Organization) -> None:
    for problem in sheet.problems:
        fate = "kept" if problem.kept else "left_out"
        complain(organization.say(f"lists_file.row.{fate}", line=problem.line, text=problem.text))
    if sheet.unknown:
        complain(organization.say("lists_file.unused", columns=", ".join(sheet.unknown)))
    left = sum(1 for problem in sheet.problems if not problem.kept)
    counts = {field.name: len(getattr(outcome, field.name)) for field in fields(outcome)}
    say(organization.say("lists_file.taken_in", **counts, left=left))


def _plain(entry: ListEntry) -> dict[str, Any]:
    values = asdict(entry) | {"state": str(entry.state)}
    return {n: v.isoformat() if isinstance(v, dt.date) else v for n, v in values.items()}
