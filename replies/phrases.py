"""Sentences in a line, by key: what is said within a reply, in a history, in a list."""

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType

import yaml


@lru_cache
def phrases() -> Mapping[str, str]:
    """The catalogue of phrases.yaml; keys of its sections are joined by a dot."""
    text = files("replies").joinpath("phrases.yaml").read_text(encoding="utf-8")
    return MappingProxyType(dict(_flat(yaml.load(text, yaml.CSafeLoader))))


def say(key: str, **values: object) -> str:
    """A sentence that names neither the institution nor its units."""
    return phrases()[key].format_map(values)


def _flat(section: Mapping[str, object], before: str = "") -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for key, value in section.items():
        if isinstance(value, Mapping):
            found += _flat(value, f"{before}{key}.")
        else:
            found.append((f"{before}{key}", str(value)))
    return found
