"""Imported by the server that readers are forked from: each of them finds everything loaded."""

import contextlib

from bot.runtime.collector import rest_while_loading


def _load() -> None:
    from bot.runtime.analyzer import predictor
    from nlp.pipeline import ModelMissingError

    with contextlib.suppress(ModelMissingError):  # told by whoever needs it
        predictor()


rest_while_loading()
_load()
