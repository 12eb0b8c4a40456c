"""Structured logs: one line an event, no bodies, no secrets."""

from __future__ import annotations

import logging
import sys
from contextlib import suppress

import structlog


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
    """Logs to standard error what is at `least` so grave; JSON for machines, else for people."""
    logging.getLogger("mailparser").setLevel(logging.CRITICAL)
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(least),
        logger_factory=lambda *_: structlog.PrintLogger(_STANDARD_ERROR),  # type: ignore[arg-type]
        cache_logger_on_first_use=False,  # a command may set it up anew
    )
