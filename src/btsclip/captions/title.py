"""The cover's title: a caption in the hook's style, larger and as its effect leaves it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from btsclip.captions.fonts import font, split_by_font
from btsclip.captions.layout import SHRINK, has_signs, layout_caption, layout_captions
from btsclip.captions.lines import clean_line
from btsclip.captions.placement import ALLOWED, BusyArea, covered_share, place_captions
from btsclip.captions.safezones import safe_box
from btsclip.captions.wrap import breakable, clusters
from btsclip.errors import CaptionError
from btsclip.plan.model import Caption, Clip
from btsclip.presets.schema import Preset

# The title is set this much larger than a hook: a cover is seen as a thumbnail. Where that is too
# large it is set smaller step by step, at last as small as a hook may get in the clip.
TITLE_SCALE = 1.5
SCALES = (*(round(TITLE_SCALE * step, 3) for step in (*SHRINK, 0.6, 0.53)), SHRINK[-1])
# The title takes no more than this part of the safe box's height, if a smaller one is to be had.
TITLE_HEIGHT = 0.4
# To be clear of hands it is made no smaller than this: it would no longer be read as a thumbnail.
SMALLEST_CLEAR = 0.9
ELLIPSIS = "…"


@dataclass(frozen=True)
class Title:
    """A title as ass_for and overlays_for take it: a clip of one second with nothing else on it,
    and the preset in whose hook style it is set."""

    clip: Clip
    preset: Preset


@dataclass(frozen=True)
class TitlePosition:
    """How large a title is, in sizes of the preset's hook, at most, and where its middle stands in
    heights of the picture; None for as large as it fits, and for the hook's own place."""

    scale: float | None = None
    y: float | None = None


USUAL = TitlePosition()


def cover_text(clip: Clip, preset: Preset) -> str:
    """What is written on the clip's cover: its title, where the preset wants it and the clip has
    texts or a comment; a sticker is none."""
    written = clip.comment or any(caption.role != "sticker" for caption in clip.captions)
    return clip.title if written and preset.cover.title else ""


def title_of(text: str, preset: Preset, spot: TitlePosition = USUAL) -> Title | None:
    """`text` as a title at `spot`; None when there is nothing to draw.

    Smaller where it does not fit so large; what does not fit at all is cut at a word. Raises
    CaptionError naming the characters that no font has, or the preset's font when it is missing.
    """
    text = clean_line(text)
    if not has_signs(text):
        return None
    style = preset.captions.hook_style
    font(style.font)
    try:
        split_by_font(text.upper() if style.upper else text, style.font)
    except CaptionError as error:
        raise CaptionError(f"title {text!r}", error.cause, error.cure) from error
    largest = spot.scale or TITLE_SCALE
    for scale in (largest, *(step for step in SCALES if step < largest)):
        if found := _fitting(text, _scaled(preset, scale), spot.y):
            return found
    # Set as the hook in the clip, where even words may be cut.
    own = _scaled(preset, 1.0)
    for pieces in ([text], breakable(text), clusters(text)):
        most = bisect_left(range(1, len(pieces) + 1), True, key=lambda n: not _fits(pieces, n, own))
        if most:
            return _set(_beginning(pieces, most), own, spot.y)
    return None


def place_title(text: str, preset: Preset, busy: Sequence[BusyArea]) -> TitlePosition:
    """Where the title stands clear of what is `busy`: smaller where it is clear only so, down to
    SMALLEST_CLEAR. The times of `busy` don't count. Raises as title_of does."""
    still = [BusyArea(0.0, 1.0, each.box) for each in busy]
    spots = []
    for scale in (None, *(step for step in SCALES if step >= SMALLEST_CLEAR)):
        title = title_of(text, preset, TitlePosition(scale))
        if title is None:
            return USUAL
        placed = place_captions(title.clip.captions, title.preset, still)
        spots.append(TitlePosition(scale, placed[0].y))
        if covered_share(layout_captions(placed, title.preset)[0], still, preset) <= ALLOWED:
            return spots[-1]
    return spots[0]


def _scaled(preset: Preset, scale: float) -> Preset:
    """`preset` with its hook's style `scale` times as large, without movement."""
    style = preset.captions.hook_style
    settled = style.model_copy(
        update={
            "size": style.size * scale,
            "outline_width": style.outline_width * scale,
            "shadow": style.shadow * scale,
            # Karaoke ends with all words filled, the other effects with the plain text.
            "colour": style.accent if style.effect == "karaoke" else style.colour,
            "effect": "none",
            "start": 0.0,
            "fade": 0.0,
        }
    )
    captions = preset.captions.model_copy(update={"hook_style": settled})
    return preset.model_copy(update={"captions": captions})


def _fitting(text: str, preset: Preset, y: float | None) -> Title | None:
    """The title in just this size, without a cut; None when it does not fit."""
    title = _set(text, preset, y)
    try:
        (block,) = layout_captions(title.clip.captions, preset)
    except CaptionError:
        return None
    _, top, _, bottom = safe_box(preset.output)
    whole = block.size == preset.captions.hook_style.size * preset.output.height
    return title if whole and block.height <= TITLE_HEIGHT * (bottom - top) else None


def _fits(pieces: list[str], count: int, preset: Preset) -> bool:
    try:
        layout_caption(_caption(_beginning(pieces, count), None), preset)
    except CaptionError:
        return False
    return True


def _beginning(pieces: list[str], count: int) -> str:
    """The first `count` pieces, with an ellipsis where more follow."""
    if count == len(pieces):
        return "".join(pieces)
    return "".join(pieces[:count]).rstrip(" \u00a0,;:-–—") + ELLIPSIS


def _set(text: str, preset: Preset, y: float | None) -> Title:
    clip = Clip(
        id="cover", source="cover", start=0, end=1, kind="process", score=0, why="the cover",
        layout="fit-blur", captions=[_caption(text, y)],
    )  # fmt: skip
    return Title(clip, preset)


def _caption(text: str, y: float | None) -> Caption:
    return Caption(text=text, start=0, end=1, role="hook", y=y)
