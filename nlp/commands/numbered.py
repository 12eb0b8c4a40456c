"""Commands for the numbered rows of a mail: "APROBAR 1, 3; RECHAZAR 2 duplicada".

Numbers follow the command, or open the line: "1: aprobar". Each piece without its numbers is read
as a command of its own (`parse_commands`). Where anything is unclear the mail gives none: a number
that could belong to a text would decide on a row that nobody meant.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import pairwise

from nlp.commands.forms import FormBook, Hit, book
from nlp.commands.parser import UnclearError, parse_commands
from nlp.commands.text import READ, CommandToken, clean, sentences, tokenise
from nlp.types import (
    Block,
    BlockKind,
    Command,
    CommandGrammar,
    Doubt,
    Message,
    NumberedCommand,
    NumberedCommands,
)

_LONGEST = 2  # digits of a number
_DASHES = frozenset("-–—")
_BEHIND = frozenset(":;,.)(«\"'¿¡") | _DASHES  # signs that may follow a number
_BESIDE = frozenset("(),")  # signs around a folio behind its number
_ARTICLES = frozenset(("la", "las", "el", "los", "#", "del"))


@dataclass(frozen=True, slots=True)
class _Rows:
    """Numbers as written, before token `end`; `loose` where the last could belong to a text."""

    numbers: tuple[int, ...]
    end: int
    loose: bool = False


@dataclass(frozen=True, slots=True)
class _Head:
    """Where a piece starts, and which rows it is for; its text follows from token `end` on."""

    start: int
    end: int
    rows: _Rows
    by_number: bool
    hit: Hit | None = None  # none on a line that was left empty
    folio: str = ""


def parse_numbered(
    message: Message,
    vocabulary: Sequence[CommandGrammar],
    *,
    visible_text: str,
    writer: str,
) -> NumberedCommands:
    """The commands that a mail gives for rows; both versions of its text must give the same.

    Nothing, and no reason, where it names no rows at all.
    """
    reader = _Reader(book(tuple(vocabulary)), message, writer)
    found = reader.read(message.new_text)
    if visible_text.strip() and reader.read(visible_text).commands != found.commands:
        return NumberedCommands(why=Doubt.DISAGREE)
    return found


def told_of_rows(text: str) -> list[tuple[tuple[int, ...], str]]:
    """What a text says of which numbers in words of its own: "La 1 va. La 2 no, porque …"."""
    cleaned = clean(text[:READ])
    found: list[tuple[tuple[int, ...], int, int]] = []  # with where the words begin and end
    for sentence in sentences(cleaned):
        tokens = sentence.tokens
        heads: list[tuple[int, _Rows]] = []
        for at, token in enumerate(tokens):
            opens = at == 0 or (tokens[at - 1].key in (",", "y", "a") and token.key in _ARTICLES)
            if opens and (not heads or at >= heads[-1][1].end):
                with suppress(UnclearError):
                    heads += [(at, rows)] if (rows := _rows(tokens, at)) else []
        if not heads and found:
            found[-1] = (*found[-1][:2], sentence.stop)
        ends = [*(at for at, _ in heads[1:]), len(tokens)]
        found += [
            (rows.numbers, tokens[rows.end].start, tokens[end - 1].end)
            for (_, rows), end in zip(heads, ends, strict=bool(heads))
            if rows.end < end
        ]
    return [(numbers, cleaned[start:stop].strip(" ,:-–")) for numbers, start, stop in found]


@dataclass(frozen=True, slots=True)
class _Reader:
    book: FormBook
    message: Message
    writer: str

    def read(self, text: str) -> NumberedCommands:
        """The commands of one version of the new text."""
        cleaned = clean(text)
        tokens = tokenise(cleaned)
        try:
            heads = self._heads(tokens)
            if heads and len(cleaned) > READ:
                raise UnclearError(Doubt.LONG)
            _check(heads)
            ends = [*(head.start for head in heads), len(tokens)][1:]
            heads = [
                _with_folio(tokens, head, end, first=head is heads[0])
                for head, end in zip(heads, ends, strict=True)
            ]
            found = [
                NumberedCommand(number, command, head.folio)
                for head, end in zip(heads, ends, strict=True)
                if (command := self._command(cleaned, tokens, head, end, head is heads[0]))
                for number in head.rows.numbers
            ]
        except UnclearError as unclear:
            return NumberedCommands(why=unclear.why)
        return NumberedCommands(tuple(found))

    def _heads(self, tokens: Sequence[CommandToken]) -> list[_Head]:
        """Where pieces start; all are written the way that the first is."""
        heads: list[_Head] = []
        for at in range(len(tokens)):
            last = heads[-1] if heads else None
            if last is not None and at < last.end:
                continue
            before = tokens[at - 1] if at else None
            opens = before is None or before.kind == "breaks" or before.key in (".", ";")
            head = None
            if opens and (last is None or last.by_number):
                head = self._number_first(tokens, at)
            if head is None and (last is None or not last.by_number):
                joined = last is not None and _is_joined(tokens, last, at)
                head = self._verb_first(tokens, at) if opens or joined else None
            if head is not None:
                heads.append(head)
        return heads

    def _verb_first(self, tokens: Sequence[CommandToken], at: int) -> _Head | None:
        """ "APROBAR 1, 3" """
        hit = self._hit(tokens, at + (tokens[at].key in ("y", "e")))
        rows = _rows(tokens, hit.end) if hit else None
        return _Head(at, rows.end, rows, by_number=False, hit=hit) if rows else None

    def _number_first(self, tokens: Sequence[CommandToken], at: int) -> _Head | None:
        """ "1: aprobar", "1 CI-2021-0042: aprobar", or such a line left empty."""
        rows = _rows(tokens, at)
        if rows is None:
            return None
        end = rows.end
        if end < len(tokens) and tokens[end].kind == "folio":
            end += 1
        marked = end < len(tokens) and tokens[end].key in (":", ".", ")", *_DASHES)
        end += marked
        empty = marked and (end == len(tokens) or tokens[end].kind == "breaks")
        hit = self._hit(tokens, end)
        if hit is None and not empty:
            return None
        return _Head(at, hit.end if hit else end, rows, by_number=True, hit=hit)

    def _hit(self, tokens: Sequence[CommandToken], at: int) -> Hit | None:
        """A form of a command, also of many: "aprobadas"."""
        hit = self.book.at(tokens, at)
        if hit is None and at < len(tokens) and tokens[at].key.endswith("as"):
            one = replace(tokens[at], raw=tokens[at].raw[:-1], key=tokens[at].key[:-1])
            hit = self.book.at((*tokens[:at], one), at)
        return hit

    def _command(
        self, text: str, tokens: Sequence[CommandToken], head: _Head, end: int, first: bool
    ) -> Command | None:
        """What a piece says without its numbers; None on a line that was left empty."""
        if head.hit is None:
            return None
        grammar, verb = head.hit.form.command, tokens[head.hit.start : head.hit.end]
        until = tokens[end].start if end < len(tokens) else len(text)
        rest = text[tokens[head.end - 1].end : until]
        if not grammar.takes_text:
            rest = _without_joint(rest)
        elif head.rows.loose and rest.strip(" .;\n") and not rest.lstrip().startswith(":"):
            raise UnclearError(Doubt.NUMBERS)
        said = text[verb[0].start : verb[-1].end]
        if verb[-1].key.endswith("as"):
            said = said.removesuffix("s")
        said = f"{said}: " if grammar.takes_text else f"{said} "
        before = text[: tokens[head.start].start] if first else ""
        piece = f"{before}{said}{rest.lstrip(' :,-–—.)')}"
        around = (b for b in self.message.blocks if b.kind is not BlockKind.NEW)
        alone = replace(self.message, blocks=(Block(BlockKind.NEW, piece), *around))
        parsed = parse_commands(alone, self.book.commands, writer=self.writer)
        if [one.name for one in parsed.commands] != [grammar.name]:
            raise UnclearError(parsed.why or Doubt.TWO)
        return parsed.commands[0]


def _check(heads: Sequence[_Head]) -> None:
    """Raises where a row is named twice, or lines that open with numbers go back."""
    named = [number for head in heads for number in head.rows.numbers]
    if len(set(named)) < len(named):
        raise UnclearError(Doubt.TWICE)
    if heads and heads[0].by_number and any(a >= b for a, b in pairwise(named)):
        raise UnclearError(Doubt.NUMBERS)


def _with_folio(tokens: Sequence[CommandToken], head: _Head, end: int, *, first: bool) -> _Head:
    """The head with the folio that is written before it, beside its number, or behind a command
    that takes no text; raises where there are two, or one for several rows."""
    until, has_text = end, head.hit is not None and head.hit.form.command.takes_text
    if has_text:
        until = head.end
        while until < end and (tokens[until].kind == "folio" or tokens[until].key in _BESIDE):
            until += 1
    start = 0 if first else head.start
    cited = {token.raw.upper() for token in tokens[start:until] if token.kind == "folio"}
    if not cited:
        return head
    if len(cited) > 1 or len(head.rows.numbers) > 1:
        raise UnclearError(Doubt.NUMBERS)
    behind = has_text and any(token.kind == "folio" for token in tokens[head.end : until])
    return replace(head, end=until if behind else head.end, folio=cited.pop())


def _is_joined(tokens: Sequence[CommandToken], last: _Head, at: int) -> bool:
    """Whether only "y" or a comma stands between a piece without text and here."""
    if last.hit is None or last.hit.form.command.takes_text or at <= last.end:
        return False
    return all(token.key in (",", "y", "e") for token in tokens[last.end : at])


def _without_joint(rest: str) -> str:
    rest = rest.rstrip(" ;,.\n")
    return rest[:-2] if rest.endswith((" y", " e")) else rest


def _rows(tokens: Sequence[CommandToken], at: int) -> _Rows | None:
    """The numbers that stand here: "1", "1, 3", "1 y 3", "1-3", "del 1 al 3".

    Raises UnclearError where a digit stands too close to be anything for sure.
    """
    at = _behind_article(tokens, at)
    number = _number(tokens, at)
    if number is None:
        return None
    found, loose, end = [number], False, at + 1
    while (joint := _joint(tokens, end)) is not None:
        following, is_range, is_loose = joint
        following = following if is_range else _behind_article(tokens, following)
        number = _number(tokens, following)
        if number is None:
            break
        if is_range and number <= found[-1]:
            raise UnclearError(Doubt.NUMBERS)
        found += range(found[-1] + 1, number + 1) if is_range else [number]
        loose, end = loose or is_loose, following + 1
    behind = tokens[end] if end < len(tokens) else None
    if behind is not None and behind.kind == "word" and behind.raw[0].isdigit():
        raise UnclearError(Doubt.NUMBERS)  # "2 3 listas"
    if behind is not None and behind.kind == "sign" and behind.key not in _BEHIND:
        raise UnclearError(Doubt.NUMBERS)  # "2/3", "2%"
    if (
        behind is not None
        and behind.key in (".", *_DASHES)
        and end + 1 < len(tokens)
        and tokens[end + 1].raw[0].isdigit()
        and tokens[end + 1].start == behind.end
    ):
        raise UnclearError(Doubt.NUMBERS)  # "2.5"
    return _Rows(tuple(found), end, loose)


def _behind_article(tokens: Sequence[CommandToken], at: int) -> int:
    while at < len(tokens) and tokens[at].key in _ARTICLES:
        at += 1
    return at


def _number(tokens: Sequence[CommandToken], at: int) -> int | None:
    raw = tokens[at].raw if at < len(tokens) else ""
    digits = raw.isascii() and raw.isdigit() and len(raw) <= _LONGEST
    return int(raw) if digits and int(raw) else None


def _joint(tokens: Sequence[CommandToken], at: int) -> tuple[int, bool, bool] | None:
    """What joins two numbers: where the next one stands, whether it is a range, whether it could be
    something else."""
    if at >= len(tokens):
        return None
    token, before = tokens[at], tokens[at - 1]
    if token.key == ",":
        follows = at + 1 < len(tokens) and tokens[at + 1].key in ("y", "e")
        return at + 1 + follows, False, True
    if token.key in ("y", "e"):
        return at + 1, False, False
    if token.key in ("a", "al"):
        return at + 1, True, True
    if token.key in _DASHES:
        apart = token.start > before.end or (
            at + 1 < len(tokens) and tokens[at + 1].start > token.end
        )
        return at + 1, True, apart
    return None
