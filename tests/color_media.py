"""Takes of known colors in the codings of cameras, and the picture that a screen should show.

Both are computed from the standards' formulas with numpy, not with the filters that the render
uses, so that an error there can't cancel itself out. SDR is displayed with gamma 2.4 (BT.1886); PQ
is SMPTE ST 2084; HLG is ARIB STD-B67 on a 1000-nit display with gamma 1.2 (BT.2100). SDR white
stands for 203 nits (HDR reference white, ITU-R BT.2408).
"""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from btsclip.media.ffmpeg import ffmpeg_path

SIZE = (640, 360)
WHITE_NITS, HLG_NITS = 203.0, 1000.0
# Luma shares of red and blue, by ffmpeg's name of the matrix.
LUMA = {
    "bt709": (0.2126, 0.0722), "smpte170m": (0.299, 0.114), "bt470bg": (0.299, 0.114),
    "bt2020nc": (0.2627, 0.0593),
}  # fmt: skip
# CIE xy of red, green and blue, by ffmpeg's name of the primaries.
PRIMARIES = {
    "bt709": ((0.64, 0.33), (0.30, 0.60), (0.15, 0.06)),
    "bt470bg": ((0.64, 0.33), (0.29, 0.60), (0.15, 0.06)),
    "smpte170m": ((0.63, 0.34), (0.31, 0.595), (0.155, 0.07)),
    "bt2020": ((0.708, 0.292), (0.170, 0.797), (0.131, 0.046)),
    "smpte432": ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060)),
}
# Players take primaries that no tag names for those of bt709.
PRIMARIES["unknown"] = PRIMARIES["bt709"]
D65 = (0.3127, 0.3290)
# SDR code values (0..1): skin in four shades; dough, steel, herbs, tomato; shade, grey, wood,
# white; the strongest red, green and blue of a kitchen, and lemon.
PATCHES = np.array(
    [
        [[0.93, 0.78, 0.69], [0.78, 0.57, 0.46], [0.55, 0.37, 0.28], [0.30, 0.20, 0.16]],
        [[0.88, 0.82, 0.70], [0.62, 0.64, 0.66], [0.28, 0.46, 0.20], [0.72, 0.20, 0.14]],
        [[0.16, 0.14, 0.13], [0.45, 0.45, 0.45], [0.52, 0.36, 0.22], [0.94, 0.94, 0.94]],
        [[0.80, 0.10, 0.12], [0.10, 0.60, 0.15], [0.15, 0.20, 0.70], [0.90, 0.80, 0.20]],
    ]
)


@dataclass(frozen=True)
class Coding:
    """How a camera stores colors; names as ffmpeg's. `options` choose the encoder."""

    transfer: str = "bt709"
    primaries: str = "bt709"
    matrix: str = "bt709"
    full: bool = False
    pixels: str = "yuv420p"
    options: tuple[str, ...] = ("-c:v", "libx264", "-crf", "4", "-preset", "ultrafast")
    suffix: str = ".mp4"

    @property
    def bits(self) -> int:
        return 10 if "10" in self.pixels else 8


_HEVC = ("-c:v", "libx265", "-crf", "4", "-preset", "ultrafast", "-x265-params", "log-level=0")
_PRORES = ("-c:v", "prores_ks", "-profile:v", "3")
_HLG = ("arib-std-b67", "bt2020", "bt2020nc")
CODINGS = {
    "sdr": Coding(),
    "hlg": Coding(*_HLG, pixels="yuv420p10le", options=_HEVC),
    "hlg_422": Coding(*_HLG, pixels="yuv422p10le", options=_PRORES, suffix=".mov"),
    "hlg_full": Coding(*_HLG, full=True, pixels="yuv420p10le", options=_HEVC),
    "pq": Coding("smpte2084", "bt2020", "bt2020nc", pixels="yuv420p10le", options=_HEVC),
    "bt2020_sdr": Coding(
        "bt2020-10", "bt2020", "bt2020nc", pixels="yuv422p10le", options=_PRORES, suffix=".mov"
    ),
    "601_525": Coding("smpte170m", "smpte170m", "smpte170m"),
    "601_625": Coding("smpte170m", "bt470bg", "bt470bg"),
    "601_full": Coding("smpte170m", "bt470bg", "bt470bg", full=True, pixels="yuvj420p"),
    "601_untagged_primaries": Coding("unknown", "unknown", "smpte170m"),
    "p3": Coding(primaries="smpte432"),
    "709_full": Coding(full=True),
    "709_10": Coding(pixels="yuv422p10le"),
}


def write(path: Path, name: str, seconds: float = 1.2) -> None:
    """A silent take of PATCHES in the coding of this name: what it shows in SDR, or would."""
    coding = CODINGS[name]
    rows, columns = PATCHES.shape[:2]
    code = encode(PATCHES, coding).repeat(SIZE[1] // rows, 0).repeat(SIZE[0] // columns, 1)
    layout = "yuv444p" if coding.bits == 8 else "yuv444p10le"
    tags = (
        f"setparams=range={'pc' if coding.full else 'tv'}:colorspace={coding.matrix}"
        f":color_primaries={coding.primaries}:color_trc={coding.transfer}"
    )
    command = [
        ffmpeg_path(), "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", layout,
        "-s", f"{SIZE[0]}x{SIZE[1]}", "-r", "30", "-i", "-",
        # Tags set on the pictures; set on the output they would make ffmpeg convert the colors.
        "-vf", f"{tags},format={coding.pixels.replace('yuvj', 'yuv')}", *coding.options, str(path),
    ]  # fmt: skip
    data = planes(code, coding) * round(seconds * 30)
    done = subprocess.run(command, input=data, capture_output=True)
    assert done.returncode == 0, done.stderr


def encode(shown: np.ndarray, coding: Coding) -> np.ndarray:
    """R'G'B' code values (0..1) of what a bt709 screen shows as `shown`, without tone mapping."""
    light = shown**2.4 @ np.linalg.inv(_to_709(coding.primaries)).T
    if coding.transfer == "smpte2084":
        return _pq(WHITE_NITS * light)
    if coding.transfer == "arib-std-b67":
        return _hlg(WHITE_NITS * light)
    return np.maximum(light, 0) ** (1 / 2.4)


def expected(name: str) -> np.ndarray:
    """The patches as a clip should show them, code values (0..1): the stored, rounded values in
    bt709 with highlights compressed."""
    coding = CODINGS[name]
    code = _decode(encode(PATCHES, coding), coding)
    light = _light(code, coding) @ _to_709(coding.primaries).T
    if coding.transfer in ("smpte2084", "arib-std-b67"):
        brightest = np.maximum(light.max(-1, keepdims=True), 1e-6)
        light = light * mobius(brightest) / brightest
    return np.clip(light, 0, 1) ** (1 / 2.4)


def mobius(light: np.ndarray, linear: float = 0.6, peak: float = 1000 / 203) -> np.ndarray:
    """The curve a(x + b)/(x + c) that joins a straight line at `linear` with equal slope and
    is 1 at `peak`."""
    b = -(linear**2) * (peak - 1) / (linear**2 - 2 * linear + peak)
    c = (linear**2 - 2 * linear * peak + peak) / (peak - 1)
    a = (c * c + 2 * c * linear + linear**2) / (c - b)
    return np.where(light <= linear, light, a * (light + b) / (light + c))


def _to_709(primaries: str) -> np.ndarray:
    return np.linalg.inv(_to_xyz("bt709")) @ _to_xyz(primaries)


def _to_xyz(primaries: str) -> np.ndarray:
    """The matrix from linear R, G, B to X, Y, Z with Y = 1 for white."""
    columns = np.array([[x / y, 1, (1 - x - y) / y] for x, y in PRIMARIES[primaries]]).T
    x, y = D65
    return columns * np.linalg.solve(columns, [x / y, 1, (1 - x - y) / y])


def _pq(nits: np.ndarray) -> np.ndarray:
    m1, m2, c1, c2, c3 = 2610 / 16384, 2523 / 32, 3424 / 4096, 2413 / 128, 2392 / 128
    y = (np.maximum(nits, 0) / 10_000) ** m1
    return ((c1 + c2 * y) / (1 + c3 * y)) ** m2


def _hlg(nits: np.ndarray) -> np.ndarray:
    display = np.maximum(nits, 0) / HLG_NITS
    luma = display @ np.array([0.2627, 0.6780, 0.0593])
    scene = display * luma[..., None] ** ((1 - 1.2) / 1.2)
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    high = a * np.log(np.maximum(12 * scene - b, 1e-9)) + c
    return np.where(scene <= 1 / 12, np.sqrt(3 * scene), high)


def _light(code: np.ndarray, coding: Coding) -> np.ndarray:
    """Linear light, 1 for the white of SDR."""
    if coding.transfer == "smpte2084":
        m1, m2, c1, c2, c3 = 2610 / 16384, 2523 / 32, 3424 / 4096, 2413 / 128, 2392 / 128
        power = np.maximum(code, 0) ** (1 / m2)
        return 10_000 / WHITE_NITS * (np.maximum(power - c1, 0) / (c2 - c3 * power)) ** (1 / m1)
    if coding.transfer == "arib-std-b67":
        a, b, c = 0.17883277, 0.28466892, 0.55991073
        scene = np.where(code <= 0.5, code**2 / 3, (np.exp((code - c) / a) + b) / 12)
        luma = scene @ np.array([0.2627, 0.6780, 0.0593])
        return HLG_NITS / WHITE_NITS * scene * luma[..., None] ** 0.2
    return np.maximum(code, 0) ** 2.4


def _values(code: np.ndarray, coding: Coding) -> np.ndarray:
    """Y'CbCr of R'G'B' code values, rounded, (3, ...)."""
    kr, kb = LUMA[coding.matrix]
    red, blue = code[..., 0], code[..., 2]
    y = kr * red + (1 - kr - kb) * code[..., 1] + kb * blue
    cb, cr = (blue - y) / (2 * (1 - kb)), (red - y) / (2 * (1 - kr))
    black, luma, chroma = _levels(coding)
    middle = 128 << (coding.bits - 8)
    values = np.array([black + luma * y, middle + chroma * cb, middle + chroma * cr])
    return np.clip(np.round(values), 0, (1 << coding.bits) - 1)


def _levels(coding: Coding) -> tuple[int, int, int]:
    """The value of black, and the lengths of luma and chroma."""
    scale = 1 << (coding.bits - 8)
    top = (1 << coding.bits) - 1
    return (0, top, top) if coding.full else (16 * scale, 219 * scale, 224 * scale)


def _decode(code: np.ndarray, coding: Coding) -> np.ndarray:
    """R'G'B' code values after they were rounded as Y'CbCr."""
    black, luma, chroma = _levels(coding)
    y, cb, cr = _values(code, coding)
    middle = 128 << (coding.bits - 8)
    y, cb, cr = (y - black) / luma, (cb - middle) / chroma, (cr - middle) / chroma
    kr, kb = LUMA[coding.matrix]
    red, blue = y + 2 * (1 - kr) * cr, y + 2 * (1 - kb) * cb
    return np.stack([red, (y - kr * red - kb * blue) / (1 - kr - kb), blue], -1)


def planes(code: np.ndarray, coding: Coding) -> bytes:
    """Y'CbCr 4:4:4 of R'G'B' code values."""
    kind = np.uint8 if coding.bits == 8 else np.dtype("<u2")
    return _values(code, coding).astype(kind).tobytes()
