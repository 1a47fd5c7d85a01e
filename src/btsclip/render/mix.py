"""The sound of a clip of several spans: each brought to one level, cut in J and L, and lanes laid
under them that make way.

    each span, longer by its lead and tail -> file, measured -> even gain, faded over -+
    each lane -----------------------------> file, measured -> its gain --> ducked ----+-> mix
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import ffmpeg

from btsclip.media.channels import layout_of
from btsclip.media.ffmpeg import INPUT_PROTOCOLS
from btsclip.media.footage import Footage
from btsclip.plan.model import Clip, Lane, Span
from btsclip.presets.schema import Output, Preset, Sound
from btsclip.render import loudness, pace
from btsclip.render.graph import seek_input
from btsclip.render.loudness import MIX, NEAR_SILENCE, RATE, LoudnessLevel, SetSound
from btsclip.render.timeline import RenderPart, parts_of

# LUFS that spans are brought to before the whole is levelled.
LEVEL = -20.0
# dB by which a span is made louder or quieter at most, so that a whisper stays one.
MOST_EVEN = 18.0
# Seconds that neighbours are faded over at a plain cut, so that no click is heard.
JOIN = 0.02
# How a lane makes way (see ffmpeg's sidechaincompress): for what is heard above this level, which
# is that of speech and blows but hardly of a steady hum; at most by about 12 dB; gone within a
# fifth of a second, back within a second.
DUCK = {"threshold": 0.06, "ratio": 8, "attack": 60, "release": 700, "knee": 4, "detection": "rms"}
# Seconds in which a lane begins and ends.
LANE_FADE = 0.4
# Seconds in which sound fades before the silence of an end card.
INTO_SILENCE = 0.5


@dataclass(frozen=True)
class PlacedSound:
    """A span's sound: the span with what is heard before and after its picture, at which sample
    it begins, and over how many samples it comes and goes."""

    span: Span
    first: int
    samples: int
    comes: int
    goes: int


def make_sound(
    footage: Mapping[str, Footage],
    clip: Clip,
    preset: Preset,
    folder: Path,
    seconds: float,
    silent: float = 0.0,
) -> SetSound:
    """Makes SOUND in `folder`: AAC of exactly `seconds`, levelled; silence for silent sources, and
    in the last `silent` seconds.

    Raises RenderError when ffmpeg can't read the sound, OutputError when the disk is full.
    """
    sound, shown = preset.sound, seconds - silent
    first, *others = clip.spans
    if others or first.card or clip.lanes:
        own = mix_sound(clip, footage, preset.output, folder)
    else:
        own = span_sound(footage[first.source], first, round(shown * RATE))
    before = loudness.take(_faded(own, sound, shown, silent), MIX, folder)
    made = loudness.set_level(before, clip, footage, sound, folder)
    whys = dict.fromkeys(one.why for span in clip.spans if (one := footage[span.source].channel))
    return replace(made, note="; ".join([*whys, *filter(None, [made.note])]))


def _faded(stream: Any, sound: Sound, shown: float, silent: float) -> Any:
    """`stream` with its fades at both ends of the `shown` seconds, and the silence after it."""
    fade, last = min(sound.fade, shown / 2), min(max(sound.fade, INTO_SILENCE), shown / 2)
    if fade:
        stream = stream.filter("afade", t="in", d=fade)
    if silent:
        stream = stream.filter("afade", t="out", st=shown - last, d=last)
        return stream.filter("apad", whole_len=round((shown + silent) * RATE))
    return stream.filter("afade", t="out", st=shown - fade, d=fade) if fade else stream


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


def place_sounds(clip: Clip, footage: Mapping[str, Footage], output: Output) -> list[PlacedSound]:
    """Where each span of `clip` is heard. Under a card the sound before it fades into that after.

    What is asked for before a source's beginning, after its end or outside the clip is not there.
    """
    parts = parts_of(clip, output)
    shown = [part for part in parts if part.card is None]
    cards = {id(part.span): part.frames / output.fps for part in parts if part.card}
    whole = parts[-1].end
    sounds = []
    for number, part in enumerate(shown):
        after = cards.get(id(shown[number + 1].span), 0.0) if number + 1 < len(shown) else 0.0
        lead = max(part.span.lead, cards.get(id(part.span), 0.0), JOIN)
        tail = max(part.span.tail, after, JOIN)
        sounds.append(_placed(part, footage[part.span.source], lead, tail, whole, output.fps))
    return sounds


def _placed(
    part: RenderPart, footage: Footage, lead: float, tail: float, whole: int, fps: int
) -> PlacedSound:
    span, pace = part.span, part.span.time_map
    lead = min(lead, part.first / fps)
    tail = min(tail, (whole - part.end) / fps)
    start = max(0.0, span.start + pace.source(-lead))
    end = min(max(footage.duration, span.end), span.start + pace.source(pace.seconds + tail))
    comes = round(-pace.shown(start - span.start) * RATE)
    goes = round((pace.shown(end - span.start) - pace.seconds) * RATE)
    first = round(part.first / fps * RATE)
    return PlacedSound(
        span.model_copy(update={"start": start, "end": end}),
        first - comes,
        round(part.end / fps * RATE) - first + comes + goes,
        comes,
        goes,
    )


def mix_sound(clip: Clip, footage: Mapping[str, Footage], output: Output, folder: Path) -> Any:
    """The sound of all spans and lanes of `clip` as one stream, as long as they are shown.

    Raises RenderError when ffmpeg can't read a sound, OutputError when the disk is full.
    """
    sounds = place_sounds(clip, footage, output)
    names = [f"span-{number:03d}.wav" for number in range(len(sounds))]
    levels = []
    for each, name in zip(sounds, names, strict=True):
        own = span_sound(footage[each.span.source], each.span, each.samples)
        levels.append(loudness.take(own, name, folder))
    gains = even_gains(levels)
    whole = round(parts_of(clip, output)[-1].end / output.fps * RATE)
    own = _together(
        [
            _in_place(ffmpeg.input(name)["a"], each, gain + each.span.gain)
            for each, name, gain in zip(sounds, names, gains, strict=True)
        ],
        whole,
    )
    for number, lane in enumerate(clip.lanes):
        own = _with_lane(own, lane, f"lane-{number:03d}.wav", whole, folder)
    return own


def even_gains(levels: Sequence[LoudnessLevel]) -> list[float]:
    """dB for each span that bring all to LEVEL, where that is within MOST_EVEN of what the median
    gets; what is near silence stays as far below the others as it is."""
    known = [level.loudness for level in levels if level.loudness >= NEAR_SILENCE]
    if not known:
        return [0.0] * len(levels)
    middle = statistics.median(known)
    gains = []
    for level in levels:
        away = middle - level.loudness if level.loudness >= NEAR_SILENCE else 0.0
        gains.append(LEVEL - middle + min(max(away, -MOST_EVEN), MOST_EVEN))
    return gains


def _in_place(sound: Any, each: PlacedSound, gain: float) -> Any:
    """A span's file with its gain, faded over its neighbours, at its time in the clip."""
    sound = sound.filter("volume", f"{gain:.3f}dB", precision="float")
    if each.comes:
        sound = sound.filter("afade", t="in", ns=each.comes, curve="qsin")
    if each.goes:
        start = each.samples - each.goes
        sound = sound.filter("afade", t="out", ss=start, ns=each.goes, curve="qsin")
    return sound.filter("adelay", f"{each.first}S", all=1) if each.first else sound


def _together(sounds: list[Any], samples: int) -> Any:
    if len(sounds) > 1:
        sound = ffmpeg.filter(sounds, "amix", inputs=len(sounds), normalize=0, duration="longest")
    else:
        sound = sounds[0]
    return sound.filter("apad", whole_len=samples).filter("atrim", end_sample=samples)


def _with_lane(own: Any, lane: Lane, name: str, samples: int, folder: Path) -> Any:
    """The clip's `own` sound with a lane under it."""
    first = round(lane.at * RATE)
    if first >= samples:
        return own
    left = samples - first
    length = left if lane.seconds is None else min(left, round(lane.seconds * RATE))
    source = ffmpeg.input(
        str(Path(lane.path).resolve()), ss=f"{lane.start:.6f}", vn=None,
        protocol_whitelist=INPUT_PROTOCOLS,
    )  # fmt: skip
    laid = (
        source["a:0"]
        .filter("aresample", RATE)
        .filter("aformat", sample_fmts="fltp", channel_layouts="stereo")
        .filter("atrim", end_sample=length)
    )
    level = loudness.take(laid, name, folder)
    gain = lane.gain + (LEVEL - level.loudness if level.loudness >= NEAR_SILENCE else 0.0)
    lasts = min(length, wav_samples(folder / name))
    fade = min(round(LANE_FADE * RATE), lasts // 2)
    laid = (
        ffmpeg.input(name)["a"]
        .filter("volume", f"{gain:.3f}dB", precision="float")
        .filter("afade", t="in", ns=fade)
        .filter("afade", t="out", ss=lasts - fade, ns=fade)
    )
    if first:
        laid = laid.filter("adelay", f"{first}S", all=1)
    laid = laid.filter("apad", whole_len=samples).filter("atrim", end_sample=samples)
    if lane.ducks:
        copies = own.filter_multi_output("asplit")
        own = copies[0]
        laid = ffmpeg.filter([laid, copies[1]], "sidechaincompress", **DUCK)
    return _together([own, laid], samples)


def wav_samples(path: Path) -> int:
    """How many samples a channel of our own stereo float WAV file holds."""
    import av

    with av.open(str(path)) as file:
        stream = file.streams.audio[0]
        return round(float((stream.duration or 0) * (stream.time_base or 0)) * RATE)
