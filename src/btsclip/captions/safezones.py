"""Where a platform's own buttons and texts do not cover the picture.

No platform promises these figures, and they move with every redesign of the apps and with the
phone. For Reels they follow what Meta advises advertisers: 14 % clear at the top, 35 % at the
bottom and 6 % at the sides; its buttons on the right need more. For TikTok and Shorts they are what
creators measure on their phones, who differ by up to 100 pixels; the more careful figures were
taken. Look at a clip on a phone before relying on the last pixel.
"""

from __future__ import annotations

from btsclip.presets.schema import Output

# When the figures were looked up; a change of them is a change of this date.
MEASURED = "2026-11"
REFERENCE = (1080, 1920)
# left, top, right, bottom in pixels of REFERENCE.
ZONES = {
    "tiktok": (60, 210, 930, 1480),
    "reels": (65, 270, 960, 1248),
    "shorts": (60, 240, 930, 1440),
    # What is clear on all three.
    "all": (65, 270, 930, 1248),
}


# How much a picture's shape may differ from 9:16 to be shown full screen, with buttons over it.
VERTICAL_WITHIN = 0.02
# Clear on all sides of any other picture, as a share of its width and height: what screens may cut
# off (EBU R 95 asks for 5 %).
MARGIN = 0.05


def is_vertical(output: Output) -> bool:
    """Whether the platforms show a picture of this shape full screen."""
    shape = (output.width / output.height) / (REFERENCE[0] / REFERENCE[1])
    return abs(shape - 1) <= VERTICAL_WITHIN


def safe_box(output: Output) -> tuple[int, int, int, int]:
    """The safe box in pixels of the picture: left, top, right, bottom.

    In 9:16 it is the box of the preset's platform, in any other shape all but a margin.
    """
    if not is_vertical(output):
        side, edge = round(MARGIN * output.width), round(MARGIN * output.height)
        return side, edge, output.width - side, output.height - edge
    left, top, right, bottom = ZONES[output.safe_zone]
    across, down = output.width / REFERENCE[0], output.height / REFERENCE[1]
    return round(left * across), round(top * down), round(right * across), round(bottom * down)
