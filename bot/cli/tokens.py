"""`tokens`: the keys that notices carry."""

import typer

from bot.cli.app import app
from bot.config.load import load
from bot.observability.terminal import say
from bot.runtime.database import open_store, wall_clock

tokens_app = typer.Typer(help="The keys of notices, which let staff give commands.")
app.add_typer(tokens_app, name="tokens")


@tokens_app.callback()
def tokens() -> None:
    """The keys of notices, which let staff give commands."""


@tokens_app.command()
def revoke(context: typer.Context, address: str) -> None:
    """Make every open key of a person void; commands are confirmed until new notices come."""
    settings = load(context.obj)
    now = wall_clock(settings)()
    with open_store(settings) as store, store.work() as work:
        count = work.tokens.void_of_person(address.strip().lower(), now)
    say(f"{count} key(s) void")
