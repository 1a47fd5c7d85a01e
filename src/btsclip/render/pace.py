"""A clip's speed in ffmpeg: pictures timed by an expression, sound stretched at its own pitch.

Sound can only be stretched evenly, so a ramp of speed becomes steps. Each step is stretched with a
little of its neighbors, cut to its exact length on the screen and faded into the next, so that no
error adds up and no step clicks.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import ffmpeg

from btsclip.plan import Span, SpeedRamp, TimeMap
from btsclip.render.camera import piecewise

# Seconds of a step on the screen; sound then strays from the picture by a few milliseconds.
MAX_STEP_SECONDS = 0.1
# Change of speed within a step, as a logarithm.
MAX_STEP_CHANGE = 0.3
# Seconds of a step on the screen, whatever its change: a shorter step can't be faded.
MIN_STEP_SECONDS = 0.02
# Seconds over which a step fades into the next.
STEP_FADE = 0.012
# Factors outside of which atempo skips samples or fails; several in a row work.
MIN_TEMPO = 0.5
MAX_TEMPO = 2.0
# Speed above which sound gets quieter in proportion: hurried clatter is no sound of work.
MAX_LOUD_SPEED = 2.0
# Speed above which stretched sound would be noise. The span's ambience is played instead: sound
# from its middle at normal speed, at this volume.
MAX_STRETCH_SPEED = 8.0
AMBIENCE_VOLUME = 0.3
# Steps of a span: more do not fit into one run of ffmpeg.
MAX_STEPS = 300
# Ticks a second of the pictures' times: exact to a hundredth of a millisecond.
TICKS = 90_000


def change_speed(picture: Any, time_map: TimeMap) -> Any:
    """The stream `picture`, whose time 0 is the span's start, at the span's speeds."""
    if time_map.plain:
        return picture
    expression = f"({pts_expression(time_map)})/TB"
    return picture.filter("settb", f"1/{TICKS}").filter("setpts", expression)


def pts_expression(time_map: TimeMap) -> str:
    """An ffmpeg expression that turns T, seconds of the source, into seconds on the screen."""
    ramps = time_map.stretches
    pieces = [(0.0, f"T/{ramps[0].first:.6f}")]
    pieces += [(ramp.end, _ramp_expression(ramp)) for ramp in ramps]
    last = ramps[-1]
    after = f"{time_map.seconds:.6f}+(T-{last.end:.6f})/{last.last:.6f}"
    return piecewise([*pieces, (math.inf, after)], "T", 6)


def _ramp_expression(ramp: SpeedRamp) -> str:
    elapsed = f"(T-{ramp.start:.6f})"
    if not ramp.slope:
        return f"{ramp.shown:.6f}+{elapsed}/{ramp.first:.6f}"
    return f"{ramp.shown:.6f}+log(1+{ramp.slope / ramp.first:.9f}*{elapsed})/({ramp.slope:.9f})"


def sound_steps(time_map: TimeMap) -> list[tuple[float, float]]:
    """Start and end, in seconds of the source, of steps in which the sound has one speed."""
    cuts = [0.0]
    for ramp in time_map.stretches:
        start, end = ramp.shown, ramp.shown_at(ramp.end)
        change = abs(math.log(ramp.last / ramp.first))
        count = max(
            1, math.ceil((end - start) / MAX_STEP_SECONDS), math.ceil(change / MAX_STEP_CHANGE)
        )
        count = count if ramp.slope else 1
        cuts += [ramp.source_at(start + (end - start) * i / count) for i in range(1, count)]
        cuts.append(ramp.end)
    kept = cuts[:1]
    for cut in cuts[1:-1]:
        if min(time_map.shown(cut) - time_map.shown(kept[-1]),
               time_map.seconds - time_map.shown(cut)) >= MIN_STEP_SECONDS:  # fmt: skip
            kept.append(cut)
    return list(pairwise([*kept, cuts[-1]]))


def stretch_sound(sound: Any, time_map: TimeMap, rate: int) -> Any:
    """The stream `sound`, which starts at the span's start, at the span's speeds.

    `rate` is its samples a second. The result is as long as the span on the screen, to the sample.
    """
    if time_map.plain:
        return sound
    steps = sound_steps(time_map)
    sound = sound.filter("apad", whole_len=math.ceil((steps[-1][1] + 1) * rate))
    copies = sound.filter_multi_output("asplit", len(steps))
    borders = [round(time_map.shown(start) * rate) for start, _ in steps]
    borders.append(round(time_map.seconds * rate))
    half = round(STEP_FADE * rate / 2)
    joined = None
    for i, (start, end) in enumerate(steps):
        tempo = (end - start) / (time_map.shown(end) - time_map.shown(start))
        before = half if i else 0
        after = half if i + 1 < len(steps) else 0
        length = borders[i + 1] - borders[i] + before + after
        step = _stretch_step(copies[i], start, tempo, before / rate, length, rate)
        joined = step if joined is None else _crossfade(joined, step, 2 * half)
    return joined


def is_stretched(span: Span) -> bool:
    """Whether the span plays its own sound, stretched, rather than its ambience."""
    return span.time_map.slowest <= MAX_STRETCH_SPEED


def ambience_span(span: Span, seconds: float) -> Span | None:
    """A span of `seconds` at normal speed from the middle of `span`; None if its own sound can be
    stretched."""
    if is_stretched(span):
        return None
    start = max(0.0, (span.start + span.end - seconds) / 2)
    return span.model_copy(update={"start": start, "end": start + seconds, "speeds": []})


def _stretch_step(
    sound: Any, start: float, tempo: float, before: float, length: int, rate: int
) -> Any:
    """`length` samples of `sound` at `tempo`, from `before` seconds on the screen before the source
    time `start`."""
    if tempo > MAX_STRETCH_SPEED:
        middle = start + (length / 2 / rate - before) * tempo
        first = max(0.0, middle - length / 2 / rate)
        ambience = sound.filter("atrim", start=f"{first:.6f}", end=f"{first + length / rate:.6f}")
        return (
            ambience.filter("asetpts", "PTS-STARTPTS")
            .filter("volume", f"{AMBIENCE_VOLUME}", precision="float")
            .filter("apad", whole_len=length)
            .filter("atrim", end_sample=length)
        )
    # atempo needs sound beyond both ends to begin and to end well.
    lead = min(max(0.0, start - before * tempo), MAX_STEP_SECONDS * tempo)
    first = start - before * tempo - lead
    last = first + lead + (length / rate + MAX_STEP_SECONDS) * tempo
    skipped = round(lead / tempo * rate)
    step = sound.filter("atrim", start=f"{first:.6f}", end=f"{last:.6f}")
    step = step.filter("asetpts", "PTS-STARTPTS")
    # atempo moves blocks of 1/24 s, whose ends come too early at slow speeds; with a lower nominal
    # rate its blocks are shorter.
    if tempo < 1:
        step = step.filter("asetrate", rate // math.ceil(1 / tempo))
    for factor in tempos(tempo):
        step = step.filter("atempo", f"{factor:.6f}")
    if tempo < 1:
        step = step.filter("asetrate", rate)
    if tempo > MAX_LOUD_SPEED:
        step = step.filter("volume", f"{MAX_LOUD_SPEED / tempo:.4f}", precision="float")
    return (
        step.filter("apad", whole_len=skipped + length)
        .filter("atrim", start_sample=skipped, end_sample=skipped + length)
        .filter("asetpts", "PTS-STARTPTS")
    )


def tempos(tempo: float) -> list[float]:
    """Equal factors within atempo's range whose product is `tempo`; empty for normal speed.

    >>> tempos(4.0)
    [2.0, 2.0]
    """
    if abs(tempo - 1) < 1e-6:
        return []
    limit = MAX_TEMPO if tempo > 1 else MIN_TEMPO
    count = max(1, math.ceil(math.log(tempo) / math.log(limit) - 1e-9))
    return [tempo ** (1 / count)] * count


def _crossfade(before: Any, after: Any, samples: int) -> Any:
    return ffmpeg.filter([before, after], "acrossfade", nb_samples=samples)
