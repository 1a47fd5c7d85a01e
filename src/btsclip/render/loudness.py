"""The clip's sound: measured after EBU R 128, set, measured again as it will be

The clip's sound is taken from its sources once, as it will be mixed. Its gain is set, it is encoded
to AAC, and what a player will decode is measured; gain and ceiling are corrected until that fits.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import ffmpeg

from btsclip.errors import RenderError
from btsclip.media.footage import Footage
from btsclip.plan.model import Clip
from btsclip.presets.schema import Sound
from btsclip.render import process
from btsclip.render.graph import SOUND

RATE = 48_000
# LUFS below which there is nothing but the room's own noise.
NEAR_SILENCE = -60.0
BITRATE = "192k"
# dB: from the least loudness that is levelled to the usual target.
MOST_GAIN = 46.0
# LU around the target that counts as reached; the promise is 0.5.
TOLERANCE = 0.3
# dB that AAC may add to a peak.
OVERSHOOT = 0.5
# A limiter works on samples; at four times the rate they stand close enough to the true peak.
LIMITER_RATE = 4 * RATE
TRIES = 12
# LU around the target that are promised.
PROMISED = 0.5

MIX = "mix.wav"


@dataclass(frozen=True)
class LoudnessLevel:
    """Integrated loudness in LUFS and true peak in dBTP; -inf for silence."""

    loudness: float
    peak: float


@dataclass(frozen=True)
class SetSound:
    """What was done to the sound: the level before and after, the gain in dB, and a remark.

    `reached` is False for sound that is too quiet to be brought to the target.
    """

    before: LoudnessLevel
    after: LoudnessLevel
    gain: float
    limited: bool
    reached: bool
    note: str


def set_level(
    before: LoudnessLevel, clip: Clip, footage: Mapping[str, Footage], sound: Sound, folder: Path
) -> SetSound:
    """Sets the level of the mix, where there is something to be heard in it."""
    if not clip.lanes and not any(footage[span.source].has_audio for span in clip.spans):
        return _unchanged(before, folder, "the source is silent")
    if before.loudness < NEAR_SILENCE:
        return _unchanged(before, folder, "near silence was left as it is")
    return _level(before, sound, folder)


def _unchanged(before: LoudnessLevel, folder: Path, note: str) -> SetSound:
    return SetSound(before, _encode(0, None, folder), 0.0, False, False, note)


def _level(before: LoudnessLevel, sound: Sound, folder: Path) -> SetSound:
    """Corrects gain and ceiling until the decoded AAC has the loudness and keeps under the peak;
    the nearest that keeps under it where blows are too short to be made as loud."""
    gain = min(sound.loudness - before.loudness, MOST_GAIN)
    ceiling = sound.peak - OVERSHOOT
    limited = before.peak + gain > ceiling
    tried: list[tuple[float, float]] = []
    fitting: list[tuple[float, float, SetSound]] = []
    for _ in range(TRIES):
        after = _encode(gain, ceiling if limited else None, folder)
        result = SetSound(before, after, gain, limited, gain < MOST_GAIN, _note(gain, limited))
        away = abs(after.loudness - sound.loudness)
        if after.peak <= sound.peak:
            if away <= TOLERANCE or gain >= MOST_GAIN:
                return result
            fitting.append((away, ceiling, result))
        else:
            limited, ceiling = True, ceiling - (after.peak - sound.peak) - 0.2
        tried.append((gain, after.loudness))
        gain = min(_next_gain(tried, sound.loudness), MOST_GAIN)
    return _nearest(fitting, folder) if fitting else result


def _nearest(fitting: list[tuple[float, float, SetSound]], folder: Path) -> SetSound:
    """The try of `fitting` (distance from the target in LU, ceiling, result) that came nearest,
    made once more."""
    away, ceiling, best = min(fitting, key=lambda each: each[0])
    after = _encode(best.gain, ceiling if best.limited else None, folder)
    reached = away <= PROMISED
    note = best.note if reached else "as loud as its peaks allow"
    return replace(best, after=after, reached=reached, note=note)


def _next_gain(tried: list[tuple[float, float]], target: float) -> float:
    """The gain that should reach `target`: a limiter gives less than it gets, so the slope of the
    last two tries is followed rather than 1."""
    gain, got = tried[-1]
    slope = 1.0
    if len(tried) > 1 and gain != tried[-2][0]:
        slope = min(max((got - tried[-2][1]) / (gain - tried[-2][0]), 0.2), 1.0)
    return gain + (target - got) / slope


def _note(gain: float, limited: bool) -> str:
    if gain >= MOST_GAIN:
        return f"very quiet: raised by no more than {MOST_GAIN:.0f} dB"
    return "peaks limited" if limited else ""


def _encode(gain: float, ceiling: float | None, folder: Path) -> LoudnessLevel:
    """Encodes the mix with `gain` dB, limited to `ceiling` dBTP if given; measures the result."""
    stream = ffmpeg.input(MIX)["a"]
    if gain:
        stream = stream.filter("volume", f"{gain:.3f}dB", precision="float")
    if ceiling is not None:
        stream = (
            stream.filter("aresample", LIMITER_RATE)
            .filter(
                "alimiter", limit=f"{10 ** (ceiling / 20):.5f}", attack=2, release=60,
                level=0, latency=1,
            )
            .filter("aresample", RATE)
        )  # fmt: skip
    encode = stream.output(SOUND, acodec="aac", ar=RATE, **{"b:a": BITRATE})
    process.run_ffmpeg(["-loglevel", "error", *encode.get_args()], folder)
    encoded = ffmpeg.input(SOUND)["a"].filter("ebur128", peak="true", framelog="quiet")
    return measure_loudness(encoded.output("-", f="null").get_args(), folder)


def take(stream: Any, name: str, folder: Path) -> LoudnessLevel:
    """Writes `stream` to the file `name` in the temp folder and measures it on the way."""
    parts = stream.filter_multi_output("asplit")
    heard = parts[1].filter("ebur128", peak="true", framelog="quiet")
    taken = ffmpeg.merge_outputs(
        ffmpeg.output(parts[0], name, acodec="pcm_f32le"),
        ffmpeg.output(heard, "-", f="null"),
    )
    return measure_loudness(taken.get_args(), folder)


def measure_loudness(arguments: list[str], folder: Path) -> LoudnessLevel:
    """Runs ffmpeg with an ebur128 filter in `arguments` and reads its summary."""
    return read_summary(process.run_ffmpeg(["-loglevel", "info", *arguments], folder))


def read_summary(said: str) -> LoudnessLevel:
    """The figures of the last ebur128 summary; integrated loudness of -70 is its floor."""
    summary = said.rpartition("Summary:")[2]
    loudness = re.search(r"I:\s+(\S+) LUFS", summary)
    peak = re.search(r"Peak:\s+(\S+) dBFS", summary)
    if not loudness or not peak:
        raise RenderError(SOUND, "its loudness can't be measured", "try another ffmpeg")
    level = float(loudness[1])
    return LoudnessLevel(level if level > -70 else -math.inf, float(peak[1]))


def rounded(level: LoudnessLevel) -> LoudnessLevel:
    """With finite figures, for JSON: silence is written as -99."""
    return replace(level, loudness=max(level.loudness, -99.0), peak=max(level.peak, -99.0))
