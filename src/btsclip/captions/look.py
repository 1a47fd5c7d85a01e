"""Warnings about a look that can be made, but probably not as it was meant."""

from __future__ import annotations

from pathlib import Path

from btsclip.captions.check import WIDEST_FIELDS, preset_texts
from btsclip.captions.fonts import font, lacking, name_characters
from btsclip.captions.layout import style_of_role
from btsclip.errors import PresetError
from btsclip.media import read_picture
from btsclip.presets import Preset, alternatives, faint_texts
from btsclip.wording import listed, words_in

# Letters that a warning names.
MAX_LETTERS = 5


def look_warnings(preset: Preset, hook: str | None) -> list[str]:
    """Warnings about colors, the logo, fonts from files, and the user's own `hook`.

    Raises CaptionError and PresetError for a font and a logo that can't be read.
    """
    return [
        *faint_texts(preset),
        *_logo_warnings(preset),
        *_font_warnings(preset, hook or ""),
        *_hook_warnings(preset, hook or ""),
    ]


def _logo_warnings(preset: Preset) -> list[str]:
    logo = preset.watermark.image
    if not logo or min(read_picture(Path(logo), PresetError).getchannel("A").tobytes()) < 255:
        return []
    return [
        f"{logo} has no transparency, so it is shown with its background; "
        "save it as a PNG with a transparent one"
    ]


def _font_warnings(preset: Preset, hook: str) -> list[str]:
    """Warnings about fonts from files, which often have few letters."""
    texts: dict[str, list[str]] = {}
    for _, role, templates in preset_texts(preset):
        filled = [text.format_map(WIDEST_FIELDS) for text in alternatives(templates)]
        texts.setdefault(style_of_role(role, preset).font, []).extend(filled)
    texts.setdefault(preset.captions.hook_style.font, []).append(hook)
    texts.setdefault(preset.captions.moment_style.font, []).append(preset.watermark.handle)
    warnings = []
    for name in (name for name in texts if Path(name).is_absolute()):
        if font(name).variable:
            warnings.append(f"{name} is a variable font; its default weight is drawn")
        if letters := lacking(texts[name], name):
            more = " and others" if len(letters) > MAX_LETTERS else ""
            warnings.append(
                f"{name} has no {name_characters(letters[:MAX_LETTERS])}{more}: "
                "another font draws those words; choose a font that has them"
            )
    return warnings


def _hook_warnings(preset: Preset, hook: str) -> list[str]:
    words = words_in(hook, preset.captions.avoid)
    named = listed(map(repr, words))
    return [f"the hook {hook!r} says {named}, which your brand avoids; reword it"] if words else []
