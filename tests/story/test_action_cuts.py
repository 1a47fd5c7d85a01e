from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from made_signals import signals

from btsclip.signals.model import STEP
from btsclip.story.action_cuts import (
    MIN_SPEECH_VOICE,
    PlacementField,
    ignore_speech,
    make_field,
    place_spans,
    voice_at,
)

FPS = 30
WORK = np.ones(400)


def field(
    voice: np.ndarray | None = None, motion: np.ndarray | None = None, **changes
) -> PlacementField:
    made = signals(
        30, ((0, 30),), **({} if voice is None else {"voice": voice}),
        **({} if motion is None else {"motion": motion, "hand_motion": motion}),
    )  # fmt: skip
    return make_field(made, np.ones(len(made.times)), changes.pop("room", (2.0, 20.0)), 1 / FPS,
                    **changes)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.floats(0, 28), st.floats(0.3, 2.0)), max_size=8),
    st.lists(st.integers(45, 150), min_size=1, max_size=4),
)
def test_no_cut_falls_into_speech(spoken: list[tuple[float, float]], lengths: list[int]) -> None:
    made = signals(30, ((0, 30),))
    voice = np.zeros(len(made.times))
    for start, seconds in spoken:
        # Any speech in a step marks the whole step.
        voice[int(start / STEP) : int((start + seconds) / STEP) + 1] = 0.9
    fields = [field(voice, room=(2.0 + 0.2 * i, 20.0)) for i in range(len(lengths))]
    allowed = [f.allowed(n)[n] for f, n in zip(fields, lengths, strict=True)]
    fields = [f for f, can in zip(fields, allowed, strict=True) if can]
    lengths = [n for n, can in zip(lengths, allowed, strict=True) if can]
    if not fields:
        return
    for where, begin, frames in zip(fields, place_spans(fields, lengths), lengths, strict=True):
        for cut in (begin, begin + frames):
            time = where.start + cut * where.step
            assert not any(start < time < start + seconds for start, seconds in spoken)


def test_known_words_are_kept_whole_without_a_voice() -> None:
    spoken = [(4.2, 9.3), (9.6, 12.1)]
    where = field(spoken=spoken, room=(2.0, 14.0))
    for frames in (60, 100, 160):
        (begin,) = place_spans([where], [frames])
        for time in (where.start + begin / FPS, where.start + (begin + frames) / FPS):
            assert not any(start < time < end for start, end in spoken)


def test_constant_speech_allows_no_length_unless_speech_is_ignored() -> None:
    where = field(np.full(120, 0.9))
    assert not where.allowed(90).any()
    assert ignore_speech(where).allowed(90)[45:].all()


def test_voice_counts_in_its_step_and_near_it() -> None:
    voice = np.zeros(120)
    voice[40] = 0.9
    made = signals(30, voice=voice)
    at = np.array([9.8, 9.95, 10.1, 10.3, 10.4])
    assert (voice_at(made, at) >= MIN_SPEECH_VOICE).tolist() == [False, True, True, True, False]


def test_cuts_fall_on_peaks_and_rests() -> None:
    times = np.arange(120) * STEP
    # A stroke every two seconds.
    motion = 0.1 + 0.1 * np.cos(np.pi * times)
    fields = [field(motion=motion, room=(2.0 + i, 14.0 + i)) for i in range(5)]
    lengths = [60, 75, 90, 105, 120]
    cuts = []
    for where, begin, frames in zip(fields, place_spans(fields, lengths), lengths, strict=True):
        cuts += [where.start + begin / FPS, where.start + (begin + frames) / FPS]
    # Extremes are a second apart, so by chance half of all cuts would be 0.25 s away or more.
    off = [abs(cut - round(cut)) for cut in cuts]
    assert np.mean(off) < 0.13 and sorted(off)[len(off) // 2] < 0.1


def test_a_span_that_ends_in_movement_is_followed_by_movement() -> None:
    times = np.arange(120) * STEP
    motion = 0.1 + 0.1 * np.cos(np.pi * times)
    fields = [field(motion=motion, room=(2.0, 14.0)) for _ in range(6)]
    lengths = [60] * 6
    begins = place_spans(fields, lengths)
    for before, after in pairwise(begins):
        assert abs(fields[0].level[before + 60] - fields[0].level[after]) < 0.3


def test_even_movement_has_no_peaks() -> None:
    assert field(motion=np.full(120, 0.1)).level == pytest.approx(0.5)


def test_best_part_of_the_room_is_shown() -> None:
    made = signals(30, ((0, 30),))
    belief = np.where((made.times >= 9) & (made.times < 12), 1.0, 0.4)
    where = make_field(made, belief, (2.0, 20.0), 1 / FPS)
    (begin,) = place_spans([where], [90])
    assert where.start + begin / FPS == pytest.approx(9, abs=0.4)


def test_span_shows_the_mishap() -> None:
    where = field(within=(15.0, 16.5))
    for frames in (45, 60, 120):
        (begin,) = place_spans([where], [frames])
        start = where.start + begin / FPS
        assert start <= 15.0 + 1e-6 and start + frames / FPS >= 16.5 - 1e-6
