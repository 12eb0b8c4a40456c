"""A form's own names of its fields, and those by which all that reads prose knows them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from nlp.turns.types import GivenValue, Question, Turn, TurnContext, Unclear
from nlp.types import Form, FormField, Part

_PARTS = frozenset(Part)
T = TypeVar("T")
Named = TypeVar("Named", GivenValue, Question)


@dataclass(frozen=True, slots=True)
class Naming:
    """A form whose fields are called by the parts they play; `own` has its own names of them."""

    form: Form
    own: Mapping[str, str]

    def values(self, found: Mapping[str, T]) -> dict[str, T]:
        """What was found, under the form's own names."""
        return {self.own[name]: value for name, value in found.items()}

    def context(self, context: TurnContext) -> TurnContext:
        """The context of a turn, by parts."""
        played = {name: part for part, name in self.own.items()}
        return replace(
            context,
            form=self.form,
            missing=_called(context.missing, played),
            known={played.get(name, name): value for name, value in context.known.items()},
            sent={played.get(name, name): text for name, text in context.sent.items()},
            pending=_unclear(context.pending, played),
        )

    def turn(self, turn: Turn) -> Turn:
        """What a turn says, under the form's own names."""
        return replace(
            turn,
            answers=self._renamed(turn.answers),
            corrections=self._renamed(turn.corrections),
            repeated=self._renamed(turn.repeated),
            doubted=self._renamed(turn.doubted),
            questions=self._renamed(turn.questions),
            unclear=_unclear(turn.unclear, self.own),
            missing=_called(turn.missing, self.own),
        )

    def _renamed(self, said: Iterable[Named]) -> tuple[Named, ...]:
        return tuple(replace(one, field=self.own.get(one.field, one.field)) for one in said)


def naming_of(form: Form) -> Naming:
    """How the fields of a form are known."""
    own = {_known_as(field): field.name for field in form.fields}
    fields = (replace(field, name=name) for name, field in zip(own, form.fields, strict=True))
    return Naming(Form(tuple(fields)), own)


def _known_as(field: FormField) -> str:
    """The part that a field plays; without one its name, made other than every part's."""
    if field.part is not None:
        return field.part.value
    return f"{field.name}'" if field.name in _PARTS else field.name


def _called(names: Iterable[str], calls: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(calls.get(name, name) for name in names)


def _unclear(said: Iterable[Unclear], calls: Mapping[str, str]) -> tuple[Unclear, ...]:
    return tuple(replace(one, fields=_called(one.fields, calls)) for one in said)
