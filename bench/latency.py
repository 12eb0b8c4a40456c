"""How long an area waits for its answer while the bot idles (IMAP IDLE), mail by mail.

usage: python -m bench.latency [--messages N]

Dovecot tells IDLE of new mail after up to half a second: that is part of every figure.
"""

from __future__ import annotations

import argparse
import logging
import random
import statistics
import tempfile
import time
from pathlib import Path

from bench.mails import short_request
from bot.observability.logs import set_up
from tests.rig.dovecot import running_dovecot
from tests.rig.office import open_office
from tests.rig.smtp_sink import SmtpSink
from tests.rig.system import wait_until

PAUSE = (0.1, 0.5)  # seconds between two mails


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(prog="python -m bench.latency")
    parser.add_argument("--messages", type=int, default=200)
    count = parser.parse_args().messages
    set_up(as_json=True, least=logging.WARNING)
    chance, sent_at = random.Random(7), dict[str, float]()
    with (
        running_dovecot() as dovecot,
        SmtpSink() as sink,
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
        open_office(dovecot.account("bench@upaep.mx"), sink, Path(folder)) as office,
    ):
        office.start()
        for number in range(count):
            time.sleep(chance.uniform(*PAUSE))
            sent_at[f"persona{number}@upaep.mx"] = time.time()
            office.account.deliver(short_request(number))
        wait_until(lambda: len(_answered(sink, sent_at)) == count, "every mail is answered", 60)
        answered = _answered(sink, sent_at)
        office.stop()
    waits = sorted(answered[who] - sent_at[who] for who in sent_at)
    print(f"mails {count}, p50 {statistics.median(waits):.2f} s, "
          f"p99 {waits[int(count * 0.99) - 1]:.2f} s, longest {waits[-1]:.2f} s")  # fmt: skip


def _answered(sink: SmtpSink, sent_at: dict[str, float]) -> dict[str, float]:
    """When the first answer to each came."""
    found: dict[str, float] = {}
    for mail in sink.mails:
        if mail.recipients[0] in sent_at:
            found.setdefault(mail.recipients[0], mail.at)
    return found


if __name__ == "__main__":
    main()
