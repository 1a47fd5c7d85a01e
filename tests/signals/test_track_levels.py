"""Figures of microphones that hear the same voice."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from track_takes import microphone, recorded, voice

from btsclip.media.probing import probe
from btsclip.signals.track_levels import MAX_SECONDS, TrackLevels, measure_tracks, parts_of

SILENCE = np.zeros(len(voice()), np.float32)
# Samples at 48 kHz: 0.2 ms, as between the microphones of a camera, and 3 ms, as between a
# lavalier and a boom.
NEAR = 10
FAR = 144


def measured(folder: Path, *sounds: np.ndarray, options: tuple[str, ...] = ()) -> TrackLevels:
    return measure_tracks(probe(recorded(folder / "take.mov", sounds, *options)))


def test_voice_noise_and_silence_are_told_apart(tmp_path: Path) -> None:
    hiss = np.asarray(np.random.default_rng(3).normal(0, 0.05, len(SILENCE)), np.float32)
    loud = np.clip(microphone(gain=30), -1, 1)
    levels = measured(tmp_path, microphone(), hiss, SILENCE, loud)
    assert levels.numbers.tolist() == [1, 2, 3, 4]
    assert (levels.level > -60).tolist() == [True, True, False, True]
    # Hiss of 0.05, halved by the lower rate.
    assert levels.floor[1] == pytest.approx(-31, abs=1)
    assert levels.level[0] - levels.floor[0] > 30 > 2 > levels.level[1] - levels.floor[1]
    assert levels.speech[0] > 0.4 and levels.speech[1] < 0.02
    assert (levels.clipped > 0.001).tolist() == [False, False, False, True]


@pytest.mark.parametrize(
    ("delay", "gain", "seed", "is_pair"),
    [(NEAR, -1.0, 2, True), (FAR, -1.0, 2, False), (NEAR, -12.0, 2, False), (0, 0.0, 1, False)],
    ids=["stereo", "two places", "two levels", "copy"],
)
def test_pair_is_near_and_alike_but_no_copy(
    tmp_path: Path, delay: int, gain: float, seed: int, is_pair: bool
) -> None:
    levels = measured(tmp_path, microphone(), microphone(gain, delay, seed=seed))
    assert levels.pairs.tolist() == ([[1, 2]] if is_pair else [])
    assert (levels.same_as[1] == 1) == (not delay)


def test_titles_say_what_is_left_and_right(tmp_path: Path) -> None:
    names = ("-metadata:s:a:0", "title=Boom L", "-metadata:s:a:1", "title=Boom R")
    sounds = microphone(), microphone(-8.0, FAR)
    assert measured(tmp_path, *sounds, options=names).pairs.tolist() == [[1, 2]]


def test_long_takes_are_read_in_parts() -> None:
    assert parts_of(30.0) == [(0.0, 30.0)]
    parts = parts_of(3600.0)
    assert sum(end - start for start, end in parts) == pytest.approx(MAX_SECONDS)
    assert parts[0][0] == 0.0 and parts[-1][1] == pytest.approx(3600.0)
