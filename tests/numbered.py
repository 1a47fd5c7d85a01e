"""Takes whose pictures carry their number, with keyframes 8 s apart, in containers that seek late
or have no index."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from media import ffmpeg

SECONDS = 20
# Bits of the number, as bars of black or white from left to right.
BITS = 8
_BARS = f"lum='if(mod(floor(mod(N,256)/pow(2,floor(X*{BITS}/W))),2),235,16)':cb=128:cr=128"
# A pack of MPEG-PS holds several small pictures, and only the first of them has a time.
_NOISE = "noise=alls=20:allf=t"
_X264 = ("-c:v", "libx264", "-preset", "ultrafast", "-bf", "2", "-g", "80", "-keyint_min", "80",
         "-sc_threshold", "0", "-pix_fmt", "yuv420p", "-c:a", "aac")  # fmt: skip
_MPEG2 = ("-c:v", "mpeg2video", "-q", "2", "-bf", "2", "-g", "192", "-sc_threshold", "1000000000",
          "-c:a", "mp2")  # fmt: skip
_MPEG4 = ("-c:v", "mpeg4", "-q", "3", "-g", "80", "-c:a", "mp2")
_WMV = ("-c:v", "wmv2", "-q", "2", "-g", "80", "-c:a", "wmav2")
_VP8 = ("-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-g", "80", "-c:a", "libopus")
# Name of the file -> how it is encoded.
ENCODINGS = {
    "a.ts": _X264, "a.m2ts": _X264, "a.mts": _X264, "mpeg2.ts": _MPEG2,
    "a.mpg": _MPEG2, "a.vob": _MPEG2, "h264.mpg": (*_X264, "-qp", "1", "-c:a", "mp2", "-f", "vob"),
    "a.flv": _X264, "few_keys.flv": ("-c:v", "flv1", "-g", "80", "-c:a", "libmp3lame"),
    "a.avi": _MPEG4,
    "no_cues.mkv": (*_X264, "-f", "matroska", "-live", "1"),
    "no_cues.webm": (*_VP8, "-f", "webm", "-live", "1"),
    "fragmented.mp4": (*_X264, "-movflags", "frag_keyframe+empty_moov"),
    "a.asf": _WMV, "a.wmv": _WMV,
    "a.ogv": ("-c:v", "libtheora", "-g", "80", "-c:a", "libvorbis"),
}  # fmt: skip


def rate_of(name: str) -> int:
    """Pictures a second: MPEG-2 has no rate as low as 10."""
    return 24 if ENCODINGS[name] is _MPEG2 else 10


def numbered(folder: Path, name: str) -> Path:
    """Make the take `name` of ENCODINGS in `folder`."""
    path = folder / name
    graph = f"color=black:s=64x36:r={rate_of(name)}:d={SECONDS},format=yuv420p,geq={_BARS}"
    if path.suffix in (".mpg", ".vob"):
        graph += f",{_NOISE}"
    sound = ("-f", "lavfi", "-i", f"sine=f=300:r=44100:d={SECONDS}")
    ffmpeg("-f", "lavfi", "-i", graph, *sound, *ENCODINGS[name], path)
    return path


def is_at(picture: np.ndarray, seconds: float, name: str, slack: float = 0.02) -> bool:
    """Whether `picture` (h, w, 3) of a take of ENCODINGS is the one on the screen `seconds` after
    the first."""
    height, width = picture.shape[:2]
    row = picture[height // 4 : -height // 4].mean(axis=(0, 2))
    bits = [row[round((bit + 0.5) * width / BITS)] > 128 for bit in range(BITS)]
    rate, number = rate_of(name), sum(int(bit) << n for n, bit in enumerate(bits))
    # Numbers start again after 256.
    late = (seconds - number / rate + slack) % (256 / rate)
    return late <= 1 / rate + 2 * slack
