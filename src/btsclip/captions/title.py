"""The title of the cover: a caption in the hook's style, larger and without its effect."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from btsclip.captions.fonts import font, split_by_font
from btsclip.captions.layout import SHRINK_STEPS, has_signs, layout_caption, layout_captions
from btsclip.captions.lines import breakable, clean_line, clusters
from btsclip.captions.placement import (
    MAX_COVERED_SHARE,
    BusyArea,
    covered_share,
    place_captions,
)
from btsclip.captions.safezones import safe_box
from btsclip.errors import CaptionError
from btsclip.plan import Caption, Clip, Span
from btsclip.presets import Preset, Watermark

# The size of a title in sizes of a hook; a cover is small as a thumbnail. If a title does not fit,
# it is set smaller in steps, down to the smallest hook in the clip.
MAX_SCALE = 1.5
SCALES = (
    *(round(MAX_SCALE * step, 3) for step in (*SHRINK_STEPS, 0.6, 0.53)), SHRINK_STEPS[-1],
)  # fmt: skip
# The title takes at most this share of the safe box's height, unless it is as small as possible.
MAX_TITLE_HEIGHT = 0.4
# A title is not set smaller than this to be clear of hands: a thumbnail would be unreadable.
MIN_CLEAR_SCALE = 0.9
ELLIPSIS = "…"


@dataclass(frozen=True)
class Title:
    """A title for `ass_for` and `overlays_for`: a clip of one second with nothing else on it, and
    the preset with its hook style."""

    clip: Clip
    preset: Preset


@dataclass(frozen=True)
class TitlePosition:
    """The largest size of a title, in sizes of the preset's hook, and its middle, in heights of the
    picture; None for the largest that fits, and for the hook's place."""

    scale: float | None = None
    y: float | None = None


DEFAULT_POSITION = TitlePosition()


def cover_text(clip: Clip, preset: Preset) -> str:
    """The title of the clip if the preset wants one and the clip has a text or a comment, or else
    an empty text; a sticker does not count."""
    has_text = clip.comment or any(caption.role != "sticker" for caption in clip.captions)
    return clip.title if has_text and preset.cover.title else ""


def title_of(text: str, preset: Preset, position: TitlePosition = DEFAULT_POSITION) -> Title | None:
    """`text` as a title at `position`; None if it has nothing to draw.

    A title that does not fit is set smaller, and cut at a word as a last resort. Raises
    CaptionError naming the characters that no font has, or the preset's font if it is missing.
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
    largest = position.scale or MAX_SCALE
    for scale in (largest, *(step for step in SCALES if step < largest)):
        if title := _fit_title(text, _scale_hook(preset, scale), position.y):
            return title
    # Lay it out as a hook in the clip, in which even words may be cut.
    hook_sized = _scale_hook(preset, 1.0)
    for pieces in ([text], breakable(text), clusters(text)):
        count = bisect_left(
            range(1, len(pieces) + 1), True, key=lambda n: not _fits(pieces, n, hook_sized)
        )
        if count:
            return _make_title(_cut(pieces, count), hook_sized, position.y)
    return None


def place_title(text: str, preset: Preset, busy: Sequence[BusyArea]) -> TitlePosition:
    """The position of the title clear of `busy` areas, whose times don't matter.

    The title is set smaller, down to MIN_CLEAR_SCALE, if that makes it clear. Raises as `title_of`
    does.
    """
    areas = [BusyArea(0.0, 1.0, area.box) for area in busy]
    positions = []
    for scale in (None, *(step for step in SCALES if step >= MIN_CLEAR_SCALE)):
        title = title_of(text, preset, TitlePosition(scale))
        if title is None:
            return DEFAULT_POSITION
        captions = place_captions(title.clip.captions, title.preset, areas)
        positions.append(TitlePosition(scale, captions[0].y))
        (block,) = layout_captions(captions, title.preset)
        if covered_share(block, areas, preset) <= MAX_COVERED_SHARE:
            return positions[-1]
    return positions[0]


def _scale_hook(preset: Preset, scale: float) -> Preset:
    """`preset` with a hook style `scale` times as large, without its effect."""
    style = preset.captions.hook_style
    scaled = style.model_copy(
        update={
            "size": style.size * scale,
            "outline_width": style.outline_width * scale,
            "shadow": style.shadow * scale,
            # Karaoke ends with all words filled; the other effects end with the plain text.
            "colour": style.accent if style.effect == "karaoke" else style.colour,
            "effect": "none",
            "start": 0.0,
            "fade": 0.0,
        }
    )
    captions = preset.captions.model_copy(update={"hook_style": scaled})
    # Neither a cover nor a card has a watermark that the title would have to avoid.
    return preset.model_copy(update={"captions": captions, "watermark": Watermark()})


def _fit_title(text: str, preset: Preset, y: float | None) -> Title | None:
    """The complete title in exactly this size; None if it does not fit."""
    title = _make_title(text, preset, y)
    try:
        (block,) = layout_captions(title.clip.captions, preset)
    except CaptionError:
        return None
    _, top, _, bottom = safe_box(preset.output)
    is_full_size = block.size == preset.captions.hook_style.size * preset.output.height
    max_height = MAX_TITLE_HEIGHT * (bottom - top)
    return title if is_full_size and block.height <= max_height else None


def _fits(pieces: list[str], count: int, preset: Preset) -> bool:
    try:
        layout_caption(_title_caption(_cut(pieces, count), None), preset)
    except CaptionError:
        return False
    return True


def _cut(pieces: list[str], count: int) -> str:
    """The first `count` pieces, with an ellipsis if they are not all."""
    if count == len(pieces):
        return "".join(pieces)
    return "".join(pieces[:count]).rstrip(" \u00a0,;:-–—") + ELLIPSIS


def _make_title(text: str, preset: Preset, y: float | None) -> Title:
    clip = Clip(
        id="cover", kind="process", score=0, why="the cover", captions=[_title_caption(text, y)],
        spans=[Span(source="cover", start=0, end=1, layout="fit-blur")],
    )  # fmt: skip
    return Title(clip, preset)


def _title_caption(text: str, y: float | None) -> Caption:
    return Caption(text=text, start=0, end=1, role="hook", y=y)
