"""Imported by the server that readers are forked from: each of them finds everything loaded."""

import contextlib

from bot.runtime.collector import leave_alone_what_is_loaded, rest_while_loading


def _load() -> None:
    from bot.config.load import Settings
    from bot.config.organization import organization_of
    from bot.mail.parsing import Limits
    from bot.runtime.analyzer import Analyzer

    # What a first message makes is made here; what is missing is told by whoever needs it.
    with contextlib.suppress(Exception):
        Analyzer(organization_of(Settings()), Limits())


rest_while_loading()
_load()
leave_alone_what_is_loaded()
