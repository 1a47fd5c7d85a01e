"""Interlaced takes of a white bar that moves to the right, as cameras and capture cards write it.

A picture of two fields shows its upright edges as combs; one of one time shows them straight.
"""

from __future__ import annotations

from pathlib import Path

import media
import numpy as np

# Pixels a second: 12 in the 1/50 s between two fields.
SPEED = 600
WIDTH = 80
_H264 = ("-c:v", "libx264", "-preset", "ultrafast", "-crf", "8", "-g", "25")
_MPEG2 = ("-c:v", "mpeg2video", "-q:v", "2", "-g", "12", "-flags", "+ildct+ilme")
# Fields of every kind: the suffix, the size, and the encoder with its field flags.
KINDS: dict[str, tuple[str, tuple[int, int], tuple[str, ...]]] = {
    "h264_top": (".mp4", (640, 352), (*_H264, "-x264-params", "tff=1")),
    "h264_bottom": (".mp4", (640, 352), (*_H264, "-x264-params", "bff=1")),
    "hdv": (".m2t", (720, 576), (*_MPEG2, "-field_order", "tt", "-f", "mpegts")),
    "mxf": (".mxf", (720, 576), (*_MPEG2, "-field_order", "tt", "-pix_fmt", "yuv422p")),
    "dv": (".avi", (720, 576), ("-c:v", "dvvideo")),
    "prores": (".mov", (640, 352), ("-c:v", "prores_ks", "-flags", "+ildct+ilme")),
    "segmented": (".mp4", (640, 352), (*_H264, "-x264-params", "tff=1")),
    "progressive": (".mp4", (640, 352), _H264),
    "unflagged": (".mp4", (720, 576), _H264),
}


def path_of(folder: Path, kind: str) -> Path:
    """The take of this kind in `folder`, made if it is not there."""
    path = folder / f"{kind}{KINDS[kind][0]}"
    if not path.exists():
        write(path, kind)
    return path


def write(path: Path, kind: str, seconds: float = 1.4, speed: int = SPEED) -> None:
    _, size, encoder = KINDS[kind]
    is_whole = kind in ("segmented", "progressive")
    order = "bottom" if kind in ("h264_bottom", "dv") else "top"
    fields = "" if is_whole else f",tinterlace=interleave_{order}"
    # Unflagged fields come from a device that knows nothing of them.
    flag = "prog" if kind in ("progressive", "unflagged") else "bff" if order == "bottom" else "tff"
    width, height = size
    bar = (
        f"color=black:s={width}x{height}:r={25 if is_whole else 50}:d={seconds}[b];"
        f"color=0xD0D0D0:s={WIDTH}x{height}:r=50:d={seconds}[w];"
        f"[b][w]overlay=x='mod(t*{speed},{width})':shortest=1,format=yuv422p{fields},"
        f"setfield={flag},setparams=range=tv:colorspace=bt709,format=yuv420p"
    )
    media.ffmpeg("-f", "lavfi", "-i", bar, *encoder, path)


def combing(picture: np.ndarray) -> float:
    """How much lines differ from the lines above and below them, in levels (0..255) of all pixels
    at an upright edge; 0 for straight edges. `picture` is RGB or grey (h, w, ...)."""
    grey = picture.astype(float).reshape(*picture.shape[:2], -1).mean(2)
    # Bars of a fitted picture and the clip's ends are left out.
    grey = grey[grey.shape[0] // 4 : 3 * grey.shape[0] // 4]
    lines = np.abs(2 * grey[1:-1] - grey[:-2] - grey[2:]) / 2
    edges = np.abs(np.gradient(grey, axis=1))[1:-1].max(0) > 8
    return float(lines[:, edges].mean()) if edges.any() else 0.0
