from __future__ import annotations

from itertools import accumulate

import numpy as np
import pytest
from hypothesis import assume, given, settings, strategies as st

from btsclip.story.lengths import MAX_MISS_SECONDS, TimelineSlot, fit_frames, share_out

FPS = 30


@st.composite
def slots(draw: st.DrawFn) -> list[TimelineSlot]:
    made = []
    for _ in range(draw(st.integers(1, 16))):
        max_seconds = draw(st.floats(1.5, 6.0))
        group = draw(st.sampled_from(["process", "process", "process", "product", "people"]))
        made.append(TimelineSlot(1.5, max_seconds, draw(st.floats(0.05, 1)), group))
    return made


@given(slots(), st.floats(6, 90))
def test_lengths_keep_their_limits_and_the_total(made: list[TimelineSlot], seconds: float) -> None:
    lengths = share_out(made, seconds, {})
    for slot, length in zip(made, lengths, strict=True):
        assert slot.min_seconds - 1e-9 <= length <= max(slot.min_seconds, slot.max_seconds) + 1e-9
    low, high = (
        sum(s.min_seconds for s in made),
        sum(max(s.min_seconds, s.max_seconds) for s in made),
    )
    assert sum(lengths) == pytest.approx(min(max(seconds, low), high), abs=1e-3)


@given(slots(), st.floats(6, 90))
def test_no_group_gets_more_than_its_share(made: list[TimelineSlot], seconds: float) -> None:
    shares = {"product": 0.12, "people": 0.2}
    lengths = share_out(made, seconds, shares)
    total = min(seconds, sum(lengths))
    for group, share in shares.items():
        members = [(s, n) for s, n in zip(made, lengths, strict=True) if s.group == group]
        # No slot is shorter than its minimum.
        min_total = sum(slot.min_seconds for slot, _ in members)
        assert sum(length for _, length in members) <= max(min_total, share * total) + 0.01


@settings(max_examples=60, deadline=None)
@given(slots(), st.floats(0, 1))
def test_frames_make_the_asked_length_exactly(made: list[TimelineSlot], share: float) -> None:
    low = sum(s.min_seconds for s in made) + 0.2 * len(made)
    high = sum(s.max_seconds for s in made) - 0.1 * len(made)
    assume(low <= high)
    seconds = low + share * (high - low)
    ideal = share_out(made, seconds, {})
    frames = fit_frames(made, ideal, seconds, FPS)
    assert frames is not None
    assert abs(sum(frames) / FPS - seconds) <= 1 / FPS
    for slot, count in zip(made, frames, strict=True):
        assert slot.min_seconds - 1e-6 <= count / FPS <= slot.max_seconds + 1e-6


def beats(bpm: float, drift: float, seconds: float) -> list[float]:
    times, at = [], 0.37
    while at < seconds:
        times.append(at)
        at += 60 / (bpm + drift * at / seconds)
    return times


@settings(max_examples=30, deadline=None)
@given(st.floats(70, 150), st.floats(-12, 12), st.integers(4, 14))
def test_cuts_fall_on_beats_and_the_total_is_kept(bpm: float, drift: float, count: int) -> None:
    seconds = 3.2 * count
    music = beats(bpm, drift, seconds + 1)
    made = [TimelineSlot(1.5, 6.0, 1.0, "process")] * count
    frames = fit_frames(made, share_out(made, seconds, {}), seconds, FPS, music)
    assert frames is not None
    assert abs(sum(frames) / FPS - seconds) <= MAX_MISS_SECONDS + 1e-6
    for border in list(accumulate(frames))[:-1]:
        assert min(abs(border / FPS - beat) for beat in music) <= 0.5 / FPS + 1e-6


def test_card_need_not_end_on_a_beat_but_the_span_before_does() -> None:
    music = beats(120, 0, 20)
    made = [
        TimelineSlot(1.5, 6, 1),
        TimelineSlot(1.2, 1.9, 0.001, free=True),
        TimelineSlot(1.5, 6, 1),
        TimelineSlot(1.5, 6, 1),
    ]
    frames = fit_frames(made, [4.0, 1.2, 4.0, 4.0], 13.2, FPS, music)
    assert frames is not None
    ends = [end / FPS for end in accumulate(frames)]
    for border in (ends[0], ends[2]):
        assert min(abs(border - beat) for beat in music) <= 0.5 / FPS + 1e-6
    assert 1.2 <= frames[1] / FPS <= 1.9


def test_only_allowed_lengths_are_used() -> None:
    allowed = np.zeros(181, bool)
    allowed[[50, 100]] = True
    made = [TimelineSlot(1.5, 6, 1, allowed=allowed), TimelineSlot(1.5, 6, 1)]
    frames = fit_frames(made, [3.0, 3.0], 6.0, FPS)
    assert frames is not None and frames[0] in (50, 100)
    assert sum(frames) == 180


def test_story_without_enough_material_is_as_long_as_possible() -> None:
    frames = fit_frames([TimelineSlot(1.5, 2, 1)] * 3, [2.0] * 3, 30.0, FPS)
    assert frames == [60, 60, 60]
    assert fit_frames([TimelineSlot(1.5, 2, 1)] * 3, [2.0] * 3, 2.0, FPS) is None
