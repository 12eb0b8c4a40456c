"""The form as shipped, from its file of stanzas: for training and measuring without a bot."""

from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from nlp.types import FieldKind, Form, FormField, Part


def load_form(path: Path) -> Form:
    """The fields that a YAML list of stanzas describes, but for those asked only where wanted."""
    stanzas = yaml.load(path.read_text("utf-8"), yaml.CSafeLoader)
    return Form(tuple(_field(s) for s in stanzas if s.get("by_default", True)))


def _field(stanza: dict[str, Any]) -> FormField:
    choices = {key: tuple(words) for key, words in stanza.get("choices", {}).items()}
    return FormField(
        name=stanza["name"],
        label=stanza["label"],
        kind=FieldKind(stanza.get("kind", "text")),
        required=stanza.get("required", True),
        essential=stanza.get("essential", True),
        hint=stanza.get("hint", ""),
        help=stanza.get("help", ""),
        example=stanza.get("example", ""),
        aliases=tuple(stanza.get("aliases", ())),
        choices=MappingProxyType(choices),
        period=stanza.get("period", ""),
        part=Part(stanza["part"]) if "part" in stanza else None,
    )
