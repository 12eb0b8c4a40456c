"""No function of text takes more than linear time, whatever it is given: all of them are tried.

Not the patterns alone (`test_regular_expressions.py`): sorting combining marks, looking for the
end of something again and again, adding to a string can be quadratic, too. Those that are given
short texts only are listed with the longest.
"""

from __future__ import annotations

import datetime as dt
import inspect
import re
import time
import unicodedata
from collections.abc import Callable, Iterator
from functools import partial
from types import FunctionType, MappingProxyType
from typing import Any

import pytest

from bot.mail.parsing.limits import DEFAULT
from tests.builders import FORM, NOW, ORGANIZATION, case, mail
from tests.hostile import patterns
from tests.hostile.timing import grows

READ = ("nlp.text", "nlp.commands", "nlp.fields", "nlp.intent", "bot.mail", "bot.workflow",
        "bot.lists", "bot.store", "bot.runtime", "bot.observability", "bot.cli.rows")  # fmt: skip
PIECES = (
    "a", " ", "\n", "1 ", ": ", "(", "<", ">", '"', "\\", "@", "\u0301\u0327", "a@b.mx ",
    "ana paz ", "Área: ", "x\n\n", "- x\n", "12/11/2026 ", "<p>", "|a|b|\n",
)  # fmt: skip
MORE_PIECES = (
    "Á", "\t", "1", ".", ", ", "; ", "-", "_", "*", "=", "/", "|", ")", "[", "<<", "> ", "'", "&",
    "&lt;", "%41", "=41", "=?", "\u0301", "\u200b", "\ufb01", "😀", "☐ ", "\r", "\0", "1) x\n",
    "dos mil ", "no ", "APROBAR ", "(a", "a;", '"a\\', "<a href=x>", "-----\n", "de: a\n", "<x@y> ",
    "ci-2021-0042 ",
)  # fmt: skip
SIZES = (1_000, 4_000, 16_000)
FLOOR = 0.02  # seconds: quadratic time is far above it, noise below
MOST = 7  # times the time of a quarter of the text

# Given short texts only: how short.
SHORT: dict[str, int] = {}
# Not of text, or not to be called with any text.
OTHER: dict[str, str] = {
    "nlp.intent.features._grams": "its prefix is one letter of ours",
    "nlp.commands.match._lay": "of our own grammar",
    "bot.observability.terminal.counting": "a word of ours, beside a bar that is drawn",
    "bot.store.redaction._replaced": "of a mail of ours and its few keys",
    "bot.store.redaction.hidden": "of a mail of ours and its few keys",
    "bot.store.redaction.shown": "of a mail of ours and its few keys",
}

SAMPLES: dict[str, Callable[[str], Any]] = {
    "str": lambda text: text,
    "bytes": lambda text: text.encode("utf-8", "replace"),
    "int": lambda _: 3,
    "bool": lambda _: False,
    "float": lambda _: 1.0,
    "date": lambda _: dt.date(2026, 11, 23),
    "datetime": lambda _: NOW,
    "Organization": lambda _: ORGANIZATION,
    "Form": lambda _: FORM,
    "FormField": lambda _: FORM.fields[0],
    "Limits": lambda _: DEFAULT,
    "Case": lambda _: case(),
    "ParsedMessage": lambda text: mail(text, subject=text),
    "Sequence[str]": lambda text: text.splitlines(),
    "Iterable[str]": lambda text: text.splitlines(),
    "list[str]": lambda text: text.splitlines(),
    "tuple[str, ...]": lambda text: tuple(text.splitlines()),
    "set[str]": lambda text: set(text.splitlines()),
    "frozenset[str]": lambda text: frozenset(text.splitlines()),
    "Mapping[str, str]": lambda text: MappingProxyType({"a": text}),
    "Mapping[str, tuple[str, ...]]": lambda text: {"authentication-results": (text,)},
}


def functions() -> dict[str, FunctionType]:
    """Every function of ours that takes text and nothing that cannot be made up here."""
    found = {}
    for module in patterns.modules():
        for name, value in vars(module).items():
            function = inspect.unwrap(value) if callable(value) else value
            place = f"{module.__name__}.{name}"
            if (
                isinstance(function, FunctionType)
                and function.__module__ == module.__name__
                and place.startswith(READ)
                and place not in OTHER
                and takes_text(function)
            ):
                found[place] = function
    return found


def needed(function: FunctionType) -> list[inspect.Parameter]:
    parameters = inspect.signature(function).parameters.values()
    return [p for p in parameters if p.default is p.empty and p.kind < p.VAR_KEYWORD
            and p.kind != p.VAR_POSITIONAL]  # fmt: skip


def kind_of(parameter: inspect.Parameter) -> str:
    """The annotation, in short: `date`, `Sequence[str]`."""
    told = inspect.formatannotation(parameter.annotation).strip("'")
    return re.sub(r"\b[a-z_.]+\.", "", told)


def takes_text(function: FunctionType) -> bool:
    annotations = [kind_of(p) for p in needed(function)]
    texts = {"str", "bytes", "Sequence[str]", "Iterable[str]", "list[str]", "tuple[str, ...]",
             "Mapping[str, tuple[str, ...]]", "ParsedMessage"}  # fmt: skip
    return bool(texts & set(annotations)) and set(annotations) <= set(SAMPLES)


def seconds(function: FunctionType, text: str) -> float:
    """The least that a function took for a text, all that it makes taken out of it."""
    best = float("inf")
    for _ in range(2):
        arguments = {p.name: SAMPLES[kind_of(p)](text) for p in needed(function)}
        plain = [p.name for p in needed(function) if p.kind is p.POSITIONAL_ONLY]
        rest = {name: value for name, value in arguments.items() if name not in plain}
        begin = time.thread_time()
        try:
            made = function(*(arguments[name] for name in plain), **rest)
            if inspect.isgenerator(made):
                for _ in made:
                    pass
        except Exception:  # whatever it thinks of the text, it must not think long
            pass
        best = min(best, time.thread_time() - begin)
        if best < FLOOR:
            break
    return best


FUNCTIONS = functions()


def test_the_functions_are_found() -> None:
    assert len(FUNCTIONS) > 200
    assert {"nlp.text.fold.compose", "bot.workflow.tokens.redacted"} <= set(FUNCTIONS)


def test_what_is_listed_exists() -> None:
    assert set(SHORT) <= set(FUNCTIONS)


def slow(name: str, pieces: tuple[str, ...]) -> Iterator[str]:
    """What a function chokes on. Sizes grow, so none hangs."""
    for piece in pieces:
        before = 0.0
        for size in (s for s in SIZES if s <= SHORT.get(name, SIZES[-1])):
            whole, quarter = (
                partial(seconds, FUNCTIONS[name], piece * (length // len(piece)))
                for length in (size, size // 4)
            )
            spent = whole()
            most = MOST if before else 0  # the first size alone takes too long
            if spent > max(FLOOR, most * before) and grows(whole, quarter, floor=FLOOR, most=most):
                yield f"{size} characters of {piece!r}: {spent * 1000:.0f} ms"
                break
            before = spent


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_time_is_linear(name: str) -> None:
    assert list(slow(name, PIECES)) == []


@pytest.mark.soak
@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_time_is_linear_whatever_is_tried(name: str) -> None:
    assert list(slow(name, MORE_PIECES)) == []


def test_what_is_slow_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test can fail: on sorted marks, on an end that is looked for again and again."""

    def sorts(text: str) -> str:
        return unicodedata.normalize("NFC", text)

    def seeks(text: str) -> int:
        return sum(1 for at in range(len(text)) if re.match(r"[^!]*!", text[at:]))

    for function in (sorts, seeks):
        monkeypatch.setitem(FUNCTIONS, "slow", function)
        assert next(slow("slow", PIECES), "")
