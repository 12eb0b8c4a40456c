"""Conversations as data: every story of `given/` comes out as it says, by mail in and mail out.

A new story joins by dropping a file there. Others are played by `python -m tests.stories FOLDER`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.rig.dovecot import Dovecot
from tests.stories.player import Judged
from tests.stories.stage import play_on
from tests.stories.story import Story, stories

GIVEN = stories(Path(__file__).with_name("given"))


@pytest.fixture(scope="module")
def played(dovecot: Dovecot, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Judged]:
    home = tmp_path_factory.mktemp("stories")
    return dict(play_on(dovecot, home, GIVEN))


@pytest.mark.soak
@pytest.mark.parametrize("story", GIVEN, ids=lambda story: story.id)
def test_a_story_comes_out_as_it_says(played: Mapping[str, Judged], story: Story) -> None:
    judged = played[story.id]
    assert judged.asked["must"]
    assert [line for line in judged.wrong if line.startswith("must")] == []
