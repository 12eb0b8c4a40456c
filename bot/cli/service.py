"""`run`, `once`: the service."""

import signal
import threading
from pathlib import Path
from types import FrameType

import structlog
import typer

from bot.cli.app import WORK_FAILED, app, give_up
from bot.cli.check import PIN, UNPINNED
from bot.config.load import ConfigError, Settings, load_to_run
from bot.config.organization import sender_policy_of
from bot.errors import BotError
from bot.observability.logs import set_up
from bot.report.monthly import monthly_reports
from bot.runtime.build import service

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
    """The service: watch the inbox, process, send, keep the schedule, until SIGTERM.

    SIGHUP reads the configuration anew; one that is wrong changes nothing.
    """
    settings: Settings | None = _begin(context)
    stopped = threading.Event()
    try:
        while settings is not None and not stopped.is_set():
            settings = _run(settings, context.obj, stopped)
    except BotError:
        raise
    except Exception:  # a mistake of ours; its traceback might quote mail
        log.exception("service.crashed")
        raise typer.Exit(WORK_FAILED) from None


def _run(settings: Settings, file: Path, stopped: threading.Event) -> Settings | None:
    """Runs until SIGTERM sets `stopped`, or until SIGHUP: the settings to go on with."""
    reloaded: list[Settings] = []

    def reload() -> bool:
        try:
            reloaded.append(load_to_run(file))
        except ConfigError as error:
            for problem in error.problems:
                log.error("config.refused", problem=problem, advice="it stays as it was")
        return bool(reloaded)

    with service(settings, monitor=True, reports=monthly_reports) as running:

        def stop(signum: int, frame: FrameType | None) -> None:
            stopped.set()
            running.stop()

        def look_again(signum: int, frame: FrameType | None) -> None:
            running.look_again()

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, stop)
        signal.signal(signal.SIGHUP, look_again)
        if not stopped.is_set():
            running.run(reload)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)  # until the next one is there
    if not reloaded:
        return None
    log.info("config.reloaded", people=len(reloaded[-1].staff))
    return reloaded[-1]


@app.command()
def once(context: typer.Context) -> None:
    """One pass: fetch all that is new, process, send what is due, exit."""
    settings = _begin(context)
    with service(settings, reports=monthly_reports) as running:
        unsent = running.once()
    if unsent:
        give_up(f"outbox: {unsent} mail(s) could not be sent; `outbox` shows why")
