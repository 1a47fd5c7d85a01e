"""10-bit HDR takes of a known SDR picture, computed from the standards' formulas with numpy.

Not made with the filters that the render uses, so that an error there can't cancel itself out. SDR
white stands for 203 nits (HDR reference white, ITU-R BT.2408); SDR is displayed with gamma 2.4
(BT.1886); PQ is SMPTE ST 2084; HLG is ARIB STD-B67 on a 1000-nit display with gamma 1.2 (BT.2100).
"""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np

from btsclip.media.ffmpeg import ffmpeg_path

SIZE = (640, 360)
WHITE_NITS, HLG_NITS = 203.0, 1000.0
TO_2020 = np.array([[0.6274, 0.3293, 0.0433], [0.0691, 0.9195, 0.0114], [0.0164, 0.0880, 0.8956]])
LUMA_709, LUMA_2020 = (0.2126, 0.0722), (0.2627, 0.0593)
# Patches in sRGB-like SDR code values (0..1): skin, dough, steel, herbs, tomato, shade, grey, wood.
PATCHES = np.array(
    [
        [[0.78, 0.57, 0.46], [0.88, 0.82, 0.70], [0.62, 0.64, 0.66], [0.28, 0.46, 0.20]],
        [[0.72, 0.20, 0.14], [0.16, 0.14, 0.13], [0.45, 0.45, 0.45], [0.52, 0.36, 0.22]],
    ]
)


def master() -> np.ndarray:
    """The SDR picture as code values, (height, width, 3) in 0..1."""
    rows, columns = PATCHES.shape[:2]
    return PATCHES.repeat(SIZE[1] // rows, 0).repeat(SIZE[0] // columns, 1)


def write(path: Path, transfer: str, seconds: float = 1.2) -> None:
    """A silent take of the master in HEVC `hlg` or `pq`, or in 8-bit H.264 `sdr`."""
    nits = WHITE_NITS * master() ** 2.4
    if transfer == "sdr":
        planes, layout = _planes(master(), LUMA_709, 8), "yuv444p"
        codec = ["libx264", "-crf", "8", "-pix_fmt", "yuv420p"]
        tags = ["bt709", "bt709", "bt709"]
    else:
        light = nits @ TO_2020.T
        code = _pq(light) if transfer == "pq" else _hlg(light)
        planes, layout = _planes(code, LUMA_2020, 10), "yuv444p10le"
        codec = ["libx265", "-crf", "10", "-pix_fmt", "yuv420p10le", "-x265-params", "log-level=0"]
        tags = ["bt2020nc", "bt2020", "smpte2084" if transfer == "pq" else "arib-std-b67"]
    frames = round(seconds * 30)
    command = [
        ffmpeg_path(), "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", layout,
        "-s", f"{SIZE[0]}x{SIZE[1]}", "-r", "30", "-i", "-", "-c:v", *codec,
        # Tags set on the pictures; set on the output they would make ffmpeg convert the colours.
        "-preset", "ultrafast", "-vf",
        f"setparams=range=tv:colorspace={tags[0]}:color_primaries={tags[1]}:color_trc={tags[2]}",
        "-tag:v",
        "avc1" if transfer == "sdr" else "hvc1", str(path),
    ]  # fmt: skip
    done = subprocess.run(command, input=planes * frames, capture_output=True)
    assert done.returncode == 0, done.stderr


def _pq(nits: np.ndarray) -> np.ndarray:
    m1, m2, c1, c2, c3 = 2610 / 16384, 2523 / 32, 3424 / 4096, 2413 / 128, 2392 / 128
    y = (nits / 10_000) ** m1
    return ((c1 + c2 * y) / (1 + c3 * y)) ** m2


def _hlg(nits: np.ndarray) -> np.ndarray:
    display = nits / HLG_NITS
    luma = display @ np.array([0.2627, 0.6780, 0.0593])
    scene = display * luma[..., None] ** ((1 - 1.2) / 1.2)
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    high = a * np.log(np.maximum(12 * scene - b, 1e-9)) + c
    return np.where(scene <= 1 / 12, np.sqrt(3 * scene), high)


def _planes(code: np.ndarray, luma: tuple[float, float], bits: int) -> bytes:
    """Limited-range Y'CbCr 4:4:4 of R'G'B' code values."""
    kr, kb = luma
    red, blue = code[..., 0], code[..., 2]
    y = kr * red + (1 - kr - kb) * code[..., 1] + kb * blue
    cb, cr = (blue - y) / (2 * (1 - kb)), (red - y) / (2 * (1 - kr))
    scale = 1 << (bits - 8)
    planes = (16 + 219 * y) * scale, (128 + 224 * cb) * scale, (128 + 224 * cr) * scale
    kind = np.uint8 if bits == 8 else np.dtype("<u2")
    return b"".join(np.round(plane).astype(kind).tobytes() for plane in planes)
