"""`demo`: the tour on embedded servers, with the real bot as a process in between."""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.app import app
from bot.cli.cases import print_cases
from bot.config.load import Settings, load


@app.command()
def demo(
    context: typer.Context,
    keep: Annotated[
        bool, typer.Option("--keep", help="Leave the servers and the bot running to play with.")
    ] = False,
    out: Annotated[Path, typer.Option("--out", help="Where the page goes.")] = Path("demo-output"),
) -> None:
    """The tour: sample areas write, sample staff decide, the real bot in between."""
    # The mail servers that it brings along are nothing that other commands need wait for.
    from bot.demo.show import show

    file: Path = context.obj
    settings = load(file) if file.exists() else Settings()
    show(settings, out, partial(print_cases, settings=settings), keep=keep)
