"""Commands of staff by mail: read where they are clear, and otherwise not at all.

A decision is taken only if every word around it is known to be harmless (`phrases`); whatever is
not known makes the mail unclear, and its writer is asked. Nothing here knows a particular command:
their words come as data.
"""

from nlp.commands.parser import parse_commands
from nlp.types import ParsedCommands

__all__ = ["ParsedCommands", "parse_commands"]
