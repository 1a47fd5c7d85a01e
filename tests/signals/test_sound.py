from __future__ import annotations

import itertools
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from btsclip.media.probing import probe
from btsclip.media.sound import RATE, read_sound
from btsclip.signals.sound import SoundSignals, measure_sound

STEP = 0.25
SAMPLE = Path(__file__).parents[2] / "samples" / "kitchen.mp4"
FOOTAGE = Path(__file__).parents[3] / "shared" / "footage"
CUES = [field.name for field in fields(SoundSignals)]


def measure(sound: np.ndarray) -> SoundSignals:
    return measure_sound([sound.astype(np.float32)], int(np.ceil(len(sound) / RATE / STEP)), STEP)


def measure_take(path: Path) -> SoundSignals:
    footage = probe(path)
    return measure_sound(read_sound(footage), int(np.ceil(footage.duration / STEP)), STEP)


@pytest.fixture(scope="module")
def sample() -> SoundSignals:
    return measure_take(SAMPLE)


def room(seconds: float, strength: float = 0.0005) -> np.ndarray:
    return np.random.default_rng(5).normal(0, strength, int(seconds * RATE))


def add_blow(sound: np.ndarray, at: float, strength: float, decay: float = 0.0075) -> None:
    """Add a blow of noise that falls to a third every `decay` seconds."""
    count = int(8 * decay * RATE)
    noise = np.random.default_rng(int(at * 1000)).normal(size=count)
    start = int(at * RATE)
    sound[start : start + count] += strength * noise * np.exp(-np.arange(count) / RATE / decay)


def striking(a_second: float, seconds: float = 8.0, strength: float = 0.3) -> np.ndarray:
    """A quiet room with `a_second` blows each second."""
    sound = room(seconds)
    random = np.random.default_rng(9)
    for at in np.arange(0.1, seconds - 0.1, 1 / a_second):
        add_blow(sound, at, strength * 10 ** (random.normal(0, 1.5) / 20))
    return sound.astype(np.float32)


def frying(seconds: float, strength: float = 0.03) -> np.ndarray:
    """Crackling noise above about 3 kHz."""
    random = np.random.default_rng(2)
    noise = np.diff(np.diff(random.normal(size=int(seconds * RATE) + 2)))
    crackle = (random.random(len(noise)) < 0.001) * random.random(len(noise))
    rough = 1 + 6 * np.convolve(crackle, np.exp(-np.arange(160) / 30), "same")
    return strength * noise / noise.std() * rough


def chords(seconds: float) -> np.ndarray:
    """Two bright chords a second that ring on."""
    sound = np.zeros(int(seconds * RATE))
    time = np.arange(RATE) / RATE
    for i, root in enumerate(itertools.islice(itertools.cycle([220, 330, 247]), int(2 * seconds))):
        tones = sum(np.sin(2 * np.pi * root * k * time) / k for k in (1, 1.26, 1.5, 6, 9, 12, 15))
        part = sound[i * RATE // 2 :][:RATE]
        part += (0.1 * tones * np.exp(-2 * time))[: len(part)]
    return sound


@pytest.mark.parametrize("rate", [1.0, 3.0, 5.0])
def test_blows_are_counted(rate: float) -> None:
    assert measure(striking(rate)).onsets.sum() == pytest.approx(7.8 * rate, abs=2)


def test_blows_are_counted_beside_steady_noise() -> None:
    sound = np.concatenate([striking(3.0), room(8) + frying(8, 0.05)])
    assert measure(sound).onsets[:28].sum() == measure(striking(3.0)).onsets[:28].sum() > 15


def test_silence_has_no_signals() -> None:
    silent = measure(np.zeros(8 * RATE))
    assert all(getattr(silent, cue).max() == 0 for cue in CUES)


@pytest.mark.parametrize("pieces", [[], [np.zeros(0, np.float32)]])
def test_take_without_sound_gives_zeros(pieces: list[np.ndarray]) -> None:
    nothing = measure_sound(pieces, 4, STEP)
    assert all(getattr(nothing, cue).tolist() == [0, 0, 0, 0] for cue in CUES)


def test_frying_is_found_in_its_seconds() -> None:
    sound = room(12)
    sound[4 * RATE : 8 * RATE] += frying(4)
    sizzle = measure(sound).sizzle
    assert sizzle[17:31].min() > 0.9
    assert sizzle[:15].max() == 0 and sizzle[33:].max() == 0


def test_frying_is_found_under_chopping_from_the_first_step() -> None:
    sizzle = measure(frying(8) + striking(3.0)).sizzle
    assert sizzle.min() > 0.8


@pytest.mark.parametrize(
    "sound",
    [
        room(6),
        striking(5.0),
        chords(6),
        0.2 * np.sin(2 * np.pi * 4000 * np.arange(6 * RATE) / RATE),
    ],
    ids=["hiss of a quiet room", "chopping", "chords", "whistle"],
)
def test_other_high_sounds_are_not_frying(sound: np.ndarray) -> None:
    assert measure(sound).sizzle.max() < 0.1


def test_short_noise_in_digital_silence_is_not_frying() -> None:
    sound = np.zeros(6 * RATE)
    sound[3 * RATE :][: RATE // 4] = frying(1)[: RATE // 4]
    assert measure(sound).sizzle.max() < 0.1


def test_dropped_thing_is_a_clatter() -> None:
    sound = room(12)
    for after, strength in ((0.0, 0.4), (0.25, 0.2), (0.45, 0.1)):
        add_blow(sound, 6.1 + after, strength, decay=0.06)
    clatter = measure(sound).clatter
    assert clatter[24] > 0.9 and np.delete(clatter, 24).max() == 0


def test_dropped_thing_during_chopping_is_a_clatter() -> None:
    sound = striking(3.0, 12.0, 0.1)
    add_blow(sound, 6.3, 0.6, decay=0.06)
    clatter = measure(sound).clatter
    assert clatter[25] > 0.9 and np.delete(clatter, 25).max() < 0.1


@pytest.mark.parametrize("rate", [0.7, 1.0, 3.0, 5.0])
@pytest.mark.parametrize("quiet", [0, 4], ids=["from the start", "after a quiet room"])
def test_chopping_is_not_a_clatter(rate: float, quiet: int) -> None:
    assert measure(np.concatenate([room(quiet), striking(rate, 10.0)])).clatter[:-4].max() < 0.2


def test_louder_scene_is_not_a_clatter() -> None:
    assert measure(np.concatenate([room(5), room(5, 0.1)])).clatter.max() == 0
    assert measure(np.concatenate([room(5), chords(5)])).clatter.max() == 0


def test_sound_at_the_beginning_is_not_a_clatter() -> None:
    sound = room(6)
    add_blow(sound, 0.3, 0.5, decay=0.06)
    assert measure(sound).clatter.max() == 0


def test_sample_has_its_known_sounds(sample: SoundSignals) -> None:
    """3.2 chops a second from 14 to 23 s, a spoon falls at 24.88 s, frying from 30 to 38 s."""
    assert sample.onsets[56:91].mean() / STEP == pytest.approx(3.2, abs=0.4)
    assert sample.clatter[99] > 0.5 and np.delete(sample.clatter, 99).max() < 0.1
    assert sample.sizzle[121:151].min() > 0.9
    assert sample.sizzle[:119].max() < 0.1 and sample.sizzle[154:].max() < 0.1


@pytest.mark.skipif(not FOOTAGE.exists(), reason="the labeled takes are missing")
def test_real_kitchen_has_frying_and_no_clatter() -> None:
    sound = measure_take(FOOTAGE / "talk_and_toss.mp4")
    assert sound.clatter.max() < 0.1
    # A wok is tossed from 16.5 to 19.5 s; elsewhere there is only the room, or nothing.
    assert sound.sizzle[66:78].max() > 0.5 and np.delete(sound.sizzle, slice(60, 82)).max() < 0.1


MIX = np.concatenate([striking(2.0, 4.0), room(2) + frying(2), room(2)]).astype(np.float32)
add_blow(MIX, 7.3, 0.5, decay=0.06)


@pytest.mark.slow
@settings(max_examples=8, deadline=None)
@given(st.lists(st.integers(1, 40_000), min_size=1, max_size=6))
def test_result_does_not_depend_on_the_pieces(cuts: list[int]) -> None:
    edges = sorted({0, len(MIX), *(int(c) for c in np.cumsum(cuts) if c < len(MIX))})
    pieces = [MIX[a:b] for a, b in itertools.pairwise(edges)]
    whole, cut = measure(MIX), measure_sound(pieces, 32, STEP)
    for cue in CUES:
        assert np.allclose(getattr(whole, cue), getattr(cut, cue)), cue


@pytest.mark.slow
@settings(max_examples=8, deadline=None)
@given(before=st.integers(0, 40), after=st.integers(0, 100_000))
def test_silence_before_shifts_and_silence_after_is_ignored(before: int, after: int) -> None:
    whole = measure(MIX)
    quiet = measure(np.concatenate([np.zeros(before * 4000), MIX, np.zeros(after)]))
    for cue in CUES:
        assert np.allclose(getattr(whole, cue), getattr(quiet, cue)[before:][:32]), cue


def test_noise_at_the_ends_changes_nothing_inside() -> None:
    inside = np.concatenate([room(6), MIX, room(6)])
    noise = room(10, 0.02)
    plain, noisy = measure(inside), measure(np.concatenate([noise, inside, noise]))
    for cue in set(CUES) - {"voice"}:
        part = slice(20, 60)
        assert np.allclose(getattr(plain, cue)[part], getattr(noisy, cue)[40:][part]), cue


def test_sound_after_the_last_step_is_ignored() -> None:
    short = measure_sound([np.concatenate([MIX, frying(3)]).astype(np.float32)], 20, STEP)
    whole = measure(MIX)
    assert len(short.level) == 20 and np.allclose(short.level, whole.level[:20])
