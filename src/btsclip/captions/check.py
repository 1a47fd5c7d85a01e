"""Whether a preset's texts and stickers and the user's text can be drawn: before hours of work."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from btsclip.captions.fonts import font
from btsclip.captions.layout import Role, layout_caption
from btsclip.captions.stickers import place_sticker
from btsclip.errors import CaptionError, PresetError
from btsclip.plan.model import Caption
from btsclip.presets.load import load_preset
from btsclip.presets.schema import Preset, TextStyle, alternatives
from btsclip.presets.toml_errors import line_of, read_toml

Keys = tuple[str, ...]

# As wide as the fields of a template get.
WIDEST = {
    "action": "kneading", "seconds": "600", "hands": "10", "elapsed": "10 h 59 min",
    "dish": "Sourdough focaccia", "step": "Fold in the flour", "note": "It tears less this way",
    "person": "Maria Castellanos",
}  # fmt: skip


def check_text(text: str, preset: Preset, role: Role = "hook") -> None:
    """Raises CaptionError when `text` can't be drawn in that role."""
    layout_caption(Caption(text=text, start=0, end=1, role=role), preset)


def check_preset(preset: Preset) -> None:
    """Raises CaptionError when one of the preset's texts or stickers can't be drawn, or a font is
    missing."""
    for _, fault in _undrawable(preset):
        raise fault


def undrawable(path: Path) -> list[CaptionError]:
    """All texts, stickers and fonts of the preset file at `path` that can't be drawn, each with its
    line, or with the file where they come from the preset that it extends.

    Raises PresetError for a file that can't be loaded.
    """
    preset = load_preset(str(path.resolve()))
    text, values = read_toml(path, PresetError)
    return [
        CaptionError(
            f"{path}:{line_of(text, keys)}" if _holds(values, keys) else path,
            f"{'.'.join(keys)}: {fault.subject}: {fault.cause}",
            fault.cure,
        )
        for keys, fault in _undrawable(preset)
    ]


def _undrawable(preset: Preset) -> Iterator[tuple[Keys, CaptionError]]:
    """The keys of what can't be drawn, with the reason; a missing font is not named again for each
    text in it."""
    look = preset.captions
    styles: dict[str, TextStyle] = {
        "hook": look.hook_style, "moment": look.moment_style, "speech": look.speech_style,
        "person": look.person_style, "clock": look.clock_style,
    }  # fmt: skip
    if fault := _fault(partial(font, look.comment_style.font)):
        yield ("captions", "comment_style", "font"), fault
    missing = set()
    for role, style in styles.items():
        if fault := _fault(partial(font, style.font)):
            missing.add(role)
            yield ("captions", f"{role}_style", "font"), fault
    for keys, role, templates in _texts(preset):
        for text in alternatives(templates) if role not in missing else []:
            drawn = text.format_map(WIDEST)
            if text.strip() and (fault := _fault(partial(check_text, drawn, preset, role))):
                yield keys, fault
    for kind, text in look.stickers.items():
        sticker = Caption(text=text or " ", start=0, end=1, role="sticker")
        if text.strip() and (fault := _fault(partial(place_sticker, sticker, [], preset))):
            yield ("captions", "stickers", kind), fault


def _texts(preset: Preset) -> Iterator[tuple[Keys, Role, str | list[str]]]:
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


def _fault(draw: Callable[[], object]) -> CaptionError | None:
    try:
        draw()
    except CaptionError as error:
        return error
    return None


def _holds(values: dict[str, Any], keys: Keys) -> bool:
    """Whether the file itself, of those `values`, has the key."""
    for key in keys:
        if not isinstance(values, dict) or key not in values:
            return False
        values = values[key]
    return True
