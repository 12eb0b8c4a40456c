"""Write nlp/corpus/given.txt from a folder of labelled .eml, read as the bot reads mail.

usage: python -m bench.given_corpus FOLDER
"""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from bot.mail.parsing import read
from bot.workflow.message import UnparseableMessage
from nlp.training import given
from nlp.types import Intent, Message
from tests.rig.zone import ZONE


def cases(folder: Path) -> Iterator[tuple[str, Intent, str, Message]]:
    """Each mail of the folder: name, intent, fields as JSON, and what the bot reads in it."""
    for path in sorted(folder.glob("*.eml")):
        label = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        mail = read(path.read_bytes())
        if isinstance(mail, UnparseableMessage):
            raise SystemExit(f"{path.name}: {mail.reason}")
        date = mail.date or dt.datetime(2021, 6, 21, tzinfo=ZONE)
        message = Message(
            subject=mail.subject,
            blocks=mail.blocks,
            date=date.astimezone(ZONE).date(),
            documents=mail.documents,
            is_reply=bool(mail.in_reply_to or mail.references),
        )
        fields = json.dumps(label.get("fields", {}), ensure_ascii=False, sort_keys=True)
        yield path.stem, Intent(label["intent"]), fields, message


if __name__ == "__main__":
    given.write(cases(Path(sys.argv[1])))
