"""What can be told of a raw message by itself, as it comes from the process that reads."""

from __future__ import annotations

import copyreg
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from bot.workflow.message import ParsedMessage, UnparseableMessage
from bot.workflow.screening import Screened
from nlp.types import NO_COMMANDS, Extraction, Intent, ParsedCommands, Prediction

NOTHING = Prediction(Intent.OTHER, 0.0, {})
NO_FIELDS: Mapping[str, Mapping[str, Extraction]] = MappingProxyType({})


def _read_only(values: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(values)


# They cross from one process to another, and Python cannot pickle them by itself.
copyreg.pickle(MappingProxyType, lambda view: (_read_only, (dict(view),)))


@dataclass(frozen=True, slots=True)
class MessageAnalysis:
    """All that can be told of a message by itself.

    `folio` is the number its subject or new text cites. `staff_commands` are those it would give
    if staff had sent it, `requester_commands` what it says clearly if somebody of an area did.
    `as_part_of` are
    its fields where it goes on with a case of that intent; only what may belong to one has them.
    Where a message is screened or cannot be parsed nothing more is understood.
    """

    mail: ParsedMessage | UnparseableMessage
    screened: Screened | None = None
    prediction: Prediction = NOTHING
    staff_commands: ParsedCommands = NO_COMMANDS
    requester_commands: ParsedCommands = NO_COMMANDS
    folio: str = ""
    as_part_of: Mapping[str, Mapping[str, Extraction]] = field(default_factory=lambda: NO_FIELDS)

    def going_on_with(self, intent: str) -> Prediction:
        """What is understood where the message goes on with a request of this intent.

        A reply that completes a form may look like anything by itself.
        """
        fields = self.as_part_of.get(intent)
        return self.prediction if fields is None else replace(self.prediction, fields=fields)
