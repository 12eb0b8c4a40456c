"""The command that somebody probably meant, where a reply gives none: by meaning, then by sound."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rapidfuzz import fuzz, process

from bot.workflow.commands.registry import CommandSpec, lines
from bot.workflow.notifications.mails import CommandHint
from nlp.commands.text import clean, sentences, sound
from nlp.text.fold import fold, words

NEAR = 74.0
SHORTEST = 4  # letters; shorter words resemble everything
_READ = 400  # characters
_ASKED = 300  # characters of a question that is offered to be sent


def meant(text: str, may: Sequence[CommandSpec], colleague: str = "") -> CommandHint | None:
    """The command of those that the writer `may` give that their words come nearest to.

    Where it needs somebody, the address of the one `colleague` that they name goes with it, or,
    where more is to be told, their words. A question is offered as one to the requester; what
    people say instead of a command, and the word of one that stands anywhere, as that command;
    last, one that the first word sounds like.
    """
    row = _asks(text, may) or _says(text, may) or _names(text, may) or _like(text, may)
    if row is None:
        return None
    hint = lines([row])[0]
    if row.argument == "address" and not row.kind:
        return replace(hint, argument=colleague)
    if row.argument == "any":
        return replace(hint, argument=" ".join(text.split())[:_ASKED])
    return replace(hint, argument=_question(text)) if row.takes_questions else hint


def _asks(text: str, may: Sequence[CommandSpec]) -> CommandSpec | None:
    asked = _question(text)
    return next((row for row in may if row.takes_questions), None) if asked else None


def _question(text: str) -> str:
    """The questions of a text, as written."""
    read = clean(text[:_READ])
    asked = [s for s in sentences(read) if s.asks]
    if not asked:
        return ""
    opened = next((t.start for t in asked[0].tokens if t.key == "¿"), asked[0].start)
    return read[opened : asked[-1].stop + 1].strip()[:_ASKED]


def _says(text: str, may: Sequence[CommandSpec]) -> CommandSpec | None:
    """What people say for it: "adelante" at the head of a sentence, or a saying anywhere."""
    for sentence in sentences(clean(text[:_READ])):
        said = " ".join(t.key for t in sentence.tokens if t.kind == "word") + " "
        for row in may:
            if any(
                f" {w} " in f" {said}" if " " in w else said.startswith(f"{w} ") for w in row.likely
            ):
                return row
    return None


def _names(text: str, may: Sequence[CommandSpec]) -> CommandSpec | None:
    """The command whose verb stands anywhere: "no sé si aprobarla"."""
    for word in words(fold(text[:_READ])):
        for row in may:
            roots = (r for v in row.verbs for r in (v.partition("/")[0][:-2], v.partition("/")[2]))
            if any(root and word.startswith(root) for root in roots):
                return row
    return None


def _like(text: str, may: Sequence[CommandSpec]) -> CommandSpec | None:
    first = next(iter(words(fold(text[:200]))), "")
    if len(first) < SHORTEST:
        return None
    heard = {
        sound(word): row
        for row in may
        for word in (row.says.lower(), *row.words, *(v.partition("/")[0] for v in row.verbs))
        if " " not in word
    }
    near = process.extractOne(sound(first), list(heard), scorer=fuzz.ratio, score_cutoff=NEAR)
    return heard[near[0]] if near else None
