"""Frozen values as JSON and back, by what their classes say of their fields."""

from collections.abc import Callable, Mapping
from types import GenericAlias, MappingProxyType
from typing import Any, get_origin

from cattrs import Converter
from cattrs.preconf.json import JsonConverter, make_converter

from nlp.types import FieldValue, value_from_json, value_to_json


def json_converter() -> JsonConverter:
    """What knows read-only mappings and the values of a form; keys it does not know are skipped."""
    converter = make_converter(detailed_validation=False)  # which would quote what people wrote
    converter.register_unstructure_hook_func(_is_field_value, _plain)
    converter.register_structure_hook_func(_is_field_value, _field_value)
    converter.register_structure_hook_factory(_is_mapping, _read_only)
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
