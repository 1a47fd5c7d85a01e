"""Check that the texts and stickers of a preset and of the user can be drawn, before any work."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from btsclip.captions.fonts import font
from btsclip.captions.layout import Role, layout_caption
from btsclip.captions.stickers import place_sticker
from btsclip.errors import CaptionError, PresetError
from btsclip.plan import Caption
from btsclip.presets import Preset, TextStyle, alternatives, line_of, load_preset, read_toml

Keys = tuple[str, ...]

# The widest value of each template field.
WIDEST_FIELDS = {
    "action": "kneading", "seconds": "600", "hands": "10", "elapsed": "10 h 59 min",
    "dish": "Sourdough focaccia", "step": "Fold in the flour", "note": "It tears less this way",
    "person": "Maria Castellanos", "name": "Brioche fold", "food": "noodles", "number": "10",
    "steps": "10",
}  # fmt: skip


def check_text(text: str, preset: Preset, role: Role = "hook") -> None:
    """Raise CaptionError if `text` can't be drawn in that role."""
    layout_caption(Caption(text=text, start=0, end=1, role=role), preset)


def check_preset(preset: Preset) -> None:
    """Raise CaptionError if a text or a sticker of the preset can't be drawn, or a font is
    missing."""
    for _, fault in _find_undrawable(preset):
        raise fault


def undrawable(path: Path) -> list[CaptionError]:
    """An error for each text, sticker and font of the preset file at `path` that can't be drawn.

    It names the line, or only the file if the value comes from the preset that the file extends.
    Raises PresetError for a file that can't be loaded.
    """
    preset = load_preset(str(path.resolve()))
    text, values = read_toml(path, PresetError)
    return [
        CaptionError(
            f"{path}:{line_of(text, keys)}" if _has_key(values, keys) else path,
            f"{'.'.join(keys)}: {fault.subject}: {fault.cause}",
            fault.cure,
        )
        for keys, fault in _find_undrawable(preset)
    ]


def _find_undrawable(preset: Preset) -> Iterator[tuple[Keys, CaptionError]]:
    """The keys of each value that can't be drawn, with the error; a missing font is named once, not
    for each text."""
    look = preset.captions
    styles: dict[str, TextStyle] = {
        "hook": look.hook_style, "moment": look.moment_style, "speech": look.speech_style,
        "person": look.person_style, "clock": look.clock_style,
    }  # fmt: skip
    if fault := _drawing_error(partial(font, look.comment_style.font)):
        yield ("captions", "comment_style", "font"), fault
    without_font = set()
    for role, style in styles.items():
        if fault := _drawing_error(partial(font, style.font)):
            without_font.add(role)
            yield ("captions", f"{role}_style", "font"), fault
    for keys, role, templates in preset_texts(preset):
        for text in alternatives(templates) if role not in without_font else []:
            filled = text.format_map(WIDEST_FIELDS)
            draw = partial(check_text, filled, preset, role)
            if text.strip() and (fault := _drawing_error(draw)):
                yield keys, fault
    for kind, text in look.stickers.items():
        sticker = Caption(text=text or " ", start=0, end=1, role="sticker")
        draw_sticker = partial(place_sticker, sticker, [], preset)
        if text.strip() and (fault := _drawing_error(draw_sticker)):
            yield ("captions", "stickers", kind), fault


def preset_texts(preset: Preset) -> Iterator[tuple[Keys, Role, str | list[str]]]:
    """The keys, role and templates of all texts."""
    look = preset.captions
    yield ("captions", "hook"), "hook", look.hook
    yield ("captions", "clock"), "clock", look.clock
    yield ("captions", "replay"), "moment", look.replay
    yield ("end_card", "text"), "hook", preset.end_card.text
    for kind, text in look.hooks.items():
        yield ("captions", "hooks", kind), "hook", text
    for kind, text in look.kinds.items():
        yield ("captions", "kinds", kind), "moment", text
    for action, text in look.actions.items():
        yield ("captions", "actions", action), "moment", text


def _drawing_error(draw: Callable[[], object]) -> CaptionError | None:
    try:
        draw()
    except CaptionError as error:
        return error
    return None


def _has_key(values: dict[str, Any], keys: Keys) -> bool:
    """Whether the nested `values` have the key at the end of `keys`."""
    for key in keys:
        if not isinstance(values, dict) or key not in values:
            return False
        values = values[key]
    return True
