"""The clip's loudness: measured after EBU R 128, set, and measured again in the encoded file.

The mix is rendered once. Gain and limiter are applied, the result is encoded to AAC, and its
decoded sound is measured; gain and ceiling are corrected until loudness and peak fit. The gain may
be bounded, so that noise in rests stays quiet; then the loudness is what this gain reaches.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import ffmpeg

from btsclip.errors import RenderError
from btsclip.media import Footage
from btsclip.plan import Clip
from btsclip.presets import Sound
from btsclip.render import process
from btsclip.render.graph import SOUND

# Samples a second of all sound while a clip is made, and of the finished clip.
RATE = 48_000
# LUFS below which there is nothing but the room's own noise.
NEAR_SILENCE = -60.0
BITRATE = "192k"
# dB: from NEAR_SILENCE to the usual target.
MAX_GAIN = 46.0
# LU around the target at which correction stops, and at which the target counts as reached.
TOLERANCE = 0.3
PROMISED_TOLERANCE = 0.5
# dB that AAC may add to a peak.
AAC_OVERSHOOT = 0.5
# dB below the excess of a peak by which a ceiling is lowered.
CEILING_MARGIN = 0.2
# A limiter works on samples; at four times the rate they are close enough to the true peak.
LIMITER_RATE = 4 * RATE
# Milliseconds in which the limiter lets go of a peak, and in which it lets go of a short blow. The
# long one holds the ring of a knife's blow down with its peak: at one gain, chopping gets 1.5 to 4
# LU quieter by it. The short one distorts a bass note of 60 Hz at -28 dB and one of 120 Hz at -37
# dB when it limits by 4 dB (the long one at -36 and -46), so that music keeps the long one.
RELEASE = 60
BLOW_RELEASE = 20
# dB by which peaks stand above the loudness of a sound of short blows. Speech and music of real
# takes mostly stay below.
BLOW_CREST = 18.0
MAX_TRIES = 12
# LU below the target from which a clip held back by noise gets a warning.
MAX_MISSING = 8.0
# The gain in dB that a limiter lets through per dB is assumed to be this or more.
MIN_SLOPE = 0.2
# ebur128 measures no lower loudness, in LUFS.
MIN_LOUDNESS = -70.0
# Silence in JSON, in LUFS and dBTP.
SILENCE = -99.0

# Name in the temp folder.
MIX = "mix.wav"


@dataclass(frozen=True)
class LoudnessLevel:
    """Integrated loudness in LUFS and true peak in dBTP; -inf for silence."""

    loudness: float
    peak: float


@dataclass(frozen=True)
class RestNoise:
    """Noise in the rests of a span in dBFS: as recorded, when reduced, and in the finished clip."""

    recorded: float
    reduced: float
    finished: float


@dataclass(frozen=True)
class LeveledSound:
    """A finished sound: its level before and after, the gain in dB, and a remark.

    `reached` is False when the target was not reached, as for near silence; `held_back` says that
    noise kept it from the target. `noises` has the noise of spans in which it is unwanted.
    """

    before: LoudnessLevel
    after: LoudnessLevel
    gain: float
    limited: bool
    reached: bool
    note: str
    held_back: bool = False
    noises: tuple[RestNoise, ...] = ()


def set_level(
    before: LoudnessLevel,
    clip: Clip,
    footage: Mapping[str, Footage],
    sound: Sound,
    folder: Path,
    max_gain: float = math.inf,
) -> LeveledSound:
    """Make SOUND from MIX, which has the level `before`; silence and near silence stay as they
    are. `max_gain` is the gain in dB from which noise in rests gets too loud."""
    if not clip.lanes and not any(footage[span.source].has_audio for span in clip.spans):
        return _encode_unchanged(before, folder, "the source is silent")
    if before.loudness < NEAR_SILENCE:
        return _encode_unchanged(before, folder, "near silence was left as it is")
    return _encode_leveled(before, sound, folder, max_gain)


def _encode_unchanged(before: LoudnessLevel, folder: Path, note: str) -> LeveledSound:
    return LeveledSound(before, _encode(0, None, folder), 0.0, False, False, note)


def _encode_leveled(
    before: LoudnessLevel, sound: Sound, folder: Path, quiet_gain: float
) -> LeveledSound:
    """Correct gain and ceiling until the decoded AAC has the right loudness and peak.

    Sound of short blows may not get loud enough; then the try nearest to the target wins. Beyond
    `quiet_gain` or MAX_GAIN, no gain is tried.
    """
    max_gain = min(quiet_gain, MAX_GAIN)
    gain = min(sound.loudness - before.loudness, max_gain)
    ceiling, release = sound.peak - AAC_OVERSHOOT, release_for(before)
    limited = before.peak + gain > ceiling
    tries: list[tuple[float, float]] = []
    fitting: list[tuple[float, float, LeveledSound]] = []
    for _ in range(MAX_TRIES):
        after = _encode(gain, ceiling if limited else None, folder, release)
        distance = abs(after.loudness - sound.loudness)
        reached = distance <= PROMISED_TOLERANCE
        note = _note(reached, limited, gain >= MAX_GAIN)
        result = LeveledSound(
            before, after, gain, limited, reached, note, not reached and gain >= quiet_gain
        )
        if after.peak <= sound.peak:
            if distance <= TOLERANCE or gain >= max_gain:
                return result
            fitting.append((distance, ceiling, result))
        else:
            limited, ceiling = True, ceiling - (after.peak - sound.peak) - CEILING_MARGIN
        tries.append((gain, after.loudness))
        gain = min(_next_gain(tries, sound.loudness), max_gain)
    return _encode_nearest(fitting, folder) if fitting else result


def _encode_nearest(fitting: list[tuple[float, float, LeveledSound]], folder: Path) -> LeveledSound:
    """Repeat the try nearest to the target; tries are (distance in LU, ceiling, result)."""
    distance, ceiling, best = min(fitting, key=lambda attempt: attempt[0])
    after = _encode(best.gain, ceiling if best.limited else None, folder, release_for(best.before))
    reached = distance <= PROMISED_TOLERANCE
    note = best.note if reached else "as loud as its peaks allow"
    return replace(best, after=after, reached=reached, note=note)


def _next_gain(tries: list[tuple[float, float]], target: float) -> float:
    """The gain that should reach the loudness `target`, after `tries` (gain, loudness).

    A limiter reduces the effect of gain, so the slope of the last two tries counts.
    """
    gain, loudness = tries[-1]
    slope = 1.0
    if len(tries) > 1 and gain != tries[-2][0]:
        slope = min(max((loudness - tries[-2][1]) / (gain - tries[-2][0]), MIN_SLOPE), 1.0)
    return gain + (target - loudness) / slope


def _note(reached: bool, limited: bool, at_most: bool) -> str:
    if at_most and not reached:
        return f"very quiet: raised by no more than {MAX_GAIN:.0f} dB"
    return "peaks limited" if limited else ""


def add_noises(result: LeveledSound, noises: Sequence[RestNoise], sound: Sound) -> LeveledSound:
    """The result with the noise in the rests of its spans, and with a remark on what was done."""
    if not noises:
        return result
    worst = max(noises, key=lambda noise: noise.finished)
    remarks = [result.note] if result.note else []
    if worst.reduced < worst.recorded:
        remarks.append(
            f"noise in rests lowered from {worst.recorded:.0f} to {worst.reduced:.0f} dBFS"
        )
    if result.held_back:
        remarks.append(
            f"{sound.loudness - result.after.loudness:.1f} LU below the target, "
            f"so that noise in rests stays at {worst.finished:.0f} dBFS"
        )
    return replace(result, noises=tuple(noises), note="; ".join(remarks))


def add_lift(result: LeveledSound, lifted: float) -> LeveledSound:
    """The result with a remark on quiet work that was lifted by up to `lifted` dB, if any was."""
    if not lifted:
        return result
    remark = f"quiet work lifted by up to {lifted:.0f} dB, slowly"
    return replace(result, note="; ".join(filter(None, [result.note, remark])))


def warnings_of(result: LeveledSound, sound: Sound) -> list[str]:
    """What the user should know about a clip's sound, if noise keeps it far below its target."""
    missing = sound.loudness - result.after.loudness
    if not result.held_back or missing <= MAX_MISSING:
        return []
    return [
        f"its sound stays {missing:.0f} LU below the target: it was recorded so quietly that its "
        "noise would be heard; speak or work closer to the microphone, or lay music under it"
    ]


def release_for(level: LoudnessLevel) -> int:
    """Milliseconds in which the limiter lets go of the peaks of a sound with `level`."""
    return BLOW_RELEASE if level.peak - level.loudness >= BLOW_CREST else RELEASE


def _encode(
    gain: float, ceiling: float | None, folder: Path, release: int = RELEASE
) -> LoudnessLevel:
    """Encode MIX as SOUND with `gain` dB, limited to `ceiling` dBTP if given, and measure it."""
    stream = ffmpeg.input(MIX)["a"]
    if gain:
        stream = stream.filter("volume", f"{gain:.3f}dB", precision="float")
    if ceiling is not None:
        stream = (
            stream.filter("aresample", LIMITER_RATE)
            .filter(
                "alimiter", limit=f"{10 ** (ceiling / 20):.5f}", attack=2, release=release,
                level=0, latency=1,
            )
            .filter("aresample", RATE)
        )  # fmt: skip
    encode = stream.output(SOUND, acodec="aac", ar=RATE, **{"b:a": BITRATE})
    process.run_ffmpeg(["-loglevel", "error", *encode.get_args()], folder)
    encoded = ffmpeg.input(SOUND)["a"].filter("ebur128", peak="true", framelog="quiet")
    return measure_loudness(encoded.output("-", f="null").get_args(), folder)


def write_and_measure(stream: Any, name: str, folder: Path) -> LoudnessLevel:
    """Write `stream` to the WAV file `name` in the temp folder, and measure it on the way."""
    copies = stream.filter_multi_output("asplit")
    measured = copies[1].filter("ebur128", peak="true", framelog="quiet")
    outputs = ffmpeg.merge_outputs(
        ffmpeg.output(copies[0], name, acodec="pcm_f32le"),
        ffmpeg.output(measured, "-", f="null"),
    )
    return measure_loudness(outputs.get_args(), folder)


def wav_samples(path: Path) -> int:
    """Samples per channel of a WAV file that `write_and_measure` wrote."""
    import av

    with av.open(str(path)) as file:
        stream = file.streams.audio[0]
        return round(float((stream.duration or 0) * (stream.time_base or 0)) * RATE)


def measure_loudness(arguments: list[str], folder: Path) -> LoudnessLevel:
    """Run ffmpeg with `arguments` that include an ebur128 filter, and read the filter's summary."""
    return read_summary(process.run_ffmpeg(["-loglevel", "info", *arguments], folder))


def read_summary(messages: str) -> LoudnessLevel:
    """The level in the last ebur128 summary of ffmpeg's messages."""
    summary = messages.rpartition("Summary:")[2]
    loudness = re.search(r"I:\s+(\S+) LUFS", summary)
    peak = re.search(r"Peak:\s+(\S+) dBFS", summary)
    if not loudness or not peak:
        raise RenderError(SOUND, "its loudness can't be measured", "try another ffmpeg")
    level = float(loudness[1])
    return LoudnessLevel(level if level > MIN_LOUDNESS else -math.inf, float(peak[1]))


def with_finite_values(level: LoudnessLevel) -> LoudnessLevel:
    """The level with SILENCE instead of -inf, for JSON."""
    return replace(level, loudness=max(level.loudness, SILENCE), peak=max(level.peak, SILENCE))
