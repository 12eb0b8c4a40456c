"""What can be told of a raw message by itself, as it comes from the process that reads."""

from __future__ import annotations

import copyreg
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from bot.workflow.context import Reading
from bot.workflow.message import Incoming, Unparseable
from bot.workflow.screening import Screened
from nlp.types import Found, Intent, Understanding

NOTHING = Understanding(Intent.OTHER, 0.0, {})
NO_ORDERS = Reading()
NO_FIELDS: Mapping[Intent, Mapping[str, Found]] = MappingProxyType({})


def _read_only(values: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(values)


# They cross from one process to another, and Python cannot pickle them by itself.
copyreg.pickle(MappingProxyType, lambda view: (_read_only, (dict(view),)))


@dataclass(frozen=True, slots=True)
class Analysis:
    """All that can be told of a message by itself.

    `folio` is the number its subject or new text cites. `reading` are the orders it would give
    if staff had sent it, `wish` what it says clearly if somebody of an area did. `as_part_of` are
    its fields where it goes on with a case of that intent; only what may belong to one has them.
    Where a message is screened or cannot be parsed nothing more is understood.
    """

    mail: Incoming | Unparseable
    screened: Screened | None = None
    understanding: Understanding = NOTHING
    reading: Reading = NO_ORDERS
    wish: Reading = NO_ORDERS
    folio: str = ""
    as_part_of: Mapping[Intent, Mapping[str, Found]] = field(default_factory=lambda: NO_FIELDS)

    def going_on_with(self, intent: Intent) -> Understanding:
        """What is understood where the message goes on with a request of this intent.

        A reply that completes a form may look like anything by itself.
        """
        fields = self.as_part_of.get(intent)
        return self.understanding if fields is None else replace(self.understanding, fields=fields)
