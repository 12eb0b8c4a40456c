"""Every regular expression of the program, how it is used, and texts that might choke it.

Patterns are found as objects (also in lists, tables and closures) and in the source, where they are
written into a call of `re`. What is tried on each is made of its own alphabet and of near-matches:
what backtracks does so on a long run of what it almost accepts.
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
import random
import re
import re._constants as sre
import re._parser as parser
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import bot
import nlp
import replies

PACKAGES = (bot, nlp, replies)
ANCHORED = frozenset({"match", "fullmatch"})
METHODS = ANCHORED | {"search", "sub", "subn", "split", "findall", "finditer"}
_DEPTH = 6  # of tables within tables that hold patterns
_LETTERS = 10


@dataclass(frozen=True, slots=True)
class Use:
    """A pattern and the methods that the program calls of it."""

    name: str
    pattern: re.Pattern[Any]
    methods: frozenset[str] = frozenset({"search"})

    def run(self, text: str | bytes) -> None:
        """What the program does with it, or what costs as much."""
        if "match" in self.methods:
            self.pattern.match(text)
        if "fullmatch" in self.methods:
            self.pattern.fullmatch(text)
        if not self.methods <= ANCHORED:
            for _ in self.pattern.finditer(text):
                pass


def modules() -> list[ModuleType]:
    """All modules of the program; those that run when imported are left out."""
    names = [package.__name__ for package in PACKAGES]
    for package in PACKAGES:
        within = pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
        names += [info.name for info in within]
    left_out = ("__main__", "migrations.env")
    return [importlib.import_module(name) for name in names if not name.endswith(left_out)]


def uses() -> dict[str, Use]:
    """Every pattern once, by the name of the place where it was found first."""
    found: dict[tuple[Any, int], str] = {}
    methods: dict[tuple[Any, int], set[str]] = {}
    for module in modules():
        for name, pattern in _objects(module):
            found.setdefault((pattern.pattern, pattern.flags), name)
        for name, pattern, method in _calls(module):
            key = (pattern.pattern, pattern.flags)
            found.setdefault(key, name)
            methods.setdefault(key, set()).add(method)
    return {
        name: Use(name, re.compile(*key), frozenset(methods.get(key, {"search"})))
        for key, name in found.items()
    }


def not_evaluable() -> set[str]:
    """Where a pattern is made of values that only a call knows: they are to be tried by hand."""
    return {place for module in modules() for place, value in _written(module) if value is None}


def _objects(module: ModuleType) -> Iterator[tuple[str, re.Pattern[Any]]]:
    seen: set[int] = set()
    for name, value in vars(module).items():
        for number, pattern in enumerate(_inside(value, seen, 0)):
            yield f"{module.__name__}.{name}{f'[{number}]' if number else ''}", pattern


def _inside(value: Any, seen: set[int], depth: int) -> Iterator[re.Pattern[Any]]:
    """The patterns that a value is or holds."""
    if isinstance(value, re.Pattern):
        yield value
        return
    if id(value) in seen or depth > _DEPTH or isinstance(value, str | bytes | int | float):
        return
    seen.add(id(value))
    for inner in _members(value):
        yield from _inside(inner, seen, depth + 1)


def _members(value: Any) -> Iterable[Any]:
    if isinstance(value, Mapping):
        return [*value.keys(), *value.values()]
    if isinstance(value, list | tuple | set | frozenset):
        return list(value)
    if type(value).__module__.partition(".")[0] in {p.__name__ for p in PACKAGES}:
        slots = [n for kind in type(value).__mro__ for n in getattr(kind, "__slots__", ())]
        return [getattr(value, n, None) for n in (*slots, *getattr(value, "__dict__", ()))]
    cells = getattr(value, "__closure__", None) or ()
    return [cell.cell_contents for cell in cells if hasattr(cell, "cell_contents")]


def _calls(module: ModuleType) -> Iterator[tuple[str, re.Pattern[Any], str]]:
    """The calls that use a pattern: `re.search("…", …)` and `PATTERN.search(…)`."""
    for place, value in _written(module):
        if value is not None:
            yield place, value[0], value[1]
    for node in ast.walk(_tree(module)):
        if not isinstance(node, ast.Attribute):
            continue
        pattern = _named(node.value, module)
        if isinstance(pattern, re.Pattern):
            method = node.attr if node.attr in METHODS else "search"
            yield f"{module.__name__}.{ast.unparse(node.value)}", pattern, method


def _named(node: ast.expr, module: ModuleType) -> Any:
    """What a name, perhaps within another module, stands for."""
    if isinstance(node, ast.Name):
        return vars(module).get(node.id)
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return getattr(vars(module).get(node.value.id), node.attr, None)
    return None


def _written(module: ModuleType) -> Iterator[tuple[str, tuple[re.Pattern[Any], str] | None]]:
    """The patterns given to functions of `re`, with the function; None where they are not fixed."""
    for node in ast.walk(_tree(module)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        where = node.func.value
        if not (isinstance(where, ast.Name) and where.id == "re") or not node.args:
            continue
        if node.func.attr not in METHODS | {"compile"}:
            continue
        place = f"{module.__name__}:{ast.unparse(node.args[0])[:40]}"
        try:
            pattern = _value(node.args[0], module)
            flags = sum(int(_value(a, module)) for a in _flags(node))
        except NameError:
            yield place, None
            continue
        if not isinstance(pattern, re.Pattern):
            pattern = re.compile(pattern, flags)
        if node.func.attr != "compile":  # what is compiled is found as an object, or in its use
            yield place, (pattern, node.func.attr)


def _flags(node: ast.Call) -> list[ast.expr]:
    given = [*node.args[1:], *(k.value for k in node.keywords if k.arg == "flags")]
    return [a for a in given if ast.unparse(a).startswith("re.")]


def _value(node: ast.expr, module: ModuleType) -> Any:
    return eval(compile(ast.Expression(node), "pattern", "eval"), vars(module))


def _tree(module: ModuleType) -> ast.Module:
    path = getattr(module, "__file__", None)
    return ast.parse(Path(path).read_text(encoding="utf-8") if path else "")


def attacks(pattern: re.Pattern[Any], words: int = 8) -> list[str]:
    """Pieces to repeat: the letters of a pattern, pairs of them, and so many near-matches."""
    parsed = parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE)
    chance = random.Random(repr(pattern.pattern))
    letters = sorted(c for c in _letters(parsed) if not "\ud800" <= c <= "\udfff")
    if isinstance(pattern.pattern, bytes):
        letters = [c for c in letters if c < "\u0100"]
    if len(letters) > _LETTERS:
        letters = [*{" ", "a", "1"}.intersection(letters), *chance.sample(letters, _LETTERS)]
    found = set(letters)
    found |= {chance.choice(letters) + chance.choice(letters) for _ in letters}
    for _ in range(words):
        word = _near(parsed, chance)[:80]
        found |= {word, word[:-1], word + " ", word[: chance.randint(0, len(word))]}
    return sorted(found - {""})


def _letters(parsed: Iterable[Any]) -> set[str]:
    """The characters that a pattern names, some of each class."""
    found: set[str] = set()
    for code, value in parsed:
        if code is sre.LITERAL:
            found.add(chr(value))
        elif code is sre.NOT_LITERAL or code is sre.ANY:
            found |= {"a", " "}
        elif code is sre.CATEGORY:
            found |= set(_CLASSES[value])
        elif code is sre.RANGE:
            found |= {chr(value[0]), chr(value[1])}
        elif code is sre.IN:
            found |= {"a", " "} if value[0][0] is sre.NEGATE else _letters(value)
        else:
            for inner in _within(code, value):
                found |= _letters(inner)
    return found


_CLASSES = {
    sre.CATEGORY_WORD: "aÁ1", sre.CATEGORY_NOT_WORD: "- ", sre.CATEGORY_SPACE: " \n",
    sre.CATEGORY_NOT_SPACE: "a.", sre.CATEGORY_DIGIT: "1", sre.CATEGORY_NOT_DIGIT: "a ",
}  # fmt: skip


def _within(code: Any, value: Any) -> list[Any]:
    """The patterns inside a repetition, group, branch or assertion."""
    if code in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
        return [value[2]]
    if code is sre.SUBPATTERN:
        return [value[3]]
    if code is sre.BRANCH:
        return list(value[1])
    if code is sre.ATOMIC_GROUP:
        return [value]
    return [value[1]] if code in (sre.ASSERT, sre.ASSERT_NOT) else []


def _near(parsed: Iterable[Any], chance: random.Random) -> str:
    """A text that the pattern accepts, but for what its assertions want."""
    pieces = []
    for code, value in parsed:
        if code in (sre.ASSERT, sre.ASSERT_NOT):
            continue
        inner = _within(code, value)
        if code in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            least, most = value[0], int(value[1])
            times = min(most, max(least, chance.choice((0, 1, 1, 3))))
            pieces += [_near(inner[0], chance) for _ in range(times)]
        elif inner:
            pieces.append(_near(chance.choice(inner), chance))
        else:
            pieces.append(chance.choice(sorted(_letters([(code, value)])) or [""]))
    return "".join(pieces)
