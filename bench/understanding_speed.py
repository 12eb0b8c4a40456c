"""CPU time of understanding a folder of .eml, beside what mail-parser takes to parse it.

usage: python -m bench.understanding_speed FOLDER
"""

from __future__ import annotations

import datetime as dt
import resource
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

import mailparser

T = TypeVar("T")
ROUNDS = 3


def per_item(work: Callable[[T], object], items: Iterable[T]) -> float:
    """Milliseconds of CPU an item, the best of some rounds."""
    items = list(items)
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.process_time()
        for item in items:
            work(item)
        best = min(best, time.process_time() - start)
    return best / len(items) * 1000


def main(folder: Path) -> None:
    """Measure and print."""
    start = time.process_time()
    from bot.mail.parsing import read
    from bot.workflow.message import ParsedMessage
    from nlp.intent.deciding import decide
    from nlp.pipeline import load
    from nlp.shipped import load_form
    from nlp.types import Message
    from tests.rig.zone import ZONE

    predictor = load()
    print(f"imports and loading {time.process_time() - start:.2f} s of CPU")
    form = load_form(Path("bot/lists/form.yaml"))
    raws = [path.read_bytes() for path in sorted(folder.glob("*.eml"))]
    mails = [mail for raw in raws if isinstance(mail := read(raw), ParsedMessage)]
    today = dt.datetime(2021, 6, 21, tzinfo=ZONE)
    messages = [
        Message(
            subject=mail.subject,
            blocks=mail.blocks,
            date=(mail.date or today).date(),
            documents=mail.documents,
            is_reply=bool(mail.in_reply_to),
        )
        for mail in mails
    ]
    base = per_item(mailparser.parse_from_bytes, raws)
    figures = {
        "mail-parser": base,
        "bot.mail.parsing.read": per_item(read, raws),
        "intent alone": per_item(lambda m: decide(predictor.pipeline, m, form), messages),
        "intent and fields": per_item(lambda m: predictor.understand(m, form), messages),
    }
    for name, value in figures.items():
        print(f"{name:18} {value:6.2f} ms a mail  {value / base:5.2f} times mail-parser")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
