"""The form's stanzas: what config.yaml says on top of the form as shipped."""

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import Field, model_validator

from bot.config.settings import Section, as_value
from bot.workflow.notifications.present import enumeration
from nlp.types import FieldKind, Form, FormField, Part

BY_DEFAULT = "by_default"
"""Key of a shipped stanza: whether the form asks for it where the configuration does not say."""


class FormFieldSettings(Section):
    """One field. A name of the shipped form inherits what the stanza does not say."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    label: Annotated[str, Field(min_length=1, max_length=120)]
    kind: FieldKind = FieldKind.TEXT
    required: bool = True
    essential: bool = True
    hint: str = ""
    help: str = ""
    example: str = ""
    aliases: tuple[str, ...] = ()
    choices: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    period: Literal["", "start", "end"] = ""
    part: Part | None = None

    @model_validator(mode="before")
    @classmethod
    def _inherit(cls, data: Any) -> Any:
        if not isinstance(data, Mapping):
            return data
        shipped = _shipped_stanzas().get(str(data.get("name")), {})
        aliases = [*shipped.get("aliases", ()), *(data.get("aliases") or ())]
        own = _told_by(data["choices"]) if isinstance(data.get("choices"), Mapping) else {}
        told = {**shipped, **own, **data, "aliases": list(dict.fromkeys(aliases))}
        asked = (str(stanza.get("kind", FieldKind.TEXT)) for stanza in (told, shipped))
        if len(set(asked)) > 1 and "part" not in data:
            told.pop("part", None)  # it asks for something else under the same name
        return {key: value for key, value in told.items() if key != BY_DEFAULT}

    @model_validator(mode="after")
    def _choices_where_needed(self) -> Self:
        chooses = self.kind in (FieldKind.CHOICE, FieldKind.CHOICES)
        if chooses != bool(self.choices):
            raise ValueError("should have choices exactly where kind is choice or choices")
        return self

    @model_validator(mode="after")
    def _part_of_its_kind(self) -> Self:
        kind = _shipped_stanzas()[self.part].get("kind", FieldKind.TEXT) if self.part else self.kind
        if kind != self.kind:
            raise ValueError(f"should be of kind {kind} to play the part {self.part}")
        return self


def _told_by(choices: Mapping[str, Any]) -> dict[str, str]:
    """What people are told of choices: those in force, not the ones that were shipped."""
    shown = [str(words[0]) for words in choices.values() if isinstance(words, list) and words]
    if not shown:
        return {}
    told = enumeration(shown, "o")
    return {"hint": told, "help": told, "example": shown[0]}


@lru_cache
def _shipped_stanzas() -> dict[str, dict[str, Any]]:
    text = files("bot.lists").joinpath("form.yaml").read_text(encoding="utf-8")
    stanzas = yaml.load(text, yaml.CSafeLoader)
    return {s["name"]: {BY_DEFAULT: True, **s} for s in stanzas}


def shipped_form() -> tuple[FormFieldSettings, ...]:
    """The form as shipped, for a configuration that does not speak of it."""
    return tuple(
        FormFieldSettings(**stanza) for stanza in _shipped_stanzas().values() if stanza[BY_DEFAULT]
    )


def to_form(stanzas: tuple[FormFieldSettings, ...]) -> Form:
    """The form as the rest of the bot knows it."""
    return Form(
        tuple(as_value(FormField, s, choices=MappingProxyType(dict(s.choices))) for s in stanzas)
    )
