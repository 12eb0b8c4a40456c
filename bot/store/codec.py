"""Cases as JSON and back. Unknown keys are skipped, so that older code reads what newer wrote."""

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override

from bot.store.errors import StoreError
from bot.workflow.case import Case, Decision
from nlp.json_values import json_converter
from nlp.types import Extraction

# ASCII only: NUL and lone surrogates travel as escapes, which every database takes.
_encode = json.JSONEncoder(separators=(",", ":"), sort_keys=True).encode

_AS_KEPT: dict[type, dict[str, Any]] = {
    Extraction: {"sure": override(omit=True)},  # what is written is sure
    Decision: {"token": override(rename="notice")},
    Case: {"decision": override(rename="ruling")},
}
"""What is not kept as its field is called."""

_converter = json_converter()
_converter.register_unstructure_hook(dt.datetime, lambda at: at.astimezone(dt.UTC).isoformat())
_converter.register_structure_hook(
    dt.datetime, lambda text, _: dt.datetime.fromisoformat(text).astimezone(dt.UTC)
)
for kind, names in _AS_KEPT.items():
    _converter.register_unstructure_hook(kind, make_dict_unstructure_fn(kind, _converter, **names))
    _converter.register_structure_hook(
        kind, make_dict_structure_fn(kind, _converter, _cattrs_detailed_validation=False, **names)
    )


def case_to_json(case: Case) -> str:
    """The whole case."""
    order = list(case.form)  # keys are sorted for a stable text
    return _encode({**_converter.unstructure(case), "order": order})


def case_from_json(text: str) -> Case:
    """The case that `case_to_json` wrote. Raises StoreError where it is none."""
    try:
        data = json.loads(text)
        form = data.get("form", {})
        order = dict.fromkeys((*data.get("order", ()), *form))
        data["form"] = {name: form[name] for name in order if name in form}
        data["details"] = data.get("details") or _old_details(data)
        return _converter.structure(data, Case)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise StoreError(f"a case cannot be read: {type(error).__name__} {error}") from error


def strings_to_json(value: Mapping[str, str] | tuple[str, ...]) -> str:
    return _encode(value if isinstance(value, tuple) else dict(value))


def _old_details(data: Mapping[str, Any]) -> Mapping[str, str | bool]:
    """Two details that stood beside all the rest before there was a place for them."""
    return {name: data[name] for name in ("change", "removal") if data.get(name)}
