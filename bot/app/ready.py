"""Imported by the server that readers are forked from: each of them finds everything loaded."""

import contextlib

from bot.app.analyst import understander
from nlp.pipeline import ModelMissingError

with contextlib.suppress(ModelMissingError):  # told by whoever needs it
    understander()
