"""Where a platform's own buttons and texts do not cover the picture."""

from __future__ import annotations

from btsclip.presets.schema import Output

# left, top, right, bottom at 1080x1920, as looked up in November 2026. The platforms publish no
# binding figures and move their buttons: these are rounded inwards from what creators measure.
MEASURED = "2026-11"
REFERENCE = (1080, 1920)
ZONES = {
    "tiktok": (60, 210, 930, 1480),
    "reels": (65, 270, 960, 1248),
    "shorts": (60, 240, 930, 1440),
    # Clear of all three.
    "all": (65, 270, 930, 1248),
}


def safe_box(output: Output) -> tuple[int, int, int, int]:
    """The safe box of the preset's platform in pixels of its picture: left, top, right, bottom."""
    left, top, right, bottom = ZONES[output.safe_zone]
    across, down = output.width / REFERENCE[0], output.height / REFERENCE[1]
    return round(left * across), round(top * down), round(right * across), round(bottom * down)
