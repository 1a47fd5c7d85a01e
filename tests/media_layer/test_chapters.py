"""Takes in several files, read and rendered as one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import media
import numpy as np
import pytest
from result import PRESET, beep_time, flash_time, pictures, plan_of, samples

from btsclip.errors import FootageError
from btsclip.media.chapters import join_chapters, open_footage
from btsclip.media.frames import read_frames
from btsclip.media.probing import probe
from btsclip.media.sound import RATE, read_sound
from btsclip.plan.model import CutPlan
from btsclip.render import render

FLASH = 3.0


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """A take of 4 s with a flash at 3 s, in two files of 2 s with awkward names."""
    folder = tmp_path_factory.mktemp("it's a [card]; due")
    whole = folder / "whole.mp4"
    media.take(whole, seconds=4.0, flash=FLASH, extra=("-bf", "0"))
    media.ffmpeg("-i", whole, "-c", "copy", "-f", "segment", "-segment_times", "2",
                 "-reset_timestamps", "1", folder / "GX0%d0077.MP4")  # fmt: skip
    return sorted(folder.glob("*.MP4"))


def test_take_in_two_files_has_one_clock(parts: list[Path]) -> None:
    take = join_chapters([probe(part) for part in parts])
    assert take.duration == pytest.approx(4.0, abs=0.05)
    assert take.size == sum(part.stat().st_size for part in parts)
    with open_footage(take) as (container, _):
        assert container.format.name == "concat"
    frames = list(read_frames(take, [(1.0, 3.6)], rate=10))
    assert [frame.time for frame in frames] == pytest.approx(np.arange(1.0, 3.61, 0.1), abs=0.04)
    white = [frame.time for frame in frames if frame.small.mean() > 200]
    # Ten frames a second.
    assert FLASH - 0.04 <= white[0] <= FLASH + 0.1
    sound = np.concatenate(list(read_sound(take)))
    assert len(sound) / RATE == pytest.approx(4.0, abs=0.1)


def test_clip_across_two_files_is_in_sync(parts: list[Path], tmp_path: Path) -> None:
    take = join_chapters([probe(part) for part in parts])
    plan = plan_of(parts[0], start=1.2, end=3.8, crop=[(0.0, 0.5, 0.5, 0.3164, 1.0)])
    names = [str(chapter.path) for chapter in take.chapters]
    source = plan.sources[0].model_copy(update={"chapters": names, "size": take.size})
    plan = CutPlan(preset="test", sources=[source], clips=plan.clips)
    clip = render(plan, PRESET, tmp_path / "out")[0]
    frames, sound = pictures(clip.path), samples(clip.path)
    assert len(frames) == round(2.6 * 30)
    assert flash_time(frames) == pytest.approx(FLASH - 1.2, abs=0.05)
    assert beep_time(sound) == pytest.approx(flash_time(frames), abs=0.05)


def test_files_of_different_kinds_are_not_joined(parts: list[Path]) -> None:
    first = probe(parts[0])
    with pytest.raises(FootageError, match="another width than GX000077"):
        join_chapters([first, replace(first, coded_width=1280)])
