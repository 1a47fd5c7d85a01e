"""Takes, analyses and pieces with known contents for tests of stories, without files."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from made_signals import signals

from btsclip.analysis.analysis import Analysis
from btsclip.media.footage import Footage
from btsclip.moments.belief import process_belief
from btsclip.moments.find import find_moments
from btsclip.moments.select import Cut
from btsclip.signals.model import Signals
from btsclip.story.pieces import StoryPiece

DAY = datetime(2026, 5, 3, 9, tzinfo=timezone.utc)


def footage(name: str, duration: float = 30.0, minutes: float | None = None) -> Footage:
    """A take that began `minutes` after nine, or without a clock."""
    created = None if minutes is None else DAY + timedelta(minutes=minutes)
    return Footage(
        Path(f"/shoot/{name}"), duration, 1280, 720, 30.0, False, 0, None, True, created, 1280, 720,
        8, "h264", 0, 1, 48000, 2, 1000, 1.0,
    )  # fmt: skip


def piece(
    take: Footage,
    start: float,
    end: float,
    kind: str = "process",
    *,
    action: str | None = None,
    room: tuple[float, float] | None = None,
    score: float = 0.9,
    look: int | None = None,
    **figures: float,
) -> StoryPiece:
    """A piece of `take`; pieces with the same `look` look the same."""
    seed = crc32(f"{take.path.name} {start:.3f}".encode()) if look is None else look
    thumb = np.random.default_rng(seed).uniform(0, 255, (9, 16))
    evidence = {"hands_share": 1.0 if kind == "process" else 0.0, **figures}
    cut = Cut(take, start, end, kind, action, score, evidence, "a test", thumb)
    return StoryPiece(cut, room or (start, end), dict(evidence))


def analysis(take: Footage, made: Signals | None = None, **changes: Any) -> Analysis:
    """The analysis of `take`, which shows work all through unless `made` says otherwise."""
    made = made or signals(take.duration, ((0, take.duration),))
    made = replace(made, **changes)
    return Analysis(take, made, process_belief(made), find_moments(made, take.duration))
