"""The cover: a still of the clip with its title, composed by MoviePy."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from btsclip.presets.schema import Preset, TextStyle

if TYPE_CHECKING:
    from moviepy import TextClip

QUALITY = 90
# The title is set this much larger than a hook: a cover is seen as a thumbnail.
TITLE_SCALE = 1.5
SMALLEST_SCALE = 0.6
# The title takes no more than this part of the safe box's height.
TITLE_HEIGHT = 0.4


def make_cover(still: Path, title: str, preset: Preset, cover: Path) -> None:
    """Writes the JPEG `cover` from the picture `still`, with `title` wrapped in the safe box."""
    from moviepy import CompositeVideoClip, ImageClip
    from PIL import Image

    layers = [ImageClip(str(still), duration=1)]
    style = preset.captions.hook_style
    font, text = font_file(title.upper() if style.upper else title, style.font)
    if text:
        layers.append(_title(text, font, preset))
    composed = CompositeVideoClip(layers) if len(layers) > 1 else layers[0]
    try:
        Image.fromarray(composed.get_frame(0)).convert("RGB").save(cover, quality=QUALITY)
    finally:
        composed.close()


def _title(text: str, font: Path, preset: Preset) -> TextClip:
    """The title at the top of the safe box, made smaller until it fits in the height given."""
    from PIL import ImageFont

    from btsclip.captions.safezones import safe_box
    from btsclip.captions.wrap import wrap

    style = preset.captions.hook_style
    x0, y0, x1, y1 = safe_box(preset.output)
    scale = TITLE_SCALE
    while True:
        size = round(style.size * scale * preset.output.height)
        face = ImageFont.truetype(str(font), size)
        # MoviePy's own wrapping breaks inside words.
        lines = wrap(text, (x1 - x0) * 0.96, face.getlength)
        clip = _text_clip("\n".join(lines), font, style, size)
        fits = clip.w <= x1 - x0 and clip.h <= (y1 - y0) * TITLE_HEIGHT
        if fits or scale <= SMALLEST_SCALE:
            return clip.with_position(((x0 + x1 - clip.w) // 2, y0)).with_duration(1)
        scale *= 0.85


def _text_clip(text: str, font: Path, style: TextStyle, size: int) -> TextClip:
    from moviepy import TextClip

    stroke = max(1, round(size * 0.06))
    return TextClip(
        font=str(font),
        text=text,
        font_size=size,
        # MoviePy measures lines without their descenders and would cut them off.
        margin=(stroke, stroke + size // 4),
        color=style.colour,
        stroke_color=style.outline,
        stroke_width=stroke,
        text_align="center",
        interline=size // 6,
    )


def font_file(text: str, family: str) -> tuple[Path, str]:
    """The font that has most of `text`'s characters, `family` before others, and the text
    without those that it lacks: an emoji in a title must not become a box on the cover."""
    from btsclip.captions.fonts import known

    fonts = known()
    order = sorted(fonts.values(), key=lambda font: font.family != family)
    best = max(order, key=lambda font: sum(ord(c) in font.characters for c in text))
    drawn = "".join(c for c in text if c.isspace() or ord(c) in best.characters)
    return best.path, " ".join(drawn.split())
