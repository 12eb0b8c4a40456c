"""Which case a command names: its folio, or the number of it behind the command."""

from __future__ import annotations

import re

from nlp.commands.text import CommandSentence
from nlp.types import BlockKind, CommandGrammar, Message

FOLIO = re.compile(r"(?<![A-Za-z0-9-])[A-Za-z]{1,8}-20\d\d-\d{4,9}(?![0-9A-Za-z])")
_FOLIO_DIGITS = 9
_NAMES_A_CASE = frozenset(("folio", "solicitud", "caso", "tramite"))
_BETWEEN = frozenset(("la", "el", "lo", "de", "del", "con", "no", "num", "numero", "#", ".", ","))


def first_folio(message: Message) -> str:
    found = FOLIO.search(message.subject[:500])
    return found[0] if found else ""


def threads_disagree(message: Message, folio: str) -> bool:
    """Whether what is quoted cites folios, but not the one of this thread."""
    if not folio:
        return False
    quoted = " ".join(b.text[:5_000] for b in message.blocks if b.kind is BlockKind.QUOTE)[:20_000]
    cited = {f.upper() for f in FOLIO.findall(quoted)}
    in_subject = {f.upper() for f in FOLIO.findall(message.subject[:500])}
    return any(known and folio.upper() not in known for known in (cited, in_subject))


def short_folio(sentence: CommandSentence, words: CommandGrammar) -> int | None:
    """The number of a case named right behind the command: "rechazar la 0040", "la solicitud 40".

    A bare number counts only with the zeros that folios have in front.
    """
    stems = tuple(verb.partition("/")[0][:-2] for verb in words.verbs) + words.words
    behind, named = False, False
    for token in sentence.tokens[:9]:
        digits = token.raw if token.raw.isascii() and token.raw.isdigit() else ""
        if behind and digits and (named or digits.startswith("0")) and len(digits) <= _FOLIO_DIGITS:
            return int(digits)
        if behind and token.key in _NAMES_A_CASE:
            named = True
        elif token.key.startswith(stems):
            behind, named = True, False
        elif not (behind and token.key in _BETWEEN):
            behind = False
    return None


def names_folio(sentence: CommandSentence) -> bool:
    """Whether the folio stands right behind the command, and so is what is decided on."""
    return any(t.kind == "folio" for t in sentence.tokens[:5])
