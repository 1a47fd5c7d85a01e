"""The sound of a clip: its spans evened in level, cut in J and L, and lanes ducked under them.

each span, with its lead and tail -> file, measured -> less noise -> even gain, fades -+
each lane -------------------------> file, measured -> its gain, ducked ---------------+-> mix
mix -> level, bounded by the noise that is left
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import ffmpeg
import numpy as np

from btsclip.media import (
    INPUT_PROTOCOLS,
    Footage,
    layout_of,
    music_stream,
    sound_from,
)
from btsclip.plan import Clip, Lane, Span
from btsclip.presets import Output, Preset, Sound
from btsclip.render import loudness, pace
from btsclip.render.even import SPAN_LOUDNESS, SpanSound, even_sounds, find_lifts, write_sound
from btsclip.render.loudness import MIX, NEAR_SILENCE, RATE, LeveledSound
from btsclip.render.noise import MAX_REDUCTION, Samples
from btsclip.render.timeline import RenderPart, parts_of

# The curve of a sound of which nothing is lifted.
NO_LIFT: Samples = np.zeros(0)
# Seconds over which neighbors fade at a plain cut, so that it does not click.
CUT_FADE = 0.02
# How a lane makes way (see ffmpeg's sidechaincompress). Speech and blows are above the threshold, a
# steady hum is not. The lane is lowered by up to about 12 dB within a fifth of a second, and is
# back within a second.
DUCKING = {
    "threshold": 0.06, "ratio": 8, "attack": 60, "release": 700, "knee": 4, "detection": "rms",
}  # fmt: skip
# Seconds over which a lane fades in and out.
LANE_FADE = 0.4
# Minimum seconds over which sound fades before the silence of an end card.
END_CARD_FADE = 0.5


@dataclass(frozen=True)
class PlacedSound:
    """A span's sound in the clip, from sample `first` on.

    `span` includes the sound before and after its picture; `fade_in` and `fade_out` are the samples
    over which it fades over its neighbors.
    """

    span: Span
    first: int
    samples: int
    fade_in: int
    fade_out: int


def make_sound(
    footage: Mapping[str, Footage],
    clip: Clip,
    preset: Preset,
    folder: Path,
    seconds: float,
    silent: float = 0.0,
) -> LeveledSound:
    """Make SOUND in `folder`: leveled AAC of exactly `seconds`, the last `silent` of them silence.

    Silent sources make a silent sound. Raises RenderError when ffmpeg can't read the sound,
    OutputError when the disk is full.
    """
    sound, shown = preset.sound, seconds - silent
    placed = place_sounds(clip, footage, preset.output)
    streams = [span_sound(footage[one.span.source], one.span, one.samples) for one in placed]
    names = [f"span-{number:03d}.wav" for number in range(len(streams))]
    written = [write_sound(*named, folder) for named in zip(streams, names, strict=True)]
    lifts = find_lifts(written, clip, folder)

    def level_with(lifts: Sequence[Samples], extra: float = 0.0) -> LeveledSound:
        spans, gains = even_sounds(written, clip, sound, folder, lifts, extra)
        stream = _mix_all(placed, spans, gains, clip.lanes, round(shown * RATE), folder)
        before = loudness.write_and_measure(_add_fades(stream, sound, shown, silent), MIX, folder)
        noisy = [both for both in zip(spans, gains, strict=True) if both[0].noise]
        max_gain = min((span.max_gain - gain for span, gain in noisy), default=math.inf)
        result = loudness.set_level(before, clip, footage, sound, folder, max_gain)
        noises = [span.figures(gain + result.gain) for span, gain in noisy]
        result = loudness.add_noises(result, noises, sound)
        return loudness.add_lift(result, max(span.lifted for span in spans))

    result = level_with(lifts)
    if result.held_back and sound.noise_reduction:
        result = level_with(lifts, MAX_REDUCTION)
    if result.held_back and any(len(curve) for curve in lifts):
        # A lift would cost the whole clip what noise leaves of its gain.
        result = level_with([NO_LIFT] * len(written), MAX_REDUCTION)
    whys = dict.fromkeys(why for span in clip.spans for why in _whys(footage[span.source]))
    return replace(result, note="; ".join([*whys, *filter(None, [result.note])]))


def _whys(footage: Footage) -> list[str]:
    """Why not all of the take's sound is played, if the user should know."""
    track = footage.sound.warning if footage.sound else ""
    channel = footage.channel.why if footage.channel else ""
    return [why for why in (track, channel) if why]


def _add_fades(stream: Any, sound: Sound, shown: float, silent: float) -> Any:
    """`stream` with fades at both ends of its `shown` seconds, and `silent` seconds after it."""
    fade, last = min(sound.fade, shown / 2), min(max(sound.fade, END_CARD_FADE), shown / 2)
    if fade:
        stream = stream.filter("afade", t="in", d=fade)
    if silent:
        stream = stream.filter("afade", t="out", st=shown - last, d=last)
        return stream.filter("apad", whole_len=round((shown + silent) * RATE))
    return stream.filter("afade", t="out", st=shown - fade, d=fade) if fade else stream


def span_sound(footage: Footage, span: Span, samples: int) -> Any:
    """The span's sound in stereo at RATE, in step with its picture and `samples` long.

    It is silence for a source without sound, and ambience for a span that is too fast to stretch.
    """
    if footage.audio_stream is None:
        silence = ffmpeg.input(f"anullsrc=r={RATE}:cl=stereo", f="lavfi")
        return silence["a"].filter("atrim", end_sample=samples)
    span = pace.ambience_span(span, samples / RATE) or span
    # Sound that starts late, has gaps or ends early is filled, never shifted.
    stream = _play_one_channel(sound_from(footage, span.start, RATE), footage).filter(
        "aformat", sample_fmts="fltp", channel_layouts="stereo"
    )
    stream = pace.stretch_sound(stream, span.time_map, RATE)
    return stream.filter("apad", whole_len=samples).filter("atrim", end_sample=samples)


def _play_one_channel(stream: Any, footage: Footage) -> Any:
    """`stream` with the take's chosen channel on both sides, if one is chosen."""
    if footage.channel is None:
        return stream
    number = footage.channel.number
    layout = layout_of(footage.audio_layout, footage.audio_channels)
    # Count the channels in the layout in which they were measured.
    stream = stream.filter("aformat", channel_layouts=layout)
    return stream.filter("pan", f"stereo|c0<c{number}|c1<c{number}")


def place_sounds(clip: Clip, footage: Mapping[str, Footage], output: Output) -> list[PlacedSound]:
    """The sound of each span of `clip` with its lead and tail, as far as its source and the clip
    have room for them. Under a card, the sound before it fades into the sound after it."""
    parts = parts_of(clip, output)
    spans = [part for part in parts if part.card is None]
    cards = {id(part.span): part.frames / output.fps for part in parts if part.card}
    end = parts[-1].end
    sounds = []
    for number, part in enumerate(spans):
        next_card = cards.get(id(spans[number + 1].span), 0.0) if number + 1 < len(spans) else 0.0
        lead = max(part.span.lead, cards.get(id(part.span), 0.0), CUT_FADE)
        tail = max(part.span.tail, next_card, CUT_FADE)
        sounds.append(_place_sound(part, footage[part.span.source], lead, tail, end, output.fps))
    return sounds


def _place_sound(
    part: RenderPart, footage: Footage, lead: float, tail: float, clip_end: int, fps: int
) -> PlacedSound:
    span, time_map = part.span, part.span.time_map
    lead = min(lead, part.first / fps)
    tail = min(tail, (clip_end - part.end) / fps)
    start = max(0.0, span.start + time_map.source(-lead))
    end = min(
        max(footage.duration, span.end), span.start + time_map.source(time_map.seconds + tail)
    )
    fade_in = round(-time_map.shown(start - span.start) * RATE)
    fade_out = round((time_map.shown(end - span.start) - time_map.seconds) * RATE)
    first = round(part.first / fps * RATE)
    return PlacedSound(
        span.model_copy(update={"start": start, "end": end}),
        first - fade_in,
        round(part.end / fps * RATE) - first + fade_in + fade_out,
        fade_in,
        fade_out,
    )


def _mix_all(
    placed: Sequence[PlacedSound],
    spans: Sequence[SpanSound],
    gains: Sequence[float],
    lanes: Sequence[Lane],
    samples: int,
    folder: Path,
) -> Any:
    """All spans with `gains` in dB and all lanes as one stream of `samples` samples."""
    streams = [
        _put_in_place(ffmpeg.input(span.name)["a"], sound, gain)
        for sound, span, gain in zip(placed, spans, gains, strict=True)
    ]
    mixed = _mix_streams(streams, samples)
    for number, lane in enumerate(lanes):
        mixed = _add_lane(mixed, lane, f"lane-{number:03d}.wav", samples, folder)
    return mixed


def _put_in_place(stream: Any, sound: PlacedSound, gain: float) -> Any:
    """A span's sound with its gain and fades, at its time in the clip."""
    stream = stream.filter("volume", f"{gain:.3f}dB", precision="float")
    if sound.fade_in:
        stream = stream.filter("afade", t="in", ns=sound.fade_in, curve="qsin")
    if sound.fade_out:
        start = sound.samples - sound.fade_out
        stream = stream.filter("afade", t="out", ss=start, ns=sound.fade_out, curve="qsin")
    return stream.filter("adelay", f"{sound.first}S", all=1) if sound.first else stream


def _mix_streams(streams: list[Any], samples: int) -> Any:
    if len(streams) > 1:
        mixed = ffmpeg.filter(streams, "amix", inputs=len(streams), normalize=0, duration="longest")
    else:
        mixed = streams[0]
    return mixed.filter("apad", whole_len=samples).filter("atrim", end_sample=samples)


def _add_lane(mixed: Any, lane: Lane, name: str, samples: int, folder: Path) -> Any:
    """The sound `mixed` of `samples` samples with a lane under it; the lane's file is `name`."""
    first = round(lane.at * RATE)
    if first >= samples:
        return mixed
    rest = samples - first
    length = rest if lane.seconds is None else min(rest, round(lane.seconds * RATE))
    source = ffmpeg.input(
        str(Path(lane.path).resolve()), ss=f"{lane.start:.6f}", vn=None,
        protocol_whitelist=INPUT_PROTOCOLS,
    )  # fmt: skip
    stream = (
        source[str(music_stream(Path(lane.path)))]
        .filter("aresample", RATE)
        .filter("aformat", sample_fmts="fltp", channel_layouts="stereo")
        .filter("atrim", end_sample=length)
    )
    level = loudness.write_and_measure(stream, name, folder)
    gain = lane.gain + (SPAN_LOUDNESS - level.loudness if level.loudness >= NEAR_SILENCE else 0.0)
    length = min(length, loudness.wav_samples(folder / name))
    fade = min(round(LANE_FADE * RATE), length // 2)
    stream = (
        ffmpeg.input(name)["a"]
        .filter("volume", f"{gain:.3f}dB", precision="float")
        .filter("afade", t="in", ns=fade)
        .filter("afade", t="out", ss=length - fade, ns=fade)
    )
    if first:
        stream = stream.filter("adelay", f"{first}S", all=1)
    stream = stream.filter("apad", whole_len=samples).filter("atrim", end_sample=samples)
    if lane.ducks:
        copies = mixed.filter_multi_output("asplit")
        mixed = copies[0]
        stream = ffmpeg.filter([stream, copies[1]], "sidechaincompress", **DUCKING)
    return _mix_streams([mixed, stream], samples)
