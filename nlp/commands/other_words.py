"""A command among words that no grammar knows: given where it is learned that it is, and where
nothing in the text objects."""

import re
from collections.abc import Sequence

from nlp.commands import doubts
from nlp.commands.forms import FormBook, Hit
from nlp.commands.match import Around
from nlp.commands.text import CommandSentence
from nlp.kinds import decision
from nlp.text.fold import fold

MOST = 12  # sentences
_AHEAD = re.compile(r"(?i)\b\w+(?:ré|rá|rán|remos)\b|\bva[ns]? a \w+r\b|\bse \w+rá si\b")
_TOLD = re.compile(r"\b(?:dice|dicen|dijo|pregunt\w+|segun|entiendo)\b")
# Only that no fault was found may be denied before a decision: "no advierto impedimento".
_DENIED = re.compile(
    r"\b(?:no(?! (?:le |les |la |se )?(?:adviert|encuentr|encontr|hall)\w+)|nunca|jamas|tampoco|ni"
    r"|pero|todavia|aun)\b"
)
_TOLD_OF = re.compile(r"(?<=\w)ó\b")  # "la revisó" is no "la reviso"
_OF_AREA = re.compile(
    r"(?i:solicitud|lista|petici[oó]n) de(?: la|l)?((?: (?:de|del|la|y|e|[A-ZÁÉÍÓÚÑ]\w+)){1,8})"
)
_NAME = re.compile(r"[A-ZÁÉÍÓÚÑ]\w{2,}")
_SIGNS = '?¿"“”«»…'
_LEAST = 5  # words beside a command: a few are the grammar's
_OTHER = frozenset({"folio", "email"})


def named(found: Sequence[CommandSentence], book: FormBook) -> tuple[int, Hit] | None:
    """The one command that a text names, and its sentence; None where it names none, or several."""
    hits = [(at, hit) for at, one in enumerate(found[:MOST]) for hit in book.within(one.tokens)]
    firm = [(at, hit) for at, hit in hits if _is_firm(hit)]
    names = {hit.form.command.name for _, hit in firm}
    return firm[0] if len(names) == 1 else None


def _is_firm(hit: Hit) -> bool:
    """Whether it decides, or hands something on; a noun, "nota", may be mere words."""
    words = hit.form.command
    return not (words.aside or hit.form.noun or hit.form.denies) and (
        words.decides or words.argument != "none"
    )


def parts(
    found: Sequence[CommandSentence], at: int, start: int, end: int
) -> tuple[list[str], list[str], list[str]]:
    """The words before a command, behind it, and its own; each sentence begins with its mark."""
    before: list[str] = []
    after: list[str] = []
    cue: list[str] = []
    for number, sentence in enumerate(found[:MOST]):
        mark = found[number - 1].end.strip(".") if number else ""
        (before if number <= at else after).append(f"|{mark}")
        for place, token in enumerate(sentence.tokens):
            if number == at and start <= place < end:
                cue.append(token.key)
                continue
            is_before = number < at or (number == at and place < start)
            (before if is_before else after).append(_key(token.kind, token.key, token.raw))
    if found and found[min(len(found), MOST) - 1].end.strip("."):
        after.append(f"|{found[min(len(found), MOST) - 1].end}")
    return before, after, cue


def _key(kind: str, key: str, raw: str) -> str:
    if kind in _OTHER:
        return kind
    if key.isdigit():
        return "0"
    return "sí" if raw.lower() == "sí" else key


def is_given(found: Sequence[CommandSentence], at: int, hit: Hit) -> bool:
    """Whether it is learned that the command is given."""
    before, after, cue = parts(found, at, hit.start, hit.end)
    if sum(word[0] != "|" for word in (*before, *after)) < _LEAST:
        return False
    words = hit.form.command
    least = decision.LIKELY if words.decides and words.takes_text else decision.SURE
    return decision.odds(before, after, words.name, cue) >= least


def objects(text: str, around: Around) -> bool:
    """Whether something in a text makes a command hang on something, puts it off, takes it back,
    asks about it, tells what somebody else said, or names the request of another area."""
    folded = fold(_TOLD_OF.sub("oo", text))
    areas = (fold(word) for named in _OF_AREA.findall(text) for word in _NAME.findall(named))
    return bool(
        any(sign in text for sign in _SIGNS)
        or doubts.hangs(text)
        or doubts.is_doubtful(folded)
        or _AHEAD.search(text)
        or _TOLD.search(folded)
        or _DENIED.search(folded)
        or any(word not in around.area for word in areas)
    )
