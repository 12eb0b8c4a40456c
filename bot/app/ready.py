"""Imported by the server that readers are forked from: each of them finds everything loaded."""

import contextlib

from bot.app.collector import rest_while_loading


def _load() -> None:
    from bot.app.analyst import understander
    from nlp.pipeline import ModelMissingError

    with contextlib.suppress(ModelMissingError):  # told by whoever needs it
        understander()


rest_while_loading()
_load()
