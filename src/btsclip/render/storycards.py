"""The cards between a clip's spans: each a text over the first picture of the span it announces."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from btsclip.captions.safezones import safe_box
from btsclip.captions.title import Title, TitlePosition, title_of
from btsclip.media.footage import Footage
from btsclip.plan.model import Card, Clip, Span
from btsclip.presets.schema import Preset
from btsclip.render import tool
from btsclip.render.cards import make_card
from btsclip.render.graph import span_picture
from btsclip.render.joins import card_name
from btsclip.render.timeline import parts_of

# Sizes of the preset's hook that a card's text takes at most: a note is a sentence, no headline.
LARGEST = {"why": 1.1, "time": 1.4, "title": 1.5}
_GROUND = "ground.png"


def write_cards(footage: Mapping[str, Footage], clip: Clip, preset: Preset, folder: Path) -> None:
    """Draws the pictures of all cards of `clip` into the temp folder.

    Raises CaptionError for characters that no font has, RenderError when ffmpeg fails.
    """
    for part in parts_of(clip, preset.output):
        if part.card:
            _take(footage[part.span.source], part.span, preset, folder)
            make_card(folder / _GROUND, text_of(part.card, preset), folder / card_name(part.number))


def text_of(card: Card, preset: Preset) -> Title | None:
    """The card's text in the middle of the safe box."""
    _, top, _, bottom = safe_box(preset.output)
    middle = (top + bottom) / 2 / preset.output.height
    return title_of(card.text, preset, TitlePosition(LARGEST[card.role], middle))


def _take(footage: Footage, span: Span, preset: Preset, folder: Path) -> None:
    """Writes the first picture of the span, as it will be shown."""
    picture = span_picture(footage, span, preset, 1, bounded=True)
    taken = picture.output(_GROUND, **{"frames:v": 1})
    tool.run_ffmpeg(["-loglevel", "error", *taken.get_args()], folder)
