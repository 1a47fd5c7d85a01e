"""Where replies come from."""

from __future__ import annotations

from pathlib import Path

import pytest
from media import Media
from result import plan_of

from btsclip.errors import FootageError
from btsclip.plan.io import write_plan
from btsclip.planning.request import ClipRequest
from btsclip.reply.sources import sources_of_plan


def test_asked_track_goes_before_that_of_the_plan(media: Media, tmp_path: Path) -> None:
    take = str(media("two_sounds.mp4"))
    plan = plan_of(Path(take))
    source = plan.sources[0].model_copy(update={"audio_tracks": [1], "channel": 1})
    write_plan(plan.model_copy(update={"sources": [source]}), tmp_path / "plan.json")
    found = sources_of_plan(tmp_path / "plan.json", "honest-kitchen", ClipRequest())
    assert found.sources[0].audio_tracks == [1] and found.footage[take].audio_stream == 1
    found = sources_of_plan(tmp_path / "plan.json", "honest-kitchen", ClipRequest(audio_track=2))
    assert found.sources[0].audio_tracks == [2] and found.footage[take].audio_stream == 2
    assert found.sources[0].channel is None
    with pytest.raises(FootageError, match="has no sound track 3"):
        sources_of_plan(tmp_path / "plan.json", "honest-kitchen", ClipRequest(audio_track=3))
