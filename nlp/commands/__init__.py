"""Orders of staff by mail: read where they are clear, and otherwise not at all.

A decision is taken only if every word around it is known to be harmless (`phrases`); whatever is
not known makes the mail unclear, and its writer is asked. Nothing here knows a particular order:
their words come as data.
"""

from nlp.commands.reading import read_orders
from nlp.types import OrderReading

__all__ = ["OrderReading", "read_orders"]
