from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest
from media import Media, ffmpeg

from btsclip.media.channels import LAYOUTS, ChannelMeter, to_stereo
from btsclip.media.probing import probe
from btsclip.media.sound import RATE, meter_of, read_sound

SECONDS = 20


def speech(seconds: float = SECONDS, level: float = 0.1, seed: int = 1) -> np.ndarray:
    """Noise that comes and goes as speech does."""
    times = np.arange(int(seconds * RATE)) / RATE
    loud = np.clip(np.sin(2 * np.pi * 0.4 * times), 0.01, 1)
    return np.random.default_rng(seed).normal(0, level, len(times)) * loud


def room(level: float, seed: int = 2) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, level, SECONDS * RATE)


def channel_of(layout: str, **channels: np.ndarray) -> int | None:
    """The chosen channel if the channels that are not given are silent."""
    silence = np.zeros(SECONDS * RATE)
    samples = np.stack([channels.get(name, silence) for name in LAYOUTS[layout]], axis=1)
    meter = ChannelMeter(layout)
    for piece in np.array_split(samples.astype(np.float32), 3):
        meter.add(piece)
    chosen = meter.one_channel()
    return chosen.number if chosen else None


def test_voice_on_one_side_is_found_despite_hiss_and_crosstalk() -> None:
    voice = speech()
    assert channel_of("stereo", FL=voice) == 0
    assert channel_of("stereo", FL=voice * 0.005 + room(0.0002), FR=voice) == 1


def test_different_sides_are_kept() -> None:
    voice = speech()
    assert channel_of("stereo", FL=voice, FR=speech(seed=7)) is None
    assert channel_of("stereo", FL=voice, FR=voice * 0.1) is None
    # A pan falls on the left; the room is audible on both sides.
    bang = room(0.003)
    bang[RATE : RATE + RATE // 2] += 0.5
    assert channel_of("stereo", FL=bang, FR=room(0.003, 4)) is None


def test_side_with_sound_in_part_of_the_take_is_kept() -> None:
    late = speech(seed=5)
    late[: -5 * RATE] = 0
    assert channel_of("stereo", FL=speech(), FR=late) is None


def test_silent_take_has_no_channel_to_choose() -> None:
    assert channel_of("stereo", FL=room(0.0002)) is None
    assert channel_of("stereo") is None


def test_opposite_phase_is_found_despite_noise_and_unequal_levels() -> None:
    voice = speech()
    assert channel_of("stereo", FL=voice, FR=-voice) == 0
    assert channel_of("stereo", FL=-0.5 * voice + room(0.01), FR=voice) == 1
    # Two microphones at a distance: some of the sound comes late.
    assert channel_of("stereo", FL=voice, FR=-np.roll(voice, 300)) is None


@pytest.mark.parametrize("name", ["FL", "LFE", "SR"])
def test_the_only_live_channel_of_surround_is_found(name: str) -> None:
    assert channel_of("5.1(side)", **{name: speech()}) == LAYOUTS["5.1(side)"].index(name)


def test_surround_audible_on_both_sides_is_kept() -> None:
    assert channel_of("5.1", FC=speech()) is None
    assert channel_of("5.1", FL=speech(), BR=speech(seed=3)) is None


def test_stereo_of_surround_equals_that_of_ffmpeg(tmp_path: Path) -> None:
    levels = "|".join(f"{0.1 * k}*sin({300 * k}*t)" for k in range(1, 7))
    surround, stereo = tmp_path / "surround.wav", tmp_path / "stereo.wav"
    ffmpeg("-f", "lavfi", "-i", f"aevalsrc={levels}:c=5.1:s={RATE}:d=1", surround)
    ffmpeg("-i", surround, "-ac", "2", stereo)
    with av.open(str(surround)) as source, av.open(str(stereo)) as mix:
        channels, expected = (
            np.concatenate([f.to_ndarray().reshape(-1, n) for f in c.decode(audio=0)]) / 32768
            for c, n in ((source, 6), (mix, 2))
        )
    assert np.abs(to_stereo(channels, "5.1") - expected).max() < 0.001


@pytest.mark.parametrize(
    ("pan", "number"),
    [("stereo|c0=c0|c1=0*c0", 0), ("stereo|c0=c0|c1=-1*c1", 0), ("5.1|LFE=c0", 3)],
)
def test_silent_and_cancelling_channels_are_not_mixed_in(
    media: Media, tmp_path: Path, pan: str, number: int
) -> None:
    path = tmp_path / "take.mkv"
    ffmpeg(
        "-i", media("plain.mp4"), "-c:v", "copy", "-af", f"pan={pan}", "-c:a", "flac", path
    )  # fmt: skip
    original = np.concatenate(list(read_sound(probe(media("plain.mp4")))))
    footage = probe(path)
    meter = meter_of(footage)
    read = np.concatenate(list(read_sound(footage, meter)))
    chosen = meter.one_channel()
    assert chosen and chosen.number == number
    assert np.abs(read).max() == pytest.approx(np.abs(original).max(), rel=0.05)
