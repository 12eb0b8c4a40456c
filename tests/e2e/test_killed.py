"""kill -9 at any moment, and started again: nothing lost, nothing twice."""

import json
import random
import signal
import time
from collections import Counter
from pathlib import Path

from tests.e2e.requests import FULL
from tests.rig.dovecot import Account
from tests.rig.office import Office, compose, open_office
from tests.rig.smtp_sink import SmtpSink
from tests.rig.system import wait_until
from tests.rig.warm import WarmBot

MESSAGES, KILLS = 40, 6


def settled(office: Office) -> bool:
    """Whether every area has its answer and nothing waits."""
    answered = {m.recipients[0] for m in office.sink.mails if m.template == "received"}
    return len(answered) >= MESSAGES


def test_killed_at_random_moments(
    account: Account, sink: SmtpSink, tmp_path: Path, warm: WarmBot
) -> None:
    chance = random.Random(20210618)
    with open_office(account, sink, tmp_path) as office:
        office.warm = warm
        areas = [f"area{n}@upaep.mx" for n in range(MESSAGES)]
        mails = [
            compose(a, "Formato", FULL.replace("7415", str(7000 + n))) for n, a in enumerate(areas)
        ]
        account.deliver(*(mail.as_bytes() for mail in mails[: MESSAGES // 2]))
        for kill in range(KILLS):
            office.start()
            if kill == 1:
                account.deliver(*(mail.as_bytes() for mail in mails[MESSAGES // 2 :]))
            time.sleep(chance.uniform(0.05, 0.7))
            office.stop(signal.SIGKILL)
        office.start()
        wait_until(lambda: settled(office), "all answered", 120)
        time.sleep(1)  # for what should not come any more
        assert office.stop() == 0

        cases = json.loads(office.bot("cases", "--json").stdout)
        assert sorted(c["requester"] for c in cases) == sorted(areas)
        assert len({c["folio"] for c in cases}) == MESSAGES
        # What was sent twice is the same mail: its acknowledgement was lost with the process.
        ids = Counter((m.template, m.recipients, m.case) for m in sink.mails)
        twice = [key for key, count in ids.items() if count > 1]
        for template, recipients, case in twice:
            same = [
                m
                for m in sink.mails
                if (m.template, m.recipients, m.case) == (template, recipients, case)
            ]
            assert len({m.message["Message-ID"] for m in same}) == 1
        assert len(twice) <= KILLS
        assert sum(ids.values()) - len(ids) <= KILLS
        assert len(ids) == MESSAGES * 3  # received, and a notice for each of two reviewers
