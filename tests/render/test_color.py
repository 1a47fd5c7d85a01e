"""Clips show the colors that cameras recorded, in HDR and in SDR of other primaries and ranges."""

from __future__ import annotations

import logging
import subprocess
from pathlib import Path

import color_media
import ffmpeg
import numpy as np
import pytest
from media import Media
from PIL import Image
from quick import mostly_slow
from result import PRESET, plan_of, tags

from btsclip.errors import ToolError
from btsclip.media.ffmpeg import ffmpeg_path, has_filter
from btsclip.media.probing import probe
from btsclip.render import color, render

# Of 255. Clips store luma and chroma in 8 bits, which alone are 1.5; a JPEG adds as much.
MAX_ERROR = 2.0
MAX_COVER_ERROR = 4.0
HDR_OR_WIDE = ("hlg", "bt2020_sdr")


@pytest.mark.parametrize("name", mostly_slow(color_media.CODINGS, "hlg", "601_525"))
def test_colors_are_those_of_the_standards(name: str, media: Media, tmp_path: Path) -> None:
    source = media(f"{name}{color_media.CODINGS[name].suffix}")
    plan = plan_of(source, layout="fit-blur", crop=[], end=0.3)
    made = render(plan, PRESET, tmp_path)[0]
    assert tags(made.path) == ("yuv420p", 1, 1, 1, 1)
    wanted = 255 * color_media.expected(name)
    assert np.abs(patches(first_picture(made.path)) - wanted).max() <= MAX_ERROR
    cover = np.asarray(Image.open(made.cover).convert("RGB"))
    assert np.abs(patches(cover) - wanted).max() <= MAX_COVER_ERROR


@pytest.mark.parametrize("name", HDR_OR_WIDE)
def test_ffmpeg_without_zscale(
    name: str, media: Media, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """HDR is refused, since it would look wrong; other primaries are left, with a warning."""
    footage = probe(media(f"{name}{color_media.CODINGS[name].suffix}"))
    monkeypatch.setattr(color, "has_filter", lambda name: has_filter(f"no-{name}"))
    picture = ffmpeg.input(str(footage.path))["v"]
    if footage.hdr:
        with pytest.raises(ToolError, match=r"no filter zscale, which hlg\.mp4 needs"):
            color.to_bt709(picture, footage)
        return
    color._warn_of_colors.cache_clear()
    with caplog.at_level(logging.WARNING):
        color.to_bt709(color.scale_picture(picture, 64, 36, footage), footage)
    assert "recorded for other primaries" in caplog.text


def first_picture(path: Path) -> np.ndarray:
    """The first picture as R'G'B' (h, w, 3) in 0..255, computed from its Y'CbCr of bt709: ffmpeg's
    own conversion is off by up to 2."""
    width, height = PRESET.output.width, PRESET.output.height
    command = [
        ffmpeg_path(), "-v", "error", "-i", str(path), "-frames:v", "1", "-f", "rawvideo",
        "-pix_fmt", "yuv420p", "-",
    ]  # fmt: skip
    raw = subprocess.run(command, check=True, capture_output=True).stdout
    data = np.frombuffer(raw, np.uint8).astype(float)
    luma, cb, cr = np.split(data, [width * height, width * height * 5 // 4])
    y = (luma.reshape(height, width) - 16) / 219
    blue_part, red_part = (
        (plane.reshape(height // 2, width // 2).repeat(2, 0).repeat(2, 1) - 128) / 224
        for plane in (cb, cr)
    )
    red, blue = y + 1.5748 * red_part, y + 1.8556 * blue_part
    green = (y - 0.2126 * red - 0.0722 * blue) / 0.7152
    return 255 * np.clip(np.stack([red, green, blue], -1), 0, 1)


def patches(picture: np.ndarray) -> np.ndarray:
    """Mean color in the middle of each of the 4x4 patches of the fitted picture (h, w, 3)."""
    height, width = picture.shape[:2]
    shown = width * 9 // 16
    fitted = picture[(height - shown) // 2 :][:shown]
    rows, columns = ([side * (2 * k + 1) // 8 for k in range(4)] for side in (shown, width))
    return np.array(
        [[fitted[r - 4 : r + 4, c - 4 : c + 4].mean((0, 1)) for c in columns] for r in rows]
    )
