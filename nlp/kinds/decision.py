"""Whether an answer gives the command that it names: learned, for what stands around it in
endless ways: "Por instrucciones del doctor, …", "Le di muchas vueltas, pero …"."""

from collections.abc import Iterator, Sequence

from nlp.kinds.linear import load

SURE = 0.85  # of authors left out, none who gave no decision comes near where nothing else objects
LIKELY = 0.75  # of a decision that tells its reason
_STEM = 5
_NEAR = 3  # words


def features(
    before: Sequence[str], after: Sequence[str], name: str, cue: Sequence[str]
) -> Iterator[str]:
    """The words before and behind a command and how far from it; `cue` are its own words."""
    yield f"c={name}"
    yield f"cue={' '.join(cue)}"
    yield f"n={min(6, (len(before) + len(after)) // 8)}"
    last = "^"
    for number, word in enumerate((*before, "CMD", *after)):
        far = number - len(before)
        side = "b" if far < 0 else "a"
        yield word
        yield f"{side}:{word}"
        yield f"{last} {word}"
        if len(word) > _STEM:
            yield f"{word[:_STEM]}*"
            yield f"{side}:{word[:_STEM]}*"
        if 0 < abs(far) <= _NEAR:
            yield f"{far}:{word}"
        last = word


def odds(before: Sequence[str], after: Sequence[str], name: str, cue: Sequence[str]) -> float:
    """How likely the writer gives the command `name`."""
    return load("decision").probability(features(before, after, name, cue))
