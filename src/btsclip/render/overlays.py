"""Laying pictures over a clip inside its ffmpeg graph."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import ffmpeg

from btsclip.captions.overlays import Overlay

# Names in the temp folder.
PICTURE = "overlay{:02d}.png"


def write_overlays(overlays: Sequence[Overlay], folder: Path) -> None:
    """Writes the pictures into the temp folder under the names that `lay` reads."""
    for number, overlay in enumerate(overlays):
        (folder / PICTURE.format(number)).write_bytes(overlay.png)


def lay_over(picture: Any, overlays: Sequence[Overlay], fps: int) -> Any:
    """The stream `picture` with all `overlays` over it, the later ones on top."""
    for number, overlay in enumerate(overlays):
        picture = ffmpeg.overlay(
            picture,
            _timed(ffmpeg.input(PICTURE.format(number)), overlay, fps),
            x=f"{overlay.x:.1f}",
            y=_height(overlay),
            enable=f"gte(t,{overlay.start:.4f})*lt(t,{overlay.end:.4f})",
            eof_action="repeat",
        )
    return picture


def _timed(source: Any, overlay: Overlay, fps: int) -> Any:
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
