"""Spans and cards one after the other: hard cuts, and pictures that come in over the one before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ffmpeg

from btsclip.presets.schema import Output
from btsclip.render.timeline import RenderPart

# Frames by which rounding may leave the whole too short for the last picture to be held.
SPARE = 2
FORMAT = "yuv420p"


def card_name(number: int) -> str:
    """The name in the temp folder of the picture of the card that is part `number` of its clip."""
    return f"card-{number:03d}.png"


def card_stream(name: str, part: RenderPart, fps: int) -> Any:
    """The picture called `name` in the temp folder as a stream of the part's length."""
    picture = (
        ffmpeg.input(name, loop=1, framerate=fps)
        .filter("scale", out_color_matrix="bt709", out_range="tv")
        .filter("format", FORMAT)
    )
    return _tagged(picture).filter("setsar", "1").filter("trim", end_frame=part.frames + part.held)


def read_raw(name: str, output: Output) -> Any:
    """Uncompressed pictures of the output, read from `name`, tagged as all that is drawn is."""
    size = f"{output.width}x{output.height}"
    read = ffmpeg.input(name, f="rawvideo", pix_fmt=FORMAT, s=size, framerate=output.fps)
    return _tagged(read).filter("setsar", "1")


def write_raw(picture: Any) -> list[str]:
    """ffmpeg's arguments that write the stream `picture` to stdout, to be read by `raw`."""
    written = picture.output("pipe:1", f="rawvideo", pix_fmt=FORMAT, fps_mode="passthrough")
    return ["-loglevel", "error", *written.get_args()]


def join_parts(pictures: Sequence[Any], parts: Sequence[RenderPart], fps: int) -> Any:
    """The streams of `parts`, each with the frames that the next one comes in over, as one."""
    if len(parts) == 1:
        return pictures[0]
    whole: list[Any] = []
    begin = parts[0].first
    for picture, part in zip(pictures, parts, strict=True):
        if part.over:
            both = [_even(_in_a_row(whole), fps), _even(picture, fps)]
            length, at = part.over / fps, (part.first - begin) / fps
            faded = ffmpeg.filter(
                both, "xfade", transition="fade", duration=f"{length:.6f}", offset=f"{at:.6f}"
            )
            whole = [faded]
        else:
            whole.append(picture)
    return (
        _even(_in_a_row(whole), fps)
        .filter("tpad", stop_mode="clone", stop=SPARE)
        .filter("trim", end_frame=parts[-1].end - begin)
    )


def _in_a_row(pictures: Sequence[Any]) -> Any:
    return ffmpeg.concat(*pictures) if len(pictures) > 1 else pictures[0]


def _even(picture: Any, fps: int) -> Any:
    """`picture` on the ticks of the output's frames: joining counts in microseconds."""
    return picture.filter("fps", fps=fps, round="near").filter("settb", f"1/{fps}")


def _tagged(picture: Any) -> Any:
    return picture.filter(
        "setparams", range="tv", color_primaries="bt709", color_trc="bt709", colorspace="bt709"
    )
