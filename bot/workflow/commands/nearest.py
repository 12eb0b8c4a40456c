"""The command that somebody probably meant, where the first word of a reply is none."""

from __future__ import annotations

from rapidfuzz import fuzz, process

from bot.workflow.commands.registry import table
from bot.workflow.organization import Organization
from nlp.commands.text import sound
from nlp.text.fold import words

NEAR = 74.0
SHORTEST = 4  # letters; shorter words resemble everything


def meant(organization: Organization, text: str) -> str:
    """The command whose word resembles the first one of a text; empty where none does.

    A word that is a command's own is not guessed at: what made it unclear is told instead.
    """
    first = next(iter(words(text[:200])), "")
    if len(first) < SHORTEST:
        return ""
    known = {
        word: s.says
        for s in table(organization)
        for word in (s.says.lower(), *s.words, *(v.partition("/")[0] for v in s.verbs))
        if " " not in word
    }
    if first in known:
        return ""
    heard = {sound(word): says for word, says in known.items()}
    near = process.extractOne(sound(first), list(heard), scorer=fuzz.ratio, score_cutoff=NEAR)
    return heard[near[0]] if near else ""
