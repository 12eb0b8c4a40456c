"""`forget`: a person's data, shown, handed over, erased."""

import json
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.app import WRONG_USE, app, give_up
from bot.cli.rows import write_private
from bot.config.load import load
from bot.config.organization import organization_of
from bot.observability.terminal import say
from bot.runtime.database import open_store, wall_clock
from bot.store import Export, Held


@app.command()
def forget(
    context: typer.Context,
    address: Annotated[str, typer.Argument(help="Whose data.")],
    export: Annotated[
        Path | None, typer.Option(help="Write all that is held into a new folder.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what is held.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Erase it. The service must rest.")] = False,
    open_too: Annotated[
        bool, typer.Option("--open", help="Also of cases that are still open.")
    ] = False,
) -> None:
    """Erase a person's personal data, leaving the counts; nothing without --yes."""
    settings = load(context.obj)
    organization, now = organization_of(settings), wall_clock(settings)()
    email = address.strip().lower()
    if "@" not in email:
        give_up(f"{address!r} should be an e-mail address such as ana@upaep.mx", WRONG_USE)
    if organization.person(email) or email == organization.mailbox.email:
        give_up(
            f"{email} works here: take them out of `staff` first, their decisions stay", WRONG_USE
        )

    erases = yes and not dry_run
    with open_store(settings) as store:

        def look(found: Held) -> None:
            _tell(email, found)
            if export is not None:
                _write(export, store.export(found))
            if erases and found.open_folios and not open_too:
                give_up(f"still open: {', '.join(found.open_folios)}; close them, or say --open")

        if not erases:
            look(store.held(email, organization.kind))
            say("nothing was erased; with --yes it is")
            return
        staff = frozenset(p.address.email for p in organization.staff) | {"bot"}
        with store.alone():
            store.forget(email, organization.kind, staff, now, look)
    say("erased. Out of reach from here, and still to be done by hand:")
    for place in (
        f"the mailbox {organization.mailbox.email} itself, and copies in people's own mail",
        "backups, and copies of the database that `db upgrade` kept",
        "logs that the system keeps: Message-IDs, and this very command where sudo notes it",
    ):
        say(f"- {place}")


def _tell(email: str, found: Held) -> None:
    folios = ", ".join(case.folio for case in found.cases)
    say(f"{email}: {len(found.cases)} cases of theirs {folios}".rstrip())
    say(
        f"{len(found.messages)} received and {len(found.mails)} sent mails, "
        f"{found.mentions} other rows name them"
    )


def _write(folder: Path, held: Export) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True)
        write_private(folder / "cases.json", json.dumps(held.cases, ensure_ascii=False, indent=1))
        for name, raw in held.mail.items():
            (folder / name).write_bytes(raw)
    except OSError as error:
        give_up(f"{folder}: {error.strerror}")
    say(f"{folder}: {len(held.cases)} cases and {len(held.mail)} mails")
