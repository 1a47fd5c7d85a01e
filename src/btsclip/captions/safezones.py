"""The part of the picture that a platform's buttons and texts do not cover.

No platform promises these figures. They change with every redesign of the apps and differ between
phones. The zones for Reels follow what Meta advises advertisers: 14 % clear at the top, 35 % at the
bottom and 6 % at the sides; its buttons on the right need more. The zones for TikTok and Shorts are
what creators measure on their phones. Where these differ, by up to 100 pixels, the more careful
figure is used. Look at a clip on a phone before relying on the last pixel.
"""

from __future__ import annotations

from btsclip.presets import Output, Preset

# The month in which the figures were looked up; change it with them.
MEASURED = "2026-11"
# Width and height in pixels.
REFERENCE = (1080, 1920)
# left, top, right, bottom in pixels of REFERENCE.
ZONES = {
    "tiktok": (60, 210, 930, 1480),
    "reels": (65, 270, 960, 1248),
    "shorts": (60, 240, 930, 1440),
    # Clear on all three.
    "all": (65, 270, 930, 1248),
}
# A picture whose shape differs from 9:16 by at most this is shown full screen, under buttons.
MAX_SHAPE_DIFFERENCE = 0.02
# The height of the smallest part that grids of profiles show of a cover, in its widths: a square.
# Instagram's grid shows 3:4 since January 2025 and showed squares before; no platform promises
# either, and the square lies in both (looked up as MEASURED says).
GRID_HEIGHT = 1.0
# The margin of any other picture, as a share of its width and height: screens may cut it off (EBU
# R 95 asks for 5 %).
MARGIN = 0.05
# The pixels per second for which the bit rate of a preset is meant.
REFERENCE_PIXEL_RATE = REFERENCE[0] * REFERENCE[1] * 30


def is_vertical(output: Output) -> bool:
    """Whether platforms show a picture of this shape full screen."""
    shape = (output.width / output.height) / (REFERENCE[0] / REFERENCE[1])
    return abs(shape - 1) <= MAX_SHAPE_DIFFERENCE


def safe_box(output: Output) -> tuple[int, int, int, int]:
    """The safe box in pixels of the picture: left, top, right, bottom.

    A 9:16 picture has the box of the preset's platform, any other picture a margin on all sides.
    """
    if not is_vertical(output):
        x_margin, y_margin = round(MARGIN * output.width), round(MARGIN * output.height)
        return x_margin, y_margin, output.width - x_margin, output.height - y_margin
    left, top, right, bottom = ZONES[output.safe_zone]
    x_scale, y_scale = output.width / REFERENCE[0], output.height / REFERENCE[1]
    return (
        round(left * x_scale), round(top * y_scale),
        round(right * x_scale), round(bottom * y_scale),
    )  # fmt: skip


def cover_rows(output: Output) -> tuple[int, int]:
    """Top and bottom, in pixels, of where a cover's title stands: the rows of the safe box that lie
    in the picture's middle square.

    Grids of profiles cut a cover to a part about its middle, and show the rest only when the clip
    is opened: Instagram's to 3:4, and to a square in its older form and elsewhere. What lies in
    the square is in all of them. A picture that is wider than high has the rows of the safe box.
    """
    _, top, _, bottom = safe_box(output)
    above = max(0, output.height - round(output.width * GRID_HEIGHT)) // 2
    return max(top, above), min(bottom, output.height - above)


def preset_for_picture(preset: Preset, width: int, height: int, fps: float) -> Preset:
    """`preset` for a picture of `width` x `height` pixels, reduced to even numbers.

    Sizes in a preset are fractions of the height of a vertical picture. In any other picture they
    follow the shorter side, so that text is as large in proportion to it.
    """
    width, height, rate = width // 2 * 2, height // 2 * 2, max(1, round(fps))
    scale = min(width, height) * REFERENCE[1] / REFERENCE[0] / height
    pixel_rate = width * height * rate / REFERENCE_PIXEL_RATE
    maxrate = preset.output.maxrate
    kilobits = int(maxrate[:-1]) * {"k": 1, "M": 1000}[maxrate[-1]]
    # Without validation: a preset has narrower limits than footage.
    output = preset.output.model_copy(
        update={
            "width": width, "height": height, "fps": rate,
            "maxrate": f"{round(kilobits * max(1.0, pixel_rate))}k",
        }
    )  # fmt: skip
    look = preset.captions
    styles = {
        name: style.model_copy(
            update={key: getattr(style, key) * scale for key in ("size", "outline_width", "shadow")}
        )
        for name, style in (
            ("hook_style", look.hook_style),
            ("moment_style", look.moment_style),
            ("speech_style", look.speech_style),
            ("person_style", look.person_style),
            ("clock_style", look.clock_style),
        )
    }
    return preset.model_copy(update={"output": output, "captions": look.model_copy(update=styles)})
