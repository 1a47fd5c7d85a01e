"""The card of a comment as ASS: panel, round picture and texts, which come together."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from btsclip.captions import effects
from btsclip.captions.ass_text import ascent, colour_of, line_text, rounded
from btsclip.captions.comment import CommentCard
from btsclip.captions.emoji_overlays import emoji_overlays
from btsclip.captions.fonts import font
from btsclip.captions.overlay import Overlay

if TYPE_CHECKING:
    import pysubs2

# Above the captions' layers: shadow, panel, round picture, texts.
SHADOW_LAYER, PANEL_LAYER, AVATAR_LAYER, TEXT_LAYER = 2, 3, 4, 5
TOP_LEFT, TOP_CENTRE = 7, 8
# In ems: how far the card rises, how far its shadow falls and how soft that is.
RISE, SHADOW, SOFTNESS = 0.5, 0.12, 0.3
RISE_SECONDS = 0.3
SHADOW_COLOUR = "#00000059"


def card_styles(card: CommentCard) -> dict[str, pysubs2.SSAStyle]:
    """The ASS styles of the card's texts by name."""
    import pysubs2

    return {
        f"comment{number}": pysubs2.SSAStyle(
            fontname=font(block.style.font).name,
            fontsize=round(font(block.style.font).ass_size(block.size), 2),
            primarycolor=colour_of(block.style.colour),
            secondarycolor=colour_of(block.style.colour),
            bold=False,
            borderstyle=1,
            outline=0,
            shadow=0,
            alignment=pysubs2.Alignment(TOP_CENTRE),
            # Which way a line runs libass finds out by itself.
            encoding=-1,
            marginl=0,
            marginr=0,
            marginv=0,
        )
        for number, block in enumerate(card.texts)
    }


def card_events(card: CommentCard, duration: float) -> list[pysubs2.SSAEvent]:
    """All that is drawn of the card in a clip of `duration` seconds."""
    block = card.block
    left, top = block.x - block.width / 2, block.y
    panel = rounded(left, top, left + block.width, top + block.height, card.radius)
    events = [
        _shape(card, duration, SHADOW_LAYER, panel, SHADOW_COLOUR, SHADOW * block.size, True),
        _shape(card, duration, PANEL_LAYER, panel, card.style.panel),
    ]
    if card.avatar:
        x, y, radius = card.avatar
        circle = rounded(x - radius, y - radius, x + radius, y + radius, radius)
        events.append(_shape(card, duration, AVATAR_LAYER, circle, card.colour))
    for number, text in enumerate(card.texts):
        (line,), (turns,) = text.lines, effects.word_timings(text)
        y = text.y + text.baseline - ascent(line, text)
        tags = _place(text.x, y, card)
        said = line_text(line, turns, text)
        events.append(_event(card, duration, TEXT_LAYER, f"comment{number}", tags, said))
    return events


def card_emoji(card: CommentCard, duration: float) -> tuple[Overlay, ...]:
    """The emoji of the card's texts, as pictures that come with it."""
    rise, seconds = _rise(card)
    return tuple(
        replace(each, rise=rise, rise_seconds=seconds)
        for each in emoji_overlays(card.texts, duration)
    )


def _shape(
    card: CommentCard,
    duration: float,
    layer: int,
    path: str,
    colour: str,
    lower: float = 0.0,
    soft: bool = False,
) -> pysubs2.SSAEvent:
    shade = colour_of(colour)
    blur = f"\\blur{SOFTNESS * card.block.size:.1f}" if soft else ""
    tags = (
        f"\\an{TOP_LEFT}{_place(0, lower, card)}{blur}\\p1"
        f"\\1c&H{shade.b:02X}{shade.g:02X}{shade.r:02X}&\\1a&H{shade.a:02X}&"
    )
    name = "comment0"
    return _event(card, duration, layer, name, tags, path)


def _place(x: float, y: float, card: CommentCard) -> str:
    rise, seconds = _rise(card)
    return f"\\move({x:.1f},{y + rise:.1f},{x:.1f},{y:.1f},0,{round(seconds * 1000)})"


def _rise(card: CommentCard) -> tuple[float, float]:
    """Pixels that the card rises, and the seconds it takes."""
    shown = card.comment.end - card.comment.start
    return RISE * card.block.size, min(RISE_SECONDS, shown / 3)


def _event(
    card: CommentCard, duration: float, layer: int, style: str, tags: str, text: str
) -> pysubs2.SSAEvent:
    import pysubs2

    start, end = card.comment.start, min(card.comment.end, duration)
    fade = round(min(card.style.fade, (end - start) / 3) * 1000)
    return pysubs2.SSAEvent(
        start=round(start * 1000),
        end=round(end * 1000),
        layer=layer,
        style=style,
        text=f"{{{tags}\\fad({fade},{fade})}}{text}",
    )
