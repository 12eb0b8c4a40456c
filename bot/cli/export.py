"""`cases export`: histories that somebody else can check alone."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from bot.cli.app import give_up
from bot.cli.rows import Since
from bot.config.load import load
from bot.observability.terminal import say
from bot.runtime.database import open_store
from bot.store import CaseFilter, Store, verifier


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
        found = [case.folio for case in store.records.cases(CaseFilter(since=first))]
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
