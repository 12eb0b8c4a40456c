"""Read labelled mail as the bot reads it, and write it as text for the training.

usage: python -m bench.read_corpus                    the batches written as text
       python -m bench.read_corpus AUTHOR FOLDER...   a hand's folders of .eml and .json, as
                                                      corpus/score.py reads them

Writes nlp/corpus/batches/requests/AUTHOR.txt and turns/AUTHOR.txt; of the AUTHOR "given"
nlp/corpus/given.txt.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from bot.mail.parsing import read
from bot.runtime.analyzer import sent_texts
from bot.workflow.message import UnparseableMessage
from nlp.text.subjects import topic
from nlp.training import batches, given
from nlp.types import Intent, Message
from tests.rig.zone import ZONE

Labelled = tuple[str, Intent, str, Message]


def message_of(name: str, raw: bytes, answered: bytes = b"") -> Message:
    """What a raw mail says, as the models are given it."""
    mail = read(raw, answered=sent_texts((answered,) if answered else ()))
    if isinstance(mail, UnparseableMessage):
        raise SystemExit(f"{name}: {mail.reason}")
    date = mail.date or dt.datetime(2021, 6, 21, tzinfo=ZONE)
    return Message(
        subject=topic(mail.subject),
        blocks=mail.blocks,
        date=date.astimezone(ZONE).date(),
        documents=mail.documents,
        is_reply=bool(mail.in_reply_to or mail.references),
        sender=mail.senders[0].name if mail.senders else "",
    )


def _labelled(name: str, label: dict[str, object], raw: bytes, answered: bytes = b"") -> Labelled:
    fields = json.dumps(label.get("fields", {}), ensure_ascii=False, sort_keys=True)
    intent = Intent(str(label.get("intent") or Intent.CREATE_LIST))  # turns need none
    return name, intent, fields, message_of(name, raw, answered)


def from_folder(folder: Path) -> Iterator[Labelled]:
    """The requests of a folder of .eml and .json."""
    for path, label in _cases(folder / "requests"):
        yield _labelled(path.stem, label, path.read_bytes())


def turns_from_folder(folder: Path) -> Iterator[Labelled]:
    """The second turns of such a folder; what they answer is kept as text beside the corpus."""
    for path, label in _cases(folder / "replies"):
        sent = path.parent / str(label["answering"])
        raw = sent.read_bytes()
        batches.keep_answered(sent.stem, raw)
        yield _labelled(f"{path.stem} {sent.stem}", label, path.read_bytes(), raw)


def _cases(folder: Path) -> Iterator[tuple[Path, dict[str, object]]]:
    for path in sorted(folder.glob("*.eml")):
        yield path, json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))


def from_batches(mails: Iterable[batches.BatchMail], section: str) -> Iterator[Labelled]:
    """The requests of some batches, or their second turns."""
    for mail in mails:
        if mail.section == section:
            name = f"{mail.author}-{mail.round}/{mail.name}"
            sent = batches.answered_file(mail) if section == "replies" else None
            name, answered = (
                (f"{name} {sent.stem}", batches.answered_eml(sent)) if sent else (name, b"")
            )
            yield _labelled(name, mail.expected, batches.eml(mail), answered)


def main(author: str = "", *names: str) -> None:
    folders = [Path(name) for name in names]
    if author == "given":
        given.write(one for folder in folders for one in from_folder(folder))
    elif author:
        requests = [one for folder in folders for one in from_folder(folder)]
        _write(author, requests, [one for folder in folders for one in turns_from_folder(folder)])
    else:
        for one, of_author in groupby(batches.every(), key=lambda mail: mail.author):
            mails = list(of_author)
            _write(one, *(list(from_batches(mails, part)) for part in ("requests", "replies")))


def _write(author: str, requests: list[Labelled], turns: list[Labelled]) -> None:
    for place, mails in ((batches.READ, requests), (batches.TURNS, turns)):
        place.mkdir(exist_ok=True)
        if mails:
            given.write(mails, place / f"{author}.txt")


if __name__ == "__main__":
    main(*sys.argv[1:])
