"""Interlaced takes are known as such, and analysis gets pictures of one time."""

from __future__ import annotations

from pathlib import Path

import interlaced_media
import pytest
from interlaced_media import combing
from media import Media
from quick import mostly_slow

from btsclip.media.frames import read_every_frame
from btsclip.media.probing import probe
from btsclip.media.stills import read_stills

SCANS = {
    "h264_top": "top", "h264_bottom": "bottom", "hdv": "top", "mxf": "top", "dv": "bottom",
    "prores": "top", "segmented": "segmented", "progressive": "progressive", "unflagged": "top",
}  # fmt: skip
MAX_COMBS = 2.0


@pytest.mark.parametrize("kind", mostly_slow(SCANS, "dv", "segmented", "unflagged"))
def test_scan_is_found(kind: str, tmp_path: Path) -> None:
    footage = probe(interlaced_media.path_of(tmp_path, kind))
    assert (footage.scan, footage.scan_flagged) == (SCANS[kind], kind != "unflagged")
    frames = read_every_frame(footage, (0.1, 1.0))
    assert max(combing(frame.image) for frame in frames) < MAX_COMBS
    stills = read_stills(footage, [(0.3, 0.35), (0.6, 0.65)], 1280)
    assert max(combing(still.pixels) for still in stills if still) < MAX_COMBS


def test_still_scene_is_interlaced_as_flagged(tmp_path: Path) -> None:
    """Nothing moves, so only the flag is known."""
    path = tmp_path / "still.mp4"
    interlaced_media.write(path, "h264_bottom", speed=0)
    assert probe(path).scan == "bottom"


def test_ordinary_takes_are_progressive(media: Media) -> None:
    assert probe(media("plain.mp4")).scan == "progressive"
