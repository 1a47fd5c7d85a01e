"""H.264 encoders: which of them work on this machine, and what each calls quality and speed."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from btsclip.errors import ToolError
from btsclip.media import ffmpeg
from btsclip.presets.schema import Output

SOFTWARE = "libx264"
# The first of HARDWARE that works here, else SOFTWARE.
AUTO = "auto"
HARDWARE = ("h264_nvenc", "h264_videotoolbox", "h264_qsv")
# Distance of keyframes in seconds: platforms cut their previews at keyframes.
KEYFRAME_SECONDS = 2
# SIGKILL, and how often a test that ends by it is made.
STOPPED, TRIES = 9, 3


def arguments(encoder: str, output: Output, threads: int = 0) -> dict[str, str]:
    """The output options for `encoder`, as ffmpeg's names without the dash. `threads` 0 takes as
    many as there are cores; x264 writes other bytes with another number of them.

    crf is x264's scale; the nearest notion of each hardware encoder is set from it: cq and
    global_quality share its 0..51 range, VideoToolbox counts from 1 (worst) to 100.
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


def choose_encoder(asked: str) -> str:
    """The encoder to use for `--encoder asked`; `auto` is the first hardware one that works.

    Raises ToolError for a name that is not known or an encoder that fails its test.
    """
    if asked == AUTO:
        return next((name for name in HARDWARE if is_usable(name)), SOFTWARE)
    if asked != SOFTWARE and asked not in HARDWARE:
        known = ", ".join((SOFTWARE, *HARDWARE))
        raise ToolError(asked, "no such encoder", f"use auto or one of {known}")
    if not is_usable(asked):
        raise ToolError(
            asked,
            "this encoder does not work on this machine",
            "use --encoder libx264 or auto; `btsclip doctor` lists those that work",
        )
    return asked


@cache
def is_usable(encoder: str) -> bool:
    """Whether `encoder` really encodes here: builds list hardware encoders without the hardware."""
    options = arguments(encoder, Output(width=256, height=256, fps=10, speed="ultrafast"))
    source = ["-f", "lavfi", "-i", "color=c=gray:s=256x256:r=10:d=0.5"]
    settings = [text for key, value in options.items() for text in (f"-{key}", value)]
    with tempfile.TemporaryDirectory(prefix="btsclip-") as folder:
        target = Path(folder) / "test.mp4"
        command = ["-loglevel", "error", *source, *settings, "-pix_fmt", "yuv420p", str(target)]
        for _ in range(TRIES):
            code, _ = ffmpeg.run(command)
            # Ended from outside, it says nothing about the encoder. A driver that crashes does.
            if code != -STOPPED:
                break
        return code == 0 and target.exists() and target.stat().st_size > 0
