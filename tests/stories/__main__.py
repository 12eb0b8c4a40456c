"""Plays the stories of a folder and tells how many expectations were met.

usage: python -m tests.stories FOLDER
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

from tests.rig.dovecot import running_dovecot
from tests.stories.stage import play_on
from tests.stories.story import stories


def main(folder: Path) -> None:
    met: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    with ExitStack() as stack:
        server = stack.enter_context(running_dovecot())
        home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        for _, judged in play_on(server, home, stories(folder)):
            met.update(judged.met)
            asked.update(judged.asked)
            sys.stdout.writelines(f"{line}\n" for line in judged.wrong)
    for grade in ("must", "should"):
        sys.stdout.write(f"{grade} {met[grade]} of {asked[grade]}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
