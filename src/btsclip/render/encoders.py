"""H.264 encoders: which of them work on this machine, and the options of each."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from btsclip.errors import ToolError
from btsclip.media import ffmpeg
from btsclip.presets import Output

SOFTWARE = "libx264"
# The first of HARDWARE that works on this machine, else SOFTWARE.
AUTO = "auto"
HARDWARE = ("h264_nvenc", "h264_videotoolbox", "h264_qsv")
# Seconds between keyframes: platforms cut their previews at keyframes.
KEYFRAME_SECONDS = 2
SIGKILL = 9
# How often an encoder is tested when the test is killed from outside.
MAX_TRIES = 3


def arguments(encoder: str, output: Output, threads: int = 0) -> dict[str, str]:
    """The output options for `encoder`, with ffmpeg's names without the dash.

    With `threads` 0 the encoder uses all cores; x264's bytes depend on the number of threads. crf
    is x264's scale. The quality of each hardware encoder is set from it: cq and global_quality have
    the same range 0..51, VideoToolbox counts from 1 (worst) to 100.
    """
    options = {
        "c:v": encoder,
        "profile:v": "high",
        "g": str(KEYFRAME_SECONDS * output.fps),
        "maxrate": output.maxrate,
        "bufsize": f"{2 * int(output.maxrate[:-1])}{output.maxrate[-1]}",
    }
    if threads:
        options["threads"] = str(threads)
    if encoder == "h264_nvenc":
        return {**options, "preset": "p5", "rc": "vbr", "cq": str(output.crf), "b:v": "0"}
    if encoder == "h264_videotoolbox":
        return {**options, "q:v": str(max(1, round(100 * (1 - output.crf / 51))))}
    if encoder == "h264_qsv":
        return {**options, "preset": "medium", "global_quality": str(output.crf)}
    return {**options, "preset": output.speed, "crf": str(output.crf)}


def choose_encoder(name: str) -> str:
    """The encoder for `--encoder NAME`; `auto` is the first hardware encoder that works, or x264.

    Raises ToolError for an unknown name or an encoder that fails its test.
    """
    if name == AUTO:
        return next((encoder for encoder in HARDWARE if is_usable(encoder)), SOFTWARE)
    if name != SOFTWARE and name not in HARDWARE:
        known = ", ".join((SOFTWARE, *HARDWARE))
        raise ToolError(name, "no such encoder", f"use auto or one of {known}")
    if not is_usable(name):
        raise ToolError(
            name,
            "this encoder does not work on this machine",
            "use --encoder libx264 or auto; `btsclip doctor` lists the encoders that work",
        )
    return name


@cache
def is_usable(encoder: str) -> bool:
    """Whether `encoder` passes a test: ffmpeg also lists encoders whose hardware is missing."""
    options = arguments(encoder, Output(width=256, height=256, fps=10, speed="ultrafast"))
    source = ["-f", "lavfi", "-i", "color=c=gray:s=256x256:r=10:d=0.5"]
    settings = [text for key, value in options.items() for text in (f"-{key}", value)]
    with tempfile.TemporaryDirectory(prefix="btsclip-") as folder:
        target = Path(folder) / "test.mp4"
        command = ["-loglevel", "error", *source, *settings, "-pix_fmt", "yuv420p", str(target)]
        for _ in range(MAX_TRIES):
            code, _ = ffmpeg.run(command)
            # A test killed from outside does not count; one that crashes in the driver does.
            if code != -SIGKILL:
                break
        return code == 0 and target.exists() and target.stat().st_size > 0
