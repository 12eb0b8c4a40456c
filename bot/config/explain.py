"""What is wrong with a configuration, in words that name the key, the value and the remedy."""

import typing
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel
from pydantic_core import ErrorDetails
from rapidfuzz import process

SHOULD_BE = {
    "int_parsing": "a whole number",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_parsing": "a number",
    "float_type": "a number",
    "bool_parsing": "true or false",
    "string_type": "a text",
    "tuple_type": "a list",
    "model_type": "keys and values",
    "model_attributes_type": "keys and values",
    "dict_type": "keys and values",
    "date_from_datetime_parsing": "a date such as 2026-11-23",
    "date_parsing": "a date such as 2026-11-23",
    "path_type": "the path of a file",
    "too_short": "not be empty",
    "string_pattern_mismatch": "match {pattern}",
    "string_too_short": "have {min_length} characters or more",
}


def explain_mistake(settings: type[BaseModel], mistake: ErrorDetails) -> str:
    """One line for one mistake of pydantic's: key, value, what it should be, nearest key."""
    *where, last = mistake["loc"] or ("",)
    key = dotted(mistake["loc"])
    if mistake["type"] == "extra_forbidden":
        known = keys_at(settings, where)
        near = process.extractOne(str(last), known, score_cutoff=50)
        hint = f"did you mean {dotted((*where, near[0]))}?" if near else ", ".join(known)
        return f"{key}: there is no such key; {hint if near else 'known here: ' + hint}"
    if mistake["type"] == "missing":
        return f"{key}: is missing"
    return f"{key}: {_shown(mistake['input'])} {_should_be(mistake)}"


def dotted(loc: Iterable[int | str]) -> str:
    """A place in the file as people write it: `staff[2].email`."""
    text = ""
    for part in loc:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


def keys_at(model: type[BaseModel], where: Iterable[int | str]) -> list[str]:
    """The keys that may stand at a place in the file."""
    for part in where:
        if isinstance(part, int):
            continue
        field = model.model_fields.get(part)
        inner = _model_in(field.annotation) if field else None
        if inner is None:
            return []
        model = inner
    return list(model.model_fields)


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The model that a field's annotation holds, looking into lists and Annotated."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for inner in typing.get_args(annotation):
        found = _model_in(inner)
        if found:
            return found
    return None


def _should_be(mistake: ErrorDetails) -> str:
    kind, context = mistake["type"], mistake.get("ctx", {})
    if kind == "literal_error":
        return f"should be {context['expected'].replace(chr(39), '')}"
    if kind in SHOULD_BE:
        words = SHOULD_BE[kind].format_map(context)
        return (
            f"should {words}"
            if words.startswith(("not ", "match ", "have "))
            else f"should be {words}"
        )
    if kind == "value_error":
        return str(context.get("error", mistake["msg"]))
    message = mistake["msg"]
    return f"should {message.removeprefix('Input should ')}" if "should" in message else message


def _shown(value: object) -> str:
    """A value as it may be printed: bounded, and never a secret."""
    if isinstance(value, Mapping | list | tuple | BaseModel):
        return "the value"
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
