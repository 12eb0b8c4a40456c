"""Our own mail, known by its text where no mark and no line says that it is quoted."""

import re
import unicodedata
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
_TOGETHER = 2  # lines that tell it together where a program broke them short
_LABEL = 8  # letters of a line that goes on with our mail below what was typed between
_BETWEEN = 3  # lines that may be typed there
_WROTE = 120  # characters of "… escribió:"
_ABOVE = 4  # lines over which somebody's program may introduce our mail in a way that nobody knows
_SIGNS = 3  # that may mark the quote of one mail
# Another sign than ">" before quoted lines: "| ", "} ", "- ", "CI> ", "&gt; ".
_SIGN = re.compile(r"([A-Za-z]{1,3}[>|]|&gt;|\*>|[^\w\s\"']|\t)(?:[ \t]?\1){0,3}[ \t]?")
_RULE = re.compile(r"[-=_*~#]{3,}")  # that somebody drew
# What differs from mail to mail, or is changed on the way: links, folios, who is greeted.
_VARYING = re.compile(
    rf"^[ \t|>:*]{{0,9}}Hola, .{{1,80}}?:(?:$|[ \t])|[<\[(]?https?://[^\s<>\]]{{1,2000}}[>\])]?|\b{LIKE_FOLIO}\b",
    re.MULTILINE,
)


@lru_cache(maxsize=64)
def keys(texts: tuple[str, ...]) -> tuple[str, ...]:
    """The letters of a mail of ours, in each of its forms: what programs keep of it."""
    return tuple(found for text in texts if (found := letters(_VARYING.sub("", text))))


def unmarked(lines: Sequence[TextLine], layout: Layout) -> Sequence[TextLine]:
    """The lines, those of our mail without the sign that a program quoted them with, and a level
    deeper for it; who begins their own lines with that sign typed them all the same."""
    if not layout.answered:
        return lines
    found = [None if line.level else _SIGN.match(line.text) for line in lines]
    often = Counter(_class(sign) for sign in found if sign)
    read = (_behind_sign(lines, found, sign, layout) for sign, _ in often.most_common(_SIGNS))
    bare, _ = max(read, key=lambda one: one[1], default=({}, 0))
    return [
        replace(line, text=bare[n], level=1) if n in bare else line for n, line in enumerate(lines)
    ]


def _class(sign: re.Match[str]) -> str:
    """A sign, letters as one: several people's initials mark one thread."""
    return re.sub("[A-Za-z]+", "A", sign[1])


def _behind_sign(
    lines: Sequence[TextLine],
    found: Sequence[re.Match[str] | None],
    sign: str,
    layout: Layout,
) -> tuple[dict[int, str], int]:
    """The text of the lines of our mail that bear a sign, and how many there are; none where most
    of what repeats our mail bears it not."""
    signs = {n: one for n, one in enumerate(found) if one and _class(one) == sign}
    bare = {n: lines[n].text[one.end() :] for n, one in signs.items()}
    read = [_VARYING.sub("", bare.get(n, line.text)) for n, line in enumerate(lines)]
    # Where lines were joined that a program broke, the sign stands within, too.
    told = [letters(t.replace(signs[n][1], "") if n in signs else t) for n, t in enumerate(read)]
    ours = {n for n in _ours(lines, told, layout.answered) if told[n]}
    signed = sorted(ours & bare.keys())
    if 2 * len(signed) <= len(ours):
        return {}, 0
    # Of lines that say nothing those go along that a program wrote: a greeting, a bare sign.
    mute = {
        n for n, line in enumerate(lines)
        if not told[n] and (n in bare or not line.text) and not _RULE.fullmatch(line.text.strip())
    }  # fmt: skip
    first = signed[0]
    while first - 1 in mute:
        first -= 1
    quoted = ours | {n for n in mute if n >= first}
    return {n: text for n, text in bare.items() if n in quoted}, len(signed)


def recognised(lines: Sequence[TextLine], layout: Layout) -> Sequence[TextLine]:
    """The lines, with those that repeat the mail that is answered marked as copied.

    Lines that tell enough by themselves are anchors; from each on, upward and downward, what
    follows it in our mail as well is ours, too. So an answer that happens to read like a line of
    ours ("APROBAR") stays an answer.
    """
    ours = layout.answered + layout.printed
    if not ours or all(line.level for line in lines):
        return lines
    texts = [_VARYING.sub("", line.text) for line in lines]
    told = [letters(text) or _pictograms(text) for text in texts]
    found = _ours(lines, told, ours)
    marked = [
        replace(line, copied=True) if n in found and line.text.strip() else line
        for n, line in enumerate(lines)
    ]
    return _introduced(marked, layout) if found else lines


def _pictograms(text: str) -> str:
    """The pictures of a line without words: a thumb is an answer, too."""
    return "".join(c for c in text if unicodedata.category(c) == "So")


def _ours(lines: Sequence[TextLine], told: Sequence[str], mails: Sequence[str]) -> set[int]:
    """The lines that repeat one of our mails, and were not typed anew."""
    found = {number for mail in mails for number in _repeated(told, mail)}
    return found - _sent_again(lines, told, found, mails)


def _repeated(told: Sequence[str], mail: str) -> set[int]:
    """The lines that repeat one form of our mail."""
    found: set[int] = set()
    for number, text in enumerate(told):
        if number in found or not text:
            continue
        telling = "".join(told[number : number + _TOGETHER]) if len(text) < _TELLING else text
        if len(telling) >= _TELLING and (at := _place(mail, telling)) >= 0:
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
