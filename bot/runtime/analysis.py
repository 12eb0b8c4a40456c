"""What can be told of a raw message by itself, as it comes from the process that reads."""

from dataclasses import dataclass

from cattrs.strategies import configure_tagged_union

from bot.workflow.message import ParsedMessage, Screened, UnparseableMessage
from nlp.json_values import json_converter
from nlp.turns.types import Turn
from nlp.types import (
    NO_COMMANDS,
    Intent,
    ParsedCommands,
    Prediction,
)

NOTHING = Prediction(Intent.OTHER, 0.0, {})


@dataclass(frozen=True, slots=True)
class MessageAnalysis:
    """All that can be told of a message by itself.

    `folio` is the number its subject or new text cites. `staff_commands` are those it would give
    if staff had sent it, `requester_commands` what it says clearly if somebody of an area did.
    `turn` is what it says where it goes on with a conversation, once that was asked.
    Where a message is screened or cannot be parsed nothing more is understood.
    """

    mail: ParsedMessage | UnparseableMessage
    screened: Screened | None = None
    prediction: Prediction = NOTHING
    staff_commands: ParsedCommands = NO_COMMANDS
    requester_commands: ParsedCommands = NO_COMMANDS
    folio: str = ""
    turn: Turn | None = None


@dataclass(frozen=True, slots=True)
class ReaderAnswer:
    """What the process that reads says of a message, and the seconds of computing it took."""

    analysis: MessageAnalysis
    seconds: float


def to_json(answer: ReaderAnswer) -> bytes:
    """An answer as it crosses from one process to another: data, that begins nothing."""
    return _converter.dumps(answer, ReaderAnswer).encode("ascii")


def from_json(data: bytes) -> ReaderAnswer:
    """The answer that `to_json` wrote. Raises ValueError for anything else."""
    try:
        return _converter.loads(data.decode("ascii"), ReaderAnswer)
    except Exception as error:  # whatever a process says that a mail has taken over
        raise ValueError("no answer") from error


_converter = json_converter()
configure_tagged_union(ParsedMessage | UnparseableMessage, _converter)
