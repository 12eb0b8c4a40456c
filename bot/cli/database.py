"""`backup`, `restore`, `db create`, `db upgrade`, `db copy`: the database whole."""

from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.app import WRONG_USE, app, give_up
from bot.config.consistency import database_url_problem
from bot.config.load import beside, load
from bot.observability.terminal import say, spinning
from bot.runtime.database import open_store, place_of, upgraded_store
from bot.store import Store, StoreError, StoreMissing, StoreOutdated

database = typer.Typer(help="The database.", no_args_is_help=True)
app.add_typer(database, name="db")


@app.command()
def backup(
    context: typer.Context, file: Annotated[Path, typer.Argument(help="Where it goes.")]
) -> None:
    """The database whole, into one file (mode 0600), while the service runs."""
    with open_store(load(context.obj)) as store, spinning(f"{file} …"):
        store.back_up(file)
    say(f"{file}: {file.stat().st_size:,} bytes")


@app.command()
def restore(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="What `backup` wrote.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Empty a database server's tables first.")
    ] = False,
) -> None:
    """Put a backup back, while no service runs; a SQLite file that is there is kept beside."""
    settings = load(context.obj)
    with spinning(f"{file} …"):
        aside = Store.restore(file, *place_of(settings), replace=replace)
    if aside:
        say(f"what was there before is now {aside}")
    with suppress(StoreError), open_store(settings) as store:
        counts = store.records.counters()
        say(f"{sum(counts.cases.values()):,} cases, {sum(counts.messages.values()):,} messages")
    say(f"{settings.database.url}: restored from {file}")


@database.command()
def create(context: typer.Context) -> None:
    """Make a new database, for a mailbox that another one may have worked on."""
    settings = load(context.obj)
    with suppress(StoreMissing), open_store(settings):
        url = settings.database.url
        give_up(f"database: {url} exists already; for a new one name another in database.url")
    with upgraded_store(settings) as store:
        mailbox = settings.imap.username or settings.mailbox.address
        store.messages.intend(mailbox, settings.imap.folder)
        say(f"database: {settings.database.url}: {store.ping()}")


@database.command()
def upgrade(context: typer.Context) -> None:
    """Migrate the database to this version; a SQLite file is copied before."""
    settings = load(context.obj)
    with suppress(StoreOutdated), open_store(settings):
        pass  # one that is missing is not made
    with upgraded_store(settings) as store:
        say(f"database: {settings.database.url}: {store.ping()}")


@database.command()
def copy(
    context: typer.Context,
    url: Annotated[
        str, typer.Argument(help="Of an empty database, such as postgresql+psycopg://…")
    ],
) -> None:
    """Copy everything into another database, of either kind. The service must be stopped.

    The password of the other one is BOT_DATABASE__PASSWORD or database.password_file, too.
    """
    settings = load(context.obj)
    if problem := database_url_problem(url):
        give_up(f"URL: {problem}", WRONG_USE)
    url = beside(context.obj.parent, url)
    with open_store(settings) as store, store.alone(), spinning("…"):
        counts = store.copy_to(url, place_of(settings)[1])
    told = ", ".join(f"{count:,} {name}" for name, count in counts.items() if count)
    say(f"copied: {told or 'nothing, it is empty'}; now set database.url to {url}")
