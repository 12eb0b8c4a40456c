"""Bare answers, one a line or one between commas, in the order in which they were asked."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from nlp.fields.values import is_absent
from nlp.kinds.put_off import put_off
from nlp.text.fold import fold, squeeze, trim
from nlp.text.lines import strip_bullet
from nlp.turns.bare import LIKELY, Fit, fit
from nlp.turns.courtesy import without_opening
from nlp.turns.ground import Ground
from nlp.turns.sentences import sentence
from nlp.turns.types import GivenValue, Unclear
from nlp.turns.voice import supposes
from nlp.types import FieldKind

GOOD = LIKELY - 0.1  # of a line that answers by itself
CERTAIN = 2.4  # of a line that can answer nothing else
ANCHORED = 0.8  # of a line among others that all answer, in order
RIVAL = 0.75  # how near a second reading must come to leave it open which is meant
_CLEARLY = 0.5  # by how much another pairing must fit better
_SEVERAL = 4  # lines that keep the order in which they were asked for are sure of it
_FEW_BY_PLACE = 2  # of them may be told by their place alone
_WORDED = frozenset({FieldKind.LONG_TEXT, FieldKind.NAME, FieldKind.TEXT})
_SHORT = 4  # words: a member of a set is told in fewer
_DENIED = re.compile(r"\b(?:no|ni|sin)\b")
_MOST = 60  # lines; what is longer is no list of answers


@dataclass(frozen=True, slots=True)
class Listed:
    """The bare answers of some lines: what they say, what stays unclear, which lines are left."""

    said: tuple[GivenValue, ...] = ()
    unclear: tuple[Unclear, ...] = ()
    left: tuple[int, ...] = ()


def listed(
    texts: Sequence[str], rows: Sequence[int], ground: Ground, asked: Sequence[str]
) -> Listed:
    """What lines answer by themselves, where most of them do or where there is but one.

    What stands between and beside the answers may be prose: that is left.
    """
    lines = _unnumbered([strip_bullet(squeeze(texts[row])) for row in rows])
    lines[:1] = [without_opening(line) for line in lines[:1]]
    if not asked or len(lines) > _MOST:
        return Listed(left=tuple(rows))
    groups = _sets(lines, ground, asked)
    whole = [", ".join(lines[n] for n in group) for group in groups]
    found = _answers(whole, [rows[group[0]] for group in groups], ground, asked)
    left = (rows[n] for group in groups if rows[group[0]] in found.left for n in group)
    return replace(found, left=tuple(left))


def _sets(lines: Sequence[str], ground: Ground, asked: Sequence[str]) -> list[list[int]]:
    """The numbers of the lines, together where neighbours name members of a set that is asked for:
    "alumnos", "docentes"."""
    sets = [ground.form[name] for name in asked if ground.form[name].kind is FieldKind.CHOICES]
    groups: list[list[int]] = []
    last = None
    for number, line in enumerate(lines):
        plain = len(line.split()) < _SHORT and not _DENIED.search(fold(line))
        field = next((f for f in sets if plain and fit(f, line, ground).strength > 0), None)
        if field is not None and field is last:
            groups[-1].append(number)
        else:
            groups.append([number])
        last = field
    return groups


def _answers(
    lines: Sequence[str], rows: Sequence[int], ground: Ground, asked: Sequence[str]
) -> Listed:
    fits = [_fits(line, ground, asked) for line in lines]
    good = [
        max(f.strength for f in row) >= GOOD and _terse(lines[at]) for at, row in enumerate(fits)
    ]
    if len(lines) == 1:
        parts = _in_pieces(lines[0], ground, asked)
        if parts is not None:
            return parts
    if sum(good) * 2 < len(lines):
        return Listed(left=tuple(rows))
    if (whole := _by_place(lines, fits, ground, asked)) is not None:
        return whole
    here = [
        at
        for at, row in enumerate(fits)
        if good[at] or (max(f.strength for f in row) >= ANCHORED and _may_stand(lines[at]))
    ]
    return align([lines[at] for at in here], [fits[at] for at in here], asked, rows, here)


def _by_place(
    lines: Sequence[str], fits: Sequence[Sequence[Fit]], ground: Ground, asked: Sequence[str]
) -> Listed | None:
    """What as many lines as were asked for say, where all but one or two that only their place
    tells answer in order: "la intranet no la usan los alumnos" between a date and a name."""
    if len(lines) != len(asked) or len(lines) < _SEVERAL:
        return None
    pairs = _paired(fits)
    missed = [n for n in range(len(lines)) if n not in pairs]
    in_order = all(row == column for row, column in pairs.items())
    worded = all(ground.form[asked[n]].kind in _WORDED for n in missed)
    if not (in_order and worded and 0 < len(missed) <= _FEW_BY_PLACE):
        return None
    said = [
        GivenValue(name, value, lines[n], sure=0.9)
        for n, at in pairs.items()
        for name, value in fits[n][at].values
    ]
    said += [
        GivenValue(asked[n], trim(lines[n]), lines[n], sure=0.85)
        for n in missed
        if not (is_absent(lines[n]) or put_off(lines[n]))
    ]
    return Listed(tuple(said))


_NUMBERED = re.compile(r"(\d{1,2}) (?=\S)")
_FEWEST = 3  # lines that make a count


def _unnumbered(lines: list[str]) -> list[str]:
    """The lines without the count before them: "1 Centro de Lenguas", "2 Rosa Lima"."""
    counts = [_NUMBERED.match(line) for line in lines]
    numbers = [int(c[1]) for c in counts if c]
    steady = len(numbers) >= _FEWEST and all(b - a == 1 for a, b in pairwise(numbers))
    if not steady or len(numbers) * 4 < len(lines) * 3:
        return lines
    return [line[c.end() :] if c else line for line, c in zip(lines, counts, strict=True)]


def align(
    lines: Sequence[str],
    fits: Sequence[Sequence[Fit]],
    asked: Sequence[str],
    rows: Sequence[int],
    here: Sequence[int],
) -> Listed:
    """Which of the asked fields each line answers.

    The pairing that keeps the order and fits best counts; what is certain by itself may break it.
    A line that could answer several fields, and no order decides, is unclear.
    """
    pairs = _paired(fits)
    anchored = len(pairs) == len(lines) > 1
    said: list[GivenValue] = []
    unclear: list[Unclear] = []
    used: set[int] = set()
    for at, column in sorted(pairs.items()):
        found = fits[at][column]
        rivals = [] if anchored else _rivals(fits[at], column, pairs)
        if found.strength < 1.5 and not anchored:
            continue
        names = tuple(asked[c] for c in sorted([column, *rivals]))
        if rivals and not {name for name, _ in found.values} >= set(names):
            unclear.append(Unclear(squeeze(lines[at]), names))
        else:
            sure = min(0.95, 0.55 + found.strength / 8)
            sure = max(sure, 0.9) if anchored and len(lines) >= _SEVERAL else sure
            said += [GivenValue(name, value, lines[at], sure=sure) for name, value in found.values]
        used.add(rows[here[at]])
    return Listed(tuple(said), tuple(unclear), tuple(row for row in rows if row not in used))


def _fits(line: str, ground: Ground, asked: Sequence[str]) -> list[Fit]:
    """How a line fits each field; by what it says again, where that answers: "…, digamos 320"."""
    again = _RESTATES.split(line)[-1]
    fits = [fit(ground.form[name], line, ground) for name in asked]
    if again == line:
        return fits
    said = [fit(ground.form[name], again, ground) for name in asked]
    return said if max(f.strength for f in said) >= GOOD else fits


_RESTATES = re.compile(
    r",? (?:o sea|es decir|mejor dicho|digamos|(?<!les )(?<!le )(?<!te )digo)\b[,:]? ",
    re.IGNORECASE,
)


def _rivals(fits: Sequence[Fit], column: int, pairs: Mapping[int, int]) -> list[int]:
    """The other fields that a line could answer as well."""
    best = fits[column].strength
    return [
        c
        for c, f in enumerate(fits)
        if c not in pairs.values() and f.strength > 0.5 and abs(f.strength - best) < RIVAL
    ]


def _certain(fits: Sequence[Sequence[Fit]]) -> dict[int, int]:
    """Lines that can answer but one field, which no other line answers as well."""
    found: dict[int, int] = {}
    for row, line in enumerate(fits):
        strong = [c for c, f in enumerate(line) if f.strength >= CERTAIN]
        if len(strong) != 1:
            continue
        column = strong[0]
        others = (f for c, f in enumerate(line) if c != column)
        alike = (other[column] for at, other in enumerate(fits) if at != row)
        if all(f.strength < GOOD for f in (*others, *alike)):
            found[row] = column
    return found


def _paired(fits: Sequence[Sequence[Fit]]) -> dict[int, int]:
    """The field that each line is for. The order that the certain ones keep counts where it fits
    clearly better: "avisos-med, 350, semanal, 7230" ends with what was asked before."""
    certain = _certain(fits)
    freely = certain | _in_order(fits, certain)
    kept = certain | _in_order(fits, certain, crossing=False)
    kept |= _in_order(fits, kept)
    return max(freely, kept, key=lambda p: sum(fits[r][c].strength for r, c in p.items())
               + (_CLEARLY if p is freely else 0.0))  # fmt: skip


def _in_order(
    fits: Sequence[Sequence[Fit]], fixed: Mapping[int, int], *, crossing: bool = True
) -> dict[int, int]:
    """The pairing of the other lines that keeps their order and fits best; `crossing`, though it
    breaks that of the `fixed` ones among them."""
    rows = [r for r in range(len(fits)) if r not in fixed]
    columns = [c for c in range(len(fits[0]) if fits else 0) if c not in fixed.values()]
    best: dict[tuple[int, int], tuple[float, tuple[tuple[int, int], ...]]] = {}
    for i in range(len(rows), -1, -1):
        for j in range(len(columns), -1, -1):
            if i == len(rows) or j == len(columns):
                best[i, j] = (0.0, ())
                continue
            options = [best[i + 1, j], best[i, j + 1]]
            strength = fits[rows[i]][columns[j]].strength
            if strength >= ANCHORED and (crossing or _keeps_order(rows[i], columns[j], fixed)):
                score, pairs = best[i + 1, j + 1]
                options.append((score + strength, ((rows[i], columns[j]), *pairs)))
            best[i, j] = max(options, key=lambda option: option[0])
    return dict(best[0, 0][1])


def _keeps_order(row: int, column: int, fixed: Mapping[int, int]) -> bool:
    return all((row < r) == (column < c) for r, c in fixed.items())


def _in_pieces(line: str, ground: Ground, asked: Sequence[str]) -> Listed | None:
    """One line with several answers, parted by commas: all of them, or none."""
    told = pieces_of(line)
    if not 1 < len(told) < 20 or len(line) > 400:
        return None
    pieces = [", ".join(told[n] for n in group) for group in _sets(told, ground, asked)]
    if len(pieces) < 2:
        return None
    fits = [_fits(piece, ground, asked) for piece in pieces]
    if any(max(f.strength for f in row) < GOOD for row in fits) or supposes(sentence(line)):
        return None
    places = list(range(len(pieces)))
    found = align(pieces, fits, asked, places, places)
    return None if found.left or found.unclear else found


def led(line: str, ground: Ground, asked: Sequence[str]) -> tuple[list[GivenValue], str]:
    """The bare answers that open a line, parted by commas, and the prose that follows them."""
    said: list[GivenValue] = []
    rest, wanted = squeeze(line), list(asked)
    while wanted and len(rest) < 400:
        piece, stop, after = _first_piece(rest)
        if len(_sets([piece, _first_piece(after)[0]], ground, wanted)) == 1:
            break  # "alumnos, docentes": a set is told by all its members
        fits = _fits(piece, ground, wanted) if stop and len(piece.split()) < 7 else []
        strong = [fit for fit in fits if fit.strength >= CERTAIN]
        if len(strong) != 1:
            break
        said += [GivenValue(name, value, piece, sure=0.85) for name, value in strong[0].values]
        wanted = [n for n in wanted if n not in {name for name, _ in strong[0].values}]
        rest = after
    return said, rest


def _first_piece(text: str) -> tuple[str, str, str]:
    match = re.search(r"[,;] |\. (?=\w{4})", text)
    if match is None:
        return text, "", ""
    return text[: match.start()], match[0], text[match.end() :]


def pieces_of(line: str) -> list[str]:
    """The answers of one line, parted by commas, semicolons and a last "y"."""
    parts = re.split(r" ?[,;/|] | ?[<>](?:, )?| y (?=\S+(?: \S+){0,5}$)", line)
    return [p for p in (strip_bullet(part) for part in parts) if p.strip()]


def _terse(line: str) -> bool:
    """Whether a line may be a bare answer: no sentence that tells more."""
    words = len(line.split())
    return words <= 9 or (words <= 45 and not re.search(r"[.;:] ", line))


def _may_stand(line: str) -> bool:
    """Whether a line may stand among answers."""
    return len(line.split()) <= 40 and not line.rstrip().endswith((":", "?"))
