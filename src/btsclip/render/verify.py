"""A clip is checked before anyone sees it: it decodes, and it is what was asked for."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from btsclip.errors import RenderError
from btsclip.presets.schema import Output, Sound
from btsclip.render import process
from btsclip.render.loudness import RATE, LoudnessLevel, read_summary

AAC_FRAME = 1024
# LU and dB that the promise allows around the target and above the peak.
LOUDNESS_TOLERANCE = 0.5
PEAK_TOLERANCE = 0.05


@dataclass(frozen=True)
class ExpectedOutput:
    """What the clip should be. `level_set` is False for sound that was left as it is."""

    output: Output
    sound: Sound
    frames: int
    level_set: bool


def verify(path: Path, asked: ExpectedOutput) -> LoudnessLevel:
    """Checks the clip at `path` and returns its loudness as measured from the file.

    Raises RenderError that names the first thing that differs.
    """
    for what, is_so in _streams(path, asked):
        if not is_so:
            raise RenderError(path.name, f"did not pass its check: {what}", "please report this")
    level = _decode(path)
    if asked.level_set:
        _check_level(path, level, asked.sound)
    return level


def _streams(path: Path, asked: ExpectedOutput) -> list[tuple[str, bool]]:
    """Facts read from the packets, without decoding."""
    import av

    out, rate = asked.output, asked.output.fps
    with av.open(str(path)) as file:
        if not file.streams.video or not file.streams.audio:
            return [("picture and sound", False)]
        video, audio = file.streams.video[0], file.streams.audio[0]
        times: dict[int, list[Fraction]] = {video.index: [], audio.index: []}
        for packet in file.demux(video, audio):
            if packet.pts is not None and packet.time_base:
                times[packet.stream.index].append(packet.pts * packet.time_base)
        pictures = sorted(times[video.index])
        steady = all(
            abs(t - i / Fraction(rate)) < Fraction(1, 4 * rate) for i, t in enumerate(pictures)
        )
        sound_end = max(times[audio.index], default=Fraction(0)) + Fraction(AAC_FRAME, RATE)
        lag = abs(sound_end - Fraction(asked.frames, rate))
        context = video.codec_context
        return [
            (f"size is {context.width}x{context.height}",
             (context.width, context.height) == (out.width, out.height)),
            (f"pixels are {context.pix_fmt}", context.pix_fmt == "yuv420p"),
            (f"{len(pictures)} frames instead of {asked.frames}",
             abs(len(pictures) - asked.frames) <= 1),
            ("frames are not evenly spaced", steady),
            (f"sound is {audio.codec_context.sample_rate} Hz, "
             f"{audio.codec_context.channels} channels",
             (audio.codec_context.sample_rate, audio.codec_context.channels) == (RATE, 2)),
            (f"sound and picture end {float(lag):.3f} s apart",
             lag <= max(Fraction(3, 2 * rate), Fraction(2 * AAC_FRAME, RATE))),
        ]  # fmt: skip


def _decode(path: Path) -> LoudnessLevel:
    """Decodes every frame and sample, measuring loudness on the way; any error counts.

    The loop filter is left out: it smooths pixels, and a damaged file fails before it.
    """
    said = process.run_ffmpeg(
        [
            "-loglevel", "info", "-xerror", "-skip_loop_filter", "all", "-i", path.name,
            "-map", "0:v", "-f", "null", "-",
            "-map", "0:a", "-af", "ebur128=peak=true:framelog=quiet", "-f", "null", "-",
        ],
        path.parent,
    )  # fmt: skip
    return read_summary(said)


def _check_level(path: Path, level: LoudnessLevel, sound: Sound) -> None:
    if abs(level.loudness - sound.loudness) > LOUDNESS_TOLERANCE:
        raise RenderError(
            path.name, f"loudness is {level.loudness:.1f} LUFS instead of {sound.loudness:.1f}"
        )
    if level.peak > sound.peak + PEAK_TOLERANCE:
        raise RenderError(path.name, f"true peak is {level.peak:.1f} dBTP, above {sound.peak:.1f}")
