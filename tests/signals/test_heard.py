from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from btsclip.media.sound import RATE
from btsclip.signals.sound import measure_sound

STEP = 0.25


def blows(a_second: float, seconds: float = 8.0, strength: float = 0.3) -> np.ndarray:
    """A quiet room in which something is struck `a_second` times each second."""
    random = np.random.default_rng(5)
    sound = random.normal(0, 0.0005, int(seconds * RATE))
    blow = strength * random.normal(size=800) * np.exp(-np.arange(800) / 120)
    for at in np.arange(0.1, seconds - 0.1, 1 / a_second):
        sound[int(at * RATE) : int(at * RATE) + 800] += blow
    return sound.astype(np.float32)


@pytest.mark.parametrize("rate", [1.0, 3.0, 5.0])
def test_blows_are_counted(rate: float) -> None:
    heard = measure_sound([blows(rate)], 32, STEP)
    assert heard.onsets.sum() == pytest.approx(7.8 * rate, abs=2)


def test_silence_has_no_level_and_no_onsets() -> None:
    heard = measure_sound([np.zeros(8 * RATE, np.float32)], 32, STEP)
    assert heard.level.max() == 0 and heard.onsets.sum() == 0


def test_no_sound_at_all_gives_zeros() -> None:
    assert measure_sound([], 4, STEP).level.tolist() == [0, 0, 0, 0]


def test_sizzle_is_brighter_than_a_hum() -> None:
    time = np.arange(2 * RATE) / RATE
    hum = (0.1 * np.sin(2 * np.pi * 120 * time)).astype(np.float32)
    hiss = np.diff(np.random.default_rng(2).normal(0, 0.05, 2 * RATE + 1)).astype(np.float32)
    assert measure_sound([hiss], 8, STEP).brightness.min() > 0.5
    assert measure_sound([hum], 8, STEP).brightness.max() < 0.05


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(1, 40_000), min_size=1, max_size=6))
def test_how_the_sound_is_cut_into_pieces_does_not_matter(cuts: list[int]) -> None:
    sound = blows(2.0, 4.0)
    edges = sorted({0, len(sound), *(c for c in np.cumsum(cuts) if c < len(sound))})
    pieces = [sound[a:b] for a, b in itertools.pairwise(edges)]
    whole, cut = measure_sound([sound], 16, STEP), measure_sound(pieces, 16, STEP)
    assert np.allclose(whole.level, cut.level) and np.allclose(whole.onsets, cut.onsets)
