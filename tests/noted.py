"""A take, a cut of it and notes on it, without any file."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import numpy as np

from btsclip.media.footage import Footage
from btsclip.moments.select import Cut
from btsclip.notes.model import Notes

BEGAN = datetime(2026, 11, 1, 8, tzinfo=timezone.utc)
FOLD = {"name": "Fold", "take": "a.mp4", "start": 12, "end": "0:30", "note": "It tears less"}


def footage(path: Path, created: datetime | None = BEGAN) -> Footage:
    return Footage(
        path=path, duration=600, width=1920, height=1080, fps=30, vfr=False, rotation=0, hdr=None,
        has_audio=True, created=created, coded_width=1920, coded_height=1080, bit_depth=8,
        codec="h264", video_stream=0, audio_stream=1, audio_rate=48000, audio_channels=2, size=1,
        keyframe_interval=1.0,
    )  # fmt: skip


def cut_of(take: str = "a.mp4", **changes: Any) -> Cut:
    cut = Cut(
        footage(Path("/takes") / take), 10.0, 20.0, "process", "knead", 0.9, {}, "", np.zeros(1)
    )
    return replace(cut, **changes)


def notes(**values: Any) -> Notes:
    return Notes.model_validate(values)
