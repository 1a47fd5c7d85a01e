"""A clip's picture from several streams: parts in sequence, the backdrop below, overlays on top."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import ffmpeg

from btsclip.captions import Overlay
from btsclip.plan import Clip
from btsclip.presets import Output, Preset
from btsclip.render.color import tag_bt709, yuv
from btsclip.render.timeline import RenderPart, end_card_frames

# Names in the temp folder.
CARD_NAME = "card-{:03d}.png"
OVERLAY_NAME = "overlay{:02d}.png"
END_CARD_NAME = "endcard.png"
PIXEL_FORMAT = "yuv420p"
# Frames by which rounding may make the joined parts too short; their last picture fills these.
SPARE_FRAMES = 2
# How many times smaller than the output a backdrop is drawn, and how bright a blurred one is.
BACKDROP_SCALE = 8
BACKDROP_LIGHT = 0.55
# Seconds in which the last picture darkens into an end card.
DARKENING_SECONDS = 0.2


def card_stream(part: RenderPart, fps: int) -> Any:
    """The picture of the part's card, from the temp folder, as a stream of the part's length."""
    picture = (
        ffmpeg.input(CARD_NAME.format(part.number), loop=1, framerate=fps)
        .filter("scale", out_color_matrix="bt709", out_range="tv")
        .filter("format", PIXEL_FORMAT)
    )
    frames = part.frames + part.extra_frames
    return tag_bt709(picture).filter("setsar", "1").filter("trim", end_frame=frames)


def read_raw(name: str, output: Output) -> Any:
    """The uncompressed pictures that `write_raw` writes, read from the file `name`."""
    size = f"{output.width}x{output.height}"
    raw = ffmpeg.input(name, f="rawvideo", pix_fmt=PIXEL_FORMAT, s=size, framerate=output.fps)
    return tag_bt709(raw).filter("setsar", "1")


def write_raw(picture: Any) -> list[str]:
    """ffmpeg's arguments that write the stream `picture` to stdout, uncompressed."""
    raw = picture.output("pipe:1", f="rawvideo", pix_fmt=PIXEL_FORMAT, fps_mode="passthrough")
    return ["-loglevel", "error", *raw.get_args()]


def join_parts(pictures: Sequence[Any], parts: Sequence[RenderPart], fps: int) -> Any:
    """Join the streams of `parts` with hard cuts and dissolves; each stream has its part's
    `extra_frames`."""
    if len(parts) == 1:
        return pictures[0]
    joined: list[Any] = []
    first = parts[0].first
    for picture, part in zip(pictures, parts, strict=True):
        if part.fade_frames:
            both = [_on_frame_times(_concatenate(joined), fps), _on_frame_times(picture, fps)]
            length, at = part.fade_frames / fps, (part.first - first) / fps
            faded = ffmpeg.filter(
                both, "xfade", transition="fade", duration=f"{length:.6f}", offset=f"{at:.6f}"
            )
            joined = [faded]
        else:
            joined.append(picture)
    return (
        _on_frame_times(_concatenate(joined), fps)
        .filter("tpad", stop_mode="clone", stop=SPARE_FRAMES)
        .filter("trim", end_frame=parts[-1].end - first)
    )


def _concatenate(pictures: Sequence[Any]) -> Any:
    return ffmpeg.concat(*pictures) if len(pictures) > 1 else pictures[0]


def _on_frame_times(picture: Any, fps: int) -> Any:
    """`picture` with the exact times of the output's frames: joining rounds to microseconds."""
    return picture.filter("fps", fps=fps, round="near").filter("settb", f"1/{fps}")


def add_backdrop(picture: Any, preset: Preset) -> Any:
    """Center the fitted picture in the output over the preset's backdrop: its own blur, or a
    color."""
    output, color = preset.output, preset.framing.backdrop
    copies = picture.filter_multi_output("split")
    width, height = (2 * round(side / BACKDROP_SCALE / 2) for side in (output.width, output.height))
    # Blurred while small and then scaled up: the same look for a fraction of the work.
    small = (
        copies[0]
        .filter("scale", width, height, force_original_aspect_ratio="increase")
        .filter("crop", width, height)
    )
    if color == "blur":
        chroma = f"128+(val-128)*{BACKDROP_LIGHT}"
        small = small.filter("gblur", sigma=width / 24)
        small = small.filter("lutyuv", y=f"16+(val-16)*{BACKDROP_LIGHT}", u=chroma, v=chroma)
    else:
        y, u, v = yuv(color)
        small = small.filter("lutyuv", y=str(y), u=str(u), v=str(v))
    backdrop = small.filter("scale", output.width, output.height, flags="bilinear")
    return ffmpeg.overlay(
        backdrop.filter("setsar", "1"), copies[1], x="(W-w)/2", y="(H-h)/2", shortest=1
    )


def add_end_card(picture: Any, clip: Clip, preset: Preset, shown: int) -> Any:
    """Add the clip's end card to a stream of `shown` frames: the preset's picture, or the last
    picture of the stream, darkened."""
    if not clip.end_card:
        return picture
    fps, count = preset.output.fps, end_card_frames(clip, preset.output)
    picture = picture.filter("tpad", stop_mode="clone", stop=count)
    if preset.end_card.image:
        card = ffmpeg.input(END_CARD_NAME).filter("scale", out_color_matrix="bt709", out_range="tv")
        return ffmpeg.overlay(
            picture, card, enable=f"gte(t,{(shown - 0.5) / fps:.5f})", eof_action="repeat"
        )
    steps = max(1, round(DARKENING_SECONDS * fps))
    for step in range(1, steps + 1):
        start, end = ((shown + k - 0.5) / fps for k in (step - 1, step))
        when = f"gte(t,{start:.5f})" + (f"*lt(t,{end:.5f})" if step < steps else "")
        light = f"{1 - preset.end_card.dim * step / steps:.4f}"
        chroma = f"128+(val-128)*{light}"
        picture = picture.filter(
            "lutyuv", y=f"16+(val-16)*{light}", u=chroma, v=chroma, enable=when
        )
    return picture


def write_overlays(overlays: Sequence[Overlay], folder: Path) -> None:
    """Write the pictures into the temp folder for `add_overlays`."""
    for number, overlay in enumerate(overlays):
        (folder / OVERLAY_NAME.format(number)).write_bytes(overlay.png)


def add_overlays(picture: Any, overlays: Sequence[Overlay], fps: int) -> Any:
    """Lay `overlays` over the stream `picture`, each on top of those before it."""
    for number, overlay in enumerate(overlays):
        picture = ffmpeg.overlay(
            picture,
            _fade_overlay(ffmpeg.input(OVERLAY_NAME.format(number)), overlay, fps),
            x=f"{overlay.x:.1f}",
            y=_top_expression(overlay),
            enable=f"gte(t,{overlay.start:.4f})*lt(t,{overlay.end:.4f})",
            eof_action="repeat",
        )
    return picture


def _fade_overlay(source: Any, overlay: Overlay, fps: int) -> Any:
    """The overlay's picture with its fades. It is decoded once and repeated only while it is shown,
    since a film may have hundreds of overlays."""
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


def _top_expression(overlay: Overlay) -> str:
    """The overlay's top in pixels, as an ffmpeg expression of t."""
    if not overlay.rise or not overlay.rise_seconds:
        return f"{overlay.y:.1f}"
    left = f"1-(t-{overlay.start:.4f})/{overlay.rise_seconds:.4f}"
    return f"{overlay.y:.1f}+{overlay.rise:.1f}*clip({left},0,1)"
