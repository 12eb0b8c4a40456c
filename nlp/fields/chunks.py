"""Phrases that a value of a kind may fill, by the grammar of Spanish and English alone.

The tagger knows the words it has seen; these are there for those that it has not: a person's name
in its capitals, the proper name of an office, what somebody is, beside their name, a clause.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from nlp.fields.lexicon import is_title
from nlp.fields.tagger import Names
from nlp.text.fold import word_set
from nlp.text.tokens import Token
from nlp.types import FieldKind

Chunk = tuple[str, int, int]  # kind, first and last token

KINDS = {
    "person": (FieldKind.NAME,),
    "phrase": (FieldKind.TEXT,),
    "post": (FieldKind.TEXT,),
    "clause": (FieldKind.LONG_TEXT,),
}
_JOINS = word_set("de del la las los el y e en para of the and & for a al d")
_OF_NAMES = word_set("de del la las los y")
_ARTICLES = word_set("la el un una mi su nuestra nuestro the our my soy es as q que")
_THE = word_set("el la los las the")
_QUOTES = '"“”«»'
_STOPS = frozenset('.;!?\n()[]|:/•·*¿¡"“”')
_OPENS = word_set(
    "para pa p porque pues que q xq pq ya to because since so por es sea serian sirve objetivo"
)
_LONGEST = 8  # words of a phrase
_LONGEST_CLAUSE, _MOST_CLAUSES = 45, 6


def chunks_in(tokens: Sequence[Token], names: Names) -> Iterator[Chunk]:
    """The names, the proper names and what stands beside a name; clauses are asked for apart."""
    persons = list(_persons(tokens, names))
    for first, last in persons:
        yield "person", first, last
    for first, last in persons:
        yield from _posts(tokens, first, last)
    yield from _phrases(tokens)


def _persons(tokens: Sequence[Token], names: Names) -> Iterator[tuple[int, int]]:
    """Runs of two or more words, one of them known as a name, the others written as one."""
    at = 0
    while at < len(tokens):
        end, known, last = at, 0, at - 1
        while end < len(tokens) and end - at < _LONGEST:
            token = tokens[end]
            written = token.text[0].isupper() and token.folded.isalpha()
            is_known = bool(names.kind(token.folded)) or (written and is_title(token.folded))
            if is_known or written:
                known += is_known
                last = end
            elif token.folded not in _OF_NAMES or end == at:
                break
            end += 1
        if known and last > at:
            yield at, last
        at = max(end, at + 1)


def _phrases(tokens: Sequence[Token]) -> Iterator[Chunk]:
    """Words with capitals, joined by small ones; also without what "y" adds, and with quotes."""
    at = 0
    while at < len(tokens):
        if not tokens[at].text[0].isupper():
            at += 1
            continue
        last, ends, starts = at, list[int](), [at]
        end = at + 1
        while end < len(tokens) and end - at < _LONGEST + 4:
            token = tokens[end]
            if token.text[0].isupper():
                if tokens[end - 1].folded in _THE:
                    starts.append(end)
                last = end
            elif token.folded in ("y", "e", "and"):
                ends.append(last)
            elif token.folded not in _JOINS:
                break
            end += 1
        if last + 3 < len(tokens) and tokens[last + 1].text in _QUOTES:
            close = (n for n in range(last + 2, min(last + 8, len(tokens))))
            ends += [n for n in close if tokens[n].text in _QUOTES][:1]
        for start in starts:
            for stop in sorted({*ends, last}):
                if start <= stop:
                    yield "phrase", start, stop
        at = last + 1


def _posts(tokens: Sequence[Token], first: int, last: int) -> Iterator[Chunk]:
    """What is said of a person: ", jefa de Becas", "(Program Manager)", "la coordinadora …"."""
    at = last + 1
    while at < len(tokens) and at <= last + 4 and (
        tokens[at].text in ",(-–—" or tokens[at].folded in _ARTICLES
        or tokens[at].folded in ("quien", "ella", "she", "he", "s", "'")
    ):  # fmt: skip
        at += 1
    if last + 1 < at < len(tokens):
        end = at
        while end < len(tokens) and end - at < _LONGEST and tokens[end].text not in _STOPS:
            if tokens[end].text == ",":
                break
            end += 1
        if end > at:
            yield "post", at, end - 1
            cut = next(
                (n for n in range(at + 1, end) if tokens[n].folded in ("y", "que", "con")), 0
            )
            if cut:
                yield "post", at, cut - 1
    low = max(0, first - _LONGEST - 3)
    end = first - 1
    while end >= low and (tokens[end].text in ".," or tokens[end].folded in _TITLES):
        end -= 1
    for at in range(end - 1, low - 1, -1):
        if tokens[at].text in _STOPS:
            break
        if tokens[at].folded in _ARTICLES:
            yield "post", at + 1, end
            break


_TITLES = word_set(
    "dr dra lic mtro mtra ing arq srita sr sra prof profe maestra maestro mr ms la el cp"
)


def clauses_in(tokens: Sequence[Token], odds: Sequence[float]) -> list[Chunk]:
    """The clauses that gather most of a field's odds, between the borders that grammar draws."""
    found: list[tuple[float, int, int]] = []
    tokens = tokens[: len(odds)]
    sums = [0.0]
    for one in odds:
        sums.append(sums[-1] + one)
    begin = 0
    while begin < len(tokens):
        end = begin
        while end < len(tokens) and tokens[end].text not in ".;!?\n":
            end += 1
        if end - begin > 1 and sums[end] - sums[begin] >= 0.3:
            starts = [begin] + [
                n + 1 for n in range(begin, end - 1)
                if tokens[n].folded in _OPENS or tokens[n].text in ",:(-–—"
            ]  # fmt: skip
            ends = [end] + [n for n in range(begin + 1, end) if tokens[n].text in ",()-–—"]
            ends.sort()
            for start in starts:
                low = bisect_left(ends, start + 2)
                for stop in ends[low : bisect_right(ends, start + _LONGEST_CLAUSE)]:
                    gain = sums[stop] - sums[start]
                    found.append((gain - 0.15 * (stop - start), start, stop - 1))
        begin = end + 1
    found.sort(reverse=True)
    return [("clause", first, last) for _, first, last in found[:_MOST_CLAUSES]]
