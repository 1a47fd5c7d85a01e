"""Whether a preset's texts and stickers and the user's text can be drawn: before hours of work."""

from __future__ import annotations

from btsclip.captions.fonts import font
from btsclip.captions.layout import Role, lay_out
from btsclip.captions.stickers import stick
from btsclip.plan.model import Caption
from btsclip.presets.schema import Preset, alternatives

# As wide as the fields of a template get.
WIDEST = {
    "action": "kneading", "seconds": "600", "hands": "10", "elapsed": "10 h 59 min",
    "dish": "Sourdough focaccia", "step": "Fold in the flour", "note": "It tears less this way",
    "person": "Maria Castellanos",
}  # fmt: skip


def check_text(text: str, preset: Preset, role: Role = "hook") -> None:
    """Raises CaptionError when `text` can't be drawn in that role."""
    lay_out(Caption(text=text, start=0, end=1, role=role), preset)


def check_preset(preset: Preset) -> None:
    """Raises CaptionError when one of the preset's texts or stickers can't be drawn, or a font is
    missing."""
    look = preset.captions
    for style in (look.hook_style, look.moment_style, look.speech_style):
        font(style.font)
    texts: list[tuple[Role, str | list[str]]] = [
        ("hook", look.hook), ("hook", preset.end_card.text),
    ]  # fmt: skip
    texts += [("hook", text) for text in look.hooks.values()]
    texts += [("moment", text) for text in (*look.kinds.values(), *look.actions.values())]
    for role, templates in texts:
        for text in alternatives(templates):
            if text.strip():
                check_text(text.format_map(WIDEST), preset, role)
    for text in look.stickers.values():
        if text.strip():
            stick(Caption(text=text, start=0, end=1, role="sticker"), [], preset)
