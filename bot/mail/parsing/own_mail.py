"""Our own mail, known by its text where no mark and no line says that it is quoted."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from bot.mail.parsing.attributions import MOMENT, WROTE
from bot.mail.parsing.header_blocks import label_role
from bot.mail.parsing.layout import Layout
from bot.mail.parsing.lines import TextLine
from bot.mail.parsing.openings import opening
from nlp.text.fold import fold, letters
from nlp.text.folios import LIKE_FOLIO

_TELLING = 30  # letters of a line that is ours wherever it stands
_LABEL = 8  # letters of a line that goes on with our mail below what was typed between
_BETWEEN = 3  # lines that may be typed there
_WROTE = 120  # characters of "… escribió:"
_ABOVE = 4  # lines over which somebody's program may introduce our mail in a way that nobody knows
# Another sign than ">" before quoted lines: "| ", "} ", "- ", "CI> ", "&gt; ".
_SIGN = re.compile(r"([A-Za-z]{1,3}[>|]|&gt;|\*>|[^\w\s\"']|\t)(?:[ \t]?\1){0,3}[ \t]?")
# What differs from mail to mail, or is changed on the way: links, folios, who is greeted, marks.
_VARYING = re.compile(
    rf"^[ \t|>:*]{{0,9}}Hola, .{{1,80}}?:(?:$|[ \t])|[<\[(]?https?://[^\s<>\]]{{1,2000}}[>\])]?|\b{LIKE_FOLIO}\b",
    re.MULTILINE,
)


@lru_cache(maxsize=64)
def keys(texts: tuple[str, ...]) -> tuple[str, ...]:
    """The letters of a mail of ours, in each of its forms: what programs keep of it."""
    return tuple(found for text in texts if (found := letters(_VARYING.sub("", text))))


def marked(lines: Sequence[TextLine], layout: Layout) -> Sequence[TextLine]:
    """The lines, those of our mail a level deeper that a program marked with a sign that no
    standard knows; who begins their own lines with that sign typed them all the same."""
    signs = [_SIGN.match(line.text) for line in lines]
    often = Counter(sign[1] for sign in signs if sign)
    if not often or not layout.answered:
        return lines
    sign = max(often, key=often.__getitem__)
    bare = {n: lines[n].text[s.end() :] for n, s in enumerate(signs) if s and s[1] == sign}
    read = [_VARYING.sub("", bare.get(n, line.text)) for n, line in enumerate(lines)]
    # Where lines were joined that a program broke, the sign stands within, too.
    told = [letters(t.replace(sign, "") if n in bare else t) for n, t in enumerate(read)]
    ours = {n for mail in layout.answered for n in _repeated(told, mail)}
    known = {n for n, text in bare.items() if n in ours or not told[n]}
    if 2 * len(known & ours) <= len([n for n in ours if told[n]]):
        return lines
    deeper = {n: replace(lines[n], text=bare[n], level=lines[n].level + 1) for n in known}
    return [deeper.get(n, line) for n, line in enumerate(lines)]


def recognised(lines: Sequence[TextLine], layout: Layout) -> Sequence[TextLine]:
    """The lines, with those that repeat the mail that is answered marked as copied.

    Lines that tell enough by themselves are anchors; from each on, upward and downward, what
    follows it in our mail as well is ours, too. So an answer that happens to read like a line of
    ours ("APROBAR") stays an answer.
    """
    ours = layout.answered + layout.printed
    if not ours or all(line.level for line in lines):
        return lines
    told = [letters(_VARYING.sub("", line.text)) for line in lines]
    found = {number for mail in ours for number in _repeated(told, mail)}
    found -= _sent_again(lines, told, found, ours)
    marked = [
        replace(line, copied=True) if n in found and line.text.strip() else line
        for n, line in enumerate(lines)
    ]
    return _introduced(marked, layout) if found else lines


def _repeated(told: Sequence[str], mail: str) -> set[int]:
    """The lines that repeat one form of our mail."""
    found: set[int] = set()
    for number, text in enumerate(told):
        if number not in found and len(text) >= _TELLING and (at := _place(mail, text)) >= 0:
            found |= {number, *_follow(told, number, mail, at + len(text))}
            found.update(_lead(told, number, mail, at))
    return found


def _place(mail: str, text: str) -> int:
    """Where a line stands in our mail, -1 where it does not: 320 is no 3200."""
    at = mail.find(text)
    while at >= 0 and text[-1].isdigit() and mail[at + len(text) : at + len(text) + 1].isdigit():
        at = mail.find(text, at + 1)
    return at


def _sent_again(
    lines: Sequence[TextLine], told: Sequence[str], found: set[int], answered: Sequence[str]
) -> set[int]:
    """The lines on top that somebody typed as our mail has them: a command that it offered.

    So they are read where the quote below has them once more, or where nothing else is new. Our
    mail itself, quoted without a mark, begins with its beginning or goes on behind them.
    """
    quote = next((n for n, line in enumerate(lines) if line.level), len(lines))
    top = [n for n in range(quote) if told[n]]
    quoted = "".join(told[quote:])
    again = {n for n in top if n in found and told[n] in quoted}
    run = 1
    while run < len(top) and any(told[top[run - 1]] + told[top[run]] in mail for mail in answered):
        run += 1
    typed, rest = top[:run], top[run:]
    twice = "".join(told[n] for n in typed) in "".join(told[n] for n in rest)
    alone = found.issuperset(top) and (rest or run == 1)
    if not again and found.issuperset(typed) and (twice or alone):
        again = set(typed)
    opens = any(mail.startswith(told[n]) for n in again for mail in answered)
    return set() if opens else again


def _follow(told: Sequence[str], start: int, mail: str, at: int) -> Iterator[int]:
    """The lines below that go on with our mail, those between which something was typed, too."""
    for number in range(start + 1, len(told)):
        if not mail.startswith(told[number], at):
            below = told[number + 1 : number + 1 + _BETWEEN]
            if not any(len(text) >= _LABEL and mail.startswith(text, at) for text in below):
                return
            continue
        at += len(told[number])
        yield number


def _lead(told: Sequence[str], start: int, mail: str, at: int) -> Iterator[int]:
    for number in range(start - 1, -1, -1):
        if not mail.endswith(told[number], 0, at):
            return
        at -= len(told[number])
        yield number


def _introduced(lines: list[TextLine], layout: Layout) -> list[TextLine]:
    """With the lines right above our mail that introduce it marked as its attribution.

    Where none of them begins as an attribution does, the fewest that name us: what was typed may
    stand right above.
    """
    first = next((n for n, line in enumerate(lines) if line.copied), 0)
    end = first
    while end and not lines[end - 1].text.strip():
        end -= 1
    start = end
    while start and lines[start - 1].text.strip() and end - start <= _ABOVE:
        start -= 1
    if any(opening(lines[:end], at, layout) for at in range(start, end)):
        return lines
    tails = [fold(" ".join(line.text for line in lines[at:end])) for at in range(start, end)]
    told = [at for at, text in enumerate(tails, start) if _introduces(text, layout)]
    told += [at for at in range(start, end - 1) if label_role(lines[at].text) == "from"]
    if not told or end - start > _ABOVE or len(tails[0]) > 400:
        return lines
    begins = told[-1]
    hinted = [replace(line, hint="attribution") for line in lines[begins:end]]
    return [*lines[:begins], *hinted, *lines[end:]]


def _introduces(text: str, layout: Layout) -> bool:
    """Whether folded words right above our mail say who wrote it, or when and to whom."""
    if WROTE.search(text.rstrip()) and len(text) < _WROTE:
        return True
    named = layout.names_recipient(text)
    return named and bool(MOMENT.search(text) or text.rstrip().endswith((":", "-", ">")))
