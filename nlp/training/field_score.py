"""How well fields are extracted: precision and recall by the rules of the corpus's own scorer."""

import datetime as dt
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from nlp.types import FieldValue

EXACT = frozenset(
    {"request_type", "email", "phone_ext", "recipients", "frequency", "start_date", "end_date"}
)
LONG = frozenset({"purpose", "justification"})


def fold(text: object) -> str:
    """Lower case, no accents, no punctuation, single spaces."""
    decomposed = unicodedata.normalize("NFKD", str(text).lower())
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(re.findall(r"[a-z0-9@]+", bare))


def token_f1(a: object, b: object) -> float:
    """The harmonic mean of the shares of words that two texts have in common."""
    first, second = Counter(fold(a).split()), Counter(fold(b).split())
    hit = sum((first & second).values())
    return 2 * hit / (first.total() + second.total()) if hit else 0.0


def same(name: str, want: FieldValue, got: FieldValue) -> bool:
    """Whether an extracted value counts as the one wanted."""
    if name == "audience":
        wanted = want if isinstance(want, tuple) else (want,)
        return set(wanted) == set(got if isinstance(got, tuple) else (got,))
    if name in EXACT:
        return _plain(want) == _plain(got)
    if name in LONG:
        return token_f1(want, got) >= 0.7
    return fold(want) == fold(got)


def _plain(value: FieldValue) -> str:
    return value.isoformat() if isinstance(value, dt.date) else str(value).strip().lower()


def from_json(raw: Mapping[str, object]) -> dict[str, FieldValue]:
    """Labelled fields as typed values."""
    found: dict[str, FieldValue] = {}
    for name, value in raw.items():
        if isinstance(value, list):
            found[name] = tuple(sorted(str(v) for v in value))
        elif name in ("start_date", "end_date"):
            found[name] = dt.date.fromisoformat(str(value))
        elif isinstance(value, int | str):
            found[name] = value
    return found


@dataclass(slots=True)
class FieldScore:
    """Counts of one field: right, missed, wrongly there."""

    hit: int = 0
    miss: int = 0
    false: int = 0

    @property
    def precision(self) -> float:
        return self.hit / (self.hit + self.false) if self.hit + self.false else 1.0

    @property
    def recall(self) -> float:
        return self.hit / (self.hit + self.miss) if self.hit + self.miss else 1.0

    @property
    def f1(self) -> float:
        total = 2 * self.hit + self.miss + self.false
        return 2 * self.hit / total if total else 1.0


@dataclass(frozen=True, slots=True)
class Wrong:
    """One value that is missing, superfluous or not the one wanted."""

    source: str
    field: str
    want: FieldValue | None
    got: FieldValue | None


@dataclass(slots=True)
class Report:
    """Scores by field and in all, with what went wrong."""

    fields: dict[str, FieldScore] = field(default_factory=lambda: defaultdict(FieldScore))
    wrong: list[Wrong] = field(default_factory=list)

    @property
    def total(self) -> FieldScore:
        scores = self.fields.values()
        return FieldScore(
            sum(s.hit for s in scores), sum(s.miss for s in scores), sum(s.false for s in scores)
        )

    def add(
        self, source: str, want: Mapping[str, FieldValue], got: Mapping[str, FieldValue]
    ) -> None:
        """Count one message."""
        for name in sorted(want.keys() | got.keys()):
            wanted, found, score = want.get(name), got.get(name), self.fields[name]
            if wanted is not None and found is not None and same(name, wanted, found):
                score.hit += 1
                continue
            score.miss += wanted is not None
            score.false += found is not None
            self.wrong.append(Wrong(source, name, wanted, found))

    def lines(self) -> Iterable[str]:
        """The figures as a table in plain text."""
        rows = [*sorted(self.fields.items()), ("all", self.total)]
        for name, s in rows:
            yield (
                f"{name:14} P {s.precision:.3f} R {s.recall:.3f} F1 {s.f1:.3f}"
                f"  right {s.hit} missed {s.miss} false {s.false}"
            )
