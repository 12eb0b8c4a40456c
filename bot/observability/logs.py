"""Structured logs: one line an event, that says which message, mail and case it is about.

Never a body, a subject or a secret: what comes from outside is cleaned here, whoever logs it.
"""

import logging
import re
import sys
import traceback
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import NamedTuple

import structlog
from structlog.contextvars import bound_contextvars
from structlog.typing import EventDict, Processor, WrappedLogger

LONGEST = 500  # characters of a value
FRAMES = 12  # of a traceback, the innermost ones

# Looser than bot.workflow.tokens: a server's words may break off within a key.
_KEY = re.compile(r"((?:-\d{4}-\d{1,9}|\baviso)\.)[a-z2-7]{4,}", re.IGNORECASE)
_ROOT = Path(__file__).parents[2]

log = structlog.get_logger()


class Chosen(NamedTuple):
    """How it was set up, for a process of ours that is to log alike."""

    as_json: bool = False
    least: int = logging.WARNING


_chosen = Chosen()


def chosen() -> Chosen:
    """How this process logs."""
    return _chosen


class _StandardError:
    """Whatever standard error is at the time. A full disk costs lines, not the service."""

    def write(self, text: str) -> None:
        with suppress(OSError):
            sys.stderr.write(text)

    def flush(self) -> None:
        with suppress(OSError):
            sys.stderr.flush()


_STANDARD_ERROR = _StandardError()


def set_up(*, as_json: bool = False, least: int = logging.INFO) -> None:
    """Logs to standard error what is at `least` so grave; JSON for machines, else for people.

    What libraries log or warn of comes out in the same form.
    """
    global _chosen
    _chosen = Chosen(as_json, least)
    renderer: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            _where_it_failed,
            _clean,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(least),
        logger_factory=lambda *_: structlog.PrintLogger(_STANDARD_ERROR),  # type: ignore[arg-type]
        cache_logger_on_first_use=False,  # a command may set it up anew
    )
    logging.getLogger().addHandler(_FROM_LIBRARIES)  # once, however often it is asked
    logging.getLogger().setLevel(logging.WARNING)
    logging.getLogger("mailparser").setLevel(logging.CRITICAL)
    logging.captureWarnings(True)


def concerning(**ids: object) -> AbstractContextManager[None]:
    """Every line logged within the block bears these: `message`, `message_id`, `case`, `mail` …

    Those that are empty are left out.
    """
    return bound_contextvars(**{name: value for name, value in ids.items() if value})


class _FromLibraries(logging.Handler):
    """Hands what was logged by way of the standard library to structlog."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            text = record.getMessage()
        except Exception:  # a library's broken log call must not stop the work
            text = str(record.msg)
        log.log(record.levelno, text, logger=record.name, exc_info=record.exc_info)


_FROM_LIBRARIES = _FromLibraries()


def _where_it_failed(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """The kind of an exception and where it was raised; not its words: they may quote the mail."""
    info = event.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    error = info[1] if isinstance(info, tuple) else info
    if isinstance(error, BaseException):
        frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
        event["exception"] = _kind(error)
        event["raised_in"] = ", ".join(f"{_short(f.filename)}:{f.lineno}" for f in frames)
    return event


def _kind(error: BaseException) -> str:
    cause = error.__cause__ or error.__context__
    return type(error).__name__ + (f" after {type(cause).__name__}" if cause else "")


def _short(filename: str) -> str:
    path = Path(filename)
    return str(path.relative_to(_ROOT)) if path.is_relative_to(_ROOT) else path.name


def _clean(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Texts on one line, bounded, without control characters and without keys of notices."""
    for name, value in event.items():
        if isinstance(value, str):
            shown = value[: 2 * LONGEST]
            if not shown.isprintable():
                shown = "".join(c if c.isprintable() else " " for c in shown)
            event[name] = _KEY.sub(r"\1•••", " ".join(shown.split()))[:LONGEST]
    return event
