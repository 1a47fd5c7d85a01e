"""Pictures over a clip, which libass can't draw: color emoji, stickers and the watermark."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from btsclip.captions import effects, emoji
from btsclip.captions.ass_text import RIGHT_TO_LEFT, direction_mark
from btsclip.captions.comment import card_of
from btsclip.captions.fonts import EMOJI, font, split_by_font
from btsclip.captions.layout import Block, layout_captions
from btsclip.captions.placement import BusyArea
from btsclip.captions.stickers import place_sticker
from btsclip.captions.text import captions_with_end_card
from btsclip.captions.watermark import mark_of
from btsclip.geometry import box_in
from btsclip.plan import Caption, Clip
from btsclip.presets import Preset


@dataclass(frozen=True)
class Overlay:
    """A picture with its place and its time on a clip.

    `png` is the content of a PNG file with transparency. `x`, `y` are its top left corner in pixels
    of the output; `start` and `end` are seconds from the clip's start. It fades in and out in
    `fade` seconds each, and rises by `rise` pixels to its place in the first `rise_seconds`.
    """

    png: bytes
    x: float
    y: float
    start: float
    end: float
    fade: float = 0.0
    rise: float = 0.0
    rise_seconds: float = 0.0


@dataclass(frozen=True)
class _PlacedEmoji:
    """An emoji, its top left corner and height in pixels, and the second at which it appears,
    from its caption's start."""

    cluster: str
    x: float
    y: float
    height: float
    appears: float


def overlays_for(clip: Clip, preset: Preset) -> tuple[Overlay, ...]:
    """The emoji in the clip's texts and comment, and its stickers.

    They belong to the document of `ass_for`, which leaves gaps for the emoji. Times count from the
    clip's start. Raises CaptionError as `ass_for` does, and for a sticker that can't be drawn.
    """
    card = card_of(clip, preset)
    beside = [card.block] if card else []
    blocks = layout_captions(captions_with_end_card(clip, preset), preset, beside)
    card_emoji = []
    if card:
        rise, rise_seconds = card.rise
        card_emoji = [
            replace(overlay, rise=rise, rise_seconds=rise_seconds)
            for overlay in _emoji_overlays(card.texts, clip.seconds_shown)
        ]
    return (
        *_emoji_overlays(blocks, clip.seconds_in_all),
        *card_emoji,
        *_sticker_overlays(clip.captions, [*beside, *blocks], clip.seconds_shown, preset),
    )


def _sticker_overlays(
    captions: Sequence[Caption], blocks: Sequence[Block], clip_seconds: float, preset: Preset
) -> tuple[Overlay, ...]:
    fade = preset.captions.sticker_style.fade
    stickers = [place_sticker(c, blocks, preset) for c in captions if c.role == "sticker"]
    return tuple(
        Overlay(
            sticker.png, sticker.x - sticker.width / 2, sticker.y, sticker.caption.start,
            min(sticker.caption.end, clip_seconds), fade,
        )
        for sticker in stickers
    )  # fmt: skip


def _emoji_overlays(blocks: Sequence[Block], clip_seconds: float) -> tuple[Overlay, ...]:
    """The emoji of all `blocks`.

    Emoji of one text that appear together are one picture, since every picture costs time.
    """
    overlays = []
    for block in blocks:
        placed = list(_place_emoji(block))
        for appears in sorted({item.appears for item in placed}):
            together = [item for item in placed if item.appears == appears]
            overlays.append(_draw_together(together, appears, block, clip_seconds))
    return tuple(overlays)


def _place_emoji(block: Block) -> Iterator[_PlacedEmoji]:
    """Each emoji of a text in its place, centered on the height of capitals."""
    metrics = font(block.style.font)
    height = emoji.WIDTH * block.size * emoji.STRIKE_HEIGHT / emoji.STRIKE_WIDTH
    is_mirrored = direction_mark(block.caption.text) == RIGHT_TO_LEFT
    timings = effects.word_timings(block)
    for row, line in enumerate(block.lines):
        baseline = block.y + block.baseline + row * block.leading
        y = baseline - metrics.capital / metrics.em * block.size / 2 - height / 2
        # The start of the line. The direction marks of the gaps keep each emoji after all text
        # before it.
        x = block.x + block.widths[row] / 2 * (1 if is_mirrored else -1)
        index = 0
        for run_font, run in split_by_font(line, block.style.font):
            width = run_font.width(run, block.size)
            if run_font is EMOJI:
                left = x - width if is_mirrored else x
                appears = _appearance(block, timings[row], index)
                yield _PlacedEmoji(run, left, y, height, appears)
            x += -width if is_mirrored else width
            index += len(run)


def _appearance(block: Block, timings: list[effects.WordTiming], index: int) -> float:
    """When the character at `index` of a line appears, in seconds from the caption's start."""
    if block.style.effect != "typewriter":
        return 0.0
    end = 0
    for piece, seconds in effects.type_times(timings):
        end += len(piece)
        if index < end:
            return seconds
    return 0.0


def _draw_together(
    placed: list[_PlacedEmoji], appears: float, block: Block, clip_seconds: float
) -> Overlay:
    """Emoji that appear together as one picture."""
    from PIL import Image

    # Video holds color at half the resolution, so only even positions are exact.
    left = 2 * math.floor(min(item.x for item in placed) / 2)
    top = 2 * math.floor(min(item.y for item in placed) / 2)
    pictures = [(item, emoji.draw_emoji(item.cluster, item.height)) for item in placed]
    right = max(math.ceil(item.x) + picture.width for item, picture in pictures)
    bottom = max(math.ceil(item.y) + picture.height for item, picture in pictures)
    sheet = Image.new("RGBA", (right - left, bottom - top))
    for item, picture in pictures:
        sheet.alpha_composite(picture, (round(item.x) - left, round(item.y) - top))
    caption, style = block.caption, block.style
    rise, rise_seconds = effects.slide(block) if style.effect == "slide" else (0.0, 0.0)
    return Overlay(
        png=emoji.emoji_png(sheet),
        x=left,
        y=top,
        start=caption.start + appears,
        end=min(caption.end, clip_seconds),
        fade=style.fade,
        rise=rise,
        rise_seconds=rise_seconds,
    )


def watermark_overlay(preset: Preset, seconds: float) -> Overlay | None:
    """The preset's watermark over a clip of `seconds`; None without one. Raises as `mark_of`
    does."""
    mark = mark_of(preset)
    return Overlay(mark.png, mark.x, mark.y, 0.0, seconds) if mark else None


def watermark_area(preset: Preset, seconds: float) -> list[BusyArea]:
    """The area of the watermark, which captions must not cover; empty without one."""
    mark = mark_of(preset)
    if mark is None:
        return []
    size = (preset.output.width, preset.output.height)
    return [BusyArea(0.0, seconds, box_in(mark.x, mark.y, mark.width, mark.height, size))]
