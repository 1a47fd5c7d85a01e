"""The speed of a clip from the preset's pacing, and texts about it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, strategies as st
from made_signals import signals

from btsclip.captions.text import captions_for, end_card
from btsclip.plan.model import Clip, Span
from btsclip.plan.speed import TimeMap
from btsclip.planning.pacing import describe_pacing, speed_keys
from btsclip.presets.load import load_preset
from btsclip.presets.schema import EndCard, Pacing, Preset
from btsclip.presets.texts import Captions
from btsclip.signals.model import Signals

SPAN = (5.0, 20.0)
FAST = Pacing(lull_speed=3, ease=0.4)


def resting(*rests: tuple[float, float]) -> Signals:
    moving = signals(30, ((0, 30),))
    still = np.zeros(len(moving.times), bool)
    for start, end in rests:
        still |= (moving.times >= start) & (moving.times < end)
    return replace(moving, motion=np.where(still, 0.02, 0.12))


def test_ramps_are_within_the_lull() -> None:
    keys = speed_keys(resting((10, 13)), [SPAN], "process", FAST, 4)
    assert keys == [(10, 1), (10.4, 3), (12.6, 3), (13, 1)]
    assert describe_pacing(keys, FAST) == ", lulls at 3x"


def test_lull_at_the_end_of_the_clip_has_no_ramp() -> None:
    keys = speed_keys(resting((4, 7), (18, 22)), [SPAN], "process", FAST, 4)
    assert keys == [(5, 3), (6.6, 3), (7, 1), (18, 1), (18.4, 3), (20, 3)]


@pytest.mark.parametrize("kind", ["mishap", "people", "why", "reveal"])
def test_only_work_is_hurried(kind: str) -> None:
    assert speed_keys(resting((10, 13)), [SPAN], kind, FAST, 4) == []
    assert speed_keys(resting((10, 13)), [SPAN], kind, Pacing(speed=0.5), 4) == [(5, 0.5)]


def test_clip_that_would_be_too_short_keeps_its_lulls() -> None:
    calm = resting((6, 19))
    assert speed_keys(calm, [SPAN], "process", FAST, 4)
    assert speed_keys(calm, [SPAN], "process", FAST, 10) == []


def test_normal_speed_has_no_description() -> None:
    assert speed_keys(resting((10, 13)), [SPAN], "process", Pacing(), 4) == []
    assert describe_pacing([], Pacing()) == ""
    slow = Pacing(speed=0.5, lull_speed=2)
    assert describe_pacing(speed_keys(resting((10, 13)), [SPAN], "process", slow, 4), slow) == (
        ", shown at 0.5x, lulls at 2x"
    )


@given(
    st.lists(st.tuples(st.floats(4, 21), st.floats(0.2, 8)), max_size=4),
    st.floats(0.25, 4), st.floats(1, 8), st.floats(0, 3),
)  # fmt: skip
def test_any_pacing_makes_a_valid_clip(
    rests: list[tuple[float, float]], speed: float, lull_speed: float, ease: float
) -> None:
    pacing = Pacing(speed=speed, lull_speed=lull_speed, ease=ease)
    keys = speed_keys(resting(*((a, a + b) for a, b in rests)), [SPAN], "process", pacing, 3)
    clip = Clip(
        id="c", kind="process", score=1, why="",
        spans=[Span(source="a", start=SPAN[0], end=SPAN[1], layout="fit-blur", speeds=keys)],
    )  # fmt: skip
    longest = clip.spans[0].duration / speed
    assert clip.seconds_shown <= longest + 1e-6
    assert clip.seconds_shown >= min(3, longest) - 1e-6


def test_texts_have_the_true_seconds_of_work() -> None:
    captions = Captions(hook="{seconds} seconds of work")
    preset = Preset(captions=captions, end_card=EndCard(text="All {seconds} seconds", seconds=2))
    (hook,) = captions_for("process", None, 5.0, {}, preset, source_seconds=15.0)
    assert hook.text == "15 seconds of work" and hook.end <= 5
    card = end_card(None, 15.0, {}, preset)
    assert card and (card.text, card.seconds) == ("All 15 seconds", 2)


def test_end_card_without_text_or_image_is_left_out() -> None:
    assert end_card(None, 15.0, {}, Preset()) is None
    hands = Preset(end_card=EndCard(text="{hands} hands"))
    assert end_card(None, 15.0, {}, hands) is None
    assert end_card(None, 15.0, {}, Preset(end_card=EndCard(image="card.png")))


def test_speeds_of_built_in_presets() -> None:
    hurried = {"street-food-fast": 2.0, "recipe-steps": 1.5}
    for name in ("honest-kitchen", "asmr-no-text", "bakery-slow", "brand-minimal", "chef-portrait",
                 "mishap-and-fix", *hurried):  # fmt: skip
        pacing = load_preset(name).pacing
        assert (pacing.speed, pacing.lull_speed) == (1.0, hurried.get(name, 1.0)), name


def test_time_map_of_normal_speed_changes_nothing() -> None:
    assert TimeMap.of(speed_keys(resting(), [SPAN], "process", FAST, 4), *SPAN).seconds == 15
