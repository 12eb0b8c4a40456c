"""`run`, `once`, `check`, `db upgrade`: the service and its surroundings."""

from __future__ import annotations

import signal
from collections.abc import Callable
from types import FrameType
from typing import Annotated

import structlog
import typer

from bot.cli.app import WORK_FAILED, app
from bot.config.load import ConfigError, Settings, load, load_to_run
from bot.config.organization import sender_policy_of
from bot.mail.check import CheckResult, check_imap, check_smtp
from bot.mail.errors import MailboxError
from bot.observability.logs import set_up
from bot.observability.monitor import MonitorError
from bot.observability.probe import all_within, check_service
from bot.observability.terminal import complain, say
from bot.runtime.build import open_store, service
from bot.runtime.parser_process import ParserProcessError
from bot.store import StoreError

database = typer.Typer(help="The database.", no_args_is_help=True)
app.add_typer(database, name="db")
UNPINNED = (
    "security.authserv_id is empty: nobody vouches for senders, whoever forges one is believed"
)
PIN = (
    "set it to the first word of the topmost Authentication-Results in mail that came in; "
    "docs/security.md says more"
)
log = structlog.get_logger()


def _begin(context: typer.Context) -> Settings:
    """The settings of a service that starts, with its log; what is unsafe in them is told there."""
    settings = load_to_run(context.obj)
    set_up(as_json=settings.logs.format == "json")
    if not sender_policy_of(settings).is_pinned:
        log.warning("security.unpinned", problem=UNPINNED, advice=PIN)
    return settings


@app.command()
def run(context: typer.Context) -> None:
    """The service: watch the inbox, process, send, keep the schedule, until SIGTERM."""
    settings = _begin(context)
    try:
        with service(settings, monitor=True) as running:

            def stop(signum: int, frame: FrameType | None) -> None:
                running.stop()

            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, stop)
            running.run()
    except MonitorError as error:
        raise ConfigError(context.obj, [str(error)]) from None
    except (StoreError, ParserProcessError):
        raise
    except Exception:  # a mistake of ours; its traceback might quote mail
        log.exception("service.crashed")
        raise typer.Exit(WORK_FAILED) from None


@app.command()
def once(context: typer.Context) -> None:
    """One pass: fetch all that is new, process, send what is due, exit."""
    settings = _begin(context)
    with service(settings) as running:
        try:
            running.once()
        except MailboxError as error:
            complain(f"mailbox: {error.problem}. {error.advice}")
            raise typer.Exit(WORK_FAILED) from None


@app.command()
def check(
    context: typer.Context,
    seconds: Annotated[float, typer.Option(min=0.1, help="How long all of it may take.")] = 60,
    service_only: Annotated[
        bool, typer.Option("--service", help="Only ask the running service; log in nowhere.")
    ] = False,
) -> None:
    """Validate the configuration, then try IMAP, SMTP and the database; says what to do."""
    settings = load(context.obj) if service_only else load_to_run(context.obj)
    monitoring = settings.monitoring
    if service_only and not monitoring.port:
        raise ConfigError(context.obj, ["monitoring.port: is 0; set one to ask the service at"])
    say(f"ok    config: {context.obj}, {len(settings.staff)} people, {len(settings.form)} fields")
    if not sender_policy_of(settings).is_pinned:
        complain(f"WARNING security: {UNPINNED}\n        {PIN}")
    looks: dict[str, Callable[[], CheckResult]] = {}
    if not service_only:
        looks["imap"] = lambda: check_imap(settings.imap)
        looks["smtp"] = lambda: check_smtp(settings.smtp)
        looks["database"] = lambda: _check_database(settings)
    if monitoring.port:
        looks["service"] = lambda: check_service(monitoring, seconds, must_run=service_only)
    failed = False
    for result in all_within(seconds, looks):
        say(f"{'ok   ' if result.ok else 'FAILS'} {result.line}")
        if result.advice:
            say(f"      {result.advice}")
        failed = failed or not result.ok
    if failed:
        raise typer.Exit(WORK_FAILED)


def _check_database(settings: Settings) -> CheckResult:
    try:
        with open_store(settings) as store:
            return CheckResult(True, f"database: {store.ping()}")
    except StoreError as error:
        advice = "check database.url, and that its folder or server can be reached"
        return CheckResult(False, f"database: {error}", advice)


@database.command()
def upgrade(context: typer.Context) -> None:
    """Migrate the database to this version."""
    with open_store(load(context.obj)) as store:
        say(f"database: {store.ping()}")
