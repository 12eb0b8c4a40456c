"""Structured logs: one line an event, no bodies, no secrets."""

from __future__ import annotations

import logging
import sys

import structlog


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
        # Asked for anew each time: standard error may be another by then.
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,  # a command may set it up anew
    )
