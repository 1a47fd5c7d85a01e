from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from btsclip.captions.layout import arrange
from btsclip.captions.placement import ALLOWED, Busy, covered, place
from btsclip.captions.safezones import safe_box
from btsclip.plan.model import Caption
from btsclip.presets.load import load

LOOK = load("honest-kitchen")
HIGH = LOOK.output.height
HOOK = Caption(text="This is how it's made", start=0, end=3, role="hook")
LINE = Caption(text="Kneaded by hand", start=0, end=8)


def hands_at(y: float, height: float = 0.2, start: float = 0.0, end: float = 8.0) -> Busy:
    return Busy(start, end, (0.45, y, 0.8, height))


def test_a_caption_that_covers_nothing_keeps_its_styles_place() -> None:
    assert place([HOOK, LINE], LOOK, [hands_at(0.9)]) == (HOOK, LINE)
    early = hands_at(0.62, start=4, end=8)
    assert place([LINE.model_copy(update={"end": 3.0})], LOOK, [early])[0].y is None


def test_a_caption_makes_way_for_hands_and_stays_near() -> None:
    moved = place([LINE], LOOK, [hands_at(0.62, 0.12)])[0]
    (block,) = arrange([moved], LOOK)
    assert moved.y is not None and covered(block, [hands_at(0.62, 0.12)], LOOK) <= ALLOWED
    assert 0.4 < moved.y < 0.56


def test_captions_that_follow_one_another_do_not_jump() -> None:
    lines = [Caption(text=f"Step {n}", start=2 * n, end=2 * n + 2) for n in range(4)]
    moved = place(lines, LOOK, [hands_at(0.62, 0.12, 2.0, 4.0)])
    assert moved[0].y is None
    assert len({caption.y for caption in moved[1:]}) == 1 and moved[1].y is not None


boxes = st.tuples(*[st.floats(0.05, 0.95)] * 2, *[st.floats(0.02, 0.6)] * 2)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.builds(Busy, st.just(0.0), st.just(8.0), boxes), max_size=5))
def test_captions_stay_safe_and_apart_and_cover_least(busy: list[Busy]) -> None:
    placed = place([HOOK, LINE], LOOK, busy)
    blocks = arrange(placed, LOOK)
    _, top, _, bottom = safe_box(LOOK.output)
    for block in blocks:
        assert top - 1 <= block.y and block.y + block.height <= bottom + 1
    first, second = sorted(blocks, key=lambda block: block.y)
    assert first.y + first.height <= second.y + 1
    (before,), (after,) = arrange([LINE], LOOK), arrange(place([LINE], LOOK, busy), LOOK)
    assert covered(after, busy, LOOK) <= max(covered(before, busy, LOOK), ALLOWED)


@pytest.mark.parametrize("y", [0.0, 0.3, 1.0])
def test_a_place_asked_for_is_kept_inside_the_safe_box(y: float) -> None:
    (block,) = arrange([LINE.model_copy(update={"y": y})], LOOK)
    _, top, _, bottom = safe_box(LOOK.output)
    assert top <= block.y and block.y + block.height <= bottom
    if y == 0.3:
        assert block.y + block.height / 2 == pytest.approx(0.3 * HIGH, abs=1)
