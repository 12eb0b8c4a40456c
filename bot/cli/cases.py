"""`cases`: the list, the whole history of one, histories that somebody else can check alone."""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from bot.cli.app import WORK_FAILED, app, give_up
from bot.cli.rows import AsCsv, AsJson, Since, headers, plain, print_json_line, printed
from bot.config.load import Settings, load
from bot.config.organization import organization_of
from bot.observability.terminal import print_table, say
from bot.runtime.database import open_store
from bot.store import Store, verifier
from bot.workflow.case import Case, State
from bot.workflow.notifications.present import rows
from nlp.types import Part
from replies import phrases

cases_app = typer.Typer(help="Cases: list, filter, and the whole history of one.")
app.add_typer(cases_app, name="cases")

COLUMNS = ("folio", "state", "intent", "area", "requester", "opened_at", "updated_at", "due_on")


@cases_app.callback(invoke_without_command=True)
def cases(
    context: typer.Context,
    state: Annotated[State | None, typer.Option(help="Only cases in this state.")] = None,
    since: Since = None,
    area: Annotated[str, typer.Option(help="A part of the area's name.")] = "",
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Cases: list and filter."""
    if context.invoked_subcommand is not None:
        return
    settings = load(context.obj)
    zone = ZoneInfo(settings.institution.zone)
    first = since.replace(tzinfo=zone) if since else None
    with open_store(settings) as store:
        found = store.records.cases(str(state or ""), first, area)
    if not printed(COLUMNS, (_plain(c, settings) for c in found), as_json, as_csv):
        print_cases(found, settings)


@cases_app.command()
def show(
    context: typer.Context,
    folio: str,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """The whole history of a case, with the proof that nobody touched it."""
    settings = load(context.obj)
    folio, zone = folio.strip().upper(), ZoneInfo(settings.institution.zone)
    with open_store(settings) as store:
        case = store.records.case(folio)
        if case is None:
            give_up(f"{folio}: there is no such case; `python -m bot cases` lists them")
        events, tampered = store.records.events(folio), store.records.verify(folio)
    all_rows = rows(organization_of(settings).kind(case).form, case)
    form = {row.label: row.value for row in all_rows if row.value}
    if as_json:
        history = [
            {"number": e.number, "at": e.at.astimezone(zone).isoformat(), "what": e.event.what,
             "actor": e.event.actor, "text": e.event.text, "version": e.event.version,
             "message_id": e.event.message_id, "hash": e.hash}
            for e in events
        ]  # fmt: skip
        whole = {**_plain(case, settings), "form": form, "events": history,
                 "verified": not tampered, "problems": list(tampered)}  # fmt: skip
        print_json_line(whole)
    else:
        _print_case(case, form)
        for e in events:
            text = e.event.text.replace("\n", "\n    ")  # no line of it looks like an event
            say(f"{e.at.astimezone(zone):%Y-%m-%d %H:%M:%S}  {e.event.actor}: {text}")
        say("\n".join(tampered) if tampered else phrases.say("history.whole"))
    if tampered:
        raise typer.Exit(WORK_FAILED)


def print_cases(found: Iterable[Case], settings: Settings) -> None:
    """Cases as a table for people."""
    zone = ZoneInfo(settings.institution.zone)
    print_table(
        headers("cases"),
        [
            (case.folio, _state(case), _area(case, settings), case.requester.email,
             f"{case.opened_at.astimezone(zone):%d/%m/%Y}",
             f"{case.due_on:%d/%m/%Y}" if case.due_on else "")
            for case in found
        ],
        unbroken=(0, 1, 4, 5),
    )  # fmt: skip


def _print_case(case: Case, form: dict[str, str]) -> None:
    rows = [(headers("case")[0], case.requester.email), *form.items()]
    print_table((), rows, title=f"{case.folio}: {_state(case)}")


def _state(case: Case) -> str:
    return phrases.say(f"table.state.{case.state}")


def _area(case: Case, settings: Settings) -> str:
    return case.text(next((f.name for f in settings.form if f.part is Part.AREA), ""))


def _plain(case: Case, settings: Settings) -> dict[str, object]:
    zone, area = ZoneInfo(settings.institution.zone), _area(case, settings)
    return plain(case, COLUMNS, zone, area=area, requester=case.requester.email)


@cases_app.command()
def export(
    context: typer.Context,
    folio: Annotated[str, typer.Argument(help="The case; all where none is named.")] = "",
    since: Since = None,
    to: Annotated[Path, typer.Option("--to", help="The folder that is made.")] = Path("export"),
) -> None:
    """Histories, their mails and the hashes of all, in a folder with a program that checks it."""
    settings = load(context.obj)
    folio = folio.strip().upper()
    zone = ZoneInfo(settings.institution.zone)
    first = since.replace(tzinfo=zone) if since else None
    with open_store(settings) as store:
        found = [case.folio for case in store.records.cases(since=first)]
        folios = [one for one in reversed(found) if folio in ("", one)]
        if folio and not folios:
            give_up(f"{folio}: there is no such case; `python -m bot cases` lists them")
        try:
            (to / "mails").mkdir(parents=True, mode=0o700)
            mails = _write(store, folios, to)
        except OSError as error:
            give_up(f"{error.filename or to}: {error.strerror}")
    say(f"{len(folios):,} cases, {mails:,} mails: {to}; check it with python {to / 'verify.py'}")


def _write(store: Store, folios: list[str], folder: Path) -> int:
    """Fills the folder; how many mails there were."""
    folder.chmod(0o700)
    rows = (row for folio in folios for row in store.records.lines(folio))
    texts = (json.dumps({**row, "at": row["at"].isoformat()}) for row in rows)
    _keep(folder / "events.jsonl", "".join(f"{text}\n" for text in texts).encode())
    lines = (
        f"{one.folio}\t{one.number}\t{one.at.isoformat()}\t{one.what}\t{one.hash}\n"
        for one in store.records.hashes()
    )
    _keep(folder / "hashes.tsv", "".join(lines).encode())
    sums = []
    for folio in folios:
        for message in store.records.messages(folio):
            raw = store.records.raw(message.id) or b""
            name = f"{folio}-{message.id}.eml"
            _keep(folder / "mails" / name, raw)
            sums.append(f"{hashlib.sha256(raw).hexdigest()}  {name}\n")
    _keep(folder / "mails" / "SHA256SUMS", "".join(sums).encode())
    _keep(folder / "verify.py", Path(verifier.__file__).read_bytes())
    return len(sums)


def _keep(file: Path, data: bytes) -> None:
    file.touch(mode=0o600)
    file.write_bytes(data)
