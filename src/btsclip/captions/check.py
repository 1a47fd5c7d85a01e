"""Whether a preset's texts and stickers and the user's text can be drawn: before hours of work."""

from __future__ import annotations

from typing import Literal

from btsclip.captions.fonts import font
from btsclip.captions.layout import lay_out
from btsclip.captions.stickers import stick
from btsclip.plan.model import Caption
from btsclip.presets.schema import Preset

# As wide as the fields of a template get.
WIDEST = {"action": "kneading", "seconds": "600", "hands": "10"}


def check_text(text: str, preset: Preset) -> None:
    """Raises CaptionError when `text` can't be drawn as a hook."""
    lay_out(Caption(text=text, start=0, end=1, role="hook"), preset)


def check_preset(preset: Preset) -> None:
    """Raises CaptionError when one of the preset's texts or stickers can't be drawn, or a font is
    missing."""
    look = preset.captions
    for style in (look.hook_style, look.moment_style):
        font(style.font)
    texts: list[tuple[Literal["hook", "moment"], str]] = [("hook", look.hook)]
    texts += [("hook", text) for text in look.hooks.values()]
    texts += [("moment", text) for text in (*look.kinds.values(), *look.actions.values())]
    for role, text in texts:
        if text.strip():
            filled = text.format_map(WIDEST)
            lay_out(Caption(text=filled, start=0, end=1, role=role), preset)
    for text in look.stickers.values():
        if text.strip():
            stick(Caption(text=text, start=0, end=1, role="sticker"), [], preset)
