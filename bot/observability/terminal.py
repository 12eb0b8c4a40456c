"""The operator's terminal. What strangers wrote is shown there as text, whatever it holds.

The only way to it: no markup is read anywhere, and what would steer a terminal (control characters,
changes of direction, what cannot be seen) is shown as a sign for it, not sent.
"""

import os
import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

from rich.cells import cell_len
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Column, Table
from rich.text import Text

Piece = str | tuple[str, str]
"""A text, or a text and the style it is shown in, such as `bold`."""

LEAST_WIDTH = 8  # of a column that folds
UNFOLDED = 10_000  # wider than any table
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
_PICTURES = {**{n: chr(0x2400 + n) for n in range(0x20)}, 0x7F: "␡"}


def shown(text: str) -> str:
    """`text` without what a terminal would obey; line ends and tabs stay."""
    text = _CONTROLS.sub(lambda sign: _PICTURES[ord(sign[0])], text.replace("\r\n", "\n"))
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in "\n\t\u00a0" else _escape(c) for c in text)


def _escape(sign: str) -> str:
    return f"\\u{ord(sign):04x}" if ord(sign) < 0x10000 else f"\\U{ord(sign):08x}"


def say(*pieces: Piece) -> None:
    """Prints a line; what does not fit is wrapped by the terminal."""
    _console().print(_text(*pieces), soft_wrap=True)


def complain(*pieces: Piece) -> None:
    """Prints a line on standard error."""
    _console(stderr=True).print(_text(*pieces), soft_wrap=True)


def print_table(
    headers: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    title: str = "",
    unbroken: Iterable[int] = (),
) -> None:
    """Prints a table, as wide as the window; columns numbered in `unbroken` are not wrapped.

    Without headers the first column bears the names of the rows. Cells fold and none is cut: where
    what is unbroken leaves no room for the rest, the table is wider than the window. For a file or
    another program nothing is folded.
    """
    table = Table(
        *(Column(_text(header)) for header in headers),
        title=_text(title) if title else None, title_justify="left", show_header=bool(headers),
    )  # fmt: skip
    for row in rows:
        table.add_row(*(_text(cell) for cell in row))
    console, whole = _console(), set(unbroken)
    for number, column in enumerate(table.columns):
        column.overflow = "fold"
        column.no_wrap = number in whole
        words = str(column.header).split()
        if column.no_wrap:
            words += [cell.plain for cell in column.cells if isinstance(cell, Text)]
        column.min_width = max(LEAST_WIDTH * (not column.no_wrap), *map(cell_len, words), 0)
    borders = 3 * len(table.columns) + 1
    least = borders + sum(column.min_width or 0 for column in table.columns)
    is_window = console.is_terminal or "COLUMNS" in os.environ
    console.width = max(console.width if is_window else UNFOLDED, least)
    console.print(table)


@contextmanager
def spinning(text: str) -> Iterator[None]:
    """Shows that something is under way, as long as it is, where somebody looks on."""
    column, console = TextColumn("{task.description}", markup=False), _console()
    unseen = not console.is_terminal
    with Progress(
        SpinnerColumn(), column, transient=True, console=console, disable=unseen
    ) as progress:
        progress.add_task(shown(text))
        yield


@contextmanager
def counting(what: str) -> Iterator[Callable[[], None]]:
    """Shows how many of something are done, on standard error; what it gives is called for each."""
    columns = (SpinnerColumn(), BarColumn(), TextColumn("{task.description}", markup=False))
    progress = Progress(*columns, TimeElapsedColumn(), console=_console(stderr=True))
    with progress:
        task, done, began = progress.add_task("", total=None), 0, time.monotonic()

        def one_more() -> None:
            nonlocal done
            done += 1
            if done % 10 == 0:
                rate = done / max(time.monotonic() - began, 0.001)
                progress.update(task, description=f"{done:,} {what}, {rate:,.0f}/s")

        yield one_more
        progress.update(task, description=f"{done:,} {what}", total=1, completed=1)


def _console(*, stderr: bool = False) -> Console:
    return Console(stderr=stderr, markup=False, highlight=False, emoji=False)


def _text(*pieces: Piece) -> Text:
    text = Text()
    for piece in pieces:
        words, style = (piece, "") if isinstance(piece, str) else piece
        text.append(shown(words), style)
    return text
