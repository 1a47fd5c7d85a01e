"""What is behind a picture that does not fill the screen: its own blur, or a colour."""

from __future__ import annotations

from typing import Any

import ffmpeg

from btsclip.presets.schema import Preset

# The blurred backdrop is made this many times smaller, and this bright.
SCALE, LIGHT = 8, 0.55
# Shares of red and blue in the brightness of bt709.
RED, BLUE = 0.2126, 0.0722


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


def yuv(colour: str) -> tuple[int, int, int]:
    """#RRGGBB in bt709 of limited range: brightness and the two differences of colour."""
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    luma = RED * red + (1 - RED - BLUE) * green + BLUE * blue
    u, v = (blue - luma) / (2 * (1 - BLUE)), (red - luma) / (2 * (1 - RED))
    return round(16 + 219 * luma), round(128 + 224 * u), round(128 + 224 * v)
