"""What browsers play of a take with several audio tracks."""

from __future__ import annotations

from pathlib import Path

import pytest
from media import Media
from result import beep_time, samples
from track_takes import with_tracks

from btsclip.media.audio_tracks import SoundChoice, play
from btsclip.media.probing import probe
from btsclip.plan.model import Span
from btsclip.review.playback import is_playable, playable_file


def test_copy_has_the_chosen_track(media: Media, tmp_path: Path) -> None:
    """Browsers play the first track: a take is played itself only if that is chosen."""
    path = with_tracks(tmp_path / "take.mp4", media("plain.mp4"), "anullsrc=r=48000:cl=stereo", "")
    take = probe(path)
    span = Span(source=str(path), start=0, end=2, layout="fit-blur")
    assert is_playable(play(take, SoundChoice((1,), "a test")))
    second = playable_file(play(take, SoundChoice((2,), "a test")), span, tmp_path / "copies")
    assert second.path != path
    assert beep_time(samples(second.path)) == pytest.approx(1.0, abs=0.05)
