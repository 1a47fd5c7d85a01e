"""Captions make way for hands and faces."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

from btsclip.captions.layout import layout_captions
from btsclip.captions.placement import MAX_COVERED_SHARE, BusyArea, covered_share, place_captions
from btsclip.captions.safezones import safe_box
from btsclip.plan.texts import Caption
from btsclip.presets.load import load_preset

LOOK = load_preset("honest-kitchen")
HEIGHT = LOOK.output.height
HOOK = Caption(text="This is how it's made", start=0, end=3, role="hook")
LINE = Caption(text="Kneaded by hand", start=0, end=8)


def hands_at(y: float, height: float = 0.2, start: float = 0.0, end: float = 8.0) -> BusyArea:
    return BusyArea(start, end, (0.45, y, 0.8, height))


def test_caption_that_covers_nothing_keeps_its_place() -> None:
    assert place_captions([HOOK, LINE], LOOK, [hands_at(0.9)]) == (HOOK, LINE)
    early = hands_at(0.62, start=4, end=8)
    assert place_captions([LINE.model_copy(update={"end": 3.0})], LOOK, [early])[0].y is None


def test_caption_makes_way_for_hands_and_stays_near() -> None:
    moved = place_captions([LINE], LOOK, [hands_at(0.62, 0.12)])[0]
    (block,) = layout_captions([moved], LOOK)
    assert (
        moved.y is not None
        and covered_share(block, [hands_at(0.62, 0.12)], LOOK) <= MAX_COVERED_SHARE
    )
    assert 0.4 < moved.y < 0.56


def test_captions_in_a_row_do_not_jump() -> None:
    lines = [Caption(text=f"Step {n}", start=2 * n, end=2 * n + 2) for n in range(4)]
    moved = place_captions(lines, LOOK, [hands_at(0.62, 0.12, 2.0, 4.0)])
    assert moved[0].y is None
    assert len({caption.y for caption in moved[1:]}) == 1 and moved[1].y is not None


boxes = st.tuples(*[st.floats(0.05, 0.95)] * 2, *[st.floats(0.02, 0.6)] * 2)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.builds(BusyArea, st.just(0.0), st.just(8.0), boxes), max_size=5))
def test_captions_stay_safe_and_apart_and_cover_less(busy: list[BusyArea]) -> None:
    placed = place_captions([HOOK, LINE], LOOK, busy)
    blocks = layout_captions(placed, LOOK)
    _, top, _, bottom = safe_box(LOOK.output)
    for block in blocks:
        assert top - 1 <= block.y and block.y + block.height <= bottom + 1
    first, second = sorted(blocks, key=lambda block: block.y)
    assert first.y + first.height <= second.y + 1
    (before,), (after,) = (
        layout_captions([LINE], LOOK),
        layout_captions(place_captions([LINE], LOOK, busy), LOOK),
    )
    assert covered_share(after, busy, LOOK) <= max(
        covered_share(before, busy, LOOK), MAX_COVERED_SHARE
    )


@pytest.mark.parametrize("y", [0.0, 0.3, 1.0])
def test_requested_place_is_kept_inside_the_safe_box(y: float) -> None:
    (block,) = layout_captions([LINE.model_copy(update={"y": y})], LOOK)
    _, top, _, bottom = safe_box(LOOK.output)
    assert top <= block.y and block.y + block.height <= bottom
    if y == 0.3:
        assert block.y + block.height / 2 == pytest.approx(0.3 * HEIGHT, abs=1)
