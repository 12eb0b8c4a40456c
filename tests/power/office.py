"""An office's work on a database, told step by step on standard output: `python -m … URL`.

What is said is promised: a power cut after it may not undo it.
"""

from __future__ import annotations

import os
import sys

from bot.store import Store
from bot.workflow.case import Event
from tests.rig.samples import LEASE, NOW, a_case, a_notification, fetched, receive

MAILS, BATCH = 160, 10
EVENT = Event("opened", "ana@upaep.mx", "pide", 1)


def say(what: str) -> None:
    """To the disk's record at once: print() would gather."""
    os.write(1, f"{what}\n".encode())


def work(url: str) -> None:
    """Takes mail in, settles each message with a case and a mail, and sends the mails."""
    with Store.open(url) as store:
        for start in range(1, MAILS + 1, BATCH):
            receive(store, *map(fetched, range(start, start + BATCH)))
            say(f"received {start + BATCH - 1}")
            for message in store.messages.claim("w", NOW, BATCH, LEASE):
                settle(store, message.id)
                say(f"settled {message.id}")
            for mail in store.outbox.due("w", NOW, BATCH, LEASE):
                say(f"handed {mail.id}")
                store.outbox.sent(mail.id, NOW)
                say(f"sent {mail.id}")


def settle(store: Store, message: int) -> None:
    """One message and what it leads to, in one transaction."""
    with store.work() as work:
        folio = work.cases.take_folio("CI", 2021)
        work.cases.save(a_case(folio), opens=True)
        work.events.append(folio, EVENT, NOW)
        work.events.append(folio, EVENT, NOW)
        work.outbox.queue(a_notification(message, folio, key="k" * 16 + f"{message:04d}"), NOW)
        work.messages.finish(message, "done", "", folio)


if __name__ == "__main__":
    work(sys.argv[1])
