"""The command `bot`, its global options, and where each of its commands is."""

import os
import sys
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, NoReturn

import typer
import typer.main
from typer.core import TyperGroup

from bot import __version__
from bot.errors import BotError

WORK_FAILED, WRONG_USE = 1, 2

COMMANDS = MappingProxyType(
    {
        "run": ("service", "The service: watch the inbox, process, send."),
        "once": ("service", "One pass: fetch all that is new, process, send."),
        "check": ("check", "Try the configuration, IMAP, SMTP, the database."),
        "backup": ("database", "The database whole, into one file."),
        "restore": ("database", "Put a backup back, while no service runs."),
        "demo": ("demo", "The tour: areas write, staff decide."),
        "explain": ("explain", "What the bot understands of raw messages."),
        "forget": ("forget", "Erase a person's personal data."),
        "import": ("import_", "Take old mail in as history."),
        "init": ("init", "Write a configuration to begin with."),
        "report": ("report", "Figures: received, decided, how fast."),
        "simulate": ("simulate", "What would have been done with old mail."),
        "db": ("database", "The database: create, upgrade, copy."),
        "cases": ("cases", "Cases: list, show, export."),
        "corrections": ("corrections", "What people corrected, to learn from."),
        "lists": ("lists", "The register of lists: list, import."),
        "outbox": ("outbox", "Outgoing mail: list, show, retry, discard."),
        "quarantine": ("quarantine", "Mail that could not be processed."),
        "tokens": ("tokens", "The keys of notices: revoke."),
    }
)
"""Each command: the module that enters it into `app`, and what it is in few words."""


class _Commands(TyperGroup):
    """Imports the module of a command when that is called: most need but little of the bot."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in COMMANDS:
            self.commands = dict.fromkeys(COMMANDS, self)  # typer tells which is near
            return None
        import_module(f"bot.cli.{COMMANDS[cmd_name][0]}")
        return typer.main.get_group(app).commands[cmd_name]

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, words) for name, (_, words) in COMMANDS.items()])


app = typer.Typer(
    cls=_Commands,
    help="Requests for mailing lists by mail: people decide, the bot writes.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def give_up(why: str, status: int = WORK_FAILED) -> NoReturn:
    """Tells why, and ends with an exit status."""
    _complain(why)
    raise typer.Exit(status)


def _complain(*lines: str) -> None:
    from bot.observability.terminal import complain  # here: help is told without it

    for line in lines:
        complain(line)


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
    import logging

    from bot.observability import logs

    context.obj = config
    logs.set_up(least=logging.WARNING)  # `run` and `once` say more


def main() -> None:
    """Runs a command. Exit status: 0 done, 1 something failed, 2 wrong use or configuration."""
    os.umask(0o077)  # what the bot writes holds what people wrote: its own to read
    try:
        app()
    except BotError as error:
        _complain(*error.lines)
        sys.exit(error.status)
    except KeyboardInterrupt:
        sys.exit(130)
