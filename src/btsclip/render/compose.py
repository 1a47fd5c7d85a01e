"""Composing a clip's picture: parts one after the other, a backdrop below, pictures above."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import ffmpeg

from btsclip.captions.overlays import Overlay
from btsclip.plan.model import Clip
from btsclip.presets.schema import Output, Preset
from btsclip.render.color import tagged, yuv
from btsclip.render.timeline import RenderPart, end_card_frames

# Names in the temp folder.
OVERLAY = "overlay{:02d}.png"
END_CARD = "endcard.png"
# Frames by which rounding may leave the whole too short for the last picture to be held.
SPARE = 2
FORMAT = "yuv420p"
# The blurred backdrop is made this many times smaller, and this bright.
SCALE, LIGHT = 8, 0.55
# Seconds in which the held picture of an end card darkens, in steps of a frame.
DARKENS = 0.2


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
    return tagged(picture).filter("setsar", "1").filter("trim", end_frame=part.frames + part.held)


def read_raw(name: str, output: Output) -> Any:
    """Uncompressed pictures of the output, read from `name`, tagged as all that is drawn is."""
    size = f"{output.width}x{output.height}"
    read = ffmpeg.input(name, f="rawvideo", pix_fmt=FORMAT, s=size, framerate=output.fps)
    return tagged(read).filter("setsar", "1")


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


def over_backdrop(picture: Any, preset: Preset) -> Any:
    """The fitted picture in the middle of the output, over the preset's backdrop."""
    output, colour = preset.output, preset.framing.backdrop
    parts = picture.filter_multi_output("split")
    width, height = (2 * round(side / SCALE / 2) for side in (output.width, output.height))
    # Blurred while small and then scaled up: the same look for a fraction of the work.
    small = (
        parts[0]
        .filter("scale", width, height, force_original_aspect_ratio="increase")
        .filter("crop", width, height)
    )
    if colour == "blur":
        dimmed = f"128+(val-128)*{LIGHT}"
        small = small.filter("gblur", sigma=width / 24)
        small = small.filter("lutyuv", y=f"16+(val-16)*{LIGHT}", u=dimmed, v=dimmed)
    else:
        y, u, v = yuv(colour)
        small = small.filter("lutyuv", y=str(y), u=str(u), v=str(v))
    backdrop = small.filter("scale", output.width, output.height, flags="bilinear")
    return ffmpeg.overlay(
        backdrop.filter("setsar", "1"), parts[1], x="(W-w)/2", y="(H-h)/2", shortest=1
    )


def add_end_card(picture: Any, clip: Clip, preset: Preset, shown: int) -> Any:
    """The stream of `shown` frames with those of the clip's end card after them."""
    if not clip.end_card:
        return picture
    fps, count = preset.output.fps, end_card_frames(clip, preset.output)
    picture = picture.filter("tpad", stop_mode="clone", stop=count)
    if preset.end_card.image:
        card = ffmpeg.input(END_CARD).filter("scale", out_color_matrix="bt709", out_range="tv")
        return ffmpeg.overlay(
            picture, card, enable=f"gte(t,{(shown - 0.5) / fps:.5f})", eof_action="repeat"
        )
    steps = max(1, round(DARKENS * fps))
    for step in range(1, steps + 1):
        first, last = ((shown + k - 0.5) / fps for k in (step - 1, step))
        when = f"gte(t,{first:.5f})" + (f"*lt(t,{last:.5f})" if step < steps else "")
        light = f"{1 - preset.end_card.dim * step / steps:.4f}"
        colour = f"128+(val-128)*{light}"
        picture = picture.filter(
            "lutyuv", y=f"16+(val-16)*{light}", u=colour, v=colour, enable=when
        )
    return picture


def write_overlays(overlays: Sequence[Overlay], folder: Path) -> None:
    """Writes the pictures into the temp folder under the names that `lay` reads."""
    for number, overlay in enumerate(overlays):
        (folder / OVERLAY.format(number)).write_bytes(overlay.png)


def lay_over(picture: Any, overlays: Sequence[Overlay], fps: int) -> Any:
    """The stream `picture` with all `overlays` over it, the later ones on top."""
    for number, overlay in enumerate(overlays):
        picture = ffmpeg.overlay(
            picture,
            _fading(ffmpeg.input(OVERLAY.format(number)), overlay, fps),
            x=f"{overlay.x:.1f}",
            y=_height(overlay),
            enable=f"gte(t,{overlay.start:.4f})*lt(t,{overlay.end:.4f})",
            eof_action="repeat",
        )
    return picture


def _fading(source: Any, overlay: Overlay, fps: int) -> Any:
    """The picture as it fades. It is decoded once, and repeated only for as long as it is shown:
    a film may have hundreds."""
    source = source.filter("scale", out_color_matrix="bt709", out_range="tv").filter(
        "format", "yuva420p"
    )
    if not overlay.fade:
        return source
    fade = min(overlay.fade, (overlay.end - overlay.start) / 3)
    return (
        source.filter("settb", "AVTB")
        .filter("loop", loop=-1, size=1)
        .filter("setpts", f"({overlay.start:.4f}+N/{fps})/TB")
        .filter("trim", end=f"{overlay.end:.4f}")
        .filter("fade", t="in", st=f"{overlay.start:.4f}", d=f"{fade:.4f}", alpha=1)
        .filter("fade", t="out", st=f"{overlay.end - fade:.4f}", d=f"{fade:.4f}", alpha=1)
    )


def _height(overlay: Overlay) -> str:
    if not overlay.rise or not overlay.rise_seconds:
        return f"{overlay.y:.1f}"
    left = f"1-(t-{overlay.start:.4f})/{overlay.rise_seconds:.4f}"
    return f"{overlay.y:.1f}+{overlay.rise:.1f}*clip({left},0,1)"
