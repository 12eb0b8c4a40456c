"""The lines of a turn: what is typed, above, below or into the quote, and what only comes back."""

from collections.abc import Collection, Sequence

from nlp.text.fold import clean, fold, squeeze
from nlp.text.lines import Line
from nlp.types import BlockKind, Message


def lines_of(message: Message) -> list[Line]:
    """The typed and quoted lines of a message; a quote that is not of our mail is left out.

    A quoted line is `copied` where it stands so in the mail that is answered.
    """
    lines: list[Line] = []
    quotes = (block.text for block in message.blocks if block.kind is BlockKind.QUOTE)
    quoted = [line for text in quotes for line in clean(text).split("\n")]
    own = frozenset(squeeze(fold(line)) for line in clean(message.answered).split("\n"))
    copies = _copied(quoted, message.answered, own)
    ours = _is_ours(quoted, copies, own) if message.answered else True
    at = 0
    for block in message.blocks:
        texts = clean(block.text).split("\n")
        if block.kind is BlockKind.NEW:
            lines += [Line(text) for text in texts]
        elif block.kind is BlockKind.QUOTE:
            if ours:
                told = zip(texts, copies[at : at + len(texts)], strict=True)
                lines += [Line(t, quoted=True, copied=c) for t, c in told]
            at += len(texts)
        elif lines:
            lines.append(Line(""))
    return lines


def _copied(lines: Sequence[str], sent: str, own: Collection[str]) -> list[bool]:
    """Which lines are the sent mail's `own`, however a program has wrapped them.

    They are looked for in its text where the line before left off, so that a short end of a
    wrapped line is told from a short answer; longer pieces may stand anywhere.
    """
    whole = " ".join(fold(clean(sent)).split())
    at = 0
    found = []
    for line in lines:
        bare = squeeze(fold(line)).lstrip("|>*-• ").rstrip("| ")
        if not bare:
            found.append(True)
            continue
        if _stands(whole, bare, at):
            at = _past(whole, at + len(bare))
            found.append(True)
            continue
        place = (
            _find(whole, bare)
            if len(bare) >= _PIECE or bare in own or squeeze(fold(line)) in own
            else -1
        )
        if place >= 0:
            at = _past(whole, place + len(bare))
        found.append(place >= 0 or bare in own)
    return found


_PIECE = 30  # characters; shorter pieces of a line may be somebody's answer


def _stands(whole: str, piece: str, at: int) -> bool:
    """Whether whole words of a text stand there, but for one that a program broke at its hyphen."""
    behind = whole[at + len(piece) : at + len(piece) + 1]
    return whole.startswith(piece, at) and (behind in ("", " ") or piece.endswith("-"))


def _find(whole: str, piece: str) -> int:
    at = whole.find(piece)
    while at >= 0 and not _stands(whole, piece, at):
        at = whole.find(piece, at + 1)
    return at


def _past(whole: str, at: int) -> int:
    while at < len(whole) and whole[at] in " |>*-•":
        at += 1
    return at


def _is_ours(lines: Sequence[str], copies: Sequence[bool], own: Collection[str]) -> bool:
    """Whether most of a quote is the mail that is answered, or fills in what that left open."""
    full = [
        copy or squeeze(fold(line)).partition(":")[0] + ":" in own
        for line, copy in zip(lines, copies, strict=True)
        if line.strip()
    ]
    return not full or sum(full) >= min(2, len(full))
