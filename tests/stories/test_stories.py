"""Conversations as data: every story of `given/` comes out as it says, by mail in and mail out.

A new story joins by dropping a file there. Others are played by `python -m tests.stories FOLDER`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rig.dovecot import Dovecot
from tests.stories.player import Player, Stage
from tests.stories.stage import open_stage
from tests.stories.story import Story, stories

GIVEN = stories(Path(__file__).with_name("given"))


@pytest.fixture(scope="module")
def stage(dovecot: Dovecot, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder = tmp_path_factory.mktemp("stories")
    with open_stage(dovecot.account("stories@upaep.mx"), folder) as opened:
        yield opened


@pytest.mark.soak
@pytest.mark.parametrize("story", GIVEN, ids=lambda story: story.id)
def test_a_story_comes_out_as_it_says(stage: Stage, story: Story) -> None:
    judged = Player(stage, story).play()
    assert judged.asked["must"]
    assert [line for line in judged.wrong if line.startswith("must")] == []
