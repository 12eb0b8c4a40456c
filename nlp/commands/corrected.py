"""Corrections as bare lines of the form, and the decision on what they make of it."""

import re
from collections.abc import Callable, Sequence

from nlp.commands.doubts import depends
from nlp.commands.forms import FormBook, Hit, Shape
from nlp.commands.harmless import SO
from nlp.commands.match import Around
from nlp.commands.text import CommandSentence, CommandToken
from nlp.text.fold import fold

_LINE = re.compile(r"[ \t]*(?:[-•*–][ \t]*)?(?P<said>[^\W\d_][^:?¿!\n]{1,45}:[^\n?¿]*\w[^\n?¿]*)$")
# "Aprobada con esos cambios": of what stands in lines of its own, it is no condition.
_SO = re.compile(
    r"(?<![ ,])[ ,]{1,2}(?:(?:ya )?con (?:l[ao]s?|el|est[aeo]s?|es[aeo]s?|dich[ao]s?) "
    r"(?:siguientes? )?(?:cambios?|ajustes?|correccion(?:es)?|modificacion(?:es)?|datos?)"
    r"(?: (?:ya )?(?:hech[ao]s|aplicad[ao]s|de arriba|anteriores|indicad[ao]s|de abajo))?|asi"
    r"|ya corregid[ao]|con eso)$"
)


def corrections_first(text: str, word: str, opens: Callable[[str], bool],
                      decides: Callable[[str], str]) -> str:  # fmt: skip
    """A text whose lines "Frecuencia: quincenal" stand as corrections, by their `word`, before the
    decision "Aprobada con esos cambios", or "APROBAR" below them; any other as it is.

    `opens` tells whether a line opens with a command, `decides` the decision that it is alone.
    """
    lines = text.split("\n")
    for at, line in enumerate(lines):
        so = _SO.search(fold(line).rstrip(" .:"))
        decision = decides(line[: so.start()] if so else line)
        if not decision:
            continue
        told = [n for n, one in enumerate(lines) if n != at and one.strip()]
        bare = [n for n in told if _LINE.match(lines[n]) and not opens(lines[n])]
        bare = [n for n in bare if n < at or so]  # below a plain decision stands a signature
        opening = [n for n in told if n < at and opens(lines[n])]
        if not (bare or opening) or any(n < at for n in set(told) - {*bare, *opening}):
            return text
        first = [f"{word}: {lines[n].strip(' -•*–')}" for n in bare]
        rest = [lines[n] for n in range(at + 1, len(lines)) if n not in bare]
        before = [lines[n] for n in opening]
        return "\n".join([*before, *first, decision, *rest])
    return text


# "…, y cuando me confirmen, la apruebo" decides nothing yet.
_PUT_OFF = re.compile(
    r"(?:[,;.] ?|\by )(?:pero |y |ya )?,? ?(?:cuando|luego|despues|apenas|al|mientras|en lo que"
    r"|en tanto|primero|antes|previ\w+)\b"
)


def is_put_off(value: str) -> bool:
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
