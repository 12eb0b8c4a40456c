"""Corrections of the form, and the decision that stands beside them on what they make of it."""

import re
from collections.abc import Sequence
from dataclasses import replace

from nlp.commands.doubts import depends
from nlp.commands.forms import FormBook, Hit, Shape
from nlp.commands.harmless import SO, is_only_courtesy
from nlp.commands.lexicon import PRAISE
from nlp.commands.match import Around, is_pause
from nlp.commands.openings import Openings
from nlp.commands.text import PEEK, CommandSentence, CommandToken, sentences
from nlp.text.fold import fold

_LINE = re.compile(r"[ \t]*(?:[-•*–][ \t]*)?(?P<said>[^\W\d_][^:?¿!\n]{1,45}:[^\n?¿]*\w[^\n?¿]*)$")
# "Aprobada con esos cambios": of what stands in lines of its own, it is no condition.
_SO = re.compile(
    r"(?<![ ,])[ ,]{1,2}(?:(?:ya )?con (?:l[ao]s?|el|est[aeo]s?|es[aeo]s?|dich[ao]s?) "
    r"(?:siguientes? )?(?:cambios?|ajustes?|correccion(?:es)?|modificacion(?:es)?|datos?)"
    r"(?: (?:ya )?(?:hech[ao]s|aplicad[ao]s|de arriba|anteriores|indicad[ao]s|de abajo))?|asi"
    r"|ya corregid[ao]|con eso)$"
)


_IN_ORDER = frozenset(("si", "ok", "revisado", "revisada", "revisados", "revisadas", "esta", "muy"))


def corrections_first(text: str, openings: Openings) -> str:
    """A text whose lines "Frecuencia: quincenal" stand as corrections, by the word for these,
    before the decision "Aprobada con esos cambios", or "APROBAR" below them; any other as it is.
    """
    word = next((c.words[0] for c in openings.book.commands if c.prepares and c.words), "")
    lines = text[:PEEK].split("\n")
    if not word or len(lines) < 2:
        return text
    for at, line in enumerate(lines):
        so = _SO.search(fold(line).rstrip(" .:"))
        decision = _decision_of(line[: so.start()] if so else line, openings)
        if not decision:
            continue
        told = [n for n, one in enumerate(lines) if n != at and one.strip()]
        opening = {n for n in told if _opens(lines[n], openings)}
        # Below a plain decision stands a signature.
        bare = [n for n in told if n not in opening and _gives_value(lines[n]) and (n < at or so)]
        first = [n for n in told if n < at]
        if not (bare or opening & {*first}) or {*first} - {*bare, *opening}:
            return text
        before = [lines[n] for n in first if n in opening and not _only_opens(lines[n], openings)]
        called = [f"{word}: {lines[n].strip(' -•*–')}" for n in bare]
        rest = [lines[n] for n in range(at + 1, len(lines)) if n not in bare]
        return "\n".join([*before, *called, decision, *rest]) + text[PEEK:]
    return text


def _gives_value(line: str) -> bool:
    """Whether a line corrects: "Frecuencia: quincenal"; "Vigencia: bien" only finds it in order."""
    found = _LINE.match(line)
    said = {*fold(line.partition(":")[2]).strip(" .!").split()} if found else set()
    return bool(said) and not said <= PRAISE | _IN_ORDER


def _opens(line: str, openings: Openings) -> bool:
    """Whether a line opens with a command."""
    found = sentences(line)
    return bool(found) and openings.opening(found[0]) is not None


def _only_opens(line: str, openings: Openings) -> bool:
    """Whether a line only announces what stands below: "Corrijo:"."""
    found = sentences(line)
    hit = openings.opening(found[0]) if len(found) == 1 else None
    return hit is not None and all(is_pause(token) for token in found[0].tokens[hit.end :])


def _decision_of(line: str, openings: Openings) -> str:
    """A line from the decision on that it gives without reasons, perhaps behind "con eso"."""
    found = sentences(line)
    if len(found) != 1:
        return ""
    hit = openings.opening(found[0])
    if hit is not None and openings.closes(found[0], hit.start):
        return line
    cut = _decision_from(found[0], 0, openings)
    return line[found[0].tokens[cut].start :] if cut is not None else ""


def decision_apart(text: str, openings: Openings) -> str:
    """A text with a line of its own for the decision that closes a correction's sentence, or
    stands right behind it: "Corregir la frecuencia a mensual y aprobar"; any other as it is."""
    found = sentences(text[:PEEK])
    for at, sentence in enumerate(found):
        if not openings.book.may_prepare(sentence.tokens):
            continue
        hit = openings.opening(sentence)
        if hit is None or not hit.form.command.prepares:
            continue
        tokens = sentence.tokens
        ends = [n for n in range(hit.end + 2, len(tokens)) if tokens[n - 1].key in ("y", ",")]
        for end in ends:
            before = text[: tokens[end - 1].start].rstrip(" ,")
            cut = _decision_from(sentence, end, openings)
            if cut is not None and not _is_put_off(before):
                return f"{before}\n\n{text[tokens[cut].start :]}"
        told = (s for s in found[at + 1 :] if not is_only_courtesy(s, openings.around))
        if following := next(told, None):
            cut = _decision_from(following, 0, openings)
            if cut is not None and (cut or not following.line):
                return f"{text[: sentence.stop]}\n\n{text[following.tokens[cut].start :]}"
    return text


def _decision_from(sentence: CommandSentence, at: int, openings: Openings) -> int | None:
    """Where a decision on a correction stands: there, or behind "con eso"."""
    for n in sorted(SO.reach(sentence.tokens, at, openings.around)):
        behind = replace(sentence, tokens=sentence.tokens[n:])
        if openings.closes(sentence, n) or (n > at and openings.only_decides(behind)):
            return n
    return None


# "…, y cuando me confirmen, la apruebo" decides nothing yet.
_PUT_OFF = re.compile(
    r"(?:[,;.] ?|\by )(?:pero |y |ya )?,? ?(?:cuando|luego|despues|apenas|al|mientras|en lo que"
    r"|en tanto|primero|antes|previ\w+)\b"
)


def _is_put_off(value: str) -> bool:
    """Whether a correction, up to the decision behind it, makes that wait for something."""
    return depends(value) or _PUT_OFF.search(fold(value)) is not None


def goes_on_to_decide(forms: FormBook, found: Sequence[CommandSentence], start: int) -> bool:
    """Whether the text of a correction, from token `start` of its first sentence, decides besides:
    "…, y luego la apruebo"; what people approve who are no office may be the value itself."""
    for number, sentence in enumerate(found):
        tokens = sentence.tokens
        for hit in forms.within(tokens[start if number == 0 else 0 :]):
            if hit.form.command.decides and not hit.form.noun:
                rest = tokens[start:] if number == 0 else tokens
                if _is_own(rest, hit) or _behind_so(rest, hit):
                    return True
    return False


def _is_own(tokens: Sequence[CommandToken], hit: Hit) -> bool:
    """Whether the writer says it of the request: "la apruebo", "autorizamos", "apruébala"."""
    first, last = tokens[hit.start].key, tokens[hit.end - 1].key
    if hit.form.shape is Shape.COMMAND:
        return last.endswith(("la", "lo"))
    said = last.endswith("o") and not last.endswith(("ado", "ido"))
    return first in ("la", "lo", "se", "doy", "damos") or said or last.endswith("mos")


def _behind_so(tokens: Sequence[CommandToken], hit: Hit) -> bool:
    return any(
        hit.start in SO.reach(tokens, at, Around()) - {at} for at in range(hit.start)
        if any(True for _ in SO.ends(tokens, at, Around()))
    )  # fmt: skip
