"""The check of a finished clip: it decodes, and has the expected size, length and loudness."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from btsclip.errors import RenderError
from btsclip.presets import Output, Sound
from btsclip.render import process
from btsclip.render.loudness import RATE, LoudnessLevel, read_summary

AAC_FRAME = 1024
# LU around the target loudness, and dB above the target peak.
LOUDNESS_TOLERANCE = 0.5
PEAK_TOLERANCE = 0.05


@dataclass(frozen=True)
class ExpectedOutput:
    """The clip as it should be; `level_set` is False for sound that could not reach its target."""

    output: Output
    sound: Sound
    frames: int
    level_set: bool


def verify(path: Path, expected: ExpectedOutput) -> LoudnessLevel:
    """Check the clip at `path` and return its loudness, measured from the file.

    Raises RenderError with the first difference.
    """
    for fault, passed in _check_streams(path, expected):
        if not passed:
            raise RenderError(path.name, f"did not pass its check: {fault}", "please report this")
    level = _decode(path)
    if expected.level_set:
        _check_level(path, level, expected.sound)
    return level


def _check_streams(path: Path, expected: ExpectedOutput) -> list[tuple[str, bool]]:
    """Possible faults and whether each check passed, from the packets, without decoding."""
    import av

    out, rate = expected.output, expected.output.fps
    with av.open(str(path)) as file:
        if not file.streams.video or not file.streams.audio:
            return [("picture or sound is missing", False)]
        video, audio = file.streams.video[0], file.streams.audio[0]
        times: dict[int, list[Fraction]] = {video.index: [], audio.index: []}
        for packet in file.demux(video, audio):
            if packet.pts is not None and packet.time_base:
                times[packet.stream.index].append(packet.pts * packet.time_base)
        pictures = sorted(times[video.index])
        even = all(
            abs(t - i / Fraction(rate)) < Fraction(1, 4 * rate) for i, t in enumerate(pictures)
        )
        sound_end = max(times[audio.index], default=Fraction(0)) + Fraction(AAC_FRAME, RATE)
        lag = abs(sound_end - Fraction(expected.frames, rate))
        context = video.codec_context
        return [
            (f"size is {context.width}x{context.height}",
             (context.width, context.height) == (out.width, out.height)),
            (f"pixels are {context.pix_fmt}", context.pix_fmt == "yuv420p"),
            (f"{len(pictures)} frames instead of {expected.frames}",
             abs(len(pictures) - expected.frames) <= 1),
            ("frames are not evenly spaced", even),
            (f"sound is {audio.codec_context.sample_rate} Hz, "
             f"{audio.codec_context.channels} channels",
             (audio.codec_context.sample_rate, audio.codec_context.channels) == (RATE, 2)),
            (f"sound and picture end {float(lag):.3f} s apart",
             lag <= max(Fraction(3, 2 * rate), Fraction(2 * AAC_FRAME, RATE))),
        ]  # fmt: skip


def _decode(path: Path) -> LoudnessLevel:
    """Decode every frame and sample and measure the loudness. Raises RenderError for any error.

    The loop filter is skipped: it smooths pixels, and a damaged file fails before it.
    """
    messages = process.run_ffmpeg(
        [
            "-loglevel", "info", "-xerror", "-skip_loop_filter", "all", "-i", path.name,
            "-map", "0:v", "-f", "null", "-",
            "-map", "0:a", "-af", "ebur128=peak=true:framelog=quiet", "-f", "null", "-",
        ],
        path.parent,
    )  # fmt: skip
    return read_summary(messages)


def _check_level(path: Path, level: LoudnessLevel, sound: Sound) -> None:
    if abs(level.loudness - sound.loudness) > LOUDNESS_TOLERANCE:
        raise RenderError(
            path.name, f"loudness is {level.loudness:.1f} LUFS instead of {sound.loudness:.1f}"
        )
    if level.peak > sound.peak + PEAK_TOLERANCE:
        raise RenderError(path.name, f"true peak is {level.peak:.1f} dBTP, above {sound.peak:.1f}")
