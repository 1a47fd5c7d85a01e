"""Where on the screen a caption stands: clear of hands and faces for as long as it is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from btsclip.captions.comment import set_comment
from btsclip.captions.layout import Block, layout_caption, layout_captions
from btsclip.captions.safezones import safe_box
from btsclip.captions.stickers import CORNERS, Sticker, place_sticker
from btsclip.errors import CaptionError
from btsclip.geometry import Box, corners
from btsclip.intervals import overlap
from btsclip.plan.model import Caption, Comment, Corner
from btsclip.presets.schema import Preset

# What is busy is kept clear of by this much all around it, as a share of the picture's height: a
# caption that touches a hand looks as if it stood in its way.
MARGIN = 0.012
# A caption keeps its style's place when no more than this share of it covers what is busy.
ALLOWED = 0.02
# Places that are tried, as a share of the picture's height from one to the next.
STEP = 1 / 96
# What it costs to stand one picture height away from the style's place, against being covered
# wholly: enough to stay near where readers look, too little to cover a hand.
AWAY = 0.05


@dataclass(frozen=True)
class BusyArea:
    """Something not to be covered: `box` (cx, cy, w, h in fractions of the clip's picture) from
    `start` to `end`, in seconds of the clip."""

    start: float
    end: float
    box: Box


def place_captions(
    captions: Sequence[Caption],
    preset: Preset,
    busy: Sequence[BusyArea],
    beside: Sequence[Block] = (),
) -> tuple[Caption, ...]:
    """`captions` with a `y` for those whose style's place would cover what is busy.

    Each stands still for its whole time, in the place that covers least of what is busy then, and
    among such places the nearest to its style's. Captions of one role that follow one another
    share a place wherever that covers nothing. A sticker gets the corner that covers least, its
    style's if possible. None covers what stands `beside` them, such as a comment. Raises
    CaptionError when one does not fit at all.
    """
    placed: list[Caption] = []
    last: dict[str, Caption] = {}
    for caption in captions:
        if caption.role == "sticker":
            placed.append(caption)
            continue
        caption = _placed(caption, placed, last.get(caption.role), preset, busy, beside)
        last[caption.role] = caption
        placed.append(caption)
    blocks = [*beside, *layout_captions(placed, preset, beside)]
    return tuple(
        _cornered(caption, blocks, preset, busy) if caption.role == "sticker" else caption
        for caption in placed
    )


def place_comment(comment: Comment, preset: Preset, busy: Sequence[BusyArea]) -> Comment:
    """`comment` with a `y` where its card would else cover what is busy, as captions are placed.

    Raises CaptionError when it can't be drawn.
    """
    block = set_comment(comment, preset).block
    shown = [b for b in busy if overlap(b, comment)]
    if covered_share(block, shown, preset) <= ALLOWED:
        return comment
    _, top, _, bottom = safe_box(preset.output)
    high = preset.output.height
    tops = np.arange(top, bottom - block.height + 1, STEP * high)
    best = min(
        [block, *(replace(block, y=float(y)) for y in tops)],
        key=lambda b: covered_share(b, shown, preset) + AWAY * abs(b.y - block.y) / high,
    )
    if best is block:
        return comment
    return comment.model_copy(update={"y": round((best.y + best.height / 2) / high, 4)})


def _cornered(
    caption: Caption, blocks: Sequence[Block], preset: Preset, busy: Sequence[BusyArea]
) -> Caption:
    """A sticker in the corner that covers least of what is busy, the style's before others."""
    usual = preset.captions.sticker_style.place
    shown = [b for b in busy if overlap(b, caption)]
    corners = sorted(CORNERS, key=lambda corner: corner != usual)
    costs: dict[Corner, float] = {}
    for corner in corners:
        try:
            sticker = place_sticker(caption, blocks, preset, corner)
        except CaptionError:
            # Texts stand in its way there; where they do everywhere, rendering says so.
            continue
        costs[corner] = covered_share(sticker, shown, preset)
    if costs.get(usual, 1.0) <= ALLOWED:
        return caption
    best = min(costs, key=lambda corner: costs[corner], default=usual)
    return caption if best == usual else caption.model_copy(update={"corner": best})


def _placed(
    caption: Caption,
    others: Sequence[Caption],
    before: Caption | None,
    preset: Preset,
    busy: Sequence[BusyArea],
    beside: Sequence[Block],
) -> Caption:
    """`caption` in its best place beside `others`; `before` is the last one of its role."""
    *fixed, block = layout_captions([*_meeting(others, caption), caption], preset, beside)
    fixed = [other for other in (*beside, *fixed) if overlap(other.caption, caption)]
    shown = [b for b in busy if overlap(b, caption)]
    if before and before.y is not None:
        same = layout_caption(caption.model_copy(update={"y": before.y}), preset)
        if covered_share(same, shown, preset) <= ALLOWED and not any(
            _meets(same, f) for f in fixed
        ):
            return same.caption
    if covered_share(block, shown, preset) <= ALLOWED:
        return caption
    _, top, _, bottom = safe_box(preset.output)
    tops = np.arange(top, bottom - block.height + 1, STEP * preset.output.height)
    choices = [replace(block, y=float(y)) for y in tops]
    choices = [choice for choice in choices if not any(_meets(choice, f) for f in fixed)]
    high = preset.output.height
    best = min(
        [*choices, block],
        key=lambda b: covered_share(b, shown, preset) + AWAY * abs(b.y - block.y) / high,
    )
    if best is block:
        return caption
    return caption.model_copy(update={"y": round((best.y + best.height / 2) / high, 4)})


def _meeting(others: Sequence[Caption], caption: Caption) -> list[Caption]:
    """Those of `others` that may move `caption`: shown with it, or with one that is, and so on."""
    group, rest = [caption], list(others)
    while True:
        near = [other for other in rest if any(overlap(other, member) for member in group)]
        if not near:
            return [other for other in others if other in group[1:]]
        group += near
        rest = [other for other in rest if other not in near]


def covered_share(block: Block | Sticker, busy: Sequence[BusyArea], preset: Preset) -> float:
    """Share of the block's area that lies over what is busy: the mean of the worst of its times
    and of all those at which anything is."""
    if not busy:
        return 0.0
    boxes = np.array([b.box for b in busy]) * np.tile(
        [preset.output.width, preset.output.height], 2
    )
    boxes[:, 2:] += 2 * MARGIN * preset.output.height
    low, high = np.split(corners(boxes), 2, axis=1)
    left, right = block.x - block.width / 2, block.x + block.width / 2
    shared = np.minimum(high, [right, block.y + block.height]) - np.maximum(low, [left, block.y])
    shares = np.clip(shared, 0, None).prod(1) / (block.width * block.height)
    return float((shares.max() + shares.mean()) / 2)


def _meets(a: Block, b: Block) -> bool:
    """Whether two blocks share a line of the picture."""
    return a.y < b.y + b.height and b.y < a.y + a.height
