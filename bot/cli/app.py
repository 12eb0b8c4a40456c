"""The command `bot` and its global options."""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from bot import __version__
from bot.config.load import ConfigError
from bot.observability import logs
from bot.observability.terminal import complain
from bot.runtime.parser_process import ParserProcessError
from bot.store import StoreError

app = typer.Typer(
    help="Requests for mailing lists by mail: people decide, the bot writes.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

WORK_FAILED, WRONG_USE = 1, 2


def give_up(why: str, status: int = WORK_FAILED) -> NoReturn:
    """Tells why, and ends with an exit status."""
    complain(why)
    raise typer.Exit(status)


def _tell_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"upaep-list-bot {__version__}")
        raise typer.Exit


@app.callback()
def options(
    context: typer.Context,
    config: Annotated[Path, typer.Option("--config", help="The configuration file.")] = Path(
        "config.yaml"
    ),
    version: Annotated[
        bool,
        typer.Option("--version", callback=_tell_version, is_eager=True, help="Tell it and exit."),
    ] = False,
) -> None:
    """Options that stand before every command."""
    context.obj = config
    logs.set_up(least=logging.WARNING)  # `run` and `once` say more


def import_commands() -> None:
    """Fills `app`: each module enters its commands there."""
    # Here and not above: they import this module.
    from bot.cli import (  # noqa: F401
        backup,
        cases,
        corrections,
        demo,
        explain,
        export,
        forget,
        import_,
        init,
        lists,
        outbox,
        quarantine,
        report,
        service,
        simulate,
        tokens,
    )


def main() -> None:
    """Runs a command. Exit status: 0 done, 1 something failed, 2 wrong use or configuration."""
    import_commands()
    os.umask(0o077)  # what the bot writes holds what people wrote: its own to read
    try:
        app()
    except ConfigError as error:
        for problem in error.problems:
            complain(f"{error.file}: {problem}")
        sys.exit(WRONG_USE)
    except StoreError as error:
        complain(f"database: {error}")
        sys.exit(WORK_FAILED)
    except ParserProcessError as error:
        complain(f"reader: {error}")
        sys.exit(WORK_FAILED)
    except KeyboardInterrupt:
        sys.exit(130)
