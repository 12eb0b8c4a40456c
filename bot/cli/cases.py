"""`cases`: the list, and the whole history of one."""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Iterable
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from bot.cli.app import WORK_FAILED, app, errors
from bot.cli.rows import print_csv, print_json
from bot.config.load import load
from bot.config.organization import organization_of
from bot.runtime.build import open_store
from bot.store import CaseFilter
from bot.workflow.case import Case, State
from bot.workflow.notifications.present import rows
from bot.workflow.organization import ZONE

cases_app = typer.Typer(help="Cases: list, filter, and the whole history of one.")
app.add_typer(cases_app, name="cases")
out = Console(highlight=False)

COLUMNS = ("folio", "state", "intent", "area", "requester", "opened_at", "updated_at", "due_on")


@cases_app.callback(invoke_without_command=True)
def cases(
    context: typer.Context,
    state: Annotated[State | None, typer.Option(help="Only cases in this state.")] = None,
    since: Annotated[
        dt.datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Opened on this day or later.")
    ] = None,
    area: Annotated[str, typer.Option(help="A part of the area's name.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON array.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="CSV with a header line.")] = False,
) -> None:
    """Cases: list and filter."""
    if context.invoked_subcommand is not None:
        return
    first = since.replace(tzinfo=ZONE) if since else None
    with open_store(load(context.obj)) as store:
        found = store.records.cases(CaseFilter(str(state or ""), first, area))
    if as_json:
        print_json(_plain(c) for c in found)
    elif as_csv:
        print_csv(COLUMNS, (_plain(c) for c in found))
    else:
        out.print(case_table(found))


@cases_app.command()
def show(
    context: typer.Context,
    folio: str,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """The whole history of a case, with the proof that nobody touched it."""
    settings = load(context.obj)
    folio = folio.strip().upper()
    with open_store(settings) as store:
        case = store.records.case(folio)
        if case is None:
            errors.print(f"{folio}: there is no such case; `python -m bot cases` lists them")
            raise typer.Exit(WORK_FAILED)
        events, tampered = store.records.events(folio), store.records.verify(folio)
    form = {row.label: row.value for row in rows(organization_of(settings).form, case) if row.value}
    if as_json:
        history = [
            {"number": e.number, "at": e.at.isoformat(), "what": e.event.what,
             "actor": e.event.actor, "text": e.event.text, "version": e.event.version,
             "message_id": e.event.message_id, "hash": e.hash}
            for e in events
        ]  # fmt: skip
        whole = {**_plain(case), "form": form, "events": history, "verified": not tampered,
                 "problems": list(tampered)}  # fmt: skip
        sys.stdout.write(json.dumps(whole, ensure_ascii=False) + "\n")
    else:
        _print_case(case, form)
        for e in events:
            out.print(f"{e.at:%Y-%m-%d %H:%M:%S}  {e.event.actor}: {e.event.text}", markup=False)
        verdict = "la historia está completa y sin alteraciones"
        out.print("\n".join(tampered) if tampered else verdict, markup=False)
    if tampered:
        raise typer.Exit(WORK_FAILED)


def case_table(found: Iterable[Case]) -> Table:
    """Cases as a table for people."""
    table = Table("Folio", "Estado", "Área", "Solicitante", "Abierto", "Responder")
    for column in table.columns[0], table.columns[1], table.columns[4], table.columns[5]:
        column.no_wrap = True
    for case in found:
        plain = _plain(case)
        due = f"{case.due_on:%d/%m/%Y}" if case.due_on else ""
        table.add_row(
            case.folio, plain["state"], plain["area"], plain["requester"],
            f"{case.opened_at:%d/%m/%Y}", due,
        )  # fmt: skip
    return table


def _print_case(case: Case, form: dict[str, str]) -> None:
    table = Table(title=f"{case.folio}: {case.state}", show_header=False, title_justify="left")
    table.add_row("Solicitante", case.requester.email)
    for label, value in form.items():
        table.add_row(label, value)
    out.print(table, markup=False)


def _plain(case: Case) -> dict[str, Any]:
    return {
        "folio": case.folio,
        "state": str(case.state),
        "intent": str(case.intent),
        "area": str(case.form["area"].value) if "area" in case.form else "",
        "requester": case.requester.email,
        "opened_at": case.opened_at.isoformat(),
        "updated_at": case.updated_at.isoformat(),
        "due_on": case.due_on.isoformat() if case.due_on else "",
    }
