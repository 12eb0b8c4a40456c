"""Read labelled mail as the bot reads it, and write it as text for the training.

usage: python -m bench.read_corpus FOLDER    labelled .eml of the given corpus: nlp/corpus/given.txt
       python -m bench.read_corpus           the batches: nlp/corpus/batches/{read,turns}.txt
"""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Iterator
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
    intent = Intent(str(label.get("intent", Intent.CREATE_LIST)))
    return name, intent, fields, message_of(name, raw, answered)


def from_folder(folder: Path) -> Iterator[Labelled]:
    """The mails of a folder of .eml and .json."""
    for path in sorted(folder.glob("*.eml")):
        label = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        yield _labelled(path.stem, label, path.read_bytes())


def from_batches(section: str) -> Iterator[Labelled]:
    """The requests of the batches that joined the corpus, or their second turns."""
    for mail in batches.every():
        if mail.section == section:
            name = f"{mail.author}-{mail.round}/{mail.name}"
            sent = batches.answered_file(mail) if section == "replies" else None
            name, answered = (
                (f"{name} {sent.stem}", batches.answered_eml(sent)) if sent else (name, b"")
            )
            yield _labelled(name, mail.expected, batches.eml(mail), answered)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        given.write(from_folder(Path(sys.argv[1])))
    else:
        given.write(from_batches("requests"), batches.READ)
        given.write(from_batches("replies"), batches.TURNS)
