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
from tests.stories.player import play_all
from tests.stories.stage import open_stage
from tests.stories.story import stories


def main(folder: Path) -> None:
    met: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    told = stories(folder)
    with ExitStack() as stack:
        server = stack.enter_context(running_dovecot())
        home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        for undo in sorted({story.undo for story in told}):
            place = home / f"undo-{undo}"
            place.mkdir()
            account = server.account(f"stories{undo}@upaep.mx")
            with open_stage(account, place, undo) as stage:
                for judged in play_all(stage, (story for story in told if story.undo == undo)):
                    met.update(judged.met)
                    asked.update(judged.asked)
                    sys.stdout.writelines(f"{line}\n" for line in judged.wrong)
    for grade in ("must", "should"):
        sys.stdout.write(f"{grade} {met[grade]} of {asked[grade]}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
