"""Spans and cards one after the other: hard cuts, and pictures that come in over the one before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ffmpeg

from btsclip.render.timeline import Part

# Frames by which rounding may leave the whole too short for the last picture to be held.
SPARE = 2


def card_name(number: int) -> str:
    """The name in the temp folder of the picture of the card that is part `number` of its clip."""
    return f"card-{number:03d}.png"


def card(name: str, part: Part, fps: int) -> Any:
    """The picture called `name` in the temp folder as a stream of the part's length."""
    return (
        ffmpeg.input(name, loop=1, framerate=fps)
        .filter("scale", out_color_matrix="bt709", out_range="tv")
        .filter("format", "yuv420p")
        .filter(
            "setparams", range="tv", color_primaries="bt709", color_trc="bt709", colorspace="bt709"
        )
        .filter("setsar", "1")
        .filter("trim", end_frame=part.frames + part.held)
    )


def joined(pictures: Sequence[Any], parts: Sequence[Part], fps: int) -> Any:
    """The streams of all `parts`, each with the frames that the next one comes in over, as one."""
    if len(parts) == 1:
        return pictures[0]
    whole: list[Any] = []
    for picture, part in zip(pictures, parts, strict=True):
        if part.over:
            both = [_even(_in_a_row(whole), fps), _even(picture, fps)]
            length, at = part.over / fps, part.first / fps
            faded = ffmpeg.filter(
                both, "xfade", transition="fade", duration=f"{length:.6f}", offset=f"{at:.6f}"
            )
            whole = [faded]
        else:
            whole.append(picture)
    return (
        _even(_in_a_row(whole), fps)
        .filter("tpad", stop_mode="clone", stop=SPARE)
        .filter("trim", end_frame=parts[-1].end)
    )


def _in_a_row(pictures: Sequence[Any]) -> Any:
    return ffmpeg.concat(*pictures) if len(pictures) > 1 else pictures[0]


def _even(picture: Any, fps: int) -> Any:
    """`picture` on the ticks of the output's frames: joining counts in microseconds."""
    return picture.filter("fps", fps=fps, round="near").filter("settb", f"1/{fps}")
