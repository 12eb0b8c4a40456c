"""What a turn says is weighed: from which share on an option counts, and how sure it is then."""

from __future__ import annotations

import datetime as dt
from math import log
from pathlib import Path

import numpy as np
import pytest

from nlp.fields.labels import labels_of
from nlp.fields.scorer import SIZE, Scorer, slots
from nlp.shipped import load_form
from nlp.turns.ground import Ground
from nlp.turns.types import GivenValue, TurnContext, Writer
from nlp.turns.weighing import TURN, Option, weighed
from nlp.types import FieldValue

FORM = load_form(Path(__file__).parents[2] / "bot" / "lists" / "form.yaml")
RULE = GivenValue("recipients", 450, "son 450", sure=0.9)
READ = GivenValue("recipients", 320, "320 alumnos", sure=0.8)
LINE = GivenValue("area", "Dirección de Planta Física", "Dirección de Planta Física", sure=0.9)
END = GivenValue("area", "Planta Física", "Dirección de Planta Física", sure=0.8)


def weigh(
    *options: tuple[GivenValue, float],
    said: GivenValue | None = None,
    none: float = 0.0,
    known: dict[str, FieldValue] | None = None,
    facts: tuple[str, ...] = (),
) -> dict[str, tuple[FieldValue | None, float]]:
    """What is kept where a scorer gives these shares to the options, and `none` to no value."""
    weights = np.zeros(SIZE, np.float32)
    bias = slots(TURN, [])
    names = [f"option {number}" for number in range(len(options))]
    for name, share in zip(["none", *names], [none, *(s for _, s in options)], strict=True):
        (slot,) = set(slots(TURN, [name])) - set(bias)
        weights[slot] = log(max(share, 1e-9))
    ground = Ground(
        TurnContext(form=FORM, known=known or {}),
        labels_of(FORM),
        Writer("Ana"),
        dt.date(2026, 8, 3),
    )
    weighted: list[Option] = [
        (one, [name, *facts]) for (one, _), name in zip(options, names, strict=True)
    ]
    before = {said.field: said} if said else {}
    kept = weighed(before, {options[0][0].field: weighted}, ground, Scorer(weights, ()))
    return {name: (one.value, round(one.sure, 2)) for name, one in kept.items()}


def test_what_is_only_read_counts_where_it_is_likely() -> None:
    assert weigh((READ, 0.72), none=0.28) == {"recipients": (320, 0.72)}
    assert weigh((READ, 0.6), none=0.4) == {}


def test_what_the_reader_is_certain_of_counts_sooner() -> None:
    certain = GivenValue("recipients", 320, "320 alumnos", sure=0.96)
    assert weigh((certain, 0.5), none=0.5) == {"recipients": (320, 0.5)}
    assert weigh((certain, 0.5), none=0.5, facts=("nobody",)) == {}


@pytest.mark.parametrize("fact", ["away", "against", "left open"])
def test_what_a_sentence_only_mentions_must_be_nearly_certain(fact: str) -> None:
    assert weigh((READ, 0.85), none=0.15, facts=(fact,)) == {}
    assert weigh((READ, 0.92), none=0.08, facts=(fact,)) == {"recipients": (320, 0.92)}


def test_what_would_change_a_value_must_be_nearly_certain() -> None:
    assert weigh((READ, 0.85), none=0.15, known={"recipients": 300}) == {}
    changed = weigh((READ, 0.92), none=0.08, known={"recipients": 300})
    assert changed == {"recipients": (320, 0.92)}


def test_what_a_reader_of_turns_found_counts_unless_it_is_unlikely() -> None:
    assert weigh((RULE, 0.3), said=RULE, none=0.7) == {"recipients": (450, 0.9)}
    assert weigh((RULE, 0.2), said=RULE, none=0.8) == {}
    corrected = weigh((RULE, 0.2), said=RULE, none=0.8, known={"recipients": 300})
    assert corrected == {"recipients": (450, 0.9)}


def test_the_likelier_of_two_counts() -> None:
    assert weigh((RULE, 0.2), (READ, 0.8), said=RULE) == {"recipients": (320, 0.8)}


def test_what_is_left_where_the_likelier_is_not_likely_enough_is_asked_about() -> None:
    """Its own certainty counts only where it is the likeliest."""
    assert weigh((RULE, 0.35), (READ, 0.65), said=RULE) == {"recipients": (450, 0.35)}


def test_the_end_of_a_line_that_answers_stands_for_the_line() -> None:
    assert weigh((LINE, 0.1), (END, 0.85), said=LINE, none=0.05) == {
        "area": ("Dirección de Planta Física", 0.95)
    }
