"""Sounds without pictures, leveled as those of clips are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from media import ffmpeg
from numpy.typing import NDArray

from btsclip.media.footage import Footage
from btsclip.plan.model import Clip, Lane, Span
from btsclip.presets.schema import Preset
from btsclip.render.loudness import LeveledSound
from btsclip.render.mix import make_sound

SECONDS = 4.0
PRESET = Preset()


def sound_footage(path: Path, seconds: float = SECONDS) -> Footage:
    """What is known of a WAV file of `seconds` at 48 kHz."""
    return Footage(
        path=path, duration=seconds, width=2, height=2, fps=30, vfr=False, rotation=0, hdr=None,
        has_audio=True, created=None, coded_width=2, coded_height=2, bit_depth=8, codec="",
        video_stream=0, audio_stream=0, audio_rate=48000, audio_channels=1, size=1,
        keyframe_interval=1.0,
    )  # fmt: skip


def level_sounds(
    sounds: Mapping[str, str],
    folder: Path,
    preset: Preset = PRESET,
    seconds: float = SECONDS,
    lanes: Sequence[Lane] = (),
    **span: Any,
) -> LeveledSound:
    """Level the clip of a span of `seconds` of every one of `sounds`, lavfi graphs by name."""
    footage = {}
    for name, graph in sounds.items():
        path = folder / f"{name}.wav"
        # With 24 bits, the rounding is far below any noise.
        ffmpeg("-f", "lavfi", "-i", graph, "-t", str(seconds), "-c:a", "pcm_s24le", path)
        footage[name] = sound_footage(path, seconds)
    spans = [Span(source=name, start=0, end=seconds, layout="fit-blur", **span) for name in sounds]
    clip = Clip(id="a", kind="process", score=1, why="", spans=spans, lanes=list(lanes))
    return make_sound(footage, clip, preset, folder, clip.seconds_shown)


def level_in(sound: NDArray[np.float32], spans: Sequence[tuple[float, float]]) -> float:
    """RMS in dBFS of the sound (n, 2) at 48 kHz within `spans` in seconds."""
    parts = [sound[round(start * 48_000) : round(end * 48_000)] for start, end in spans]
    return float(10 * np.log10(np.square(np.concatenate(parts), dtype=float).mean() + 1e-13))
