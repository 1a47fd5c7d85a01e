"""The clip's sound: measured after EBU R 128, set, measured again as it will be heard.

The clip's sound is taken from its sources once, as it will be mixed. Its gain is set, it is encoded
to AAC, and what a player will decode is measured; gain and ceiling are corrected until that fits.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import ffmpeg

from btsclip.media.footage import Footage
from btsclip.plan.model import Clip
from btsclip.presets.schema import Preset, Sound
from btsclip.render import heard, mix, tool
from btsclip.render.graph import SOUND
from btsclip.render.heard import NEAR_SILENCE, RATE, LoudnessLevel

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
# Seconds in which sound fades before the silence of an end card.
INTO_SILENCE = 0.5

_MIX = "mix.wav"


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
        own = mix.mix_sound(clip, footage, preset.output, folder)
    else:
        own = heard.span_sound(footage[first.source], first, round(shown * RATE))
    before = heard.take(_faded(own, sound, shown, silent), _MIX, folder)
    made = _set(before, clip, footage, sound, folder)
    whys = dict.fromkeys(one.why for span in clip.spans if (one := footage[span.source].channel))
    return replace(made, note="; ".join([*whys, *filter(None, [made.note])]))


def _set(
    before: LoudnessLevel, clip: Clip, footage: Mapping[str, Footage], sound: Sound, folder: Path
) -> SetSound:
    """Sets the level of the mix, where there is something to be heard in it."""
    if not clip.lanes and not any(footage[span.source].has_audio for span in clip.spans):
        return _unchanged(before, folder, "the source is silent")
    if before.loudness < NEAR_SILENCE:
        return _unchanged(before, folder, "near silence was left as it is")
    return _level(before, sound, folder)


def _faded(stream: Any, sound: Sound, shown: float, silent: float) -> Any:
    """`stream` with its fades at both ends of the `shown` seconds, and the silence after it."""
    fade, last = min(sound.fade, shown / 2), min(max(sound.fade, INTO_SILENCE), shown / 2)
    if fade:
        stream = stream.filter("afade", t="in", d=fade)
    if silent:
        stream = stream.filter("afade", t="out", st=shown - last, d=last)
        return stream.filter("apad", whole_len=round((shown + silent) * RATE))
    return stream.filter("afade", t="out", st=shown - fade, d=fade) if fade else stream


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
    stream = ffmpeg.input(_MIX)["a"]
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
    tool.run_ffmpeg(["-loglevel", "error", *encode.get_args()], folder)
    encoded = ffmpeg.input(SOUND)["a"].filter("ebur128", peak="true", framelog="quiet")
    return heard.measure_loudness(encoded.output("-", f="null").get_args(), folder)
