"""What every reader of a turn stands on: its context, and the labels of the form."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from nlp.fields.labels import Labels, labels_of
from nlp.turns.types import TurnContext, Writer
from nlp.types import FieldKind, FieldValue, Form


@dataclass(frozen=True, slots=True)
class Ground:
    """The context of a turn, who writes it and on which day; the labels of its form.

    `asked` are the fields that a question of staff is about.
    """

    context: TurnContext
    labels: Labels
    writer: Writer
    today: dt.date
    asked: tuple[str, ...] = ()

    @property
    def form(self) -> Form:
        return self.context.form

    @property
    def known(self) -> Mapping[str, FieldValue]:
        return self.context.known

    @property
    def missing(self) -> tuple[str, ...]:
        return self.context.missing

    @property
    def open(self) -> tuple[str, ...]:
        """The fields that answers may be for: those asked for first, then those without a value."""
        rest = (f.name for f in self.form.fields if f.name not in self.known)
        return tuple(dict.fromkeys((*self.missing, *self.asked, *rest)))

    def of_kind(self, kind: FieldKind) -> list[str]:
        """The fields of a kind, by name."""
        return [field.name for field in self.form.fields if field.kind is kind]

    def ends(self) -> dict[str, str]:
        """The two dates of the period that the form asks for: "start" and "end"."""
        fields = (f for f in self.form.fields if f.kind is FieldKind.DATE and f.period)
        return {field.period: field.name for field in fields}


def ground_of(context: TurnContext, writer: Writer, today: dt.date) -> Ground:
    """The ground of a turn."""
    return Ground(context, labels_of(context.form), writer, today)
