"""Stills have the requested times, wherever the keyframes are."""

from __future__ import annotations

import numpy as np
import pytest
from media import FLASH, FLASH_LENGTH, Media

from btsclip.media.probing import probe
from btsclip.media.stills import read_stills


@pytest.mark.parametrize(
    "name", ["plain.mp4", "long_gop.mp4", "starts_late.mkv", "starts_late.ts", "vfr.mp4"]
)
def test_flash_is_found_at_its_time(name: str, media: Media) -> None:
    footage = probe(media(name))
    times = (0.3, FLASH + 0.5 * FLASH_LENGTH, FLASH + FLASH_LENGTH + 0.2)
    stills = list(read_stills(footage, [(time, time) for time in times], 320))
    bright = [still is not None and int(np.min(still.pixels)) > 200 for still in stills]
    assert bright == [False, True, False]
    for time, still in zip(times, stills, strict=True):
        assert still is not None and max(still.pixels.shape) == 320
        assert still.time == pytest.approx(time, abs=1.1 if name == "vfr.mp4" else 0.1)


def test_keyframe_in_the_span_is_used(media: Media) -> None:
    footage = probe(media("plain.mp4"))
    (still,) = read_stills(footage, [(0.9, 1.3)], 160)
    # Keyframes are at 0, 1 and 2 s.
    assert still is not None and still.time == pytest.approx(1.0, abs=0.02)


def test_last_frame_is_used_past_the_end(media: Media) -> None:
    footage = probe(media("plain.mp4"))
    stills = read_stills(footage, [(2.0, 2.0), (9.0, 9.0), (90.0, 90.0)], 160)
    assert [still and round(still.time, 1) for still in stills] == [2.0, 2.5, 2.5]
