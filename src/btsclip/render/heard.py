"""Sound as it is heard: a span's, in step with its picture, and how loud something is."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import ffmpeg

from btsclip.errors import RenderError
from btsclip.media.channels import layout_of
from btsclip.media.footage import Footage
from btsclip.plan.model import Span
from btsclip.render import pace, tool
from btsclip.render.graph import SOUND, seek_input

RATE = 48_000
# LUFS below which there is nothing but the room's own noise.
NEAR_SILENCE = -60.0


@dataclass(frozen=True)
class LoudnessLevel:
    """Integrated loudness in LUFS and true peak in dBTP; -inf for silence."""

    loudness: float
    peak: float


def span_sound(footage: Footage, span: Span, samples: int) -> Any:
    """The span's sound in stereo at RATE, in step with its picture, of just so many `samples`:
    silence where its source has none, and the place itself where it runs too fast to be heard."""
    if footage.audio_stream is None:
        silence = ffmpeg.input(f"anullsrc=r={RATE}:cl=stereo", f="lavfi")
        return silence["a"].filter("atrim", end_sample=samples)
    span = pace.ambience(span, samples / RATE) or span
    source, clock = seek_input(footage, span, footage.first_sound, vn=None)
    # Sound that begins later, has holes or ends early is filled, never shifted.
    stream = (
        source[str(footage.audio_stream)]
        .filter("asetpts", clock)
        .filter("atrim", start=0)
        .filter("aresample", RATE, **{"async": 1, "first_pts": 0})
    )
    stream = _in_both_ears(stream, footage).filter(
        "aformat", sample_fmts="fltp", channel_layouts="stereo"
    )
    stream = pace.stretch_sound(stream, span.time_map, RATE)
    return stream.filter("apad", whole_len=samples).filter("atrim", end_sample=samples)


def _in_both_ears(stream: Any, footage: Footage) -> Any:
    """`stream`, where the take has one channel to play with that on both sides."""
    if footage.channel is None:
        return stream
    number = footage.channel.number
    layout = layout_of(footage.audio_layout, footage.audio_channels)
    # The channels are counted as they were measured.
    stream = stream.filter("aformat", channel_layouts=layout)
    return stream.filter("pan", f"stereo|c0<c{number}|c1<c{number}")


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
    return read_summary(tool.run_ffmpeg(["-loglevel", "info", *arguments], folder))


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
