"""What can be told of a raw message by itself, as it comes from the process that reads."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import GenericAlias, MappingProxyType
from typing import Any, get_origin

from cattrs import Converter
from cattrs.preconf.json import JsonConverter, make_converter
from cattrs.strategies import configure_tagged_union

from bot.workflow.message import ParsedMessage, Screened, UnparseableMessage
from nlp.turns.types import Turn
from nlp.types import (
    NO_COMMANDS,
    FieldValue,
    Intent,
    ParsedCommands,
    Prediction,
    value_from_json,
    value_to_json,
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


def _converted() -> JsonConverter:
    converter = make_converter(detailed_validation=False)
    converter.register_unstructure_hook_func(_is_field_value, _plain)
    converter.register_structure_hook_func(_is_field_value, _field_value)
    converter.register_structure_hook_factory(_is_mapping, _read_only)
    configure_tagged_union(ParsedMessage | UnparseableMessage, converter)
    return converter


def _is_field_value(kind: Any) -> bool:
    return bool(kind in (FieldValue, FieldValue | None))


def _is_mapping(kind: Any) -> bool:
    return get_origin(kind) is Mapping


def _read_only(kind: Any, converter: Converter) -> Callable[[Any, Any], Mapping[Any, Any]]:
    keys_and_values = converter.get_structure_hook(GenericAlias(dict, kind.__args__))
    return lambda data, _: MappingProxyType(keys_and_values(data, dict))


def _plain(value: FieldValue | None) -> Any:
    return None if value is None else value_to_json(value)


def _field_value(data: Any, kind: Any) -> FieldValue | None:
    return None if data is None and kind != FieldValue else value_from_json(data)


_converter = _converted()
