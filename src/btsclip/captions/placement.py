"""Places for captions on the screen, clear of hands and faces while they are shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from btsclip.captions.comment import set_comment
from btsclip.captions.layout import Block, layout_caption, layout_captions, mark_blocks, meet
from btsclip.captions.safezones import safe_box
from btsclip.captions.stickers import CORNERS, Sticker, place_sticker
from btsclip.errors import CaptionError
from btsclip.geometry import Box, corners
from btsclip.intervals import overlap
from btsclip.plan import Caption, Comment, Corner
from btsclip.presets import Preset

# The margin around a busy area, as a share of the picture's height: a caption that touches a hand
# seems to be in its way.
MARGIN = 0.012
# A caption keeps its style's place if it covers busy areas with at most this share of its area.
MAX_COVERED_SHARE = 0.02
# The distance between the places that are tried, as a share of the picture's height.
STEP = 1 / 96
# The cost of one picture height of distance from the style's place, compared with 1 for covering
# busy areas completely: enough to stay near where readers look, too little to cover a hand.
DISTANCE_COST = 0.05


@dataclass(frozen=True)
class BusyArea:
    """An area that captions must not cover: `box` (cx, cy, w, h as shares of the clip's picture)
    from `start` to `end`, in seconds of the clip. `weight` is what covering it completely costs:
    1 for hands and faces, less for what may be covered before them."""

    start: float
    end: float
    box: Box
    weight: float = 1.0


def place_captions(
    captions: Sequence[Caption],
    preset: Preset,
    busy: Sequence[BusyArea],
    beside: Sequence[Block] = (),
) -> tuple[Caption, ...]:
    """`captions` with a `y` for each whose style's place would cover a busy area.

    A caption stays in one place for its whole time: the place that covers the least, and of equal
    places the nearest to its style's. Captions of one role in a row share a place if it covers
    nothing. A sticker gets the corner that covers the least, its style's if possible. No caption
    covers the watermark or a block in `beside`, such as a comment. Raises CaptionError for a text
    without room.
    """
    placed: list[Caption] = []
    last: dict[str, Caption] = {}
    for caption in captions:
        if caption.role == "sticker":
            placed.append(caption)
            continue
        caption = _place_caption(caption, placed, last.get(caption.role), preset, busy, beside)
        last[caption.role] = caption
        placed.append(caption)
    blocks = [*beside, *layout_captions(placed, preset, beside)]
    return tuple(
        _choose_corner(caption, blocks, preset, busy) if caption.role == "sticker" else caption
        for caption in placed
    )


def place_comment(comment: Comment, preset: Preset, busy: Sequence[BusyArea]) -> Comment:
    """`comment` with a `y` if its card would cover a busy area in its style's place.

    Raises CaptionError if it can't be drawn.
    """
    block = set_comment(comment, preset).block
    areas = _areas_during(comment, busy)
    if covered_share(block, areas, preset) <= MAX_COVERED_SHARE:
        return comment
    places = [block, *_possible_places(block, preset)]
    best = _least_covered(places, block, areas, preset)
    if best is block:
        return comment
    return comment.model_copy(update={"y": _center_y(best, preset)})


def cheapest_place(
    block: Block, preset: Preset, cost: Callable[[Block], float], rows: tuple[float, float]
) -> Block:
    """`block` where its `cost` is lowest, and of equal places the nearest to its own; its own if
    that costs hardly anything.

    Args:
        cost: Share, 0 to 1, of a block that covers what it should not.
        rows: Top and bottom, in pixels, of the part of the picture for the block.
    """
    if cost(block) <= MAX_COVERED_SHARE:
        return block
    return _cheapest([block, *_possible_places(block, preset, rows)], block, cost, preset)


def _choose_corner(
    caption: Caption, blocks: Sequence[Block], preset: Preset, busy: Sequence[BusyArea]
) -> Caption:
    """A sticker in the corner that covers the least, the style's corner if possible."""
    style_corner = preset.captions.sticker_style.place
    areas = _areas_during(caption, busy)
    corners = sorted(CORNERS, key=lambda corner: corner != style_corner)
    costs: dict[Corner, float] = {}
    for corner in corners:
        try:
            sticker = place_sticker(caption, blocks, preset, corner)
        except CaptionError:
            # Texts are in its way. If they are in every corner, rendering raises the error.
            continue
        costs[corner] = covered_share(sticker, areas, preset)
    if costs.get(style_corner, 1.0) <= MAX_COVERED_SHARE:
        return caption
    best = min(costs, key=lambda corner: costs[corner], default=style_corner)
    return caption if best == style_corner else caption.model_copy(update={"corner": best})


def _place_caption(
    caption: Caption,
    placed: Sequence[Caption],
    previous: Caption | None,
    preset: Preset,
    busy: Sequence[BusyArea],
    beside: Sequence[Block],
) -> Caption:
    """`caption` in its best place beside the `placed` captions.

    `previous` is the last caption of its role, whose place it takes if it covers nothing there.
    """
    neighbors = _connected_in_time(placed, caption)
    *fixed, block = layout_captions([*neighbors, caption], preset, beside)
    beside = [*beside, *mark_blocks(preset)]
    fixed = [item for item in (*beside, *fixed) if overlap(item.caption, caption)]
    areas = _areas_during(caption, busy)
    if previous and previous.y is not None:
        same = layout_caption(caption.model_copy(update={"y": previous.y}), preset)
        if covered_share(same, areas, preset) <= MAX_COVERED_SHARE and not any(
            meet(same, item) for item in fixed
        ):
            return same.caption
    if covered_share(block, areas, preset) <= MAX_COVERED_SHARE:
        return caption
    places = [
        place
        for place in _possible_places(block, preset)
        if not any(meet(place, item) for item in fixed)
    ]
    best = _least_covered([*places, block], block, areas, preset)
    if best is block:
        return caption
    return caption.model_copy(update={"y": _center_y(best, preset)})


def _areas_during(caption: Caption | Comment, busy: Sequence[BusyArea]) -> list[BusyArea]:
    """The areas that are busy while `caption` is shown."""
    return [area for area in busy if overlap(area, caption)]


def _possible_places(
    block: Block, preset: Preset, rows: tuple[float, float] | None = None
) -> list[Block]:
    """`block` at all heights in `rows`, or in the safe box, that are tried."""
    top, bottom = rows or safe_box(preset.output)[1::2]
    tops = np.arange(top, bottom - block.height + 1, STEP * preset.output.height)
    return [replace(block, y=float(y)) for y in tops]


def _least_covered(
    places: Sequence[Block], usual: Block, areas: Sequence[BusyArea], preset: Preset
) -> Block:
    """The first place with the lowest cost, by its covered share and distance from `usual`."""
    return _cheapest(places, usual, lambda place: covered_share(place, areas, preset), preset)


def _cheapest(
    places: Sequence[Block], usual: Block, cost: Callable[[Block], float], preset: Preset
) -> Block:
    """The first place with the lowest sum of its `cost` and of its distance from `usual`."""
    height = preset.output.height
    return min(
        places, key=lambda place: cost(place) + DISTANCE_COST * abs(place.y - usual.y) / height
    )


def _center_y(block: Block, preset: Preset) -> float:
    """The middle of `block` as a share of the picture's height."""
    return round((block.y + block.height / 2) / preset.output.height, 4)


def _connected_in_time(captions: Sequence[Caption], caption: Caption) -> list[Caption]:
    """The `captions` that may move `caption`: shown together with it, or with a caption that is,
    and so on."""
    group, rest = [caption], list(captions)
    while True:
        near = [item for item in rest if any(overlap(item, member) for member in group)]
        if not near:
            return [item for item in captions if item in group[1:]]
        group += near
        rest = [item for item in rest if item not in near]


def covered_share(block: Block | Sticker, busy: Sequence[BusyArea], preset: Preset) -> float:
    """The share of the block's area that covers busy areas, by their weights: the mean of the
    largest share and the mean share over all `busy` areas."""
    if not busy:
        return 0.0
    boxes = np.array([area.box for area in busy]) * np.tile(
        [preset.output.width, preset.output.height], 2
    )
    boxes[:, 2:] += 2 * MARGIN * preset.output.height
    low, high = np.split(corners(boxes), 2, axis=1)
    left, right = block.x - block.width / 2, block.x + block.width / 2
    shared = np.minimum(high, [right, block.y + block.height]) - np.maximum(low, [left, block.y])
    shares = np.clip(shared, 0, None).prod(1) / (block.width * block.height)
    shares *= [area.weight for area in busy]
    return float((shares.max() + shares.mean()) / 2)
