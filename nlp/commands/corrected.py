"""Corrections as bare lines of the form, and the decision on what they make of it."""

from __future__ import annotations

import re
from collections.abc import Callable

from nlp.text.fold import fold

_LINE = re.compile(r"[ \t]*(?:[-•*–][ \t]*)?(?P<said>[^\W\d_][^:?¿!\n]{1,45}:[^\n?¿]*\w[^\n?¿]*)$")
# "Aprobada con esos cambios": of what stands in lines of its own, it is no condition.
_SO = re.compile(
    r"(?<![ ,])[ ,]{1,2}(?:(?:ya )?con (?:l[ao]s |est[ao]s |es[ao]s |dich[ao]s )(?:siguientes )?"
    r"(?:cambios|ajustes|correcciones|modificaciones|datos)"
    r"(?: (?:ya )?(?:hech[ao]s|aplicad[ao]s|de arriba|anteriores|indicad[ao]s|de abajo))?|asi"
    r"|ya corregid[ao]|con eso)$"
)


def corrections_first(text: str, word: str, opens: Callable[[str], bool],
                      decides: Callable[[str], bool]) -> str:  # fmt: skip
    """A text whose lines "Frecuencia: quincenal" stand as corrections, by their `word`, before the
    decision "Aprobada con esos cambios"; any other as it is.

    `opens` tells whether a line opens with a command, `decides` whether it is a decision alone.
    """
    lines = text.split("\n")
    for at, line in enumerate(lines):
        so = _SO.search(fold(line).rstrip(" .:"))
        if so is None or not decides(line[: so.start()]):
            continue
        told = [n for n, one in enumerate(lines) if n != at and one.strip()]
        bare = [n for n in told if _LINE.match(lines[n]) and not opens(lines[n])]
        opening = [n for n in told if n < at and opens(lines[n])]
        if not (bare or opening) or any(n < at for n in set(told) - {*bare, *opening}):
            return text
        first = [f"{word}: {lines[n].strip(' -•*–')}" for n in bare]
        rest = [lines[n] for n in range(at + 1, len(lines)) if n not in bare]
        before = [lines[n] for n in opening]
        return "\n".join([*before, *first, line[: so.start()], *rest])
    return text
