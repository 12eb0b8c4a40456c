"""Runs by itself: reads messages as the bot does, one after another, and says what each cost.

On its input, for each message: eight bytes of length, then the raw bytes. On its output, for each,
a line of JSON: the answer of `explain`, the seconds of computing, the peak of memory until now.
"""

from __future__ import annotations

import json
import re
import resource
import sys
import time
from pathlib import Path

from bot.cli.explain import as_dict
from bot.mail.parsing import Limits
from bot.runtime.analyzer import Analyzer
from bot.store.identity import content_hash, message_id_of
from bot.workflow.message import ParsedMessage
from tests.builders import NOW, ORGANIZATION


def main() -> None:
    """Answers until its input ends."""
    analyzer = Analyzer(ORGANIZATION, Limits())
    requests, answers = sys.stdin.buffer, sys.stdout
    answers.write("ready\n")
    answers.flush()
    while head := requests.read(8):
        raw = requests.read(int.from_bytes(head, "big"))
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # forget the last peak
        begin = computed()
        content_hash(raw)
        message_id_of(raw)
        analysis = analyzer.analyse(raw, NOW)
        told = as_dict("x.eml", analysis, ORGANIZATION)
        seconds = computed() - begin
        mail = analysis.mail
        problems = [a.problem for a in mail.attachments] if isinstance(mail, ParsedMessage) else []
        answer = {
            "told": told,
            "problems": problems,
            "parts": list(mail.part_types) if isinstance(mail, ParsedMessage) else [],
            "seconds": seconds,
            "megabytes": peak() / 1024,
        }
        answers.write(json.dumps(answer, ensure_ascii=False) + "\n")
        answers.flush()
        del raw, analysis, mail, told, answer


def computed() -> float:
    """The seconds of computing until now, of this process and of those that it started."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def peak() -> int:
    """The most memory this process had since it was last asked to forget, in KiB."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    found = re.search(r"VmHWM:\s+(\d+)", status)
    assert found is not None
    return int(found[1])


if __name__ == "__main__":
    main()
