"""A preset's look on a picture of any shape."""

from __future__ import annotations

from btsclip.captions.safezones import REFERENCE
from btsclip.presets.schema import Preset

# The bit rate that a preset allows is meant for this many pixels a second.
REFERENCE_PIXELS = REFERENCE[0] * REFERENCE[1] * 30


def preset_for_picture(preset: Preset, width: int, height: int, fps: float) -> Preset:
    """`preset` for a picture of `width` x `height` pixels, cut to even numbers.

    Its sizes are fractions of the height of a vertical picture; on any other shape they follow the
    shorter side, so that text is as large beside the picture as there.
    """
    width, height, rate = width // 2 * 2, height // 2 * 2, max(1, round(fps))
    scale = min(width, height) * REFERENCE[1] / REFERENCE[0] / height
    pixels = width * height * rate / REFERENCE_PIXELS
    most = int(preset.output.maxrate[:-1]) * {"k": 1, "M": 1000}[preset.output.maxrate[-1]]
    # Not validated again: a preset has narrower bounds than footage.
    output = preset.output.model_copy(
        update={
            "width": width, "height": height, "fps": rate,
            "maxrate": f"{round(most * max(1.0, pixels))}k",
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
