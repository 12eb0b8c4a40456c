"""Training of the scorer: which candidate of a mail is right, if any.

For a field with one value all candidates of a mail compete with each other and with "none"
(a conditional logistic model); members of a set and yes-or-no questions are judged one by one.
"""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from nlp.fields.facts import Candidate
from nlp.fields.labels import labels_of
from nlp.fields.mentions import mentions_in
from nlp.fields.passages import passages_of
from nlp.fields.reader import carried, competing, counts, every_candidate, signed, writes
from nlp.fields.scorer import (
    SIZE,
    Choice,
    Scorer,
    general,
    none_facts,
    of_kind,
    slots,
)
from nlp.fields.tagger import Tagger
from nlp.text import handover
from nlp.text.fold import readable
from nlp.training.align import occurrences
from nlp.training.cases import LabelledMail
from nlp.training.field_score import same
from nlp.types import BlockKind, FieldKind, FieldValue, Form

_PENALTY = 1.0
_ITERATIONS = 100
Floats = npt.NDArray[np.float64]


Gathered = list[tuple[int, str, Choice]]  # the fold of the author, the name, the choice


def gather(
    cases: Sequence[LabelledMail], fold_of: Mapping[str, int], taggers: Sequence[Tagger], form: Form
) -> Gathered:
    """All that the scorer learns from: what taggers find in mails of authors they never saw."""
    found: Gathered = []
    for case in cases:
        number = fold_of[case.author]
        handed = handed_over(case, form)
        if handed is not None:
            choice = Choice((handover.facts(case.message),), (handed,))
            found.append((number, handover.HANDOVER, choice))
        found += [(number, *one) for one in choices_of(case, taggers[number], form)]
    return found


def fit(gathered: Gathered, before: Scorer | None = None) -> Scorer:
    """The scorer that makes these choices best; what it knew `before` of others stays."""
    weights = np.zeros(SIZE, np.float32) if before is None else before.weights.copy()
    choices: dict[str, list[Choice]] = {}
    for _, name, choice in gathered:
        choices.setdefault(name, []).append(choice)
    for name, mine in sorted(choices.items()):
        _add(weights, name, mine)
    return Scorer(weights, {*choices, *(before.known if before else ())})


def choices_of(case: LabelledMail, tagger: Tagger, form: Form) -> Iterable[tuple[str, Choice]]:
    """For each field that the mail may fill: the facts of its candidates, and which are right."""
    intent = case.example.intent
    if not carried(intent, form):
        return
    handed = handed_over(case, form) is not False
    message = case.message
    read = passages_of(message, labels_of(form), handed)
    passages = [p for p in read if counts(p, message.things)]
    found = [c for _, c in every_candidate(message, passages, form, intent, tagger)]
    yield from choices_from(case, found, form)


def choices_from(
    case: LabelledMail, found: Sequence[Candidate], form: Form
) -> Iterable[tuple[str, Choice]]:
    """What the scorer has to choose between in a mail whose candidates are found."""
    intent, example = case.example.intent, case.example
    named = example.fields.get("responsible")
    if named is None or not any(writes(c) and same("responsible", named, c.value) for c in found):
        found = [c for c in found if not signed(c)]
    for name in sorted(carried(intent, form)):
        mine = [c for c in found if c.field == name]
        if not mine:
            continue
        want = example.fields.get(name)
        for rivals in competing(mine):
            right = tuple(want is not None and _fits(name, want, c.value) for c in rivals)
            facts = tuple(c.facts for c in rivals)
            none = none_facts(rivals, mine, intent, case.message)
            choice = Choice((none, *facts), (not any(right), *right))
            yield name, choice
            yield of_kind(form[name].kind), Choice(tuple(map(general, choice.facts)), choice.right)


def _fits(name: str, want: FieldValue, got: FieldValue) -> bool:
    if isinstance(want, tuple) and isinstance(got, tuple):
        return set(got) <= set(want)
    return same(name, want, got)


def handed_over(case: LabelledMail, form: Form) -> bool | None:
    """Whether the labels of a mail are those of the mail it forwards; None where nothing tells."""
    message, example = case.message, case.example
    if not handover.forwards(message) or len(carried(example.intent, form)) < 3:
        return None
    own = readable(message.new_text)
    handed = readable("\n".join(b.text for b in message.blocks if b.kind is BlockKind.FORWARD))
    there = {
        text: {
            name
            for name, value in example.fields.items()
            if name != "request_type" and _holds(text, name, value, case, form)
        }
        for text in (own, handed)
    }
    if there[handed] - there[own]:
        return True
    return False if there[own] else None


def _holds(text: str, name: str, value: FieldValue, case: LabelledMail, form: Form) -> bool:
    if form[name].kind in (FieldKind.TEXT, FieldKind.LONG_TEXT, FieldKind.NAME):
        return bool(occurrences(text, str(value)))
    keys = value if isinstance(value, tuple) else (value,)
    return any(
        m.value in keys and m.field in ("", name)
        for m in mentions_in(text, form, case.message.date)
    )


def _add(weights: npt.NDArray[np.float32], name: str, choices: Sequence[Choice]) -> None:
    """Fit the choices of one name and write its weights where they stand."""
    rows = [slots(name, facts) for choice in choices for facts in choice.facts]
    right = np.array([fits for choice in choices for fits in choice.right])
    sizes = np.array([len(choice.facts) for choice in choices])
    group = np.repeat(np.arange(len(choices)), sizes)
    columns, places = np.unique(np.concatenate(rows), return_inverse=True)
    ends = np.cumsum([0, *map(len, rows)])
    matrix = csr_matrix((np.ones(len(places)), places, ends), shape=(len(rows), len(columns)))
    alone = bool((sizes == 1).all())
    fitted = _fit(matrix, right, group, len(choices), alone=alone)
    weights[columns] = fitted.astype(np.float32)


def _fit(
    matrix: csr_matrix, right: npt.NDArray[np.bool_], group: npt.NDArray[np.int64],
    count: int, *, alone: bool,
) -> Floats:  # fmt: skip
    transposed = matrix.T.tocsr()

    def loss(weights: Floats) -> tuple[float, Floats]:
        scores = matrix @ weights
        if alone:  # each is judged against standing still
            odds = 1 / (1 + np.exp(-scores))
            value = -np.log(np.where(right, odds, 1 - odds) + 1e-12).sum()
            slope = odds - right
        else:
            top = np.full(count, -np.inf)
            np.maximum.at(top, group, scores)
            weight = np.exp(scores - top[group])
            odds = weight / np.bincount(group, weight, count)[group]
            mine = np.where(right, odds, 0.0)
            total = np.bincount(group, mine, count) + 1e-12
            value = -np.log(total).sum()
            slope = odds - mine / total[group]
        return (
            float(value + _PENALTY * weights @ weights / 2),
            transposed @ slope + _PENALTY * weights,
        )

    start = np.zeros(matrix.shape[1])
    return np.asarray(
        minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": _ITERATIONS}).x
    )
