"""The title of a cover or card: a caption in the hook's style, larger and without its effect.

On a cover it stands in the rows that grids of profiles show (`cover_rows`); on a card it may stand
anywhere in the safe box.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace

from btsclip.captions.fonts import font, split_by_font
from btsclip.captions.layout import SHRINK_STEPS, Block, has_signs, layout_caption, layout_captions
from btsclip.captions.lines import breakable, clean_line, clusters
from btsclip.captions.placement import (
    MAX_COVERED_SHARE,
    BusyArea,
    cheapest_place,
    covered_share,
)
from btsclip.captions.safezones import cover_rows
from btsclip.errors import CaptionError
from btsclip.plan import Caption, Clip, Span
from btsclip.presets import Preset, Watermark

# The size of a title in sizes of a hook; a cover is small as a thumbnail. If a title does not fit,
# it is set smaller in steps, down to the smallest hook in the clip.
MAX_SCALE = 1.5
SCALES = (
    *(round(MAX_SCALE * step, 3) for step in (*SHRINK_STEPS, 0.6, 0.53)), SHRINK_STEPS[-1],
)  # fmt: skip
# The title takes at most this share of the height of its rows, unless it is as small as possible.
MAX_TITLE_HEIGHT = 0.4
# A title is not set smaller than this to be clear of hands: a thumbnail would be unreadable.
MIN_CLEAR_SCALE = 0.9
# What it costs to cover hands or faces by more than MAX_COVERED_SHARE, and to cover the work: in a
# close-up the work is everywhere, but a hand never has to be covered for it.
BUSY_COST = 10.0
WORK_COST = 0.3
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
# Top and bottom in pixels.
Rows = tuple[float, float]


def cover_text(clip: Clip, preset: Preset) -> str:
    """The title of the clip if the preset wants one and the clip has a text or a comment, or else
    an empty text; a sticker does not count."""
    has_text = clip.comment or any(caption.role != "sticker" for caption in clip.captions)
    return clip.title if has_text and preset.cover.title else ""


def title_of(
    text: str, preset: Preset, position: TitlePosition = DEFAULT_POSITION, rows: Rows | None = None
) -> Title | None:
    """`text` as a title at `position`; None if it has nothing to draw.

    A title that does not fit is set smaller, and cut at a word as a last resort. Raises
    CaptionError naming the characters that no font has, or the preset's font if it is missing.

    Args:
        rows: The part of the picture for the title; None for the rows of a cover.
    """
    rows = rows or cover_rows(preset.output)
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
        if title := _fit_title(text, _scale_hook(preset, scale), position.y, rows):
            return title
    # Lay it out as a hook in the clip, in which even words may be cut.
    hook_sized = _scale_hook(preset, 1.0)
    for pieces in ([text], breakable(text), clusters(text)):
        count = bisect_left(
            range(1, len(pieces) + 1), True, key=lambda n: not _fits(pieces, n, hook_sized)
        )
        if count:
            title = _make_title(_cut(pieces, count), hook_sized, position.y)
            return _move_into(rows, title, *layout_captions(title.clip.captions, hook_sized))
    return None


def place_title(
    text: str, preset: Preset, busy: Sequence[BusyArea], work: Sequence[BusyArea] = ()
) -> TitlePosition:
    """The position of a cover's title clear of `busy` areas, whose times don't matter, and as far
    as possible of what is worked on.

    The title is set smaller, down to MIN_CLEAR_SCALE, if that makes it clear, or else covers less.
    Raises as `title_of` does.
    """
    return _find_place(text, preset, busy, work)[0]


def title_room(
    text: str, preset: Preset, busy: Sequence[BusyArea], work: Sequence[BusyArea] = ()
) -> float:
    """How clear a title is in its best place, from 0 to 1, which covers nothing."""
    return max(0.0, 1 - _find_place(text, preset, busy, work)[1])


def _find_place(
    text: str, preset: Preset, busy: Sequence[BusyArea], work: Sequence[BusyArea]
) -> tuple[TitlePosition, float]:
    """The title's best position, and its cost: 0 where it is clear, 1 and more where hands or faces
    are behind a tenth of it."""
    shown, made = ([BusyArea(0.0, 1.0, area.box) for area in areas] for areas in (busy, work))
    places = []
    for scale in (None, *(step for step in SCALES if step >= MIN_CLEAR_SCALE)):
        title = title_of(text, preset, TitlePosition(scale))
        if title is None:
            return DEFAULT_POSITION, 0.0
        set_preset = title.preset

        def cost(place: Block, preset: Preset = set_preset) -> float:
            covered = max(0.0, covered_share(place, shown, preset) - MAX_COVERED_SHARE)
            return BUSY_COST * covered + WORK_COST * covered_share(place, made, preset)

        (block,) = layout_captions(title.clip.captions, set_preset)
        place = cheapest_place(block, set_preset, cost, cover_rows(preset.output))
        y = None if place is block else round(_middle(place, preset), 4)
        places.append((TitlePosition(scale, y), cost(place)))
        if places[-1][1] <= MAX_COVERED_SHARE:
            return places[-1]
    # Each step to a smaller size must pay.
    steps = range(len(places))
    return places[min(steps, key=lambda step: places[step][1] + MAX_COVERED_SHARE * step)]


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


def _fit_title(text: str, preset: Preset, y: float | None, rows: Rows) -> Title | None:
    """The complete title in exactly this size; None if it does not fit."""
    title = _make_title(text, preset, y)
    try:
        (block,) = layout_captions(title.clip.captions, preset)
    except CaptionError:
        return None
    is_full_size = block.size == preset.captions.hook_style.size * preset.output.height
    fits = is_full_size and block.height <= MAX_TITLE_HEIGHT * (rows[1] - rows[0])
    return _move_into(rows, title, block) if fits else None


def _move_into(rows: Rows, title: Title, block: Block) -> Title:
    """`title`, laid out as `block`, inside `rows`; in their middle if it is taller."""
    lowest = max(rows[1] - block.height, rows[0])
    y = min(max(block.y, rows[0]), lowest)
    if block.height > rows[1] - rows[0]:
        y = (rows[0] + rows[1] - block.height) / 2
    if y == block.y:
        return title
    moved = block.caption.model_copy(update={"y": _middle(replace(block, y=y), title.preset)})
    return replace(title, clip=title.clip.model_copy(update={"captions": [moved]}))


def _middle(block: Block, preset: Preset) -> float:
    """The middle of `block` as a share of the picture's height."""
    return (block.y + block.height / 2) / preset.output.height


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
