"""Whether a run of words is made of known phrases only: one pass over a trie; and short names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from nlp.commands.lexicon import DOUBT, FIRST_NAMES
from nlp.commands.text import CommandToken, sound

_ATOM = re.compile(r"\(|\)|\[|\]|\||[^\s()\[\]|]+")
_POSITIVE_SIGNS = frozenset("☀☑☕☺✅✔✨❤⭐👌👍👏💐💪💓💕💖💗💙💚💛💜😀😁😃😄😉😊😍🙂🙌🙏🤗🤝🥰🥳🧡")
_PAUSES = frozenset("\"'()*,-/:=>[]_|¡«·»–—“”•")


@dataclass(frozen=True, slots=True)
class Around:
    """What the mail itself makes known: words of its subject, names in its signature and in From,
    and the initials of its writer; the names of whom the notice below tells that they ask; the
    things that may be decided on; and whether the mail is read on trust, where what stands beside
    an order need only likely be a comment."""

    area: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    initials: str = ""
    requester: frozenset[str] = frozenset()
    things: frozenset[str] = frozenset()
    on_trust: bool = False


@dataclass(slots=True, eq=False)
class _Node:
    """A place within phrases: where each word that may come next leads, and whether one ends."""

    next: dict[str, list[_Node]] = field(default_factory=dict)
    ends: bool = False


class PhraseBook:
    """A set of phrases, made a graph of words when first asked: most commands read no command.

    Its size is that of the patterns as written, not that of their wordings: `[a] [b] [c]` has
    three words and eight wordings.
    """

    def __init__(self, patterns: Iterable[str]) -> None:
        self._patterns = tuple(patterns)

    @cached_property
    def _root(self) -> _Node:
        root = _Node()
        for pattern in self._patterns:
            atoms = _ATOM.findall(pattern)
            last, at = _lay(atoms, 0, [root])
            if at != len(atoms):
                raise ValueError(f"unbalanced pattern: {pattern}")
            for node in last:
                node.ends = node is not root
        return root

    def ends(self, tokens: Sequence[CommandToken], start: int, around: Around) -> Iterator[int]:
        """Where phrases that start at a token end."""
        nodes = [self._root]
        for at in range(start, len(tokens)):
            keys = _slots(tokens[at], around)
            nodes = _each_once(to for n in nodes for k in keys for to in n.next.get(k, ()))
            if not nodes:
                return
            if any(n.ends for n in nodes):
                yield at + 1

    def covers(self, tokens: Sequence[CommandToken], start: int, around: Around) -> bool:
        """Whether phrases and pauses make up all tokens from `start` on."""
        return len(tokens) in self.reach(tokens, start, around)

    def reach(self, tokens: Sequence[CommandToken], start: int, around: Around) -> set[int]:
        """Every place that phrases and pauses lead to from `start`."""
        reached, todo = {start}, [start]
        while todo:
            at = todo.pop()
            if at >= len(tokens):
                continue
            ends = [at + 1] if is_pause(tokens[at]) else self.ends(tokens, at, around)
            for end in ends:
                if end not in reached:
                    reached.add(end)
                    todo.append(end)
        return reached


def is_pause(token: CommandToken) -> bool:
    """A sign that parts words and says nothing."""
    return token.kind in ("sign", "breaks") and (
        token.key in _PAUSES
        or token.key in _POSITIVE_SIGNS
        or token.kind == "breaks"
        or "\U0001f300" <= token.key <= "\U0001f3ff"  # flowers, feasts, tones of skin
    )


def is_name(token: CommandToken, around: Around) -> bool:
    """A word that is known to be a person's name, or the initial of one."""
    if not token.is_capital or token.key in DOUBT:
        return False
    if len(token.raw) == 1:
        return True
    signed = len(token.raw) < 4 and token.raw.isupper() and token.key in around.initials
    return signed or token.key in FIRST_NAMES or token.key in around.names


def _slots(token: CommandToken, around: Around) -> list[str]:
    if token.kind != "word":
        return [f"<{token.kind}>"]
    keys = [sound(token.key)]
    if token.key.isdigit():
        keys.append("<num>")
    if token.key in around.things:
        keys.append("<thing>")
    if token.key in around.requester:
        keys.append("<requester>")
    if token.is_capital:
        if token.key not in DOUBT:
            keys.append("<capital>")
        if is_name(token, around):
            keys.append("<name>")
        if token.key in around.area:
            keys.append("<area>")
    return keys


def _lay(atoms: Sequence[str], at: int, start: list[_Node]) -> tuple[list[_Node], int]:
    """Lays a choice (`a b|c`) from some places on, up to the bracket that ends it: the places that
    it leads to, and where the bracket stands."""
    ends: list[_Node] = []
    here = start
    while at < len(atoms) and atoms[at] not in ")]":
        atom = atoms[at]
        at += 1
        if atom == "|":
            ends, here = [*ends, *here], start
        elif atom in "([":
            inner, at = _lay(atoms, at, here)
            at += 1
            here = _each_once([*here, *inner]) if atom == "[" else inner
        else:
            node = _Node()
            for place in here:
                place.next.setdefault(atom if atom[0] == "<" else sound(atom), []).append(node)
            here = [node]
    return _each_once([*ends, *here]), at


def _each_once(nodes: Iterable[_Node]) -> list[_Node]:
    return list(dict.fromkeys(nodes))
